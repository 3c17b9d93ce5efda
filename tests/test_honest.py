"""No implementation that follows the contract is accused of anything, whatever its habits."""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from ooapi_toets import register
from ooapi_toets.outcomes import Level, Outcome, Verdict
from tests.honest.catalogue import HONEST
from tests.honest.prove import HONEST_MOCKS, Case, prove_honest
from tests.liars import examples
from tests.liars.prove import Proof

WRITTEN_OUT = [Case(name, seed) for name in HONEST for seed in (1, 20_270_118)]
GENERATED = [Case(f"contrary-{half}", 3, generated=True) for half in ("afname", "planning")]
CASES = [*WRITTEN_OUT, *GENERATED]

Proofs = Callable[[Case], Proof]


@pytest.fixture(scope="module")
def proofs() -> Proofs:
    """What a check says of an honest implementation; each is checked once."""
    return cache(prove_honest)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_an_honest_implementation_is_not_accused(case: Case, proofs: Proofs) -> None:
    proof, rules = proofs(case), register.load()
    accusing = {Outcome.FAIL, Outcome.ERROR}
    assert {rule: proof.reasons[rule] for rule, outcome in proof.tripped.items() if outcome in accusing} == {}
    unseen = {rule for rule in proof.unseen if rules[rule].level is Level.MUST and not rules[rule].disputed}
    assert unseen == set()
    assert proof.verdict is Verdict.CONFORMANT


@pytest.mark.parametrize("case", [case for case in WRITTEN_OUT if "warned" not in case.name], ids=str)
def test_only_those_who_deviate_on_purpose_are_warned(case: Case, proofs: Proofs) -> None:
    proof = proofs(case)
    assert {rule: proof.reasons[rule] for rule, outcome in proof.tripped.items() if outcome is Outcome.WARN} == {}


@pytest.mark.parametrize("case", HONEST_MOCKS, ids=str)
def test_the_examples_of_what_passes_are_fresh(case: Case, proofs: Proofs) -> None:
    found, rules = proofs(case).passes, examples.stored()["rules"]
    role = HONEST[case.name].role
    mine = [rule for rule in found if register.load()[rule].roles == {role} and rule not in examples.BY_CHANCE]
    assert {rule: found[rule] for rule in mine} == {rule: rules[rule]["passes"] for rule in mine}


@pytest.mark.parametrize("name", ["plain", "faults", "habits", "particular", "wrapped"])
def test_the_plain_system_shares_no_code_with_ours(name: str) -> None:
    tree = ast.parse((Path(__file__).parent / "honest" / f"{name}.py").read_text(encoding="utf-8"))
    imported = [each.module or "" for each in ast.walk(tree) if isinstance(each, ast.ImportFrom)]
    imported += [alias.name for each in ast.walk(tree) if isinstance(each, ast.Import) for alias in each.names]
    assert [each for each in imported if each.split(".")[0] in {"mock_server", "conformance", "ooapi_toets"}] == []
