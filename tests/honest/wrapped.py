"""HTTP as unusual as it may be: what the system says is the same, its packing is not."""

from __future__ import annotations

import gzip
import json
import uuid

from tests.honest.plain import Handler, Reply, Value


class Wrapped(Handler):
    """Compresses and chunks its answers, marks them with a tag, and hangs up after each without a word.

    JSON is indented, escaped to ASCII and begins with a byte order mark, which a reader may ignore
    (RFC 8259 section 8.1); names of headers and of media types are in capitals.
    """

    def in_bytes(self, value: Value) -> bytes:
        """A value as JSON, for people to read."""
        return b"\xef\xbb\xbf" + json.dumps(value, indent=4, ensure_ascii=True).encode() + b"\r\n"

    def say(self, reply: Reply, body: bytes) -> None:
        """Send an answer."""
        self.send_response(reply.status)
        for name, text in reply.headers.items():
            self.send_header(name.upper(), text)
        self.send_header("ETAG", f'W/"{uuid.uuid4()}"')
        self.send_header("CACHE-CONTROL", "no-store")
        self.send_header("VARY", "Accept-Encoding")
        if body:
            self.send_header("CONTENT-TYPE", f"{reply.media_type.upper()} ; Charset=UTF-8")
        if "gzip" in self.headers.get("accept-encoding", ""):
            body = gzip.compress(body)
            self.send_header("CONTENT-ENCODING", "gzip")
        self.send_header("TRANSFER-ENCODING", "chunked")
        self.end_headers()
        half = len(body) // 2
        for part in (body[:half], body[half:]):
            if part:
                self.wfile.write(b"%X;why=not\r\n%b\r\n" % (len(part), part))
        self.wfile.write(b"0\r\n\r\n")
        self.close_connection = True
