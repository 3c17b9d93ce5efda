"""Is what was read the same, in meaning, as what was sent? See `equal-in-meaning`.

A false alarm here would accuse an honest implementation, so everything that may differ is made equal
first: order, time zone form, upper or lower case of a UUID, absent against null against empty, extra
attributes, an object against its id.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ooapi_toets import Json, JsonObject
from ooapi_toets.samples import UUID
from ooapi_toets.texts import Text, say
from ooapi_toets.violations import KINDS, kind_of, pointer

_IDENTITY = ("consumerKey", "associationId", "documentId", "language", "codeType", "personId", "offeringId")
"""The attribute by which the members of a list are recognised, in order of preference."""
_DATE_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}")
_DURATION = re.compile(r"P(?:(?P<days>\d+)D)?(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+)S)?)?")


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where what was read differs from what was sent.

    Attributes:
        pointer: Where, as a JSON Pointer into what was sent.
        sent: The value sent.
        read: The value read; None when it is not there.
    """

    pointer: str
    sent: Json
    read: Json

    @property
    def words(self) -> Text:
        """The difference in words."""
        place = self.pointer or "/"
        if self.sent is None:
            return say("{place} is present but was not sent", place=place)
        if self.read is None:
            return say("{place} is missing", place=place)
        return say("{place} has another value ({kind})", place=place, kind=KINDS[kind_of(self.read)])


def differences(sent: Json, read: Json) -> list[Difference]:
    """Every place where `read` does not say what `sent` said; what `read` says beyond it is let pass."""
    return list(_walk(sent, read, ()))


def same(one: Json, other: Json) -> bool:
    """Whether two values say the same, in both directions."""
    return not differences(one, other) and not differences(other, one)


def same_id(one: Json, other: Json) -> bool:
    """Whether two ids are the same; a UUID has no upper and lower case (RFC 9562 section 4)."""
    return isinstance(one, str) and isinstance(other, str) and one.lower() == other.lower()


def empty(value: Json) -> bool:
    """Whether a value says no more than its absence does."""
    return value is None or value in ("", [], {})


def _walk(sent: Json, read: Json, at: tuple[str | int, ...]) -> Iterator[Difference]:
    if empty(sent) and empty(read):
        return
    if isinstance(sent, dict) and isinstance(read, dict):
        for name, value in sent.items():
            yield from _walk(value, read.get(name), (*at, name))
    elif isinstance(sent, list) and isinstance(read, list):
        yield from _lists(sent, read, at)
    elif not _equal(sent, read):
        yield Difference(pointer(*at), sent, read)


def _lists(sent: list[Json], read: list[Json], at: tuple[str | int, ...]) -> Iterator[Difference]:
    left = list(read)
    for index, member in enumerate(sent):
        partner = _partner(member, left)
        if partner is None:
            yield Difference(pointer(*at, index), member, None)
        else:
            left.remove(partner[0])
            yield from _walk(member, partner[0], (*at, index))
    # Members beyond those sent: an endpoint may add entries of its own to lists of objects (another
    # consumer, another code), but none twice, and a list of plain values says just what it holds.
    for member in left:
        if not isinstance(member, dict) or any(same(each, member) for each in sent):
            yield Difference(pointer(*at, "-"), None, member)


def _partner(member: Json, candidates: list[Json]) -> tuple[Json] | None:
    for candidate in candidates:
        if not differences(member, candidate):
            return (candidate,)
    if isinstance(member, dict):
        for name in _IDENTITY:
            if name in member:
                for candidate in candidates:
                    if isinstance(candidate, dict) and _equal(member[name], candidate.get(name)):
                        return (candidate,)
                return None
    return None


def _equal(sent: Json, read: Json) -> bool:
    if isinstance(sent, bool) or isinstance(read, bool):
        return sent is read
    if isinstance(sent, int | float) and isinstance(read, int | float):
        return sent == read
    if isinstance(sent, str) and isinstance(read, str):
        return sent == read or _text(sent) == _text(read)
    if isinstance(sent, dict) and isinstance(read, str):
        return _is_id_of(read, sent)
    if isinstance(sent, str) and isinstance(read, dict):
        return _is_id_of(sent, read)
    return empty(sent) and empty(read)


def _is_id_of(identifier: str, thing: JsonObject) -> bool:
    return any(
        name.endswith("Id") and isinstance(value, str) and same_id(value, identifier) for name, value in thing.items()
    )


def _text(value: str) -> Any:
    """A text in a form in which texts of the same meaning are equal."""
    if UUID.fullmatch(value):
        return value.lower()
    if _DATE_TIME.match(value):
        try:
            instant = datetime.fromisoformat(value.upper())
        except ValueError:
            return value
        # Without a zone it is no instant; it must then match to the letter.
        return instant.timestamp() if instant.tzinfo else value
    match = _DURATION.fullmatch(value) if value.startswith("P") and len(value) > 1 else None
    if match:
        parts = {name: int(text or 0) for name, text in match.groupdict().items()}
        return (
            "duration",
            ((parts["days"] * 24 + parts["hours"]) * 60 + parts["minutes"]) * 60 + parts["seconds"],
        )
    if re.fullmatch(r"[a-z]{2,3}-[a-z]{2}", value, re.IGNORECASE):
        return value.lower()  # a language tag (RFC 5646 section 2.1.1)
    # The same letter composed and in parts is the same text (RFC 5198 section 3), and databases prefer one.
    return unicodedata.normalize("NFC", value)
