"""Prints to the console, and nothing else in this project does.

A system that is checked decides much of what is printed: names of attributes, addresses, errors. Here all of it
is made harmless: control characters, escape sequences and marks that turn the direction of a line are spelled out,
no line begins a command of the pipeline that the console belongs to, and secrets of the run are hidden. Our own
styling comes after that.
"""

from __future__ import annotations

import logging
import os
import re
import sys
import threading
import traceback
from collections.abc import Iterable
from contextlib import suppress
from io import StringIO
from typing import TYPE_CHECKING, TextIO

import click

from ooapi_toets.redaction import RUN

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

# Control characters, what turns the direction of a line around, what takes no room, and what UTF-8 cannot hold.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
# What GitHub and Azure take for a command: the first after blanks at the beginning of a line, the second anywhere.
_COMMAND = re.compile(r"^(\s*):(?=:)|#(?=#(?:\[|vso\[))", re.MULTILINE)


class _Streams:
    """Which of the two streams is closed: whoever read it has gone."""

    def __init__(self) -> None:
        self.closed: set[bool] = set()
        self.output: TextIO | None = None


_streams = _Streams()


def visible(text: str) -> str:
    """A text from elsewhere, with what cannot be seen, or would hide the rest, spelled out.

    It is written as JSON would, so that JSON stays what it is.
    """
    return _UNSEEN.sub(_spelled, text.replace("\r\n", "\n"))


def shown(text: str) -> str:
    """A text as it may stand on a console: visible, no command to a pipeline, and without secrets."""
    return _COMMAND.sub(_disarmed, visible(RUN.hide(text)))


def echo(
    text: object = "", *, err: bool = False, nl: bool = True, fg: str | None = None, bold: bool | None = None
) -> None:
    """Print a text from anywhere; whatever happens to the console, this never fails.

    Args:
        text: The text.
        err: Whether to print on standard error.
        nl: Whether to end the line.
        fg: The colour of the text.
        bold: Whether it is bold.
    """
    made = shown(str(text))
    styled = click.style(made, fg=fg, bold=bold) if fg or bold else made
    _write(styled, err=err, nl=nl)


def pipeline_command(line: str) -> None:
    """Print a command of ours to the pipeline; whoever makes it sees to what stands in it."""
    _write(visible(RUN.hide(line)), err=False, nl=True)


def render(drawn: RenderableType) -> None:
    """Print a table or the like of our own texts."""
    from rich.console import Console  # noqa: PLC0415 - help must not wait for it

    out = StringIO()
    colours = _coloured(sys.stdout)
    Console(file=out, force_terminal=colours, color_system="standard" if colours else None).print(drawn)
    _write(out.getvalue(), err=False, nl=False)


def screen() -> Console:
    """Standard error as a screen for progress; no terminal unless it is one, whatever FORCE_COLOR says."""
    from rich.console import Console  # noqa: PLC0415 - help must not wait for it

    class Screen(Console):
        def on_broken_pipe(self) -> None:
            # rich itself would end the process, with the exit code of a failed check.
            self.quiet = True
            _close(err=True)

    return Screen(stderr=True, force_terminal=sys.stderr.isatty())


def closed() -> bool:
    """Whether something could not be printed, because whoever read it has gone."""
    return bool(_streams.closed)


def replaced() -> bool:
    """Whether another stream stands in the place of standard output: click does that when it finds it closed."""
    return _streams.output is not sys.stdout


def prepare() -> None:
    """Let the console show what it can, and let nothing go around this module; at the start of a command."""
    _streams.closed.clear()
    _streams.output = sys.stdout
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            # A console of another encoding shows what it cannot hold as an escape.
            with suppress(OSError, ValueError):
                reconfigure(errors="backslashreplace")
    logging.lastResort = _Log(logging.WARNING)
    if threading.excepthook is threading.__excepthook__:  # pytest, for one, has its own
        threading.excepthook = _thread_failed


class _Log(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        """Print a line of a log as everything else."""
        echo(self.format(record), err=True)


def _thread_failed(failed: threading.ExceptHookArgs) -> None:
    lines: Iterable[str] = traceback.format_exception(failed.exc_type, failed.exc_value, failed.exc_traceback)
    echo("".join(lines), err=True, nl=False)


def _write(text: str, *, err: bool, nl: bool) -> None:
    if err in _streams.closed:
        return
    stream = sys.stderr if err else sys.stdout
    try:
        # The stream by name: click would write UTF-8 to a console that says it is ASCII.
        click.echo(text, file=stream, nl=nl, color=_coloured(stream))
    except (OSError, ValueError):  # a pipe that is closed, a disk that is full, a terminal that has gone
        _close(err=err)


def _close(*, err: bool) -> None:
    """Send what is still printed on a stream nowhere, so that Python does not fail on it at its end."""
    _streams.closed.add(err)
    stream = sys.stderr if err else sys.stdout
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def _coloured(stream: TextIO) -> bool:
    """Whether to write colours: on a terminal, or as NO_COLOR (no-color.org) and FORCE_COLOR say."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") not in {"", "0"}:
        return True
    return bool(getattr(stream, "isatty", bool)())


def _spelled(found: re.Match[str]) -> str:
    units = found.group().encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))


def _disarmed(found: re.Match[str]) -> str:
    return f"{found.group(1)}\\u003a" if found.group(1) is not None else "\\u0023"
