"""What a mock promises as a server: nothing acknowledged is lost, hostile clients change nothing, two act as one.

The long runs are commands: `python -m tests.kill_loop` and `python -m tests.hostile`.
"""

from __future__ import annotations

import http.client
import itertools
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from conformance.checking import session
from conformance.settings import CheckSettings, TargetSettings
from mock_server.state.stores import open_store
from ooapi_toets.outcomes import Outcome
from tests import hostile, kill_loop
from tests.mock_process import MockProcess

SEQUENCES = ("2.2-list-replaces-the-complete-list", "2.2-single-association-is-added", "2.2-replacement-is-atomic")


def test_nothing_acknowledged_is_lost_when_a_mock_is_killed(tmp_path: Path) -> None:
    count = kill_loop.run(str(tmp_path / "mock.sqlite"), kills=5, seed=3)
    assert count.kills == 5
    assert count.answered >= 5
    assert count.compared > 0


def test_hostile_clients_meet_a_good_server() -> None:
    seen = hostile.run(600, seed=2)
    assert seen.sent == 600
    assert seen.statuses[400] > 100
    assert not seen.silent


@contextmanager
def in_turns(*urls: str) -> Iterator[str]:
    """One address for several servers, which take the requests in turn."""
    turn = itertools.cycle(urls)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def respond(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            kept = {name: value for name, value in self.headers.items() if name.lower() != "host"}
            with closing(http.client.HTTPConnection(urlsplit(next(turn)).netloc, timeout=30)) as connection:
                connection.request(self.command, self.path, body or None, kept)
                answer = connection.getresponse()
                said = answer.read()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in {"date", "server"}:
                    self.send_header(name, value)
            self.end_headers()
            self.wfile.write(said)

        do_GET = do_PUT = do_POST = do_PATCH = do_DELETE = respond

        def log_message(self, *_: object) -> None:
            pass

    front = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=front.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{front.server_port}/ooapi"
    finally:
        front.shutdown()
        front.server_close()


@pytest.fixture
def empty_postgresql(postgresql: str) -> str:
    store = open_store(postgresql)
    with store.begin(write=True) as tx:
        tx.clear()
    store.close()
    return postgresql


def test_two_mocks_on_one_postgresql_pass_the_generated_sequences_as_one(empty_postgresql: str) -> None:
    with (
        MockProcess("toetsafname", "--store", empty_postgresql) as one,
        MockProcess("toetsafname", "--store", empty_postgresql) as other,
        in_turns(one.url, other.url) as url,
    ):
        settings = CheckSettings("toetsafname", TargetSettings(url, timeout=30), only=SEQUENCES, examples=8)
        finished = session.without_pytest(settings)
        wrong = {each.rule.id: each.reason.en for each in finished.results if each.outcome is not Outcome.PASS}
        assert wrong == {}
        assert not finished.left
        messages = {session.message.en for each in finished.results for session in each.checks}
        assert any("generated sequences" in each for each in messages)
        shares = [httpx.get(f"{each.control}/coverage").json()["exchanges"] for each in (one, other)]
        assert min(shares) > 50
        assert one.errors + other.errors == ""
