"""What a client has shown so far: counted as it happens, so that nothing is lost when the journal forgets."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from mock_server.domain.effects import Effect
from mock_server.journal.journal import Entry, Finding
from ooapi_toets.outcomes import Outcome

STEPS = ("2.1", "2.2", "2.3", "2.4", "2.5", "4.1", "4.2")
"""The steps of the flows that a call can be recognised as."""


@dataclass(slots=True)
class RuleTally:
    """How often a rule was seen, and what decides its outcome.

    Attributes:
        checks: How often it was seen.
        worst: The worst that was seen.
        entry: The exchange that showed it first.
        finding: What it showed.
    """

    checks: int = 0
    worst: Outcome = Outcome.NOT_EXERCISED
    entry: int = 0
    finding: Finding | None = None


class Tally:
    """Counts by rule, by operation and status, and by step."""

    def __init__(self) -> None:
        self.rules: dict[str, RuleTally] = {}
        self.operations: Counter[tuple[str, int]] = Counter()
        self.steps: dict[str, list[int]] = {}
        self.exchanges = 0

    def copy(self) -> Tally:
        """A tally that can be added to without changing this one."""
        other = Tally()
        other.rules = {rule: replace(each) for rule, each in self.rules.items()}
        other.operations, other.steps, other.exchanges = self.operations, self.steps, self.exchanges
        return other

    def add(self, entry: Entry) -> None:
        """Count an exchange that has ended."""
        self.exchanges += 1
        self.operations[entry.operation_id or "none", entry.status] += 1
        for finding in entry.findings:
            self.found(finding, entry.id)
        step = step_of(entry.operation_id, entry.effect, entry.status)
        if step is not None:
            seen = self.steps.get(step)
            if seen is None:
                self.steps[step] = [entry.id, entry.id, 1]
            else:
                seen[1] = entry.id
                seen[2] += 1

    def found(self, finding: Finding, entry_id: int) -> None:
        """Count what an exchange says about a rule."""
        tally = self.rules.get(finding.rule)
        if tally is None:
            tally = self.rules[finding.rule] = RuleTally()
        tally.checks += 1
        if finding.outcome is not tally.worst and finding.outcome.rank > tally.worst.rank:
            tally.worst, tally.entry, tally.finding = finding.outcome, entry_id, finding


def step_of(operation_id: str | None, effect: Effect | None, status: int) -> str | None:
    """The step of a flow that an accepted call is, told from what it changed; None for any other call."""
    if status not in _ACCEPTED:
        return None
    return _list_step(effect) if operation_id == "putAssociations" else _STEP_OF.get(operation_id or "")


_ACCEPTED = {200, 201}
_STEP_OF = {
    "putOffering": "2.1",
    "postOffering": "2.1",
    "deleteOffering": "2.5",
    "patchOffering": "4.1",
    "getOffering": "4.2",
}


def _list_step(effect: Effect | None) -> str:
    """An empty session is filled, a list grows, or it shrinks; anything else is registering again."""
    if effect is None or effect.kind != "list" or not effect.anybody_before:
        return "2.2"
    if effect.added and not effect.removed:
        return "2.3"
    return "2.4" if effect.removed and not effect.added else "2.2"
