"""Start a server of another make, run the installed check against it, and read the outcome."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.honest.foreign.catalogue import HERE, ROOT, Server

COMMAND = str(Path(sys.executable).parent / "ooapi-toets")
START_WITHIN = 60.0
CHECK_WITHIN = 600.0
NOT_RUN = "not run"
"""The verdict on what lacks a program; an accusation only where nothing may be left out (OOAPI_TOETS_REQUIRE_ALL)."""


class ServerNotStartedError(Exception):
    """A server did not start."""


@dataclass(frozen=True)
class Row:
    """What a check said of an honest system.

    Attributes:
        name: The system.
        verdict: The verdict in words.
        failed: Rule ids with a fail or an error, and why.
        warned: Rule ids with a warning, and why.
        untested: Rule ids that were not tested, and why.
        left: What was left behind at the system.
        seconds: How long the check took.
        output: What the command printed, when it gave no result.
    """

    name: str
    verdict: str
    failed: dict[str, str] = field(default_factory=dict)
    warned: dict[str, str] = field(default_factory=dict)
    untested: dict[str, str] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)
    seconds: float = 0
    output: str = ""

    @property
    def accused(self) -> bool:
        """Whether an honest system was accused, or did not get the verdict that it can get."""
        if self.verdict == NOT_RUN:
            return bool(os.environ.get("OOAPI_TOETS_REQUIRE_ALL"))
        return bool(self.failed or self.left) or self.verdict not in {"conformant", "incomplete"}


def free_port() -> int:
    """Find a loopback port that nobody uses."""
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        port: int = opened.getsockname()[1]
    return port


@contextmanager
def serving(server: Server, folder: Path) -> Iterator[int]:
    """Serve it for as long as the context lasts, with what it prints in the folder; gives the port.

    Raises:
        ServerNotStartedError: It ended, or did not answer within a minute.
    """
    if server.npm:
        install(server.npm)
    port, log = free_port(), folder / "server.log"
    with log.open("wb") as lines:
        process = subprocess.Popen(
            server.command(port, folder),
            stdout=lines,
            stderr=lines,
            cwd=HERE,
            start_new_session=True,
        )
    try:
        wait_for(process, port, log)
        yield port
    finally:
        stopped(process)


def stopped(process: subprocess.Popen[bytes]) -> None:
    """End a process with what it started, if it still runs."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGTERM)
    process.wait(30)


_INSTALLING = threading.Lock()


def install(folder: Path) -> None:
    """Install the Node packages of a folder as its lock file has them, once."""
    with _INSTALLING:
        _install(folder)


def _install(folder: Path) -> None:
    ready = folder / "node_modules" / ".ready"
    lock = folder / "package-lock.json"
    if ready.exists() and ready.stat().st_mtime >= lock.stat().st_mtime:
        return
    subprocess.run(
        ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],  # noqa: S607
        cwd=folder,
        check=True,
    )
    ready.touch()


def sessions(server: Server, port: int) -> dict[str, Any]:
    """Read the sessions that exist there beforehand, to see whether a check leaves them as they were."""
    slash = "/" if server.slashes else ""
    found = {}
    for each in (*server.given, *server.cancelled):
        url = f"{server.scheme}://127.0.0.1:{port}{server.base}/offerings/{each}{slash}"
        try:
            with urllib.request.urlopen(url) as answer:  # noqa: S310  # made here, loopback
                found[each] = _meant(json.load(answer))
        except OSError as error:
            raise ServerNotStartedError(f"{url} cannot be read: {error}") from error
    return found


def _meant(value: Any) -> Any:
    """Leave out what is null or an empty list, which mean the same as absent."""
    if isinstance(value, dict):
        return {name: _meant(each) for name, each in value.items() if each is not None and each != []}
    return [_meant(each) for each in value] if isinstance(value, list) else value


def changes(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Say which attributes of which session a check did not leave as they were."""
    return [
        f"session {each} changed: {name} was {before[each].get(name)!r:.300} and is {after[each].get(name)!r:.600}"
        for each in before
        for name in sorted(before[each].keys() | after[each].keys())
        if before[each].get(name) != after[each].get(name)
    ]


def wait_for(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Wait until a process answers at a port.

    Raises:
        ServerNotStartedError: It ended, or did not answer within a minute.
    """
    until = time.monotonic() + START_WITHIN
    while process.poll() is None and time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise ServerNotStartedError(f"{process.args!r} does not serve:\n{log.read_text(errors='replace')[-2000:]}")


def run(name: str, words: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None) -> Row:
    """Run the installed command with these words and read the result that it writes into the folder."""
    began = time.monotonic()
    done = subprocess.run(
        [COMMAND, *words, "--report-dir", str(folder)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
        timeout=CHECK_WITHIN,
        check=False,
    )
    seconds = time.monotonic() - began
    (folder / "terminal.txt").write_text(done.stdout + done.stderr)
    return replace(read_row(name, folder), seconds=seconds)


def read_row(name: str, folder: Path) -> Row:
    """Read the result that a command wrote into the folder; what it printed, when there is none."""
    written = folder / "result.json"
    if not written.exists():
        return Row(name, "no result", output=(folder / "terminal.txt").read_text(errors="replace"))
    result = json.loads(written.read_text())

    def with_outcome(*outcomes: str) -> dict[str, str]:
        return {each["id"]: each["reason"]["en"] for each in result["rules"] if each["outcome"] in outcomes}

    return Row(
        name,
        result["verdict"],
        failed=with_outcome("fail", "error"),
        warned=with_outcome("warn", "disputed"),
        untested=with_outcome("not exercised", "not tested"),
        left=[f"{each['kind']} {each['id']}: {each['why']['en']}" for each in result["ledger"]["left"]],
        seconds=(
            datetime.fromisoformat(result["finishedAt"]) - datetime.fromisoformat(result["startedAt"])
        ).total_seconds(),
    )
