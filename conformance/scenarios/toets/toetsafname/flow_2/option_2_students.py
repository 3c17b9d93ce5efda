"""Flow 2, option 2: create a session with participants."""

from __future__ import annotations

from conformance.checking.context import NOT_FOUND, fresh_id
from conformance.evidence.findings import PrerequisiteFailed, ScenarioAborted
from conformance.oracle.equality import same_id
from conformance.oracle.participants import after_list, after_one, by_id, of_their_own, unchanged
from conformance.planning.scenario import scenario
from conformance.scenarios.toets.context import ToetsContext
from conformance.scenarios.toets.refusing import must_refuse
from conformance.scenarios.toets.toetsafname.steps import first_list, must_be_empty
from ooapi_toets import Json, JsonObject
from ooapi_toets.samples import ROLES, with_consumer, without
from ooapi_toets.texts import Text, say


@scenario("2.2-association-list-answers-200", sessions=1, people=9)
def test_a_list_of_participants_is_accepted(run: ToetsContext) -> None:
    """Answers 200 to a list with students and with everybody else who may take part."""
    session = run.session()
    for count, people in ((2, run.make.students(2)), (7, [run.make.association(role) for role in ROLES])):
        answer = run.put_list(session, people)
        _is_known(run, session, answer.status)
        run.accepted(
            "2.2-association-list-answers-200",
            answer,
            say("A list of {count} was accepted", count=count),
        )


def _is_known(run: ToetsContext, session: str, status: int | None) -> None:
    """A 404 is no fault of the list when the session itself cannot be found."""
    if status == NOT_FOUND and run.read_session(session).status == NOT_FOUND:
        raise PrerequisiteFailed(say("The session is not found under its id (see 2.1-sender-makes-the-id)."))


@scenario(
    "2.2-registered-people-appear",
    "2.2-people-read-back-as-sent",
    "2.2-list-replaces-the-complete-list",
    sessions=1,
    people=12,
)
def test_registered_participants_appear(run: ToetsContext) -> None:
    """Shows everybody in the list and nobody else, with role, state, extra time, aids and personal data as sent."""
    accented = run.make.person(surname="Éénvoorbeeld-Šumić", displayName="Éénvoorbeeld-Šumić, Zoë")
    # Twelve: more than fit on one page of the default size.
    sent = [run.make.association(person=accented), *run.make.students(10), run.make.association("invigilator")]
    session = run.session(people=sent)
    people = run.people(session)
    wrong = after_list({}, by_id(sent), people.members)
    run.verdict_on(
        ("2.2-registered-people-appear", "2.2-people-read-back-as-sent"),
        wrong,
        say("All {sent} participants read back with every attribute as sent", sent=len(sent)),
        *people.exchanges,
    )
    own = of_their_own(by_id(sent), people.members)
    if own:
        run.warned(
            "2.2-people-read-back-as-sent",
            say("A person has another value than was sent: {difference}", difference=own[0].words),
            *people.exchanges,
        )


@scenario("2.2-list-replaces-the-complete-list", sessions=1, people=8)
def test_a_list_replaces_the_complete_list(run: ToetsContext) -> None:
    """Keeps exactly the people of the last list, whatever it has in common with the one before."""
    rule = "2.2-list-replaces-the-complete-list"
    one, two, three, four, five, six = run.make.students(6)
    changed = with_consumer(two, additionalTimeInMin=45)
    session = first_list(run, [one, two])
    before = by_id([one, two])
    for what, people in (
        (say("with some of the same people"), [two, three]),
        (say("with only other people"), [four, five, six]),
        (say("of the same people in another order"), [six, four, five]),
        (say("with one person replaced"), [six, four, two]),
        (say("with one changed participant"), [six, four, changed]),
    ):
        answer = run.needs(run.put_list(session, people), "2.2-association-list-answers-200")
        read = run.people(session)
        run.verdict_on(
            rule,
            after_list(before, by_id(people), read.members),
            say("A list {what} replaced the previous list", what=what),
            answer,
            *read.exchanges,
        )
        before = by_id(people)


