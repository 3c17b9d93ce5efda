"""Steps that several scenarios of flow 4.1 begin and end with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from conformance.checking.context import GONE, NOT_FOUND, OK, ScenarioContext
from conformance.evidence.exchange import Exchange
from conformance.evidence.findings import PrerequisiteFailed
from conformance.oracle.equality import differences
from ooapi_toets import Json, JsonObject
from ooapi_toets.samples import consumer_of, report
from ooapi_toets.texts import Text, say

_NOT_SERVED = {404, 405, 501}


@contextmanager
def reported_session(run: ScenarioContext, state: str = "active") -> Iterator[str]:
    """A session that exists at the endpoint, whose report is put back afterwards.

    Where the endpoint shows its sessions, the report that was there is restored; elsewhere it is taken
    back with `null` and an empty list, which is all that can be done over the contract.
    """
    with run.given(state) as session:
        before = report(**_report_now(run, session))
        run.creates(session, "report", run.calls.send_report(session, before))
        try:
            yield session
        finally:
            if not run.suite.settings.keep_data:
                run.clean_up()


def read_back(run: ScenarioContext, session: str) -> JsonObject:
    """The session as it reads now.

    Raises:
        PrerequisiteFailed: When the endpoint does not show it.
    """
    answer = run.read_session(session)
    if answer.status in _NOT_SERVED:
        raise PrerequisiteFailed(
            say(
                "The session cannot be read back (GET answers {status}). If the endpoint does not offer "
                "this, declare read-offering = false.",
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


def sends(run: ScenarioContext, session: str, message: JsonObject) -> Exchange:
    """Send a report that what follows rests on.

    Raises:
        PrerequisiteFailed: When it is not accepted.
    """
    answer = run.patch(session, message)
    known(answer, session)
    return run.needs(answer, "4.1-report-answers-200")


def taken(run: ScenarioContext, rule: str, answer: Exchange, message: Text) -> None:
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


def pristine(run: ScenarioContext, session: str) -> JsonObject:
    """The session as it first read in this run, before any report of ours.

    A receiver that loses something loses it with the first report that it gets, in whichever scenario;
    after that there is nothing left to lose, so only this reading tells.

    Raises:
        PrerequisiteFailed: When the endpoint never showed it.
    """
    path = run.calls.read_session(session).path
    for exchange in run.suite.target.recorder:
        if exchange.method == "GET" and exchange.url.endswith(path) and exchange.success:
            if isinstance(exchange.value, dict):
                return dict(exchange.value)
            break
    return read_back(run, session)


def own_names(run: ScenarioContext, schema: str) -> set[str]:
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
                "The endpoint does not know the session {session} that was named ({status}).",
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


def _report_now(run: ScenarioContext, session: str) -> JsonObject:
    """The report as it is, or one that takes back whatever will be sent."""
    consumer: JsonObject | None = None
    if run.suite.settings.offers.get("read-offering") is not False:
        answer = run.read_session(session)
        consumer = consumer_of(answer.value) if answer.success and isinstance(answer.value, dict) else None
    found = consumer or {}
    return {"irregularities": found.get("irregularities"), "documents": found.get("documents") or []}
