"""What a listening mock heard becomes exchanges and checks; its report adds what no call shows."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from conformance.counterpart.client_findings import SCENARIO, checks, exchanges
from ooapi_toets import Json, JsonObject
from ooapi_toets.outcomes import Outcome
from ooapi_toets.texts import Text
from ooapi_toets.violations import Violation

VIOLATION = Violation("body", "/role", "enum", Text("is no role", "is geen rol"), "student, guest", "another value")


def entry(number: int, *findings: JsonObject, body: Json = None, answered: bool = True) -> JsonObject:
    """An entry of the journal, explained."""
    request = {"url": f"http://127.0.0.1/ooapi/{number}", "headers": [["host", "127.0.0.1"]], "body": body}
    return {
        "id": number,
        "operation": None,
        "method": "PUT",
        "request": request,
        "response": {"status": 200, "headers": [], "body": None} if answered else None,
        "startedAt": "2027-01-18T09:00:00.000+00:00",
        "durationMs": 1.0,
        "fault": None,
        "findings": list(findings),
    }


def finding(rule: str, outcome: Outcome, *violations: Violation) -> JsonObject:
    return {"rule": rule, "outcome": outcome.value, "violations": [each.as_dict() for each in violations]}


def row(rule: str, outcome: Outcome, *numbers: int) -> JsonObject:
    """A rule of the role report."""
    reason = {"en": "the report says so", "nl": "dat zegt het rapport"}
    return {"id": rule, "outcome": outcome.value, "reason": reason, "exchanges": list(numbers)}


@given(st.lists(st.integers(1, 1000), unique=True, max_size=5))
def test_calls_get_numbers_of_the_run_in_their_order(numbers: list[int]) -> None:
    count = itertools.count(10)
    heard = exchanges([entry(each) for each in numbers], lambda: next(count))
    assert list(heard) == numbers
    assert [each.number for each in heard.values()] == list(range(10, 10 + len(numbers)))
    assert all(each.heard and each.scenario == SCENARIO for each in heard.values())


def test_a_call_is_kept_as_it_came() -> None:
    text, data, broken = exchanges(
        [entry(1, body="{not json"), entry(2, body={"a": 1}), entry(3, answered=False)], itertools.count(1).__next__
    ).values()
    assert (text.request_body, text.sent, text.status) == (b"{not json", None, 200)
    assert data.sent == {"a": 1}
    assert (broken.status, broken.failure) == (None, "it was broken off")


def test_a_finding_is_a_check_for_each_violation() -> None:
    entries = [entry(1, finding("a", Outcome.FAIL, VIOLATION, VIOLATION), finding("b", Outcome.PASS))]
    heard = exchanges(entries, lambda: 7)
    found = checks(entries, {"rules": []}, heard)
    assert [(each.rule, each.outcome) for each in found] == [
        ("a", Outcome.FAIL),
        ("a", Outcome.FAIL),
        ("b", Outcome.PASS),
    ]
    assert {each.exchanges for each in found} == {(7,)}
    assert (found[0].message, found[0].expected, found[0].got) == (
        VIOLATION.sentence,
        VIOLATION.expected,
        VIOLATION.got,
    )


@given(st.sampled_from(list(Outcome)), st.none() | st.sampled_from(list(Outcome)))
def test_the_report_counts_where_it_says_more_than_the_calls(reported: Outcome, shown: Outcome | None) -> None:
    entries = [entry(1, finding("a", shown, VIOLATION))] if shown else [entry(1)]
    heard = exchanges(entries, lambda: 7)
    found = checks(entries, {"rules": [row("a", reported, 1, 99)]}, heard)
    worst = max((each.outcome for each in found), key=lambda each: each.rank, default=Outcome.NOT_EXERCISED)
    expected = {reported, shown or Outcome.NOT_EXERCISED, *([] if shown else [Outcome.NOT_EXERCISED])}
    assert worst.rank == max(each.rank for each in expected)
    said = [each for each in found if each.message.en == "the report says so"]
    assert bool(said) == (reported.rank > (shown or Outcome.NOT_EXERCISED).rank)
    assert all(each.exchanges == (7,) for each in said)
