"""Who is measured: how each server is started, what it does with a message, and how to know that it is up."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import httpx
import orjson

from bench import cases
from bench.load import BenchError
from conformance.counterpart.mock_process import end
from ooapi_toets import Json, editions
from ooapi_toets.samples import without
from ooapi_toets.strictjson import encode

HERE = Path(__file__).parent
_MODULES = HERE / "node_modules"
_PRISM = _MODULES / "@stoplight" / "prism-cli" / "dist" / "index.js"
_WIREMOCK = _MODULES / "wiremock" / "build"
_PATIENCE = 60.0


@dataclass(frozen=True)
class Contender:
    """A server that is measured.

    Attributes:
        key: Its short name.
        title: Its name and version, for people.
        does: What it does with each message.
        command: What starts it, given a port and a folder for its files.
        prepare: Lays down files that it needs, in that folder.
        validates: Whether it holds a message against the contract; then it is seen to refuse one.
    """

    key: str
    title: str
    does: str
    command: Callable[[int, Path], list[str]]
    prepare: Callable[[Path], None] = lambda _folder: None
    validates: bool = True


@dataclass(frozen=True)
class Running:
    """A server that is up.

    Attributes:
        contender: Which one.
        port: Where.
        pid: Its process.
        seconds: How long it took from start to its first answer.
    """

    contender: Contender
    port: int
    pid: int
    seconds: float


def mock(*options: str) -> Callable[[int, Path], list[str]]:
    """The command that starts our mock, with options in which `{folder}` is the folder for its files."""
    program = [sys.executable, "-m", "ooapi_toets", "mock", "toetsafname", "--port"]
    return lambda port, folder: [*program, str(port), *(each.format(folder=folder) for each in options)]


def ours() -> list[Contender]:
    """The mock with its stores, journal and examiner on, and the yardstick."""
    number = version("ooapi-toets")
    does = "validates everything, state, journal, examiner"
    return [
        Contender("mock", f"ooapi-toets mock {number}, memory", does, mock()),
        Contender("sqlite", f"ooapi-toets mock {number}, SQLite", does, mock("--store", "{folder}/bench.sqlite")),
        Contender(
            "bare",
            f"bare Starlette {version('starlette')} route",
            "validates the body with the same validator, state",
            lambda port, _: [sys.executable, "-m", "bench.bare", str(port)],
        ),
    ]


def others() -> tuple[list[Contender], list[str]]:
    """The mock servers of others that can be run here, and a sentence about each that cannot."""
    found = [
        Contender(
            "connexion",
            f"Connexion {version('connexion')} AsyncApp, default",
            "validates everything, no state, fixed answer",
            lambda port, _: [sys.executable, "-m", "bench.stock", str(port)],
        )
    ]
    missing = []
    if why := _node_missing():
        missing += [f"Prism was not run: {why}.", f"WireMock was not run: {why}."]
        return found, missing
    found.append(
        Contender(
            "prism",
            f"Prism {_npm_version('@stoplight/prism-cli')}",
            "validates everything, no state, example as answer",
            lambda port, folder: [
                *("node", str(_PRISM), "mock", "-p", str(port), "-h", "127.0.0.1", "-v", "silent"),
                str(folder / "document.json"),
            ],
            lay_document,
        )
    )
    if shutil.which("java") is None:
        missing.append("WireMock was not run: Java was not found.")
    else:
        jar = next(_WIREMOCK.glob("*.jar"))
        found.append(
            Contender(
                "wiremock",
                f"WireMock {_npm_version('wiremock')}",
                "matches method and path only, no state, fixed answer, journal of 1,000",
                lambda port, folder: [
                    *("java", "-jar", str(jar), "--port", str(port), "--bind-address", "127.0.0.1"),
                    *("--root-dir", str(folder), "--disable-banner", "--max-request-journal-entries", "1000"),
                ],
                _stubs,
                validates=False,
            )
        )
    return found, missing


@contextmanager
def running(contender: Contender, folder: Path) -> Iterator[Running]:
    """Start a server, wait until it answers, and stop it in the end.

    Raises:
        BenchError: When it does not come up, or takes what it is said to refuse.
    """
    folder.mkdir(parents=True, exist_ok=True)
    contender.prepare(folder)
    port = _free_port()
    begun = time.perf_counter()
    process = subprocess.Popen(
        contender.command(port, folder), cwd=HERE.parent, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    try:
        _wait_until_up(contender, process, port)
        up = Running(contender, port, process.pid, time.perf_counter() - begun)
        if contender.validates:
            _must_refuse(up)
        yield up
    finally:
        end(process, patience=10)


def _wait_until_up(contender: Contender, process: subprocess.Popen[bytes], port: int) -> None:
    """Up is when a valid session is taken, not when a port is open."""
    case = cases.create()
    deadline = time.monotonic() + _PATIENCE
    with httpx.Client(trust_env=False, timeout=_PATIENCE) as client:
        while time.monotonic() < deadline and process.poll() is None:
            try:
                answer = client.put(
                    f"http://127.0.0.1:{port}{case.path}",
                    content=case.bodies[0],
                    headers={"content-type": "application/json"},
                )
            except httpx.TransportError:
                time.sleep(0.005)
                continue
            if answer.is_success:
                return
            raise BenchError(f"{contender.title} answers {answer.status_code} to a valid session: {answer.text[:300]}")
    process.kill()
    raise BenchError(f"{contender.title} does not come up: {process.communicate()[1].decode()[-500:]}")


def _must_refuse(up: Running) -> None:
    """Not every validator says when it could not read the document: Prism lets everything pass then."""
    case = cases.create()
    answer = httpx.put(
        f"http://127.0.0.1:{up.port}{case.path}",
        json=without(cases.offering(), "name"),
        trust_env=False,
        timeout=_PATIENCE,
    )
    if not answer.is_client_error:
        raise BenchError(f"{up.contender.title} takes a session without a name ({answer.status_code}).")


def _node_missing() -> str:
    """Why what comes from npm cannot be run, or nothing; installs it the first time."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        return "Node or npm was not found"
    if _PRISM.exists() and any(_WIREMOCK.glob("*.jar")):
        return ""
    print("Installing Prism and WireMock from npm …", flush=True)
    command = ["npm", "ci", "--prefix", str(HERE), "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else f"npm ci failed ({(done.stderr.splitlines() or ['no message'])[-1]})"


def _npm_version(package: str) -> str:
    found: dict[str, Any] = json.loads((_MODULES / package / "package.json").read_bytes())
    return str(found["version"])


def lay_document(folder: Path) -> None:
    """The document as Prism can use it: it serves the paths as they stand, so the base path comes before them."""
    document = _without_null(editions.load().contract.document_for("toetsafname"))
    paths = {f"{cases.BASE}{path}": item for path, item in document["paths"].items()}
    (folder / "document.json").write_bytes(orjson.dumps({**document, "servers": [], "paths": paths}))


def _without_null(node: Json) -> Json:
    """The document without `null` among the values of what may be null, where OpenAPI 3.0.3 asks for it.

    Prism adds it there once more, cannot compile the schema that it gets by that, and lets every body pass.
    """
    if isinstance(node, list):
        return [_without_null(each) for each in node]
    if not isinstance(node, dict):
        return node
    found = {key: _without_null(value) for key, value in node.items()}
    if node.get("nullable") is True and isinstance(node.get("enum"), list):
        found["enum"] = [value for value in node["enum"] if value is not None]
    return found


def _stubs(folder: Path) -> None:
    """WireMock reads no OpenAPI: a stub for each operation that is measured, without validation."""
    (folder / "mappings").mkdir(exist_ok=True)
    answers = {("PUT", "/offerings"), ("GET", "/offerings/[^/]+"), ("PUT", "/offerings/[^/]+/associations")}
    body = encode(cases.offering()).decode()
    stubs = [
        {
            "request": {"method": method, "urlPathPattern": f"{cases.BASE}{path}"},
            "response": {"status": 200, "headers": {"content-type": "application/json"}, "body": body},
        }
        for method, path in sorted(answers)
    ]
    (folder / "mappings" / "stubs.json").write_bytes(orjson.dumps({"mappings": stubs}))


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
