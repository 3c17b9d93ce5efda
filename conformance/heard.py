"""From what a listening mock heard to exchanges and checks of the client half. Pure, but for the numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import orjson

from conformance.checks import Check
from conformance.exchange import Exchange, Pairs
from ooapi_toets import Json, JsonObject
from ooapi_toets.outcomes import Outcome
from ooapi_toets.register import Text

SCENARIO = "heard"
"""What calls of the system under test are recorded as part of."""

_IN_ORDER = Text("A call that showed it was in order", "Een aanroep die het liet zien, klopte")


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
    found = [
        check for entry in entries for finding in entry["findings"] for check in _of(finding, heard[entry["id"]].number)
    ]
    worst = {check.rule: Outcome.NOT_EXERCISED for check in found}
    for check in found:
        worst[check.rule] = max(worst[check.rule], check.outcome, key=lambda each: each.rank)
    for row in report["rules"]:
        outcome = Outcome(row["outcome"])
        if outcome.rank > worst.get(row["id"], Outcome.NOT_EXERCISED).rank:
            shown = tuple(heard[each].number for each in row["exchanges"] if each in heard)
            found.append(Check(row["id"], outcome, Text(**row["reason"]), SCENARIO, shown))
    return found


def _of(finding: JsonObject, number: int) -> Iterable[Check]:
    rule, outcome = finding["rule"], Outcome(finding["outcome"])
    if not finding["violations"]:
        yield Check(rule, outcome, _IN_ORDER, SCENARIO, (number,))
    for each in finding["violations"]:
        at = each["pointer"] or "/"
        told = Text(f"{at} {each['message']}", f"{at} {each.get('messageNl') or each['message']}")
        yield Check(rule, outcome, told, SCENARIO, (number,), each.get("expected"), each.get("got"))


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
