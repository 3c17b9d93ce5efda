"""What every exchange of a run says about the rules that hold everywhere. Pure, over the recording."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from conformance.evidence.exchange import Exchange
from conformance.evidence.findings import Check, shown
from ooapi_toets import Json
from ooapi_toets.contract import Operation, Role
from ooapi_toets.editions import Edition
from ooapi_toets.editions.kinds import ReadParticipants, ReadService
from ooapi_toets.outcomes import Outcome
from ooapi_toets.samples import UUID
from ooapi_toets.texts import Text, all_of, say

PROBLEM, ANSWERS, SURVIVES = "http.problem-body", "http.answers", "http.survives"
"""The aspects that are judged here."""

_BY_THE_APPLICATION = {400, 404, 409, 422}
"""Refusals that come from the application itself and not from a gateway before it."""
_UNAVAILABLE = {501, 502, 503, 504}
"""Failures that speak of the surroundings of an endpoint, or of what it does not serve, not of the input."""
_OK = 200
_JSON = re.compile(r"(application|text)/(.+\+)?json")


def failed(exchange: Exchange) -> bool:
    """Whether an answer says that the endpoint itself failed on the message."""
    return exchange.status is not None and exchange.status >= 500 and exchange.status not in _UNAVAILABLE  # noqa: PLR2004 - RFC 9110 section 15.6


def judge(exchanges: Iterable[Exchange], edition: Edition, role: Role) -> list[Check]:
    """Every check that the recording of a run allows by itself.

    Args:
        exchanges: What was recorded.
        edition: The edition that it follows.
        role: The role that answered.
    """
    answered = [each for each in exchanges if each.status is not None]
    # What some endpoint or other need not serve is refused by its router, before any application.
    optional = {each.id for each in edition.contract.operations.values() if each.optional_for}
    unserved = {"", *optional} - {each.operation_id for each in answered if each.success}
    operations = edition.contract.served_by(role)
    judging = _Judging(edition, operations, unserved, _put_there_by_us(answered, operations))
    return [check for each in answered for check in judging.of(each)]


def _put_there_by_us(exchanges: Iterable[Exchange], operations: Mapping[str, Operation]) -> frozenset[int]:
    """The reads that may show what an invalid message of the same scenario put there: no fault of the reading."""
    spoilt: set[tuple[str, str]] = set()
    found: set[int] = set()
    for each in exchanges:
        about = each.scenario.removesuffix(" (cleanup)"), each.session
        if each.method == "GET" and about in spoilt:
            found.add(each.number)
        elif each.success and not each.meant_valid and _violates(each, operations.get(each.operation_id)):
            spoilt.add(about)
    return frozenset(found)


def _violates(exchange: Exchange, operation: Operation | None) -> bool:
    return operation is not None and operation.body is not None and not operation.body.is_valid(exchange.sent)


@dataclass(frozen=True)
class _Judging:
    """What is known of a recording: its edition, the operations of the role, and those it seems not to serve."""

    edition: Edition
    operations: Mapping[str, Operation]
    unserved: Collection[str]
    put_there_by_us: frozenset[int]

    def of(self, exchange: Exchange) -> Iterator[Check]:
        """What one exchange shows."""
        status = exchange.status or 0
        if status >= 500 and not exchange.busy:  # noqa: PLR2004 - RFC 9110 section 15.6
            outcome = Outcome.WARN if status in _UNAVAILABLE else Outcome.FAIL
            message = say("{method} was answered with {status}", method=exchange.method, status=status)
            yield self._shown(exchange, SURVIVES, outcome, message)
        if status >= 400 and exchange.method != "HEAD":  # noqa: PLR2004 - RFC 9110 section 15.5
            yield self._problem(exchange, status)
        ours = exchange.number in self.put_there_by_us
        if status == _OK and exchange.method == "GET" and exchange.meant_valid and not ours:
            yield from self._answer(exchange)

    def _problem(self, exchange: Exchange, status: int) -> Check:
        routed = exchange.operation_id not in self.unserved and _names_uuids(exchange)
        by_gateway = status not in _BY_THE_APPLICATION or not routed
        wrong = _wrong_problem(exchange, status)
        if wrong is not None:
            outcome = Outcome.WARN if by_gateway else Outcome.FAIL
            message = say("The response with status {status} {wrong}", status=status, wrong=wrong)
            return self._shown(exchange, PROBLEM, outcome, message, {"status": str(status), "title": "…"})
        declared = exchange.media_type
        if declared == "application/problem+json":
            return self._shown(exchange, PROBLEM, Outcome.PASS, say("{status} with a problem body", status=status))
        message = say(
            "The problem body with status {status} has content type {declared}",
            status=status,
            declared=declared or say("none"),
        )
        return self._shown(exchange, PROBLEM, Outcome.WARN, message)

    def _answer(self, exchange: Exchange) -> Iterator[Check]:
        operation = self.operations.get(exchange.operation_id)
        validator = operation.answers.get(_OK) if operation else None
        if validator is None or isinstance(exchange.about, ReadService):
            return
        value = exchange.value
        if value is None:
            yield self._shown(exchange, ANSWERS, Outcome.FAIL, say("The response is not JSON"))
            return
        if not _JSON.fullmatch(exchange.media_type):
            message = say(
                "The response is JSON but has content type {media_type}",
                media_type=exchange.media_type or say("none"),
            )
            yield self._shown(exchange, ANSWERS, Outcome.WARN, message, "application/json", exchange.media_type)
        if isinstance(exchange.about, ReadParticipants) and isinstance(value, list):
            return  # a bare list is the matter of the rule about pages
        # Which attributes must come back is the matter of the rules about reading back; here it is their kind.
        found = [
            each
            for each in validator.violations(_without_nulls(value))
            if each.keyword != "required" and each.weight != "note"
        ]
        if found:
            first = found[0]
            message = say(
                "The response violates the contract at {pointer}: {message}",
                pointer=first.pointer or "/",
                message=first.message,
            )
            yield self._shown(exchange, ANSWERS, Outcome.FAIL, message, first.expected, first.got)
        else:
            yield self._shown(exchange, ANSWERS, Outcome.PASS, say("The response follows the contract"))

    def _shown(
        self, exchange: Exchange, aspect: str, outcome: Outcome, message: Text, expected: Json = None, got: Json = None
    ) -> Check:
        return shown(exchange, self.edition.rule(aspect), outcome, message, expected, got)


def _wrong_problem(exchange: Exchange, status: int) -> Text | None:
    if not exchange.body:
        return say("has no body")
    value = exchange.value
    if not isinstance(value, dict):
        what = exchange.media_type or say("something without a media type")
        return say("is {what} and not a problem body", what=what)
    absent = [name for name in ("status", "title") if value.get(name) in (None, "")]
    if absent:
        return say("lacks {absent}", absent=all_of(absent))
    if str(value["status"]) != str(status):
        return say("has another status in its body")
    return None


def _names_uuids(exchange: Exchange) -> bool:
    """Whether the ids in a path are UUIDs; where they are not, many a router finds nothing behind it."""
    return all(UUID.fullmatch(each) for each in exchange.ids.values())


def _without_nulls(value: Json) -> Json:
    if isinstance(value, dict):
        return {name: _without_nulls(each) for name, each in value.items() if each is not None}
    if isinstance(value, list):
        return [_without_nulls(each) for each in value]
    return value
