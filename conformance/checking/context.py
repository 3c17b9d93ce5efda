"""What a scenario has in its hands: calls, data, the read-back, and the words to say what it saw."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from conformance.checking.suite import SharedContext
from conformance.counterpart.listener import Listener
from conformance.endpoint import readback
from conformance.endpoint.cleanup import is_ours
from conformance.endpoint.readback import People
from conformance.endpoint.target import SuiteError
from conformance.evidence.exchange import Exchange
from conformance.evidence.findings import (
    Check,
    Measurement,
    PrerequisiteFailed,
    ScenarioAborted,
    numbers,
    violated_outcome,
)
from conformance.oracle.equality import same_id
from conformance.oracle.participants import Mismatch
from conformance.planning.scenario import Scenario
from ooapi_toets import Json, JsonObject
from ooapi_toets.calls import JSON, Call
from ooapi_toets.outcomes import Outcome
from ooapi_toets.samples import Maker, new_id
from ooapi_toets.strictjson import lenient
from ooapi_toets.texts import Text, say

OK, CREATED, NO_CONTENT, BAD_REQUEST, NOT_FOUND, GONE = 200, 201, 204, 400, 404, 410


class ScenarioContext:
    """One run of one scenario.

    Args:
        suite: What it shares with the others.
        scenario: The scenario.
    """

    def __init__(self, suite: SharedContext, scenario: Scenario) -> None:
        self.suite = suite
        self.scenario = scenario
        self.calls = suite.calls
        self.make = Maker(f"{suite.settings.seed}/{scenario.name}", component=suite.settings.component)
        self.exchanges: list[Exchange] = []
        self.checks: list[Check] = []
        self.measurements: list[Measurement] = []
        self._created: list[str] = []

    # -- sending -----------------------------------------------------------------------------------

    def send(
        self,
        call: Call,
        *,
        raw: bytes | None = None,
        valid: bool = True,
        authenticate: bool = True,
        headers: tuple[tuple[str, str], ...] = (),
    ) -> Exchange:
        """Send a call; without an answer, or with one that only says to come back later, the scenario cannot go on.

        Args:
            call: What to send.
            raw: The bytes of the body, instead of the call's JSON.
            valid: Whether it is meant to follow the contract.
            authenticate: Whether to send the credentials.
            headers: Further header lines.

        Raises:
            PrerequisiteFailed: When there was no answer.
        """
        created = self._about_to_create(call, raw)
        exchange = self.suite.target.send(
            call, self.scenario.name, raw=raw, meant_valid=valid, authenticate=authenticate, headers=headers
        )
        self.exchanges.append(exchange)
        if created is not None:
            self._was_created(created, exchange)
        if exchange.failure:
            raise PrerequisiteFailed(
                say(
                    "{method} {path} got no answer: {failure}.",
                    method=exchange.method,
                    path=call.path,
                    failure=exchange.failure,
                ),
                exchange,
            )
        if exchange.busy or (exchange.surroundings and self._must_be_served(call)):
            raise PrerequisiteFailed(
                say(
                    "{method} {path} was answered with {status} again and again, which speaks of the surroundings and "
                    "not of the system: does something in front of it limit requests? Try --connections 1.",
                    method=exchange.method,
                    path=call.path,
                    status=exchange.status,
                ),
                exchange,
            )
        return exchange

    def _must_be_served(self, call: Call) -> bool:
        """Whether a call is one that the role must serve, so that 501 says that it is not the system that answers."""
        operation = self.calls.contract.operations.get(call.operation_id)
        return operation is not None and self.suite.settings.role not in operation.optional_for

    def put_session(self, offering: JsonObject, *, valid: bool = True) -> Exchange:
        """Send a session, to be removed in the end whatever becomes of it."""
        return self.send(self.calls.create_session(offering), valid=valid)

    def keeps(self, session: str) -> None:
        """Put a session on the receipt that turned out to be there, although it was not accepted as one."""
        self._created.append(session)
        self.suite.ledger.keeps(session, "session", self.calls.delete_session(session))

    def _about_to_create(self, call: Call, raw: bytes | None) -> Json:
        """The id of the session that a call would create, put on the receipt if it is ours; None for others."""
        operation = self.calls.contract.operations.get(call.operation_id)
        if operation is None or all(each.kind != "session" for each in operation.messages):
            return None
        body = call.body if raw is None else lenient(raw)
        session: Json = body.get("offeringId", "") if isinstance(body, dict) else ""
        if isinstance(session, str) and is_ours(session):
            self._created.append(session)
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

    def needs(self, exchange: Exchange, rule: str) -> Exchange:
        """Go on only if a call was taken; which rule speaks of it is said in the reason.

        Raises:
            PrerequisiteFailed: When it was not.
        """
        if not exchange.success:
            raise PrerequisiteFailed(
                say(
                    "A step before it failed: {answer} to {method} (see {rule}).",
                    answer=exchange.answer,
                    method=exchange.method,
                    rule=rule,
                ),
                exchange,
            )
        return exchange

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
                say("What reading a session answers is not JSON."),
                exchange,
            )
        if not self.is_session(exchange.value):
            raise PrerequisiteFailed(
                say("What reading a session answers is no session (see http-answers-follow-the-contract)."),
                exchange,
            )
        return dict(exchange.value)

    def is_session(self, value: Json) -> bool:
        """Whether what was read has anything of a session in it."""
        known = self.calls.contract.document["components"]["schemas"]["Offering"]["properties"]
        return isinstance(value, dict) and bool(value.keys() & known)

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
                say("No session was named with {option}, and none can be created over the contract.", option=option)
            )
        session = sessions.get()
        try:
            yield session
        finally:
            sessions.put(session)

    @property
    def listener(self) -> Listener:
        """Where the calls of the system under test are heard.

        Raises:
            PrerequisiteFailed: When nobody listens.
        """
        if self.suite.listener is None:
            raise PrerequisiteFailed(say("Nobody listens for its calls (--listen)."))
        return self.suite.listener

    # -- saying what was seen --------------------------------------------------------------------------

    def passed(self, rule: str, message: Text, *evidence: Exchange) -> None:
        """Say that a rule was tried and holds."""
        self._add(rule, Outcome.PASS, message, evidence)

    def warned(self, rule: str, message: Text, *evidence: Exchange) -> None:
        """Say that a rule holds in substance, in a form that is worth a warning."""
        self._add(rule, Outcome.WARN, message, evidence)

    def failed(self, rule: str, message: Text, *evidence: Exchange, expected: Json = None, got: Json = None) -> None:
        """Say that a rule is broken; what it means follows from its level.

        Raises:
            ScenarioAborted: Always: what would follow rests on it.
        """
        self._add(rule, violated_outcome(self.suite.register[rule]), message, evidence, expected, got)
        raise ScenarioAborted

    def verdict_on(
        self, rules: str | tuple[str, ...], wrong: Iterable[Mismatch], message: Text, *evidence: Exchange
    ) -> None:
        """Say of each rule that it is broken, where something is wrong with it, or else that it holds.

        Args:
            rules: The rules that were tried.
            wrong: What is wrong.
            message: What was tried, for a rule that holds.
            evidence: The exchanges that show it.

        Raises:
            ScenarioAborted: When something is wrong.
            PrerequisiteFailed: When something is wrong with a rule that this scenario does not speak of.
        """
        found = list(wrong)
        for each in found:
            if each.rule not in self.scenario.rules:
                raise PrerequisiteFailed(
                    say(
                        "A step before it did not do what it should (see {rule}): {message}.",
                        rule=each.rule,
                        message=each.message,
                    ),
                    evidence[-1] if evidence else None,
                )
            outcome = violated_outcome(self.suite.register[each.rule])
            self._add(each.rule, outcome, each.message, evidence, each.expected, each.got)
        for rule in (rules,) if isinstance(rules, str) else rules:
            if not any(each.rule == rule for each in found):
                self.passed(rule, message, *evidence)
        if found:
            raise ScenarioAborted

    def measured(self, name: str, what: Text, value: float, unit: str) -> None:
        """Keep a number that is no verdict."""
        self.measurements.append(Measurement(name, what, round(value, 2), unit))

    def accepted(self, rule: str, exchange: Exchange, message: Text) -> None:
        """Say whether a valid call was answered as it should (interpretation `answers-beside-200`).

        Raises:
            ScenarioAborted: When it was not taken.
        """
        if exchange.status == OK:
            self.passed(rule, message, exchange)
        elif exchange.status in {CREATED, NO_CONTENT}:
            self.warned(
                rule,
                say("{message}, with {status} instead of 200", message=message, status=exchange.status),
                exchange,
            )
        else:
            self.failed(
                rule,
                say("A valid call was answered with {status}", status=exchange.status),
                exchange,
                expected=OK,
                got=exchange.status,
            )

    def refused(self, rule: str, exchange: Exchange, sent: Text, status: int = BAD_REQUEST) -> None:
        """Say whether a call was refused as it should (interpretation `refusal-is-400`).

        Args:
            rule: The rule.
            exchange: The call and its answer.
            sent: What was sent.
            status: The status to refuse it with.

        Raises:
            ScenarioAborted: When it was not refused.
        """
        if exchange.status == status or (status == NOT_FOUND and exchange.status == GONE):
            self.passed(rule, say("{sent} was refused", sent=sent), exchange)
        elif exchange.refused:
            self.warned(
                rule,
                say(
                    "{sent} was refused, with {status} instead of {expected}",
                    sent=sent,
                    status=exchange.status,
                    expected=status,
                ),
                exchange,
            )
        else:
            self.failed(
                rule,
                say("{sent} was not refused but answered with {status}", sent=sent, status=exchange.status),
                exchange,
                expected=status,
                got=exchange.status,
            )

    def _add(
        self,
        rule: str,
        outcome: Outcome,
        message: Text,
        evidence: Iterable[Exchange],
        expected: Json = None,
        got: Json = None,
    ) -> None:
        if rule not in self.scenario.rules:
            raise SuiteError(f"{self.scenario.name} speaks of {rule}, which it does not declare")
        self.checks.append(Check(rule, outcome, message, self.scenario.name, numbers(evidence), expected, got))

    def not_tested(self, reason: Text) -> None:
        """Say why the rules of which nothing was said could not be exercised."""
        said = {each.rule for each in self.checks}
        evidence = numbers(self.exchanges[-1:])
        for rule in self.scenario.rules:
            if rule not in said:
                self.checks.append(Check(rule, Outcome.NOT_EXERCISED, reason, self.scenario.name, evidence))

    def suite_failed(self, words: str) -> None:
        """Say that the suite failed; no rule of this scenario is judged by it."""
        message = say("The suite failed: {words}", words=words)
        evidence = numbers(self.exchanges[-1:])
        self.checks += [
            Check(rule, Outcome.ERROR, message, self.scenario.name, evidence) for rule in self.scenario.rules
        ]

    # -- leaving nothing behind ----------------------------------------------------------------------

    def clean_up(self) -> None:
        """Remove what this scenario created; what cannot be removed is put on the receipt."""
        self.suite.ledger.settle(self.suite.target, set(self._created), self.scenario.name)


def fresh_id() -> str:
    """An id that nobody has registered."""
    return new_id()
