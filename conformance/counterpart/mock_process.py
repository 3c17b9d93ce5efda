"""Starts a mock of ours as a process of its own, and speaks with it over HTTP only.

The suite and the mock do not import each other; what one knows of the other is what any user knows.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import orjson

from ooapi_toets import JsonObject, resources
from ooapi_toets.errors import ServeError
from ooapi_toets.samples import consumer_of


@dataclass(frozen=True, slots=True)
class Counterpart:
    """A mock that is running.

    Attributes:
        url: Its base URL.
        control: Where its control API is.
        active: Ids of the sessions it began with.
        cancelled: Ids of those of them that are cancelled.
        ready: Everything that it said when it was ready.
    """

    url: str
    control: str
    active: tuple[str, ...]
    cancelled: tuple[str, ...]
    ready: JsonObject


@contextmanager
def running(role: str, *options: str, environment: Mapping[str, str] | None = None) -> Iterator[Counterpart]:
    """A mock of a role, on a free port unless told otherwise, for as long as the context lasts.

    Args:
        role: Which role it plays.
        options: Further options of `ooapi-toets mock`.
        environment: Further variables of its environment: secrets never are options.

    Raises:
        ServeError: When it does not come up.
    """
    command = [sys.executable, "-m", "ooapi_toets", "mock", role, "--port", "0", "--json-ready", *options]
    process = subprocess.Popen(  # noqa: S603 - our own command
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **(environment or {})},
        start_new_session=True,  # Ctrl-C is for the suite, which then ends it
    )
    try:
        assert process.stdout is not None  # noqa: S101 - it is piped; for the type checker
        line = process.stdout.readline()
        if not line:
            _, output = process.communicate()
            why = output.strip().removeprefix("Error: ") or "it said nothing."
            raise ServeError(f"The mock {role} did not start: {why}")
        ready = orjson.loads(line)
        active, cancelled = seeded_sessions()
        yield Counterpart(ready["url"], ready["control"], active, cancelled, ready)
    finally:
        end(process)


def end(process: subprocess.Popen[bytes] | subprocess.Popen[str], patience: float = 5) -> None:
    """End a process whose output is piped: in good order, or by force after so many seconds."""
    process.terminate()
    try:
        process.communicate(timeout=patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()


def seeded_sessions(name: str = "basic") -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The ids in a seed that ships: sessions that are active, and sessions that are cancelled."""
    seed = orjson.loads(resources.fixtures("seeds", f"{name}.json").read_bytes())
    cancelled = tuple(
        each["offeringId"] for each in seed["offerings"] if (consumer_of(each) or {}).get("offeringState") == "canceled"
    )
    active = tuple(each["offeringId"] for each in seed["offerings"] if each["offeringId"] not in cancelled)
    return active, cancelled
