"""Reads the body of a request, as far as it may be."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.types import Message, Receive

from mock_server.domain.refusals import Reason, RefusalError


class ClientGoneError(Exception):
    """The client left before its message was complete; nothing of it is used."""


async def read_body(headers: Mapping[bytes, bytes], receive: Receive, most: int) -> bytes:
    """The whole body of a request.

    Args:
        headers: Its header lines.
        receive: Where ASGI gives it.
        most: How many bytes it may be.

    Raises:
        ClientGoneError: When the client left.
        RefusalError: When it is too large.
    """
    length = headers.get(b"content-length", b"")
    if length.isdigit() and int(length) > most:
        raise RefusalError(Reason.TOO_LARGE, detail=f"This mock takes {most:,} bytes.")
    parts: list[bytes] = []
    size = 0
    while True:
        message: Message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGoneError
        part: bytes = message.get("body", b"")
        size += len(part)
        if size > most:
            raise RefusalError(Reason.TOO_LARGE, detail=f"This mock takes {most:,} bytes.")
        if not message.get("more_body"):
            return b"".join((*parts, part)) if parts else part
        parts.append(part)
