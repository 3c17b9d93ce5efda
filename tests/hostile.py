"""Sends a mock what hostile and broken clients send, and looks whether it stays a good server.

    python -m tests.hostile --requests 20000 --seed 1

No answer may be a 5xx, the process must not end, its memory must stay within bounds, and good calls must be
answered as before. What is sent is decided by the seed.
"""

from __future__ import annotations

import argparse
import random
import re
import socket
import struct
import sys
from collections import Counter, deque
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx

from ooapi_toets.samples import Maker
from tests.hostile_requests import KINDS, KNOWN, Attack
from tests.mock_process import MockProcess

MOST_GROWTH = 150_000_000
"""Bytes by which the mock may grow: its journal is full of bodies by the end, and allocators keep some more."""
_PATIENCE = 30.0
_LINGERING = 40
_EVERY = 500
_STATUS = re.compile(rb"^HTTP/1\.1 (\d\d\d) ", re.MULTILINE)


@dataclass
class Seen:
    """What came of the attacks.

    Attributes:
        sent: How many attacks there were.
        statuses: How often each status was answered.
        silent: How many of those that waited for an answer got none before the connection was closed.
        failures: The kind and the first bytes of whatever was answered with 5xx.
        before: Resident bytes when a tenth was sent.
        after: Resident bytes at the end.
    """

    sent: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    silent: int = 0
    failures: list[str] = field(default_factory=list)
    before: int = 0
    after: int = 0

    def __str__(self) -> str:
        statuses = ", ".join(f"{status}: {count:,}" for status, count in sorted(self.statuses.items()))
        return (
            f"{self.sent:,} hostile requests; {sum(self.statuses.values()):,} answers ({statuses}); "
            f"{self.silent:,} connections closed without one; {len(self.failures)} failures; "
            f"memory {self.before / 1e6:.0f} MB after a tenth, {self.after / 1e6:.0f} MB at the end."
        )


class Attacker:
    """Sends attacks to a mock.

    Args:
        url: Its base URL.
        seen: Where to count.
    """

    def __init__(self, url: str, seen: Seen) -> None:
        parts = urlsplit(url)
        self._address = (parts.hostname or "127.0.0.1", parts.port or 80)
        self._seen = seen
        self._lingering: deque[socket.socket] = deque()

    def send(self, name: str, attack: Attack) -> None:
        """Send one attack on a connection of its own."""
        self._seen.sent += 1
        connection = socket.create_connection(self._address, timeout=_PATIENCE)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            for part in attack.parts:
                connection.sendall(part)
        except OSError:
            pass  # it was thrown out before it was done; perhaps there is an answer all the same
        if attack.leaves:
            self._leave(connection, breaks=attack.breaks)
            return
        with connection:
            received = _received(connection)
            assert received is not None, f"{name}: no answer within {_PATIENCE:g} s: {_beginning(attack)}"
            self._judge(name, attack, received)

    def close(self) -> None:
        """Let go of the connections that were left hanging."""
        while self._lingering:
            self._lingering.popleft().close()

    def _leave(self, connection: socket.socket, *, breaks: bool) -> None:
        """Reset the connection, or leave it hanging for a while in the middle of a request."""
        if breaks:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.close()
            return
        self._lingering.append(connection)
        if len(self._lingering) > _LINGERING:
            self._lingering.popleft().close()

    def _judge(self, name: str, attack: Attack, received: bytes) -> None:
        statuses = [int(each) for each in _STATUS.findall(received)]
        self._seen.statuses.update(statuses)
        self._seen.silent += not statuses
        if any(each >= 500 for each in statuses):
            self._seen.failures.append(f"{name}: {_beginning(attack)} -> {received[:200]!r}")


def _beginning(attack: Attack) -> str:
    return repr(b"".join(attack.parts)[:400])


def _received(connection: socket.socket) -> bytes | None:
    """Everything until the other side closes; None when it does not, and a client would wait for ever."""
    parts = []
    try:
        while part := connection.recv(65_536):
            parts.append(part)
    except TimeoutError:
        return None
    except OSError:
        pass
    return b"".join(parts)


def run(requests: int, seed: int = 1) -> Seen:
    """Attack a mock so many times; what came of it.

    Raises:
        AssertionError: When it does not hold.
    """
    dice, seen = random.Random(seed), Seen()
    with MockProcess("toetsafname") as mock, httpx.Client(base_url=mock.url, timeout=_PATIENCE) as client:
        attacker = Attacker(mock.url, seen)
        _still_serves(client)
        for number in range(requests):
            kind = dice.choice(KINDS)
            attacker.send(kind.__name__, kind(dice))
            assert not seen.failures, f"{seen.failures[0]}\n{mock.errors[-3000:]}"
            if number == requests // 10:
                seen.before = mock.resident_bytes
            if number % _EVERY == 0:
                _still_serves(client)
        attacker.close()
        _still_serves(client)
        assert mock.process.poll() is None, f"the mock has ended: {mock.errors[-2000:]}"
        assert not mock.errors, f"the mock complained: {mock.errors[-2000:]}"
        seen.after = mock.resident_bytes
    assert seen.after - seen.before < MOST_GROWTH, str(seen)
    return seen


def _still_serves(client: httpx.Client) -> None:
    make = Maker()
    offering, people = make.offering(offeringId=KNOWN), make.students(3)
    assert client.put("/offerings", json=offering).status_code == 200
    assert client.put(f"/offerings/{KNOWN}/associations", json=people).status_code == 200
    assert client.get(f"/offerings/{KNOWN}").json() == offering
    assert len(client.get(f"/offerings/{KNOWN}/associations").json()["items"]) == 3
    assert client.put("/offerings", content=b"{").status_code in {400, 415}


def main() -> int:
    """Attack a mock from the command line."""
    parser = argparse.ArgumentParser(description="Send a mock what hostile and broken clients send.")
    parser.add_argument("--requests", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    print(run(given.requests, given.seed))  # noqa: T201 - a command
    return 0


if __name__ == "__main__":
    sys.exit(main())
