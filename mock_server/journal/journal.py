"""Keeps exchanges and what was found in them, in a ring: the newest stay, the oldest go, and it says so."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain

from mock_server.domain.effects import Effect
from mock_server.domain.refusals import RuleViolation
from mock_server.settings import Limits
from ooapi_toets.outcomes import Outcome

RawHeaders = list[tuple[bytes, bytes]]

_LINE_BYTES = 122
"""What Python takes for one header line beside its text; a flood has thousands."""
_VIOLATION_BYTES = 240
"""What one violation takes, measured; a hostile list has thousands."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one exchange says about one rule.

    Attributes:
        rule: The rule.
        outcome: `PASS`, `WARN` or `FAIL`.
        broken: The violations behind it, none for a pass.
    """

    rule: str
    outcome: Outcome
    broken: tuple[RuleViolation, ...] = ()


@dataclass(slots=True)
class Entry:
    """One exchange, filled in along the road.

    Attributes:
        id: Its number, from 1 up, never used again.
        started: When it began, in seconds since the epoch.
        method: The HTTP method.
        path: The path with the query, as sent.
        client: The address it came from.
        request_headers: The header lines as received (ASGI lower-cases the names).
        sandbox: The sandbox it fell in.
        operation_id: The operation it was routed to, if any.
        kind: The kind of message it is; before its body was read, the usual kind of its operation.
        ids: The ids in its path by the name of their parameter.
        body: The request body, as far as it was read and is kept.
        body_size: How large the request body was.
        broken: Every violation found in the request.
        effect: What it changed, if it was accepted.
        findings: What it says about rules.
        status: The status answered; 0 while under way or when the answer was withheld.
        response_headers: The header lines answered.
        response_body: The answer's body, as far as it is kept.
        response_size: How large it was.
        duration_ms: How long it took.
        fault: The planned misbehaviour that struck, if any.
        credential: A short name for the client that authenticated, if any.
        expired_token: Whether its credential was one that has expired.
        outbound: Whether the mock made the call itself, to its peer; then `path` is a whole URL.
    """

    id: int
    started: float
    method: str
    path: str
    client: str
    request_headers: RawHeaders
    sandbox: str = ""
    operation_id: str | None = None
    kind: str = ""
    ids: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    body_size: int = 0
    broken: tuple[RuleViolation, ...] = ()
    effect: Effect | None = None
    findings: tuple[Finding, ...] = ()
    status: int = 0
    response_headers: RawHeaders = field(default_factory=list)
    response_body: bytes = b""
    response_size: int = 0
    duration_ms: float = 0.0
    fault: str | None = None
    credential: str | None = None
    expired_token: bool = False
    outbound: bool = False

    @property
    def key(self) -> str:
        """The first id in its path, if any."""
        return next(iter(self.ids.values()), "")

    @property
    def kept_bytes(self) -> int:
        """What this entry weighs in the journal's budget."""
        effect = self.effect.kept_bytes if self.effect else 0
        head = len(self.path) + len(self.request_headers) * _LINE_BYTES + sum(map(len, chain(*self.request_headers)))
        return len(self.body) + len(self.response_body) + effect + len(self.broken) * _VIOLATION_BYTES + head


class Journal:
    """The ring of exchanges; the only writer is the examiner.

    Args:
        limits: How much to keep.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._entries: deque[Entry] = deque()
        self._weights: deque[int] = deque()
        self._bytes = 0
        self.evicted = 0

    def add(self, entry: Entry) -> None:
        """Keep an exchange that has ended, and let the oldest go where there is no room."""
        most = self._limits.journal_body_bytes
        if len(entry.body) > most:
            entry.body = entry.body[:most]
        if len(entry.response_body) > most:
            entry.response_body = entry.response_body[:most]
        weight = entry.kept_bytes
        self._entries.append(entry)
        self._weights.append(weight)
        self._bytes += weight
        # The newest stays whatever it weighs: its number was in the answer.
        while len(self._entries) > 1 and self._over():
            self._entries.popleft()
            self._bytes -= self._weights.popleft()
            self.evicted += 1

    def _over(self) -> bool:
        return len(self._entries) > self._limits.journal_entries or self._bytes > self._limits.journal_bytes

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries)

    def get(self, entry_id: int) -> Entry | None:
        """The exchange with this number, or None when it never was or is gone."""
        if not self._entries:
            return None
        # Numbers are handed out in order but kept in the order of ending, so a direct look may miss.
        return next((each for each in reversed(self._entries) if each.id == entry_id), None)

    def clear(self) -> None:
        """Forget every exchange; numbers go on."""
        self._entries.clear()
        self._weights.clear()
        self._bytes = 0
        self.evicted = 0
