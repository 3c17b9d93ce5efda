"""Puts a session of somebody else back as it was before this run, and says what could not be put back.

A report may only be sent for a session that exists at the endpoint, so the suite borrows one. What it reads
before its first message is what the session must read in the end. Putting back is itself a message, which an
endpoint may take in its own way: every step is looked at, and one that makes things worse is the last.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from conformance.evidence.exchange import Exchange
from conformance.oracle.equality import same
from ooapi_toets import Json, JsonObject
from ooapi_toets.calls import Call
from ooapi_toets.samples import CONSUMER_KEY, consumer_of, report

_REPORT = ("irregularities", "documents")
_MOST = 5
"""How often a session is put back in vain before it is left alone."""

Send = Callable[[Call], Exchange]


@dataclass
class _Borrowed:
    first: JsonObject | None
    last: JsonObject | None
    in_vain: int = 0
    worse: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """How a borrowed session stands.

    Attributes:
        changed: The attributes that differ from the first reading.
        stopped: Whether putting it back made things worse, so that it was given up.
    """

    changed: tuple[str, ...] = ()
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class Names:
    """The attributes that the contract has; an endpoint may keep others of its own, such as a time of change.

    Attributes:
        session: Those of a session.
        inside: Those of its nl-test-admin consumer.
    """

    session: frozenset[str]
    inside: frozenset[str]


@dataclass
class Borrowed:
    """The sessions that a run has borrowed; each is used by one scenario at a time."""

    _sessions: dict[str, _Borrowed] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, session: str, now: JsonObject | None, names: Names) -> tuple[str, ...]:
        """Say how a session reads before a scenario uses it; returns what somebody else has changed meanwhile.

        Args:
            session: Its id.
            now: How it reads, or None where the endpoint does not show it.
            names: The attributes to compare.
        """
        with self._lock:
            entry = self._sessions.get(session)
            if entry is None:
                self._sessions[session] = _Borrowed(now, now)
                return ()
        if entry.last is None or now is None:
            return ()
        return _differing(entry.last, now, names)

    def first(self, session: str) -> JsonObject | None:
        """How a session read before this run changed anything; None when that was not shown."""
        with self._lock:
            entry = self._sessions.get(session)
        return entry.first if entry else None

    def give_back(
        self,
        session: str,
        names: Names,
        read: Callable[[], JsonObject | None],
        patch: Callable[[JsonObject], bool],
    ) -> State:
        """Put a session back.

        Args:
            session: Its id.
            names: The attributes to compare.
            read: Reads it; None when that fails.
            patch: Sends a report for it; whether it was accepted.
        """
        with self._lock:
            entry = self._sessions[session]
        if entry.first is None:
            taken_back = patch(report(irregularities=None, documents=[]))
            return State(() if taken_back else _REPORT)
        now = read()
        if now is None:
            return State(("*",))
        changed = _differing(entry.first, now, names)
        for message in _messages(entry.first, changed, names):
            if entry.worse or entry.in_vain >= _MOST:
                break
            if not patch(message(now)):
                continue
            before, now = now, read() or now
            changed = _differing(entry.first, now, names)
            if changed and _size(now) > max(_size(before), _size(entry.first)):
                entry.worse = True
            if not changed:
                break
        entry.in_vain = entry.in_vain + 1 if changed else 0
        entry.last = now
        return State(changed, entry.worse)


def _messages(
    first: JsonObject, changed: tuple[str, ...], names: Names
) -> Iterable[Callable[[JsonObject], JsonObject]]:
    """What to send in turn: the report as it was, and then everything that differs."""
    if changed:
        yield lambda _now: report(**_report_of(first))
        yield lambda now: _naming(first, now, names)


def _naming(first: JsonObject, now: JsonObject, names: Names) -> JsonObject:
    """A report that names everything that differs, with the value it had."""
    entry, there = _own(first), _own(now)
    absent = {name: None for name in there if name not in entry and name in names.inside}
    own = {"consumerKey": CONSUMER_KEY, **absent, **entry, **_report_of(first)}
    others = [each for each in _entries(first) if each.get("consumerKey") != CONSUMER_KEY]
    lost = others if any(each not in _entries(now) for each in others) else []
    outside = {
        name: first.get(name)
        for name in sorted(names.session - {"consumers", "offeringId", "offeringType"})
        if not same(first.get(name), now.get(name))
    }
    return {**outside, "offeringType": "component", "consumers": [own, *lost]}


def _differing(first: JsonObject, now: JsonObject, names: Names) -> tuple[str, ...]:
    """The attributes of the contract that do not say the same, by name."""
    outside = [name for name in sorted(names.session - {"consumers"}) if not same(first.get(name), now.get(name))]
    one, other = _own(first), _own(now)
    inside = [f"consumers/{name}" for name in sorted(names.inside) if not _alike(one.get(name), other.get(name))]
    keys = [{str(each.get("consumerKey")) for each in _entries(of)} for of in (first, now)]
    return (*outside, *inside, *(f"consumers/{key}" for key in sorted(keys[0] ^ keys[1])))


def _entries(session: JsonObject) -> list[JsonObject]:
    """The consumers of a session, whatever it is that was read."""
    entries = session.get("consumers")
    return [each for each in entries if isinstance(each, dict)] if isinstance(entries, list) else []


def _own(session: JsonObject) -> JsonObject:
    return consumer_of({"consumers": _entries(session)}) or {}


def _alike(one: Json, other: Json) -> bool:
    count = [len(each) if isinstance(each, list) else 0 for each in (one, other)]
    return same(one, other) and count[0] == count[1]


def _report_of(session: JsonObject) -> JsonObject:
    found = _own(session)
    return {"irregularities": found.get("irregularities"), "documents": found.get("documents") or []}


def _size(session: JsonObject) -> int:
    """How many documents and consumers there are: what a putting back that appends makes more of."""
    documents = _own(session).get("documents")
    return len(documents if isinstance(documents, list) else []) + len(_entries(session))
