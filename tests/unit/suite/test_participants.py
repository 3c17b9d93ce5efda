"""Who takes part after a message: what should be is no mismatch, and every fault has its aspect."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.oracle.participants import Mismatch, after_list, after_one, by_id, of_their_own, unchanged
from ooapi_toets import JsonObject
from ooapi_toets.samples import Maker, with_consumer
from tests.unit.suite.made import EDITION

STUDENTS = Maker("participants").students(6)
SUBSETS = st.lists(st.sampled_from(STUDENTS), unique_by=lambda each: str(each["associationId"]), max_size=6)
ONE, TWO, THREE, *_ = STUDENTS


def aspects(found: list[Mismatch]) -> list[str]:
    return [each.aspect for each in found]


@given(SUBSETS, SUBSETS, st.randoms(use_true_random=False))
def test_a_list_that_is_kept_in_any_order_is_no_mismatch(
    before: list[JsonObject], sent: list[JsonObject], chance: object
) -> None:
    read = list(sent)
    chance.shuffle(read)  # type: ignore[attr-defined]
    assert after_list(by_id(before), by_id(sent), read) == []


@given(SUBSETS, SUBSETS)
def test_whoever_reads_otherwise_after_a_list_breaks_a_rule_that_the_edition_knows(
    before: list[JsonObject], read: list[JsonObject]
) -> None:
    sent = [ONE, TWO]
    found = after_list(by_id(before), by_id(sent), read)
    assert bool(found) == (set(by_id(read)) != set(by_id(sent)))
    assert all(EDITION.rule(each.aspect) for each in found)


@given(SUBSETS)
def test_one_that_is_added_leaves_the_others(before: list[JsonObject]) -> None:
    known = by_id(before)
    assert after_one(known, ONE, {**known, **by_id([ONE])}.values()) == []


@given(SUBSETS)
def test_what_nobody_changed_is_unchanged(before: list[JsonObject]) -> None:
    assert unchanged("participants.earlier-stay", by_id(before), before) == []


@given(SUBSETS, SUBSETS)
def test_other_people_are_never_unchanged(before: list[JsonObject], read: list[JsonObject]) -> None:
    same_people = set(by_id(before)) == set(by_id(read))
    assert (unchanged("any", by_id(before), read) == []) == same_people


def changed(member: JsonObject) -> JsonObject:
    return with_consumer(member, additionalTimeInMin=55)


@pytest.mark.parametrize(
    ("before", "sent", "read", "aspect"),
    [
        ([], [ONE, TWO], [ONE], "participants.appear"),
        ([ONE], [ONE, TWO], [ONE], "participants.added-appear"),
        ([ONE], [ONE, TWO], [TWO], "participants.earlier-stay"),
        ([ONE, TWO], [ONE], [ONE, TWO], "participants.removed-gone"),
        ([ONE, TWO], [], [ONE], "participants.cleared"),
        ([ONE, TWO, THREE], [ONE, TWO], [ONE], "participants.remaining-unchanged"),
        ([ONE, TWO], [ONE], [changed(ONE)], "participants.remaining-unchanged"),
        ([ONE], [TWO], [ONE, TWO], "participants.replaced"),
        ([ONE], [ONE, TWO], [ONE, TWO, TWO], "participants.replaced"),
        ([], [ONE], [changed(ONE)], "participants.read-back"),
        ([], [ONE], [ONE, ONE], "participants.read-back"),
        ([ONE], [changed(ONE)], [ONE], "participants.replaced"),
    ],
)
def test_each_fault_after_a_list_has_its_aspect(
    before: list[JsonObject], sent: list[JsonObject], read: list[JsonObject], aspect: str
) -> None:
    assert aspects(after_list(by_id(before), by_id(sent), read)) == [aspect]


@pytest.mark.parametrize(
    "read", [[ONE], [TWO], [ONE, TWO, THREE], [ONE, TWO, TWO], [changed(ONE), TWO]], ids=lambda read: str(len(read))
)
def test_a_single_one_that_is_not_added_to_the_others(read: list[JsonObject]) -> None:
    assert aspects(after_one(by_id([ONE]), TWO, read)) == ["participation.added"]


@pytest.mark.parametrize("case", [str.upper, str.lower])
def test_ids_have_no_upper_and_lower_case(case: Callable[[str], str]) -> None:
    read = [{**ONE, "associationId": case(ONE["associationId"])}]
    assert after_list({}, by_id([ONE]), read) == []


def test_attributes_for_the_standard_alone_are_told_apart() -> None:
    own = {**ONE, "person": {**ONE["person"], "displayName": "another form", "affiliations": ["guest"]}}
    assert after_list({}, by_id([ONE]), [own]) == []
    assert {each.pointer.split("/")[1] for each in of_their_own(by_id([ONE]), [own])} == {
        "displayName",
        "affiliations",
    }
    assert of_their_own(by_id([ONE]), [ONE]) == []
