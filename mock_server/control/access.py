"""Who may use the control API: everybody on this machine, elsewhere whoever has the token.

A web page that happens to be open in a browser on this machine may not: its origin, or the name under
which it reached us, gives it away.
"""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Container
from urllib.parse import parse_qs

from starlette.types import ASGIApp, Receive, Scope, Send

from mock_server.handling.endpoint import send_answer
from mock_server.handling.problems import problem
from mock_server.settings import MockSettings


def is_loopback(host: str) -> bool:
    """Whether an address can be reached from this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


class Door:
    """Lets control requests in.

    Args:
        app: The control application.
        settings: What the mock was told.
        free: Paths that need no token.
    """

    def __init__(self, app: ASGIApp, settings: MockSettings, free: Container[str] = ()) -> None:
        self.app = app
        self._free = free
        self._token = settings.control_token
        self._loopback = is_loopback(settings.host)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the ASGI specification."""
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        host = headers.get(b"host", "")
        if self._loopback and not is_loopback(_name_of(host)):
            await send_answer(send, problem(403, "Not for this host", "Use 127.0.0.1 or localhost."))
        elif (origin := headers.get(b"origin")) and origin.split("://")[-1] != host:
            await send_answer(send, problem(403, "Not for other web pages", "This page is of another origin."))
        elif (
            self._token
            and scope["path"] not in self._free
            and not self._known(headers.get(b"authorization", ""), scope["query_string"])
        ):
            challenge = ((b"www-authenticate", b'Bearer realm="ooapi-toets control"'),)
            detail = "The control API asks for the token that was printed when the mock started."
            await send_answer(send, problem(401, "Not authenticated", detail, extra=challenge))
        else:
            await self.app(scope, receive, send)

    def _known(self, authorization: str, query: bytes) -> bool:
        scheme, _, given = authorization.partition(" ")
        if scheme.lower() != "bearer":
            # A browser cannot set a header on an event stream, so there it is a parameter.
            given = next(iter(parse_qs(query.decode("latin-1")).get("token", ())), "")
        return hmac.compare_digest(given.strip().encode(), self._token.encode())


def _name_of(host: str) -> str:
    if host.startswith("["):
        return host.partition("]")[0].strip("[]")
    return host.partition(":")[0]
