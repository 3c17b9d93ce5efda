"""The mock in its other half: it performs the flows of its role against a peer and judges the answers."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from time import perf_counter, time

import httpx
import orjson

from mock_server.domain.refusals import RuleViolation
from mock_server.domain.toets import associations
from mock_server.journal.journal import Entry, Finding
from mock_server.state.stores.protocol import Store
from ooapi_toets import JsonObject, __version__, proxies
from ooapi_toets.calls import Call
from ooapi_toets.client_auth import Authenticator, AuthSettings
from ooapi_toets.contract import Contract, Operation
from ooapi_toets.editions.toets import Calls
from ooapi_toets.errors import EndpointError, UsageError
from ooapi_toets.outcomes import Outcome
from ooapi_toets.results import text
from ooapi_toets.samples import Maker, consumer_of, report, with_consumer
from ooapi_toets.strictjson import encode
from ooapi_toets.texts import Text, say
from ooapi_toets.violations import Violation

PLAYS: dict[str, tuple[str, ...]] = {
    "toetsplanning": ("2.1", "2.2", "2.3", "2.4", "2.5", "4.2"),
    "toetsafname": ("4.1",),
}
"""The flows that a role performs, in the order of the story."""

_RULES = {
    "putOffering": "2.1-create-answers-200",
    "putAssociations": "2.2-association-list-answers-200",
    "deleteOffering": "2.5-delete-answers-200",
    "getOffering": "4.2-read-answers-200",
    "patchOffering": "4.1-report-answers-200",
}
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
        contract: The contract of the edition.
        store: What the player itself knows; its own sessions are kept there.
        peer: The other system.
        next_id: Gives numbers to exchanges.
        sandbox: The sandbox of the store.
    """

    def __init__(
        self,
        role: str,
        contract: Contract,
        store: Store,
        peer: Peer,
        *,
        next_id: Callable[[], int] | None = None,
        sandbox: str = "",
    ) -> None:
        self._role = role
        self._contract = contract
        self._calls = Calls(contract)
        self._store = store
        self._peer = peer
        self._next_id = next_id or itertools.count(1).__next__
        self._sandbox = sandbox
        self._make = Maker(f"play {perf_counter()}")

    async def perform(self, flow: str, session: str | None = None) -> AsyncIterator[Played]:
        """Perform a flow; steps come as they are taken.

        Args:
            flow: One of `PLAYS`, or `all` for the whole story of the role on one session.
            session: A session that both sides know; a new one is made where the flow allows it.

        Raises:
            UsageError: When the role has no such flow, or there is no session to perform it on.
            EndpointError: When the peer cannot be reached.
        """
        flows = PLAYS[self._role] if flow == "all" else (flow,)
        for each in flows:
            if each not in PLAYS[self._role]:
                known = ", ".join((*PLAYS[self._role], "all"))
                raise UsageError(f"{self._role} performs no flow {each!r}.", f"It performs: {known}.")
        if flow == "all" and "4.2" in flows:
            flows = ("2.1", "2.2", "2.3", "2.4", "4.2", "2.5")
        verify = httpx.create_ssl_context()
        peer = proxies.async_mounts(self._peer.url, verify=verify)
        token = proxies.mounts(self._peer.auth.token_url, verify=verify)
        async with httpx.AsyncClient(
            timeout=_TIMEOUT, follow_redirects=False, trust_env=False, verify=verify, mounts=peer
        ) as client:
            with httpx.Client(timeout=_TIMEOUT, trust_env=False, verify=verify, mounts=token) as tokens:
                auth = Authenticator(self._peer.auth, tokens)
                for each in flows:
                    async for words, call in self._steps(each, session):
                        played = await self._send(client, auth, words, call)
                        yield played
                        if played.outcome is Outcome.FAIL:
                            return
                        session = session or _session_of(call)

    # -- what each flow sends ------------------------------------------------------------------------

    async def _steps(self, flow: str, session: str | None) -> AsyncIterator[tuple[Text, Call]]:
        if flow == "4.1":
            yield self._report(session)
            return
        key = session
        if key is None or flow == "2.1":
            offering = self._known(session) or self._make.offering()
            key = offering["offeringId"]
            self._keep(offering)
            yield say("Here is my session"), self._calls.create_session(offering)
        if flow == "2.1":
            offering = with_consumer(offering, locationCode="Aula (test)")
            self._keep(offering)
            words = say("It has moved to another room")
            yield words, self._calls.create_session(offering)
        people = self._people(key)
        if flow == "2.2" or (flow in {"2.3", "2.4"} and not people):
            people = people or self._participants()
            self._keep_people(key, people)
            words = say("And these take part in it")
            yield words, self._calls.register_list(key, people)
        if flow == "2.3":
            people = [*people, *self._make.students(2)]
            self._keep_people(key, people)
            words = say("And these are new students who take part")
            yield words, self._calls.register_list(key, people)
        elif flow == "2.4":
            people = people[1:]
            self._keep_people(key, people)
            words = say("And this student does not take part any more")
            yield words, self._calls.register_list(key, people)
        elif flow == "4.2":
            words = say("Give me the session and its report")
            yield words, self._calls.read_session(key)
        elif flow == "2.5":
            self._forget(key)
            words = say("This session may go")
            yield words, self._calls.delete_session(key)

    def _participants(self) -> list[JsonObject]:
        """Students, and one person in two roles: the same person in both (flow 2, option 2, last remark)."""
        invigilator = self._make.association("invigilator")
        coordinator = self._make.association("coordinator", person=invigilator["person"])
        return [*self._make.students(3), invigilator, coordinator]

    def _report(self, session: str | None) -> tuple[Text, Call]:
        with self._store.begin(sandbox=self._sandbox, write=True) as tx:
            key = session or next((each for each, _ in tx.offerings()), None)
            record = tx.offering(associations.key_of(key)) if key else None
            if key is None or record is None:
                raise UsageError(
                    f"No session {key or ''} is registered here to report on.".replace("  ", " "),
                    "Register one first, or name one that is.",
                )
            offering: JsonObject = orjson.loads(record)
            consumer = consumer_of(offering) or {}
            found = {
                "irregularities": consumer.get("irregularities") or "Brandalarm om 09:40, twaalf minuten extra (test)",
                "documents": consumer.get("documents")
                or [self._make.document(), self._make.document("attendanceReport")],
            }
            # What is sent in 4.1 is what reading in 4.2 shows: it is kept before it is sent.
            tx.put_offering(associations.key_of(key), orjson.dumps(with_consumer(offering, **found)))
        words = say("Here is the session report")
        return words, self._calls.send_report(offering["offeringId"], report(**found))

    # -- what the player knows itself ----------------------------------------------------------------

    def _known(self, session: str | None) -> JsonObject | None:
        if session is None:
            return None
        with self._store.begin(sandbox=self._sandbox) as tx:
            record = tx.offering(associations.key_of(session))
        if record is None:
            raise UsageError(f"No session {session} is known here.", "Leave it out to make a new one.")
        known: JsonObject = orjson.loads(record)
        return known

    def _keep(self, offering: JsonObject) -> None:
        with self._store.begin(sandbox=self._sandbox, write=True) as tx:
            tx.put_offering(associations.key_of(offering["offeringId"]), orjson.dumps(offering))

    def _keep_people(self, session: str, people: list[JsonObject]) -> None:
        with self._store.begin(sandbox=self._sandbox, write=True) as tx:
            tx.replace_people(associations.key_of(session), associations.records(people))

    def _people(self, session: str) -> list[JsonObject]:
        with self._store.begin(sandbox=self._sandbox) as tx:
            return [orjson.loads(each) for each in tx.people(associations.key_of(session)).values()]

    def _forget(self, session: str) -> None:
        with self._store.begin(sandbox=self._sandbox, write=True) as tx:
            tx.delete_offering(associations.key_of(session))

    # -- sending and judging -------------------------------------------------------------------------

    async def _send(self, client: httpx.AsyncClient, auth: Authenticator, words: Text, call: Call) -> Played:
        body = encode(call.body) if call.media_type else b""
        # Fetching a token waits for the peer, and the mock goes on serving meanwhile.
        headers = [("user-agent", f"ooapi-toets/{__version__} mock"), *await asyncio.to_thread(auth.headers)]
        if call.media_type:
            headers.append(("content-type", call.media_type))
        url = self._peer.url.rstrip("/") + call.path
        entry = Entry(
            id=self._next_id(),
            started=time(),
            method=call.method,
            path=url,
            client="",
            request_headers=[(name.lower().encode(), value.encode()) for name, value in headers],
            sandbox=self._sandbox,
            operation_id=call.operation_id,
            body=body,
            body_size=len(body),
            outbound=True,
        )
        begun = perf_counter()
        try:
            answer = await client.request(call.method, url, content=body or None, headers=headers)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise EndpointError(
                f"{call.method} {url} got no answer: {type(error).__name__}.",
                "Is the peer running, and is its URL right?",
            ) from error
        entry.duration_ms = (perf_counter() - begun) * 1000
        entry.status = answer.status_code
        entry.response_headers = [(name.lower(), value) for name, value in answer.headers.raw]
        entry.response_body, entry.response_size = answer.content, len(answer.content)
        outcome, told = _judge(self._contract.operations[call.operation_id], answer)
        rule = _RULES[call.operation_id]
        wrong = () if outcome is Outcome.PASS else (Violation("answer", "", "answer", told),)
        entry.findings = (Finding(rule, outcome, tuple(RuleViolation(rule, each) for each in wrong)),)
        return Played(words, entry, rule, outcome, told)


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
            "the answer breaks the contract at {pointer}: {message}", pointer=first.pointer, message=first.message
        )
    return Outcome.PASS, say("the answer follows the contract")


def _session_of(call: Call) -> str | None:
    if isinstance(call.body, dict) and "offeringId" in call.body:
        return str(call.body["offeringId"])
    parts = call.path.split("/")
    return parts[2] if len(parts) > 2 else None  # noqa: PLR2004 - /offerings/{id}
