"""What a Toetsafname sends itself: the session report of flow 4.1, with and without faults of ours."""

from __future__ import annotations

from time import monotonic

from conformance.evidence.findings import Check, PrerequisiteFailed
from conformance.oracle.report_matches_read import compared
from conformance.planning.scenario import scenario
from conformance.scenarios.toets import calls_heard
from conformance.scenarios.toets.context import ToetsContext
from conformance.scenarios.toets.faults import EXPIRED, RECOVERS, REFRESHES, WAITS, Fault, faults_of, gave_up, plan
from conformance.settings import FAULTS
from ooapi_toets import JsonObject
from ooapi_toets.outcomes import Outcome
from ooapi_toets.samples import consumer_of
from ooapi_toets.texts import say

EQUAL = "4.1-client-report-equals-its-own-read"
_PATIENCE = 5.0
"""Seconds in which its own read may come to show what was sent."""
_STRUCK = "patchOffering"


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
    mark = run.listener.last
    awaited = {_registered(run, fault): fault for fault in faults}
    for session, fault in awaited.items():
        asked = say("Now send the report of session {session}", session=session)
        if fault:
            asked = say("{asked} ({fault})", asked=asked, fault=fault.words)
        run.listener.ask("4.1", asked, session)
    entries = _await(run, set(awaited), mark)
    arrived: set[str] = set()
    for session, fault in awaited.items():
        mine = [each for each in entries if each["session"] == session.lower()]
        reports = list(calls_heard.reports_of(mine, session.lower()))
        _, lost = calls_heard.survived(mine, _STRUCK)
        if reports:
            arrived.add(session)
            run.checks.append(_compared(run, session, reports))
        if fault and lost:
            gave_up(run, fault)
    return arrived


def _compared(run: ToetsContext, session: str, reports: list[JsonObject]) -> Check:
    """What was sent against what its own read shows, which is tried again for a few seconds."""
    documents = [each for report in reports for each in (consumer_of(report) or {}).get("documents") or ()]
    began = monotonic()
    while True:
        read = run.offering(session)
        found = compared(EQUAL, run.listener.session(session), read, run.exchanges[-1], documents)
        late = monotonic() - began > min(_PATIENCE, run.listener.settings.patience)
        if late or found.outcome is Outcome.PASS:
            return found
        run.listener.settle()  # a client may still send, and its own read may still follow


def _registered(run: ToetsContext, fault: Fault | None) -> str:
    offering = run.make.offering()
    session = run.session(offering, run.make.students(3))
    run.listener.knows(offering)
    if fault:
        plan(run, fault, operation="patchOffering", session=session.lower())
    return session


def _await(run: ToetsContext, sessions: set[str], mark: int) -> list[JsonObject]:
    """Every call of the step, once a report was accepted for each session or no call comes any more."""
    wanted = {each.lower() for each in sessions}
    for _ in run.listener.calls():
        entries = run.listener.entries(mark)
        done = {each["session"] for each in entries if each["operation"] == _STRUCK and calls_heard.taken(each)}
        if wanted <= done:
            break
    run.listener.settle()
    return run.listener.entries(mark)
