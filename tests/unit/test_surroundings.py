"""What a gateway answers is never said of the system behind it, and a call shares nothing with the next."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from conformance.endpoint.target import EndpointGone, Target
from conformance.evidence.exchange import Exchange
from conformance.evidence.findings import PrerequisiteFailed, ending_in
from conformance.evidence.recorder import Recorder
from conformance.oracle import every_exchange
from conformance.settings import TargetSettings
from ooapi_toets import editions
from ooapi_toets.calls import Call
from ooapi_toets.texts import same
from ooapi_toets.waiting import seconds_of

_READ = Call("getService", "GET", "/")


class _Front(BaseHTTPRequestHandler):
    status = 200
    cookies: list[str] = []  # noqa: RUF012 - what the calls of one test carried

    def do_GET(self) -> None:
        self.cookies.append(self.headers.get("cookie", ""))
        self.send_response(self.status)
        self.send_header("set-cookie", "session=secret; Path=/")
        self.send_header("retry-after", "0")
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def _target(status: int) -> Iterator[tuple[Target, type[_Front]]]:
    front = type("Front", (_Front,), {"status": status, "cookies": []})
    with ThreadingHTTPServer(("127.0.0.1", 0), front) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}"
        with Target(TargetSettings(url=url), editions.load().contract, Recorder(), lambda *_: None) as target:
            yield target, front
        server.shutdown()


def test_a_cookie_is_not_sent_back() -> None:
    with _target(200) as (target, front):
        for _ in range(2):
            target.send(_READ, "test")
    assert front.cookies == ["", ""]


def _many(target: Target) -> None:
    for _ in range(20):
        target.send(_READ, "test")


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_enough_of_them_end_the_run_with_the_reason(status: int) -> None:
    with _target(status) as (target, _):
        with pytest.raises(EndpointGone):
            _many(target)
        assert target.blocked is not None
        assert str(status) in target.why_stopped.en
        assert "in front of the system" in target.why_stopped.en


@pytest.mark.parametrize("status", [429, 501, 502, 503, 504])
def test_no_rule_is_judged_by_them(status: int) -> None:
    page = b"<html>busy</html>"
    answer = Exchange(
        1, "s", "putOffering", "PUT", "http://x/offerings", (), b"{}", "", 0.0, status, (), page, "", meant_valid=True
    )
    assert answer.surroundings
    assert every_exchange.judge([answer], editions.load(), "toetsafname") == []


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("7", 7.0), (" 0 ", 0.0), ("Wed, 21 Oct 2026 07:28:05 GMT", 5.0), ("Wed, 21 Oct 2026 07:27:00 GMT", 0.0)],
)
def test_both_forms_of_retry_after_are_read(text: str, seconds: float) -> None:
    assert seconds_of(text, datetime(2026, 10, 21, 7, 28, tzinfo=UTC)) == seconds


@pytest.mark.parametrize("text", ["", "soon", "-1", "1.5"])
def test_what_is_no_retry_after_says_nothing(text: str) -> None:
    assert seconds_of(text) is None


def test_what_a_wrapped_error_is_about_is_found() -> None:
    missing = PrerequisiteFailed(same("nothing there"))
    wrapped = RuntimeError()
    wrapped.__cause__ = missing
    assert ending_in(wrapped, PrerequisiteFailed) is missing
    assert ending_in(ExceptionGroup("flaky", [ValueError(), missing]), PrerequisiteFailed) is missing
    assert ending_in(ValueError(), PrerequisiteFailed) is None
