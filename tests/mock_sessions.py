"""Sessions at a mock for tests that begin with one."""

from __future__ import annotations

import httpx

from ooapi_toets import JsonObject
from ooapi_toets.samples import Maker

SEEDED = "7e570000-0000-4000-8000-000000000001"
"""A session of the basic set."""


def registered(client: httpx.Client, make: Maker, count: int = 2) -> tuple[JsonObject, list[JsonObject]]:
    """Register a session with participants; returns what was sent."""
    offering, people = make.offering(), make.students(count)
    assert client.put("/offerings", json=offering).status_code == 200
    assert client.put(f"/offerings/{offering['offeringId']}/associations", json=people).status_code == 200
    return offering, people
