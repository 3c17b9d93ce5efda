"""Sends generated messages and says what their answers mean for the rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from conformance.checking.context import ScenarioContext, fresh_id
from conformance.endpoint.target import EndpointGone, RequestLimitReached
from conformance.evidence.exchange import Exchange
from conformance.evidence.findings import PrerequisiteFailed, ScenarioAborted, ending_in, shown
from conformance.generation import budget, cases
from conformance.generation.cases import Message
from conformance.oracle import every_exchange
from ooapi_toets import Json
from ooapi_toets.calls import Call
from ooapi_toets.editions.kinds import ReadSession
from ooapi_toets.outcomes import Outcome
from ooapi_toets.texts import Text, number, say
from ooapi_toets.violations import Violation, serious

_PER_EXAMPLE = 20
"""Coverage cases sent for each example asked for; 30 examples send them all."""
_FUZZED = 6
"""One fuzzed message of a kind for so many examples asked for: making one takes 80 ms."""


Judging = Callable[[str, Text, Exchange], None]


class _WrongError(Exception):
    """A generated message was answered wrongly; makes hypothesis look for a smaller one."""


class Generated:
    """Generated messages for one operation.

    Args:
        run: The scenario.
        operation_id: The operation.
        rule: The rule that says that broken messages are refused, or what gives it for a violation.
    """

    def __init__(self, run: ScenarioContext, operation_id: str, rule: str | Callable[[Violation], str]) -> None:
        self._run = run
        self._operation = run.suite.edition.contract.operations[operation_id]
        self._rule = rule if callable(rule) else (lambda _violation: rule)
        self._schema = cases.schema_of(run.suite.edition.contract, run.suite.settings.role)
        self._survives = run.suite.edition.rule(every_exchange.SURVIVES)
        self._seen: set[tuple[str, str]] = set()
        self._sent = 0
        self._failed = False

    def everything(self, call: Callable[[Json], Call]) -> None:
        """Send what varies one thing at a time, then what varies everything; then say how it went.

        Args:
            call: Makes the call for a body.

        Raises:
            ScenarioAborted: When something was answered wrongly.
        """
        suite = self._run.suite
        wanted = suite.settings.examples
        count = budget.cases(suite.target.recorder, wanted * _PER_EXAMPLE, 1.0)
        for valid in (False, True):
            messages = cases.coverage(self._schema, self._operation, valid=valid)
            for message in self._chosen(messages, count):
                self._judge(self._send(call, message), message)
        fewer = budget.cases(suite.target.recorder, max(3, wanted // _FUZZED), 1.0)
        for valid in (False, True):
            self._fuzz(call, fewer, valid=valid)
        if self._failed:
            raise ScenarioAborted
        for rule in self._run.scenario.rules:
            if rule != self._run.suite.edition.rule(every_exchange.PROBLEM):  # judged over the whole recording
                self._run.passed(
                    rule,
                    say("{messages} generated messages were answered correctly", messages=number(self._sent)),
                )

    def _chosen(self, messages: list[Message], count: int) -> Iterator[Message]:
        """So many of some messages: those first that no receiver may accept, because they decide the verdict."""
        grave = [each for each in messages if serious(self._faults(each))]
        rest = [each for each in messages if each not in grave]
        seed = self._run.suite.settings.seed
        yield from cases.sample(grave, count, seed)
        yield from cases.sample(rest, max(0, count - len(grave)), seed)

    def _faults(self, message: Message) -> list[Violation]:
        body = self._operation.body
        return body.violations(message.body) if body and message.body is not None else []

    def _fuzz(self, call: Callable[[Json], Call], count: int, *, valid: bool) -> None:
        smallest: list[tuple[int, Exchange, Message]] = []

        def tried(message: Message) -> None:
            exchange = self._send(call, message)
            if self._wrong(exchange, message):
                smallest.append((len(message.raw), exchange, message))
                raise _WrongError

        try:
            cases.fuzz(
                self._schema,
                self._operation,
                valid=valid,
                count=count,
                salt=self._run.suite.settings.seed,
                tried=tried,
            )
        except _WrongError:
            pass
        except Exception as error:
            # An endpoint that answers now so and now so makes hypothesis give up; what was seen counts.
            if not smallest:
                if cause := ending_in(error, PrerequisiteFailed, EndpointGone, RequestLimitReached):
                    raise cause from None
                raise
        if smallest:
            _, exchange, message = min(smallest, key=lambda each: each[0])
            self._judge(exchange, message)

    def _send(self, call: Callable[[Json], Call], message: Message) -> Exchange:
        self._sent += 1
        made, raw = call(message.body), None
        if message.body is None and message.raw != b"null":
            made, raw = replace(made, body=None), message.raw
        try:
            return self._run.send(made, raw=raw, valid=False)
        except PrerequisiteFailed as missing:
            if missing.exchange is None:
                raise
            # No answer at all: did this message break the endpoint, or is it gone? The next call tells.
            self._run.send(self._run.suite.encode(ReadSession(fresh_id())), valid=False)
            return missing.exchange

    def _wrong(self, exchange: Exchange, message: Message) -> bool:
        if _failed_on(exchange):
            return (self._survives, "") not in self._seen
        if not exchange.success:
            return False
        found = serious(self._violations(exchange, message))
        return any((self._rule(each), _place(each)) not in self._seen for each in found)

    def _judge(self, exchange: Exchange, message: Message) -> None:
        if _failed_on(exchange):
            # A gateway may break off a call that it takes for an attack; only a 5xx is what the rule speaks of.
            self._say_once(
                self._survives,
                "",
                self._run.failed if every_exchange.failed(exchange) else self._run.warned,
                say("A generated message ({about}) led to: {answer}", about=message.about, answer=exchange.answer),
                exchange,
            )
            return
        violations = self._violations(exchange, message) if exchange.success else []
        for each in violations:
            if each.weight == "note":
                continue
            finding = say(
                "A message that violates the contract at {pointer} ({message}) was accepted",
                pointer=each.pointer or "/",
                message=each.message,
            )
            self._say_once(self._rule(each), _place(each), self._judging(each), finding, exchange)

    def _judging(self, violation: Violation) -> Judging:
        """How accepting a message with this violation is said."""
        if violation.weight == "fail":
            return self._run.failed
        return self._disputed if violation.weight == "disputed" else self._run.warned

    def _disputed(self, rule: str, message: Text, exchange: Exchange) -> None:
        self._run.checks.append(shown(exchange, rule, Outcome.DISPUTED, message))

    def _say_once(self, rule: str, place: str, judging: Judging, message: Text, exchange: Exchange) -> None:
        """The same fault at the same place is one finding, however many messages show it."""
        if (rule, place) in self._seen:
            return
        self._seen.add((rule, place))
        try:
            judging(rule, message, exchange)
        except ScenarioAborted:
            self._failed = True

    def _violations(self, exchange: Exchange, message: Message) -> list[Violation]:
        """What is wrong with what was sent; ids are made ours on the way, so it is not just what was generated."""
        validator = self._operation.body
        if validator is None:
            return []
        if message.body is None and message.raw != b"null":
            return []  # what is not JSON is the matter of the rules about malformed JSON
        return validator.violations(exchange.sent)


def _failed_on(exchange: Exchange) -> bool:
    return exchange.status is None or every_exchange.failed(exchange)


def _place(violation: Violation) -> str:
    """Where a violation is, whatever the place in a list."""
    parts = ["*" if part.isdigit() else part for part in violation.pointer.split("/")]
    return "/".join(parts) + " " + violation.keyword
