"""Generated sequences of steps, each followed by a look at the state; a failure is shrunk to the fewest.

Hypothesis chooses the steps and makes them fewer when something goes wrong. What differs is said in the
words and under the rules of `participants.py`, like everywhere. An endpoint that is known by now to break a
rule is followed in its own idea of the state, so that one fault does not hide the next.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from conformance.checking.context import ScenarioContext
from conformance.evidence.exchange import Exchange
from conformance.evidence.findings import Check, PrerequisiteFailed, numbers, violated_outcome
from conformance.generation import budget
from conformance.oracle.participants import Mismatch
from ooapi_toets.outcomes import Outcome
from ooapi_toets.texts import say

STEPS = 12
"""The most steps in one sequence."""
_SHRINKING_SECONDS = 6.0
_SHRINKING_REQUESTS = 150
"""How long the first failing sequence is made shorter: at least so many requests, and then until time is
up; the next ones get less."""
_MOST_FAULTS = 6
"""After so many different faults an endpoint has other problems than a seventh."""


MachineFor = Callable[["Explorer"], type[RuleBasedStateMachine]]


class DivergedError(AssertionError):
    """The endpoint and the model disagree; makes hypothesis look for a shorter sequence."""


@dataclass(frozen=True, slots=True)
class Sequence:
    """A sequence that led to a difference.

    Attributes:
        steps: What was done, in words.
        wrong: What differed.
        exchanges: The calls that were made.
    """

    steps: tuple[str, ...]
    wrong: Mismatch
    exchanges: tuple[Exchange, ...]


@dataclass
class Trail:
    """One sequence under way.

    Attributes:
        explorer: What all sequences share.
        steps: What was done so far, in words.
        exchanges: The calls made so far.
    """

    explorer: Explorer
    steps: list[str] = field(default_factory=list)
    exchanges: list[Exchange] = field(default_factory=list)

    def step(self, words: str) -> None:
        """Say what is about to be done."""
        self.steps.append(words)

    def sent(self, exchange: Exchange) -> Exchange:
        """Keep a call as evidence; returns it."""
        self.exchanges.append(exchange)
        return exchange

    def judge(self, wrong: Iterable[Mismatch], then: str) -> bool:
        """Whether nothing is wrong that was not known already.

        Args:
            wrong: What differs.
            then: What was seen, in words, for the last line of the sequence.

        Raises:
            DivergedError: When a rule is broken that was not known to be.
        """
        found = list(wrong)
        for each in found:
            if self.explorer.rule_of(each) not in self.explorer.known:
                self.explorer.diverged(Sequence((*self.steps, then), each, tuple(self.exchanges)))
                raise DivergedError(each.message.en)
        return not found


class Explorer:
    """Runs generated sequences and keeps the shortest that went wrong, rule by rule.

    Args:
        run: The scenario.
        machine_for: Makes the state machine class whose instances are sequences.
        requests_each: How many requests a step makes, on average.
    """

    def __init__(self, run: ScenarioContext, machine_for: MachineFor, requests_each: float) -> None:
        self._run = run
        self._machine = seed(run.suite.settings.seed)(machine_for(self))
        self._requests_each = requests_each
        self._found: Sequence | None = None
        self._since: tuple[int, float] | None = None
        self._faults = 0
        # What scenarios have shown already; they ran before, because this one runs alone.
        self.known = {
            each.rule
            for each in run.suite.checks.all()
            if each.outcome in {Outcome.FAIL, Outcome.WARN, Outcome.DISPUTED}
        }

    def rule_of(self, wrong: Mismatch) -> str:
        """The rule that something breaks."""
        return self._run.suite.rule_of(wrong.aspect)

    @property
    def spent(self) -> bool:
        """Whether enough was asked of the endpoint to make the sequence shorter."""
        if self._since is None:
            return False
        sent, began = self._since
        enough = self._run.suite.target.sent - sent > _SHRINKING_REQUESTS
        return enough and time.monotonic() - began > _SHRINKING_SECONDS / (1 + self._faults)

    def diverged(self, sequence: Sequence) -> None:
        """Keep a sequence if it is the shortest so far."""
        if self._since is None:
            self._since = self._run.suite.target.sent, time.monotonic()
        if self._found is None or len(sequence.steps) < len(self._found.steps):
            self._found = sequence

    def explore(self) -> None:
        """Run sequences until all is seen or something new is wrong; then say so, and go on from there."""
        examples = budget.cases(
            self._run.suite.target.recorder, self._run.suite.settings.examples, STEPS * self._requests_each
        )
        while self._faults < _MOST_FAULTS:
            self._found, self._since = None, None
            self._once(examples)
            if self._found is None:
                break
            self._say(self._found)
            self._faults += 1
            self.known.add(self.rule_of(self._found.wrong))
        for rule in self._run.scenario.rules:
            if rule not in self.known:
                self._run.passed(
                    rule,
                    say(
                        "{examples} generated sequences of up to {steps} steps agreed with the model",
                        examples=examples,
                        steps=STEPS,
                    ),
                )

    def _once(self, examples: int) -> None:
        options = settings(
            phases=(Phase.generate, Phase.shrink),
            max_examples=examples,
            stateful_step_count=STEPS,
            database=None,
            deadline=None,
            report_multiple_bugs=False,
            print_blob=False,
            suppress_health_check=list(HealthCheck),
        )
        try:
            run_state_machine_as_test(self._machine, settings=options)
        except PrerequisiteFailed:
            raise
        except Exception:
            # Whatever hypothesis makes of an endpoint that fails now and then: what was seen is kept.
            if self._found is None:
                raise

    def _say(self, sequence: Sequence) -> None:
        wrong, rule = sequence.wrong, self.rule_of(sequence.wrong)
        self._run.checks.append(
            Check(
                rule=rule,
                outcome=violated_outcome(self._run.suite.register[rule]),
                message=wrong.message,
                scenario=self._run.scenario.name,
                exchanges=numbers(sequence.exchanges),
                expected=wrong.expected,
                got=wrong.got,
                steps=tuple(f"{number}. {step}" for number, step in enumerate(sequence.steps, 1)),
            )
        )
