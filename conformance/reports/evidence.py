"""Evidence in a form that can be shown: messages as text, and where they differ from what was expected. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from urllib.parse import urlsplit

from conformance.reports.words import visible
from ooapi_toets import Json, JsonObject
from ooapi_toets.violations import pointer

_DEEPEST = 40
"""Below so many levels a message is written on one line."""
_LONG = 30
"""More lines than this, of so many characters, are shown in a window of their own."""
_WIDTH = 90
_MOST_COMPARED = 3_000
_NARROW = 56
"""A list or object of plain values that fits in so many characters stands on one line."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some lines of a text.

    Attributes:
        text: The lines.
        marked: Whether they are the ones to look at.
    """

    text: str
    marked: bool


@dataclass(frozen=True, slots=True)
class Listing:
    """A text of many lines.

    Attributes:
        pieces: Its parts, in order.
        long: Whether it is shown in a window of its own.
    """

    pieces: tuple[Piece, ...]
    long: bool


@dataclass(frozen=True, slots=True)
class Place:
    """One place in a message where something else was expected; None where nothing is."""

    pointer: str
    expected: str | None
    got: str | None


@dataclass(frozen=True, slots=True)
class Difference:
    """What was expected beside what was there: place by place, or as two texts."""

    places: tuple[Place, ...] = ()
    expected: Listing | None = None
    got: Listing | None = None


@dataclass(frozen=True, slots=True)
class ExchangeLine:
    """A request and what came back, in one line.

    Attributes:
        method: The method.
        path: The path, with the query.
        status: The status, or empty when there was no answer.
        elapsed: How long it took, in milliseconds.
        heard: Whether the system under test sent it to us.
    """

    method: str
    path: str
    status: str
    elapsed: str
    heard: bool = False


@dataclass(frozen=True, slots=True)
class ExchangeView:
    """A request and what came back, as text.

    Attributes:
        request: The request.
        response: The response, or None when there was none.
        failure: Why there was none.
    """

    request: Listing
    response: Listing | None
    failure: str


def in_a_line(data: JsonObject) -> ExchangeLine:
    """An exchange of the result, in one line."""
    request, response = data["request"], data.get("response")
    return ExchangeLine(
        method=visible(str(request["method"])),
        path=_path(visible(str(request["url"]))),
        status=visible(str(response["status"])) if response else "",
        elapsed=visible(str(data.get("elapsedMs", "?"))),
        heard=data.get("heard") is True,
    )


def in_full(data: JsonObject, marked: Iterable[str] = ()) -> ExchangeView:
    """An exchange of the result, as text.

    Args:
        data: The exchange.
        marked: JSON Pointers of the places in its bodies to look at.
    """
    request, response = data["request"], data.get("response")
    places = tuple(marked)
    return ExchangeView(
        request=_message(visible(f"{request['method']} {request['url']}"), request, places),
        response=_message(visible(f"HTTP {response['status']}"), response, places) if response else None,
        failure=visible(str(data.get("failure", ""))),
    )


def difference(rule: JsonObject) -> Difference | None:
    """What a rule expected beside what it got, or None when it does not say."""
    if "expected" not in rule and "got" not in rule:
        return None
    expected, got = rule.get("expected"), rule.get("got")
    if not pointers(rule):
        return _side_by_side(expected, got)
    wanted, found = dict(expected or {}), got if isinstance(got, dict) else {}
    return Difference(
        tuple(Place(visible(at), _short(wanted.get(at)), _short(found.get(at))) for at in {**wanted, **found})
    )


def pointers(rule: JsonObject) -> tuple[str, ...]:
    """The JSON Pointers by which a rule says what differs, if it does."""
    expected = rule.get("expected")
    if isinstance(expected, dict) and expected and all(each == "" or each.startswith("/") for each in expected):
        return tuple(expected)
    return ()


def listing(text: str) -> Listing:
    """A text as it is."""
    return _listing([(line, False) for line in visible(text).split("\n")])


def _message(first: str, message: JsonObject, marked: tuple[str, ...]) -> Listing:
    lines = [(first, False)]
    lines += [(visible(f"{pair[0]}: {pair[1]}").replace("\n", " "), False) for pair in message.get("headers", [])]
    body = message.get("body")
    if body is not None:
        lines.append(("", False))
        if isinstance(body, str):
            lines += [(line, False) for line in visible(body).split("\n")]
        else:
            lines += _json(body, marked)
    return _listing(lines)


def _json(value: Json, marked: tuple[str, ...] = ()) -> list[tuple[str, bool]]:
    below = tuple(f"{each}/" for each in marked)
    # The places themselves stand on lines of their own, so that no more than they is marked.
    apart = frozenset(each[: each.rindex("/")] for each in marked if each)
    return [
        (visible(line), bool(marked) and (at in marked or at.startswith(below)))
        for line, at in _lines(value, "", 0, ("", ""), apart)
    ]


def _lines(
    value: Json, at: str, depth: int, around: tuple[str, str], apart: frozenset[str]
) -> Iterator[tuple[str, str]]:
    """The lines of a value, indented, each with the JSON Pointer of what it belongs to.

    Args:
        value: The value.
        at: Where it is.
        depth: How deep that is.
        around: What stands before and after it.
        apart: Where each member has a line of its own.
    """
    pad, (lead, tail) = "  " * depth, around
    if not isinstance(value, dict | list) or not value or depth == _DEEPEST or (at not in apart and _narrow(value)):
        yield f"{pad}{lead}{_compact(value)}{tail}", at
        return
    opened, closed = ("{", "}") if isinstance(value, dict) else ("[", "]")
    yield f"{pad}{lead}{opened}", at
    members = value.items() if isinstance(value, dict) else enumerate(value)
    last = len(value) - 1
    for index, (key, member) in enumerate(members):
        name = f"{_compact(key)}: " if isinstance(value, dict) else ""
        yield from _lines(member, at + pointer(key), depth + 1, (name, "" if index == last else ","), apart)
    yield f"{pad}{closed}{tail}", at


def _narrow(value: Json) -> bool:
    members = value.values() if isinstance(value, dict) else value
    return (
        len(value) <= _NARROW // 4
        and not any(isinstance(each, dict | list) for each in members)
        and len(_compact(value)) <= _NARROW
    )


def _compact(value: Json) -> str:
    try:
        return json.dumps(value, ensure_ascii=False)
    except (RecursionError, ValueError, TypeError):
        return "…"


def _short(value: Json) -> str | None:
    return None if value is None else visible(_compact(value))


def _side_by_side(expected: Json, got: Json) -> Difference:
    one, other = ([line for line, _ in _json(each)] if each is not None else [] for each in (expected, got))
    plain = len(one) <= 1 and len(other) <= 1
    if plain or not one or not other or len(one) + len(other) > _MOST_COMPARED:
        return Difference(expected=_plain(one), got=_plain(other))
    alike = SequenceMatcher(None, _bare(one), _bare(other), autojunk=False).get_matching_blocks()
    left = {block.a + step for block in alike for step in range(block.size)}
    right = {block.b + step for block in alike for step in range(block.size)}
    return Difference(expected=_signed(one, left, "-"), got=_signed(other, right, "+"))


def _plain(lines: list[str]) -> Listing | None:
    return _listing([(line, False) for line in lines]) if lines else None


def _signed(lines: list[str], alike: set[int], sign: str) -> Listing:
    """Lines of which those that the other side lacks are marked, and bear a sign as well."""
    return _listing([(f"{' ' if at in alike else sign} {line}", at not in alike) for at, line in enumerate(lines)])


def _bare(lines: list[str]) -> list[str]:
    """Lines without the comma that only says that more follows."""
    return [line.removesuffix(",") for line in lines]


def _listing(lines: list[tuple[str, bool]]) -> Listing:
    pieces = tuple(
        Piece("\n".join(line for line, _ in run) + "\n", marked)
        for marked, run in groupby(lines, key=lambda each: each[1])
    )
    return Listing(pieces, sum(1 + len(line) // _WIDTH for line, _ in lines) > _LONG)


def _path(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
