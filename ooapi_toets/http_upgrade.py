"""Declines offers to upgrade a connection: the request beside the offer is read like any other (RFC 9110 section 7.8).

Java's HttpClient offers h2c beside the body of its first request. httptools takes what comes after such a head
for another protocol, so the body was lost and the client was blamed for an empty message.
"""

from __future__ import annotations

from typing import Any

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_OFFER = {b"upgrade", b"http2-settings"}


class _Parser:
    """The parser of httptools, which reads a request with an offer once more without it.

    Args:
        protocol: Whose callbacks it calls.
    """

    def __init__(self, protocol: DecliningProtocol) -> None:
        self._protocol = protocol
        self._parser = self._new()

    def _new(self) -> Any:
        parser = httptools.HttpRequestParser(self._protocol)
        # As uvicorn sets it: what comes after a request that closes the connection is ignored.
        parser.set_dangerous_leniencies(lenient_data_after_close=True)
        return parser

    def feed_data(self, data: bytes) -> None:
        """Read what arrived."""
        while data:
            try:
                self._parser.feed_data(data)
            except httptools.HttpParserUpgrade as offer:
                if not self._protocol.offered:
                    raise  # CONNECT, which is no offer
                head = self._protocol.head_without_offer(self._parser)
                data = head + data[offer.args[0] :]
                self._protocol.offered = False
                self._parser = self._new()
            else:
                return

    def __getattr__(self, name: str) -> Any:
        return getattr(self._parser, name)


class DecliningProtocol(HttpToolsProtocol):
    """uvicorn's protocol, which stays with HTTP/1.1 whatever a client offers.

    Attributes:
        offered: Whether the head that was just read offers another protocol.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = False
        self.parser: Any = _Parser(self)

    def head_without_offer(self, parser: Any) -> bytes:
        """The head that was just read, without the offer in it."""
        lines = [b"%s %s HTTP/%s" % (parser.get_method(), self.url, parser.get_http_version().encode())]
        for name, value in self.headers:
            if name == b"connection":
                kept = [each for each in value.split(b",") if each.strip().lower() not in _OFFER]
                lines += [b"%s: %s" % (name, b",".join(kept))] if kept else []
            elif name not in _OFFER:
                lines.append(b"%s: %s" % (name, value))
        return b"\r\n".join((*lines, b"", b""))

    def on_headers_complete(self) -> None:
        """See `httptools.HttpRequestParser`."""
        if self.parser.should_upgrade() and self.parser.get_method() != b"CONNECT":
            self.offered = True
        else:
            super().on_headers_complete()

    def on_message_complete(self) -> None:
        """See `httptools.HttpRequestParser`."""
        if not self.offered:
            super().on_message_complete()
