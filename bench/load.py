"""Sends one request over and over, as fast as it is answered: with wrk, or with a loop of our own without it."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import math
import shutil
import subprocess
import time
from collections.abc import Coroutine, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

from bench.cases import Case

CONNECTIONS = 16
"""So many requests are under way at once."""
_LUA = Path(__file__).with_name("load.lua")
_SPARE_SECONDS = 30


class BenchError(Exception):
    """A measurement that would mean nothing: the server did not do what was asked."""


@dataclass(frozen=True)
class Measured:
    """What one round came to.

    Attributes:
        rate: Answers per second.
        p99_ms: The time within which 99 of 100 were answered.
        answers: How many answers there were.
    """

    rate: float
    p99_ms: float
    answers: int


class Load(Protocol):
    """What sends requests.

    Attributes:
        name: What it is, for people.
    """

    name: str

    def run(self, port: int, case: Case, seconds: int) -> Measured:
        """Send a case for some seconds.

        Raises:
            BenchError: When an answer was no success.
        """


class Wrk:
    """wrk, with a script that sends the bodies of a case in turns."""

    name = "wrk"

    def run(self, port: int, case: Case, seconds: int) -> Measured:
        """See `Load`."""
        url = f"http://127.0.0.1:{port}{case.path}"
        with TemporaryDirectory() as folder:
            files = [Path(folder, str(number)) for number in range(len(case.bodies))]
            for file, body in zip(files, case.bodies, strict=True):
                file.write_bytes(body)
            done = subprocess.run(
                [
                    *(
                        "wrk",
                        "-t1",
                        f"-c{CONNECTIONS}",
                        f"-d{seconds}s",
                        "--timeout",
                        "30s",
                        "-s",
                        str(_LUA),
                        url,
                        "--",
                        case.method,
                    ),
                    *map(str, files),
                ],
                capture_output=True,
                text=True,
                timeout=seconds + _SPARE_SECONDS,
                check=False,
            )
        if done.returncode:
            raise BenchError(f"wrk failed: {done.stderr or done.stdout}")
        found = json.loads(done.stdout.splitlines()[-1])
        _must_have_succeeded(case.title, found["answers"], found["errors"])
        return Measured(found["answers"] / found["seconds"], found["p99_ms"], found["answers"])


class Loop:
    """A loop on asyncio's protocols. It costs more than wrk does, so fast servers look slower than they are."""

    name = "a loop in Python"

    def run(self, port: int, case: Case, seconds: int) -> Measured:
        """See `Load`."""
        return _loop(case.title, port, itertools.cycle(requests_of(case)), seconds)


def send_once(title: str, port: int, requests: Iterable[bytes]) -> Measured:
    """Send each of these requests once, in no particular order.

    Args:
        title: What they are, for people.
        port: Where to.
        requests: As they go over the wire; see `request_of`.

    Raises:
        BenchError: When an answer was no success.
    """
    return _loop(title, port, iter(requests), None)


def best() -> Load:
    """The load generator: wrk where it is installed."""
    return Wrk() if shutil.which("wrk") else Loop()


def _must_have_succeeded(title: str, answers: int, errors: int) -> None:
    if errors or not answers:
        raise BenchError(f"{title}: of {answers} answers {errors} were no success.")


def _loop(title: str, port: int, requests: Iterator[bytes], seconds: int | None) -> Measured:
    started = time.perf_counter()
    senders = _run(_send(port, requests, seconds))
    elapsed = time.perf_counter() - started
    times = sorted(each for sender in senders for each in sender.times)
    _must_have_succeeded(title, len(times), sum(sender.errors for sender in senders))
    return Measured(len(times) / elapsed, times[int(len(times) * 0.99)] * 1000, len(times))


def _run(work: Coroutine[Any, Any, list[_Sender]]) -> list[_Sender]:
    try:
        import uvloop  # noqa: PLC0415 - it is not there on every platform
    except ImportError:
        return asyncio.run(work)
    return uvloop.run(work)


async def _send(port: int, requests: Iterator[bytes], seconds: int | None) -> list[_Sender]:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds if seconds else math.inf
    senders = [
        (await loop.create_connection(lambda: _Sender(requests, deadline), "127.0.0.1", port))[1]
        for _ in range(CONNECTIONS)
    ]
    await asyncio.gather(*(sender.done for sender in senders))
    return senders


def requests_of(case: Case) -> list[bytes]:
    """The requests of a case as they go over the wire."""
    return [request_of(case.method, case.path, body) for body in case.bodies or (b"",)]


def request_of(method: str, path: str, body: bytes = b"") -> bytes:
    """A request as it goes over the wire.

    Args:
        method: The HTTP method.
        path: The path, with the base path.
        body: JSON, or nothing for a request without a body.
    """
    head = f"{method} {path} HTTP/1.1\r\nhost: 127.0.0.1\r\n".encode()
    declared = b"content-type: application/json\r\ncontent-length: %d\r\n" % len(body) if body else b""
    return head + declared + b"\r\n" + body


class _Sender(asyncio.Protocol):
    """One connection that always has one request under way; answers must say their length."""

    def __init__(self, requests: Iterator[bytes], deadline: float) -> None:
        self._requests = requests
        self._deadline = deadline
        self._received = b""
        self._loop = asyncio.get_running_loop()
        self._begun = 0.0
        self.times: list[float] = []
        self.errors = 0
        self.done = self._loop.create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: Any = transport
        self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.errors += exc is not None
            self.done.set_result(None)

    def data_received(self, data: bytes) -> None:
        self._received += data
        if not is_whole(self._received):
            return
        now = self._loop.time()
        self.times.append(now - self._begun)
        self.errors += not self._received.startswith(b"HTTP/1.1 2")
        self._received = b""
        self._send()

    def _send(self) -> None:
        self._begun = self._loop.time()
        request = next(self._requests, None) if self._begun < self._deadline else None
        if request is not None:
            self._transport.write(request)
            return
        with contextlib.suppress(asyncio.InvalidStateError):
            self.done.set_result(None)
        self._transport.close()


def is_whole(received: bytes) -> bool:
    """Whether the bytes hold a whole answer, by the length that it declares or by its last chunk."""
    head, blank, body = received.partition(b"\r\n\r\n")
    if not blank:
        return False
    for line in head.lower().split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name == b"content-length":
            return len(body) >= int(value)
        if name == b"transfer-encoding":
            return body.endswith(b"0\r\n\r\n")
    return True
