"""A joint test of two systems: a relay between them, and a report of each."""

from __future__ import annotations

import ssl
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import click
import httpx

from conformance import counterpart, heard, own_read, passive, perform, verdict, watching, witness
from conformance.check import Finished, now
from conformance.checks import Check
from conformance.exchange import Exchange
from conformance.plan import Plan
from conformance.recorder import Recorder
from conformance.relaying import Front
from conformance.settings import CheckSettings, ListenSettings, TargetSettings
from conformance.verdict import State
from ooapi_toets import contract as contracts
from ooapi_toets import register as registers
from ooapi_toets.contract import DEFAULT_EDITION, OTHER, ROLES, Role
from ooapi_toets.errors import ServeError
from ooapi_toets.outcomes import EXIT_OF, Exit, Half
from ooapi_toets.register import Rule, Text

_LIMIT = Text(
    "Only what passed between the two systems was judged: nothing was sent to find out more.",
    "Alleen wat tussen de twee systemen voorbijkwam is beoordeeld: er is niets gestuurd om meer te weten te komen.",
)
_NO_TOKENS = Text(
    "The relay passes tokens on and gives out none.", "De relay geeft tokens door en geeft er zelf geen uit."
)


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
    edition: str = DEFAULT_EDITION
    ca: Path | None = None

    def __post_init__(self) -> None:
        self._started = now()
        self._stack = ExitStack()
        recorder = Recorder()
        self.fronts: dict[Role, Front] = {}
        for role in ROLES:
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

    def finish(self) -> dict[Role, Finished]:
        """Stop, and judge both."""
        try:
            for front in self.fronts.values():
                front.stop()
            return {role: self._finished(role) for role in ROLES}
        finally:
            self.close()

    def close(self) -> None:
        """Let go of everything."""
        self._stack.close()

    def _finished(self, role: Role) -> Finished:
        served, called = self.fronts[role], self.fronts[OTHER[role]]
        contract = contracts.load(self.edition)
        received = {entry: _as_heard(each) for entry, each in called.by_entry.items()}
        entries = [each for each in called.judge.entries() if each["id"] in received]
        checks = [
            *witness.judge(served.passed, contract, role),
            *passive.judge(served.passed, contract),
            *heard.checks(entries, called.judge.report(), received),
            *called.refused,
        ]
        if role == "toetsafname":
            checks += _own_reads(served, called)
        plan = self._plan(role, checks)
        results = tuple(verdict.roll_up(plan, checks))
        reached = verdict.verdict_of(results, State())
        return Finished(
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
        shown = {each.rule for each in checks} | set(witness.ANSWERS[role].values())
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
    return replace(exchange, scenario=heard.SCENARIO, heard=True)


def _own_reads(afname: Front, planning: Front) -> list[Check]:
    after = {
        each.session: each.started for each in planning.passed if each.operation_id == "patchOffering" and each.success
    }
    reports = {session: planning.judge.session(session) for session in after}
    return own_read.passing_by(reports, afname.passed, after)


def perform_relay(relay: Relay, folder: Path, language: str, patience: float | None) -> Exit:
    """Relay until nothing passed for so long, or until Ctrl-C; then report.

    Args:
        relay: The relay.
        folder: Where the reports go, a folder per role.
        language: The language of the reports.
        patience: Seconds; None for only at Ctrl-C.
    """
    relay.start()
    for role in ROLES:
        front = relay.fronts[role]
        front.judge.say = _tell
        click.echo(f"Let your {OTHER[role]} call {front.url}: it is passed on to the {role} at {front.upstream}.")
    click.echo("Stop with Ctrl-C; the reports come then.")
    try:
        watching.until_quiet([front.judge for front in relay.fronts.values()], patience)
    except BaseException:
        relay.close()
        raise
    return _reported(relay.finish(), folder, language)


def _tell(line: str) -> None:
    click.echo(line, err=True)


def demo(folder: Path, language: str) -> Exit:
    """Let the mocks of both roles work together through a relay: the five options, the report, and its reading.

    Args:
        folder: Where the reports go, a folder per role.
        language: The language of the reports.
    """
    with ExitStack() as stack:
        mocks = {role: stack.enter_context(counterpart.running(role, "--seed-data", "none")) for role in ROLES}
        relay = Relay({role: mock.url for role, mock in mocks.items()}, dict.fromkeys(ROLES, ("127.0.0.1", 0)))
        relay.start()
        try:
            _chain({role: mock.control for role, mock in mocks.items()}, relay)
        except BaseException:
            relay.close()
            raise
        return _reported(relay.finish(), folder, language)


def _chain(controls: dict[Role, str], relay: Relay) -> None:
    with httpx.Client(timeout=60) as client:
        for role in ROLES:
            client.put(f"{controls[role]}/peer", json={"url": relay.fronts[OTHER[role]].url}).raise_for_status()
        session = ""
        for role, flow in _CHAIN:
            body = {"session": session} if session else {}
            answer = client.post(f"{controls[role]}/flows/{flow}/run", json=body).raise_for_status().json()
            if answer["state"] != "done":
                raise ServeError(f"The mock {role} could not perform {flow}: {answer['error'] or 'it was refused'}.")
            for step in answer["steps"]:
                click.echo(f"{role:>13}: {step['words']['en']} -> {step['status']}")
            session = session or relay.fronts["toetsafname"].passed[0].session


_CHAIN: tuple[tuple[Role, str], ...] = (
    ("toetsplanning", "2.1"),
    ("toetsplanning", "2.2"),
    ("toetsplanning", "2.3"),
    ("toetsplanning", "2.4"),
    ("toetsafname", "4.1"),
    ("toetsplanning", "4.2"),
    ("toetsplanning", "2.5"),
)
"""Who performs what, in the order of the story."""


def _reported(finished: dict[Role, Finished], folder: Path, language: str) -> Exit:
    worst = Exit.OK
    for role, each in finished.items():
        click.echo()
        (folder / role).mkdir(parents=True, exist_ok=True)
        perform.summary(each, perform.write(each, folder / role, language), language)
        worst = max(worst, EXIT_OF[each.gate])
    return worst
