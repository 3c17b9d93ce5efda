"""Exchanges as they happen, as server-sent events (HTML Living Standard, section 9.2)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import orjson
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from mock_server.control.context import Control, Routes, problem_response
from mock_server.journal import views
from mock_server.journal.entry import Entry
from mock_server.state.sandboxes import Sandbox
from ooapi_toets.masking import Masker
from ooapi_toets.strictjson import number_in

_MOST_WAITING = 1_000
_MOST_LISTENERS = 50
_KEEP_ALIVE = 15.0


def routes(control: Control) -> Routes:
    """The routes of this part."""
    heard = control.mock.sandboxes.heard

    async def events(request: Request) -> Response:
        sandbox = control.sandbox(request)
        if len(heard) >= _MOST_LISTENERS:
            detail = f"{_MOST_LISTENERS} are listening already, the limit."
            return problem_response(503, "Too many listeners", detail, {"retry-after": "10"})
        since = number_in(request.headers.get("last-event-id") or request.query_params.get("since") or "")
        missed = [each for each in sandbox.journal if since is not None and each.id > since]
        return StreamingResponse(
            _stream(control, sandbox, missed),
            media_type="text/event-stream",
            headers={"cache-control": "no-store", "x-accel-buffering": "no"},
        )

    return [("GET", "/events", events)]


async def _stream(control: Control, sandbox: Sandbox, missed: list[Entry]) -> AsyncIterator[bytes]:
    waiting: asyncio.Queue[Entry] = asyncio.Queue(_MOST_WAITING)
    lost = False

    def listen(where: Sandbox, entry: Entry) -> None:
        nonlocal lost
        if where.name == sandbox.name:  # it may have been closed and opened again since
            try:
                waiting.put_nowait(entry)
            except asyncio.QueueFull:
                lost = True

    heard = control.mock.sandboxes.heard
    heard.append(listen)
    try:
        yield b"retry: 2000\n\n"
        for entry in missed:
            yield _event(entry, control.masker)
        while True:
            try:
                entry = await asyncio.wait_for(waiting.get(), _KEEP_ALIVE)
            except TimeoutError:
                yield b": still here\n\n"
                continue
            if lost:
                lost = False
                yield b"event: gap\ndata: {}\n\n"
            yield _event(entry, control.masker)
    finally:
        heard.remove(listen)


def _event(entry: Entry, masker: Masker | None) -> bytes:
    return b"id: %d\nevent: exchange\ndata: %s\n\n" % (entry.id, orjson.dumps(views.summary(entry, masker)))
