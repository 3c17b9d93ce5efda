"""Flow 2, option 1: create a session without participants."""

from __future__ import annotations

from dataclasses import replace

from conformance.evidence.findings import PrerequisiteFailed
from conformance.oracle.equality import differences, same_id
from conformance.oracle.participants import by_id, unchanged
from conformance.planning.scenario import scenario
from conformance.scenarios.toets.common import UTF8, extra_is_taken
from conformance.scenarios.toets.context import ToetsContext
from conformance.scenarios.toets.toetsafname.steps import steady
from ooapi_toets import JsonObject
from ooapi_toets.calls import JSON
from ooapi_toets.samples import consumer_of, with_consumer, without
from ooapi_toets.texts import say, say_n


@scenario("2.1-create-answers-200", sessions=2)
def test_a_session_is_created(run: ToetsContext) -> None:
    """Answers 200 to a session with every attribute, and to one with the required ones only."""
    for message, offering in (
        (say("A complete session was accepted"), run.make.offering()),
        (say("A minimal session was accepted"), run.make.minimal_offering()),
    ):
        answer = run.put_session(offering)
        run.accepted("2.1-create-answers-200", answer, message)


@scenario("2.1-create-answers-200", sessions=3)
def test_a_session_may_carry_more(run: ToetsContext) -> None:
    """Takes a session with what it need not know: another consumer, attributes of its own, a charset."""
    other = {"consumerKey": "nl-of-somebody-else", "anything": {"goes": [1, None]}}
    ordinary, full = run.make.offering(), run.make.offering(ext={"note": "test"}, abbreviation="TEST")
    many = run.make.offering()
    many["consumers"] = [other, *many["consumers"]]
    for what, offering, media_type in (
        (
            say("declared as application/json; charset=utf-8"),
            ordinary,
            UTF8,
        ),
        (say("with unused attributes (ext, abbreviation)"), full, JSON),
        (say("with another consumer as well"), many, JSON),
    ):
        call = replace(run.calls.create_session(offering), media_type=media_type)
        extra_is_taken(run, "2.1-create-answers-200", run.send(call), say("A session {what}", what=what))


@scenario("2.1-sender-makes-the-id", sessions=1)
def test_an_id_in_capitals_is_the_same_id(run: ToetsContext) -> None:
    """Finds a session when its id is written in capitals."""
    session = run.session()
    run.offering(session)
    answer = run.read_session(session.upper())
    if not answer.success:
        run.warned(
            "2.1-sender-makes-the-id",
            say("A session is not found when its id is written in upper case: {answer}", answer=answer.answer),
            answer,
        )
        return
    run.passed(
        "2.1-sender-makes-the-id",
        say("The session is also found when its id is written in upper case"),
        answer,
    )


@scenario("2.1-sender-makes-the-id", sessions=1)
def test_the_id_is_the_senders(run: ToetsContext) -> None:
    """Keeps the session under the id in the message."""
    session = run.session()
    answer = run.read_session(session)
    if answer.status in {404, 410}:
        run.failed(
            "2.1-sender-makes-the-id",
            say("A session that was accepted is not found under the id it was sent with"),
            answer,
        )
    run.needs(answer, "4.2-read-answers-200")
    if not isinstance(answer.value, dict):
        raise PrerequisiteFailed(
            say("Reading a session did not return a session as JSON (see 4.2-read-answers-200)."),
            answer,
        )
    got = answer.value.get("offeringId")
    if not same_id(session, got):
        run.failed(
            "2.1-sender-makes-the-id",
            say("The session reads back with another id"),
            answer,
            expected=session,
            got=got,
        )
    run.passed(
        "2.1-sender-makes-the-id",
        say("The session is found under its id"),
        answer,
    )


@scenario("2.1-created-without-associations", sessions=1)
def test_a_new_session_is_empty(run: ToetsContext) -> None:
    """Has no participants in a session for which none were registered."""
    people = run.people(run.session())
    if people.members:
        run.failed(
            "2.1-created-without-associations",
            say_n("A new session has 1 participant", "A new session has {n} participants", len(people.members)),
            *people.exchanges,
            expected=[],
            got=sorted(by_id(people.members)),
        )
    run.passed(
        "2.1-created-without-associations",
        say("A new session has no participants"),
        *people.exchanges,
    )


@scenario("2.1-reads-back-as-sent", sessions=2)
def test_a_session_reads_back_as_sent(run: ToetsContext) -> None:
    """Shows every attribute of the session as it was sent, whatever letters it is written in."""
    accented = [{"language": "nl-NL", "value": "Coördinatie: één proef & één naïeve meting van Šumić (test)"}]
    for offering in (run.make.offering(name=accented), run.make.minimal_offering()):
        session = run.session(offering)
        read = run.offering(session)
        found = differences(without(offering, "offeringId"), read)
        if found:
            run.failed(
                "2.1-reads-back-as-sent",
                say("The session does not read back as sent: {difference}", difference=found[0].words),
                run.exchanges[-1],
                expected={each.pointer: each.sent for each in found},
                got={each.pointer: each.read for each in found},
            )
        run.passed(
            "2.1-reads-back-as-sent",
            say("{attributes} attributes read back as sent", attributes=len(offering)),
            run.exchanges[-1],
        )


