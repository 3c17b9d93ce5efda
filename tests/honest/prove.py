"""Checks an honest implementation over a real socket."""

from __future__ import annotations

import logging
from typing import NamedTuple

from tests.honest.catalogue import HONEST
from tests.liars.prove import Proof, check, proof_of


class Case(NamedTuple):
    """One check of an honest implementation.

    Attributes:
        name: Its name.
        seed: What decides the data.
        generated: Whether it gets generated messages and sequences as well.
    """

    name: str
    seed: int
    generated: bool = False

    def __str__(self) -> str:
        return f"{self.name}-{self.seed}{'-generated' if self.generated else ''}"


def prove_honest(case: Case) -> Proof:
    """What a check says of it."""
    logging.disable(logging.ERROR)  # the mock explains at length what the check expects
    honest = HONEST[case.name]
    with honest.serve() as url:
        return proof_of(check(honest.settings(url, case.seed), generated=case.generated))
