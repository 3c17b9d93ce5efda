"""The sessions that the mock remembers, one line each: for a page that cannot hold a whole export."""

from __future__ import annotations

from collections import deque
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from mock_server.control.common import Control, Routes, json_response, limit_of
from mock_server.stores.protocol import Transaction
from ooapi_toets import JsonObject
from ooapi_toets.messages import consumer_of


def routes(control: Control) -> Routes:
    """The routes of this part."""

    async def listing(request: Request) -> Response:
        most, text = limit_of(request), request.query_params.get("text", "").lower()
        # The last ones put: that is where the session is that somebody has just registered.
        last: deque[tuple[str, bytes]] = deque(maxlen=most)
        count = 0
        with control.mock.store.begin(sandbox=control.sandbox(request).name) as tx:
            for key, record in tx.offerings():
                if not text or text in record.decode().lower():
                    last.append((key, record))
                    count += 1
            return json_response({"count": count, "items": [_line(tx, *each) for each in reversed(last)]})

    return [("GET", "/sessions", listing)]


def _line(tx: Transaction, key: str, record: bytes) -> JsonObject:
    offering: dict[str, Any] = orjson.loads(record)
    consumer = consumer_of(offering) or {}
    return {
        "session": key,
        "code": offering["primaryCode"]["code"],
        "name": offering["name"][0]["value"] if offering["name"] else "",
        "start": offering["startDateTime"],
        "end": offering["endDateTime"],
        "state": consumer.get("offeringState"),
        "people": tx.count_people(key),
        "report": bool(consumer.get("irregularities") or consumer.get("documents")),
    }
