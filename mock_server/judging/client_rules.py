"""What an exchange says about the rules for clients: pure, from the entry and the state around it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson

from mock_server.domain.effects import Effect
from mock_server.domain.refusals import RuleViolation
from mock_server.journal.journal import Finding
from ooapi_toets import Json, JsonObject
from ooapi_toets.outcomes import Outcome
from ooapi_toets.texts import Text, say
from ooapi_toets.violations import Violation, pointer

FOLLOWS = "client-follows-the-contract"
VALID: Mapping[str, str] = {
    "putOffering": "2.1-client-sends-a-valid-offering",
    "postOffering": "2.1-client-sends-a-valid-offering",
    "putAssociations": "2.2-client-sends-valid-associations",
    "patchOffering": "4.1-client-sends-a-valid-report",
}
"""The rule that a body breaks which breaks the schema of its operation."""

_ACCEPTED: Mapping[str, tuple[str, ...]] = {
    "putOffering": (FOLLOWS, "2.1-client-makes-a-uuid", "2.1-client-sends-a-valid-offering"),
    "postOffering": (FOLLOWS, "2.1-client-makes-a-uuid", "2.1-client-sends-a-valid-offering"),
    "putAssociations": (
        FOLLOWS,
        "2.2-client-creates-before-associating",
        "2.2-client-sends-valid-associations",
    ),
    "deleteOffering": (FOLLOWS, "2.5-client-deletes"),
    "patchOffering": (FOLLOWS, "4.1-client-sends-a-valid-report"),
}
_PASSES = {operation: tuple(Finding(rule, Outcome.PASS) for rule in rules) for operation, rules in _ACCEPTED.items()}
_FOLLOWED = (Finding(FOLLOWS, Outcome.PASS),)


def rule_for(operation_id: str | None, violation: Violation) -> str:
    """The rule that one violation breaks."""
    valid = VALID.get(operation_id or "")
    if violation.where != "body" or valid is None or violation.keyword == "json":
        return FOLLOWS
    if valid.startswith("2.1") and violation.pointer == "/offeringId":
        return "2.1-client-makes-a-uuid"
    if valid.startswith("4.1") and violation.pointer.endswith("/documentType") and violation.keyword == "enum":
        return "4.1-client-uses-known-document-types"
    return valid


def refused(broken: Iterable[RuleViolation]) -> tuple[Finding, ...]:
    """The findings for a request that was refused: each broken rule once."""
    by_rule: dict[str, list[RuleViolation]] = {}
    for each in broken:
        by_rule.setdefault(each.rule, []).append(each)
    return tuple(Finding(rule, Outcome.FAIL, tuple(found)) for rule, found in by_rule.items())


def accepted(operation_id: str, value: Json, effect: Effect | None) -> tuple[Finding, ...]:
    """The findings for a request that was accepted.

    Args:
        operation_id: Its operation.
        value: Its decoded body.
        effect: What it changed.
    """
    findings = _PASSES.get(operation_id, _FOLLOWED)
    if effect is not None and (astray := _astray(operation_id, value, effect.session)):
        findings = (*(each for each in findings if each.rule != astray.rule), astray)
    if operation_id == "putAssociations" and isinstance(value, list):
        findings += _list_findings(value, effect)
    elif operation_id == "patchOffering" and any(entry.get("documents") for entry in value.get("consumers") or ()):
        findings += (Finding("4.1-client-uses-known-document-types", Outcome.PASS),)
    return findings


def _astray(operation_id: str, value: Json, session: str) -> Finding | None:
    """The body names another session than the path, which is the one that counts; None where it does not."""
    if operation_id not in {"patchOffering", "putAssociations"}:
        return None
    rule = VALID[operation_id]
    broken = tuple(
        RuleViolation(rule, _other_session(at)) for at, named in _sessions_in(value) if named.lower() != session
    )
    return Finding(rule, Outcome.WARN, broken) if broken else None


def _sessions_in(value: Json) -> Iterator[tuple[str, str]]:
    """Where a report or participants name a session, and which; they need not."""
    alone = not isinstance(value, list)
    for index, each in enumerate([value] if alone else value):
        for name in ("offeringId", "offering"):
            if name not in each:
                continue
            found = each[name]
            at, named = ((name, "offeringId"), found.get("offeringId")) if isinstance(found, dict) else ((name,), found)
            if isinstance(named, str):
                yield pointer(*at) if alone else pointer(index, *at), named


def _other_session(at: str) -> Violation:
    return Violation(
        "body",
        at,
        "offeringId",
        say("is not the id in the path"),
        "the offeringId in the path, or none",
        hint=say("the session in the path was changed, not this one; which of the two did you mean?"),
    )


def _list_findings(people: list[JsonObject], effect: Effect | None) -> tuple[Finding, ...]:
    found: list[Finding] = []
    same = _one_person(people)
    if same is not None:
        found.append(same)
    if effect is None or effect.kind != "list":
        return tuple(found)
    before = effect.people_before or {}
    if effect.added and effect.removed:
        found.append(_kept_ids(people, effect, before))
        if before and len(effect.removed) == len(before):
            found.append(_nobody_in_common())
    elif before and (effect.added or effect.removed):
        found.append(Finding("2.2-client-keeps-association-ids", Outcome.PASS))
    if before and effect.removed and not effect.added:
        found.append(Finding("2.4-client-removes-by-a-shorter-list", Outcome.PASS))
    if before and effect.added and not effect.removed:
        found.append(Finding("2.2-client-sends-the-complete-list", Outcome.PASS))
    return tuple(found)


def _one_person(people: list[JsonObject]) -> Finding | None:
    """Somebody in several roles must be the same person in each; None where nobody is."""
    rule = "2.2-client-keeps-person-the-same-over-roles"
    if _nobody_twice(people):
        return None
    ids: dict[str, tuple[int, Any]] = {}
    codes: dict[tuple[str, str], str] = {}
    broken: list[RuleViolation] = []
    repeated = False
    for index, each in enumerate(people):
        person = each["person"]
        key = person["personId"].lower()
        code = (person["primaryCode"]["codeType"], person["primaryCode"]["code"])
        first = ids.setdefault(key, (index, person))
        if first[0] != index:
            repeated = True
            if first[1] != person:
                told = say("has other data than the same person elsewhere in this list")
                broken.append(_differs(rule, index, "", f"as in member {first[0]}", told))
        if codes.setdefault(code, key) != key:
            repeated = True
            told = say("has another id than the same person elsewhere in this list")
            broken.append(_differs(rule, index, "personId", "one id per person", told))
    if not repeated:
        return None
    return Finding(rule, Outcome.FAIL if broken else Outcome.PASS, tuple(broken))


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


def _kept_ids(people: list[JsonObject], effect: Effect, before: Mapping[str, bytes]) -> Finding:
    rule = "2.2-client-keeps-association-ids"
    gone = {_who(orjson.loads(before[key])) for key in effect.removed}
    added = set(effect.added)
    broken = tuple(
        RuleViolation(
            rule,
            Violation(
                "body",
                pointer(index, "associationId"),
                "id",
                say("is new, but this person had this role already under another id"),
                "the associationId sent before",
            ),
        )
        for index, each in enumerate(people)
        if each["associationId"].lower() in added and _who(each) in gone
    )
    return Finding(rule, Outcome.FAIL if broken else Outcome.PASS, broken)


def _who(association: JsonObject) -> tuple[str, str]:
    return association["person"]["personId"].lower(), association["role"]


def _nobody_in_common() -> Finding:
    rule = "2.2-client-sends-the-complete-list"
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
                    say("shares nobody with the list before it: everybody who was there is removed"),
                    "the complete list",
                    hint=say("a list replaces the complete list; to add one participant send it as an object"),
                ),
            ),
        ),
    )
