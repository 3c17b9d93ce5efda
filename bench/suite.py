"""How long a check takes, and how much of that is the suite's own."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx

from bench.load import BenchError
from bench.speed import Say
from conformance.counterpart import mock_process
from conformance.counterpart.mock_process import Counterpart
from ooapi_toets import editions

LATENCY = 0.2
"""The delay of a slow endpoint, in seconds."""


def checks(folder: Path, say: Say) -> dict[str, Any]:
    """The check of each role with default settings, beside a bare loop that sends the same requests again."""
    found = {}
    for role in editions.ROLES:
        say(f"Checking {role} …")
        with mock_process.running(role) as mock:
            seconds, sent = _check(role, mock, folder / role)
        with mock_process.running(role) as mock:
            bare = _again(folder / role / "exchanges.har", mock)
        found[role] = {"seconds": round(seconds, 2), "requests": sent, "bareSeconds": round(bare, 2)}
    return {"roles": found}


def slow(folder: Path, say: Say) -> dict[str, Any]:
    """The check of an endpoint that waits before each answer."""
    role = editions.ROLES[0]
    say(f"Checking a {role} that takes {LATENCY * 1000:.0f} ms for each answer …")
    with mock_process.running(role) as mock:
        httpx.post(f"{mock.control}/faults", json={"action": {"delay": LATENCY}}).raise_for_status()
        seconds, sent = _check(role, mock, folder / "slow")
    return {"latency": LATENCY, "seconds": round(seconds, 1), "requests": sent}


def _check(role: str, mock: Counterpart, folder: Path) -> tuple[float, int]:
    given = [option for each in mock.active for option in ("--given-offering", each)]
    given += [option for each in mock.cancelled for option in ("--given-cancelled", each)]
    command = [sys.executable, "-m", "ooapi_toets", "check", role, "--url", mock.url, "--report-dir", str(folder)]
    begun = time.perf_counter()
    done = subprocess.run(
        [*command, "--unmasked", *(given if role == "toetsplanning" else [])],
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.perf_counter() - begun
    if done.returncode:
        raise BenchError(f"The check of {role} ended with {done.returncode}: {done.stdout[-1000:]}{done.stderr[-500:]}")
    return seconds, int(json.loads((folder / "result.json").read_bytes())["requests"])


def _again(recording: Path, mock: Counterpart) -> float:
    """Seconds that a bare loop takes for the requests of a recording, one after another on one connection."""
    entries = [each["request"] for each in json.loads(recording.read_bytes())["log"]["entries"]]
    requests = [
        (
            each["method"],
            each["url"].partition("/ooapi")[2],
            {line["name"]: line["value"] for line in each["headers"] if line["name"].lower() == "content-type"},
            each.get("postData", {}).get("text", "").encode(),
        )
        for each in entries
    ]
    with httpx.Client(trust_env=False) as client:
        begun = time.perf_counter()
        for method, path, headers, body in requests:
            client.request(method, mock.url + path, headers=headers, content=body)
        return time.perf_counter() - begun
