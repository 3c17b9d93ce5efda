"""How a client takes a bad day: does it try again, with the same message, not too soon and not endlessly?

Every other mock can fail on purpose; this judges what the client makes of it. The reading that it rests
on is the interpretation `recovery`, and all of it is at the level of advice, but for ids that change.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b

from mock_server.domain.refusals import RuleViolation
from mock_server.journal.journal import Entry, Finding
from ooapi_toets import Json
from ooapi_toets.outcomes import Outcome
from ooapi_toets.strictjson import NotJsonError, decode
from ooapi_toets.texts import Text, number, say
from ooapi_toets.violations import Violation

RECOVERS = "client-recovers-from-5xx-and-429"
WAITS = "client-waits-before-retrying"
REFRESHES = "client-refreshes-its-token"

PATIENCE = 30.0
"""Seconds within which a client should have tried again."""
_STORM = 5
"""So many tries within a second are a flood."""
_TOLERANCE = 0.25
"""Seconds that a client's clock may be ahead of ours."""
_IDS = {"offeringId": "2.1-client-keeps-the-id", "associationId": "2.2-client-keeps-association-ids"}
_WRITES = {"PUT", "POST", "PATCH", "DELETE"}
_LIMIT = 50
_LARGEST_COMPARED = 256_000
"""Of a longer body only a digest is kept, so that a retry with other ids is not told from another call."""


@dataclass(slots=True)
class _Pending:
    """A call that failed on purpose, waiting to be made again."""

    entry: int
    method: str
    path: str
    operation: str | None
    value: Json
    at: float
    not_before: float
    tries: list[float] = field(default_factory=list)


class Recovery:
    """Watches the calls of one sandbox for how failures are taken."""

    def __init__(self) -> None:
        self._pending: deque[_Pending] = deque(maxlen=_LIMIT)
        self._expired: dict[str, tuple[int, float, int]] = {}

    def note(self, entry: Entry) -> tuple[Finding, ...]:
        """What a call says about how an earlier failure was taken; remembers it if it failed itself."""
        found = [*self._retried(entry), *self._refreshed(entry)]
        if entry.fault and entry.method in _WRITES and _failed(entry):
            self._remember(entry)
        return tuple(found)

    def overdue(self, now: float) -> list[tuple[int, Finding]]:
        """Failures after which the client has not come back in time: the exchange, and what it says."""
        late = [
            (
                each.entry,
                _finding(
                    RECOVERS,
                    Outcome.WARN,
                    say("was not retried within {seconds} seconds after it failed", seconds=number(PATIENCE)),
                ),
            )
            for each in self._pending
            if not each.tries and now - each.at > PATIENCE
        ]
        late += [
            (
                number,
                _finding(
                    REFRESHES,
                    Outcome.WARN,
                    say("was refused for an expired token, and no new token was used afterwards"),
                ),
            )
            for number, at, _ in self._expired.values()
            if now - at > PATIENCE
        ]
        return late

    def _remember(self, entry: Entry) -> None:
        if any(each.method == entry.method and each.path == entry.path for each in self._pending):
            return  # it failed again; the first time counts
        wait = next((value for name, value in entry.response_headers if name == b"retry-after"), b"")
        began = entry.started + entry.duration_ms / 1000
        self._pending.append(
            _Pending(
                entry.id,
                entry.method,
                entry.path,
                entry.operation_id,
                _value(entry.body),
                began,
                began + (int(wait) if wait.isdigit() else 0),
            )
        )

    def _retried(self, entry: Entry) -> Iterator[Finding]:
        for pending in list(self._pending):
            if entry.method != pending.method or entry.operation_id != pending.operation:
                continue
            value = _value(entry.body)
            if entry.path == pending.path and value == pending.value:
                yield from self._again(pending, entry)
            elif _without_ids(value) == _without_ids(pending.value) and _similar(entry.path, pending.path):
                self._pending.remove(pending)
                yield _finding(
                    RECOVERS,
                    Outcome.WARN,
                    say("was retried with other ids"),
                )
                for name, rule in _IDS.items():
                    if _ids(value, name) != _ids(pending.value, name):
                        yield _finding(
                            rule,
                            Outcome.FAIL,
                            say("was changed for the retry"),
                            name,
                        )

    def _again(self, pending: _Pending, entry: Entry) -> Iterator[Finding]:
        pending.tries.append(entry.started)
        recent = [each for each in pending.tries if entry.started - each < 1]
        if entry.started < pending.not_before - _TOLERANCE:
            early = pending.not_before - entry.started
            yield _finding(
                WAITS,
                Outcome.WARN,
                say("was sent {seconds} seconds before the time in Retry-After", seconds=number(round(early, 1))),
            )
        elif len(recent) >= _STORM:
            yield _finding(
                WAITS,
                Outcome.WARN,
                say("was sent {tries} times within one second", tries=len(recent)),
            )
        elif pending.not_before > pending.at:
            yield Finding(WAITS, Outcome.PASS)
        if not (entry.fault and _failed(entry)):
            self._pending.remove(pending)
            yield Finding(RECOVERS, Outcome.PASS)

    def _refreshed(self, entry: Entry) -> Iterator[Finding]:
        who = entry.credential
        if who is None:
            return
        if entry.expired_token:
            number, at, count = self._expired.get(who, (entry.id, entry.started, 0))
            self._expired[who] = (number, at, count + 1)
            if count + 1 == _STORM:
                yield _finding(
                    REFRESHES,
                    Outcome.WARN,
                    say("was sent with an expired token {tries} times", tries=_STORM),
                )
        elif who in self._expired:
            del self._expired[who]
            yield Finding(REFRESHES, Outcome.PASS)


def _failed(entry: Entry) -> bool:
    return entry.status in {0, 429} or entry.status >= 500  # noqa: PLR2004 - RFC 9110 section 15.6


def _finding(rule: str, outcome: Outcome, told: Text, name: str = "") -> Finding:
    violation = Violation("body" if name else "header", f"/{name}" if name else "", "recovery", told)
    return Finding(rule, outcome, (RuleViolation(rule, violation),))


def _value(body: bytes) -> Json:
    if len(body) > _LARGEST_COMPARED:
        return blake2b(body).hexdigest()
    try:
        return decode(body).value  # in the strict sense: nothing that is nested too deeply to be compared
    except NotJsonError:
        return None


def _without_ids(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: _without_ids(each) for key, each in value.items() if key not in _IDS}
    if isinstance(value, list):
        return [_without_ids(each) for each in value]
    return value


def _ids(value: Json, name: str) -> list[Json]:
    members = value if isinstance(value, list) else [value]
    return [each.get(name) for each in members if isinstance(each, dict)]


def _similar(one: str, other: str) -> bool:
    """Whether two paths differ in an id at the most."""
    parts, others = one.split("/"), other.split("/")
    return len(parts) == len(others) and sum(a != b for a, b in zip(parts, others, strict=True)) <= 1
