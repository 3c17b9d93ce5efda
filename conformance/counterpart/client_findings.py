"""From what a listening mock heard to exchanges and checks of the client half. Pure, but for the numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import orjson

from conformance.evidence.exchange import Exchange, Pairs
from conformance.evidence.findings import Check, shown
from ooapi_toets import Json, JsonObject
from ooapi_toets.outcomes import Outcome
from ooapi_toets.texts import Text, say
from ooapi_toets.violations import Violation

SCENARIO = "heard"
"""What calls of the system under test are recorded as part of."""

_IN_ORDER = say("A relevant request was correct")


def exchanges(entries: Iterable[JsonObject], number: Callable[[], int]) -> dict[int, Exchange]:
    """The calls that were heard, by their number in the journal of the mock.

    Args:
        entries: Entries of the journal, explained.
        number: Gives each a number in this run.
    """
    return {each["id"]: _exchange(each, number()) for each in entries}


def checks(entries: Iterable[JsonObject], report: JsonObject, heard: dict[int, Exchange]) -> list[Check]:
    """What the calls say about the client rules.

    Args:
        entries: Entries of the journal, explained.
        report: The role report of the mock; it also knows of calls that the journal had no room for, and of
            calls that never came.
        heard: The calls, by their number in the journal.
    """
    found = [check for entry in entries for each in entry["findings"] for check in _of(each, heard[entry["id"]])]
    for row in report["rules"]:
        outcome = Outcome(row["outcome"])
        said = [check.outcome.rank for check in found if check.rule == row["id"]]
        if outcome.rank > max(said, default=Outcome.NOT_EXERCISED.rank):
            numbers = tuple(heard[each].number for each in row["exchanges"] if each in heard)
            found.append(Check(row["id"], outcome, Text(**row["reason"]), SCENARIO, numbers))
    return found


def _of(finding: JsonObject, exchange: Exchange) -> Iterable[Check]:
    rule, outcome = finding["rule"], Outcome(finding["outcome"])
    if not finding["violations"]:
        yield shown(exchange, rule, outcome, _IN_ORDER)
    for each in finding["violations"]:
        yield violated(exchange, rule, outcome, each)


def violated(exchange: Exchange, rule: str, outcome: Outcome, found: JsonObject) -> Check:
    """What a violation, as the control API of the mock writes it, says about a rule."""
    violation = Violation.from_dict(found)
    return shown(exchange, rule, outcome, violation.sentence, violation.expected or None, violation.got or None)


def _exchange(entry: JsonObject, number: int) -> Exchange:
    request, response = entry["request"], entry["response"]
    return Exchange(
        number=number,
        scenario=SCENARIO,
        operation_id=entry["operation"] or "",
        method=entry["method"],
        url=request["url"],
        request_headers=_pairs(request["headers"]),
        request_body=_bytes(request["body"]),
        started=entry["startedAt"],
        elapsed_ms=entry["durationMs"],
        status=response["status"] if response else None,
        headers=_pairs(response["headers"]) if response else (),
        body=_bytes(response["body"]) if response else b"",
        failure="" if response else entry["fault"] or "it was broken off",
        meant_valid=True,
        heard=True,
    )


def _pairs(headers: Iterable[Iterable[str]]) -> Pairs:
    return tuple((name, value) for name, value in headers)


def _bytes(body: Json) -> bytes:
    if body is None:
        return b""
    return body.encode() if isinstance(body, str) else orjson.dumps(body)
