"""`rules --explain`: what is said of a rule, in both languages and as data, and that it is true."""

from __future__ import annotations

import json
import re

import pytest
from click.testing import CliRunner, Result

from ooapi_toets import editions, register
from ooapi_toets.cli import root
from ooapi_toets.errors import UsageError
from ooapi_toets.outcomes import Half
from ooapi_toets.register import Rule
from tests.liars import clients, examples
from tests.liars.catalogue import LIARS

RULES = [rule for rule in register.load() if editions.DEFAULT in rule.editions]
TOLD_BY_MANY_CALLS = {
    "2.1-client-keeps-the-id",
    "4.1-client-report-equals-its-own-read",
    "client-recovers-from-5xx-and-429",
    "client-refreshes-its-token",
    "client-waits-before-retrying",
}


def explain(*arguments: str) -> Result:
    return CliRunner().invoke(root, ["rules", "--explain", *arguments], standalone_mode=False)


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_is_explained(rule: Rule, language: str) -> None:
    said = explain(rule.id, "--lang", language).output
    assert rule.sentence[language] in said
    assert all(cited in said for cited in rule.source)
    if rule.interpretation:
        assert rule.interpretation.reading[language].strip() in said
    for liar in register.proofs().get(rule.id, ()):
        assert liar in said
    if rule.half is Half.SERVER:
        assert f"--only {rule.id}" in said


def test_an_explanation_shows_what_to_run_and_what_to_declare() -> None:
    said = explain("2.4-empty-list-clears").output
    assert "option_4_remove::test_an_empty_list_leaves_nobody" in said
    assert "python -m tests.liars empty-list-is" in said
    assert "read-associations = false" in said
    assert "PUT /offerings/7e57" in said


def test_a_rule_that_always_applies_says_so() -> None:
    assert "It always applies." in explain("2.5-delete-answers-200").output
    assert "--auth none" in explain("auth-missing-token-is-401").output


def test_a_disputed_rule_shows_both_readings() -> None:
    said = explain("4.1-other-consumer-attributes-stay").output
    assert "disputed" in said
    assert "other reading" in said


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_an_explanation_as_data_says_the_same(rule: Rule) -> None:
    about = json.loads(explain(rule.id, "--json").output)
    assert about["id"] == rule.id
    assert about["provedBy"] == list(register.proofs().get(rule.id, ()))
    assert {each["capability"] for each in about["declarable"]} <= set(rule.requires)
    assert bool(about["scenarios"]) or rule.half is Half.CLIENT


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_has_an_example_of_either_kind_or_says_why_not(rule: Rule) -> None:
    stored = examples.stored()["rules"][rule.id]
    assert ("why" in stored["passes"]) == (rule.id in TOLD_BY_MANY_CALLS | examples.BY_CHANCE)
    assert ("why" in stored["fails"]) == (rule.id in TOLD_BY_MANY_CALLS)
    for each in (stored["passes"], stored["fails"]):
        assert "why" in each or each["exchanges"]


def test_an_unknown_rule_is_a_mistake_with_a_hint() -> None:
    error = explain("2.4-empty-list-clear").exception
    assert isinstance(error, UsageError)
    assert "Did you mean '2.4-empty-list-clears'" in str(error)


def test_no_person_is_in_an_example() -> None:
    text = examples.EXPLAINED.read_text(encoding="utf-8")
    assert re.findall(r"[\w.+-]+@(?!example\.org)[\w.-]+", text) == []
    assert re.findall(r'"surname": "(?!masked|·|…)[^"]+"', text) == []
    assert re.findall(r'"irregularities": "(?!masked|·|…)[^"]+"', text) == []


def test_the_file_is_small() -> None:
    assert examples.EXPLAINED.stat().st_size < 600_000


def test_what_is_said_about_scenarios_and_capabilities_is_fresh() -> None:
    stored = examples.stored()
    assert stored["declarable"] == examples.declarable()
    assert set(stored["rules"]) == {rule.id for rule in RULES}
    assert {rule.id: stored["rules"][rule.id]["scenarios"] for rule in RULES} == {
        rule.id: examples.exercised_by(rule) for rule in RULES
    }


def test_the_liars_whose_examples_are_shown_are_those_that_break_least_else() -> None:
    for rule in RULES:
        liar = examples.witness(rule, LIARS)
        assert examples.stored()["rules"][rule.id]["fails"].get("liar") == (liar.name if liar else None)


def test_examples_of_clients_are_fresh() -> None:
    stored = examples.stored()["rules"]
    for rule, found in clients.fails().items():
        assert stored[rule]["fails"] == found
    for rule, found in clients.passes().items():
        assert stored[rule]["passes"] == found
