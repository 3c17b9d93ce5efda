"""Flow 2, option 3: add participants to a session."""

from __future__ import annotations

from conformance.oracle.participants import after_list, by_id
from conformance.planning.scenario import scenario
from conformance.scenarios.toets.context import ToetsContext
from conformance.scenarios.toets.toetsafname.steps import first_list
from ooapi_toets.texts import say


@scenario("2.3-added-students-appear", "2.3-earlier-students-stay", sessions=1, people=5)
def test_a_longer_list_adds_students(run: ToetsContext) -> None:
    """Lets the students whom a longer list adds take part, and keeps those who were there."""
    there = run.make.students(2)
    session = first_list(run, there)
    new = run.make.students(3)
    before = by_id(there)
    for people in ([*there, new[0]], [*new, *there]):
        answer = run.needs(run.put_list(session, people), "2.2-association-list-answers-200")
        read = run.people(session)
        wrong = after_list(before, by_id(people), read.members)
        run.verdict_on(
            ("2.3-added-students-appear", "2.3-earlier-students-stay"),
            wrong,
            say("The added and the earlier participants are all present"),
            answer,
            *read.exchanges,
        )
        before = by_id(people)
