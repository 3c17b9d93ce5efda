"""What putting and deleting a session means (flow 2, options 1 and 5)."""

from __future__ import annotations

from collections.abc import Iterable

import orjson

from mock_server.domain.effects import Effect, changed_attributes
from ooapi_toets import JsonObject
from ooapi_toets.samples import consumer_of, with_consumer

_REPORT = ("irregularities", "documents")
_QUOTED = tuple(f'"{name}"'.encode() for name in _REPORT)


def put(session: str, before: bytes | None, message: bytes) -> Effect:
    """A session is created, or replaced as a whole by the message; its people are not touched.

    Neither is its report, which is Toetsafname's own: flow 2 does not use those attributes (OKE 1.0.1
    section 3.2.3), so a message without them says nothing about them.

    Args:
        session: The id of the session.
        before: The record so far, or None.
        message: The record that was sent.

    Returns:
        The effect; `after` is the record to keep.
    """
    if before is None:
        return Effect("created", session, after=message)
    after = _with_report_of(before, message)
    changed = changed_attributes(before, after)
    return Effect("replaced" if changed else "none", session, attributes=changed, before=before, after=after)


def delete(session: str, before: bytes, people: Iterable[str]) -> Effect:
    """A session goes, and everybody's part in it with it."""
    return Effect("deleted", session, removed=tuple(people), before=before)


def _with_report_of(before: bytes, message: bytes) -> bytes:
    if not any(name in before for name in _QUOTED):
        return message
    offering: JsonObject = orjson.loads(message)
    old = consumer_of(orjson.loads(before)) or {}
    new = consumer_of(offering) or {}
    kept = {name: old[name] for name in _REPORT if name in old and name not in new}
    return orjson.dumps(with_consumer(offering, **kept)) if kept else message
