"""A failure can be seen again by hand: its lines of curl, run by a shell, and its printed command."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import orjson
import pytest

from conformance.checking.session import without_pytest
from conformance.results import result
from conformance.settings import CheckSettings
from mock_server.serving.server import MockServer
from mock_server.settings import MockSettings
from ooapi_toets import Json, JsonObject
from tests.command import COMMAND, PATIENCE
from tests.conftest import program
from tests.liars.catalogue import LIARS
from tests.liars.liar import OTHER_SCOPE, TOKEN, TOKENS, Liar

CAUGHT = (
    "lists-are-appended",
    "one-replaces-all",
    "attribute-is-lost",
    "broken-json-is-taken",
    "deleted-is-only-cancelled",
    "delete-clears-all",
    "one-session-per-person",
    "any-token-will-do",
    "scope-is-ignored",
    "documents-are-not-kept",
    "documents-are-added",
    "cancelled-session-takes-no-report",
)
SECRETS = {"OOAPI_TOETS_TOKEN": TOKEN, "OOAPI_TOETS_WRONG_SCOPE_TOKEN": OTHER_SCOPE}


@dataclass(frozen=True)
class Answer:
    """The last answer of a script of curl lines."""

    status: int
    body: Json


def settings_for(liar: Liar, url: str) -> CheckSettings:
    return replace(liar.settings(url), only=tuple(liar.breaks), examples=3)


def replayed(script: str, folder: Path) -> Answer:
    """What a shell shows of the last line of a script."""
    done = subprocess.run(
        [program("bash"), "-euo", "pipefail", "-c", script],
        cwd=folder,
        env={"PATH": os.environ["PATH"], **SECRETS},
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    last = done.stdout[done.stdout.rindex(b"HTTP/1.1 ") :]
    head, _, body = last.partition(b"\r\n\r\n")
    return Answer(int(head.split()[1]), _value(body))


def _value(body: bytes) -> Json:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return body.decode() or None


@contextmanager
def honest(liar: Liar) -> Iterator[MockServer]:
    settings = MockSettings(role=liar.role, port=0, seed_data="basic")
    with MockServer(settings, scheme=TOKENS if liar.asks_for_token else None) as server:
        yield server


def broken_rules(data: JsonObject, liar: Liar) -> Iterator[tuple[JsonObject, JsonObject]]:
    """Each broken rule of a result, and the exchange that tells it."""
    by_number = {each["number"]: each for each in data["exchanges"]}
    for rule in data["rules"]:
        if rule["id"] in liar.breaks:
            yield rule, by_number[rule["exchanges"][-1]]


@pytest.mark.parametrize("name", CAUGHT)
def test_lines_of_curl_show_a_failure_again_and_an_honest_mock_does_not(name: str, tmp_path: Path) -> None:
    liar = LIARS[name]
    with liar.server() as server, honest(liar) as other:
        data = result.build(without_pytest(settings_for(liar, server.url)))
        told = list(broken_rules(data, liar))
        assert {rule["id"] for rule, _ in told} == set(liar.breaks)
        for rule, telling in told:
            script = rule["reproduce"]["curl"]
            seen = replayed(script, tmp_path)
            assert (seen.status, seen.body) == (telling["response"]["status"], telling["response"]["body"]), script
            elsewhere = replayed(script.replace(server.url, other.url), tmp_path)
            assert (elsewhere.status, elsewhere.body) != (seen.status, seen.body), script


@pytest.mark.parametrize("name", ["lists-with-new-faces-are-added", "documents-are-added"])
def test_the_command_for_one_rule_gives_the_same_failure(name: str, tmp_path: Path) -> None:
    liar = LIARS[name]
    with liar.server() as server:
        data = result.build(without_pytest(settings_for(liar, server.url)))
        (rule, _), *_ = broken_rules(data, liar)
        command = [COMMAND, "check", liar.role, "--url", server.url]
        command += ["--only", rule["reproduce"]["only"], *data["options"]]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    again = orjson.loads((tmp_path / "reports" / "result.json").read_bytes())
    assert again["seed"] == rule["reproduce"]["seed"]
    (other,) = again["rules"]
    for part in ("id", "outcome", "reason", "scenario"):
        assert other[part] == rule[part]


def test_no_secret_is_in_a_script() -> None:
    liar = LIARS["no-token-is-fine"]
    with liar.server() as server:
        data = result.build(without_pytest(settings_for(liar, server.url)))
    assert TOKEN not in orjson.dumps(data).decode()
