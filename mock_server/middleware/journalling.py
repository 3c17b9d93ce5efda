"""Stands beside the road: sees every exchange, marks the answer with what was found, keeps it.

The answer is changed in two header lines only: which rules were broken, and where to read more.
"""

from __future__ import annotations

import re
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mock_server.handling.endpoint import ENTRY
from mock_server.handling.request_body import ClientGoneError
from mock_server.journal.entry import Entry
from mock_server.state.sandboxes import Sandboxes
from ooapi_toets.outcomes import Outcome

SANDBOX = "ooapi_toets.sandbox"
"""Where the name of the sandbox travels in the ASGI scope."""
RULES_HEADER = b"ooapi-toets-rules"
EFFECT_HEADER = b"ooapi-toets-effect"
LINK_HEADER = b"link"
_UNPRINTABLE = re.compile(rb"[^\x20-\x7e]")
_LONGEST_MARK = 400


class Journalling:
    """Journals what passes.

    Args:
        app: What is next on the road.
        sandboxes: Where exchanges are kept.
        keep_body: How much of an answer's body to keep.
        control_prefix: Where an entry can be read.
    """

    def __init__(self, app: ASGIApp, sandboxes: Sandboxes, keep_body: int, control_prefix: str) -> None:
        self._app = app
        self._sandboxes = sandboxes
        self._keep_body = keep_body
        self._prefix = control_prefix.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the ASGI specification."""
        begun = time.perf_counter()
        entry = Entry.incoming(self._sandboxes.next_entry(), scope, scope[SANDBOX])
        scope[ENTRY] = entry
        kept: list[bytes] = []
        size = 0

        async def sending(message: Message) -> None:
            nonlocal size
            if message["type"] == "http.response.start":
                took = (time.perf_counter() - begun) * 1000
                entry.answered(message["status"], message["headers"], took)
                self._sandboxes.note(entry)
                message["headers"] = [*message["headers"], *self._marks(entry)]
                entry.answered(message["status"], message["headers"], took)
            elif size < self._keep_body:
                kept.append(message.get("body", b""))
            if message["type"] == "http.response.body":
                size += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except ClientGoneError:
            entry.struck(entry.fault or "the client left before its message was complete")
        finally:
            body = b"".join(kept) if len(kept) != 1 else kept[0]
            entry.ended(body, size, (time.perf_counter() - begun) * 1000)
            if not entry.status:
                self._sandboxes.note(entry)
            self._sandboxes.keep(entry)

    def _marks(self, entry: Entry) -> list[tuple[bytes, bytes]]:
        where = b"/s/%s%s" % (entry.sandbox.encode(), self._prefix) if entry.sandbox else self._prefix
        marks = [(LINK_HEADER, b'<%s/requests/%d>; rel="describedby"' % (where, entry.id))]
        broken = [each.rule for each in entry.findings if each.outcome is not Outcome.PASS]
        if broken:
            marks.append((RULES_HEADER, ", ".join(broken).encode()))
        if entry.effect is not None:
            marks.append((EFFECT_HEADER, _header_text(entry.effect.words.en)))
        return marks


def _header_text(text: str) -> bytes:
    """A text that may hold names that a client made up, as a header line can hold it."""
    return _UNPRINTABLE.sub(b"?", text.encode("ascii", "replace"))[:_LONGEST_MARK]
