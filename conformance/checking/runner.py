"""Performs a check for a command: the write plan, the run, its progress, and a stop by the user."""

from __future__ import annotations

import signal
import threading
from pathlib import Path
from types import FrameType
from typing import Any

from conformance.checking.progress import Reporter
from conformance.checking.pytest_shell import run_pytest
from conformance.checking.session import CheckSession
from conformance.judging.finished import CheckOutcome
from conformance.results import publish
from conformance.settings import CheckSettings
from ooapi_toets import console


def write_plan(settings: CheckSettings) -> str:
    """What a check would do to the endpoint, as text; nothing is sent."""
    session = CheckSession(settings)
    planned = session.plan
    session.target.close()
    effects = [each.creates(settings.examples) for each in planned.scenarios]
    sessions, people = (sum(made) for made in zip(*effects, strict=True)) if effects else (0, 0)
    lines = [
        f"A check of {settings.role} at {settings.target.url}, edition {settings.edition}, would",
        f"  run {len(planned.scenarios)} scenarios for {len(planned.rules)} rules,",
    ]
    if sessions:
        lines += [
            f"  create about {sessions} sessions and register about {people} people in them,",
            "  change and delete only these sessions; their ids all start with 7e57,",
        ]
    given = (*settings.given, *settings.given_cancelled)
    if given and any(each.given for each in planned.scenarios):
        lines.append(f"  send reports for {', '.join(given)} and put back the report that was there,")
    what = "leave everything there (--keep-data)." if settings.keep_data else "remove what it created."
    lines += [f"  and {what}", "", "Scenarios:"]
    for each, (made, registered) in zip(planned.scenarios, effects, strict=True):
        effect = f"{made} sessions, {registered} people" if made else "nothing created"
        lines.append(f"  {each.name}: {effect}")
        lines.append(f"    {each.title.splitlines()[0]}")
    lines += [f"Note: {limit.en}" for limit in planned.limits]
    return "\n".join([*lines, "Nothing was sent.", ""])


def check(settings: CheckSettings, folder: Path, language: str, *, quiet: bool = False) -> CheckOutcome:
    """Run a check, write its reports, and print what a reader needs first."""
    session = CheckSession(settings, language)
    try:
        session.look()
    except BaseException:
        session.close()
        raise
    folder.mkdir(parents=True, exist_ok=True)
    with Reporter(len(session.plan.scenarios), f"checking {settings.role}", quiet=quiet) as reporter:
        session.engine.on_done(reporter.done)
        if session.listener:
            session.listener.say = reporter.say
        with _stoppable(session):
            run_pytest(session, folder / "pytest.html")
    finished = session.finish()
    files = publish.write(finished, folder, language)
    if not quiet:
        publish.summary(finished, files, language)
    return finished


class _stoppable:  # noqa: N801 - used like a function
    """Ctrl-C stops the run, and not the cleaning up and the reports after it."""

    def __init__(self, session: CheckSession) -> None:
        self._session = session
        self._before: Any = None

    def __enter__(self) -> None:
        if threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGINT, self._stop)

    def __exit__(self, *_: object) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        console.echo("Stopping: cleaning up and writing what there is. Once more to leave at once.", err=True)
        self._session.interrupt()
        signal.signal(signal.SIGINT, self._before)
