"""Flow 2, option 5: delete a session."""

from __future__ import annotations

from conformance.checking.context import NOT_FOUND, fresh_id
from conformance.evidence.findings import PrerequisiteFailed
from conformance.oracle.equality import differences
from conformance.oracle.participants import by_id, unchanged
from conformance.planning.scenario import scenario
from conformance.scenarios.toets.context import ToetsContext
from conformance.scenarios.toets.toetsafname.steps import first_list, steady, tells_unknown
from ooapi_toets.texts import Text, all_of, say, say_n


@scenario("2.5-delete-answers-200", sessions=1)
def test_a_session_is_deleted(run: ToetsContext) -> None:
    """Answers 200 when a session is deleted."""
    _delete(run, run.session(), say("A session was deleted"))


@scenario("2.5-delete-answers-200", sessions=1, people=2)
def test_a_session_with_participants_is_deleted(run: ToetsContext) -> None:
    """Answers 200 when a session is deleted in which people take part."""
    _delete(
        run,
        run.session(people=run.make.students(2)),
        say("A session with participants was deleted"),
    )


def _delete(run: ToetsContext, session: str, message: Text) -> None:
    answer = run.delete(session)
    if answer.status == NOT_FOUND and run.read_session(session).status == NOT_FOUND:
        raise PrerequisiteFailed(
            say("The session is not found under its id (see 2.1-sender-makes-the-id)."),
            answer,
        )
    run.accepted("2.5-delete-answers-200", answer, message)


@scenario("2.5-deleted-offering-is-404", sessions=1)
def test_a_deleted_session_is_not_found(run: ToetsContext) -> None:
    """Does not find a session any more after it was deleted."""
    session = run.session()
    run.offering(session)
    run.needs(run.delete(session), "2.5-delete-answers-200")
    read = run.read_session(session)
    if read.success and not tells_unknown(run):
        raise PrerequisiteFailed(
            say("Reading any id returns a session (see 4.2-unknown-offering-is-404)."),
            read,
        )
    run.refused(
        "2.5-deleted-offering-is-404",
        read,
        say("Reading a deleted session"),
        NOT_FOUND,
    )


@scenario("2.5-its-associations-are-gone", sessions=1, people=2)
def test_nobody_takes_part_in_a_deleted_session(run: ToetsContext) -> None:
    """Shows nobody who takes part in a session that was deleted."""
    session = first_list(run, run.make.students(2))
    run.needs(run.delete(session), "2.5-delete-answers-200")
    page = run.send(run.calls.read_people(session))
    if page.refused:
        run.passed(
            "2.5-its-associations-are-gone",
            say("The participants of a deleted session are not found"),
            page,
        )
        return
    people = run.people(session)
    if people.members:
        run.failed(
            "2.5-its-associations-are-gone",
            say_n(
                "1 participant of a deleted session still exists",
                "{n} participants of a deleted session still exist",
                len(people.members),
            ),
            *people.exchanges,
            expected=[],
            got=sorted(by_id(people.members)),
        )
    run.passed(
        "2.5-its-associations-are-gone",
        say("A deleted session has no participants"),
        *people.exchanges,
    )


@scenario("2.5-other-offerings-stay", sessions=2, first=True)
def test_deleting_leaves_other_sessions(run: ToetsContext) -> None:
    """Keeps every other session, and who takes part in it, when one is deleted."""
    offering = run.make.offering()
    other = run.session(offering)
    first = differences(offering, steady(run, other))
    session = run.session()
    deleted = run.needs(run.delete(session), "2.5-delete-answers-200")
    read = run.read_session(other)
    more = [each for each in differences(offering, read.value or {}) if each not in first]
    if not read.success or more:
        change = more[0].words if read.success else read.answer
        run.failed(
            "2.5-other-offerings-stay",
            say("Deleting one session changed another: {change}", change=change),
            deleted,
            read,
        )
    run.passed(
        "2.5-other-offerings-stay",
        say("Another session is unchanged"),
        read,
    )


@scenario("2.5-other-offerings-stay", sessions=2, people=4, first=True)
def test_deleting_leaves_the_people_of_other_sessions(run: ToetsContext) -> None:
    """Keeps who takes part in other sessions when one is deleted, also if they take part in both."""
    there = run.make.students(2)
    other = first_list(run, there)
    both = [{**run.make.association(), "person": each["person"]} for each in there]
    session = run.session(people=both)
    for _ in unchanged("2.2-other-offerings-untouched", by_id(there), run.people(other).members):
        raise PrerequisiteFailed(
            say("A list for one session changed the participants of another (see 2.2-other-offerings-untouched)."),
            run.exchanges[-1],
        )
    deleted = run.needs(run.delete(session), "2.5-delete-answers-200")
    read = run.people(other)
    run.verdict_on(
        "2.5-other-offerings-stay",
        unchanged("2.5-other-offerings-stay", by_id(there), read.members),
        say("The participants of another session are unchanged"),
        deleted,
        *read.exchanges,
    )


@scenario("2.5-unknown-delete-is-404")
def test_deleting_an_unknown_session(run: ToetsContext) -> None:
    """Answers 404 when a session is deleted that nobody registered."""
    run.refused(
        "2.5-unknown-delete-is-404",
        run.delete(fresh_id()),
        say("Deleting an unknown session"),
        NOT_FOUND,
    )


@scenario("2.5-same-id-starts-afresh", sessions=2, people=2)
def test_an_id_can_be_used_again(run: ToetsContext) -> None:
    """Starts a session afresh when it is created again under the id of a deleted one."""
    rule = "2.5-same-id-starts-afresh"
    offering = run.make.offering()
    people = run.make.students(2)
    session = run.session(offering, people)
    run.needs(run.delete(session), "2.5-delete-answers-200")
    again = run.make.minimal_offering(offeringId=session)
    answer = run.put_session(again)
    if not answer.success:
        run.session({**again, "offeringId": run.make.new_id()})  # under another id it must be taken
        run.failed(
            rule,
            say("An id that was deleted cannot be used again: {status}", status=answer.status),
            answer,
        )
    still = by_id(people).keys() & by_id(run.people(session).members).keys()
    read = run.offering(session)
    back = [name for name in ("modeOfDelivery", "otherCodes") if not differences(offering[name], read.get(name))]
    if still or back:
        what = all_of([*back, *([say("its participants")] if still else [])])
        run.failed(
            rule,
            say("Data of the deleted session came back: {what}", what=what),
            answer,
            run.exchanges[-1],
        )
    run.passed(
        rule,
        say("A session created under a deleted id is a new session"),
        answer,
        run.exchanges[-1],
    )
