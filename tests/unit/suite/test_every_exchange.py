"""What every exchange says about the rules that hold everywhere."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.oracle import every_exchange
from conformance.oracle.every_exchange import ANSWERS, PROBLEM, SURVIVES
from ooapi_toets import Json
from ooapi_toets.calls import Call
from ooapi_toets.editions.toets import Calls
from ooapi_toets.outcomes import Outcome
from ooapi_toets.samples import Maker
from tests.unit.suite.made import AFNAME, EDITION, exchange

CALLS, MAKE = Calls(EDITION.contract), Maker("every exchange")
SESSION = MAKE.offering()
KEY = SESSION["offeringId"]
READ, PEOPLE, PUT = CALLS.read_session(KEY), CALLS.read_people(KEY), CALLS.create_session(SESSION)
PROBLEM_TYPE = "application/problem+json"


def said(
    call: Call, status: int | None, answer: Json | bytes = None, media_type: str = "application/json", **more: object
) -> dict[str, Outcome]:
    """The outcome by aspect."""
    made = exchange(call, status, answer, media_type=media_type, **more)  # type: ignore[arg-type]
    aspects = {EDITION.rule(aspect): aspect for aspect in (PROBLEM, ANSWERS, SURVIVES)}
    return {aspects[check.rule]: check.outcome for check in every_exchange.judge([made], EDITION, AFNAME)}


@pytest.mark.parametrize(
    ("status", "answer", "media_type", "outcome"),
    [
        (404, {"status": "404", "title": "Not found"}, PROBLEM_TYPE, Outcome.PASS),
        (404, {"status": 404, "title": "Not found"}, PROBLEM_TYPE, Outcome.PASS),
        (404, {"status": "404", "title": "Not found"}, "application/json", Outcome.WARN),
        (400, {"status": "404", "title": "Not found"}, PROBLEM_TYPE, Outcome.FAIL),
        (400, {"title": "No status"}, PROBLEM_TYPE, Outcome.FAIL),
        (400, {"status": "400", "title": ""}, PROBLEM_TYPE, Outcome.FAIL),
        (400, b"", "", Outcome.FAIL),
        (400, b"<html>", "text/html", Outcome.FAIL),
        (413, b"<html>", "text/html", Outcome.WARN),
        (401, b"", "", Outcome.WARN),
    ],
)
def test_a_refusal_has_a_problem_body(status: int, answer: Json | bytes, media_type: str, outcome: Outcome) -> None:
    assert said(PUT, status, answer, media_type) == {PROBLEM: outcome}


def test_the_router_before_an_application_is_not_accused() -> None:
    """What need not be served, and a path with something else than a UUID, may be refused before it."""
    assert said(READ, 404, b"<html>", "text/html") == {PROBLEM: Outcome.WARN}
    assert said(CALLS.delete_session("no-uuid"), 404, b"", "") == {PROBLEM: Outcome.WARN}
    assert said(CALLS.delete_session(KEY), 404, b"", "") == {PROBLEM: Outcome.FAIL}
    assert said(Call("", "PATCH", "/offerings"), 400, b"", "") == {PROBLEM: Outcome.WARN}
    served = [exchange(READ, 200, SESSION), exchange(READ, 404, b"", media_type="")]
    outcomes = [each.outcome for each in every_exchange.judge(served, EDITION, AFNAME)]
    assert outcomes == [Outcome.PASS, Outcome.FAIL]


@pytest.mark.parametrize(
    ("status", "headers", "outcome"),
    [
        (500, (), Outcome.FAIL),
        (501, (), None),
        (502, (), None),
        (503, (), None),
        (599, (), Outcome.FAIL),
        (503, (("retry-after", "1"),), None),
    ],
)
def test_a_failure_is_the_endpoints_own_unless_it_speaks_of_its_surroundings(
    status: int, headers: tuple[tuple[str, str], ...], outcome: Outcome | None
) -> None:
    assert said(PUT, status, headers=headers).get(SURVIVES) is outcome


def test_what_is_read_follows_the_contract() -> None:
    assert said(READ, 200, SESSION) == {ANSWERS: Outcome.PASS}
    assert said(READ, 200, {**SESSION, "description": None, "of-our-own": 1}) == {ANSWERS: Outcome.PASS}
    assert said(READ, 200, {**SESSION, "startDateTime": 5}) == {ANSWERS: Outcome.FAIL}
    assert said(READ, 200, b"{") == {ANSWERS: Outcome.FAIL}
    assert said(CALLS.read_service(), 200, {"any": "thing"}) == {}


def test_json_under_another_name_is_a_warning_beside() -> None:
    made = exchange(READ, 200, SESSION, media_type="text/plain")
    found = [each.outcome for each in every_exchange.judge([made], EDITION, AFNAME)]
    assert found == [Outcome.WARN, Outcome.PASS]


def test_a_bare_list_of_participants_is_the_matter_of_another_rule() -> None:
    assert said(PEOPLE, 200, MAKE.students(2)) == {}
    assert said(PEOPLE, 200, [{"role": 7}]) == {}


def test_no_answer_says_nothing() -> None:
    assert said(PUT, None) == {}


@given(st.integers(200, 599), st.binary(max_size=20), st.sampled_from([READ, PEOPLE, PUT, CALLS.delete_session(KEY)]))
def test_whatever_is_answered_is_judged_unless_it_speaks_of_the_surroundings(
    status: int, body: bytes, call: Call
) -> None:
    found = said(call, status, body)
    if exchange(call, status).surroundings:
        assert found == {}
        return
    assert (found.get(SURVIVES) is Outcome.FAIL) == (status >= 500)
    assert found.get(SURVIVES) in {None, Outcome.FAIL}
    assert (PROBLEM in found) == (status >= 400)
    assert status == 200 or ANSWERS not in found
