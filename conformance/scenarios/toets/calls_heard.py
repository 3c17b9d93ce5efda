"""What the calls of the system under test came to in one step: which were taken, failed, sent again. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import orjson

from ooapi_toets import Json, JsonObject

_OK = range(200, 300)
_FAILED = {0, 401, 429}
_ERROR = 500


_UNAUTHORIZED = 401  # RFC 9110 section 15.5.2


def body_of(entry: JsonObject) -> Json:
    """The body of a call as data; None where it is none."""
    body = entry["request"]["body"]
    if not isinstance(body, str):
        return body
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return None


def taken(entry: JsonObject) -> bool:
    """Whether a call was accepted."""
    return (entry["status"] or 0) in _OK


def failed(entry: JsonObject) -> bool:
    """Whether a call got an answer after which it should come again."""
    status = entry["status"] or 0
    return status in _FAILED or status >= _ERROR


def survived(entries: Iterable[JsonObject], operation: str) -> tuple[list[JsonObject], list[JsonObject]]:
    """The calls of an operation that failed first: those that were taken when they came again, and those not.

    Each counts by itself: that another one succeeds says nothing of it.

    Args:
        entries: The calls of the step, in order.
        operation: The operation.
    """
    mine = [each for each in entries if each["operation"] == operation]
    good: list[JsonObject] = []
    bad: list[JsonObject] = []
    for index, each in enumerate(mine):
        if not failed(each) or any(_same(each, earlier) for earlier in (*good, *bad)):
            continue
        again = any(_same(each, later) and taken(later) for later in mine[index + 1 :])
        (good if again else bad).append(each)
    return good, bad


def made_anew(entries: list[JsonObject], given_up: JsonObject, name: str) -> bool:
    """Whether a message that was given up came once more under another id, and nothing else came in its place.

    Args:
        entries: The calls of the step, in order, in which one thing was asked for.
        given_up: The call that never came again.
        name: The attribute with the id.
    """
    wanted = _without(body_of(given_up), name)
    others = {
        str(value[name])
        for each in entries
        if each["id"] > given_up["id"] and taken(each) and isinstance(value := body_of(each), dict) and name in value
        if _without(value, name) == wanted
    }
    named = {str(value[name]) for each in entries if isinstance(value := body_of(each), dict) and name in value}
    return len(others) == 1 and len(named) == 1 + len(others)


def reports_of(entries: Iterable[JsonObject], session: str) -> Iterator[JsonObject]:
    """The reports of a session that were accepted, as they were sent."""
    for each in entries:
        value = body_of(each)
        if each["operation"] == "patchOffering" and each["session"] == session and taken(each):
            yield value if isinstance(value, dict) else {}


def _same(one: JsonObject, other: JsonObject) -> bool:
    if (one["method"], _path(one)) != (other["method"], _path(other)):
        return False
    # Of a call without a right to come in, the body was never read.
    unread = any(each["status"] == _UNAUTHORIZED and body_of(each) is None for each in (one, other))
    return unread or body_of(one) == body_of(other)


def _path(entry: JsonObject) -> str:
    path: str = entry["path"]
    return path.partition("?")[0].lower()


def _without(value: Json, name: str) -> Json:
    return {key: each for key, each in value.items() if key != name} if isinstance(value, dict) else value
