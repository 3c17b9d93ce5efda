"""HTTP with bounds: a request head has a largest size, and nobody may stop in the middle of a request.

uvicorn sets neither for its fast parser. What is refused here is refused before the application sees it.
"""

from __future__ import annotations

import asyncio
import weakref
from typing import Any

from mock_server.handling.problems import problem
from mock_server.settings import Limits
from ooapi_toets.http_upgrade import DecliningProtocol

_SWEEP = 1.0
"""Seconds between two looks for clients that have stopped."""


class Watch:
    """Looks after the connections of one server.

    Args:
        limits: The bounds.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._open: weakref.WeakSet[BoundedProtocol] = weakref.WeakSet()
        self._timer: asyncio.TimerHandle | None = None

    def opened(self, protocol: BoundedProtocol, loop: asyncio.AbstractEventLoop) -> None:
        """A connection was made."""
        self._open.add(protocol)
        if self._timer is None:
            self._timer = loop.call_later(_SWEEP, self._sweep, loop)

    def _sweep(self, loop: asyncio.AbstractEventLoop) -> None:
        now = loop.time()
        for protocol in list(self._open):
            if protocol.waits_for_client and now - protocol.heard > self.limits.idle_seconds:
                protocol.give_up()
        self._timer = loop.call_later(_SWEEP, self._sweep, loop) if len(self._open) else None


class BoundedProtocol(DecliningProtocol):
    """uvicorn's protocol, with bounds.

    Attributes:
        heard: When the client last sent anything, in the loop's time.
    """

    watch: Watch

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.heard = 0.0
        self._head = 0
        self._in_head = False
        self._in_message = False

    @property
    def waits_for_client(self) -> bool:
        """Whether a request has begun that the client has not finished."""
        return self._in_message and not self.transport.is_closing()

    def connection_made(self, transport: Any) -> None:
        """See `asyncio.Protocol`."""
        super().connection_made(transport)
        self.heard = self.loop.time()
        # A client that connects and says nothing is in the middle of a request, too.
        self._in_message = self._in_head = True
        self.watch.opened(self, self.loop)

    def data_received(self, data: bytes) -> None:
        """See `asyncio.Protocol`."""
        self.heard = self.loop.time()
        if self._in_head or not self._in_message:
            self._head += len(data)
            if self._in_head and self._head - len(data) > self.watch.limits.header_bytes:
                self._refuse(431, "The head of the request is too large")
                return
        super().data_received(data)

    def on_message_begin(self) -> None:
        """See `httptools.HttpRequestParser`."""
        self._in_message = self._in_head = True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """See `httptools.HttpRequestParser`."""
        received, self._in_head, self._head = self._head, False, 0
        most = self.watch.limits.header_bytes
        # What was received may hold some of the body, so the head is measured only where it can be too large.
        if received > most and sum(len(name) + len(value) for name, value in self.headers) + len(self.url) > most:
            self._refuse(431, "The head of the request is too large")
            return
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """See `httptools.HttpRequestParser`."""
        self._in_message = self.offered
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """What is not HTTP gets a problem body like everything else."""
        self._refuse(400, "This is not HTTP", msg)

    def give_up(self) -> None:
        """The client has stopped in the middle of a request."""
        if self.cycle is not None and not self.cycle.response_complete:
            # The application waits for the rest of a body: it is told that the client has gone.
            self.transport.close()
        else:
            self._refuse(408, "The request took too long")

    def _refuse(self, status: int, title: str, detail: str = "") -> None:
        if self.transport.is_closing():
            return
        answer = problem(status, title, detail)
        lines = [b"HTTP/1.1 %d %s" % (status, title.encode())]
        lines += [name + b": " + value for name, value in answer.headers]
        lines += [b"content-length: %d" % len(answer.body), b"connection: close", b"", answer.body]
        self.transport.write(b"\r\n".join(lines))
        self.transport.close()


def protocol_for(limits: Limits) -> type[BoundedProtocol]:
    """The protocol class of one server; uvicorn makes its instances."""
    return type("MockProtocol", (BoundedProtocol,), {"watch": Watch(limits)})
