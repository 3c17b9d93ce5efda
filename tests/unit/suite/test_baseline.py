"""A baseline excuses the failures that it lists and no others, and says when it is stale."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.judging.baseline import Baseline, read
from conformance.judging.verdict import RuleResult
from ooapi_toets import register
from ooapi_toets.errors import UsageError
from ooapi_toets.outcomes import Outcome
from ooapi_toets.texts import Text

REGISTER = register.load()
RULES = list(REGISTER)[:5]
IDS = [rule.id for rule in RULES]
RESULTS = st.lists(st.sampled_from(list(Outcome)), min_size=5, max_size=5).map(
    lambda found: [
        RuleResult(rule, outcome, Text("seen", "gezien"), ()) for rule, outcome in zip(RULES, found, strict=True)
    ]
)
BASELINES = st.sets(st.sampled_from(IDS)).map(lambda known: Baseline("known.toml", dict.fromkeys(known, "a reason")))


@given(BASELINES, RESULTS)
def test_a_listed_rule_is_excused_or_stale_or_was_not_tested(known: Baseline, results: list[RuleResult]) -> None:
    excused, stale = known.excused(results), known.stale(results)
    silent = {
        each.rule.id
        for each in results
        if each.outcome in {Outcome.NOT_EXERCISED, Outcome.NOT_APPLICABLE, Outcome.ERROR}
    }
    assert set(excused).isdisjoint(stale)
    assert {*excused, *stale} == set(known.known) - silent
    assert set(excused) <= {each.rule.id for each in results if each.outcome is Outcome.FAIL}


@given(RESULTS)
def test_an_empty_baseline_says_nothing(results: list[RuleResult]) -> None:
    nothing = Baseline("known.toml", {})
    assert (nothing.excused(results), nothing.stale(results)) == ({}, [])


def test_a_baseline_is_a_table_of_rules_and_reasons(tmp_path: Path) -> None:
    path = tmp_path / "known.toml"
    path.write_text(f'[known]\n"{IDS[0]}" = "known since May"\n')
    assert read(path, REGISTER) == Baseline(str(path), {IDS[0]: "known since May"})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[known", "is not TOML"),
        ("", "must have one table"),
        ("[other]", "must have one table"),
        ('[known]\n"no-rule" = "x"', "which is no rule"),
        (f'[known]\n"{IDS[0]}" = " "', "gives no reason"),
        (f'[known]\n"{IDS[0]}" = 1', "gives no reason"),
    ],
)
def test_anything_else_is_refused_in_words(text: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "known.toml"
    path.write_text(text)
    with pytest.raises(UsageError, match=words):
        read(path, REGISTER)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        read(tmp_path / "absent.toml", REGISTER)
