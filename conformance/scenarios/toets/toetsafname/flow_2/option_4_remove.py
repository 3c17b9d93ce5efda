"""Flow 2, option 4: remove participants from a session."""

from __future__ import annotations

from conformance.oracle.participants import after_list, by_id
from conformance.planning.scenario import scenario
from conformance.scenarios.toets.context import ToetsContext
from conformance.scenarios.toets.toetsafname.steps import first_list
from ooapi_toets.texts import say


@scenario("2.4-removed-students-are-gone", "2.4-remaining-students-unchanged", sessions=1, people=4)
def test_a_shorter_list_removes_students(run: ToetsContext) -> None:
    """Drops the students whom a shorter list no longer names, and keeps the others as they were."""
    one, two, three, four = run.make.students(4)
    session = first_list(run, [one, two, three, four])
    before = by_id([one, two, three, four])
    for people in ([one, three, four], [four]):
        answer = run.needs(run.put_list(session, people), "2.2-association-list-answers-200")
        read = run.people(session)
        wrong = after_list(before, by_id(people), read.members)
        run.verdict_on(
            ("2.4-removed-students-are-gone", "2.4-remaining-students-unchanged"),
            wrong,
            say("Participants who are no longer on the list were removed; the others are unchanged"),
            answer,
            *read.exchanges,
        )
        before = by_id(people)


@scenario("2.4-empty-list-clears", sessions=1, people=2)
def test_an_empty_list_leaves_nobody(run: ToetsContext) -> None:
    """Has no participants after an empty list."""
    there = run.make.students(2)
    session = first_list(run, there)
    answer = run.put_list(session, [])
    if not answer.success:
        run.failed(
            "2.4-empty-list-clears",
            say("An empty list was refused with {status}", status=answer.status),
            answer,
        )
    read = run.people(session)
    run.verdict_on(
        "2.4-empty-list-clears",
        after_list(by_id(there), {}, read.members),
        say("After an empty list there are no participants"),
        answer,
        *read.exchanges,
    )
