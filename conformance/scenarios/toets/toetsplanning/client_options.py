"""What a Toetsplanning sends itself: the five options of flow 2, without faults and with them."""

from __future__ import annotations

import queue
from collections.abc import Callable, Mapping

from conformance.evidence.findings import Check, PrerequisiteFailed
from conformance.planning.scenario import scenario
from conformance.scenarios.toets import calls_heard
from conformance.scenarios.toets.context import ToetsContext
from conformance.scenarios.toets.faults import RECOVERS, REFRESHES, WAITS, Fault, faults_of, gave_up, plan
from conformance.scenarios.toets.toetsplanning.client_steps import Parts, Step, followed, parts_of
from ooapi_toets import JsonObject, flows
from ooapi_toets.outcomes import Outcome
from ooapi_toets.texts import Text, say

KEEPS_ID = "2.1-client-keeps-the-id"
KEEPS_IDS = "2.2-client-keeps-association-ids"
COMPLETE = "2.2-client-sends-the-complete-list"
REMOVES = "2.4-client-removes-by-a-shorter-list"
DELETES = "2.5-client-deletes"

_OPTIONS = ("2.1", "2.2", "2.3", "2.4", "2.5")
_SHOWS = {"2.3": COMPLETE, "2.4": REMOVES, "2.5": DELETES}
"""The rule that only one step can show."""
_AGAIN = "2.1-again"
_STRUCK: Mapping[str, tuple[str, str]] = {
    "503-with-retry-after": ("2.2", "putAssociations"),
    "reset": ("2.5", "deleteOffering"),
}
"""The step in which a fault strikes, and its operation; the others strike a session that is registered."""


