"""What the parts of the control API share: the mock, the sandbox asked for, JSON in and out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from mock_server.auth.authorization_server import OAuth
from mock_server.journal.entry import Entry
from mock_server.journal.views import RecordedEntry
from mock_server.middleware.journalling import SANDBOX
from mock_server.mock import Mock
from mock_server.state.sandboxes import Sandbox
from ooapi_toets import Json, JsonObject, evidence
from ooapi_toets import register as registers
from ooapi_toets.errors import DataError
from ooapi_toets.masking import Masker
from ooapi_toets.register import Register
from ooapi_toets.strictjson import NotJsonError, decode, number_in

Handler = Callable[[Request], Awaitable[Response]]
Routes = list[tuple[str, str, Handler]]

_LARGEST = 50_000_000


@dataclass
class Control:
    """The mock as the control API sees it.

    Attributes:
        mock: The mock.
        prefix: Where the control API stands.
        unmasked: Whether personal data are shown.
    """

    mock: Mock
    prefix: str
    unmasked: bool = False

    def __post_init__(self) -> None:
        self.unmasked = self.mock.settings.unmasked
        self._seen = 0
        self._learnt: set[int] = set()

    @cached_property
    def register(self) -> Register:
        """The rules."""
        return registers.load()

    @cached_property
    def _masker(self) -> Masker:
        return Masker(self.mock.contract)

    @property
    def masker(self) -> Masker | None:
        """What masks people, unless they may be shown; it knows everybody in the exchanges that are kept."""
        if self.unmasked:
            return None
        if self._seen != self.mock.sandboxes.ended:
            self._seen = self.mock.sandboxes.ended
            kept = {entry.id: entry for sandbox in self.mock.sandboxes for entry in sandbox.journal}
            for number in kept.keys() - self._learnt:
                evidence.learn(RecordedEntry(kept[number]), self._masker)
            self._learnt = set(kept)
        return self._masker

    @property
    def auth(self) -> str:
        """How clients authenticate, in the words of `--auth`."""
        scheme = self.mock.scheme
        if isinstance(scheme, OAuth):
            return "oauth2"
        return "none" if scheme is None else scheme.challenge.partition(" ")[0].lower()

    def recorded(self, request: Request) -> RecordedEntry:
        """The journal entry that a path names, to be shown at the address by which the mock was reached."""
        return RecordedEntry(self.entry(request), request.url.scheme)

    def sandbox(self, request: Request) -> Sandbox:
        """The sandbox that a request is about: by path or header like any other, or by `?sandbox=`."""
        return self.mock.sandboxes.get(request.query_params.get("sandbox") or request.scope[SANDBOX])

    def entry(self, request: Request) -> Entry:
        """The journal entry that a path names.

        Raises:
            HTTPException: When it was never there, or is gone.
        """
        text = request.path_params["id"]
        sandbox = self.sandbox(request)
        number = number_in(text)
        found = None if number is None else sandbox.journal.get(number)
        if found is None:
            gone = f"; {sandbox.journal.evicted} older ones had to make room" if sandbox.journal.evicted else ""
            raise HTTPException(404, f"No exchange has the number {text[:20]}{gone}.")
        return found


async def body_of(request: Request, *, optional: bool = False) -> Json:
    """The JSON body of a control request.

    Args:
        request: The request.
        optional: Whether there may be none, which is then None.

    Raises:
        DataError: When it is not JSON.
        HTTPException: When it is too large.
    """
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > _LARGEST:
            raise HTTPException(413, f"The control API takes {_LARGEST:,} bytes.")
        parts.append(part)
    if optional and not size:
        return None
    try:
        return decode(b"".join(parts)).value
    except NotJsonError as error:
        raise DataError(f"The body {error.message}.") from error


def json_response(value: Any, status: int = 200) -> Response:
    """A value as JSON."""
    return Response(orjson.dumps(value), status, media_type="application/json")


def problem_response(
    status: int, title: str, detail: str = "", headers: dict[str, str] | None = None, **more: Json
) -> Response:
    """A problem body."""
    body: JsonObject = {"status": str(status), "title": title, **({"detail": detail} if detail else {}), **more}
    return Response(orjson.dumps(body), status, headers, media_type="application/problem+json")


def limit_of(request: Request, default: int = 100, most: int = 10_000) -> int:
    """How many rows a request asks for.

    Raises:
        DataError: When it is not a number in range.
    """
    number = number_in(request.query_params.get("limit", str(default)))
    if number is None or not 1 <= number <= most:
        raise DataError(f"limit is a number from 1 to {most:,}.")
    return number


def prefix_of(sandbox: str) -> str:
    """What stands before every path of a sandbox."""
    return f"/s/{sandbox}" if sandbox else ""
