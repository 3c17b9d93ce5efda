"""Kills a mock without warning, again and again, while clients write, and looks whether a write was lost.

    python -m tests.kill_loop --kills 200 --store sqlite
    python -m tests.kill_loop --kills 200 --store postgresql

Every write that was answered must be there after a restart. A write that was under way may be there or not,
but only as a whole.
"""

from __future__ import annotations

import argparse
import http.client
import json
import random
import sys
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen

from mock_server.state.stores import open_store
from ooapi_toets import JsonObject
from ooapi_toets.samples import Maker
from tests.databases import postgresql
from tests.mock_process import MockProcess

CLIENTS = 4
MOST_WRITES = 60
"""A mock is killed after so many answered writes at the most."""
_MOST_SESSIONS = 30
_PATIENCE = 240.0


@dataclass(frozen=True)
class Session:
    """A session as a client knows it: what it sent, and who takes part, in order."""

    offering: JsonObject
    people: tuple[JsonObject, ...] = ()


@dataclass(frozen=True)
class Write:
    """One write and what it makes of a session; None for one that is deleted."""

    method: str
    path: str
    body: Any
    key: str
    after: Session | None


@dataclass
class Client:
    """One client with sessions of its own, and what it has been promised.

    Attributes:
        number: Which client it is; decides what it does.
        known: What was answered, by session.
        under_way: The write that was not answered when the mock was killed.
        answered: How many writes were.
    """

    number: int
    known: dict[str, Session] = field(default_factory=dict)
    under_way: Write | None = None
    answered: int = 0

    def __post_init__(self) -> None:
        self._dice = random.Random(self.number)
        self._make = Maker(self.number)

    def write_until_killed(self, url: str, acknowledged: threading.Semaphore) -> None:
        """Write until the connection breaks."""
        parts = urlsplit(url)
        connection = http.client.HTTPConnection(parts.netloc, timeout=_PATIENCE)
        try:
            while True:
                self.under_way = write = self._next()
                body = None if write.body is None else json.dumps(write.body)
                connection.request(write.method, parts.path + write.path, body, {"content-type": "application/json"})
                answer = connection.getresponse()
                said = answer.read()
                assert answer.status == 200, (write.method, write.path, answer.status, said)
                self._promised(write)
                acknowledged.release()
        except (OSError, http.client.HTTPException):
            return
        finally:
            connection.close()

    def look(self, found: dict[str, Session]) -> bool | None:
        """Compare with what is there after a restart; whether the write under way is there, None if none was.

        Raises:
            AssertionError: When a promise was not kept.
        """
        there: bool | None = None
        if self.under_way is not None:
            write, self.under_way = self.under_way, None
            before = self.known.get(write.key)
            assert found.get(write.key) in (before, write.after), f"half a write: {write.method} {write.path}"
            if before != write.after:
                there = found.get(write.key) == write.after
                if there:
                    self._keep(write)
        for key, session in self.known.items():
            assert found.pop(key, None) == session, f"an answered write of client {self.number} is lost: {key}"
        return there

    def _promised(self, write: Write) -> None:
        self._keep(write)
        self.under_way = None
        self.answered += 1

    def _keep(self, write: Write) -> None:
        if write.after is None:
            self.known.pop(write.key, None)
        else:
            self.known[write.key] = write.after

    def _next(self) -> Write:
        key = self._dice.choice(sorted(self.known)) if self.known else ""
        session = self.known.get(key)
        chosen = self._dice.choice(("create", "change", "list", "list", "one", "one", "delete"))
        if session is None or (chosen == "create" and len(self.known) < _MOST_SESSIONS):
            offering = self._make.offering()
            return Write("PUT", "/offerings", offering, offering["offeringId"], Session(offering))
        people = f"/offerings/{key}/associations"
        match chosen:
            case "delete":
                return Write("DELETE", f"/offerings/{key}", None, key, None)
            case "list":
                kept = [each for each in session.people if self._dice.random() < 0.7]
                after = (*kept, *self._make.students(self._dice.randrange(4)))
                return Write("PUT", people, list(after), key, Session(session.offering, after))
            case "one":
                one = self._make.association()
                return Write("PUT", people, one, key, Session(session.offering, (*session.people, one)))
            case _:
                offering = self._make.offering(offeringId=key)
                return Write("PUT", "/offerings", offering, key, Session(offering, session.people))