@scenario("2.2-single-association-is-added", "2.2-people-read-back-as-sent", sessions=1, people=3)
def test_a_single_participant_is_added(run: ToetsContext) -> None:
    """Adds a participant that comes as an object, or updates it, and leaves the others alone."""
    rule = "2.2-single-association-is-added"
    session = run.session()
    must_be_empty(run, session)
    sent: dict[str, JsonObject] = {}
    one, two, three = run.make.students(3)
    for what, each in (
        (say("A first participant was sent as an object"), one),
        (say("A second participant was sent as an object"), two),
        (say("A third participant was sent as an object"), three),
        (
            say("A participant was sent again with more time, as an object"),
            with_consumer(two, additionalTimeInMin=45),
        ),
    ):
        answer = run.put_one(session, each)
        if not answer.success:
            run.failed(
                rule,
                say("A single participant sent as an object was refused with {status}", status=answer.status),
                answer,
            )
        read = run.people(session)
        run.verdict_on(
            rule,
            after_one(sent, each, read.members),
            what,
            answer,
            *read.exchanges,
        )
        sent = {**sent, each["associationId"].lower(): each}


def _invalid(run: ToetsContext) -> dict[Text, Json]:
    good = run.make.association()
    return {
        say("without associationId"): without(good, "associationId"),
        say("with an invalid associationId (not a UUID)"): {
            **good,
            "associationId": "participant-one",
        },
        say("without role"): without(good, "role"),
        say("with an unknown role"): {**good, "role": "headmaster"},
        say("without person"): without(good, "person"),
        say("with an unknown state"): {**good, "state": "perhaps"},
        say("as a string instead of an object"): "participant",
    }


@scenario("2.2-invalid-association-is-refused", sessions=1, people=8)
def test_an_invalid_participant_is_refused(run: ToetsContext) -> None:
    """Refuses a participant that breaks the contract with 400."""
    session = run.session()
    failed = False
    for what, member in _invalid(run).items():
        answer = run.put_list(session, [member], valid=False)
        _is_known(run, session, answer.status)
        try:
            must_refuse(run, "2.2-invalid-association-is-refused", answer, say("A participant {what}", what=what))
        except ScenarioAborted:
            failed = True
    if failed:
        raise ScenarioAborted


@scenario("2.2-replacement-is-atomic", sessions=3, people=8)
def test_a_list_is_taken_whole_or_not_at_all(run: ToetsContext) -> None:
    """Changes nothing when one member of a list is not valid, wherever in the list it stands."""
    rule = "2.2-replacement-is-atomic"
    there = run.make.students(2)
    session = first_list(run, there)
    before = by_id(there)
    good, bad = run.make.association(), _refused_member(run)
    for people in ([good, bad], [bad, good]):
        answer = run.put_list(session, people, valid=False)
        if not answer.refused:
            raise PrerequisiteFailed(
                say(
                    "A list with an invalid participant was not refused: {answer} (see "
                    "2.2-invalid-association-is-refused).",
                    answer=answer.answer,
                ),
                answer,
            )
        read = run.people(session)
        run.verdict_on(
            rule,
            unchanged(rule, before, read.members),
            say("A refused list changed nothing"),
            answer,
            *read.exchanges,
        )


def _refused_member(run: ToetsContext) -> JsonObject:
    """A participant that this endpoint refuses in a list of its own."""
    good = run.make.association()
    bad = {**good, "role": "headmaster"}
    for each in (bad, without(good, "person"), without(good, "associationId")):
        if run.put_list(run.session(), [each], valid=False).refused:
            return each
    return bad


@scenario("2.2-one-person-many-roles", sessions=2, people=4)
def test_one_person_in_two_roles(run: ToetsContext) -> None:
    """Lets one person take part as coordinator and as assessor, as the same person."""
    rule = "2.2-one-person-many-roles"
    first_list(run, [run.make.association("coordinator"), run.make.association("assessor")])  # two people can
    person = run.make.person("employee")
    roles = [run.make.association("coordinator", person), run.make.association("assessor", person)]
    session = run.session()
    answer = run.put_list(session, roles)
    if not answer.success:
        run.failed(
            rule,
            say("A list with one person in two roles was refused with {status}", status=answer.status),
            answer,
        )
    read = run.people(session)
    found = by_id(read.members)
    for each in roles:
        there = found.get(each["associationId"])
        if there is None or there.get("role") != each["role"] or not _is_person(person, there.get("person")):
            run.failed(
                rule,
                say("Of one person in two roles, the {role} does not read back as sent", role=each["role"]),
                answer,
                *read.exchanges,
                expected=[each["role"] for each in roles],
                got=sorted(str(each.get("role")) for each in found.values()),
            )
    run.passed(
        rule,
        say("One person takes part in two roles"),
        answer,
        *read.exchanges,
    )


def _is_person(person: JsonObject, read: Json) -> bool:
    return same_id(person["personId"], read.get("personId") if isinstance(read, dict) else read)


