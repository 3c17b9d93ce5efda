"""What is left when several messages for one session arrive at once (interpretation `races-end-in-an-order`)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from conformance.evidence.exchange import Exchange
from conformance.evidence.findings import PrerequisiteFailed
from conformance.oracle.participants import after_list, by_id
from conformance.planning.scenario import scenario
from conformance.scenarios.toets.context import ToetsContext
from conformance.scenarios.toets.toetsafname.steps import first_list
from ooapi_toets.calls import Call
from ooapi_toets.texts import say

_RULE = "2.2-racing-lists-leave-one-of-them"
_ROUNDS = 8
_AT_ONCE = 4


@scenario(_RULE, sessions=1, people=4 + _ROUNDS * _AT_ONCE * 5, alone=True)
def test_racing_lists_leave_one_of_them(run: ToetsContext) -> None:
    """Ends with one of the lists that arrived at the same moment, and never with a mixture."""
    before, after = run.make.students(2), run.make.students(2)
    session = first_list(run, before)
    answer = run.needs(run.put_list(session, after), "2.2-association-list-answers-200")
    for wrong in after_list(by_id(before), by_id(after), run.people(session).members):
        raise PrerequisiteFailed(
            say(
                "Consecutive lists do not replace each other (see {rule}).",
                rule=run.suite.rule_of(wrong.aspect),
            ),
            answer,
        )
    for _ in range(_ROUNDS):
        lists = [run.make.students(5) for _ in range(_AT_ONCE)]
        answers = _at_once(run, [run.calls.register_list(session, people) for people in lists])
        taken = [people for people, answer in zip(lists, answers, strict=True) if answer.success]
        if not taken:
            raise PrerequisiteFailed(
                say("None of {lists} simultaneous lists was accepted.", lists=_AT_ONCE),
                answers[-1],
            )
        read = run.people(session)
        left = set(by_id(read.members))
        if left not in [set(by_id(people)) for people in taken]:
            run.failed(
                _RULE,
                say(
                    "After {lists} simultaneous lists of 5, {left} participants remain: a combination of lists",
                    lists=_AT_ONCE,
                    left=len(read.members),
                ),
                *answers,
                *read.exchanges,
                expected=5,
                got=len(read.members),
            )
    run.passed(
        _RULE,
        say(
            "After {lists} simultaneous lists exactly one of them remained, {rounds} times",
            rounds=_ROUNDS,
            lists=_AT_ONCE,
        ),
    )


@scenario("2.5-its-associations-are-gone", sessions=_ROUNDS // 2, people=5 * (_ROUNDS // 2), alone=True)
def test_racing_delete_and_list(run: ToetsContext) -> None:
    """Ends in a state that some order explains when a session is deleted while a list arrives for it."""
    for _ in range(_ROUNDS // 2):
        offering = run.make.offering()
        session = run.session(offering)
        people = run.make.students(5)
        answers = _at_once(run, [run.calls.delete_session(session), run.calls.register_list(session, people)])
        if not answers[0].success or run.read_session(session).success:
            continue  # deleting is judged elsewhere; a list may have been refused or have come first
        page = run.send(run.calls.read_people(session))
        shown = page.value.get("items") if isinstance(page.value, dict) else page.value
        if page.success and shown:
            # No source speaks of messages that cross, so this is worth a warning; the rule itself is tried elsewhere.
            run.warned(
                "2.5-its-associations-are-gone",
                say("A list sent while its session was being deleted left participants without a session"),
                *answers,
                page,
            )
            return
    run.passed(
        "2.5-its-associations-are-gone",
        say("Simultaneous deleting and registering left no participants without a session"),
    )


def _at_once(run: ToetsContext, calls: list[Call]) -> list[Exchange]:
    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run.send, calls))
