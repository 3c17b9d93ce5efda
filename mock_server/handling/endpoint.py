"""The one ASGI endpoint behind Connexion's routing: let in, read, validate, dispatch by operation and kind."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send

from mock_server.domain.effects import Effect
from mock_server.domain.refusals import Reason, RefusalError, RuleViolation
from mock_server.handling.messages import Answer, Request
from mock_server.handling.problems import answer_to
from mock_server.handling.request_body import read_body
from mock_server.handling.validation import admit, read
from mock_server.journal.entry import Entry
from mock_server.judging.judge import Judge, refused
from mock_server.settings import Limits
from mock_server.state.stores.protocol import Store, Transaction
from ooapi_toets.contract import Message, Operation
from ooapi_toets.texts import say
from ooapi_toets.violations import Violation

ENTRY = "ooapi_toets.entry"
"""Where the entry of the exchange travels in the ASGI scope."""

Handler = Callable[[Transaction, Request], tuple[Answer, Effect | None]]
"""What serves one kind of message: state and a valid request in, answer and effect out; raises RefusalError."""

Created = Callable[[Request], tuple[str, str]]
"""The kind and the key of the record that a valid request makes where it is not there yet."""


@dataclass(frozen=True, slots=True)
class Handling:
    """How one kind of message at one operation is handled.

    Attributes:
        handler: Who answers it.
        writes: Whether it changes state.
        creates: What it may create; None where it creates nothing.
    """

    handler: Handler
    writes: bool = False
    creates: Created | None = None


class Guard(Protocol):
    """Lets requests for one operation in, by what its security asks."""

    def enter(self, headers: Mapping[bytes, bytes], entry: Entry) -> frozenset[str] | None:
        """The scopes of whoever calls; None for all of them.

        Raises:
            RefusalError: When nobody known calls, or without any scope of this operation.
        """

    def allow(self, scopes: frozenset[str] | None, message: Message) -> None:
        """Let a message of the operation pass.

        Raises:
            RefusalError: When none of the scopes covers it.
        """


@dataclass(frozen=True, slots=True)
class Served:
    """One operation as it is served.

    Attributes:
        operation: What it asks.
        handlings: How each kind of message is handled.
        guard: Who may call it; None where everybody may.
    """

    operation: Operation
    handlings: Mapping[str, Handling]
    guard: Guard | None


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
            entry.refused(refusal.broken, refused(refusal.broken))
            answer = answer_to(refusal)
        await send_answer(send, answer)

    async def _answer(self, served: Served, scope: Scope, receive: Receive, entry: Entry) -> Answer:
        operation = served.operation
        ids: dict[str, str] = scope["path_params"]
        entry.routed(operation, ids)
        headers = dict(scope["headers"])
        guard = served.guard
        scopes = None if guard is None else guard.enter(headers, entry)
        if operation.body is not None:
            entry.received(await read_body(headers, receive, self._limits.body_bytes))
        message, decoded = read(operation, headers.get(b"content-type"), entry.body, self._judge.follows)
        entry.read_as(message.kind)
        if guard is not None:
            guard.allow(scopes, message)
        request = admit(operation, message, ids, scope["query_string"], decoded, self._judge)
        entry.admitted(request.ids)
        if self._store.blocking:
            return await asyncio.to_thread(self._handle, served, request, entry)
        return self._handle(served, request, entry)

    def _handle(self, served: Served, request: Request, entry: Entry) -> Answer:
        handling = served.handlings[request.kind]
        with self._store.begin(sandbox=entry.sandbox, write=handling.writes) as tx:
            if handling.creates is not None:
                self._refuse_when_full(tx, *handling.creates(request))
            answer, effect = self._run(handling.handler, tx, request)
        entry.accepted(effect, self._judge.accepted(request.kind, request.value, effect))
        return answer

    def _run(self, handler: Handler, tx: Transaction, request: Request) -> tuple[Answer, Effect | None]:
        try:
            return handler(tx, request)
        except RefusalError as refusal:
            rule = self._judge.unknown(request.kind)
            if rule and refusal.reason is Reason.UNKNOWN_SESSION and not refusal.broken:
                raise RefusalError(refusal.reason, (_unknown(rule, request),), refusal.detail) from None
            raise

    def _refuse_when_full(self, tx: Transaction, kind: str, key: str) -> None:
        most = self._limits.offerings
        if tx.is_full(kind, most) and tx.get(kind, key) is None:
            raise RefusalError(
                Reason.FULL,
                detail=f"It holds {most:,} sessions, its limit; delete some or reset it.",
                extra=(("Retry-After", "60"),),
            )


def _unknown(rule: str, request: Request) -> RuleViolation:
    name = next(iter(request.ids), "")
    told = say("is not the id of a registered session")
    return RuleViolation(rule, Violation("path", f"/{name}", "unknown", told, f"the {name} of a registered session"))


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
