"""Runs scenarios: several at once over a few connections, the long ones alone, and always cleans up.

An endpoint that mixes sessions up would spoil scenarios that run beside each other, and rules would be
blamed that it does not break; so that is tried first, and then they run one at a time.

pytest is the shell around this (see `pytest_shell.py`): it collects, reports and waits; the work is done here
so that slow endpoints are waited for in parallel.
"""

from __future__ import annotations

import importlib
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from conformance.checking.context import ScenarioContext
from conformance.checking.suite import SharedContext
from conformance.endpoint.target import EndpointGone, RequestLimitReached
from conformance.evidence.findings import Check, PrerequisiteFailed, ScenarioAborted
from conformance.planning.scenario import Scenario
from ooapi_toets.editions import Edition
from ooapi_toets.outcomes import Outcome
from ooapi_toets.texts import Text, say


@dataclass(frozen=True, slots=True)
class Record:
    """What became of one scenario.

    Attributes:
        scenario: The scenario.
        checks: What it said about rules.
        error: Why it broke, when that is our fault.
    """

    scenario: Scenario
    checks: tuple[Check, ...]
    error: str = ""

    @property
    def outcome(self) -> Outcome:
        """The worst outcome among its checks."""
        if self.error:
            return Outcome.ERROR
        return max((each.outcome for each in self.checks), key=lambda each: each.rank, default=Outcome.NOT_EXERCISED)


class Engine:
    """Runs the scenarios of one suite.

    Args:
        suite: What they share.
    """

    def __init__(self, suite: SharedContext) -> None:
        self._suite = suite
        self._context = context_of(suite.edition)
        self._done: Callable[[Record], None] | None = None
        self._ended: set[str] = set()
        self._futures: dict[str, Future[Record]] = {}
        self._pool: ThreadPoolExecutor | None = None
        self._alone = threading.Lock()

    def on_done(self, done: Callable[[Record], None]) -> None:
        """Call this after each scenario, in the thread that ran it."""
        self._done = done

    def start(self, scenarios: Iterable[Scenario]) -> None:
        """Begin with those that may run side by side; the others begin when they are waited for."""
        chosen = list(scenarios)
        self._pool = ThreadPoolExecutor(self._suite.settings.target.connections, thread_name_prefix="scenario")
        first = [self._pool.submit(self._by_itself, each) for each in chosen if each.first]
        self._futures = dict(zip((each.name for each in chosen if each.first), first, strict=True))
        for each in chosen:
            if not each.first and not each.alone:
                self._futures[each.name] = self._pool.submit(self._in_company, each, first)

    def wait(self, scenario: Scenario) -> Record:
        """What became of a scenario, once it has ended."""
        future = self._futures.get(scenario.name)
        if future is not None:
            return future.result()
        for each in self._futures.values():
            each.exception()  # those that run alone begin when all others have ended
        return self._by_itself(scenario)

    def run_all(self, scenarios: list[Scenario]) -> list[Record]:
        """Run scenarios without pytest around them."""
        self.start(scenarios)
        try:
            return [self.wait(each) for each in sorted(scenarios, key=lambda each: each.turn)]
        finally:
            self.finish()

    def finish(self) -> None:
        """Wait for what is under way; what has not begun will not."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def abandon(self, scenarios: Iterable[Scenario], message: Text) -> None:
        """Record an error of the suite for the scenarios that have not run, and run none of them any more."""
        self.finish()
        for each in scenarios:
            if each.name not in self._ended:
                self._suite.checks.add(Check(rule, Outcome.ERROR, message, each.name) for rule in each.rules)

    def _in_company(self, scenario: Scenario, first: list[Future[Record]]) -> Record:
        kept_apart = all(each.result().outcome is not Outcome.FAIL for each in first)
        return self._execute(scenario) if kept_apart else self._by_itself(scenario)

    def _by_itself(self, scenario: Scenario) -> Record:
        with self._alone:
            return self._execute(scenario)

    def _execute(self, scenario: Scenario) -> Record:
        run = self._context(self._suite, scenario)
        error = ""
        try:
            scenario.body(run)
        except ScenarioAborted:
            failed = max(run.checks, key=lambda each: each.outcome.rank).rule
            run.not_tested(say("An earlier check failed (see {failed}).", failed=failed))
        except PrerequisiteFailed as missing:
            run.not_tested(missing.reason)
        except EndpointGone:
            run.not_tested(say("The endpoint no longer responds."))
        except RequestLimitReached:
            limit = self._suite.settings.target.max_requests
            run.not_tested(say("The run may make {limit} requests (--max-requests) and has made them.", limit=limit))
        except Exception as fault:  # noqa: BLE001 - whatever else it is, it is our fault and no verdict
            error = f"{type(fault).__name__}: {fault}"
            run.suite_failed(error)
        finally:
            if not self._suite.settings.keep_data:
                run.clean_up()
            self._suite.checks.add(run.checks)
            self._suite.measurements.extend(run.measurements)
        self._ended.add(scenario.name)
        record = Record(scenario, tuple(run.checks), error)
        if self._done is not None:
            self._done(record)
        return record


def context_of(edition: Edition) -> type[ScenarioContext]:
    """The context in which the scenarios of an edition run: `CONTEXT` of their package."""
    context: type[ScenarioContext] = importlib.import_module(f"conformance.scenarios.{edition.package}").CONTEXT
    return context
