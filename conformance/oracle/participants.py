"""Who should take part after a message about participants, and of which aspect they are wrong when they do not.

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
    """One thing that is wrong, such as with the participants of a session.

    Attributes:
        aspect: What it is about; an edition knows the rule that speaks of it.
        message: What is wrong.
        expected: What should have been there.
        got: What was there.
    """

    aspect: str
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
    twice = "participants.replaced" if before else "participants.read-back"
    wrong = [_twice(members, twice)] if len(found) != len(members) else []
    stale = [key for key in found if key not in sent]
    missing = [key for key in sent if key not in found]
    # After a first list, strangers in the place of those who were sent are the same people renamed.
    if stale and (before or not missing):
        message = say_n(
            "After a list of {size} was accepted, 1 participant who is not on it is still there",
            "After a list of {size} was accepted, {n} participants who are not on it are still there",
            len(stale),
            size=number(len(sent)),
        )
        wrong.append(_wrong(_aspect_for_stale(before, sent), message, sent, found))
    for key in missing[:1]:
        message = say_n(
            "After a list of {size} was accepted, 1 participant is missing",
            "After a list of {size} was accepted, {n} participants are missing",
            len(missing),
            size=number(len(sent)),
        )
        wrong.append(_wrong(_aspect_for_missing(before, sent, key), message, sent, found))
    if not stale and not missing:
        wrong += _changed(before, sent, found)
    return wrong


def after_one(before: ById, sent: JsonObject, read: Iterable[JsonObject]) -> list[Mismatch]:
    """What is wrong with the participants after a single object was accepted."""
    key = str(sent["associationId"]).lower()
    expected = {**before, key: sent}
    members = list(read)
    found = by_id(members)
    aspect = "participation.added"
    if len(found) != len(members):
        return [_twice(members, aspect)]
    if set(found) != set(expected):
        gone = len([each for each in expected if each not in found])
        more = len([each for each in found if each not in expected])
        message = say(
            "After one participant was sent as an object, {gone} of {expected} are missing",
            gone=gone,
            expected=len(expected),
        )
        if more:
            message = say("{message} and {more} should not be", message=message, more=more)
        return [Mismatch(aspect, message, sorted(expected), sorted(found))]
    return _differing_change(before.get(key), sent, found, aspect) or _differing(before, found, aspect, besides=key)


def unchanged(aspect: str, before: ById, read: Iterable[JsonObject]) -> list[Mismatch]:
    """What is wrong when nothing about the participants should have changed."""
    members = list(read)
    found = by_id(members)
    if set(found) != set(before) or len(members) != len(found):
        message = say(
            "The participants changed: there were {before}, now there are {now}", before=len(before), now=len(members)
        )
        return [Mismatch(aspect, message, sorted(before), sorted(found))]
    return _differing(before, found, aspect)


def _aspect_for_stale(before: ById, sent: ById) -> str:
    if not sent:
        return "participants.cleared"
    if set(sent) < set(before):
        return "participants.removed-gone"
    return "participants.replaced"


def _aspect_for_missing(before: ById, sent: ById, key: str) -> str:
    if not before:
        return "participants.appear"
    if set(sent) > set(before):
        return "participants.earlier-stay" if key in before else "participants.added-appear"
    if set(sent) < set(before):
        return "participants.remaining-unchanged"
    return "participants.replaced"


def _changed(before: ById, sent: ById, found: ById) -> list[Mismatch]:
    shrunk = set(sent) < set(before)
    wrong = []
    for key, member in sent.items():
        stayed = key in before and not differences(before[key], member) and not differences(member, before[key])
        if shrunk and stayed:
            wrong += _differing({key: member}, found, "participants.remaining-unchanged")
        else:
            wrong += _differing_change(before.get(key), member, found, "participants.replaced")
    return wrong[:1]


def _differing_change(before: JsonObject | None, sent: JsonObject, found: ById, aspect: str) -> list[Mismatch]:
    """What is wrong with a participant that was sent: not as changed, or an attribute that is not kept at all."""
    changed = {each.pointer for each in differences(sent, before)} if before else set()
    differing = differences(_facts(sent), found[str(sent["associationId"]).lower()])
    for each in differing:
        return [_not_as_sent(each, aspect if each.pointer in changed else "participants.read-back")]
    return []


def _differing(expected: ById, found: ById, aspect: str, besides: str = "") -> list[Mismatch]:
    for key, member in expected.items():
        for each in differences(_facts(member), found[key]) if key != besides else ():
            return [_not_as_sent(each, aspect)]
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


def _not_as_sent(difference: Difference, aspect: str) -> Mismatch:
    message = say("A participant does not read back as sent: {difference}", difference=difference.words)
    return Mismatch(aspect, message, {difference.pointer: difference.sent}, {difference.pointer: difference.read})


def _twice(members: list[JsonObject], aspect: str) -> Mismatch:
    message = say("A participant is listed twice")
    ids = sorted(str(each.get("associationId")) for each in members)
    return Mismatch(aspect, message, sorted(set(ids)), ids)


def _wrong(aspect: str, message: Text, sent: ById, found: ById) -> Mismatch:
    return Mismatch(aspect, message, sorted(sent), sorted(found))
