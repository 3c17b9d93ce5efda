"""Numbers in JSON and in texts, told strictly: to Python true is a number, and so is a digit of any script."""

from __future__ import annotations

from typing import TypeGuard

from ooapi_toets import Json

_LONGEST = 18


def is_whole(value: Json) -> TypeGuard[int]:
    """Whether a JSON value is a whole number."""
    return isinstance(value, int) and not isinstance(value, bool)


def is_number(value: Json) -> TypeGuard[float]:
    """Whether a JSON value is a number."""
    return isinstance(value, float) or is_whole(value)


def number_in(text: str) -> int | None:
    """The whole number from 0 that a text is, or None; Python refuses to read very long ones."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST else None
