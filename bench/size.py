"""What size does: many sessions, long lists, many requests, and how quickly the mock starts and forgets."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import orjson

from bench import cases, contenders
from bench.cases import BASE, Case
from bench.contenders import Running
from bench.load import Load, request_of, send_once
from bench.speed import Say
from mock_server.serving.server import MockServer

MANY = 100_000
_SPREAD = 64
_SHORT, _LONG = 500, 5_000
_SESSIONS = 50


def offerings(load: Load, rounds: int, seconds: int, folder: Path, say: Say) -> dict[str, Any]:
    """Requests per second of a mock that holds one session beside one that holds very many.

    The full one is asked for sessions that lie far apart, the empty one for the same session each time.
    """
    session = cases.offering()
    put = cases.create()
    spread = tuple(orjson.dumps(cases.numbered(session, number)) for number in range(0, MANY, MANY // _SPREAD))
    scattered = Case("put-scattered", "PUT of one of many offerings", put.method, put.path, spread)
    mock = contenders.ours()[0]
    with (
        contenders.running(mock, folder / "one") as one,
        contenders.running(mock, folder / "many") as many,
    ):
        say(f"Filling a mock with {MANY:,} sessions …")
        filling = (request_of("PUT", put.path, orjson.dumps(cases.numbered(session, number))) for number in range(MANY))
        send_once("Filling", many.port, filling)
        rates: dict[str, list[float]] = {"one": [], "many": []}
        for number in range(rounds + 1):
            for key, up, case in (("one", one, put), ("many", many, scattered)):
                rate = load.run(up.port, case, seconds).rate
                if number:
                    rates[key].append(round(rate, 1))
        return {"sessions": MANY, "rates": rates, "megabytes": memory_of(many.pid)}


def lists(rounds: int, folder: Path, say: Say) -> dict[str, Any]:
    """How long a PUT of a long list takes beside one of a tenth, one member changing each time."""
    say(f"Lists of {_SHORT} and of {_LONG} …")
    times: dict[str, list[float]] = {str(_SHORT): [], str(_LONG): []}
    with contenders.running(contenders.ours()[0], folder / "lists") as up, _client(up) as client:
        for count in (_SHORT, _LONG):
            people = cases.people(count + 1)
            bodies = [orjson.dumps(people[:count]), orjson.dumps(people[1:])]
            for number in range(2 + rounds * 2):
                begun = time.perf_counter()
                _put(client, cases.list_of(1).path, bodies[number % 2])
                if number > 1:
                    times[str(count)].append(round((time.perf_counter() - begun) * 1000, 3))
    return {"milliseconds": times}


def memory(folder: Path, say: Say) -> dict[str, Any]:
    """How much memory a mock takes at first, and after many requests with lists among them."""
    say(f"Memory after {MANY:,} requests …")
    with contenders.running(contenders.ours()[0], folder / "memory") as up:
        before = memory_of(up.pid)
        with _client(up) as client:
            for number in range(_SESSIONS):
                _put(client, f"{BASE}/offerings", orjson.dumps(cases.numbered(cases.offering(), number)))
        send_once("Many requests", up.port, _mixed(MANY))
        return {"requests": MANY, "before": before, "after": memory_of(up.pid)}


def starts(rounds: int, folder: Path, say: Say) -> dict[str, Any]:
    """Seconds from the start of the command to the first session that is taken."""
    say("Starting the mock …")
    found = []
    for number in range(rounds):
        with contenders.running(contenders.ours()[0], folder / f"start-{number}") as up:
            found.append(round(up.seconds, 3))
    return {"seconds": found}


def resets(rounds: int, say: Say) -> dict[str, Any]:
    """How long test code waits for a mock with sessions, participants and a journal to be as new."""
    say("Resetting the mock …")
    found = []
    with MockServer("toetsafname") as server, httpx.Client(base_url=server.origin, trust_env=False) as client:
        for _ in range(rounds * 3):
            for number in range(_SESSIONS):
                session = cases.numbered(cases.offering(), number)
                _put(client, f"{BASE}/offerings", orjson.dumps(session))
                path = f"{BASE}/offerings/{session['offeringId']}/associations"
                _put(client, path, cases.list_of(30).bodies[0])
            begun = time.perf_counter()
            server.reset()
            found.append(round((time.perf_counter() - begun) * 1000, 3))
    return {"sessions": _SESSIONS, "milliseconds": found}


def memory_of(pid: int) -> float:
    """The resident memory of a process, in megabytes."""
    status = Path(f"/proc/{pid}/status")
    if status.exists():
        line = next(each for each in status.read_text().splitlines() if each.startswith("VmRSS"))
        return round(int(line.split()[1]) / 1024, 1)
    told = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=True)
    return round(int(told.stdout) / 1024, 1)


def _mixed(count: int) -> Iterator[bytes]:
    """A third each: a session is put, read, and its list replaced, with one member more or less each time."""
    session, everybody = cases.offering(), cases.people(31)
    sessions = [cases.numbered(session, number) for number in range(_SESSIONS)]
    puts = [request_of("PUT", f"{BASE}/offerings", orjson.dumps(each)) for each in sessions]
    gets = [request_of("GET", f"{BASE}/offerings/{each['offeringId']}") for each in sessions]
    both = [orjson.dumps(everybody[:30]), orjson.dumps(everybody[1:])]
    for number in range(count):
        which = number // 3 % _SESSIONS
        if number % 3 == 0:
            yield puts[which]
        elif number % 3 == 1:
            yield gets[which]
        else:
            path = f"{BASE}/offerings/{sessions[which]['offeringId']}/associations"
            yield request_of("PUT", path, both[number // 3 // _SESSIONS % 2])


def _client(up: Running) -> httpx.Client:
    return httpx.Client(base_url=f"http://127.0.0.1:{up.port}", trust_env=False, timeout=60)


def _put(client: httpx.Client, path: str, body: bytes) -> None:
    client.put(path, content=body, headers={"content-type": "application/json"}).raise_for_status()
