"""Who should take part after a message about participants, and which rule it is when they do not.

Pure. The same words serve scenarios and generated sequences, so that a broken endpoint is named the
same wherever it is caught.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from conformance.oracle.equality import Difference, differences
from ooapi_toets import Json, JsonObject
from ooapi_toets.samples import without
from ooapi_toets.texts import Text, number, say, say_n

ById = Mapping[str, JsonObject]

FOR_THE_STANDARD = ("displayName", "activeEnrollment", "affiliations")
"""Attributes of a person that flow 2 names only to satisfy the base standard; a receiver may fill them itself."""


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One rule that the participants of a session break.

    Attributes:
        rule: The rule.
        message: What is wrong.
        expected: What should have been there.
        got: What was there.
    """

    rule: str
    message: Text
    expected: Json = None
    got: Json = None


def by_id(members: Iterable[JsonObject]) -> dict[str, JsonObject]:
    """Participants by their id in lower case."""
    return {str(each.get("associationId", "")).lower(): each for each in members}


def after_list(before: ById, sent: ById, read: Iterable[JsonObject]) -> list[Mismatch]:
    """What is wrong with the participants after a list was accepted.

    Args:
        before: Who took part before it.
        sent: The list.
        read: Who takes part after it.
    """
    members = list(read)
    found = by_id(members)
    twice = "2.2-list-replaces-the-complete-list" if before else "2.2-people-read-back-as-sent"
    wrong = [_twice(members, twice)] if len(found) != len(members) else []
    stale = [key for key in found if key not in sent]
    missing = [key for key in sent if key not in found]
    # After a first list, strangers in the place of those who were sent are the same people renamed.
    if stale and (before or not missing):
        message = say_n(
            "After a list of {size} was accepted, 1 participant is still there",
            "After a list of {size} was accepted, {n} participants are still there",
            len(stale),
            size=number(len(sent)),
        )
        wrong.append(_wrong(_rule_for_stale(before, sent), message, sent, found))
    for key in missing[:1]:
        message = say_n(
            "After a list of {size} was accepted, 1 participant is not there",
            "After a list of {size} was accepted, {n} participants are not there",
            len(missing),
            size=number(len(sent)),
        )
        wrong.append(_wrong(_rule_for_missing(before, sent, key), message, sent, found))
    if not stale and not missing:
        wrong += _changed(before, sent, found)
    return wrong


def after_one(before: ById, sent: JsonObject, read: Iterable[JsonObject]) -> list[Mismatch]:
    """What is wrong with the participants after a single object was accepted."""
    key = str(sent["associationId"]).lower()
    expected = {**before, key: sent}
    members = list(read)
    found = by_id(members)
    rule = "2.2-single-association-is-added"
    if len(found) != len(members):
        return [_twice(members, rule)]
    if set(found) != set(expected):
        gone = len([each for each in expected if each not in found])
        more = len([each for each in found if each not in expected])
        message = say(
            "After one participant was sent as an object, {gone} of {expected} are not there",
            gone=gone,
            expected=len(expected),
        )
        if more:
            message = say("{message} and {more} should not be", message=message, more=more)
        return [Mismatch(rule, message, sorted(expected), sorted(found))]
    return _differing_change(before.get(key), sent, found, rule) or _differing(before, found, rule, besides=key)


def unchanged(rule: str, before: ById, read: Iterable[JsonObject]) -> list[Mismatch]:
    """What is wrong when nothing about the participants should have changed."""
    members = list(read)
    found = by_id(members)
    if set(found) != set(before) or len(members) != len(found):
        message = say(
            "There were {before} participants and now there are {now}, or others", before=len(before), now=len(members)
        )
        return [Mismatch(rule, message, sorted(before), sorted(found))]
    return _differing(before, found, rule)


def _rule_for_stale(before: ById, sent: ById) -> str:
    if not sent:
        return "2.4-empty-list-clears"
    if set(sent) < set(before):
        return "2.4-removed-students-are-gone"
    return "2.2-list-replaces-the-complete-list"


def _rule_for_missing(before: ById, sent: ById, key: str) -> str:
    if not before:
        return "2.2-registered-people-appear"
    if set(sent) > set(before):
        return "2.3-earlier-students-stay" if key in before else "2.3-added-students-appear"
    if set(sent) < set(before):
        return "2.4-remaining-students-unchanged"
    return "2.2-list-replaces-the-complete-list"


def _changed(before: ById, sent: ById, found: ById) -> list[Mismatch]:
    shrunk = set(sent) < set(before)
    wrong = []
    for key, member in sent.items():
        stayed = key in before and not differences(before[key], member) and not differences(member, before[key])
        if shrunk and stayed:
            wrong += _differing({key: member}, found, "2.4-remaining-students-unchanged")
        else:
            wrong += _differing_change(before.get(key), member, found, "2.2-list-replaces-the-complete-list")
    return wrong[:1]


def _differing_change(before: JsonObject | None, sent: JsonObject, found: ById, rule: str) -> list[Mismatch]:
    """What is wrong with a participant that was sent: not as changed, or an attribute that is not kept at all."""
    changed = {each.pointer for each in differences(sent, before)} if before else set()
    differing = differences(_facts(sent), found[str(sent["associationId"]).lower()])
    for each in differing:
        return [_not_as_sent(each, rule if each.pointer in changed else "2.2-people-read-back-as-sent")]
    return []


def _differing(expected: ById, found: ById, rule: str, besides: str = "") -> list[Mismatch]:
    for key, member in expected.items():
        for each in differences(_facts(member), found[key]) if key != besides else ():
            return [_not_as_sent(each, rule)]
    return []


def of_their_own(sent: ById, read: Iterable[JsonObject]) -> list[Difference]:
    """Where participants show other values than were sent for what is only there to satisfy the standard."""
    found = by_id(read)
    return [
        each
        for key, member in sent.items()
        for each in differences(member["person"], found.get(key, {}).get("person"))
        if each.pointer.split("/")[1:2] and each.pointer.split("/")[1] in FOR_THE_STANDARD
    ]


def _facts(member: JsonObject) -> JsonObject:
    """What must read back: `offering` is implied by the path, and see `FOR_THE_STANDARD`."""
    person = member.get("person")
    facts = without(member, "offering")
    return {**facts, "person": without(person, *FOR_THE_STANDARD)} if isinstance(person, dict) else facts


def _not_as_sent(difference: Difference, rule: str) -> Mismatch:
    message = say("A participant does not read back as sent: {difference}", difference=difference.words)
    return Mismatch(rule, message, {difference.pointer: difference.sent}, {difference.pointer: difference.read})


def _twice(members: list[JsonObject], rule: str) -> Mismatch:
    message = say("A participant is listed twice")
    ids = sorted(str(each.get("associationId")) for each in members)
    return Mismatch(rule, message, sorted(set(ids)), ids)


def _wrong(rule: str, message: Text, sent: ById, found: ById) -> Mismatch:
    return Mismatch(rule, message, sorted(sent), sorted(found))
