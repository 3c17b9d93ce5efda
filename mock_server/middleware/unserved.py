"""The first of the road: nothing gets past it that has no path here, and nothing comes back as a traceback."""

from __future__ import annotations

import logging

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

from mock_server.domain.refusals import RefusalError
from mock_server.handling.endpoint import ENTRY, send_answer
from mock_server.handling.path_hints import Paths
from mock_server.handling.problems import answer_to, problem
from mock_server.handling.request_body import ClientGoneError, read_body
from mock_server.journal.entry import Entry
from mock_server.judging.judge import refused

log = logging.getLogger("ooapi_toets.mock")


class Unserved:
    """Prepares the scope for Connexion's routing and answers what the routing refuses.

    Connexion's router would redirect a path with a slash too many (and lose the body or the
    credentials on the way), and would name the methods of one route only in `Allow`.

    Args:
        app: What is next on the road.
        paths: What is served where.
        base_path: What stands before the operations.
        most: The largest body that is read to see what was meant, in bytes.
    """

    def __init__(self, app: ASGIApp, paths: Paths, base_path: str, most: int) -> None:
        self._app = app
        self._most = most
        self._paths = paths
        self._root = base_path or "/"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the ASGI specification."""
        # Connexion writes its routing into a copy of the scope unless this key is there already.
        scope.setdefault("extensions", {})
        path: str = scope["path"]
        entry = scope[ENTRY]
        try:
            if path == self._root:
                scope["path"] = path = self._root.rstrip("/") + "/"
            elif path.endswith("/") and path != self._root.rstrip("/") + "/":
                raise HTTPException(404)  # noqa: TRY301 - the same way out as the router's own
            await self._app(scope, receive, send)
        except HTTPException as error:
            await self._read(scope, receive, entry)
            refusal = self._paths.refusal(scope["method"], path, entry.body, scope["query_string"].decode("latin-1"))
            entry.refused(refusal.broken, refused(refusal.broken, refusal.outcome))
            await send_answer(send, answer_to(refusal))
            log.debug("%s %s: %s", scope["method"], path, error.status_code)
        except ClientGoneError:
            raise
        except Exception:
            log.exception("The mock failed on %s %s; this is our fault.", scope["method"], path)
            if entry.status:  # the answer has begun
                raise
            await send_answer(send, problem(500, "The mock failed", "This is a fault of the mock; its log says more."))

    async def _read(self, scope: Scope, receive: Receive, entry: Entry) -> None:
        try:
            entry.received(await read_body(dict(scope["headers"]), receive, self._most))
        except RefusalError:
            return  # that nothing is served here is what there is to say