@scenario("2.2-person-update-is-allowed", sessions=1, people=1)
def test_a_person_may_be_sent_again_with_other_data(run: ToetsContext) -> None:
    """Accepts a person whose name has changed; using the new name or keeping the old are both right."""
    rule = "2.2-person-update-is-allowed"
    association = run.make.association()
    session = first_list(run, [association])
    old = association["person"]
    new = {**old, "surname": "Nieuwenaam-Test", "displayName": f"Nieuwenaam-Test, {old['givenName']}"}
    answer = run.put_list(session, [{**association, "person": new}])
    if not answer.success:
        run.failed(
            rule,
            say("A person sent again with another name was refused with {status}", status=answer.status),
            answer,
        )
    read = run.people(session)
    shown = by_id(read.members).get(association["associationId"], {}).get("person")
    name = shown.get("surname") if isinstance(shown, dict) else None
    if name not in {None, old["surname"], new["surname"]}:
        run.failed(
            rule,
            say("The person shows a name that was never sent"),
            *read.exchanges,
        )
    used = {None: say("not shown"), old["surname"]: say("not used")}.get(name, say("used"))
    run.passed(rule, say("The new name was {used}", used=used), answer, *read.exchanges)


@scenario("2.2-guest-affiliation-suffices", sessions=1, people=3)
def test_guest_is_affiliation_enough(run: ToetsContext) -> None:
    """Accepts people whose only affiliation is guest."""
    session = run.session()
    for role in ("student", "invigilator", "guest"):
        association = run.make.association(role, run.make.person("guest"))
        answer = run.put_list(session, [association])
        _is_known(run, session, answer.status)
        if not answer.success:
            ordinary = run.put_list(session, [run.make.association(role)])
            run.needs(ordinary, "2.2-association-list-answers-200")
            run.failed(
                "2.2-guest-affiliation-suffices",
                say("A {role} with affiliation guest was refused with {status}", role=role, status=answer.status),
                answer,
            )
        run.passed(
            "2.2-guest-affiliation-suffices",
            say("A {role} with affiliation guest was accepted", role=role),
            answer,
        )


@scenario("2.2-unknown-offering-is-404", sessions=1, people=2)
def test_participants_of_an_unknown_session_are_refused(run: ToetsContext) -> None:
    """Answers 404 to participants, as a list or as an object, for a session that nobody registered."""
    run.session()
    unknown = fresh_id()
    for what, answer in (
        (say("A list"), run.put_list(unknown, run.make.students(1))),
        (say("A single participant"), run.put_one(unknown, run.make.association())),
    ):
        if answer.success:
            run.keeps(unknown)
        run.refused(
            "2.2-unknown-offering-is-404",
            answer,
            say("{what} for an unknown session", what=what),
            NOT_FOUND,
        )


@scenario("2.2-duplicate-association-is-refused", sessions=1, people=2)
def test_the_same_participant_twice_is_refused(run: ToetsContext) -> None:
    """Refuses a list in which two members have the same associationId."""
    session = run.session()
    one = run.make.association()
    run.needs(run.put_list(session, [one]), "2.2-association-list-answers-200")
    run.refused(
        "2.2-duplicate-association-is-refused",
        run.put_list(session, [one, {**run.make.association(), "associationId": one["associationId"]}], valid=False),
        say("A list with the same id twice"),
    )


@scenario("2.2-other-offerings-untouched", sessions=2, people=7, first=True)
def test_other_sessions_are_left_alone(run: ToetsContext) -> None:
    """Leaves the participants of one session alone, whatever is sent for another."""
    rule = "2.2-other-offerings-untouched"
    there = run.make.students(2)
    session = first_list(run, there)
    before = by_id(there)
    other = run.session()

    def still_there(what: Text) -> None:
        cause = run.exchanges[-1]
        read = run.people(session)
        run.verdict_on(
            rule,
            unchanged(rule, before, read.members),
            say("{what} did not change the other participants", what=what),
            cause,
            *read.exchanges,
        )

    still_there(say("Creating another session"))
    run.needs(run.put_list(other, run.make.students(2)), "2.2-association-list-answers-200")
    still_there(say("A list for another session"))
    same = [{**run.make.association(), "person": each["person"]} for each in there]
    run.needs(run.put_list(other, same), "2.2-association-list-answers-200")
    still_there(say("A list of the same people for another session"))
    run.put_one(other, run.make.association())
    still_there(say("A participant for another session"))
    run.put_list(other, [])
    still_there(say("Emptying another session"))
