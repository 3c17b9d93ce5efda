"""For test code: was it called, so often, in this order?"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from mock_server.control.context import Control, Routes, body_of, json_response, problem_response
from mock_server.journal import criteria, views
from mock_server.journal.entry import Entry
from ooapi_toets import Json, JsonObject
from ooapi_toets.errors import DataError
from ooapi_toets.strictjson import is_whole

_BOUNDS = ("exactly", "atLeast", "atMost")
_MOST_NAMED = 100


def routes(control: Control) -> Routes:
    """The routes of this part."""

    async def verify(request: Request) -> Response:
        body = await body_of(request)
        if not isinstance(body, dict) or set(body) - {"criteria", "times"}:
            raise DataError("To verify takes {criteria, times}.")
        wanted, times = criteria.checked(body.get("criteria", {})), _times(body.get("times", {"atLeast": 1}))
        journal = control.sandbox(request).journal
        found = [entry for entry in journal if criteria.matches(wanted, entry)]
        count = len(found)
        # What the journal has forgotten may have matched: then an upper bound cannot be known.
        if journal.evicted and ("atMost" in times or "exactly" in times) and _within(times, count):
            return problem_response(
                409,
                "Cannot be known",
                f"{count} were seen, but {journal.evicted} older exchanges had to make room.",
                count=count,
                evicted=journal.evicted,
            )
        if not _within(times, count):
            near = criteria.nearest(wanted, journal)
            words = ", ".join(f"{name} {number}" for name, number in times.items())
            return problem_response(
                409,
                "Not as verified",
                f"{count} were seen; wanted: {words}.",
                count=count,
                evicted=journal.evicted,
                nearMisses=[{**views.summary(entry, control.masker), "misses": missed} for entry, missed in near],
            )
        return json_response(
            {"count": count, "evicted": journal.evicted, "items": [each.id for each in found[-_MOST_NAMED:]]}
        )

    async def sequence(request: Request) -> Response:
        body = await body_of(request)
        if not isinstance(body, list) or not body:
            raise DataError("A sequence is a list of criteria.")
        wanted = [criteria.checked(each) for each in body]
        journal = control.sandbox(request).journal
        entries = list(journal)
        found = _in_order(wanted, entries)
        if len(found) < len(wanted):
            step = len(found)
            rest = [entry for entry in entries if not found or entry.id > found[-1].id]
            near = criteria.nearest(wanted[step], rest or entries)
            return problem_response(
                409,
                "Not in this order",
                f"Step {step + 1} of {len(wanted)} was not seen after the ones before it.",
                evicted=journal.evicted,
                seen=[each.id for each in found],
                nearMisses=[{**views.summary(entry, control.masker), "misses": missed} for entry, missed in near],
            )
        return json_response({"evicted": journal.evicted, "items": [each.id for each in found]})

    return [("POST", "/verify", verify), ("POST", "/verify/sequence", sequence)]


def _times(times: Json) -> JsonObject:
    if (
        not isinstance(times, dict)
        or not times
        or set(times) - set(_BOUNDS)
        or not all(is_whole(each) and each >= 0 for each in times.values())
    ):
        raise DataError(f"times has whole numbers under: {', '.join(_BOUNDS)}.")
    return times


def _within(times: JsonObject, count: int) -> bool:
    exactly, least, most = (times.get(name) for name in _BOUNDS)
    return (exactly is None or count == exactly) and count >= (least or 0) and (most is None or count <= most)


def _in_order(wanted: list[JsonObject], entries: list[Entry]) -> list[Entry]:
    """The first exchanges that match the criteria one after the other, with others between them."""
    found: list[Entry] = []
    for entry in entries:
        if len(found) < len(wanted) and criteria.matches(wanted[len(found)], entry):
            found.append(entry)
    return found
