"""Every rule can fail: each liar trips exactly the rules that it says, and every rule has a liar."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import httpx
import pytest

from ooapi_toets import editions
from ooapi_toets.contract import Role
from ooapi_toets.outcomes import Level, Verdict
from tests.liars import examples
from tests.liars.catalogue import LIARS, UNPROVED, all_rules, proving, rules_of
from tests.liars.prove import Proof, prove_named
from tools import kill_table

Proofs = Callable[[str], Proof]


@pytest.fixture(scope="module")
def proofs() -> Proofs:
    """What a check says of a liar; each is checked once."""
    return cache(prove_named)


@pytest.mark.parametrize("name", LIARS)
def test_a_liar_trips_exactly_the_rules_that_it_breaks(name: str, proofs: Proofs) -> None:
    liar, proof = LIARS[name], proofs(name)
    assert proof.tripped == liar.breaks, _told(proof)


@pytest.mark.parametrize("name", LIARS)
def test_the_verdict_follows_failures_only(name: str, proofs: Proofs) -> None:
    liar, proof = LIARS[name], proofs(name)
    assert proof.verdict is (Verdict.NOT_CONFORMANT if liar.fails else Verdict.CONFORMANT), _told(proof)


@pytest.mark.parametrize("name", LIARS)
def test_the_examples_of_what_fails_are_fresh(name: str, proofs: Proofs) -> None:
    stored = {
        rule: {part: each["fails"][part] for part in ("told", "exchanges")}
        for rule, each in examples.stored()["rules"].items()
        if each["fails"].get("liar") == name and rule not in examples.BY_CHANCE
    }
    found = proofs(name).fails
    assert stored == {rule: found.get(rule) for rule in stored}, "run python -m tools.kill_table"


def _told(proof: Proof) -> str:
    lines = [f"{rule}: {outcome.value}: {proof.reasons[rule]}" for rule, outcome in proof.tripped.items()]
    lines += [f"{rule}: not exercised: {why}" for rule, why in proof.unseen.items()]
    return "\n".join(lines)


@pytest.mark.parametrize("role", editions.ROLES)
def test_every_must_rule_for_servers_has_a_liar_in_each_role(role: Role) -> None:
    musts = [rule for rule in rules_of(role) if rule.level is Level.MUST]
    assert [rule.id for rule in musts if not proving(rule, role) and rule.id not in UNPROVED] == []


def test_every_other_rule_for_servers_has_a_liar_or_a_reason() -> None:
    assert {rule.id for rule in all_rules() if not proving(rule)} == set(UNPROVED)


@pytest.mark.parametrize("role", editions.ROLES)
def test_most_must_rules_have_a_liar_that_breaks_nothing_else(role: Role) -> None:
    alone = {rule for liar in LIARS.values() if liar.role == role and len(liar.breaks) == 1 for rule in liar.breaks}
    assert {rule.id for rule in rules_of(role) if rule.level is Level.MUST} - alone == set()


def test_a_liar_says_its_lie_and_what_stays_true() -> None:
    for liar in LIARS.values():
        assert liar.lie.endswith("."), liar.name
        assert liar.truth.endswith("."), liar.name
        assert liar.breaks, liar.name


def test_a_liar_breaks_rules_of_its_role_only() -> None:
    for liar in LIARS.values():
        assert liar.breaks.keys() <= {rule.id for rule in rules_of(liar.role)}, liar.name


def test_a_liar_can_be_served_by_itself() -> None:
    with LIARS["read-answers-203"].server() as server:
        answer = httpx.get(f"{server.url}/offerings/7e570000-0000-4000-8000-000000000002")
    assert answer.status_code == 203


def test_the_written_proofs_are_fresh() -> None:
    assert kill_table.PROOFS.read_bytes() == kill_table.proofs(), "run python -m tools.kill_table"


def test_the_kill_table_is_fresh() -> None:
    assert kill_table.TABLE.read_text(encoding="utf-8") == kill_table.table(), "run python -m tools.kill_table"