@dataclass
class Count:
    """What happened in a loop."""

    kills: int = 0
    answered: int = 0
    compared: int = 0
    unanswered_there: int = 0
    unanswered_gone: int = 0

    def __str__(self) -> str:
        under_way = self.unanswered_there + self.unanswered_gone
        return (
            f"{self.kills} kills; {self.answered:,} writes were answered and none is lost; "
            f"{under_way:,} were under way, of which {self.unanswered_there:,} are there and "
            f"{self.unanswered_gone:,} are not, none by half; "
            f"{self.compared:,} sessions were compared."
        )


def run(store: str, kills: int, seed: int = 1) -> Count:
    """Kill a mock so many times; what was counted.

    Args:
        store: A SQLite file or a PostgreSQL URL; what is in it goes.
        kills: How many times.
        seed: Decides when.

    Raises:
        AssertionError: When a write was lost.
    """
    dice, count = random.Random(seed), Count()
    clients = [Client(number) for number in range(CLIENTS)]
    opened = open_store(store)
    with opened.begin(write=True) as tx:
        tx.clear()
    opened.close()
    for _ in range(kills):
        with MockProcess("toetsafname", "--store", store, "--unmasked") as mock:
            _compare(mock, clients, count)
            acknowledged = threading.Semaphore(0)
            with ThreadPoolExecutor(CLIENTS) as pool:
                writing = [pool.submit(each.write_until_killed, mock.url, acknowledged) for each in clients]
                answered = all(acknowledged.acquire(timeout=_PATIENCE) for _ in range(dice.randint(1, MOST_WRITES)))
                mock.kill()
            for each in writing:
                each.result()
            assert answered, "the mock stopped answering"
            count.kills += 1
        _settle(store)
    with MockProcess("toetsafname", "--store", store, "--unmasked") as mock:
        _compare(mock, clients, count)
    count.answered = sum(each.answered for each in clients)
    return count


def _compare(mock: MockProcess, clients: list[Client], count: Count) -> None:
    with urlopen(f"{mock.control}/state") as answer:  # noqa: S310 - our own mock
        state = json.load(answer)
    found = {
        each["offeringId"]: Session(each, tuple(state["associations"].get(each["offeringId"], ())))
        for each in state["offerings"]
    }
    count.compared += len(found)
    for each in clients:
        there = each.look(found)
        count.unanswered_there += there is True
        count.unanswered_gone += there is False
    assert not found, f"nobody sent these: {sorted(found)}"


def _settle(store: str) -> None:
    """Wait until the database has noticed that the mock is gone, so that nothing it had begun comes later."""
    if not store.startswith("postgresql"):
        return
    import psycopg  # noqa: PLC0415 - only for PostgreSQL

    others = (
        "SELECT pg_sleep(0.01), count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
        " AND datname = current_database() AND pid <> pg_backend_pid()"
    )
    with psycopg.connect(store, autocommit=True) as connection:
        while (row := connection.execute(others).fetchone()) is not None and row[1]:
            pass


@contextmanager
def _store(kind: str) -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="ooapi-toets-kill-") as name:
        if kind == "sqlite":
            yield str(Path(name) / "mock.sqlite")
        else:
            with postgresql(Path(name)) as url:
                yield url


def main() -> int:
    """Run the loop from the command line."""
    parser = argparse.ArgumentParser(description="Kill a mock without warning and look whether a write was lost.")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--store", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with _store(given.store) as store:
        print(f"{given.store}: {run(store, given.kills, given.seed)}")  # noqa: T201 - a command
    return 0


if __name__ == "__main__":
    sys.exit(main())
