"""Carries out planned misbehaviour on the road: stands inside the examiner, so that it is seen."""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import Any

import orjson
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mock_server.domain.refusals import RefusalError
from mock_server.handling.endpoint import ENTRY, send_answer
from mock_server.handling.messages import Answer
from mock_server.handling.path_hints import Paths
from mock_server.handling.problems import problem, status_phrase
from mock_server.journal.entry import Entry
from mock_server.state.faults import Action, Connection, Fault
from mock_server.state.sandboxes import Sandboxes
from ooapi_toets.strictjson import lenient

TRANSPORT = "ooapi_toets.transport"
"""Where uvicorn's transport travels in the ASGI scope; breaking a connection needs it."""

_HTML = b"<!doctype html><title>Bad gateway</title><h1>Bad gateway</h1><p>A planned fault of the ooapi-toets mock.</p>"
_STEP_SECONDS = 0.05


class FaultInjection:
    """Strikes calls with the faults that are planned for their sandbox.

    Args:
        app: What is next on the road.
        sandboxes: Where faults are planned.
        paths: Tells which operation a call is, before it is routed.
        most: The largest body that is read ahead to see what a call is about.
    """

    def __init__(self, app: ASGIApp, sandboxes: Sandboxes, paths: Paths, most: int) -> None:
        self._app = app
        self._sandboxes = sandboxes
        self._paths = paths
        self._most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the ASGI specification."""
        entry: Entry = scope[ENTRY]
        faults = self._sandboxes.get(entry.sandbox).faults
        if not faults:
            await self._app(scope, receive, send)
            return
        messages = await self._read_ahead(receive, entry)
        self._recognise(scope, entry)
        fault = faults.strike(entry)
        replayed = _replay(messages, receive)
        if fault is None:
            await self._app(scope, replayed, send)
        else:
            await self._strike(fault, scope, replayed, send, entry)

    async def _strike(self, fault: Fault, scope: Scope, receive: Receive, send: Send, entry: Entry) -> None:
        action = fault.action
        entry.struck(f"{fault.name or f'fault {fault.id}'}: {action.words}")
        if action.delay:
            await asyncio.sleep(action.delay.draw(fault.dice))
        breaks = action.connection in {"reset", "empty", "garbage"}
        if not action.after and (breaks or action.status):
            answer = _planned(action)
        else:
            answer = await self._answer(scope, receive)
        if breaks:
            _break(scope, action.connection)
            return
        answer = _spoilt(answer, action, entry, self._sandboxes)
        if action.connection == "truncate":
            await _truncate(scope, send, answer)
            return
        await _drip(send, action.drip, answer)

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        """What the mock would have answered, with all that it changed."""
        status = 0
        headers: list[tuple[bytes, bytes]] = []
        parts: list[bytes] = []

        async def catch(message: Message) -> None:
            nonlocal status, headers
            if message["type"] == "http.response.start":
                status, headers = message["status"], message["headers"]
            else:
                parts.append(message.get("body", b""))

        await self._app(scope, receive, catch)
        kept = tuple((name, value) for name, value in headers if name != b"content-length")
        return Answer(status, b"".join(parts), kept)

    async def _read_ahead(self, receive: Receive, entry: Entry) -> list[Message]:
        messages: list[Message] = []
        size = 0
        while True:
            message = await receive()
            messages.append(message)
            size += len(message.get("body", b""))
            if not message.get("more_body") or size > self._most:
                break
        entry.received(b"".join(message.get("body", b"") for message in messages))
        return messages

    def _recognise(self, scope: Scope, entry: Entry) -> None:
        try:
            match = self._paths.find(scope["method"], scope["path"])
        except RefusalError:
            return  # a path that nobody serves is refused later, by whoever says why
        ids = {name: text.lower() for name, text in match.ids.items()}
        entry.routed(match.operation, ids, match.operation.message_of(lenient(entry.body)).kind)


def _replay(messages: list[Message], receive: Receive) -> Receive:
    waiting = list(messages)

    async def again() -> Message:
        return waiting.pop(0) if waiting else await receive()

    return again


def _planned(action: Action) -> Answer:
    status = action.status or 500
    return problem(status, action.title or status_phrase(status), "A planned fault of the mock.")


def _spoilt(answer: Answer, action: Action, entry: Entry, sandboxes: Sandboxes) -> Answer:
    extra = tuple((name.lower().encode(), value.encode()) for name, value in action.headers)
    others = tuple((name, value) for name, value in answer.headers if name != b"content-type")
    status = action.status or answer.status
    match action.body:
        case "not-json":
            return Answer(status, b'{"offeringId": "7e57', (*answer.headers, *extra))
        case "html":
            return Answer(status, _HTML, ((b"content-type", b"text/html"), *others, *extra))
        case "wrong-content-type":
            return Answer(status, answer.body, ((b"content-type", b"text/plain"), *others, *extra))
        case "empty":
            return Answer(status, b"", (*others, *extra))
        case "stale":
            return Answer(status, _stale(answer.body, entry, sandboxes), (*answer.headers, *extra))
        case _:
            return Answer(status, answer.body, (*answer.headers, *extra))


def _stale(body: bytes, entry: Entry, sandboxes: Sandboxes) -> bytes:
    """The session as it was before its last change, if that is remembered."""
    for earlier in reversed(list(sandboxes.get(entry.sandbox).journal)):
        effect = earlier.effect
        if effect is not None and effect.session == entry.key and effect.before and effect.kind != "none":
            return effect.before
    return body


async def _drip(send: Send, speed: int, answer: Answer) -> None:
    if not speed:
        await send_answer(send, answer)
        return
    headers = [*answer.headers, (b"content-length", b"%d" % len(answer.body))]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    step = max(1, int(speed * _STEP_SECONDS))
    rest = answer.body
    while len(rest) > step:
        await send({"type": "http.response.body", "body": rest[:step], "more_body": True})
        rest = rest[step:]
        await asyncio.sleep(_STEP_SECONDS)
    await send({"type": "http.response.body", "body": rest})


async def _truncate(scope: Scope, send: Send, answer: Answer) -> None:
    """Promise the whole answer, send half of it, and close."""
    body = answer.body or b"{}"
    headers = [*answer.headers, (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
    _break(scope, "empty")


def _break(scope: Scope, how: Connection | None) -> None:
    """Do to the connection what no application can do: this reaches into uvicorn, and a test guards it."""
    transport: Any = scope.get(TRANSPORT)
    if transport is None:
        raise RuntimeError("this server does not let the mock break a connection")
    if how == "reset":
        raw: socket.socket = transport.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    elif how == "garbage":
        transport.write(b"\x00\xffThis is not HTTP\r\n" + orjson.dumps({"planned": "garbage"}))
        transport.close()
    else:
        transport.close()
