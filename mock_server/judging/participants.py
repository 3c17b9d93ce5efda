"""What a list of participants shows besides its form: the same people, their ids, and who is gone. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import orjson

from mock_server.domain.effects import Effect
from mock_server.domain.refusals import RuleViolation
from mock_server.journal.entry import Finding
from mock_server.judging import persons
from mock_server.judging.sessions import other_session
from ooapi_toets import JsonObject
from ooapi_toets.outcomes import Outcome
from ooapi_toets.texts import Text, say
from ooapi_toets.violations import Violation, pointer


@dataclass(frozen=True, slots=True)
class ListRules:
    """The rules that a list of participants can break beside its form.

    Attributes:
        valid: About the form of the list.
        complete: Whoever takes part already is named as well.
        keep_ids: Whoever took part already keeps the id of that.
        one_person: Somebody in several roles is the same person in each.
        removes: Somebody leaves by a shorter list.
    """

    valid: str
    complete: str
    keep_ids: str
    one_person: str
    removes: str


@dataclass(frozen=True, slots=True)
class Members:
    """Judges lists of participants.

    Attributes:
        rules: The rules.
    """

    rules: ListRules

    def in_list(self, people: list[JsonObject], effect: Effect | None) -> Iterator[Finding]:
        """What a list says about further rules.

        Args:
            people: Its members, each in the form that the contract asks for.
            effect: What it changed.
        """
        rules = self.rules
        yield from other_session(rules.valid, people, effect)
        same = _one_person(rules.one_person, people)
        if same is not None:
            yield same
        if effect is None or effect.kind != "list":
            return
        before = effect.people_before or {}
        if effect.added and effect.removed:
            yield _kept_ids(rules.keep_ids, people, effect, before)
            if before and len(effect.removed) == len(before):
                yield _nobody_in_common(rules.complete)
        elif before and (effect.added or effect.removed):
            yield Finding(rules.keep_ids, Outcome.PASS)
        if (
            before
            and effect.removed
            and not effect.added
            and not any(each.get("state") == "canceled" for each in people)
        ):
            yield Finding(rules.removes, Outcome.PASS)
        if before and effect.added and not effect.removed:
            yield Finding(rules.complete, Outcome.PASS)


def _one_person(rule: str, people: list[JsonObject]) -> Finding | None:
    """Somebody in several roles must be the same person in each; None where nobody is."""
    if _nobody_twice(people):
        return None
    found = list(persons.astray(each["person"] for each in people))
    if not found:
        return None
    broken = tuple(_differing(rule, people, first, index) for first, index, same in found if not same)
    return Finding(rule, Outcome.FAIL if broken else Outcome.PASS, broken)


def _differing(rule: str, people: list[JsonObject], first: int, index: int) -> RuleViolation:
    if persons.id_of(people[first]["person"]) == persons.id_of(people[index]["person"]):
        told = say("has other data than the same person elsewhere in this list")
        return _differs(rule, index, "", f"as in member {first}", told)
    told = say("has another id than the same person elsewhere in this list")
    return _differs(rule, index, "personId", "one id per person", told)


def _nobody_twice(people: list[JsonObject]) -> bool:
    """Whether no id and no code of a person comes back: so it is in nearly every list, and cheaper to find out."""
    ids = {each["person"]["personId"].lower() for each in people}
    codes = {each["person"]["primaryCode"]["code"] for each in people}
    return len(ids) == len(codes) == len(people)


def _differs(rule: str, index: int, name: str, expected: str, told: Text) -> RuleViolation:
    parts = (index, "person", name) if name else (index, "person")
    return RuleViolation(
        rule,
        Violation(
            "body",
            pointer(*parts),
            "person",
            told,
            expected,
        ),
    )


def _kept_ids(rule: str, people: list[JsonObject], effect: Effect, before: Mapping[str, bytes]) -> Finding:
    gone = {_who(orjson.loads(before[key])) for key in effect.removed}
    added = set(effect.added)
    broken = tuple(
        RuleViolation(
            rule,
            Violation(
                "body",
                pointer(index, "associationId"),
                "id",
                say("is new, but this person already had this role under another id"),
                "the associationId sent before",
            ),
        )
        for index, each in enumerate(people)
        if each["associationId"].lower() in added and _who(each) in gone
    )
    return Finding(rule, Outcome.FAIL if broken else Outcome.PASS, broken)


def _who(association: JsonObject) -> tuple[str, str]:
    return association["person"]["personId"].lower(), association["role"]


def _nobody_in_common(rule: str) -> Finding:
    return Finding(
        rule,
        Outcome.WARN,
        (
            RuleViolation(
                rule,
                Violation(
                    "body",
                    "",
                    "delta",
                    say("has no participant in common with the previous list: all earlier participants were removed"),
                    "the complete list",
                    hint=say("a new list replaces the complete list; to add one participant, send it as an object"),
                ),
            ),
        ),
    )
