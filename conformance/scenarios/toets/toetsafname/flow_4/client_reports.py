"""What a Toetsafname sends itself: the session report of flow 4.1, with and without faults of ours."""

from __future__ import annotations

from conformance.checking.context import OK
from conformance.evidence.findings import PrerequisiteFailed
from conformance.oracle.report_matches_read import compared
from conformance.planning.scenario import scenario
from conformance.scenarios.toets.context import ToetsContext
from conformance.scenarios.toets.faults import EXPIRED, RECOVERS, REFRESHES, WAITS, Fault, faults_of, gave_up, plan
from conformance.settings import FAULTS
from ooapi_toets.texts import say

EQUAL = "4.1-client-report-equals-its-own-read"


@scenario(
    "4.1-client-sends-a-valid-report",
    "4.1-client-uses-known-document-types",
    EQUAL,
    "client-follows-the-contract",
    RECOVERS,
    REFRESHES,
    WAITS,
    sessions=1 + len(FAULTS),
    people=3 * (1 + len(FAULTS)),
    alone=True,
    listens=True,
)
def test_the_report_is_sent(run: ToetsContext) -> None:
    """Your system sends the report of each session that is named, again when we fail, and reads as it was sent."""
    faults = faults_of(run)
    arrived = _asked(run, [None, *(fault for fault in faults if fault is not EXPIRED)])
    if arrived and EXPIRED in faults:
        _asked(run, [EXPIRED])  # after the others: they were what fetched a token
    if not arrived:
        raise PrerequisiteFailed(
            say("No report was received. Next: let your system send the report of a session that is named here.")
        )


def _asked(run: ToetsContext, faults: list[Fault | None]) -> set[str]:
    """Register a session for each fault and ask for its report; the sessions whose report was accepted."""
    awaited = {_registered(run, fault): fault for fault in faults}
    for session, fault in awaited.items():
        asked = say("Now send the report of session {session}", session=session)
        if fault:
            asked = say("{asked} ({fault})", asked=asked, fault=fault.words)
        run.listener.ask("4.1", asked, session)
    struck, arrived = _await(run, set(awaited))
    for session in awaited:
        if session in arrived:
            reported, read = run.listener.session(session), run.offering(session)
            run.checks.append(compared(EQUAL, reported, read, run.exchanges[-1]))
    for session, fault in awaited.items():
        if fault and session in struck - arrived:
            gave_up(run, fault)
    return arrived


def _registered(run: ToetsContext, fault: Fault | None) -> str:
    offering = run.make.offering()
    session = run.session(offering, run.make.students(3))
    run.listener.knows(offering)
    if fault:
        plan(run, fault, operation="patchOffering", session=session.lower())
    return session


def _await(run: ToetsContext, sessions: set[str]) -> tuple[set[str], set[str]]:
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
