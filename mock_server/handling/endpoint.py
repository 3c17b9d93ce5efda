"""The one ASGI endpoint behind Connexion's routing: let in, read, validate, dispatch by operation id."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send

from mock_server.domain.effects import Effect
from mock_server.domain.refusals import Reason, RefusalError, RuleViolation
from mock_server.handling.messages import Answer, Request
from mock_server.handling.problems import answer_to
from mock_server.handling.request_body import read_body
from mock_server.handling.validation import admit
from mock_server.journal.journal import Entry
from mock_server.judging.judge import Judge, refused
from mock_server.settings import Limits
from mock_server.state.stores.protocol import Store, Transaction
from ooapi_toets.contract import Operation
from ooapi_toets.texts import say
from ooapi_toets.violations import Violation

ENTRY = "ooapi_toets.entry"
"""Where the entry of the exchange travels in the ASGI scope."""

Handler = Callable[[Transaction, Request], tuple[Answer, Effect | None]]
"""What serves one operation: state and a valid request in, answer and effect out; raises RefusalError."""

Guard = Callable[[Mapping[bytes, bytes], Entry], None]
"""Lets a request in or raises RefusalError; compiled per operation from the contract's security."""


@dataclass(frozen=True, slots=True)
class Served:
    """One operation as it is served.

    Attributes:
        operation: What it asks.
        handler: Who answers it.
        guard: Who may call it; None where everybody may.
        writes: Whether it changes state.
        creates: Whether it may create a session.
    """

    operation: Operation
    handler: Handler
    guard: Guard | None
    writes: bool
    creates: bool


class Endpoint:
    """Answers every request that was routed.

    Args:
        served: The operations by id.
        store: The state.
        limits: Bounds on what is read.
        judge: Judges what arrives.
    """

    def __init__(self, served: Mapping[str, Served], store: Store, limits: Limits, judge: Judge) -> None:
        self._judge = judge
        self._served = served
        self._store = store
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the ASGI specification; `scope` carries Connexion's routing and our entry."""
        entry: Entry = scope[ENTRY]
        operation_id = scope["extensions"]["connexion_routing"]["operation_id"]
        if operation_id is None:
            raise HTTPException(404)  # the gate knows what to say
        try:
            answer = await self._answer(self._served[operation_id], scope, receive, entry)
        except RefusalError as refusal:
            entry.broken = refusal.broken
            entry.findings = refused(refusal.broken)
            answer = answer_to(refusal)
        await send_answer(send, answer)

    async def _answer(self, served: Served, scope: Scope, receive: Receive, entry: Entry) -> Answer:
        operation = served.operation
        entry.operation_id, entry.kind = operation.id, operation.messages[-1].kind
        headers = dict(scope["headers"])
        if served.guard is not None:
            served.guard(headers, entry)
        if operation.body is not None:
            entry.body = await read_body(headers, receive, self._limits.body_bytes)
            entry.body_size = len(entry.body)
        ids: dict[str, str] = scope["path_params"]
        entry.ids = ids
        request = admit(operation, ids, scope["query_string"], headers.get(b"content-type"), entry.body, self._judge)
        entry.ids, entry.kind = request.ids, request.kind
        if self._store.blocking:
            return await asyncio.to_thread(self._handle, served, request, entry)
        return self._handle(served, request, entry)

    def _handle(self, served: Served, request: Request, entry: Entry) -> Answer:
        with self._store.begin(sandbox=entry.sandbox, write=served.writes) as tx:
            if served.creates:
                self._refuse_when_full(tx, request)
            answer, effect = self._run(served.handler, tx, request)
        entry.findings = self._judge.accepted(request.kind, request.value, effect)
        entry.effect = effect and effect.to_keep()
        return answer

    def _run(self, handler: Handler, tx: Transaction, request: Request) -> tuple[Answer, Effect | None]:
        try:
            return handler(tx, request)
        except RefusalError as refusal:
            if refusal.reason is Reason.UNKNOWN_SESSION and not refusal.broken:
                broken = _unknown_session(self._judge.unknown(request.kind))
                raise RefusalError(refusal.reason, broken, refusal.detail) from None
            raise

    def _refuse_when_full(self, tx: Transaction, request: Request) -> None:
        most = self._limits.offerings
        if tx.is_full(most) and tx.offering(request.value["offeringId"].lower()) is None:
            raise RefusalError(
                Reason.FULL,
                detail=f"It holds {most:,} sessions, its limit; delete some or reset it.",
                extra=(("Retry-After", "60"),),
            )


def _unknown_session(rule: str) -> tuple[RuleViolation, ...]:
    if not rule:
        return ()
    return (
        RuleViolation(
            rule,
            Violation(
                "path",
                "/offeringId",
                "unknown",
                say("is not the id of a session that was registered"),
                "the offeringId of a registered session",
            ),
        ),
    )


async def send_answer(send: Send, answer: Answer) -> None:
    """Send an answer over ASGI."""
    await send(
        {
            "type": "http.response.start",
            "status": answer.status,
            "headers": [*answer.headers, (b"content-length", b"%d" % len(answer.body))],
        }
    )
    await send({"type": "http.response.body", "body": answer.body})
