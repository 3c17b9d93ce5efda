"""Checks an honest implementation over a real socket."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import NamedTuple

from conformance.checking.session import without_pytest
from tests.honest.catalogue import HONEST
from tests.liars.prove import Proof, check, proof_of, quietly


class Case(NamedTuple):
    """One check of an honest implementation.

    Attributes:
        name: Its name.
        seed: What decides the data.
        generated: Whether it gets generated messages and sequences as well.
        examples: How many of these.
    """

    name: str
    seed: int
    generated: bool = False
    examples: int = 2

    def __str__(self) -> str:
        return f"{self.name}-{self.seed}{'-generated' if self.generated else ''}"


HONEST_MOCKS = (Case("mock-afname-with-token", 1), Case("mock-planning-with-token", 1))
"""From whose checks the examples of exchanges that pass are taken: nothing is left out for them."""


@dataclass(frozen=True)
class Whole:
    """A check as a user runs it.

    Attributes:
        proof: What it said.
        seconds: How long it took.
        requests: How many requests it made.
        left: How much it left behind.
    """

    proof: Proof
    seconds: float
    requests: int
    left: int


def prove_honest(case: Case) -> Proof:
    """What a check says of it, scenario by scenario."""
    honest = HONEST[case.name]
    with quietly(), honest.serve() as url:
        settings = replace(honest.settings(url, case.seed), examples=case.examples)
        return proof_of(check(settings, generated=case.generated), with_passes=case in HONEST_MOCKS)


def check_whole(case: Case) -> Whole:
    """The whole check, everything generated and scenarios side by side."""
    honest = HONEST[case.name]
    with quietly(), honest.serve() as url:
        began = time.monotonic()
        finished = without_pytest(replace(honest.settings(url, case.seed), examples=case.examples))
        seconds = time.monotonic() - began
    return Whole(proof_of(finished), seconds, len(finished.exchanges), len(finished.left))
