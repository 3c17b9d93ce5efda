"""Only listens: says what it hears, until all is quiet or Ctrl-C, and then reports."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from time import monotonic

from conformance.checking.session import CheckSession
from conformance.counterpart.listener import Listener, calls_to
from conformance.endpoint.target import Target
from conformance.evidence.findings import Check
from conformance.judging.finished import CheckOutcome
from conformance.oracle.report_matches_read import compared
from conformance.results import publish
from conformance.settings import CheckSettings, TargetSettings
from ooapi_toets.client_auth import AuthSettings
from ooapi_toets.editions.kinds import ReadSession
from ooapi_toets.options import secret
from ooapi_toets.outcomes import Outcome
from ooapi_toets.texts import say

SCENARIO = "own read"
"""What reading the own report back is recorded as part of."""
_OK = 200
_PATIENCE = 5.0
"""Seconds in which the own read may come to show what was sent."""


def watch(settings: CheckSettings, folder: Path, language: str, patience: float | None) -> CheckOutcome:
    """Listen to a system under test, and report.

    Args:
        settings: What is watched, and where.
        folder: Where the reports go.
        language: The language of what is printed and of the reports.
        patience: Seconds without a call after which it ends; None for only at Ctrl-C.
    """
    session = CheckSession(settings, language)
    try:
        session.look()
        assert session.listener is not None  # noqa: S101 - a watch listens
        until_quiet([session.listener], patience)
        if settings.listen and settings.listen.own_url:
            _read_back(session, session.listener, settings.listen.own_url)
    except BaseException:
        session.close()
        raise
    folder.mkdir(parents=True, exist_ok=True)
    finished = session.finish()
    publish.summary(finished, publish.write(finished, folder, language), language)
    return finished


def _read_back(session: CheckSession, listener: Listener, url: str) -> None:
    """Compare the reports that were accepted with the own read of the system, which is tried for a few seconds."""
    token = secret("TOKEN")
    auth = AuthSettings(kind="bearer", token=token) if token else AuthSettings()
    meaning = partial(session.edition.meaning, session.settings.role)
    target = Target(TargetSettings(url, auth=auth), session.contract, session.recorder, meaning)
    carry = {name for name, each in session.contract.operations.items() if each.messages[-1].kind == "report"}
    heard = listener.entries()
    reports = {each["session"] for each in heard if each["operation"] in carry and each["status"] == _OK}
    try:
        for each in sorted(reports):
            session.suite.checks.add(_compared(session, listener, target, each))
    finally:
        target.close()


def _compared(session: CheckSession, listener: Listener, target: Target, key: str) -> list[Check]:
    call = session.edition.encode(session.suite.calls, ReadSession(key))
    rule = session.edition.rule("client.report.equals-own-read")
    began = monotonic()
    while True:
        read = target.send(call, SCENARIO, meant_valid=True)
        if not isinstance(read.value, dict) or read.status != _OK:
            told = say("Reading session {session} there was answered with {answer}.", session=key, answer=read.answer)
            return [Check(rule, Outcome.NOT_EXERCISED, told, SCENARIO, (read.number,))]
        found = compared(rule, listener.session(key), read.value, read)
        if found.outcome is Outcome.PASS or monotonic() - began > _PATIENCE:
            return [found]
        listener.settle()


def until_quiet(listeners: Sequence[Listener], patience: float | None) -> None:
    """Say what is heard until nothing was for so long, or until Ctrl-C or SIGTERM.

    Args:
        listeners: Who listens.
        patience: Seconds without a call anywhere; None for only when told to stop.
    """
    stop = threading.Event()
    with _until_told(stop.set):
        for _ in calls_to(listeners, patience, stop.is_set):
            pass


@contextmanager
def _until_told(stop: Callable[[], None]) -> Iterator[None]:
    before = {each: signal.signal(each, lambda *_: stop()) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
