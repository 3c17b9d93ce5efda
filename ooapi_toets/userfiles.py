"""Reads files that a user wrote, in whichever encoding an editor left them."""

from __future__ import annotations

import codecs
from pathlib import Path

from ooapi_toets.errors import UsageError

# UTF-32 first: its mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_text(path: Path, what: str) -> str:
    """The text of a file: UTF-8 with or without a byte order mark, or UTF-16 or UTF-32 with one.

    Args:
        path: The file.
        what: What it is, for the sentence when it cannot be read, such as `The configuration`.

    Raises:
        UsageError: When it cannot be read, or is in another encoding.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{what} {path} cannot be read: {error.strerror}.") from error
    encoding = next((name for mark, name in _MARKS if raw.startswith(mark)), "utf-8")
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        # No cause: its text would hold a piece of what may be a secret.
        raise UsageError(f"{what} {path} is not text in UTF-8.", "Save it as UTF-8, or as UTF-16 with a mark.")
    return text
