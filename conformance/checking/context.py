"""The context of a scenario in any edition: sending, standing on what must work first, and recording outcomes.

Each edition has a class of its own upon it, which knows the messages: `conformance/scenarios/EDITION/context.py`.
"""

from __future__ import annotations

from collections.abc import Iterable

from conformance.checking.suite import SharedContext
from conformance.counterpart.listener import Listener
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
from conformance.oracle.participants import Mismatch
from conformance.planning.scenario import Scenario
from ooapi_toets import Json
from ooapi_toets.calls import Call
from ooapi_toets.outcomes import Outcome
from ooapi_toets.samples import new_id
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
        self.seed = f"{suite.settings.seed}/{scenario.name}"
        self.exchanges: list[Exchange] = []
        self.checks: list[Check] = []
        self.measurements: list[Measurement] = []
        self.created: list[str] = []

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
        exchange = self.transmit(call, raw=raw, valid=valid, authenticate=authenticate, headers=headers)
        if exchange.failure:
            raise PrerequisiteFailed(
                say(
                    "{method} {path} got no response: {failure}.",
                    method=exchange.method,
                    path=call.path,
                    failure=exchange.failure,
                ),
                exchange,
            )
        if exchange.busy:
            raise PrerequisiteFailed(
                say(
                    "{method} {path} was answered with {status} repeatedly: the endpoint asks for fewer requests.",
                    method=exchange.method,
                    path=call.path,
                    status=exchange.status,
                ),
                exchange,
            )
        return exchange

    def transmit(
        self, call: Call, *, raw: bytes | None, valid: bool, authenticate: bool, headers: tuple[tuple[str, str], ...]
    ) -> Exchange:
        """Send a call and keep the exchange, whatever was answered, or whether anything was; see `send`."""
        exchange = self.suite.target.send(
            call, self.scenario.name, raw=raw, meant_valid=valid, authenticate=authenticate, headers=headers
        )
        self.exchanges.append(exchange)
        return exchange

    # -- standing on what must work first ------------------------------------------------------------

    def needs(self, exchange: Exchange, rule: str) -> Exchange:
        """Go on only if a call was taken; which rule speaks of it is said in the reason.

        Raises:
            PrerequisiteFailed: When it was not.
        """
        if not exchange.success:
            raise PrerequisiteFailed(
                say(
                    "An earlier step failed: {answer} to {method} (see {rule}).",
                    answer=exchange.answer,
                    method=exchange.method,
                    rule=rule,
                ),
                exchange,
            )
        return exchange

    @property
    def listener(self) -> Listener:
        """Where the calls of the system under test are heard.

        Raises:
            PrerequisiteFailed: When nobody listens.
        """
        if self.suite.listener is None:
            raise PrerequisiteFailed(say("Listening is off (--listen)."))
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
        found = [(self.suite.rule_of(each.aspect), each) for each in wrong]
        for broken, each in found:
            if broken not in self.scenario.rules:
                raise PrerequisiteFailed(
                    say(
                        "A step before it did not do what it should (see {rule}): {message}.",
                        rule=broken,
                        message=each.message,
                    ),
                    evidence[-1] if evidence else None,
                )
            outcome = violated_outcome(self.suite.register[broken])
            self._add(broken, outcome, each.message, evidence, each.expected, each.got)
        for rule in (rules,) if isinstance(rules, str) else rules:
            if all(broken != rule for broken, _ in found):
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
                say("A valid request was answered with {status}", status=exchange.status),
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
        message = say("An error occurred in the test suite itself: {words}", words=words)
        evidence = numbers(self.exchanges[-1:])
        self.checks += [
            Check(rule, Outcome.ERROR, message, self.scenario.name, evidence) for rule in self.scenario.rules
        ]

    # -- leaving nothing behind ----------------------------------------------------------------------

    def clean_up(self) -> None:
        """Remove what this scenario created; what cannot be removed is put on the receipt."""
        self.suite.ledger.settle(self.suite.target, set(self.created), self.scenario.name)


def fresh_id() -> str:
    """An id that nobody has registered."""
    return new_id()
