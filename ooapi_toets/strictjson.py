"""JSON as the contract means it: UTF-8, no NaN, no key twice, not nested without end.

Common parsers let all four pass in one way or another (a key given twice keeps its last value), so
that a receiver would act on something the sender did not clearly say (RFC 8259 sections 4, 6, 8.1).
"""

from __future__ import annotations

import json
from typing import Any, NamedTuple, TypeGuard

import orjson

from ooapi_toets import Json

_LONGEST = 18
"""Digits of a whole number in a text; Python refuses to read very long ones."""


class NotJsonError(ValueError):
    """The bytes are not JSON in the strict sense.

    Attributes:
        message: What is wrong, in English.
        message_nl: The same in Dutch.
    """

    def __init__(self, message: str, message_nl: str) -> None:
        super().__init__(message)
        self.message = message
        self.message_nl = message_nl


class Decoded(NamedTuple):
    """A JSON value and its compact text, which comes out of the check for free."""

    value: Json
    text: bytes


def decode(raw: bytes) -> Decoded:
    """Read one JSON value.

    Args:
        raw: The bytes as received, without byte order mark.

    Returns:
        The value and its compact UTF-8 text.

    Raises:
        NotJsonError: When the bytes are not UTF-8, not JSON, hold a key twice, or are nested deeper
            than 254 levels.
    """
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise _explain(raw, error) from None
    try:
        text = orjson.dumps(value)
    except TypeError:  # orjson's own limit of 254 levels
        raise NotJsonError("is nested too deeply", "is te diep genest") from None
    if text == raw:
        return Decoded(value, raw)  # the same object, so that the journal keeps one and not two
    # A dropped key takes at least one colon with it. Without escapes the colons of both texts are
    # comparable, so equal counts prove that nothing was dropped; otherwise the slow way decides.
    if b"\\" in raw or raw.count(b":") != text.count(b":"):
        _refuse_repeated_keys(raw)
    return Decoded(value, text)


def lenient(raw: bytes) -> Json:
    """The JSON value that bytes are, whatever is repeated in it; None where they are none."""
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        return None


def encode(value: Json) -> bytes:
    """The compact UTF-8 text of a JSON value."""
    return orjson.dumps(value)


def is_whole(value: Json) -> TypeGuard[int]:
    """Whether a JSON value is a whole number; to Python true is one as well."""
    return isinstance(value, int) and not isinstance(value, bool)


def is_number(value: Json) -> TypeGuard[float]:
    """Whether a JSON value is a number."""
    return isinstance(value, float) or is_whole(value)


def number_in(text: str) -> int | None:
    """The whole number from 0 that a text is in ASCII digits, or None."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST else None


def _explain(raw: bytes, error: orjson.JSONDecodeError) -> NotJsonError:
    if not raw.strip():
        return NotJsonError("is empty; a JSON body is required", "is leeg; een JSON-bericht is verplicht")
    if raw.startswith(b"\xef\xbb\xbf"):
        return NotJsonError(
            "starts with a byte order mark; JSON has none (RFC 8259 section 8.1)",
            "begint met een byte order mark; JSON kent die niet (RFC 8259 paragraaf 8.1)",
        )
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as bad:
        return NotJsonError(f"is not UTF-8 at byte {bad.start}", f"is geen UTF-8 op byte {bad.start}")
    if "depth" in error.msg:
        return NotJsonError("is nested too deeply", "is te diep genest")
    where = f"line {error.lineno}, column {error.colno}"
    where_nl = f"regel {error.lineno}, kolom {error.colno}"
    return NotJsonError(f"is not JSON at {where}: {error.msg.split(':')[0]}", f"is geen JSON op {where_nl}")


def _refuse_repeated_keys(raw: bytes) -> None:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            seen: set[str] = set()
            twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
            raise NotJsonError(
                f"has the attribute {twice!r} twice in one object",
                f"heeft het attribuut {twice!r} twee keer in één object",
            )
        return found

    # Numbers stay text: only the keys matter here, and Python refuses integers of over 4,300 digits.
    json.loads(raw.decode("utf-8"), object_pairs_hook=once, parse_int=str, parse_float=str)
