"""What a Toetsplanning sends itself: the five options of flow 2, with and without faults of ours."""

from __future__ import annotations

import queue

from conformance.checking.context import OK
from conformance.evidence.findings import PrerequisiteFailed
from conformance.planning.scenario import scenario
from conformance.scenarios.toets.context import ToetsContext
from conformance.scenarios.toets.faults import RECOVERS, REFRESHES, WAITS, Fault, faults_of, gave_up, plan
from ooapi_toets import flows
from ooapi_toets.texts import say

_OPTIONS = ("2.1", "2.2", "2.3", "2.4", "2.5")


@scenario(
    "client-follows-the-contract",
    "2.1-client-makes-a-uuid",
    "2.1-client-keeps-the-id",
    "2.1-client-sends-a-valid-offering",
    "2.2-client-creates-before-associating",
    "2.2-client-sends-valid-associations",
    "2.2-client-keeps-person-the-same-over-roles",
    "2.2-client-keeps-association-ids",
    "2.2-client-sends-the-complete-list",
    "2.4-client-removes-by-a-shorter-list",
    "2.5-client-deletes",
    RECOVERS,
    REFRESHES,
    WAITS,
    first=True,
    listens=True,
)
def test_the_options_are_performed(run: ToetsContext) -> None:
    """Your system registers a session, its students, changes both, and deletes it: options 1 to 5 of flow 2."""
    performed = flows.load()
    for option in _OPTIONS:
        if option not in run.listener.steps():
            flow = performed[option]
            step = next(each for each in flow.steps if each.name == option)
            run.listener.ask(option, say("{title}. {step}", title=flow.title, step=step.sends))
            _await(run, option)
        if not run.listener.steps():
            raise PrerequisiteFailed(
                say("No requests were received. Next: let your system call {url}.", url=run.listener.url)
            )
    for fault in faults_of(run):
        _with_fault(run, fault)
    _lend(run)


def _await(run: ToetsContext, option: str) -> None:
    for _ in run.listener.calls():
        if option in run.listener.steps():
            return


def _with_fault(run: ToetsContext, fault: Fault) -> None:
    plan(run, fault, operation="putOffering")
    run.listener.ask("2.1", say("Register one more session ({fault})", fault=fault.words))
    answers: set[int] = set()
    for calls in run.listener.calls():
        answers |= {call["status"] for call in calls if call["operation"] == "putOffering"}
        if OK in answers:
            break
    if answers and OK not in answers:
        gave_up(run, fault)
    run.listener.clear_faults()


def _lend(run: ToetsContext) -> None:
    """Sessions that the system registered here are sessions that it knows: a report can be sent for them."""
    registered = run.listener.sessions()
    if registered and "active" not in run.suite.given:
        run.suite.given["active"] = queue.Queue()
        for each in registered[-2:]:
            run.suite.given["active"].put(each)
