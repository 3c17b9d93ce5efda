"""How a client takes a fault: does it try again, with the same message, not too soon and not endlessly?

Every other mock can fail on purpose; this judges what the client makes of it. The reading that it rests
on is the interpretation `recovery`, and all of it is at the level of advice, but for ids that change.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b

from mock_server.domain.refusals import RuleViolation
from mock_server.journal.entry import Entry, Finding
from ooapi_toets import Json
from ooapi_toets.outcomes import Outcome
from ooapi_toets.strictjson import NotJsonError, decode
from ooapi_toets.texts import Text, number, say
from ooapi_toets.violations import Violation

PATIENCE = 30.0
"""Seconds within which a client should have tried again."""
_STORM = 5
"""So many tries within a second are a flood."""
_TOLERANCE = 0.25
"""Seconds that a client's clock may be ahead of ours."""
_WRITES = {"PUT", "POST", "PATCH", "DELETE"}
_ID = "associationId"
_LIMIT = 50
_LARGEST_COMPARED = 256_000
"""Of a longer body only a digest is kept, so that a retry with other ids is not told from another call."""


@dataclass(slots=True)
class _Pending:
    """A call that failed on purpose, waiting to be made again."""

    entry: int
    method: str
    path: str
    value: Json
    at: float
    not_before: float
    tries: list[float] = field(default_factory=list)


class Recovery:
    """Watches the calls of one sandbox for how failures are taken.

    A call is made again when the method, the path and the message are the same. Another call of the same kind
    is no sign of anything: two sessions may be planned at once, and be alike in all but their ids.

    Args:
        rule: The id of the rule that speaks of an aspect.
    """

    def __init__(self, rule: Callable[[str], str]) -> None:
        self._recovers = rule("client.recovers")
        self._waits = rule("client.waits")
        self._refreshes = rule("client.refreshes")
        self._keeps_id = rule("client.session.keeps-id")
        self._keeps_ids = rule("client.participants.keep-ids")
        self._pending: deque[_Pending] = deque(maxlen=_LIMIT)
        self._expired: dict[str, tuple[int, float, int]] = {}

    def note(self, entry: Entry) -> tuple[Finding, ...]:
        """What a call says about how an earlier failure was taken; remembers it if it failed itself."""
        failed = bool(entry.fault) and entry.method in _WRITES and _failed(entry)
        value = _value(entry.body) if failed or self._pending else None
        found = [*self._retried(entry, value), *self._refreshed(entry)]
        if failed:
            self._remember(entry, value)
        return tuple(found)

    def overdue(self, now: float) -> list[tuple[int, Finding]]:
        """Failures after which the client has not come back in time: the exchange, and what it says."""
        late = [
            (
                each.entry,
                _finding(
                    self._recovers,
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
                    self._refreshes,
                    Outcome.WARN,
                    say("was refused for an expired token, and no new token was used afterwards"),
                ),
            )
            for number, at, _ in self._expired.values()
            if now - at > PATIENCE
        ]
        return late

    def _remember(self, entry: Entry, value: Json) -> None:
        path = _path(entry)
        if any((each.method, each.path, each.value) == (entry.method, path, value) for each in self._pending):
            return  # it failed again; the first time counts
        wait = next((value for name, value in entry.response_headers if name == b"retry-after"), b"")
        began = entry.started + entry.duration_ms / 1000
        not_before = began + (int(wait) if wait.isdigit() else 0)
        self._pending.append(_Pending(entry.id, entry.method, path, value, began, not_before))

    def _retried(self, entry: Entry, value: Json) -> Iterator[Finding]:
        path = _path(entry)
        for pending in list(self._pending):
            if entry.method != pending.method or path != pending.path:
                continue
            if value == pending.value:
                yield from self._again(pending, entry)
            elif _participants(value) and _without_ids(value) == _without_ids(pending.value):
                # The same people in the same roles of the same session: nobody takes part twice in one way.
                self._pending.remove(pending)
                told = say("was retried with other ids")
                yield _finding(self._recovers, Outcome.WARN, told)
                yield _finding(self._keeps_ids, Outcome.FAIL, say("was changed for the retry"), _ID)

    def _again(self, pending: _Pending, entry: Entry) -> Iterator[Finding]:
        pending.tries.append(entry.started)
        recent = [each for each in pending.tries if entry.started - each < 1]
        if entry.started < pending.not_before - _TOLERANCE:
            early = pending.not_before - entry.started
            yield _finding(
                self._waits,
                Outcome.WARN,
                say("was sent {seconds} seconds before the time in Retry-After", seconds=number(round(early, 1))),
            )
        elif len(recent) >= _STORM:
            yield _finding(
                self._waits,
                Outcome.WARN,
                say("was sent {tries} times within one second", tries=len(recent)),
            )
        elif pending.not_before > pending.at:
            yield Finding(self._waits, Outcome.PASS)
        if not (entry.fault and _failed(entry)):
            self._pending.remove(pending)
            yield Finding(self._recovers, Outcome.PASS)
            if entry.kind == "session":
                yield Finding(self._keeps_id, Outcome.PASS)

    def _refreshed(self, entry: Entry) -> Iterator[Finding]:
        who = entry.credential
        if who is None:
            return
        if entry.expired_token:
            number, at, count = self._expired.get(who, (entry.id, entry.started, 0))
            self._expired[who] = (number, at, count + 1)
            if count + 1 == _STORM:
                yield _finding(
                    self._refreshes,
                    Outcome.WARN,
                    say("was sent with an expired token {tries} times", tries=_STORM),
                )
        elif who in self._expired:
            del self._expired[who]
            yield Finding(self._refreshes, Outcome.PASS)


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


def _participants(value: Json) -> bool:
    """Whether a message is one participant or a list of them."""
    members = value if isinstance(value, list) else [value]
    return bool(members) and all(isinstance(each, dict) and _ID in each for each in members)


def _without_ids(value: Json) -> Json:
    if isinstance(value, list):
        return [_without_ids(each) for each in value]
    return {key: each for key, each in value.items() if key != _ID} if isinstance(value, dict) else value


def _path(entry: Entry) -> str:
    """The path of a call without its query, in a form in which two spellings of one id are the same."""
    return entry.path.partition("?")[0].lower()
