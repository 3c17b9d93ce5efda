"""One language to say which exchanges are meant: for finding, waiting, verifying and faults. Pure.

Criteria are an object; every attribute given must hold. A text is compared whole, a list means any of
its members, `{"matches": "…"}` is a regular expression that must be found. See `spec/mock-control.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl

import orjson

from mock_server.journal.entry import Entry
from ooapi_toets import Json, JsonObject
from ooapi_toets.errors import DataError
from ooapi_toets.outcomes import Outcome
from ooapi_toets.strictjson import is_whole, number_in

OUTCOMES = ("accepted", "refused", "unmatched", "faulted", "failed")
BEFOREHAND = frozenset({"method", "path", "operation", "kind", "session", "client", "headers", "query", "body", "text"})
"""What is known of a call before it is handled; a fault can go by nothing else."""
_NUMBERS = {"since", "until"}
_POINTER = re.compile("(/([^~]|~[01])*)*")


def outcome_of(entry: Entry) -> str:
    """What became of an exchange, in one word of `OUTCOMES`."""
    if entry.fault:
        return "faulted"
    if entry.operation_id is None:
        return "unmatched"
    if entry.status >= 500:  # noqa: PLR2004 - RFC 9110 section 15.6
        return "failed"
    return "refused" if entry.status >= 400 else "accepted"  # noqa: PLR2004 - RFC 9110 section 15.5


def checked(criteria: Json) -> JsonObject:
    """The same criteria, if they are in this language.

    Raises:
        DataError: When they are not.
    """
    if not isinstance(criteria, dict):
        raise DataError("Criteria are an object.", f"It may have: {', '.join(_ATTRIBUTES)}.")
    unknown = sorted(set(criteria) - set(_ATTRIBUTES))
    if unknown:
        raise DataError(f"Criteria have no {unknown[0]!r}.", f"They may have: {', '.join(_ATTRIBUTES)}.")
    for name, wanted in criteria.items():
        nested = name in {"headers", "query", "body"}
        if nested and not isinstance(wanted, dict):
            raise DataError(f"{name!r} in criteria is an object of names and values.")
        if name in _NUMBERS and not (is_whole(wanted) or (isinstance(wanted, str) and number_in(wanted) is not None)):
            raise DataError(f"{name!r} in criteria is the number of an exchange.")
        if name == "text" and not isinstance(wanted, str):
            raise DataError("'text' in criteria is a text.")
        if name == "body" and not all(_POINTER.fullmatch(at) for at in wanted):
            raise DataError("The names in 'body' are JSON Pointers, such as /person/mail.")
        for each in wanted.values() if nested else [wanted]:
            _check_value(name, each)
    return criteria


def matches(criteria: Mapping[str, Json], entry: Entry) -> bool:
    """Whether an exchange is meant."""
    return not misses(criteria, entry)


def misses(criteria: Mapping[str, Json], entry: Entry) -> list[str]:
    """The attributes of the criteria that an exchange does not satisfy."""
    missed: list[str] = []
    for name, wanted in criteria.items():
        match name:
            case "headers":
                missed += [f"headers/{key}" for key, value in wanted.items() if not _header(entry, key, value)]
            case "query":
                missed += [f"query/{key}" for key, value in wanted.items() if not _query(entry, key, value)]
            case "body":
                missed += [f"body{at}" for at, value in wanted.items() if not _body(entry, at, value)]
            case _:
                if not _ATTRIBUTES[name](entry, wanted):
                    missed.append(name)
    return missed


def nearest(criteria: Mapping[str, Json], entries: Iterable[Entry], most: int = 3) -> list[tuple[Entry, list[str]]]:
    """The exchanges that come closest, with what they miss; the closest and newest first."""
    found = [(entry, missed) for entry in entries if (missed := misses(criteria, entry))]
    return sorted(found, key=lambda each: (len(each[1]), -each[0].id))[:most]


def _is(value: str | int | None, wanted: Json) -> bool:
    if isinstance(wanted, list):
        return any(_is(value, each) for each in wanted)
    if isinstance(wanted, dict):
        return value is not None and re.search(wanted["matches"], str(value)) is not None
    return value == wanted or (value is not None and str(value) == str(wanted))


def _header(entry: Entry, name: str, wanted: Json) -> bool:
    values = [value.decode("latin-1") for key, value in entry.request_headers if key == name.lower().encode()]
    return any(_is(value, wanted) for value in values) if wanted is not None else not values


def _query(entry: Entry, name: str, wanted: Json) -> bool:
    pairs = parse_qsl(entry.path.partition("?")[2], keep_blank_values=True)
    return any(key == name and _is(value, wanted) for key, value in pairs)


def _body(entry: Entry, at: str, wanted: Json) -> bool:
    try:
        value: Any = orjson.loads(entry.body)
    except orjson.JSONDecodeError:
        return False
    for part in at.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        try:
            value = value[int(key)] if isinstance(value, list) else value[key]
        except (KeyError, IndexError, ValueError, TypeError):
            return wanted is None
    return _is(value, wanted) if isinstance(value, str | int) or value is None else bool(value == wanted)


def _check_value(name: str, wanted: Json) -> None:
    if isinstance(wanted, dict):
        if set(wanted) != {"matches"} or not isinstance(wanted["matches"], str):
            raise DataError(f'{name!r} in criteria is a value, a list of values, or {{"matches": "…"}}.')
        try:
            re.compile(wanted["matches"])
        except re.error as error:
            raise DataError(f"{name!r} in criteria has a regular expression that does not parse: {error}.") from error
    elif isinstance(wanted, list):
        for each in wanted:
            _check_value(name, each)


def _path_only(entry: Entry) -> str:
    return entry.path.partition("?")[0]


def _rules(entry: Entry, *, broken: bool) -> list[str]:
    return [each.rule for each in entry.findings if not broken or each.outcome is not Outcome.PASS]


_ATTRIBUTES: dict[str, Callable[[Entry, Json], bool]] = {
    "method": lambda entry, wanted: _is(entry.method, wanted),
    "path": lambda entry, wanted: _is(_path_only(entry), wanted),
    "operation": lambda entry, wanted: _is(entry.operation_id, wanted),
    "kind": lambda entry, wanted: _is(entry.kind or None, wanted),
    "session": lambda entry, wanted: _is(entry.key or (entry.effect.session if entry.effect else None), wanted),
    "status": lambda entry, wanted: _is(entry.status, wanted),
    "outcome": lambda entry, wanted: _is(outcome_of(entry), wanted),
    "rule": lambda entry, wanted: any(_is(rule, wanted) for rule in _rules(entry, broken=False)),
    "broken": lambda entry, wanted: any(_is(rule, wanted) for rule in _rules(entry, broken=True)),
    "client": lambda entry, wanted: _is(entry.client, wanted),
    "credential": lambda entry, wanted: _is(entry.credential, wanted),
    "since": lambda entry, wanted: entry.id > int(wanted),
    "until": lambda entry, wanted: entry.id <= int(wanted),
    "text": lambda entry, wanted: wanted.encode() in entry.body or wanted.encode() in entry.response_body,
    "headers": lambda _entry, _wanted: True,
    "query": lambda _entry, _wanted: True,
    "body": lambda _entry, _wanted: True,
}
"""Every attribute of the language; the last three are objects and are looked into one by one."""
