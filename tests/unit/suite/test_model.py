"""The model of an endpoint keeps the laws of the standard."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from conformance.oracle.equality import same
from conformance.oracle.model import Afname, after_report
from ooapi_toets import Json, JsonObject
from ooapi_toets.samples import Maker, consumer_of, report, with_consumer

MAKE = Maker("model")
OFFERINGS = [MAKE.offering() for _ in range(3)]
STUDENTS = MAKE.students(5)
LISTS = st.lists(st.sampled_from(STUDENTS), unique_by=lambda each: str(each["associationId"]))
_REPORT_VALUES: st.SearchStrategy[Json] = st.none() | st.text(min_size=1, max_size=5)
REPORTS = st.fixed_dictionaries(
    {},
    optional={
        "irregularities": _REPORT_VALUES,
        "documents": st.none() | st.just([]) | st.lists(st.builds(MAKE.document), min_size=1, max_size=2),
    },
)


def models(people: list[JsonObject]) -> Afname:
    """Two sessions; these people take part in the first."""
    first, second, _ = OFFERINGS
    return Afname().put(first).put_list(first["offeringId"], people).put(second).put_list(second["offeringId"], [])


KEY = OFFERINGS[0]["offeringId"]


@given(LISTS)
def test_a_session_sent_again_keeps_its_people(people: list[JsonObject]) -> None:
    before = models(people)
    after = before.put(with_consumer(OFFERINGS[0], locationCode="9.99"))
    assert after.sessions[KEY].people == before.sessions[KEY].people
    assert after.put(OFFERINGS[0]).sessions == before.sessions


@given(LISTS, LISTS)
def test_only_the_last_list_counts(people: list[JsonObject], other: list[JsonObject]) -> None:
    assert models(other).put_list(KEY, people).sessions == models(people).sessions


@given(LISTS, st.sampled_from(STUDENTS))
def test_one_participant_sent_twice_is_there_once(people: list[JsonObject], one: JsonObject) -> None:
    once = models(people).put_one(KEY, one)
    assert once.put_one(KEY, one).sessions == once.sessions
    expected = {*(each["associationId"] for each in people), one["associationId"]}
    assert set(once.sessions[KEY].people) == expected


@given(LISTS)
def test_a_deleted_session_starts_afresh(people: list[JsonObject]) -> None:
    gone = models(people).delete(KEY)
    assert KEY not in gone.sessions
    assert gone.delete(KEY).sessions == gone.sessions
    assert gone.put(OFFERINGS[0]).sessions[KEY].people == {}


@given(LISTS, LISTS)
def test_other_sessions_stay_as_they_are(people: list[JsonObject], other: list[JsonObject]) -> None:
    second = OFFERINGS[1]["offeringId"]
    before = models(people)
    for after in (before.put_list(KEY, other), before.put(OFFERINGS[2]), before.delete(KEY)):
        assert after.sessions[second] == before.sessions[second]


@given(LISTS, LISTS)
def test_a_step_leaves_the_earlier_model_as_it_was(people: list[JsonObject], other: list[JsonObject]) -> None:
    before = models(people)
    kept = dict(before.sessions)
    before.put_list(KEY, other).delete(KEY)
    assert before.sessions == kept
    assert before.as_read(KEY, {}).sessions[KEY].people == {}


@given(REPORTS)
def test_a_report_sent_again_changes_nothing(attributes: dict[str, Json]) -> None:
    once = after_report(OFFERINGS[0], report(**attributes))
    assert after_report(once, report(**attributes)) == once


@given(REPORTS)
def test_a_report_changes_only_what_it_names(attributes: dict[str, Json]) -> None:
    filled = after_report(OFFERINGS[0], report(irregularities="Geen", documents=[MAKE.document()]))
    after = after_report(filled, report(**attributes))
    before_consumer, consumer = consumer_of(filled) or {}, consumer_of(after) or {}
    for name in {*before_consumer, *consumer} - attributes.keys():
        assert consumer[name] == before_consumer[name]
    for name, value in attributes.items():
        assert same(consumer.get(name), value)
