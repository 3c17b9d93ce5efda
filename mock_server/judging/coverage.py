"""What a client has shown so far: counted as it happens, so that nothing is lost when the journal forgets."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from mock_server.journal.entry import Entry, Finding
from mock_server.judging.judge import Judge
from ooapi_toets.outcomes import Outcome


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
    """Counts by rule, by operation and status, and by step.

    Args:
        judge: Tells which step of a flow a call is.
    """

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self.rules: dict[str, RuleTally] = {}
        self.operations: Counter[tuple[str, int]] = Counter()
        self.steps: dict[str, list[int]] = {}
        self.exchanges = 0

    def copy(self) -> Tally:
        """A tally that can be added to without changing this one."""
        other = Tally(self._judge)
        other.rules = {rule: replace(each) for rule, each in self.rules.items()}
        other.operations, other.steps, other.exchanges = self.operations, self.steps, self.exchanges
        return other

    def add(self, entry: Entry) -> None:
        """Count an exchange that has ended."""
        self.exchanges += 1
        self.operations[entry.operation_id or "none", entry.status] += 1
        for finding in entry.findings:
            self.found(finding, entry.id)
        step = self._judge.step_of(entry.kind, entry.effect, entry.status)
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
