"""What a Toetsafname sends itself: the session report of flow 4.1, on a good day and on bad ones."""

from __future__ import annotations

from conformance.checking.context import OK, ScenarioContext
from conformance.evidence.findings import PrerequisiteFailed
from conformance.oracle.report_matches_read import EQUAL, compared
from conformance.planning.scenario import scenario
from conformance.scenarios.toets.faults import EXPIRED, RECOVERS, REFRESHES, WAITS, BadDay, befalls, days_of, gave_up
from conformance.settings import BAD_DAYS
from ooapi_toets.texts import say


@scenario(
    "4.1-client-sends-a-valid-report",
    "4.1-client-uses-known-document-types",
    EQUAL,
    "client-follows-the-contract",
    RECOVERS,
    REFRESHES,
    WAITS,
    sessions=1 + len(BAD_DAYS),
    people=3 * (1 + len(BAD_DAYS)),
    alone=True,
    listens=True,
)
def test_the_report_is_sent(run: ScenarioContext) -> None:
    """Your system sends the report of each session that is named, again when we fail, and reads as it was sent."""
    days = days_of(run)
    arrived = _asked(run, [None, *(day for day in days if day is not EXPIRED)])
    if arrived and EXPIRED in days:
        _asked(run, [EXPIRED])  # after the others: they were what fetched a token
    if not arrived:
        raise PrerequisiteFailed(
            say("No report was received. Next: let your system send the report of a session that is named here.")
        )


def _asked(run: ScenarioContext, days: list[BadDay | None]) -> set[str]:
    """Register a session for each day and ask for its report; the sessions whose report was accepted."""
    awaited = {_registered(run, day): day for day in days}
    for session, day in awaited.items():
        asked = say("Now send the report of session {session}", session=session)
        if day:
            asked = say("{asked} ({fault})", asked=asked, fault=day.words)
        run.listener.ask("4.1", asked, session)
    struck, arrived = _await(run, set(awaited))
    for session in awaited:
        if session in arrived:
            reported, read = run.listener.session(session), run.offering(session)
            run.checks.append(compared(reported, read, run.exchanges[-1]))
    for session, day in awaited.items():
        if day and session in struck - arrived:
            gave_up(run, day)
    return arrived


def _registered(run: ScenarioContext, day: BadDay | None) -> str:
    offering = run.make.offering()
    session = run.session(offering, run.make.students(3))
    run.listener.knows(offering)
    if day:
        befalls(run, day, operation="patchOffering", session=session.lower())
    return session


def _await(run: ScenarioContext, sessions: set[str]) -> tuple[set[str], set[str]]:
    """The sessions for which a report was tried, and those for which one was accepted."""
    tried: set[str] = set()
    accepted: set[str] = set()
    by_key = {each.lower(): each for each in sessions}
    for calls in run.listener.calls():
        for call in calls:
            session = by_key.get(call["session"] or "")
            if session and call["operation"] == "patchOffering":
                tried.add(session)
                if call["status"] == OK:
                    accepted.add(session)
        if accepted == sessions:
            break
    return tried, accepted
