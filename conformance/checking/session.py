"""One check from beginning to end: look at the endpoint, run the scenarios, clean up, judge.

The scenarios run under pytest (`pytest_shell.py`); `without_pytest` is the same check for our own tests.
"""

from __future__ import annotations

import queue
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial

from conformance.checking import hypothesis_home
from conformance.checking.engine import Engine
from conformance.checking.suite import SharedContext
from conformance.counterpart import client_findings
from conformance.counterpart.listener import Listener
from conformance.endpoint.target import EndpointGone, RequestLimitReached, Target, probe_failure
from conformance.evidence.exchange import Exchange
from conformance.evidence.recorder import Recorder
from conformance.judging import baseline as baselines
from conformance.judging import verdict
from conformance.judging.finished import CheckOutcome
from conformance.judging.verdict import State
from conformance.oracle import every_exchange
from conformance.planning import plan
from conformance.planning.scenario import scenarios_of
from conformance.settings import CheckSettings
from ooapi_toets import editions
from ooapi_toets import register as registers
from ooapi_toets.calls import Call
from ooapi_toets.contract import Contract
from ooapi_toets.editions import Edition
from ooapi_toets.errors import EndpointError
from ooapi_toets.register import Register


def now() -> str:
    """This moment, ISO 8601 in UTC."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


_NOT_FOUND = 404
_NOT_SERVED = {404, 405, 501}


@dataclass
class CheckSession:
    """A check under way.

    Args:
        settings: What it is told.
        language: In which language people are asked for calls.
    """

    settings: CheckSettings
    language: str = "en"
    interrupted: bool = False
    _started: str = field(default_factory=now)

    def __post_init__(self) -> None:
        hypothesis_home.keep_apart()
        self.edition: Edition = editions.load(self.settings.edition)
        self.contract: Contract = self.edition.contract
        self.register: Register = registers.load()
        self.plan = plan.make(self.settings, self.register, scenarios_of(self.settings.edition, self.settings.role))
        path = self.settings.baseline
        self.baseline = baselines.read(path, self.register) if path else None
        self.recorder = Recorder()
        meaning = partial(self.edition.meaning, self.settings.role)
        self.target = Target(self.settings.target, self.contract, self.recorder, meaning)
        listen = self.settings.listen
        role, edition = self.settings.role, self.settings.edition
        self.listener = Listener(listen, role, edition, self.language) if listen else None
        self.suite = SharedContext(
            settings=self.settings,
            target=self.target,
            register=self.register,
            edition=self.edition,
            calls=self.edition.make_calls(self.contract, self.settings.target.paths),
            given=_given(self.settings),
            listener=self.listener,
        )
        self.engine = Engine(self.suite)

    def interrupt(self) -> None:
        """Stop sending; what was seen so far is kept, and cleaning up goes on."""
        self.interrupted = True
        self.target.stop()
        if self.listener:
            self.listener.interrupt()

    def close(self) -> None:
        """Let go of the endpoint, and stop listening."""
        self.target.close()
        if self.listener:
            self.listener.stop()

    def look(self) -> None:
        """See that the endpoint can be checked, and begin to listen, where either is asked for.

        Raises:
            EndpointError: When the endpoint cannot be checked.
            ServeError: When the address to listen on cannot be had.
        """
        if self.settings.target.url:
            self._probe()
        if self.listener:
            self.listener.start()

    def _probe(self) -> None:
        """Send one message that nobody can accept."""
        calls = self.suite.calls
        known = (*self.settings.given, *self.settings.given_cancelled)
        call = self.edition.probe(self.settings.role, calls, known)
        try:
            answer = self.target.send(call, "first look", meant_valid=False)
        except (EndpointGone, RequestLimitReached) as error:
            raise EndpointError(f"{self.target.url} does not answer.", "Is it running?") from error
        if failure := probe_failure(answer) or self._not_ours(answer, call):
            raise failure

    def _not_ours(self, answer: Exchange, call: Call) -> EndpointError | None:
        page = answer.media_type in {"text/html", "text/plain"} and answer.value is None
        if answer.success and page:
            return EndpointError(f"{answer.url} answers with a web page.", "Is this the base URL of the API?")
        unknown = self.settings.role in self.edition.given and not self.settings.given
        if answer.status in _NOT_SERVED and (not unknown or answer.status != _NOT_FOUND or page):
            about = "The session named with --given-offering may also be unknown there. " if call.ids else ""
            return EndpointError(
                f"{call.method} {answer.url} is not served: {answer.answer}.",
                f"{about}Is the base path right, and is this a {self.settings.role} system?",
            )
        return None

    def finish(self) -> CheckOutcome:
        """Remove what is left, judge, and close."""
        self.engine.finish()
        if not self.settings.keep_data:
            self._sweep()
        exchanges = tuple(self.recorder)
        checks = [*self.suite.checks.all(), *every_exchange.judge(exchanges, self.edition, self.settings.role)]
        calls: tuple[Exchange, ...] = ()
        if self.listener:
            entries = self.listener.entries()
            by_entry = client_findings.exchanges(entries, self.recorder.next_number)
            calls = tuple(by_entry.values())
            checks += client_findings.checks(entries, self.listener.report(), by_entry)
        results = verdict.roll_up(self.plan, checks)
        left = () if self.settings.keep_data else tuple(self.suite.ledger.left())
        known = self.baseline
        state = State(
            gone=self.target.stopped and not self.interrupted,
            interrupted=self.interrupted,
            left=len(left),
            stale=tuple(known.stale(results)) if known else (),
        )
        excused = known.excused(results) if known else {}
        self.close()
        return CheckOutcome(
            settings=self.settings,
            plan=self.plan,
            results=tuple(results),
            verdict=verdict.verdict_of(results, state),
            gate=verdict.verdict_of(results, state, excused),
            baseline=known,
            excused=excused,
            state=state,
            exchanges=exchanges,
            heard=calls,
            listened=self.listener.url if self.listener else "",
            created=tuple(self.suite.ledger.created()),
            removed=tuple(self.suite.ledger.gone()),
            left=left,
            measurements=tuple(self.suite.measurements),
            started=self._started,
            finished=now(),
        )

    def _sweep(self) -> None:
        """Try once more to remove what is still on the receipt, also after a stop."""
        if not self.suite.ledger.open():
            return
        stopped = self.target.stopped
        self.target.revive()
        self.suite.ledger.settle(self.target, None, "last")
        if stopped:
            self.target.stop()


def without_pytest(settings: CheckSettings) -> CheckOutcome:
    """A whole check without pytest around it.

    Raises:
        EndpointError: When the endpoint cannot be checked.
        UsageError: When the settings cannot be used.
    """
    session = CheckSession(settings)
    try:
        session.look()
        session.engine.run_all(list(session.plan.scenarios))
    except BaseException:
        session.close()
        raise
    return session.finish()


def _given(settings: CheckSettings) -> dict[str, queue.Queue[str]]:
    given: dict[str, queue.Queue[str]] = {}
    for state, ids in (("active", settings.given), ("canceled", settings.given_cancelled)):
        if ids:
            given[state] = queue.Queue()
            for each in ids:
                given[state].put(each)
    return given
