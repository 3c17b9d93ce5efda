"""What is asked: the same messages for every server."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import orjson

from ooapi_toets import Json, JsonObject
from ooapi_toets.samples import Maker

BASE = "/ooapi"
_DAY = date(2027, 1, 18)


@dataclass(frozen=True)
class Case:
    """One request that is sent over and over.

    Attributes:
        key: Its short name.
        title: What it is, for people.
        method: The HTTP method.
        path: The path, with the base path.
        bodies: The bodies that are sent in turns; empty for a request without one.
    """

    key: str
    title: str
    method: str
    path: str
    bodies: tuple[bytes, ...] = ()


def counted_ids() -> Callable[[], str]:
    """Ids that are the same in every run: 7e570000-… and a number."""
    numbers = itertools.count(1)
    return lambda: f"7e570000-0000-4000-8000-{next(numbers):012x}"


def maker() -> Maker:
    """Makes the same messages in every run."""
    return Maker(seed=1, ids=counted_ids(), today=_DAY)


def offering() -> JsonObject:
    """The session that every case is about."""
    return maker().offering()


def people(count: int) -> list[JsonObject]:
    """A list of participants.

    Args:
        count: How many.
    """
    return maker().students(count)


def numbered(session: JsonObject, number: int) -> JsonObject:
    """The same session under another id.

    Args:
        session: The session.
        number: Decides the id.
    """
    return {**session, "offeringId": f"7e571111-0000-4000-8000-{number:012x}"}


def create() -> Case:
    """The session is put, as a preparation for every other case."""
    return Case("put", "PUT of an offering", "PUT", f"{BASE}/offerings", (_json(offering()),))


def same() -> list[Case]:
    """The cases that every server is measured on: the same message each time."""
    path = f"{BASE}/offerings/{offering()['offeringId']}"
    return [
        create(),
        Case("get", "GET of an offering", "GET", path),
        list_of(30),
    ]


def changing() -> list[Case]:
    """The same with messages that change something each time, which a mock that compares pays for."""
    session, everybody = offering(), people(31)
    moved = {**session, "startDateTime": "2027-02-03T09:00:00+01:00"}
    path = f"{BASE}/offerings/{session['offeringId']}/associations"
    return [
        Case(
            "put-changed", "PUT of an offering that changes", "PUT", f"{BASE}/offerings", (_json(session), _json(moved))
        ),
        Case(
            "list-changed",
            "PUT of a list of 30, one leaves and one comes",
            "PUT",
            path,
            (_json(everybody[:30]), _json(everybody[1:])),
        ),
    ]


def list_of(count: int) -> Case:
    """A list of participants is put.

    Args:
        count: How many.
    """
    path = f"{BASE}/offerings/{offering()['offeringId']}/associations"
    return Case(f"list-{count}", f"PUT of a list of {count}", "PUT", path, (_json(people(count)),))


def _json(value: Json) -> bytes:
    return orjson.dumps(value)
