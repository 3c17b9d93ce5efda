"""The context of a scenario of the edition `toets`: sessions, participants and reports."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from conformance.checking.context import GONE, NOT_FOUND, ScenarioContext
from conformance.checking.suite import SharedContext
from conformance.endpoint import readback
from conformance.endpoint.readback import People
from conformance.evidence.exchange import Exchange
from conformance.evidence.findings import PrerequisiteFailed
from conformance.planning.scenario import Scenario
from ooapi_toets import JsonObject
from ooapi_toets.calls import JSON
from ooapi_toets.editions.toets import Calls
from ooapi_toets.samples import Maker
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

    def put_session(self, offering: JsonObject, *, valid: bool = True) -> Exchange:
        """Send a session, to be removed in the end whatever becomes of it."""
        self.will_create(offering)
        return self.send(self.calls.create_session(offering), valid=valid)

    def will_create(self, offering: JsonObject) -> None:
        """Put a session on the receipt, and on the list of what to remove, before it is sent."""
        session = offering.get("offeringId")
        if isinstance(session, str):
            self.creates(session, "session", self.calls.delete_session(session))

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
