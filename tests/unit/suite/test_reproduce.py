"""The script of a failure has what led to it and nothing of other sessions."""

from __future__ import annotations

from dataclasses import replace

from conformance.evidence.findings import Check
from conformance.results.reproduce import script
from ooapi_toets.editions.toets import Calls
from ooapi_toets.outcomes import Outcome
from ooapi_toets.samples import Maker
from ooapi_toets.texts import Text
from tests.unit.suite.made import EDITION, exchange

CALLS, MAKE = Calls(EDITION.contract), Maker("reproduce")
ONE, OTHER = MAKE.offering(), MAKE.offering()
CALLED = [
    exchange(CALLS.create_session(ONE), number=1),
    exchange(CALLS.create_session(OTHER), number=2),
    exchange(CALLS.read_session(ONE["offeringId"]), number=3),
    exchange(CALLS.register_list(ONE["offeringId"], []), number=4),
    replace(exchange(CALLS.register_list(ONE["offeringId"], []), number=5), scenario="another"),
    exchange(CALLS.read_people(ONE["offeringId"]), number=6),
]


def check(*numbers: int, rule: str = "a-rule", steps: tuple[str, ...] = ()) -> Check:
    return Check(rule, Outcome.FAIL, Text("seen", "gezien"), "made by hand", numbers, steps=steps)


def test_what_changed_the_same_session_leads_up_to_the_telling_call() -> None:
    lines = script(CALLED, check(6), None, "none").splitlines()
    assert [each for each in lines if OTHER["offeringId"] in each] == []
    text = "\n".join(lines)
    assert text.count("curl") == 3
    assert [number for number in (1, 4, 6) if CALLED[number - 1].url in text] == [1, 4, 6]


def test_without_evidence_there_is_no_script() -> None:
    assert script(CALLED, check(), None, "none") == ""


def test_a_sequence_shows_its_steps_and_the_last_look() -> None:
    assert script(CALLED, check(1, 3, 4, 6, steps=("1. create",)), None, "none").count("curl") == 3


def test_the_rule_about_scopes_uses_the_other_token() -> None:
    sent = [replace(each, request_headers=(("authorization", "Bearer x"),)) for each in CALLED]
    plain, other = (script(sent, check(6), None, "bearer", rule) for rule in ("another-rule", "a-rule"))
    assert "$OOAPI_TOETS_WRONG_SCOPE_TOKEN" not in plain
    assert "$OOAPI_TOETS_WRONG_SCOPE_TOKEN" in other.splitlines()[-1]
