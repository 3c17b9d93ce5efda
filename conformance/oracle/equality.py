"""Is what was read the same, in meaning, as what was sent? See `equal-in-meaning`.

A false alarm here would accuse an honest implementation, so everything that may differ is made equal
first: order, time zone form, upper or lower case of a UUID, absent against null against empty, extra
attributes, an object against its id.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from ooapi_toets import Json, JsonObject
from ooapi_toets.samples import UUID
from ooapi_toets.texts import Text, say
from ooapi_toets.violations import KINDS, kind_of, pointer

_IDENTITY = ("consumerKey", "associationId", "documentId", "language", "codeType", "personId", "offeringId")
"""The attribute by which the members of a list are recognised, in order of preference."""
_DATE_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}")
_NUMBER = r"\d+(?:[.,]\d+)?"
_DURATION = re.compile(
    rf"P(?=[\dT])(?:(?P<weeks>{_NUMBER})W)?(?:(?P<days>{_NUMBER})D)?"
    rf"(?:T(?=\d)(?:(?P<hours>{_NUMBER})H)?(?:(?P<minutes>{_NUMBER})M)?(?:(?P<seconds>{_NUMBER})S)?)?"
)
_SECONDS = {"weeks": 604_800, "days": 86_400, "hours": 3_600, "minutes": 60, "seconds": 1}


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
        kinds = KINDS[kind_of(self.sent)], KINDS[kind_of(self.read)]
        if kinds[0] is not kinds[1]:
            return say("{place} is of type {read} and was sent as {sent}", place=place, read=kinds[1], sent=kinds[0])
        return say("{place} has another value, of type {kind}", place=place, kind=kinds[1])


def differences(sent: Json, read: Json) -> list[Difference]:
    """Every place where `read` does not say what `sent` said; what `read` says beyond it is let pass."""
    return list(_walk(sent, read, ()))


def same(one: Json, other: Json) -> bool:
    """Whether two values say the same, in both directions."""
    return _covers(one, other) and _covers(other, one)


def same_id(one: Json, other: Json) -> bool:
    """Whether two ids are the same; a UUID has no upper and lower case (RFC 9562 section 4)."""
    return isinstance(one, str) and isinstance(other, str) and one.lower() == other.lower()


def empty(value: Json) -> bool:
    """Whether a value says no more than its absence does; an object of nothing but such values does not either."""
    if isinstance(value, dict):
        return all(empty(each) for each in value.values())
    return value is None or value in ("", [])


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


def _covers(sent: Json, read: Json) -> bool:
    """Whether a value read says all that the value sent did."""
    return next(_walk(sent, read, ()), None) is None


def _lists(sent: list[Json], read: list[Json], at: tuple[str | int, ...]) -> Iterator[Difference]:
    partners = _partners(sent, read)
    for index, member in enumerate(sent):
        if index in partners:
            yield from _walk(member, read[partners[index]], (*at, index))
        else:
            yield Difference(pointer(*at, index), member, None)
    # Members beyond those sent: an endpoint may add entries of its own to lists of objects (another
    # consumer, another code), but none twice, and a list of plain values says just what it holds.
    matched = set(partners.values())
    for position, member in enumerate(read):
        if position not in matched and (not isinstance(member, dict) or any(same(each, member) for each in sent)):
            yield Difference(pointer(*at, "-"), None, member)


def _partners(sent: list[Json], read: list[Json]) -> dict[int, int]:
    """For each member sent the one read that it is, whatever their order; none for one that is not there.

    As many as possible are matched with one that says all that they did, those that say no more first. What is
    left over is recognised by its id, so that the difference can be told.
    """
    holder: dict[int, int] = {}

    def place(index: int, tried: set[int]) -> bool:
        # An augmenting path of bipartite matching: whoever holds the place may move to another one.
        order = sorted(range(len(read)), key=lambda position: position != index)
        for fits in (same, _covers):
            for position in order:
                if position not in tried and fits(sent[index], read[position]):
                    tried.add(position)
                    if position not in holder or place(holder[position], tried):
                        holder[position] = index
                        return True
        return False

    unplaced = [index for index in range(len(sent)) if not place(index, set())]
    for index in unplaced:
        position = _recognised(sent[index], read, holder)
        if position is not None:
            holder[position] = index
    return {index: position for position, index in holder.items()}


def _recognised(member: Json, read: list[Json], taken: Collection[int]) -> int | None:
    name = next((each for each in _IDENTITY if isinstance(member, dict) and each in member), None)
    if name is None:
        return None
    for position, candidate in enumerate(read):
        if position not in taken and isinstance(candidate, dict) and _equal(member[name], candidate.get(name)):
            return position
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
        parts = ((name, text.replace(",", ".")) for name, text in match.groupdict().items() if text)
        return "duration", sum(Fraction(text) * _SECONDS[name] for name, text in parts)
    if re.fullmatch(r"[a-z]{2,3}-[a-z]{2}", value, re.IGNORECASE):
        return value.lower()  # a language tag (RFC 5646 section 2.1.1)
    # The same letter composed and in parts is the same text (RFC 5198 section 3), and databases prefer one.
    return unicodedata.normalize("NFC", value)
