"""What passes between two others is judged as far as it shows, and never further."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.evidence.exchange import Exchange
from conformance.joint import bystander
from conformance.oracle import report_matches_read
from ooapi_toets import Json, JsonObject
from ooapi_toets.editions.toets import Calls
from ooapi_toets.outcomes import Outcome
from ooapi_toets.samples import Maker, report, with_consumer
from tests.unit.suite.made import AFNAME, EDITION, PLANNING, exchange

CALLS, MAKE = Calls(EDITION.contract), Maker("bystander")
SESSION, STUDENTS = MAKE.offering(), MAKE.students(4)
KEY = SESSION["offeringId"]
CREATED = exchange(CALLS.create_session(SESSION))


def said(*passed: Exchange, role: str = AFNAME) -> dict[str, Outcome]:
    """The worst outcome by aspect."""
    aspects = {rule: aspect for aspect, rule in EDITION.rules.items()}
    found: dict[str, Outcome] = {}
    for check in bystander.judge(passed, EDITION, role):
        aspect = aspects[check.rule]
        found[aspect] = max(check.outcome, found.get(aspect, check.outcome), key=lambda each: each.rank)
    return found


def listed(*people: JsonObject) -> Exchange:
    return exchange(CALLS.register_list(KEY, list(people)))


def read(*people: JsonObject) -> Exchange:
    page = {"items": list(people), "pageNumber": 1, "pageSize": 250, "hasNextPage": False}
    return exchange(replace(CALLS.read_people(KEY), query=()), 200, page)


@given(st.lists(st.sampled_from(STUDENTS), unique_by=lambda each: str(each["associationId"])))
def test_an_honest_system_is_accused_of_nothing(people: list[JsonObject]) -> None:
    found = said(
        CREATED,
        listed(*people),
        read(*people),
        exchange(CALLS.read_session(KEY.upper()), 200, SESSION),
        exchange(CALLS.delete_session(KEY)),
        exchange(CALLS.read_session(KEY), 404),
    )
    assert set(found.values()) == {Outcome.PASS}
    assert set(EDITION.answers[AFNAME].values()) <= set(found)


@pytest.mark.parametrize(
    ("passed", "aspect"),
    [
        (
            (CREATED, exchange(CALLS.read_session(KEY), 200, {**SESSION, "teachingLanguage": "fra"})),
            "session.reads-back",
        ),
        (
            (CREATED, exchange(CALLS.delete_session(KEY)), exchange(CALLS.read_session(KEY), 200, SESSION)),
            "session.gone",
        ),
        ((CREATED, listed(*STUDENTS), read(STUDENTS[0])), "participants.appear"),
        ((CREATED, listed(*STUDENTS), listed(STUDENTS[0]), read(*STUDENTS)), "participants.removed-gone"),
        (
            (CREATED, listed(STUDENTS[0]), exchange(CALLS.register_one(KEY, STUDENTS[1])), read(STUDENTS[1])),
            "participation.added",
        ),
    ],
)
def test_what_shows_a_fault_names_its_aspect(passed: tuple[Exchange, ...], aspect: str) -> None:
    assert {each for each, outcome in said(*passed).items() if outcome is Outcome.FAIL} == {aspect}


def test_what_was_sent_before_the_relay_began_is_not_known() -> None:
    assert said(read(*STUDENTS), exchange(CALLS.read_session(KEY), 200, {"any": "thing"})) == {}
    assert said(CREATED, exchange(CALLS.register_one(KEY, STUDENTS[0])), read(*STUDENTS)) == {
        "session.accepted": Outcome.PASS,
        "participants.accepted": Outcome.PASS,
    }


@pytest.mark.parametrize("body", ["no list", [{"role": 7}], {"role": 7}])
def test_after_a_message_that_is_not_valid_nothing_is_known(body: Json) -> None:
    broken = exchange(replace(CALLS.register_list(KEY, []), body=body))
    assert "participants.appear" not in said(CREATED, listed(*STUDENTS), broken, read())


def test_after_a_failure_nothing_is_known() -> None:
    found = said(CREATED, listed(*STUDENTS), exchange(CALLS.register_list(KEY, []), 500), read(STUDENTS[0]))
    assert set(found.values()) == {Outcome.PASS}


@pytest.mark.parametrize(("status", "outcome"), [(200, Outcome.PASS), (204, Outcome.WARN), (404, Outcome.WARN)])
def test_a_refusal_is_no_more_than_a_warning(status: int, outcome: Outcome) -> None:
    sent = exchange(CALLS.send_report(KEY, report(irregularities="Geen")), status, role=PLANNING)
    assert said(sent, role=PLANNING) == {"report.accepted": outcome}


def test_a_session_is_the_same_in_either_case() -> None:
    assert exchange(CALLS.read_session(KEY.upper())).session == CREATED.session == KEY
    assert exchange(CALLS.read_document("A-B")).named == {"a-b"}
    assert exchange(CALLS.read_service()).named == frozenset()


def test_a_report_is_compared_with_the_own_read_that_follows_it() -> None:
    reported = with_consumer(SESSION, irregularities="Geen", documents=[])
    own = {**reported, "consumers": [{**reported["consumers"][0], "irregularities": "Veel"}]}
    reads = [
        exchange(CALLS.read_session(KEY), 200, answer, started=started)
        for answer, started in ((own, "2027-01-18T08:00:00"), (reported, "2027-01-18T10:00:00"), (own, "2027-01-18T11"))
    ]
    after = {KEY: "2027-01-18T09:00:00"}
    found = report_matches_read.passing_by("the-rule", {KEY: reported}, [*reads, CREATED], after)
    assert [(each.rule, each.outcome) for each in found] == [("the-rule", Outcome.PASS), ("the-rule", Outcome.FAIL)]
    more = report_matches_read.compared("the-rule", SESSION, reported, reads[0])
    assert more.outcome is Outcome.WARN
