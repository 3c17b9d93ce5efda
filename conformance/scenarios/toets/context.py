"""The context of a scenario of the edition `toets`: sessions, participants and reports."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from conformance.checking.context import GONE, NOT_FOUND, ScenarioContext
from conformance.checking.suite import SharedContext
from conformance.endpoint import readback
from conformance.endpoint.cleanup import is_ours
from conformance.endpoint.readback import People
from conformance.evidence.exchange import Exchange
from conformance.evidence.findings import PrerequisiteFailed
from conformance.oracle.equality import same_id
from conformance.planning.scenario import Scenario
from ooapi_toets import Json, JsonObject
from ooapi_toets.calls import JSON, Call
from ooapi_toets.editions.toets import Calls
from ooapi_toets.samples import Maker
from ooapi_toets.strictjson import lenient
from ooapi_toets.texts import say


class ToetsContext(ScenarioContext):
    """One run of one scenario of the edition `toets`.

    Attributes:
        calls: Makes its calls.
        make: Makes its data.
    """

    def __init__(self, suite: SharedContext, scenario: Scenario) -> None:
        super().__init__(suite, scenario)
        self.calls = Calls(suite.edition.contract, suite.settings.target.paths)
        self.make = Maker(self.seed, component=suite.settings.component)

    # -- sending -----------------------------------------------------------------------------------

    def transmit(
        self, call: Call, *, raw: bytes | None, valid: bool, authenticate: bool, headers: tuple[tuple[str, str], ...]
    ) -> Exchange:
        """Send a call, with what it creates on the receipt from before the answer is there."""
        created = self._about_to_create(call, raw)
        exchange = super().transmit(call, raw=raw, valid=valid, authenticate=authenticate, headers=headers)
        if created is not None:
            self._was_created(created, exchange)
        return exchange

    def put_session(self, offering: JsonObject, *, valid: bool = True) -> Exchange:
        """Send a session, to be removed in the end whatever becomes of it."""
        return self.send(self.calls.create_session(offering), valid=valid)

    def keeps(self, session: str) -> None:
        """Put a session on the receipt that turned out to be there, although it was not accepted as one."""
        self.created.append(session)
        self.suite.ledger.keeps(session, "session", self.calls.delete_session(session))

    def _about_to_create(self, call: Call, raw: bytes | None) -> Json:
        """The id of the session that a call would create, put on the receipt if it is ours; None for others."""
        operation = self.calls.contract.operations.get(call.operation_id)
        if operation is None or all(each.kind != "session" for each in operation.messages):
            return None
        body = call.body if raw is None else lenient(raw)
        session: Json = body.get("offeringId", "") if isinstance(body, dict) else ""
        if isinstance(session, str) and is_ours(session):
            self.created.append(session)
            self.suite.ledger.sends(session, "session", self.calls.delete_session(session))
        return session

    def _was_created(self, session: Json, answer: Exchange) -> None:
        """Say on the receipt what was answered; a session that was kept under no id of ours is told."""
        if isinstance(session, str) and is_ours(session):
            self.suite.ledger.answered(session, answer)
        elif answer.success:
            shown = answer.value.get("offeringId") if isinstance(answer.value, dict) else None
            key = str(shown or session)
            read = self.suite.target.send(self.calls.read_session(key), self.scenario.name) if key else answer
            if key and read.success and isinstance(read.value, dict) and same_id(read.value.get("offeringId"), key):
                self.suite.ledger.tells(
                    key, "session", say("it was accepted with no id of this suite, and such an id is never deleted")
                )

    def put_list(self, session: str, people: list[JsonObject], *, valid: bool = True) -> Exchange:
        """Send a list of participants."""
        return self.send(self.calls.register_list(session, people), valid=valid)

    def put_one(self, session: str, association: JsonObject, *, valid: bool = True) -> Exchange:
        """Send one participant as an object."""
        return self.send(self.calls.register_one(session, association), valid=valid)

    def patch(self, session: str, report: JsonObject, media_type: str = JSON, *, valid: bool = True) -> Exchange:
        """Send a report."""
        return self.send(self.calls.send_report(session, report, media_type), valid=valid)

    def delete(self, session: str) -> Exchange:
        """Delete a session."""
        exchange = self.send(self.calls.delete_session(session))
        if exchange.success or exchange.status in {NOT_FOUND, GONE}:
            self.suite.ledger.removed(session)
        return exchange

    # -- standing on what must work first ------------------------------------------------------------

    def session(self, offering: JsonObject | None = None, people: list[JsonObject] | None = None) -> str:
        """The id of a new session, with participants if any are given.

        Raises:
            PrerequisiteFailed: When it cannot be created.
        """
        offering = offering or self.make.offering()
        self.needs(self.put_session(offering), "2.1-create-answers-200")
        session: str = offering["offeringId"]
        if people is not None:
            self.needs(self.put_list(session, people), "2.2-association-list-answers-200")
        return session

    def read_session(self, session: str) -> Exchange:
        """Read a session."""
        return self.send(self.calls.read_session(session))

    def offering(self, session: str) -> JsonObject:
        """A session as it reads now.

        Raises:
            PrerequisiteFailed: When it cannot be read.
        """
        exchange = self.needs(self.read_session(session), "4.2-read-answers-200")
        if not isinstance(exchange.value, dict):
            raise PrerequisiteFailed(
                say("Reading a session did not return JSON."),
                exchange,
            )
        return dict(exchange.value)

    def people(self, session: str) -> People:
        """Who takes part in a session now.

        Raises:
            PrerequisiteFailed: When that cannot be read.
        """
        return readback.read_people(self.send, self.calls, session)

    @contextmanager
    def given(self, state: str = "active") -> Iterator[str]:
        """A session that exists at the Toetsplanning endpoint, for this scenario alone.

        Raises:
            PrerequisiteFailed: When none was named.
        """
        sessions = self.suite.given.get(state)
        if sessions is None:
            option = "--given-offering" if state == "active" else "--given-cancelled"
            raise PrerequisiteFailed(
                say("No session was given with {option}, and the contract offers no way to create one.", option=option)
            )
        session = sessions.get()
        try:
            yield session
        finally:
            sessions.put(session)
