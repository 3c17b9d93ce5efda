"""Demonstrations with our own mocks: a check of each role, or both working together through the relay."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import httpx

from conformance.checking.runner import check
from conformance.counterpart import mock_process
from conformance.joint.relay import Relay, reported
from conformance.settings import CheckSettings, TargetSettings
from ooapi_toets import console, editions
from ooapi_toets.contract import Role
from ooapi_toets.errors import ServeError
from ooapi_toets.outcomes import EXIT_OF, Exit

_SHOWN = 10
"""Generated cases of each kind in a demonstration, which should be over soon."""


def demo(folder: Path, language: str) -> Exit:
    """Start the mock of both roles, check both, and say where the reports are."""
    worst = Exit.OK
    for role in editions.ROLES:
        with mock_process.running(role) as mock:
            console.echo(f"The mock {role} listens at {mock.url}", bold=True)
            planning = role in editions.load().given
            settings = CheckSettings(
                role=role,
                target=TargetSettings(url=mock.url),
                given=mock.active if planning else (),
                given_cancelled=mock.cancelled if planning else (),
                examples=_SHOWN,
            )
            finished = check(settings, folder / role, language)
            worst = max(worst, EXIT_OF[finished.gate])
            console.echo()
    console.echo(f"Open {folder / editions.ROLES[0] / 'report.html'} in a browser to see a report.")
    return worst


def chain_demo(folder: Path, language: str) -> Exit:
    """Let the mocks of both roles work together through a relay: the five options, the report, and its reading.

    Args:
        folder: Where the reports go, a folder per role.
        language: The language of the reports.
    """
    with ExitStack() as stack:
        mocks = {
            role: stack.enter_context(mock_process.running(role, "--seed-data", "none")) for role in editions.ROLES
        }
        relay = Relay({role: mock.url for role, mock in mocks.items()}, dict.fromkeys(editions.ROLES, ("127.0.0.1", 0)))
        relay.start()
        try:
            _chain({role: mock.control for role, mock in mocks.items()}, relay)
        except BaseException:
            relay.close()
            raise
        return reported(relay.finish(), folder, language)


def _chain(controls: dict[Role, str], relay: Relay) -> None:
    edition = editions.load(relay.edition)
    with httpx.Client(timeout=60, trust_env=False) as client:
        for role in editions.ROLES:
            client.put(
                f"{controls[role]}/peer",
                json={"url": relay.fronts[editions.load(relay.edition).called_by(role)[0]].url},
            ).raise_for_status()
        session = ""
        for role, flow in edition.chain:
            body = {"session": session} if session else {}
            answer = client.post(f"{controls[role]}/flows/{flow}/run", json=body).raise_for_status().json()
            if answer["state"] != "done":
                raise ServeError(f"The mock {role} could not perform {flow}: {answer['error'] or 'it was refused'}.")
            for step in answer["steps"]:
                console.echo(f"{role:>13}: {step['words']['en']} -> {step['status']}")
            session = session or next(
                each.session for front in relay.fronts.values() for each in front.passed if each.session
            )
