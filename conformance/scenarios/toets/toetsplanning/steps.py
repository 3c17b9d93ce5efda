"""Steps that several scenarios of flow 4.1 begin and end with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from conformance.checking.context import GONE, NOT_FOUND, OK
from conformance.endpoint.restoring import Names
from conformance.endpoint.target import EndpointGone, RequestLimitReached
from conformance.evidence.exchange import Exchange
from conformance.evidence.findings import PrerequisiteFailed
from conformance.oracle.equality import differences
from conformance.scenarios.toets.context import ToetsContext
from ooapi_toets import Json, JsonObject
from ooapi_toets.calls import Call
from ooapi_toets.samples import consumer_of
from ooapi_toets.texts import Text, say

_NOT_SERVED = {404, 405, 501}


@contextmanager
def reported_session(run: ToetsContext, state: str = "active") -> Iterator[str]:
    """A session that exists at the endpoint, and is put back as it was afterwards.

    Where the endpoint shows its sessions, what differs from the first reading of this run is put back, and what
    cannot be is told on the receipt; elsewhere the report is taken back with `null` and an empty list, which is
    all that can be done over the contract.

    Raises:
        PrerequisiteFailed: When somebody else changes the session while it is checked.
    """
    with run.given(state) as session:
        names = Names(frozenset(own_names(run, "Offering")), frozenset(own_names(run, "OfferingConsumer")))
        changed = run.suite.borrowed.take(session, _shown(run, session), names)
        if changed:
            raise PrerequisiteFailed(
                say(
                    "The session {session} was changed meanwhile, and not by this scenario ({attributes}): does "
                    "another check use it?",
                    session=session,
                    attributes=", ".join(changed),
                )
            )
        try:
            yield session
        finally:
            if not run.suite.settings.keep_data:
                _give_back(run, session, names)


def _shown(run: ToetsContext, session: str) -> JsonObject | None:
    """The session as it reads now; None where the endpoint does not show it."""
    if run.suite.settings.offers.get("read-offering") is False:
        return None
    return _as_session(run.read_session(session))


def _as_session(answer: Exchange) -> JsonObject | None:
    return dict(answer.value) if answer.success and isinstance(answer.value, dict) else None


def _give_back(run: ToetsContext, session: str, names: Names) -> None:
    """Put a session back, and say on the receipt what could not be put back."""
    ledger, target = run.suite.ledger, run.suite.target
    cleaning = f"{run.scenario.name} (cleanup)"
    seen: list[Exchange] = []

    def send(call: Call) -> Exchange:
        seen.append(target.send(call, cleaning, meant_valid=False))
        return seen[-1]

    try:
        state = run.suite.borrowed.give_back(
            session,
            names,
            lambda: _as_session(send(run.calls.read_session(session))),
            lambda message: send(run.calls.send_report(session, message)).success,
        )
    except (EndpointGone, RequestLimitReached):
        ledger.tells(session, "report", say("nothing more could be sent, so it was not put back"))
        return
    if not state.changed:
        ledger.takes_back(session, "report")
    elif seen and not seen[-1].success and state.changed == ("*",):
        ledger.tells(session, "report", say("whether it was put back cannot be read: {answer}", answer=seen[-1].answer))
    else:
        message = say("changed, and not put back: {attributes}", attributes=", ".join(state.changed))
        worse = say("{message}; putting it back made it worse, so that was given up", message=message)
        ledger.tells(session, "report", worse if state.stopped else message)


def read_back(run: ToetsContext, session: str) -> JsonObject:
    """The session as it reads now.

    Raises:
        PrerequisiteFailed: When the endpoint does not show it.
    """
    answer = run.read_session(session)
    if answer.status in _NOT_SERVED:
        raise PrerequisiteFailed(
            say(
                "The session cannot be read back (GET returned {status}). If the endpoint does not "
                "support this, declare read-offering = false.",
                status=answer.status,
            ),
            answer,
        )
    if not answer.success or not isinstance(answer.value, dict):
        raise PrerequisiteFailed(
            say("The session cannot be read back: {answer}.", answer=answer.answer),
            answer,
        )
    return dict(answer.value)


def sends(run: ToetsContext, session: str, message: JsonObject) -> Exchange:
    """Send a report that what follows rests on.

    Raises:
        PrerequisiteFailed: When it is not accepted.
    """
    answer = run.patch(session, message)
    known(answer, session)
    return run.needs(answer, "4.1-report-answers-200")


def taken(run: ToetsContext, rule: str, answer: Exchange, message: Text) -> None:
    """Say whether a report was taken; with which 2xx is the matter of 4.1-report-answers-200 alone.

    Raises:
        ScenarioAborted: When it was not.
    """
    if answer.success:
        run.passed(rule, message, answer)
    else:
        run.failed(
            rule,
            say("A valid report was answered with {status}", status=answer.status),
            answer,
            expected=OK,
            got=answer.status,
        )


def pristine(run: ToetsContext, session: str) -> JsonObject:
    """The session as it first read in this run, before any report of ours.

    A receiver that loses something loses it with the first report that it gets, in whichever scenario;
    after that there is nothing left to lose, so only this reading tells.

    Raises:
        PrerequisiteFailed: When the endpoint never showed it.
    """
    first = run.suite.borrowed.first(session)
    return read_back(run, session) if first is None else first


def own_names(run: ToetsContext, schema: str) -> set[str]:
    """The attributes of a schema of the contract; an endpoint may keep a time of change among its own."""
    return set(run.calls.contract.document["components"]["schemas"][schema]["properties"])


def known(answer: Exchange, session: str) -> None:
    """A 404 for a named session says that the name is wrong, not that a rule is broken.

    Raises:
        PrerequisiteFailed: When the endpoint does not know the session.
    """
    if answer.status in {NOT_FOUND, GONE}:
        raise PrerequisiteFailed(
            say(
                "The endpoint does not know the given session {session} ({status}).",
                session=session,
                status=answer.status,
            ),
            answer,
        )


def shows(read: JsonObject, **expected: Json) -> list[str]:
    """The names of report attributes that do not read as expected."""
    consumer = consumer_of(read) or {}
    return [
        name
        for name, value in expected.items()
        if differences(value, consumer.get(name))
        or (isinstance(value, list) and len(consumer.get(name) or []) != len(value))
    ]
