"""The mock in its other half: it performs the flows of its role against a peer and judges the answers."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from time import perf_counter

import httpx
import orjson

from mock_server.domain.refusals import RuleViolation
from mock_server.journal.entry import Entry, Finding
from mock_server.roles import plays_of
from mock_server.roles.stage import Move, Stage
from ooapi_toets import JsonObject, __version__, proxies
from ooapi_toets.calls import Call
from ooapi_toets.client_auth import Authenticator, AuthSettings
from ooapi_toets.contract import Operation, Role
from ooapi_toets.errors import EndpointError, UsageError
from ooapi_toets.outcomes import Outcome
from ooapi_toets.results import text
from ooapi_toets.strictjson import encode
from ooapi_toets.texts import Text, say
from ooapi_toets.violations import Violation

ALL = "all"
"""The whole story of a role, in the place of a flow."""

_ALSO_FINE = {201, 204}
_TIMEOUT = 10.0


@dataclass(frozen=True, slots=True)
class Peer:
    """The other system.

    Attributes:
        url: Its base URL.
        auth: How to authenticate there.
    """

    url: str
    auth: AuthSettings = field(default_factory=AuthSettings)


@dataclass(frozen=True, slots=True)
class Played:
    """One step that was performed.

    Attributes:
        words: What was sent, for people.
        entry: The exchange.
        rule: The rule that the answer speaks of.
        outcome: What it says.
        told: Why, for people.
    """

    words: Text
    entry: Entry
    rule: str
    outcome: Outcome
    told: Text

    def as_dict(self) -> JsonObject:
        """The step as data."""
        return {
            "words": text(self.words),
            "exchange": self.entry.id,
            "method": self.entry.method,
            "url": self.entry.path,
            "status": self.entry.status or None,
            "rule": self.rule,
            "outcome": self.outcome.value,
            "told": text(self.told),
        }


class Player:
    """Performs flows of a role.

    Args:
        role: The role that is played.
        stage: What it knows, makes and may send.
        peer: The other system.
        next_id: Gives numbers to exchanges.
    """

    def __init__(self, role: Role, stage: Stage, peer: Peer, next_id: Callable[[], int] | None = None) -> None:
        self._role = role
        self._stage = stage
        self._edition = stage.edition
        self._plays = plays_of(stage.edition)
        self._peer = peer
        self._next_id = next_id or itertools.count(1).__next__

    def flows(self, flow: str) -> tuple[str, ...]:
        """The flows that are meant by the name of one, or by `all` for the whole story of the role on one session.

        Raises:
            UsageError: When the role performs no such flow.
        """
        known = self._edition.plays[self._role]
        if flow == ALL:
            return self._edition.story[self._role]
        if flow not in known:
            raise UsageError(f"{self._role} performs no flow {flow!r}.", f"It performs: {', '.join((*known, ALL))}.")
        return (flow,)

    def needs_session(self, flow: str) -> bool:
        """Whether a flow is about a session that the other side must know already; arguments as in `flows`."""
        return any(self._plays[each].on_known for each in self.flows(flow))

    async def perform(self, flow: str, session: str | None = None) -> AsyncIterator[Played]:
        """Perform a flow; steps come as they are taken.

        Args:
            flow: One of those that the role performs, or `all` for its whole story on one session.
            session: A session that both sides know; a new one is made where the flow allows it.

        Raises:
            UsageError: When the role has no such flow, or there is no session to perform it on.
            EndpointError: When the peer cannot be reached.
        """
        flows = self.flows(flow)
        verify = httpx.create_ssl_context()
        peer = proxies.async_mounts(self._peer.url, verify=verify)
        token = proxies.mounts(self._peer.auth.token_url, verify=verify)
        async with httpx.AsyncClient(
            timeout=_TIMEOUT, follow_redirects=False, trust_env=False, verify=verify, mounts=peer
        ) as client:
            with httpx.Client(timeout=_TIMEOUT, trust_env=False, verify=verify, mounts=token) as tokens:
                auth = Authenticator(self._peer.auth, tokens)
                for each in flows:
                    async for move in self._plays[each].script(self._stage, session):
                        played = await self._send(client, auth, move)
                        yield played
                        if played.outcome is Outcome.FAIL:
                            return
                        session = session or move.session

    async def _send(self, client: httpx.AsyncClient, auth: Authenticator, move: Move) -> Played:
        call = move.call
        body = encode(call.body) if call.media_type else b""
        # Fetching a token waits for the peer, and the mock goes on serving meanwhile.
        headers = [("user-agent", f"ooapi-toets/{__version__} mock"), *await asyncio.to_thread(auth.headers)]
        if call.media_type:
            headers.append(("content-type", call.media_type))
        url = self._peer.url.rstrip("/") + call.path
        entry = Entry.outgoing(self._next_id(), call.method, url, headers, body, self._stage.sandbox)
        operation = self._operation(call)
        entry.routed(operation, {}, operation.message_of(call.body).kind)
        begun = perf_counter()
        try:
            answer = await client.request(call.method, url, content=body or None, headers=headers)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise EndpointError(
                f"{call.method} {url} got no answer: {type(error).__name__}.",
                "Is the peer running, and is its URL right?",
            ) from error
        took = (perf_counter() - begun) * 1000
        entry.answered(answer.status_code, [(name.lower(), value) for name, value in answer.headers.raw], took)
        entry.ended(answer.content, len(answer.content), took)
        outcome, told = _judge(operation, answer)
        rule = self._edition.rule(move.aspect)
        wrong = () if outcome is Outcome.PASS else (Violation("answer", "", "answer", told),)
        entry.shows((Finding(rule, outcome, tuple(RuleViolation(rule, each) for each in wrong)),))
        return Played(move.words, entry, rule, outcome, told)

    def _operation(self, call: Call) -> Operation:
        """The operation that a call is, at whoever this role calls."""
        served = (self._edition.contract.served_by(each) for each in self._edition.called_by(self._role))
        return next(each[call.operation_id] for each in served if call.operation_id in each)


def _judge(operation: Operation, answer: httpx.Response) -> tuple[Outcome, Text]:
    status = answer.status_code
    if status in _ALSO_FINE:
        return Outcome.WARN, say("answered with {status} instead of 200", status=status)
    if status != httpx.codes.OK:
        return Outcome.FAIL, say("answered with {status}", status=status)
    if operation.method != "GET":
        return Outcome.PASS, say("accepted")
    validator = operation.answers.get(status)
    try:
        found = validator.violations(orjson.loads(answer.content)) if validator else []
    except orjson.JSONDecodeError:
        return Outcome.FAIL, say("answered with something that is not JSON")
    wrong = [each for each in found if each.keyword != "required"]
    if wrong:
        first = wrong[0]
        return Outcome.FAIL, say(
            "the response violates the contract at {pointer}: {message}", pointer=first.pointer, message=first.message
        )
    return Outcome.PASS, say("the response follows the contract")
