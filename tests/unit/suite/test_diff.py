"""Two results differ in exactly the rules whose outcome changed, each in one kind of change."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from conformance.results.diff import compare, in_words
from ooapi_toets import JsonObject
from ooapi_toets.outcomes import Outcome

_KINDS = ("new", "fixed", "unseen", "other")
RESULTS = st.dictionaries(st.sampled_from("abcdefg"), st.sampled_from([each.value for each in Outcome])).map(
    lambda found: {
        "verdict": "incomplete",
        "rules": [{"id": rule, "outcome": outcome} for rule, outcome in found.items()],
    }
)


def outcomes(result: JsonObject) -> dict[str, str]:
    return {each["id"]: each["outcome"] for each in result["rules"]}


@given(RESULTS)
def test_a_result_does_not_differ_from_itself(result: JsonObject) -> None:
    found = compare(result, result)
    assert all(found[kind] == [] for kind in _KINDS)
    assert in_words(found).endswith("No rule changed its outcome.\n")


@given(RESULTS, RESULTS)
def test_every_change_is_there_once(old: JsonObject, new: JsonObject) -> None:
    before, after = outcomes(old), outcomes(new)
    found = compare(old, new)
    changes = [each for kind in _KINDS for each in found[kind]]
    assert sorted(each["rule"] for each in changes) == sorted(
        rule for rule in {*before, *after} if before.get(rule, "not exercised") != after.get(rule, "not exercised")
    )
    for each in changes:
        assert each["old"] == before.get(each["rule"], "not exercised")
        assert each["new"] == after.get(each["rule"], "not exercised")


@given(RESULTS, RESULTS)
def test_a_new_failure_is_one_that_did_not_fail(old: JsonObject, new: JsonObject) -> None:
    for each in compare(old, new)["new"]:
        assert each["new"] in {"fail", "error"}
        assert each["old"] not in {"fail", "error"}


@given(RESULTS, RESULTS)
def test_what_is_fixed_one_way_is_new_the_other_way(old: JsonObject, new: JsonObject) -> None:
    fixed = {each["rule"] for each in compare(old, new)["fixed"]}
    assert fixed <= {each["rule"] for each in compare(new, old)["new"]}
