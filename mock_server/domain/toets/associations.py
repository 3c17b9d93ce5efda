"""What a message about participants means (flow 2, options 2, 3 and 4)."""

from __future__ import annotations

from collections.abc import Mapping

import orjson

from mock_server.domain.effects import Effect
from mock_server.domain.refusals import Reason, RefusalError, RuleViolation
from ooapi_toets import JsonObject
from ooapi_toets.texts import say
from ooapi_toets.violations import Violation, pointer

Records = Mapping[str, bytes]
"""Participants by the key of their id, in order."""


def key_of(identifier: str) -> str:
    """The form of a UUID under which it is kept: upper and lower case are the same (RFC 9562)."""
    return identifier.lower()


def records(message: list[JsonObject]) -> dict[str, bytes]:
    """The participants of a list by key, in the order sent.

    Raises:
        RefusalError: When two have the same id (interpretation `duplicate-association`).
    """
    found = {key_of(each["associationId"]): orjson.dumps(each) for each in message}
    if len(found) != len(message):
        raise RefusalError(Reason.INVALID, tuple(_repeated(message)))
    return found


def replace_all(session: str, before: Records, after: Records) -> Effect:
    """A list replaces everybody; says who came, went, changed and stayed. O(n)."""
    added = tuple(key for key in after if key not in before)
    other = (key for key, text in after.items() if before.get(key, text) != text)
    changed = tuple(key for key in other if not _same(before[key], after[key]))
    return Effect(
        "list",
        session,
        added=added,
        removed=tuple(key for key in before if key not in after),
        changed=changed,
        unchanged=len(after) - len(added) - len(changed),
        people_before=before,
    )


def add_or_update(session: str, key: str, before: bytes | None, after: bytes, others: int) -> Effect:
    """One object adds a participant, or updates it, and leaves the others.

    Args:
        session: The id of the session.
        key: The key of the participant.
        before: Its record so far, or None.
        after: The record that was sent.
        others: How many other participants there are.
    """
    if before is None:
        return Effect("one", session, added=(key,), unchanged=others, after=after)
    if _same(before, after):
        return Effect("none", session, unchanged=others + 1, before=before, after=after)
    return Effect("one", session, changed=(key,), unchanged=others, before=before, after=after)


def with_person_as_id(record: bytes) -> bytes:
    """A participant as it is read without `expand=person`."""
    association = orjson.loads(record)
    association["person"] = association["person"]["personId"]
    return orjson.dumps(association)


def _same(one: bytes, other: bytes) -> bool:
    return one == other or (len(one) == len(other) and orjson.loads(one) == orjson.loads(other))


def _repeated(message: list[JsonObject]) -> list[RuleViolation]:
    seen: set[str] = set()
    found = []
    for index, each in enumerate(message):
        key = key_of(each["associationId"])
        if key in seen:
            found.append(
                RuleViolation(
                    "2.2-duplicate-association-is-refused",
                    Violation(
                        "body",
                        pointer(index, "associationId"),
                        "duplicate",
                        say("is the id of an earlier participant in this list"),
                    ),
                )
            )
        seen.add(key)
    return found
