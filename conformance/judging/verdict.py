"""From checks to one outcome per rule, and from outcomes to one verdict. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from conformance.evidence.findings import Check
from conformance.planning.plan import Plan
from ooapi_toets import flows, results
from ooapi_toets.outcomes import Half, Outcome, Verdict
from ooapi_toets.register import Rule
from ooapi_toets.texts import Text, say


@dataclass(frozen=True, slots=True)
class RuleResult:
    """What became of one rule.

    Attributes:
        rule: The rule.
        outcome: The worst that was seen.
        reason: What decided the outcome.
        checks: Everything that was seen about it.
    """

    rule: Rule
    outcome: Outcome
    reason: Text
    checks: tuple[Check, ...]

    @property
    def deciding(self) -> Check | None:
        """The first check that has the rule's outcome."""
        return next((each for each in self.checks if each.outcome is self.outcome), None)


@dataclass(frozen=True, slots=True)
class State:
    """How the run as a whole went.

    Attributes:
        gone: Whether the endpoint stopped answering.
        interrupted: Whether the user stopped it.
        left: How much could not be removed.
        stale: Rules in the baseline that do not fail any more.
    """

    gone: bool = False
    interrupted: bool = False
    left: int = 0
    stale: tuple[str, ...] = ()


_NOTHING = say("Not tested: no scenario reached this rule.")


def roll_up(plan: Plan, checks: Iterable[Check]) -> list[RuleResult]:
    """One result per rule of the plan: declared away, or the worst that was seen, or not exercised."""
    by_rule: dict[str, list[Check]] = {}
    for check in checks:
        by_rule.setdefault(check.rule, []).append(check)
    kept = {rule for rule, seen in by_rule.items() if any(each.outcome is Outcome.PASS for each in seen)}
    return [_result(rule, plan, by_rule.get(rule.id, []), kept) for rule in plan.rules]


def _result(rule: Rule, plan: Plan, checks: list[Check], kept: Collection[str]) -> RuleResult:
    if (away := plan.not_applicable.get(rule.id)) is not None:
        return RuleResult(rule, Outcome.NOT_APPLICABLE, away, ())
    if rule.never and rule.never.after in kept and all(each.outcome is Outcome.NOT_EXERCISED for each in checks):
        return RuleResult(rule, Outcome.NOT_APPLICABLE, rule.never.why, tuple(checks))
    if not checks:
        unseen = flows.unseen(rule.id, plan.role) if rule.half is Half.CLIENT else _NOTHING
        reason = rule.not_tested or unseen
        return RuleResult(rule, Outcome.NOT_EXERCISED, reason, ())
    worst = max(checks, key=lambda each: each.outcome.rank)
    return RuleResult(rule, worst.outcome, worst.message, tuple(checks))


def verdict_of(found: Iterable[RuleResult], state: State, excused: Collection[str] = ()) -> Verdict:
    """The one answer for a run (see `ooapi_toets.results.verdict_of`).

    Args:
        found: What became of each rule.
        state: How the run as a whole went.
        excused: Rules whose failure does not count, for the gate; the verdict excuses none.
    """
    return results.verdict_of(
        [(each.rule, each.outcome) for each in found],
        no_verdict=state.gone or state.left > 0,
        unfinished=state.interrupted or bool(state.stale),
        excused=excused,
    )
