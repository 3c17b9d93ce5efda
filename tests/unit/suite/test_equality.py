"""What is equal in meaning is no difference, and every other change is one."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from conformance.oracle.equality import differences, empty, same, same_id
from ooapi_toets import Json

_SCALARS = st.none() | st.booleans() | st.integers(-1000, 1000) | st.text(max_size=8)
_NAMES = st.text("abcdef", min_size=1, max_size=4)
VALUES: st.SearchStrategy[Json] = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_NAMES, inner, max_size=4),
    max_leaves=12,
)
OBJECTS = st.dictionaries(_NAMES, VALUES, max_size=5)
_ZONES = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
_INSTANTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(VALUES)
def test_a_value_is_the_same_as_itself(value: Json) -> None:
    assert same(value, value)


@given(VALUES, VALUES)
def test_sameness_does_not_depend_on_who_is_first(one: Json, other: Json) -> None:
    assert same(one, other) == same(other, one)


@given(OBJECTS)
def test_the_order_of_attributes_says_nothing(value: dict[str, Json]) -> None:
    assert same(value, dict(reversed(value.items())))


@given(st.lists(VALUES, max_size=5), st.randoms(use_true_random=False))
def test_the_order_of_members_says_nothing(members: list[Json], chance: object) -> None:
    shuffled = list(members)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert same(members, shuffled)


@given(OBJECTS, _NAMES, st.sampled_from([None, "", [], {}]))
def test_null_empty_and_absent_say_the_same(value: dict[str, Json], name: str, nothing: Json) -> None:
    bare = {key: each for key, each in value.items() if key != name}
    assert empty(nothing)
    assert same(bare, {**bare, name: nothing})


@given(OBJECTS, _NAMES, VALUES)
def test_what_is_read_beyond_what_was_sent_is_let_pass(value: dict[str, Json], name: str, more: Json) -> None:
    assume(name not in value)
    assert differences(value, {**value, name: more}) == []


@given(OBJECTS, _NAMES, st.integers() | st.booleans())
def test_what_is_lost_is_a_difference_where_it_was(value: dict[str, Json], name: str, lost: Json) -> None:
    bare = {key: each for key, each in value.items() if key != name}
    (found,) = differences({**bare, name: lost}, bare)
    assert (found.pointer, found.sent, found.read) == (f"/{name}", lost, None)


@given(_INSTANTS, _ZONES, _ZONES)
def test_instants_are_compared_by_value(instant: datetime, one: timezone, other: timezone) -> None:
    assert same(instant.astimezone(one).isoformat(), instant.astimezone(other).isoformat())


@given(_INSTANTS, st.integers(1, 10_000), _ZONES)
def test_another_instant_is_a_difference(instant: datetime, seconds: int, zone: timezone) -> None:
    later = (instant + timedelta(seconds=seconds)).astimezone(zone)
    assert differences(instant.isoformat(), later.isoformat())


@given(st.integers(0, 10_000))
def test_durations_are_compared_by_value(minutes: int) -> None:
    assert same(f"PT{minutes}M", f"P{minutes // 1440}DT{minutes // 60 % 24}H{minutes % 60}M0S")
    assert differences(f"PT{minutes}M", f"PT{minutes + 1}M")


@given(st.uuids(), st.uuids())
def test_a_uuid_has_no_upper_and_lower_case(one: object, other: object) -> None:
    assert same(str(one), str(one).upper())
    assert same_id(str(one), str(one).upper())
    assert same_id(str(one), str(other)) == (one == other)


@given(st.text(max_size=20))
def test_a_text_is_the_same_composed_and_in_parts(text: str) -> None:
    assert same(unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text))


@given(st.uuids())
def test_an_object_and_its_id_are_the_same(key: object) -> None:
    assert same({"personId": str(key), "surname": "Voorbeeld"}, str(key).upper())


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        (True, 1),
        (0, False),
        ("1", 1),
        ("2027-01-18T09:00:00", "2027-01-18T09:00:00Z"),
        ("2027-01-18T09:00", "2027-01-18T10:00"),
        (["a"], ["a", "b"]),
        (["a", "b"], ["a"]),
        (["a"], ["a", "a"]),
        ([{"language": "nl-NL", "value": "a"}], [{"language": "nl-NL", "value": "b"}]),
        ({"a": {"b": 1}}, {"a": "x"}),
        ("Abc", "abc"),
    ],
)
def test_these_are_differences(sent: Json, read: Json) -> None:
    assert differences(sent, read)


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        (1, 1.0),
        ("nl-NL", "nl-nl"),
        ([{"consumerKey": "x", "a": 1}], [{"consumerKey": "y"}, {"consumerKey": "x", "a": 1, "b": 2}]),
        ([{"a": 1}, {"a": 1, "b": 2}], [{"a": 1, "b": 2, "c": 3}, {"a": 1}]),
        ([{"a": 1}, {"a": 1, "b": 2}], [{"a": 1, "b": 2, "c": 3}, {"a": 1, "d": 4}]),
        ([{"a": 1}], [{"a": 1, "b": 2}, {"a": 1}]),
        ({"a": []}, {}),
        ({"a": {"b": None}}, {}),
    ],
)
def test_these_are_none(sent: Json, read: Json) -> None:
    assert differences(sent, read) == []


def test_a_difference_says_where_and_what() -> None:
    sent = {"a": [{"codeType": "x", "code": "1"}], "b": "y"}
    found = differences(sent, {"a": [{"codeType": "x", "code": 1}]})
    assert [each.pointer for each in found] == ["/a/0/code", "/b"]
    assert all(each.words.en.startswith(each.pointer) for each in found)
    assert differences("a", None)[0].words.en.startswith("/ ")
