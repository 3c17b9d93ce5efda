"""What a scenario says about rules, and how a scenario ends early."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field

from conformance.evidence.exchange import Exchange
from ooapi_toets import Json
from ooapi_toets.outcomes import Level, Outcome
from ooapi_toets.register import Rule
from ooapi_toets.texts import Text


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was seen about one rule.

    Attributes:
        rule: The id of the rule.
        outcome: What it says.
        message: What was seen, in a sentence; for a pass what was tried.
        scenario: Where it was seen.
        exchanges: The numbers of the exchanges that show it, the telling one last.
        expected: What should have been there, where that can be shown.
        got: What was there.
        steps: For a generated sequence, its steps in words.
    """

    rule: str
    outcome: Outcome
    message: Text
    scenario: str
    exchanges: tuple[int, ...] = ()
    expected: Json = None
    got: Json = None
    steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Measurement:
    """Something measured that is no verdict.

    Attributes:
        name: A stable slug.
        what: What was measured.
        value: The number.
        unit: Its unit.
    """

    name: str
    what: Text
    value: float
    unit: str


@dataclass(frozen=True, slots=True)
class Left:
    """Something that could not be removed.

    Attributes:
        id: Its id.
        kind: `session` or `report`.
        why: Why it is still there.
    """

    id: str
    kind: str
    why: Text


class CheckList:
    """Every check of a run; safe to share between threads."""

    def __init__(self) -> None:
        self._checks: list[Check] = []
        self._lock = threading.Lock()

    def add(self, checks: Iterable[Check]) -> None:
        """Keep what a scenario said."""
        with self._lock:
            self._checks += checks

    def all(self) -> list[Check]:
        """Every check so far."""
        with self._lock:
            return list(self._checks)


class ScenarioAborted(Exception):
    """A scenario has seen enough: a check failed and what would follow rests on it."""


@dataclass
class PrerequisiteFailed(Exception):
    """What a scenario needs first is not there, so its rules cannot be exercised.

    Attributes:
        reason: Why, as a sentence.
        exchange: The exchange that showed it.
    """

    reason: Text
    exchange: Exchange | None = field(default=None, repr=False)

    def __str__(self) -> str:
        return self.reason.en


def ending_in(error: BaseException, *kinds: type[BaseException]) -> BaseException | None:
    """The first error of some kinds behind an error, in what led to it or what it groups; None when there is none.

    Hypothesis wraps what a scenario raises when it does not happen again.
    """
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        each = waiting.pop(0)
        if each is None or id(each) in seen:
            continue
        if isinstance(each, kinds):
            return each
        seen.add(id(each))
        waiting += [each.__cause__, each.__context__]
        waiting += getattr(each, "exceptions", ())
    return None


def shown(
    exchange: Exchange, rule: str, outcome: Outcome, message: Text, expected: Json = None, got: Json = None
) -> Check:
    """What one exchange shows about a rule, by itself."""
    return Check(rule, outcome, message, exchange.scenario, (exchange.number,), expected, got)


def violated_outcome(rule: Rule) -> Outcome:
    """What it means when a rule does not hold (product.md, outcomes)."""
    if rule.disputed:
        return Outcome.DISPUTED
    return Outcome.FAIL if rule.level is Level.MUST else Outcome.WARN


def numbers(exchanges: Iterable[Exchange]) -> tuple[int, ...]:
    """The numbers of exchanges, each once, in the order given."""
    return tuple(dict.fromkeys(each.number for each in exchanges))
