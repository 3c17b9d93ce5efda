"""What a run created at the endpoint, what it removed, what it left, and what it changed."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, replace

from conformance.endpoint.target import EndpointGone, RequestLimitReached, Target
from conformance.evidence.exchange import Exchange
from conformance.evidence.findings import Left
from ooapi_toets import Json
from ooapi_toets.calls import Call
from ooapi_toets.samples import ID_PREFIX, UUID
from ooapi_toets.texts import Text, say

_GONE = {404, 410}
_NOT_KNOWN = {502, 504}
"""Answers of a gateway that may have passed the message on (RFC 9110 sections 15.6.3 and 15.6.5)."""
_NOT_REMOVED = say("it was not removed")


def is_ours(key: Json) -> bool:
    """Whether an id was made by this suite: a UUID that begins with `7e57`. Nothing else is ever deleted."""
    return isinstance(key, str) and UUID.fullmatch(key) is not None and key.lower().startswith(ID_PREFIX)


@dataclass(frozen=True, slots=True)
class Owed:
    """Something that was sent, and may have to be removed.

    Attributes:
        id: Its id.
        kind: What it is: `session`.
        undo: The call that removes it.
        accepted: Whether the endpoint said that it took it.
        removed: Whether it is gone.
        why: Why it is still there, where that was tried.
    """

    id: str
    kind: str
    undo: Call
    accepted: bool = False
    removed: bool = False
    why: Text = _NOT_REMOVED


class Ledger:
    """The receipt of a run; safe to share between threads.

    What is sent counts from before the answer is there, so that a stop in between forgets nothing. An answer
    that refuses it takes it off again: it was never there.
    """

    def __init__(self) -> None:
        self._owed: dict[str, Owed] = {}
        self._told: dict[tuple[str, str], Left] = {}
        self._lock = threading.Lock()

    def sends(self, key: str, kind: str, undo: Call) -> None:
        """Say that something is about to be created, and how to remove it.

        Raises:
            ValueError: When its id is not one of ours: such a thing must not be removed.
        """
        if not is_ours(key):
            message = f"{key!r} is no id of this suite"
            raise ValueError(message)
        with self._lock:
            known = self._owed.get(key)
            if known is None or known.removed:
                self._owed[key] = Owed(key, kind, undo, accepted=known is not None and known.accepted)

    def answered(self, key: str, answer: Exchange) -> None:
        """Say what was answered to what was about to be created."""
        with self._lock:
            known = self._owed.get(key)
            if known is None:
                return
            if answer.success:
                self._owed[key] = replace(known, accepted=True, removed=False)
            elif answer.status is not None and answer.status not in _NOT_KNOWN and not known.accepted:
                del self._owed[key]

    def keeps(self, key: str, kind: str, undo: Call) -> None:
        """Say that something of ours is there, whatever was answered when it was sent."""
        self.sends(key, kind, undo)
        with self._lock:
            self._owed[key] = replace(self._owed[key], accepted=True)

    def removed(self, key: str) -> None:
        """Say that something is gone."""
        with self._lock:
            if key in self._owed:
                self._owed[key] = replace(self._owed[key], removed=True)

    def tells(self, key: str, kind: str, why: Text) -> None:
        """Say that something is there which the suite does not remove, or has changed and cannot put back."""
        with self._lock:
            self._told[kind, key] = Left(key, kind, why)

    def takes_back(self, key: str, kind: str) -> None:
        """Say that what was told is not so any more."""
        with self._lock:
            self._told.pop((kind, key), None)

    def open(self) -> list[Owed]:
        """What was sent, not refused, and not removed."""
        with self._lock:
            return [each for each in self._owed.values() if not each.removed]

    def settle(self, target: Target, keys: Iterable[str] | None, scenario: str) -> None:
        """Remove what is still open; what cannot be removed stays on the receipt, with the reason.

        Args:
            target: Where it was created.
            keys: Only these; None for all.
            scenario: What the calls are recorded as part of.
        """
        chosen = None if keys is None else set(keys)
        for owed in self.open():
            if chosen is not None and owed.id not in chosen:
                continue
            try:
                answer = target.send(owed.undo, f"{scenario} (cleanup)", meant_valid=False)
            except EndpointGone:
                self._still_there(owed, say("the endpoint no longer responds"))
            except RequestLimitReached:
                self._still_there(owed, say("the maximum number of requests (--max-requests) was reached"))
            else:
                self._undone(owed, answer)

    def _undone(self, owed: Owed, answer: Exchange) -> None:
        if answer.success:
            with self._lock:
                self._owed[owed.id] = replace(owed, accepted=True, removed=True)
        elif answer.status in _GONE and owed.accepted:
            self.removed(owed.id)
        elif answer.status in _GONE:
            with self._lock:
                self._owed.pop(owed.id, None)  # it was sent, no answer came, and it never arrived
        else:
            self._still_there(owed, say("{method}: {answer}", method=owed.undo.method, answer=answer.answer))

    def _still_there(self, owed: Owed, why: Text) -> None:
        with self._lock:
            self._owed[owed.id] = replace(owed, why=why)

    def created(self) -> list[str]:
        """Every id that the endpoint took, or may have taken without saying so."""
        with self._lock:
            return sorted(self._owed)

    def gone(self) -> list[str]:
        """Every id removed."""
        with self._lock:
            return sorted(key for key, each in self._owed.items() if each.removed)

    def left(self) -> list[Left]:
        """What is still there or was changed, and why."""
        there = [Left(each.id, each.kind, each.why) for each in self.open()]
        with self._lock:
            return [*there, *self._told.values()]
