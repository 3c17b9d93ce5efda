"""From checks to outcomes, and from outcomes to one verdict: the worst counts, whatever the order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from conformance.evidence.findings import Check, violated_outcome
from conformance.judging.verdict import RuleResult, State, roll_up, verdict_of
from conformance.planning.plan import Plan
from ooapi_toets import register
from ooapi_toets.outcomes import Half, Level, Outcome, Verdict
from ooapi_toets.texts import Text
from tests.unit.suite.made import AFNAME

RULES = register.load().of(edition="toets", role=AFNAME, half=Half.SERVER)
MUST = next(rule for rule in RULES if rule.level is Level.MUST and not rule.disputed)
SAID = Text("seen", "gezien")
PLAN = Plan(role=AFNAME, rules=tuple(RULES), scenarios=(), not_applicable={RULES[0].id: SAID}, limits=())
_SEEN = [Outcome.PASS, Outcome.WARN, Outcome.FAIL, Outcome.DISPUTED, Outcome.NOT_EXERCISED, Outcome.ERROR]
CHECKS = st.lists(
    st.builds(
        lambda rule, outcome: Check(rule.id, outcome, SAID, "scenario"),
        st.sampled_from(RULES[:5]),
        st.sampled_from(_SEEN),
    ),
    max_size=12,
)
STATES = st.builds(State, st.booleans(), st.booleans(), st.integers(0, 3), st.sampled_from([(), ("a",)]))
RESULTS = CHECKS.map(lambda checks: roll_up(PLAN, checks))


def outcomes(found: list[RuleResult]) -> dict[str, Outcome]:
    return {each.rule.id: each.outcome for each in found}


@given(CHECKS, st.randoms(use_true_random=False))
def test_the_order_of_checks_decides_no_outcome(checks: list[Check], chance: object) -> None:
    shuffled = list(checks)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert outcomes(roll_up(PLAN, shuffled)) == outcomes(roll_up(PLAN, checks))


@given(CHECKS)
def test_every_rule_of_the_plan_has_one_outcome_and_a_reason(checks: list[Check]) -> None:
    found = roll_up(PLAN, checks)
    assert [each.rule for each in found] == RULES
    assert all(each.reason.en for each in found)
    for each in found[1:]:
        said = [check.outcome for check in checks if check.rule == each.rule.id]
        assert each.outcome is max(said, key=lambda one: one.rank, default=Outcome.NOT_EXERCISED)
        assert (each.deciding is None) == (not said)


@given(CHECKS)
def test_what_was_declared_away_is_not_judged(checks: list[Check]) -> None:
    away = roll_up(PLAN, checks)[0]
    assert (away.outcome, away.reason, away.checks) == (Outcome.NOT_APPLICABLE, SAID, ())


@given(CHECKS, STATES)
def test_a_failure_stands_whatever_else_happened(checks: list[Check], state: State) -> None:
    found = roll_up(PLAN, [*checks, Check(RULES[1].id, Outcome.FAIL, SAID, "scenario")])
    failed = any(each.outcome is Outcome.FAIL for each in found)
    assert (verdict_of(found, state) is Verdict.NOT_CONFORMANT) == failed
    assert failed or any(each.outcome is Outcome.ERROR for each in found)


@given(RESULTS, STATES)
def test_a_pass_needs_that_all_was_seen(found: list[RuleResult], state: State) -> None:
    if verdict_of(found, state) is Verdict.CONFORMANT:
        assert state == State()
        assert not {each.outcome for each in found} & {Outcome.FAIL, Outcome.ERROR}
        binding = [each for each in found if each.rule.level is Level.MUST and not each.rule.disputed]
        assert all(each.outcome is not Outcome.NOT_EXERCISED for each in binding)


@given(RESULTS, STATES, st.sets(st.sampled_from([rule.id for rule in RULES])))
def test_an_excuse_never_makes_a_verdict_worse(found: list[RuleResult], state: State, excused: set[str]) -> None:
    if verdict_of(found, state) is not Verdict.NOT_CONFORMANT:
        assert verdict_of(found, state, excused) is verdict_of(found, state)
    everything = {each.rule.id for each in found}
    assert verdict_of(found, state, everything) is not Verdict.NOT_CONFORMANT


@given(RESULTS, STATES)
def test_an_endpoint_that_is_gone_is_never_conformant(found: list[RuleResult], state: State) -> None:
    gone = State(gone=True, interrupted=state.interrupted, left=state.left, stale=state.stale)
    assert verdict_of(found, gone) in {Verdict.NOT_CONFORMANT, Verdict.NO_VERDICT}


def test_what_it_means_that_a_rule_is_broken_follows_from_its_level() -> None:
    for rule in register.load():
        outcome = violated_outcome(rule)
        assert (outcome is Outcome.DISPUTED) == rule.disputed
        assert (outcome is Outcome.FAIL) == (rule.level is Level.MUST and not rule.disputed)
