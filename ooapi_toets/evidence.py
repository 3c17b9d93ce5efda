"""How a recorded exchange is shown: as data and as a line of curl; people and secrets masked.

The suite records what it sends, the mock what it is sent; both are shown by this module.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from typing import Protocol

import orjson

from ooapi_toets import Json, JsonObject
from ooapi_toets.masking import Masker
from ooapi_toets.redaction import RUN, hide_members
from ooapi_toets.strictjson import NotJsonError, decode, lenient, text_of

Pairs = Iterable[tuple[str, str]]

_LONGEST_BODY = 20_000
_LONGEST_LINE = 8_000
_LEVELS_AROUND = 16
CREDENTIALS = {
    "bearer": '-H "Authorization: Bearer $OOAPI_TOETS_TOKEN"',
    "oauth2": '-H "Authorization: Bearer $OOAPI_TOETS_TOKEN"',
    "basic": '-u "$OOAPI_TOETS_USER:$OOAPI_TOETS_SECRET"',
}
"""What stands in a line of curl for a secret, by how the call was authenticated."""
_NEEDED = {"content-type", "ooapi-toets-sandbox"}
"""Header lines without which a call is another call."""


WORTHLESS = "Bearer not-a-token-of-yours"
"""What is sent to see it refused: no secret, so it is shown as it is."""


class Recorded(Protocol):
    """An exchange, whoever recorded it."""

    @property
    def number(self) -> int:
        """Its number in the recording."""

    @property
    def method(self) -> str:
        """The HTTP method."""

    @property
    def url(self) -> str:
        """The whole URL."""

    @property
    def request_headers(self) -> tuple[tuple[str, str], ...]:
        """The header lines of the request."""

    @property
    def request_body(self) -> bytes:
        """The body of the request."""

    @property
    def started(self) -> str:
        """When it began, ISO 8601 in UTC."""

    @property
    def elapsed_ms(self) -> float:
        """How long it took."""

    @property
    def status(self) -> int | None:
        """The status answered, or None."""

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """The header lines of the answer."""

    @property
    def body(self) -> bytes:
        """The body of the answer."""


def as_data(exchange: Recorded, masker: Masker | None) -> JsonObject:
    """One exchange as data; bodies are JSON where they are JSON, else text.

    Args:
        exchange: The exchange.
        masker: Masks people, or None to leave them; credentials are hidden in any case.
    """
    data: JsonObject = {
        "number": exchange.number,
        "startedAt": exchange.started,
        "elapsedMs": round(exchange.elapsed_ms, 1),
        "request": {
            "method": exchange.method,
            "url": shown(exchange.url, masker),
            "headers": _headers(exchange.request_headers, masker),
            "body": body_data(exchange.request_body, masker),
        },
        "response": None,
    }
    if exchange.status is not None:
        data["response"] = {
            "status": exchange.status,
            "headers": _headers(exchange.headers, masker),
            "body": body_data(exchange.body, masker),
        }
    return data


def body_data(body: bytes, masker: Masker | None) -> Json:
    """A body as it is stored: JSON with people masked, or text; None when there is none."""
    if not body:
        return None
    if len(body) > _LONGEST_BODY:
        return f"({len(body):,} bytes; see the recording)"
    try:
        value = decode(body).value
    except NotJsonError:
        return text_of(masked_text(body, masker))[0]
    if _is_too_deep(value):
        return f"({len(body):,} bytes of JSON, nested too deeply to be shown)"
    return masker.body(value) if masker else RUN.data(value)


def _is_too_deep(value: Json) -> bool:
    """Whether a value can be written by itself, but not at its place in a recording."""
    for _ in range(_LEVELS_AROUND):
        value = [value]
    try:
        orjson.dumps(value)
    except TypeError:
        return True
    return False


def learn(exchange: Recorded, masker: Masker) -> None:
    """Let a masker know the people of an exchange, so that it masks them in every other as well.

    Args:
        exchange: The exchange.
        masker: The masker.
    """
    for body in (exchange.request_body, exchange.body):
        if body:
            text, encoding = text_of(body)
            raw = body if encoding == "utf-8" else text.lstrip("\ufeff").encode("utf-8", "replace")
            value = lenient(raw)
            masker.learn(value)
            if value is None or not _is_strict(body):
                masker.learn_text(text)
    masker.learn_text(exchange.url)


def shown(text: str, masker: Masker | None) -> str:
    """A text of an exchange, such as its URL, with people masked and secrets hidden."""
    return masker.text(text) if masker else hide_members(RUN.hide(text))


def masked_text(body: bytes, masker: Masker | None) -> bytes:
    """A body with people masked: compact JSON where it is JSON; else its own bytes, with others in their place.

    What is wrong with a body that is not JSON in the strict sense must stay to be seen, so it is not
    written anew, and keeps its encoding.
    """
    if masker is not None:
        try:
            return orjson.dumps(masker.body(decode(body).value))
        except NotJsonError:
            pass
    text, encoding = text_of(body)
    if encoding == "latin-1":
        # It may be UTF-8 with a mistake in it, or something else with UTF-8 in it.
        body = shown(body.decode("utf-8", "surrogateescape"), masker).encode("utf-8", "surrogateescape")
        text = body.decode("latin-1")
    return shown(text, masker).encode(encoding, "surrogatepass" if encoding != "latin-1" else "replace")


def _is_strict(body: bytes) -> bool:
    try:
        decode(body)
    except NotJsonError:
        return False
    return True


def curl(exchange: Recorded, masker: Masker | None, auth: str = "none") -> str:
    """One call as a line of curl; a body too long for a line is only described.

    Args:
        exchange: The exchange.
        masker: Masks people, or None to leave them.
        auth: How the call was authenticated, for what stands in the place of the secret.
    """
    parts = ["curl -sS -i", f"-X {exchange.method}", shlex.quote(shown(exchange.url, masker))]
    sent = next((value for name, value in exchange.request_headers if name.lower() == "authorization"), "")
    if sent == WORTHLESS:
        parts.append(f"-H {shlex.quote(f'Authorization: {sent}')}")
    elif auth in CREDENTIALS and sent:
        parts.append(CREDENTIALS[auth])
    parts += [
        f"-H {shlex.quote(f'{name}: {value}')}"
        for name, value in exchange.request_headers
        if name.lower() in _NEEDED or (name.lower() == "accept" and value not in {"*/*", "application/json"})
    ]
    if exchange.request_body:
        body = masked_text(exchange.request_body, masker)
        if len(body) > _LONGEST_LINE:
            size = f"{len(exchange.request_body):,} bytes"
            return f"# {exchange.method} {shown(exchange.url, masker)} with {size}: see the recording"
        parts.append(f"--data-binary {_quoted(body)}")
    return " ".join(parts)


def _headers(pairs: Pairs, masker: Masker | None) -> list[list[str]]:
    # Credentials are hidden even where people are not.
    kept = masker.headers(pairs) if masker else Masker.hide_credentials(pairs)
    return [[name, value] for name, value in kept]


def _quoted(body: bytes) -> str:
    try:
        return shlex.quote(body.decode("utf-8"))
    except UnicodeDecodeError:
        escaped = "".join(f"\\x{byte:02x}" for byte in body)
        return f"$'{escaped}'"
