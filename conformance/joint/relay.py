"""A joint test of two systems: a relay between them, and a report of each."""

from __future__ import annotations

import ssl
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from conformance.checking.session import now
from conformance.counterpart import client_findings
from conformance.evidence.exchange import Exchange
from conformance.evidence.findings import Check
from conformance.evidence.recorder import Recorder
from conformance.joint import bystander, watch
from conformance.joint.proxy import Front
from conformance.judging import verdict
from conformance.judging.finished import CheckOutcome
from conformance.judging.verdict import State
from conformance.oracle import every_exchange, report_matches_read
from conformance.planning.plan import Plan
from conformance.results import publish
from conformance.settings import CheckSettings, ListenSettings, TargetSettings
from ooapi_toets import console, editions
from ooapi_toets import register as registers
from ooapi_toets.contract import Role
from ooapi_toets.editions import Edition
from ooapi_toets.editions.kinds import Report
from ooapi_toets.outcomes import EXIT_OF, Exit, Half
from ooapi_toets.register import Rule
from ooapi_toets.texts import say

_LIMIT = say("Only the traffic between the two systems was judged; no requests were sent to test more.")
_NO_TOKENS = say("The relay forwards tokens and issues none.")


@dataclass
class Relay:
    """A recording middle for two systems.

    Args:
        upstream: The base URL of each system by its role.
        addresses: Where to stand in for each of them: host and port.
        edition: The edition of the standard.
        ca: A file with extra CA certificates.
    """

    upstream: dict[Role, str]
    addresses: dict[Role, tuple[str, int]]
    edition: str = editions.DEFAULT
    ca: Path | None = None

    def __post_init__(self) -> None:
        self._started = now()
        self._stack = ExitStack()
        recorder = Recorder()
        self.fronts: dict[Role, Front] = {}
        for role in editions.load(self.edition).roles:
            verify = ssl.create_default_context()
            if self.ca:
                verify.load_verify_locations(self.ca)
            front = Front(role, self.upstream[role], self.addresses[role], recorder, self.edition, verify)
            self._stack.callback(front.judge.stop)
            self._stack.callback(front.stop)
            self.fronts[role] = front

    def start(self) -> None:
        """Begin to pass on.

        Raises:
            ServeError: When a mock that judges does not come up.
        """
        try:
            for front in self.fronts.values():
                front.start()
        except BaseException:
            self.close()
            raise

    def finish(self) -> dict[Role, CheckOutcome]:
        """Stop, and judge both."""
        try:
            for front in self.fronts.values():
                front.stop()
            return {role: self._finished(role) for role in self.fronts}
        finally:
            self.close()

    def close(self) -> None:
        """Let go of everything."""
        self._stack.close()

    def _finished(self, role: Role) -> CheckOutcome:
        edition = editions.load(self.edition)
        served, called = self.fronts[role], self.fronts[edition.called_by(role)[0]]
        received = {entry: _as_heard(each) for entry, each in called.by_entry.items()}
        entries = [each for each in called.judge.entries() if each["id"] in received]
        checks = [
            *bystander.judge(served.passed, edition, role),
            *every_exchange.judge(served.passed, edition, role),
            *client_findings.checks(entries, called.judge.report(), received),
            *called.refused,
            *_own_reads(served, called, edition),
        ]
        plan = self._plan(role, checks)
        results = tuple(verdict.roll_up(plan, checks))
        reached = verdict.verdict_of(results, State())
        return CheckOutcome(
            settings=CheckSettings(
                role=role, target=TargetSettings(served.upstream), edition=self.edition, listen=ListenSettings()
            ),
            plan=plan,
            results=results,
            verdict=reached,
            gate=reached,
            baseline=None,
            excused={},
            state=State(),
            exchanges=tuple(served.passed),
            heard=tuple(_as_heard(each) for each in called.passed),
            listened=called.url,
            created=(),
            removed=(),
            left=(),
            measurements=(),
            started=self._started,
            finished=now(),
        )

    def _plan(self, role: Role, checks: Iterable[Check]) -> Plan:
        """The client half, what the role must have answered, and whatever else was seen."""
        register = registers.load()
        edition = editions.load(self.edition)
        shown = {each.rule for each in checks} | {edition.rule(each) for each in edition.answers[role].values()}
        served = register.of(edition=self.edition, role=role, half=Half.SERVER)
        client = register.of(edition=self.edition, role=role, half=Half.CLIENT)
        return Plan(
            role=role,
            rules=(*(each for each in served if each.id in shown), *client),
            scenarios=(),
            not_applicable={each.id: _NO_TOKENS for each in client if _about_tokens(each)},
            limits=(_LIMIT,),
        )


def _about_tokens(rule: Rule) -> bool:
    return "oauth2" in rule.requires


def _as_heard(exchange: Exchange) -> Exchange:
    return replace(exchange, scenario=client_findings.SCENARIO, heard=True)


def _own_reads(reporter: Front, receiver: Front, edition: Edition) -> list[Check]:
    """Whether what a system reported is what it shows itself; nothing for one that reports nothing."""
    after = {each.session: each.started for each in receiver.passed if isinstance(each.about, Report) and each.success}
    if not after:
        return []
    reports = {session: receiver.judge.session(session) for session in after}
    return report_matches_read.passing_by(
        edition.rule("client.report.equals-own-read"), reports, reporter.passed, after
    )


def perform_relay(relay: Relay, folder: Path, language: str, patience: float | None) -> Exit:
    """Relay until nothing passed for so long, or until Ctrl-C; then report.

    Args:
        relay: The relay.
        folder: Where the reports go, a folder per role.
        language: The language of the reports.
        patience: Seconds; None for only at Ctrl-C.
    """
    relay.start()
    for role, front in relay.fronts.items():
        front.judge.say = _tell
        caller = editions.load(relay.edition).caller(role)
        console.echo(f"Let your {caller} call {front.url}: it is passed on to the {role} at {front.upstream}.")
    console.echo("Stop with Ctrl-C; the reports come then.")
    try:
        watch.until_quiet([front.judge for front in relay.fronts.values()], patience)
    except BaseException:
        relay.close()
        raise
    return reported(relay.finish(), folder, language)


def _tell(line: str) -> None:
    console.echo(line, err=True)


def reported(finished: dict[Role, CheckOutcome], folder: Path, language: str) -> Exit:
    """Write and print what was found of each role; the exit code is that of the worst."""
    worst = Exit.OK
    for role, each in finished.items():
        console.echo()
        (folder / role).mkdir(parents=True, exist_ok=True)
        publish.summary(each, publish.write(each, folder / role, language), language)
        worst = max(worst, EXIT_OF[each.gate])
    return worst
