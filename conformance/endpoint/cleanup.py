"""What a run created at the endpoint, what it removed, and what it left."""

from __future__ import annotations

import threading
import uuid
from dataclasses import dataclass

from conformance.endpoint.target import EndpointGone, RequestLimitReached, Target
from conformance.evidence.findings import Left
from ooapi_toets.calls import Call
from ooapi_toets.texts import Text, say

_GONE = {404, 410}
_NOT_REMOVED = say("it was not removed")


@dataclass(frozen=True, slots=True)
class Owed:
    """Something created that is not removed yet.

    Attributes:
        id: Its id.
        kind: `session` or `report`.
        undo: The call that removes it.
    """

    id: str
    kind: str
    undo: Call


class Ledger:
    """The receipt of a run; safe to share between threads."""

    def __init__(self) -> None:
        self._created: dict[str, Owed] = {}
        self._removed: set[str] = set()
        self._why: dict[str, Text] = {}
        self._lock = threading.Lock()

    def creates(self, key: str, kind: str, undo: Call) -> None:
        """Say that something is about to be created, and how to remove it: it counts before the answer is there."""
        with self._lock:
            self._created[key] = Owed(key, kind, undo)
            self._removed.discard(key)

    def removed(self, key: str) -> None:
        """Say that something is gone, or was never there."""
        with self._lock:
            if key in self._created:
                self._removed.add(key)
                self._why.pop(key, None)

    def still_there(self, key: str, why: Text) -> None:
        """Say that something that was to be removed is still there."""
        with self._lock:
            self._removed.discard(key)
            self._why[key] = why

    def open(self) -> list[Owed]:
        """What was created and not removed."""
        with self._lock:
            return [owed for key, owed in self._created.items() if key not in self._removed]

    def settle(self, target: Target, keys: set[str] | None, scenario: str) -> None:
        """Remove what is still open; what cannot be removed stays on the receipt, with the reason.

        Args:
            target: Where it was created.
            keys: Only these; None for all.
            scenario: What the calls are recorded as part of.
        """
        for owed in self.open():
            if keys is not None and owed.id not in keys:
                continue
            try:
                exchange = target.send(owed.undo, f"{scenario} (cleanup)", meant_valid=False)
            except EndpointGone:
                self.still_there(owed.id, say("the endpoint does not answer any more"))
            except RequestLimitReached:
                self.still_there(
                    owed.id,
                    say("no more requests were allowed (--max-requests)"),
                )
            else:
                # An id that is no UUID was refused when it was sent, and is refused again here.
                never_there = exchange.refused and not _is_uuid(owed.id)
                if exchange.success or exchange.status in _GONE or never_there:
                    self.removed(owed.id)
                else:
                    message = say("{method}: {answer}", method=owed.undo.method, answer=exchange.answer)
                    self.still_there(owed.id, message)

    def created(self) -> list[str]:
        """Every id created."""
        return sorted(self._created)

    def gone(self) -> list[str]:
        """Every id removed."""
        return sorted(self._removed)

    def left(self) -> list[Left]:
        """What is still there, and why."""
        return [Left(each.id, each.kind, self._why.get(each.id, _NOT_REMOVED)) for each in self.open()]


def _is_uuid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True