@scenario("2.1-repeat-changes-nothing", sessions=1)
def test_sending_a_session_again_changes_nothing(run: ToetsContext) -> None:
    """Accepts the same session again and stays as it was."""
    offering = run.make.offering()
    session = run.session(offering)
    before = differences(offering, steady(run, session))
    again = run.put_session(offering)
    if not again.success:
        run.failed(
            "2.1-repeat-changes-nothing",
            say("The same session sent again was refused with {status}", status=again.status),
            again,
        )
    after = [each for each in differences(offering, run.offering(session)) if each not in before]
    if after:
        run.failed(
            "2.1-repeat-changes-nothing",
            say("The same session sent again changed something: {difference}", difference=after[0].words),
            again,
            run.exchanges[-1],
            expected=after[0].sent,
            got=after[0].read,
        )
    run.passed(
        "2.1-repeat-changes-nothing",
        say("The same session was sent twice"),
        again,
        run.exchanges[-1],
    )


@scenario("2.1-second-put-replaces-the-offering", sessions=1)
def test_a_changed_session_takes_the_place_of_the_old(run: ToetsContext) -> None:
    """Shows the new name, times and room after a session was sent again with these changed."""
    offering = run.make.offering()
    session = run.session(offering)
    before = {each.pointer for each in differences(offering, run.offering(session))}
    day = offering["startDateTime"].partition("T")[0]
    changed: JsonObject = {
        **offering,
        "name": [{"language": "nl-NL", "value": "Gewijzigde naam (test)"}],
        "startDateTime": f"{day}T14:00:00+01:00",
        "endDateTime": f"{day}T16:00:00+01:00",
    }
    changed = with_consumer(changed, locationCode="9.99", lastPossibleStartDateTime=f"{day}T14:10:00+01:00")
    answer = run.put_session(changed)
    if not answer.success:
        run.failed(
            "2.1-second-put-replaces-the-offering",
            say("A changed session was refused with {status}", status=answer.status),
            answer,
        )
    found = [
        each
        for each in differences(changed, run.offering(session))
        # What did not read back in the first place is the matter of 2.1-reads-back-as-sent.
        if _was_changed(offering, changed, each.pointer) and each.pointer not in before
    ]
    if found:
        run.failed(
            "2.1-second-put-replaces-the-offering",
            say("A change to a session does not read back: {difference}", difference=found[0].words),
            answer,
            run.exchanges[-1],
            expected={each.pointer: each.sent for each in found},
            got={each.pointer: each.read for each in found},
        )
    run.passed(
        "2.1-second-put-replaces-the-offering",
        say("Name, times and room changed as sent"),
        answer,
        run.exchanges[-1],
    )


def _was_changed(before: JsonObject, after: JsonObject, pointer: str) -> bool:
    """Whether an attribute was part of the change; of the others other rules speak."""
    name = pointer.split("/")[1]
    if name != "consumers":
        return bool(before.get(name) != after.get(name))
    return pointer.endswith(("locationCode", "lastPossibleStartDateTime"))


@scenario("2.1-put-drops-what-it-omits", sessions=1)
def test_what_a_second_put_leaves_out_is_gone(run: ToetsContext) -> None:
    """Shows no optional attribute any more that the second message left out."""
    offering = run.make.offering()
    session = run.session(offering)
    first = run.offering(session)
    bare = run.make.minimal_offering(offeringId=session)
    answer = run.needs(run.put_session(bare), "2.1-second-put-replaces-the-offering")
    read = run.offering(session)
    if not differences({"primaryCode": offering["primaryCode"]}, read):
        raise PrerequisiteFailed(
            say("A second PUT does not change the session (see 2.1-second-put-replaces-the-offering).")
        )
    kept: list[str] = [
        name
        for name in ("modeOfDelivery", "otherCodes")
        if name in first and not differences({name: offering[name]}, read)
    ]
    old, new = consumer_of(offering) or {}, consumer_of(read) or {}
    shown = consumer_of(first) or {}
    kept += [
        f"consumers: {name}"
        for name in ("duration", "locationCode", "safety", "startOptions")
        if name in shown and not differences({name: old[name]}, new)
    ]
    if kept:
        run.failed(
            "2.1-put-drops-what-it-omits",
            say("Attributes that a second PUT left out are still present: {kept}", kept=", ".join(kept)),
            answer,
            run.exchanges[-1],
            expected=[],
            got=kept,
        )
    run.passed(
        "2.1-put-drops-what-it-omits",
        say("Optional attributes that were left out were removed"),
        answer,
        run.exchanges[-1],
    )


@scenario("2.1-put-keeps-the-associations", sessions=1, people=2)
def test_changing_a_session_keeps_its_people(run: ToetsContext) -> None:
    """Keeps the participants when the session itself is sent again, changed or not."""
    offering = run.make.offering()
    session = run.session(offering, run.make.students(2))
    before = by_id(run.people(session).members)
    if not before:
        raise PrerequisiteFailed(say("Registered participants are missing (see 2.2-registered-people-appear)."))
    for message in (with_consumer(offering, locationCode="9.98"), offering, offering):
        answer = run.needs(run.put_session(message), "2.1-second-put-replaces-the-offering")
        people = run.people(session)
        run.verdict_on(
            "2.1-put-keeps-the-associations",
            unchanged("2.1-put-keeps-the-associations", before, people.members),
            say("The participants are unchanged after the session was sent again"),
            answer,
            *people.exchanges,
        )
