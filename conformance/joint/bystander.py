"""What traffic between two others says about the one that answers. Pure, over what a relay recorded.

Less can be told than in a check of our own: nothing is sent to find out, so a rule is judged only where the
two happened to show it, and a refusal of a message that follows the contract is no more than a warning,
for it may have a reason that the contract does not know.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from conformance.endpoint import readback
from conformance.evidence.exchange import Exchange
from conformance.evidence.findings import Check, shown
from conformance.oracle import equality, participants
from conformance.oracle.participants import ById
from conformance.oracle.report_matches_read import REPORTED
from ooapi_toets import JsonObject
from ooapi_toets.contract import Role
from ooapi_toets.editions import Edition, kinds
from ooapi_toets.outcomes import Outcome
from ooapi_toets.samples import without
from ooapi_toets.texts import say

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


def judge(exchanges: Iterable[Exchange], edition: Edition, role: Role) -> list[Check]:
    """What the recorded answers of a role say.

    Args:
        exchanges: What passed, in the order of the answers, one at a time.
        edition: The edition that they follow.
        role: The role that answered.
    """
    operations = edition.contract.served_by(role)
    found: list[Check] = []
    known: dict[str, _Known] = {}
    for each in exchanges:
        operation = operations.get(each.operation_id)
        if operation is None or each.status is None:
            continue
        body = operation.message_of(each.sent).body
        if body is not None and (each.sent is None or body.violations(each.sent)):
            for session in each.named:
                known.pop(session, None)  # what an invalid message does is not judged here
            continue
        state = known.setdefault(each.session, _Known())
        found += _answered(each, edition, role, state)
        found += _read(each, edition, state)
        _learn(each, state)
    return found


def _answered(exchange: Exchange, edition: Edition, role: Role, state: _Known) -> Iterator[Check]:
    about = exchange.about
    aspect = edition.answers[role].get((exchange.operation_id, type(about))) if about else None
    if aspect is None or (exchange.method == "GET" and state.offering is None):
        return
    status = exchange.status or 0
    rule = edition.rule(aspect)
    if status == _OK:
        message = say("A valid request was accepted")
        yield shown(exchange, rule, Outcome.PASS, message)
    elif status in _ALSO_FINE:
        message = say("A valid request was answered with {status}", status=status)
        yield shown(exchange, rule, Outcome.WARN, message)
    elif exchange.refused and not state.deleted:
        message = say(
            "A valid request was refused with {status}; the reason may be outside the contract",
            status=status,
        )
        yield shown(exchange, rule, Outcome.WARN, message)


def _read(exchange: Exchange, edition: Edition, state: _Known) -> Iterator[Check]:
    if isinstance(exchange.about, kinds.ReadSession):
        yield from _read_session(exchange, edition, state)
    elif isinstance(exchange.about, kinds.ReadParticipants) and exchange.status == _OK and state.people is not None:
        members = readback.whole_list(exchange)
        if members is None:
            return
        wrong = (
            participants.after_one(state.before, state.single, members)
            if state.single
            else participants.after_list(state.before, state.people, members)
        )
        for each in wrong:
            yield shown(exchange, edition.rule(each.aspect), Outcome.FAIL, each.message, each.expected, each.got)


def _read_session(exchange: Exchange, edition: Edition, state: _Known) -> Iterator[Check]:
    if state.deleted:
        gone = exchange.status in _GONE
        if gone or exchange.success:
            message = (
                say("A deleted session is no longer found") if gone else say("A deleted session can still be read")
            )
            outcome = Outcome.PASS if gone else Outcome.FAIL
            yield shown(exchange, edition.rule("session.gone"), outcome, message)
    elif exchange.status == _OK and state.offering is not None and isinstance(exchange.value, dict):
        differing = equality.differences(_without_report(state.offering), exchange.value)
        message = say("A session reads back as sent")
        if differing:
            first = differing[0]
            message = say("A session does not read back as sent: {first}", first=first.words)
        outcome = Outcome.FAIL if differing else Outcome.PASS
        yield shown(exchange, edition.rule("session.reads-back"), outcome, message)


def _learn(exchange: Exchange, state: _Known) -> None:
    if exchange.method == "GET" or exchange.refused:
        return
    if not exchange.success:
        state.offering = state.people = None  # it may have been done, or not
        return
    match exchange.about:
        case kinds.Session(_, value):
            if state.deleted:
                state.people = {}
            state.offering, state.deleted = value, False
        case kinds.CancelSession():
            state.deleted, state.people = True, None
        case kinds.Participants(_, members):
            state.before, state.single = state.people or {}, None
            state.people = participants.by_id(members)
        case kinds.Participation(_, _, value) if state.people is not None:
            state.before, state.single = state.people, value
            state.people = {**state.people, **participants.by_id([value])}


def _without_report(offering: JsonObject) -> JsonObject:
    """The session without what a report fills: it may have come since."""
    consumers = [without(each, *REPORTED) for each in offering.get("consumers") or ()]
    return {**offering, "consumers": consumers} if consumers else offering
