"""An offer to speak HTTP/2 beside a body: mock and relay read the body, as RFC 9110 section 7.8 lets them."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from conformance.joint.relay import Relay
from mock_server.serving.server import MockServer
from ooapi_toets.samples import Maker

OFFER = (
    "Connection: Upgrade, HTTP2-Settings",
    "HTTP2-Settings: AAEAAEAAAAIAAAAAAAMAAAAAAAQBAAAAAAUAAEAABgAGAAA",
    "Upgrade: h2c",
    "User-Agent: Java-http-client/21.0.2",
)


@pytest.fixture(scope="module")
def mocks() -> Iterator[dict[str, MockServer]]:
    with MockServer("toetsafname") as afname, MockServer("toetsplanning") as planning:
        yield {"toetsafname": afname, "toetsplanning": planning}


@pytest.fixture(scope="module")
def addresses(mocks: dict[str, MockServer]) -> Iterator[dict[str, str]]:
    upstream = {role: mock.url for role, mock in mocks.items()}
    relay = Relay(upstream, dict.fromkeys(upstream, ("127.0.0.1", 0)))
    relay.start()
    yield {"mock": mocks["toetsafname"].url, "relay": relay.fronts["toetsafname"].url}
    relay.close()


def head(url: str, body: bytes, *lines: str) -> bytes:
    parts = urlsplit(url)
    first = (f"PUT {parts.path}/offerings HTTP/1.1", f"Host: {parts.netloc}", "Content-Type: application/json")
    return "\r\n".join((*first, *lines, f"Content-Length: {len(body)}", "", "")).encode()


def status_of(connection: socket.socket) -> bytes:
    """The status line of one answer, whose body is read as well."""
    stream = connection.makefile("rb")
    status = stream.readline()
    length = 0
    while line := stream.readline().strip():
        name, _, value = line.partition(b":")
        length = int(value) if name.lower() == b"content-length" else length
    stream.read(length)
    stream.close()
    return status.strip()


@pytest.mark.parametrize("where", ["mock", "relay"])
@pytest.mark.parametrize("together", [True, False], ids=["in one piece", "piece by piece"])
def test_a_body_beside_an_offer_is_read(where: str, together: bool, addresses: dict[str, str]) -> None:  # noqa: FBT001
    url, body = addresses[where], json.dumps(Maker("java").offering()).encode()
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=10) as connection:
        pieces = [head(url, body, *OFFER) + body] if together else [head(url, body, *OFFER), body[:99], body[99:]]
        for piece in pieces:
            connection.sendall(piece)
        assert status_of(connection) == b"HTTP/1.1 200 OK"
        connection.sendall(head(url, body) + body)  # the connection goes on
        assert status_of(connection) == b"HTTP/1.1 200 OK"


def test_offers_one_behind_the_other(addresses: dict[str, str]) -> None:
    url = addresses["mock"]
    parts = urlsplit(url)
    bodies = [json.dumps(Maker(f"java {number}").offering()).encode() for number in range(20)]
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=10) as connection:
        connection.sendall(b"".join(head(url, body, *OFFER) + body for body in bodies))
        answers = b""
        while answers.count(b"HTTP/1.1 200 OK") < len(bodies):
            received = connection.recv(65_536)
            assert received, answers
            answers += received
