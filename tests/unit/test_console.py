"""What is printed is harmless, and printing never fails."""

from __future__ import annotations

import io
import json
import logging
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from ooapi_toets import console
from ooapi_toets.redaction import HIDDEN, RUN


@pytest.fixture(autouse=True)
def _as_before(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(logging, "lastResort", logging.lastResort)
    monkeypatch.setattr(threading, "excepthook", threading.__excepthook__)
    console.prepare()
    yield
    RUN.forget()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("\x1b[31mred\x1b]0;title\x07", "\\u001b[31mred\\u001b]0;title\\u0007"),
        ("a\rb\x08c\x9bd", "a\\u000db\\u0008c\\u009bd"),
        ("txt\u202eexe\u2066\u200b\u2028\ufeff", "txt\\u202eexe\\u2066\\u200b\\u2028\\ufeff"),
        ("\U000e0041", "\\udb40\\udc41"),
        ("\ud800", "\\ud800"),
        ("line\tone\r\nline two", "line\tone\nline two"),
        ("::error::no", "\\u003a:error::no"),
        ("a\n \u00a0::add-mask::x", "a\n \u00a0\\u003a:add-mask::x"),
        ("a ##[group]x ##vso[task]y", "a \\u0023#[group]x \\u0023#vso[task]y"),
        ("# a ## b :: c", "# a ## b :: c"),
    ],
)
def test_what_could_do_something_is_spelled_out(given: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    console.echo(given)
    console.echo(given, err=True, nl=False)
    assert capsys.readouterr() == (said + "\n", said)


def test_json_stays_the_same_data(capsys: pytest.CaptureFixture[str]) -> None:
    data = {"::a\x1b": "\u202e\u200b \\\u2028 ##[group] \U000e0041"}
    console.echo(json.dumps(data, ensure_ascii=False))
    assert json.loads(capsys.readouterr().out) == data


def test_a_secret_is_not_printed(capsys: pytest.CaptureFixture[str]) -> None:
    RUN.learn("open sesame")
    console.echo("it said open sesame")
    console.pipeline_command("::warning::open sesame")
    assert capsys.readouterr().out == f"it said {HIDDEN}\n::warning::{HIDDEN}\n"


def test_our_own_styling_comes_after(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    console.echo("\x1b[1m", fg="red")
    assert capsys.readouterr().out == "\\u001b[1m\n"
    monkeypatch.setenv("FORCE_COLOR", "1")
    console.echo("\x1b[1m", fg="red")
    assert capsys.readouterr().out == "\x1b[31m\\u001b[1m\x1b[0m\n"
    monkeypatch.setenv("NO_COLOR", "1")
    console.echo("x", fg="red")
    assert capsys.readouterr().out == "x\n"


def test_a_log_file_is_no_screen_whatever_force_color_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert not console.screen().is_terminal


def test_logs_and_threads_that_fail_are_printed_as_everything_else(capsys: pytest.CaptureFixture[str]) -> None:
    assert logging.lastResort is not None
    logging.lastResort.handle(logging.makeLogRecord({"msg": "a path \x1b[2J", "levelno": logging.WARNING}))

    def fail() -> None:
        raise ValueError("\x1b[2J")

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    said = capsys.readouterr().err
    assert said.startswith("a path \\u001b[2J\n")
    assert said.endswith("ValueError: \\u001b[2J\n")


@pytest.mark.parametrize("encoding", ["ascii", "cp437", "cp1252", "utf-8"])
def test_a_console_of_another_encoding_shows_what_it_can(encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding=encoding))
    console.prepare()
    console.echo("✗ één →")
    sys.stdout.flush()
    assert raw.getvalue().decode(encoding).startswith(("✗", "\\u2717"))


def test_whoever_stops_reading_does_no_harm() -> None:
    program = "from ooapi_toets import console; console.prepare(); [console.echo('x' * 9999) for _ in range(99)]; "
    with subprocess.Popen(
        [sys.executable, "-c", program + "raise SystemExit(7 if console.closed() else 0)"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 7
