"""One exchange as the mock keeps it: made here, and told by whoever handles it what became of it."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from mock_server.domain.effects import Effect
from mock_server.domain.refusals import RuleViolation
from ooapi_toets.contract import Operation
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
    """One exchange; its methods say what became of it, and nobody writes into it but they.

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

    @classmethod
    def incoming(cls, number: int, scope: Mapping[str, Any], sandbox: str) -> Entry:
        """A request that begins to arrive now.

        Args:
            number: Its number.
            scope: What ASGI says of it.
            sandbox: The sandbox that it falls in.
        """
        raw_path: bytes = scope.get("raw_path") or scope["path"].encode()
        query: bytes = scope["query_string"]
        target = raw_path + b"?" + query if query else raw_path
        client = scope.get("client")
        return cls(
            id=number,
            started=time.time(),
            method=scope["method"],
            path=target.decode("latin-1"),
            client=client[0] if client else "",
            request_headers=scope["headers"],
            sandbox=sandbox,
        )

    @classmethod
    def outgoing(
        cls, number: int, method: str, url: str, headers: Iterable[tuple[str, str]], body: bytes, sandbox: str
    ) -> Entry:
        """A request that the mock makes itself, now.

        Args:
            number: Its number.
            method: The HTTP method.
            url: The whole URL.
            headers: Its header lines.
            body: Its body.
            sandbox: The sandbox that it falls in.
        """
        return cls(
            id=number,
            started=time.time(),
            method=method,
            path=url,
            client="",
            request_headers=[(name.lower().encode(), value.encode()) for name, value in headers],
            sandbox=sandbox,
            body=body,
            body_size=len(body),
            outbound=True,
        )

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

    # -- what becomes of it, in the order of the road ------------------------------------------------

    def received(self, body: bytes) -> None:
        """Its body was read."""
        self.body, self.body_size = body, len(body)

    def routed(self, operation: Operation, ids: Mapping[str, str], kind: str = "") -> None:
        """Its operation is known, and the ids in its path.

        Args:
            operation: The operation.
            ids: The ids by the name of their parameter.
            kind: The kind of message, where its body was read; else it counts as the usual one.
        """
        self.operation_id, self.ids = operation.id, ids
        self.kind = kind or operation.messages[-1].kind

    def read_as(self, kind: str) -> None:
        """Its body tells which kind of message it is."""
        self.kind = kind

    def admitted(self, ids: Mapping[str, str]) -> None:
        """It follows the contract; its ids are as they are kept."""
        self.ids = ids

    def authenticated(self, client: str, *, expired: bool = False) -> None:
        """It came with a credential of a client, perhaps one that has expired."""
        self.credential, self.expired_token = client, expired

    def refused(self, broken: tuple[RuleViolation, ...], findings: Iterable[Finding]) -> None:
        """It was refused, for what is wrong with it."""
        self.broken, self.findings = broken, tuple(findings)

    def accepted(self, effect: Effect | None, findings: Iterable[Finding]) -> None:
        """It was accepted, and changed something."""
        self.effect, self.findings = effect and effect.to_keep(), tuple(findings)

    def struck(self, words: str) -> None:
        """Something went wrong on purpose, or its client left; what struck first counts where nothing else did."""
        self.fault = words

    def shows(self, findings: Iterable[Finding]) -> None:
        """It says something more about rules."""
        self.findings += tuple(findings)

    def shows_only(self, findings: Iterable[Finding]) -> None:
        """In the light of others it says this about rules, and what was found so far no more."""
        self.findings = tuple(findings)

    def answered(self, status: int, headers: RawHeaders, duration_ms: float) -> None:
        """It was given an answer, whose head is known."""
        self.status, self.response_headers, self.duration_ms = status, headers, duration_ms

    def ended(self, body: bytes, size: int, duration_ms: float) -> None:
        """It is over.

        Args:
            body: The body of the answer, as far as it is kept.
            size: How large it was.
            duration_ms: How long all of it took.
        """
        self.response_body, self.response_size, self.duration_ms = body, size, duration_ms

    def cut(self, most: int) -> None:
        """Keep so many bytes of each body."""
        if len(self.body) > most:
            self.body = self.body[:most]
        if len(self.response_body) > most:
            self.response_body = self.response_body[:most]
