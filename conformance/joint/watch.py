"""Only listens: says what it hears, until all is quiet or Ctrl-C, and then reports."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from conformance.checking.session import CheckSession
from conformance.counterpart.listener import Listener, calls_to
from conformance.judging.finished import CheckOutcome
from conformance.results import publish
from conformance.settings import CheckSettings


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
    except BaseException:
        session.close()
        raise
    folder.mkdir(parents=True, exist_ok=True)
    finished = session.finish()
    publish.summary(finished, publish.write(finished, folder, language), language)
    return finished


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
