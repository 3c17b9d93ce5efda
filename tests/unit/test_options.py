"""What a user gives is taken or refused with a sentence, before anything is sent, and secrets are not repeated."""

from __future__ import annotations

import codecs
import logging
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from ooapi_toets.cli import main
from ooapi_toets.errors import UsageError
from ooapi_toets.options import base_url, header_line, secret
from ooapi_toets.redaction import HIDDEN, RUN
from ooapi_toets.userfiles import read_text

CHECK = ("check", "toetsafname")
AT = (*CHECK, "--url", "http://127.0.0.1:9/ooapi")


@pytest.fixture(autouse=True)
def _as_before(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(logging, "lastResort", logging.lastResort)
    monkeypatch.setattr(threading, "excepthook", threading.__excepthook__)
    yield
    RUN.forget()


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What a command that cannot be performed says; it ends with exit code 2."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    told = capsys.readouterr().err
    assert ended.value.code == 2, told
    assert "Traceback" not in told
    return told


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://[::1/x", "is not a URL"),
        ("http://x:99999/y", "is not a URL"),
        ("ftp://x/y", "is not a URL"),
        ("https://", "is not a URL"),
        ("http://a b/c", "is not a URL"),
        ("https://x/ooapi?key=qwerty-1234", "has a query"),
        ("https://x/ooapi#qwerty-1234", "has a query or fragment"),
    ],
)
def test_a_url_that_will_not_do_is_refused(url: str, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    told = said(capsys, *CHECK, "--url", url)
    assert words in told
    assert "qwerty-1234" not in told


def test_a_password_in_a_url_is_not_repeated(capsys: pytest.CaptureFixture[str]) -> None:
    told = said(capsys, *CHECK, "--url", "ftp://me:open-sesame@x/y")
    assert "open-sesame" not in told


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("X-Api-Key: sésame-ouvre", "a header cannot carry"),
        ("X-Api-Key: a\x00sesame-ouvre", "a header cannot carry"),
        ("no colon", "does not begin a header line"),
        ("a b: c", "does not begin a header line"),
        (": c", "does not begin a header line"),
    ],
)
def test_a_header_that_will_not_do_is_refused(line: str, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    told = said(capsys, *AT, "--header", line)
    assert words in told
    assert "ouvre" not in told


def test_a_header_line_is_taken_and_its_credential_known() -> None:
    assert header_line(" X-Api-Key :  sesame-ouvre ") == ("X-Api-Key", "sesame-ouvre")
    assert RUN.hide("sesame-ouvre") == HIDDEN


def test_a_url_may_have_a_query_where_nothing_is_put_behind_it() -> None:
    url = "https://x/token?tenant=1"
    assert base_url("--token-url", url, query=True) == url


@pytest.mark.parametrize(
    "line",
    [
        "timeout = inf", "timeout = nan", "timeout = -1", "timeout = []", "timeout = {a = 1}", "timeout = true",
        "timeout = 2020-01-01", "header = [1, {}]", "header = 'no colon'", "unmasked = 'maybe'", "unmasked = 1",
        "await = inf", "connections = 1.5", "connections = [1]", "connections = 99999999999999999999", "seed = 'x'",
        "url = 5", "lang = 1", "nobody = 1", "[[check]]", "timeout = ", "offers = 5", "[check.offers]\nx = 'y'",
    ],
)  # fmt: skip
def test_a_value_of_the_file_that_will_not_do_is_refused(
    line: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    url = "" if "url" in line else "url = 'http://127.0.0.1:9/ooapi'\n"
    head = "" if line.startswith("[[") else f"[check]\n{url}"
    (tmp_path / "ooapi-toets.toml").write_text(f"{head}{line}\n", encoding="utf-8")
    said(capsys, *CHECK)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_files_are_read_in_the_encodings_of_editors(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_text("  gehéim-1234\r\n", encoding=encoding, newline="")
    assert read_text(path, "It") == "  gehéim-1234\r\n"
    assert secret("TOKEN", path) == "gehéim-1234"
    assert RUN.hide("gehéim-1234") == HIDDEN
    path.write_bytes(codecs.BOM_UTF16_BE + "gehéim-1234".encode("utf-16-be"))
    assert secret("TOKEN", path) == "gehéim-1234"


@pytest.mark.parametrize("raw", ["gehéim".encode("latin-1"), "geheim".encode("utf-16-le"), b"\xff\xfe\x00"])
def test_a_file_in_another_encoding_is_refused_without_its_text(raw: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(raw)
    with pytest.raises(UsageError, match="is not text in UTF-8") as refused:
        read_text(path, "The secret in")
    assert "geh" not in str(refused.value)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        read_text(tmp_path, "The secret in")


def test_a_token_that_no_header_can_carry_is_refused(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OOAPI_TOETS_TOKEN", "töken-0001")
    told = said(capsys, *AT, "--auth", "bearer")
    assert "a header cannot carry" in told
    assert "0001" not in told


def test_a_newline_behind_a_secret_of_the_environment_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OOAPI_TOETS_TOKEN", "token-0001\r\n")
    assert secret("TOKEN") == "token-0001"
