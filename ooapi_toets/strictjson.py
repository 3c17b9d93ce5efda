"""JSON as the contract means it: UTF-8, no NaN, no key twice, not nested without end.

Common parsers let all four pass in one way or another (a key given twice keeps its last value), so
that a receiver would act on something the sender did not clearly say (RFC 8259 sections 4, 6, 8.1).
"""

from __future__ import annotations

import codecs
import json
from typing import Any, NamedTuple, TypeGuard

import orjson

from ooapi_toets import Json
from ooapi_toets.texts import Text, say

_LONGEST = 18
"""Digits of a whole number in a text; Python refuses to read very long ones."""
_LOOKED_AT = 200
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


class NotJsonError(ValueError):
    """The bytes are not JSON in the strict sense.

    Attributes:
        message: What is wrong.
    """

    def __init__(self, message: Text) -> None:
        super().__init__(message.en)
        self.message = message


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
        raise NotJsonError(say("is nested too deeply")) from None
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


def text_of(body: bytes) -> tuple[str, str]:
    """The text of a body that may be no JSON, and the encoding that gives its bytes back.

    Args:
        body: The bytes.

    Returns:
        The text, and `utf-8`, UTF-16 or UTF-32 in either order of bytes, or else `latin-1`, which holds any bytes.
    """
    encodings = [name for mark, name in _MARKS if body.startswith(mark)][:1]
    if not encodings and b"\0" in body[:_LOOKED_AT]:
        # Without a mark, ASCII in UTF-16 shows by every other byte (RFC 4627 section 3).
        encodings = ["utf-16-be" if body[:1] == b"\0" else "utf-16-le"]
    for encoding in (*encodings, "utf-8"):
        try:
            return body.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    return body.decode("latin-1"), "latin-1"


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
        return NotJsonError(say("is empty; a JSON body is required"))
    if raw.startswith(b"\xef\xbb\xbf"):
        return NotJsonError(
            say("starts with a byte order mark, which JSON does not allow (RFC 8259 section 8.1)"),
        )
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as bad:
        return NotJsonError(say("is not UTF-8 at byte {byte}", byte=bad.start))
    if "depth" in error.msg:
        return NotJsonError(say("is nested too deeply"))
    told = say(
        "is not JSON at line {line}, column {column}: {what}",
        line=error.lineno,
        column=error.colno,
        what=error.msg.split(":")[0],
    )
    return NotJsonError(told)


def _refuse_repeated_keys(raw: bytes) -> None:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            seen: set[str] = set()
            twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
            raise NotJsonError(
                say("has the attribute {twice} twice in one object", twice=repr(twice)),
            )
        return found

    # Numbers stay text: only the keys matter here, and Python refuses integers of over 4,300 digits.
    json.loads(raw.decode("utf-8"), object_pairs_hook=once, parse_int=str, parse_float=str)
