"""Where the output of a command goes makes no verdict: a pipe that is closed, a disk that is full, a log file."""

from __future__ import annotations

import json
import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from mock_server.serving.server import MockServer
from tests.command import COMMAND

ONE = ("--only", "2.1-create-answers-200", "--examples", "1")


@contextmanager
def nobody() -> Iterator[int]:
    """The end of a pipe that nobody reads."""
    read, write = os.pipe()
    os.close(read)
    try:
        yield write
    finally:
        os.close(write)


@pytest.mark.parametrize("errors_too", [False, True], ids=["output", "both"])
def test_a_check_that_nobody_reads_is_no_verdict_and_has_its_reports(
    errors_too: bool,  # noqa: FBT001 - pytest gives it
    tmp_path: Path,
) -> None:
    with MockServer("toetsafname") as server, nobody() as pipe:
        done = subprocess.run(
            [COMMAND, "check", "toetsafname", "--url", server.url, *ONE],
            cwd=tmp_path,
            stdout=pipe,
            stderr=pipe if errors_too else subprocess.PIPE,
            text=True,
            check=False,
            timeout=100,
        )
    assert done.returncode == 4
    assert "Traceback" not in (done.stderr or "")
    assert json.loads((tmp_path / "reports" / "result.json").read_text())["ledger"]["left"] == []
    assert (tmp_path / "reports" / "report.html").stat().st_size > 10_000


@pytest.mark.parametrize("arguments", [("rules",), ("rules", "--json"), ("spec",), ("check", "--help")])
def test_what_only_prints_has_done_its_work_when_nobody_reads_on(arguments: tuple[str, ...]) -> None:
    with nobody() as pipe:
        done = subprocess.run([COMMAND, *arguments], stdout=pipe, stderr=subprocess.PIPE, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_mock_serves_on_when_nobody_reads_what_it_prints() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [COMMAND, "mock", "toetsafname", "--port", str(port)]
    with (
        nobody() as pipe,
        subprocess.Popen(command, stdout=pipe, stderr=subprocess.PIPE) as process,
        httpx.Client(transport=httpx.HTTPTransport(retries=7)) as client,
    ):
        for _ in range(2):  # it listens before it prints
            assert client.get(f"http://127.0.0.1:{port}/_mock/health", timeout=60).status_code == 200
        process.terminate()
        assert process.stderr is not None
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_a_log_file_holds_no_movements_of_the_cursor(tmp_path: Path) -> None:
    with MockServer("toetsafname") as server:
        done = subprocess.run(
            [COMMAND, "check", "toetsafname", "--url", server.url, *ONE],
            cwd=tmp_path,
            env={**os.environ, "FORCE_COLOR": "1", "PYTHONIOENCODING": "ascii"},
            capture_output=True,
            check=False,
            timeout=100,
        )
    assert done.returncode in {0, 3}, done.stderr
    assert b"\x1b[?25l" not in done.stdout + done.stderr
    assert b"\x1b[2K" not in done.stdout + done.stderr
    assert b"\x1b[1m" in done.stdout
