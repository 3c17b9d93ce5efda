"""Progress while a check runs: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import threading
import time
from types import TracebackType
from typing import Self

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from conformance.checking.engine import Record
from ooapi_toets import console
from ooapi_toets.outcomes import Outcome

_LOUD = {Outcome.FAIL, Outcome.ERROR}
_EVERY = 5.0
"""Seconds between two plain lines."""


class Reporter:
    """Says how far a check is; safe to be told from several threads.

    Args:
        total: How many scenarios there are.
        what: What is being checked.
        quiet: Whether to say nothing at all.
    """

    def __init__(self, total: int, what: str, *, quiet: bool = False) -> None:
        self._console = console.screen()
        self._total = total
        self._what = what
        self._quiet = quiet
        self._done = 0
        self._said = time.monotonic()
        self._lock = threading.Lock()
        self._bar: Progress | None = None
        if self._console.is_terminal and not quiet:
            self._bar = Progress(
                TextColumn("[bold]{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeElapsedColumn(),
                TextColumn("{task.fields[now]}", style="dim"),
                console=self._console,
                transient=True,
            )
            self._task = self._bar.add_task(what, total=total, now="")

    def done(self, record: Record) -> None:
        """A scenario has ended."""
        with self._lock:
            self._done += 1
            if self._bar is not None:
                self._bar.update(self._task, advance=1, now=record.scenario.function)
            if self._quiet:
                return
            if record.outcome in _LOUD:
                worst = max(record.checks, key=lambda each: each.outcome.rank)
                self.say(f"{worst.outcome.value}: {worst.rule}: {worst.message.en}")
            elif self._bar is None and time.monotonic() - self._said > _EVERY:
                self.say(f"{self._what}: {self._done} of {self._total} scenarios")

    def say(self, line: str) -> None:
        """Say something to whoever watches."""
        self._said = time.monotonic()
        if self._bar is not None:
            self._bar.console.print(console.shown(line), markup=False, highlight=False)
        else:
            console.echo(line, err=True)

    def __enter__(self) -> Self:
        if self._bar is not None:
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()
