"""`rules --explain`: what is said of a rule, in both languages and as data, and that it is true."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

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
def test_every_rule_is_explained(language: str) -> None:
    said = {rule: explain(rule.id, "--lang", language).output for rule in RULES}
    assert [(rule.id, due) for rule in RULES for due in _due(rule, language) if due not in said[rule]] == []


def _due(rule: Rule, language: str) -> Iterator[str]:
    """What an explanation of a rule has in it."""
    yield rule.sentence[language]
    yield from rule.source
    if rule.interpretation:
        yield rule.interpretation.reading[language].strip()
    yield from register.proofs().get(rule.id, ())
    if rule.half is Half.SERVER:
        yield f"--only {rule.id}"


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


def test_an_explanation_as_data_says_the_same() -> None:
    said = {rule.id: json.loads(explain(rule.id, "--json").output) for rule in RULES}
    assert {rule: about["id"] for rule, about in said.items()} == {rule.id: rule.id for rule in RULES}
    assert {rule: about["provedBy"] for rule, about in said.items()} == {
        rule.id: list(register.proofs().get(rule.id, ())) for rule in RULES
    }
    declarable = {rule: {each["capability"] for each in about["declarable"]} for rule, about in said.items()}
    assert [rule.id for rule in RULES if not declarable[rule.id] <= set(rule.requires)] == []
    assert [rule.id for rule in RULES if not said[rule.id]["scenarios"] and rule.half is not Half.CLIENT] == []


def test_every_rule_has_an_example_of_either_kind_or_says_why_not() -> None:
    stored = {rule.id: examples.stored()["rules"][rule.id] for rule in RULES}
    without = {kind: {rule for rule, each in stored.items() if "why" in each[kind]} for kind in ("passes", "fails")}
    ids = set(stored)
    assert without["passes"] == (TOLD_BY_MANY_CALLS | examples.BY_CHANCE) & ids
    assert without["fails"] == TOLD_BY_MANY_CALLS & ids
    shown = [(rule, kind, stored[rule][kind]) for rule in stored for kind in without]
    assert [(rule, kind) for rule, kind, each in shown if "why" not in each and not each["exchanges"]] == []


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
