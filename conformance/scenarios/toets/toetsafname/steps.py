"""Steps that several options begin with."""

from __future__ import annotations

from conformance.checking.context import fresh_id
from conformance.evidence.findings import PrerequisiteFailed
from conformance.oracle.equality import differences
from conformance.oracle.participants import after_list, by_id
from conformance.scenarios.toets.context import ToetsContext
from ooapi_toets import JsonObject
from ooapi_toets.texts import say


def first_list(run: ToetsContext, people: list[JsonObject]) -> str:
    """A new session in which these people take part; what follows rests on their being there.

    Raises:
        PrerequisiteFailed: When they are not.
    """
    session = run.session(people=people)
    read = run.people(session)
    for wrong in after_list({}, by_id(people), read.members):
        raise PrerequisiteFailed(
            say(
                "A first list is not kept as sent (see {rule}): {message}.",
                rule=run.suite.rule_of(wrong.aspect),
                message=wrong.message,
            ),
            read.exchanges[-1],
        )
    return session


def steady(run: ToetsContext, session: str) -> JsonObject:
    """A session as it reads, twice the same; what is compared with it later rests on that.

    Raises:
        PrerequisiteFailed: When reading it again gives another, or it cannot be read.
    """
    first = run.offering(session)
    second = run.offering(session)
    found = differences(first, second)
    if any(each.pointer.split("/")[1] in _names(run) for each in found):
        raise PrerequisiteFailed(
            say(
                "A second read returned a different session (see 4.2-reading-changes-nothing): {difference}.",
                difference=found[0].words,
            ),
            run.exchanges[-1],
        )
    return second


def _names(run: ToetsContext) -> set[str]:
    """The standard's own attributes; an endpoint may count readings among its own."""
    return set(run.calls.contract.document["components"]["schemas"]["Offering"]["properties"])


def tells_unknown(run: ToetsContext) -> bool:
    """Whether the endpoint says of a session that nobody registered that it is not there."""
    return not run.read_session(fresh_id()).success


def must_be_empty(run: ToetsContext, session: str) -> None:
    """Go on only if nobody takes part in a new session.

    Raises:
        PrerequisiteFailed: When somebody does.
    """
    people = run.people(session)
    if people.members:
        raise PrerequisiteFailed(
            say("A new session has participants already (see 2.1-created-without-associations)."),
            people.exchanges[-1],
        )
