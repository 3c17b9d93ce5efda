"""Checks a liar over a real socket, and says which rules tripped."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from conformance.checking.session import CheckSession
from conformance.judging.finished import CheckOutcome
from conformance.planning.scenario import Scenario
from conformance.settings import CheckSettings
from ooapi_toets import JsonObject
from ooapi_toets.outcomes import Outcome, Verdict
from tests.liars import examples
from tests.liars.catalogue import LIARS
from tests.liars.liar import Liar

_GENERATED = "generated_"
"""How the modules begin whose scenarios make their messages and sequences by chance."""
_MEASURES = "names_and_sizes::test_growing_lists_are_measured"
"""It times lists of thousands; what it judges besides, another scenario judges with a shorter one."""
_TRIPPED = {Outcome.FAIL, Outcome.WARN, Outcome.DISPUTED, Outcome.ERROR}


@dataclass(frozen=True)
class Proof:
    """What a check said of an implementation.

    Attributes:
        tripped: The outcome of every rule that did not pass and was not left out.
        verdict: The verdict.
        reasons: Why, by rule.
        unseen: The rules that were not exercised, and why.
        passes: An example of an exchange for each rule that passed, if that was asked for.
        fails: An example of an exchange for each rule that was broken.
    """

    tripped: dict[str, Outcome]
    verdict: Verdict
    reasons: dict[str, str]
    unseen: dict[str, str]
    passes: dict[str, JsonObject]
    fails: dict[str, JsonObject]


def check(settings: CheckSettings, *, generated: bool = False) -> CheckOutcome:
    """A whole check with the scenarios that are written out, which say the same each time.

    Args:
        settings: What is checked.
        generated: Whether to run the generated ones as well, which take longer.
    """
    session = CheckSession(settings)
    try:
        session.look()
        session.engine.start([])
        for each in sorted(session.plan.scenarios, key=lambda each: each.turn):
            if generated or _is_written_out(each):
                # One at a time: what an implementation does to the sessions of one scenario must not be
                # blamed on another that happens to run beside it.
                session.engine.wait(each)
    except BaseException:
        session.target.close()
        raise
    return session.finish()


def _is_written_out(scenario: Scenario) -> bool:
    return not scenario.name.startswith(_GENERATED) and scenario.name != _MEASURES


def proof_of(finished: CheckOutcome, *, with_passes: bool = False) -> Proof:
    """What a check said, in short."""
    results = [each for each in finished.results if each.outcome in _TRIPPED]
    return Proof(
        tripped={each.rule.id: each.outcome for each in results},
        verdict=finished.verdict,
        reasons={each.rule.id: each.reason.en for each in results},
        unseen={each.rule.id: each.reason.en for each in finished.results if each.outcome is Outcome.NOT_EXERCISED},
        passes=examples.passing(finished) if with_passes else {},
        fails=examples.failing(finished),
    )


def prove(liar: Liar, *, generated: bool = False) -> Proof:
    """What a check says of a liar."""
    with quietly(), liar.server() as server:
        return proof_of(check(liar.settings(server.url), generated=generated))


def prove_named(name: str) -> Proof:
    """The same for the name of a liar, which another process can be told."""
    return prove(LIARS[name])


@contextmanager
def quietly() -> Iterator[None]:
    """Without the log: a liar that crashes on purpose says so in its answers, a mock at length what is expected."""
    before = logging.root.manager.disable
    logging.disable(logging.ERROR)
    try:
        yield
    finally:
        logging.disable(before)
