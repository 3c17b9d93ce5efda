"""Tells control traffic from conversation, and one sandbox from another: the outermost layer of the road."""

from __future__ import annotations

from collections.abc import Callable

from starlette.types import ASGIApp, Receive, Scope, Send

from mock_server.auth import token_endpoint
from mock_server.domain.refusals import RefusalError
from mock_server.handling.endpoint import send_answer
from mock_server.handling.problems import answer_to
from mock_server.middleware.fault_injection import TRANSPORT
from mock_server.middleware.journalling import SANDBOX
from mock_server.settings import CONTROL
from mock_server.state.sandboxes import Sandboxes

SANDBOX_PATH = "/s/"
SANDBOX_HEADER = b"ooapi-toets-sandbox"


class SandboxRouting:
    """Tells control traffic from conversation, and one sandbox from another.

    A sandbox is named by the path (`/s/NAME/ooapi/…`) or by a header, whichever a client can set, and else,
    where that was asked for, by who the client is. That is decided here and not where it is let in, so that
    planned faults and the link to the journal are those of its sandbox.

    Args:
        sandboxes: The sandboxes.
        whose: The sandbox of an Authorization header, where each client has one of its own.
    """

    def __init__(self, sandboxes: Sandboxes, whose: Callable[[bytes], str] | None = None) -> None:
        self._road: ASGIApp | None = None
        self._sandboxes = sandboxes
        self._whose = whose
        self.control: ASGIApp | None = None
        self.oauth: ASGIApp | None = None

    def around(self, road: ASGIApp) -> ASGIApp:
        """Stand in front of what takes the conversation."""
        self._road = road
        return self

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the ASGI specification."""
        if scope["type"] != "http":
            await _lifespan(scope, receive, send)
            return
        name = self._named(scope)
        path: str = scope["path"]
        try:
            if name:
                self._sandboxes.get(name)
        except RefusalError as refusal:
            await send_answer(send, answer_to(refusal))
            return
        scope[SANDBOX] = name
        scope[TRANSPORT] = getattr(getattr(send, "__self__", None), "transport", None)
        if path.startswith(CONTROL) and self.control is not None:
            await self.control(scope, receive, send)
        elif self.oauth is not None and path.startswith(token_endpoint.PREFIXES):
            await self.oauth(scope, receive, send)
        elif self._road is not None:
            await self._road(scope, receive, send)

    def _named(self, scope: Scope) -> str:
        """The sandbox that a request names; its prefix is taken off the path."""
        name = ""
        path: str = scope["path"]
        if path.startswith(SANDBOX_PATH):
            name, slash, rest = path.removeprefix(SANDBOX_PATH).partition("/")
            scope["path"] = slash + rest
        else:
            for header, value in scope["headers"]:
                if header == SANDBOX_HEADER:
                    name = value.decode("latin-1")
                elif header == b"authorization" and self._whose is not None and not path.startswith(CONTROL):
                    name = name or self._whose(value)
        return name


async def _lifespan(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] != "lifespan":
        return
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
