"""What a session report means for the session that Toetsplanning keeps (flow 4.1).

Toetsafname may edit the consumers of a session and nothing else (OKE 1.0.1 table 4.0.F and section
3.4.3), so only these are merged: entry by entry by `consumerKey`, attribute by attribute, `null`
removing (RFC 7396), a list replacing (interpretation `documents-replace`).
"""

from __future__ import annotations

import orjson

from mock_server.domain.effects import Effect
from ooapi_toets import Json, JsonObject


def merge(session: str, before: bytes, report: JsonObject) -> Effect:
    """The session with the report in it; `after` is the record to keep.

    Args:
        session: The id of the session.
        before: Its record.
        report: The valid message.
    """
    offering: JsonObject = orjson.loads(before)
    consumers: list[JsonObject] = list(offering.get("consumers") or [])
    changed: list[str] = []
    for patch in report.get("consumers") or []:  # a PATCH names what changes
        key = patch["consumerKey"]
        place = next((i for i, each in enumerate(consumers) if each.get("consumerKey") == key), None)
        old = consumers[place] if place is not None else {"consumerKey": key}
        new = _merged(old, patch)
        changed += [name for name in old.keys() | new.keys() if old.get(name) != new.get(name)]
        if place is None:
            consumers.append(new)
        else:
            consumers[place] = new
    after = orjson.dumps({**offering, "consumers": consumers})
    names = tuple(sorted(set(changed)))
    return Effect("report" if names else "none", session, attributes=names, before=before, after=after)


def _merged(target: Json, patch: Json) -> Json:
    """RFC 7396 section 2, on data that is not changed in place."""
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = _merged(result.get(name), value)
    return result