@scenario(
    "client-follows-the-contract",
    "2.1-client-makes-a-uuid",
    KEEPS_ID,
    "2.1-client-sends-a-valid-offering",
    "2.2-client-creates-before-associating",
    "2.2-client-sends-valid-associations",
    "2.2-client-keeps-person-the-same-over-roles",
    KEEPS_IDS,
    COMPLETE,
    REMOVES,
    DELETES,
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
            _perform(run, option, say("{title}. {step}", title=flow.title, step=step.sends))
        if not run.listener.steps():
            raise PrerequisiteFailed(
                say("No requests were received. Next: let your system call {url}.", url=run.listener.url)
            )
        if option == "2.1" and KEEPS_ID not in run.listener.rules():
            _send_again(run)
    for fault in faults_of(run):
        _with_fault(run, fault)
    _lend(run)


def _perform(run: ToetsContext, option: str, words: Text) -> None:
    """Ask for an option, wait until its calls are over, and judge it by what was asked."""
    listener = run.listener
    mark, before = listener.last, _people(run)
    session = _current(run) if option != "2.1" else ""
    listener.ask(option, words, session)

    def steps() -> dict[str, Step]:
        return followed(before, listener.entries(mark))

    def done() -> bool:
        return option in listener.steps() or (option == "2.3" and any(each.grew for each in steps().values()))

    _await(run, done)
    for each in steps().values():
        _judge_step(run, option, each)
    if not done():
        _say_what_came(run, option, listener.entries(mark))


def _judge_step(run: ToetsContext, option: str, step: Step) -> None:
    if option == "2.2" and step.apart:
        told = say("Asked to register students, a list left out all {lost} that were sent just before", lost=step.apart)
        _note(run, COMPLETE, Outcome.FAIL, told)
    if option == "2.3" and step.lost:
        told = say(
            "Asked to add somebody to the {before} who took part, a list left out {lost} of them",
            before=len(step.before),
            lost=len(step.lost),
        )
        _note(run, COMPLETE, Outcome.FAIL, told)
    elif option == "2.3" and step.kept_everybody:
        run.passed(COMPLETE, say("Somebody was added by a list, and everybody else is still there"))
        if step.kept_ids:
            run.passed(KEEPS_IDS, say("Everybody who took part kept the associationId"))
    elif option == "2.3" and step.grew and step.objects:
        told = say("Nobody was added by a list: participants came as objects.")
        _note(run, COMPLETE, Outcome.NOT_APPLICABLE, told)
        _note(run, KEEPS_IDS, Outcome.NOT_APPLICABLE, told)
    if option == "2.4" and step.canceled:
        told = say("A list named whoever leaves with state canceled; leave them out of it (see canceled-member).")
        _note(run, REMOVES, Outcome.NOT_EXERCISED, told)


def _note(run: ToetsContext, rule: str, outcome: Outcome, told: Text) -> None:
    """Say what a step showed, and go on with the next: each is asked for by itself."""
    run.checks.append(Check(rule, outcome, told, run.scenario.name))


def _say_what_came(run: ToetsContext, option: str, entries: list[JsonObject]) -> None:
    """Calls came and were not the step: say which, instead of asking again in the same words."""
    came = [each for each in entries if each["effect"] and calls_heard.taken(each)]
    if not came:
        return
    told = say(
        "Step {step} was asked for and was not seen; what came instead {effect}.",
        step=option,
        effect=Text(**came[-1]["effect"]),
    )
    run.listener.explain(told)
    if option in _SHOWS:
        _note(run, _SHOWS[option], Outcome.NOT_EXERCISED, told)


def _send_again(run: ToetsContext) -> None:
    """Ask for a session that is sent again; a system that never does so is not judged by it."""
    words = say("Send the session again, changed or not. If your system never does that, wait")
    run.listener.ask(_AGAIN, words, _current(run))
    _await(run, lambda: KEEPS_ID in run.listener.rules())


def _await(run: ToetsContext, done: Callable[[], bool]) -> None:
    """Wait until something is done and its calls are over, or until no call comes any more."""
    for _ in run.listener.calls():
        if done():
            break
    run.listener.settle()


def _people(run: ToetsContext) -> dict[str, Parts]:
    return {each.lower(): parts_of(run.listener.people(each)) for each in run.listener.sessions()}


def _current(run: ToetsContext) -> str:
    """The session that was registered last; empty where there is none."""
    registered = run.listener.sessions()
    return registered[-1] if registered else ""


def _with_fault(run: ToetsContext, fault: Fault) -> None:
    listener = run.listener
    step, operation = _STRUCK.get(fault.preset, ("2.1", "putOffering"))
    session = _current(run) if step != "2.1" else ""
    if step != "2.1" and not session:
        return
    mark = listener.last
    plan(run, fault, operation=operation)
    listener.ask(step, _words(step, fault), session)

    def done() -> bool:
        entries = listener.entries(mark)
        _, lost = calls_heard.survived(entries, operation)
        return not lost and any(each["operation"] == operation and calls_heard.taken(each) for each in entries)

    _await(run, done)
    entries = listener.entries(mark)
    _, lost = calls_heard.survived(entries, operation)
    if lost:
        gave_up(run, fault)
    if step == "2.1" and len(lost) == 1 and calls_heard.made_anew(entries, lost[0], "offeringId"):
        told = say("A session that failed was sent again under another id ({fault})", fault=fault.words)
        _note(run, KEEPS_ID, Outcome.FAIL, told)
    listener.clear_faults()


def _words(step: str, fault: Fault) -> Text:
    match step:
        case "2.2":
            return say("Register the students of that session ({fault})", fault=fault.words)
        case "2.5":
            return say("Delete that session ({fault})", fault=fault.words)
        case _:
            return say("Register one more session ({fault})", fault=fault.words)


def _lend(run: ToetsContext) -> None:
    """Sessions that the system registered here are sessions that it knows: a report can be sent for them."""
    registered = run.listener.sessions()
    if registered and "active" not in run.suite.given:
        run.suite.given["active"] = queue.Queue()
        for each in registered[-2:]:
            run.suite.given["active"].put(each)
