"""Lies in HTTP: a request as plain data, an honest road to send it along, and the reply to change."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any, Self

import orjson
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ooapi_toets import Json, editions

Pairs = tuple[tuple[bytes, bytes], ...]
BASE = "/ooapi"
_PATHS = [
    (each.method, re.compile(re.sub(r"\{\w+\}", "[^/]+", each.path)), each.id)
    for each in editions.load().contract.operations.values()
]


@dataclass(frozen=True)
class Ask:
    """A request.

    Attributes:
        method: Its method.
        path: Its path, below the base path.
        query: Its query string.
        headers: Its header lines.
        body: Its body.
    """

    method: str
    path: str
    query: bytes
    headers: Pairs
    body: bytes

    @property
    def operation(self) -> str:
        """The operation of the contract, or nothing."""
        return next((name for verb, path, name in _PATHS if verb == self.method and path.fullmatch(self.path)), "")

    @property
    def key(self) -> str:
        """The id in the path, in lower case."""
        return [*self.path.split("/"), "", ""][2].lower()

    @property
    def value(self) -> Json:
        """The body as JSON; None when it is not JSON."""
        return _value(self.body)

    @property
    def is_broken_json(self) -> bool:
        """Whether the body is declared as JSON and is none."""
        return self.value is None and self.body != b"null" and "json" in self.header("content-type")

    def header(self, name: str) -> str:
        """The value of a header, empty when it is not there."""
        return next((value.decode("latin-1") for key, value in self.headers if key == name.encode()), "")

    def sending(self, value: Json) -> Self:
        """The same request with another body."""
        return replace(self, body=orjson.dumps(value))

    def without_header(self, name: str) -> Self:
        """The same request without a header."""
        return replace(self, headers=tuple(pair for pair in self.headers if pair[0] != name.encode()))

    def with_header(self, name: str, value: str) -> Self:
        """The same request with a header set."""
        bare = self.without_header(name)
        return replace(bare, headers=(*bare.headers, (name.encode(), value.encode())))


@dataclass(frozen=True)
class Reply:
    """An answer."""

    status: int
    body: bytes = b""
    headers: Pairs = ()

    @property
    def value(self) -> Json:
        """The body as JSON; None when it is not JSON."""
        return _value(self.body)

    def saying(self, value: Json, status: int | None = None) -> Self:
        """The same answer with another value, and status if one is given."""
        return replace(self, body=orjson.dumps(value), status=status or self.status)

    def without_header(self, name: str) -> Self:
        """The same answer without a header."""
        return replace(self, headers=tuple(pair for pair in self.headers if pair[0] != name.encode()))

    def declared_as(self, media_type: str) -> Self:
        """The same answer with another media type."""
        bare = self.without_header("content-type")
        return replace(bare, headers=(*bare.headers, (b"content-type", media_type.encode())))


def plain(value: Json, status: int = 200) -> Reply:
    """An answer with a value as JSON."""
    return Reply(status, orjson.dumps(value), ((b"content-type", b"application/json"),))


def problem(status: int, title: str) -> Reply:
    """An answer with a problem body."""
    body = {"status": str(status), "title": title}
    return Reply(status, orjson.dumps(body), ((b"content-type", b"application/problem+json"),))


@dataclass
class Road:
    """The honest mock behind a liar.

    Attributes:
        memory: What the liar wants to remember; its own for each server.
    """

    _app: ASGIApp
    _scope: Scope
    memory: dict[str, Any] = field(default_factory=dict)

    async def __call__(self, ask: Ask) -> Reply:
        """What the mock answers."""
        path = BASE + ask.path
        scope = {
            **self._scope,
            "method": ask.method,
            "path": path,
            "raw_path": path.encode(),
            "query_string": ask.query,
            "headers": [*ask.without_header("content-length").headers, (b"content-length", b"%d" % len(ask.body))],
            "extensions": {},
        }
        answered: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": ask.body, "more_body": False}

        async def send(message: Message) -> None:
            answered.append(message)

        await self._app(scope, receive, send)
        headers = tuple((key.lower(), value) for key, value in answered[0]["headers"])
        body = b"".join(each.get("body", b"") for each in answered[1:])
        return Reply(answered[0]["status"], body, headers)


Lie = Callable[[Ask, Road], Awaitable[Reply]]


def talking(lie: Lie) -> Callable[[ASGIApp], ASGIApp]:
    """Puts a lie around a mock; see `mock_server.app.build`."""

    def around(app: ASGIApp) -> ASGIApp:
        memory: dict[str, Any] = {}

        async def liar(scope: Scope, receive: Receive, send: Send) -> None:
            path = scope["path"].removeprefix(BASE) or "/"
            ask = Ask(
                scope["method"],
                path,
                scope["query_string"],
                tuple(scope["headers"]),
                await _whole(receive),
            )
            reply = await lie(ask, Road(app, scope, memory))
            bare = reply.without_header("content-length")
            length = (b"content-length", b"%d" % len(reply.body))
            await send(
                {"type": "http.response.start", "status": reply.status, "headers": [*bare.headers, length]},
            )
            await send({"type": "http.response.body", "body": reply.body})

        return liar

    return around


async def _whole(receive: Receive) -> bytes:
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


def _value(body: bytes) -> Json:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
