"""What traffic between two others says about the one that answers. Pure, over what a relay recorded.

Less can be told than in a check of our own: nothing is sent to find out, so a rule is judged only where the
two happened to show it, and a refusal of a message that follows the contract is no more than a warning,
for it may have a reason that the contract does not know.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from conformance.endpoint import readback
from conformance.evidence.exchange import Exchange
from conformance.evidence.findings import Check, shown
from conformance.oracle import equality, participants
from conformance.oracle.participants import ById
from conformance.oracle.report_matches_read import REPORTED
from ooapi_toets import Json, JsonObject
from ooapi_toets.contract import Contract, Operation, Role
from ooapi_toets.outcomes import Outcome
from ooapi_toets.samples import without
from ooapi_toets.texts import say

ANSWERS: Mapping[Role, Mapping[str, str]] = {
    "toetsafname": {
        "putOffering": "2.1-create-answers-200",
        "putAssociations": "2.2-association-list-answers-200",
        "deleteOffering": "2.5-delete-answers-200",
        "getOffering": "4.2-read-answers-200",
    },
    "toetsplanning": {"patchOffering": "4.1-report-answers-200"},
}
"""The rules that a joint test must show of each role, by the operation that shows them."""

SCENARIO = "relayed"
_OK = 200
_ALSO_FINE = {201, 204}
_GONE = {404, 410}


@dataclass
class _Known:
    """What is known of a session from what was accepted: None where it is not known."""

    offering: JsonObject | None = None
    people: ById | None = None
    before: ById = field(default_factory=dict)
    single: JsonObject | None = None
    deleted: bool = False


def judge(exchanges: Iterable[Exchange], contract: Contract, role: Role) -> list[Check]:
    """What the recorded answers of a role say.

    Args:
        exchanges: What passed, in the order of the answers, one at a time.
        contract: The contract of the edition.
        role: The role that answered.
    """
    found: list[Check] = []
    known: dict[str, _Known] = {}
    for each in exchanges:
        operation = contract.operations.get(each.operation_id)
        if operation is None or each.status is None:
            continue
        session = each.session
        if operation.body is not None and (each.sent is None or operation.body.violations(each.sent)):
            known.pop(session, None)  # what an invalid message does is not judged here
            continue
        state = known.setdefault(session, _Known())
        found += _answered(each, operation, role, state)
        found += _read(each, state)
        _learn(each, state)
    return found


def _answered(exchange: Exchange, operation: Operation, role: Role, state: _Known) -> Iterator[Check]:
    rule = ANSWERS[role].get(operation.id)
    if rule is None or (operation.method == "GET" and state.offering is None):
        return
    status = exchange.status or 0
    if status == _OK:
        message = say("A valid call was accepted")
        yield shown(exchange, rule, Outcome.PASS, message)
    elif status in _ALSO_FINE:
        message = say("A valid call was answered with {status}", status=status)
        yield shown(exchange, rule, Outcome.WARN, message)
    elif exchange.refused and not state.deleted:
        message = say(
            "A call that follows the contract was refused with {status}; the reason may lie outside the contract",
            status=status,
        )
        yield shown(exchange, rule, Outcome.WARN, message)


def _read(exchange: Exchange, state: _Known) -> Iterator[Check]:
    if exchange.operation_id == "getOffering":
        yield from _read_session(exchange, state)
    elif exchange.operation_id == "getAssociations" and exchange.status == _OK and state.people is not None:
        members = readback.whole_list(exchange)
        if members is None:
            return
        wrong = (
            participants.after_one(state.before, state.single, members)
            if state.single
            else participants.after_list(state.before, state.people, members)
        )
        for each in wrong:
            yield shown(exchange, each.rule, Outcome.FAIL, each.message, each.expected, each.got)


def _read_session(exchange: Exchange, state: _Known) -> Iterator[Check]:
    if state.deleted:
        rule = "2.5-deleted-offering-is-404"
        gone = exchange.status in _GONE
        if gone or exchange.success:
            message = say("A deleted session is gone") if gone else say("A deleted session can still be read")
            outcome = Outcome.PASS if gone else Outcome.FAIL
            yield shown(exchange, rule, outcome, message)
    elif exchange.status == _OK and state.offering is not None and isinstance(exchange.value, dict):
        differing = equality.differences(_without_report(state.offering), exchange.value)
        message = say("A session reads as it was sent")
        if differing:
            first = differing[0]
            message = say("What was sent is not what is read: {first}", first=first.words)
        outcome = Outcome.FAIL if differing else Outcome.PASS
        yield shown(exchange, "2.1-reads-back-as-sent", outcome, message)


def _learn(exchange: Exchange, state: _Known) -> None:
    if exchange.method == "GET" or exchange.refused:
        return
    if not exchange.success:
        state.offering = state.people = None  # it may have been done, or not
        return
    if exchange.operation_id in {"putOffering", "postOffering"} and isinstance(exchange.sent, dict):
        if state.deleted:
            state.people = {}
        state.offering, state.deleted = exchange.sent, False
    elif exchange.operation_id == "deleteOffering":
        state.deleted, state.people = True, None
    elif exchange.operation_id == "putAssociations":
        _learn_people(state, exchange.sent)


def _learn_people(state: _Known, value: Json) -> None:
    if isinstance(value, list):
        state.before, state.single = state.people or {}, None
        state.people = participants.by_id(value)
    elif isinstance(value, dict) and state.people is not None:
        state.before, state.single = state.people, value
        state.people = {**state.people, **participants.by_id([value])}


def _without_report(offering: JsonObject) -> JsonObject:
    """The session without what a report fills: it may have come since."""
    consumers = [without(each, *REPORTED) for each in offering.get("consumers") or ()]
    return {**offering, "consumers": consumers} if consumers else offering
