"""Flow 4.2: read a session with its report."""

from __future__ import annotations

from conformance.checking.context import GONE, NOT_FOUND, OK, fresh_id
from conformance.evidence.findings import PrerequisiteFailed
from conformance.oracle.equality import differences
from conformance.oracle.participants import by_id, unchanged
from conformance.planning.scenario import scenario
from conformance.scenarios.toets.context import ToetsContext
from conformance.scenarios.toets.toetsafname.steps import steady
from ooapi_toets.samples import DOCUMENT_TYPES, consumer_of, without
from ooapi_toets.texts import say


@scenario("4.2-read-answers-200", "http-answers-follow-the-contract", sessions=1)
def test_a_session_is_read(run: ToetsContext) -> None:
    """Answers 200 and the session when it is read."""
    session = run.session()
    answer = run.read_session(session)
    if answer.status in {NOT_FOUND, GONE}:
        raise PrerequisiteFailed(
            say("The session is not found under its id (see 2.1-sender-makes-the-id)."),
            answer,
        )
    if answer.status != OK or not isinstance(answer.value, dict):
        what = answer.answer if answer.status != OK else say("status 200 without a session as JSON")
        run.failed(
            "4.2-read-answers-200",
            say("Reading a session was answered with {what}", what=what),
            answer,
        )
    run.passed("4.2-read-answers-200", say("A session was read"), answer)


@scenario("4.2-shows-report-and-all-other-information", sessions=1, people=2)
def test_reading_shows_all_information(run: ToetsContext) -> None:
    """Shows all information of a session when it is read, also once people take part in it."""
    rule = "4.2-shows-report-and-all-other-information"
    offering = run.make.offering()
    session = run.session(offering)
    first = differences(offering, steady(run, session))
    if first:
        raise PrerequisiteFailed(
            say(
                "A new session does not read back as sent: {difference} (see 2.1-reads-back-as-sent).",
                difference=first[0].words,
            ),
            run.exchanges[-1],
        )
    run.needs(run.put_list(session, run.make.students(2)), "2.2-association-list-answers-200")
    found = differences(offering, run.offering(session))
    if found:
        run.failed(
            rule,
            say(
                "Reading a session with participants does not show all information: {difference}",
                difference=found[0].words,
            ),
            run.exchanges[-1],
            expected={each.pointer: each.sent for each in found},
            got={each.pointer: each.read for each in found},
        )
    run.passed(
        rule,
        say("All information is present; a report can only be tested where one exists"),
        run.exchanges[-1],
    )


@scenario("4.2-shows-report-and-all-other-information", given="active")
def test_reading_shows_the_report(run: ToetsContext) -> None:
    """Shows irregularities and documents of a session that has a report, if one was named."""
    rule = "4.2-shows-report-and-all-other-information"
    if "active" not in run.suite.given:
        return
    with run.given() as session:
        consumer = consumer_of(run.offering(session))
        report = {name: (consumer or {}).get(name) for name in ("irregularities", "documents")}
        if not any(report.values()):
            # Only its owner knows whether there is one: seen from outside, a session without a report looks the same.
            run.warned(
                rule,
                say("The session given with --given-offering shows no report; check that it has one."),
                run.exchanges[-1],
            )
            return
        strange = [each for each in report["documents"] or [] if each.get("documentType") not in DOCUMENT_TYPES]
        if strange:
            run.failed(
                rule,
                say("The report shows a document of an unknown type"),
                run.exchanges[-1],
                expected=list(DOCUMENT_TYPES),
                got=[each.get("documentType") for each in strange],
            )
        run.passed(rule, say("The report is present"), run.exchanges[-1])


@scenario("4.2-reading-changes-nothing", sessions=1, people=2)
def test_reading_changes_nothing(run: ToetsContext) -> None:
    """Gives the same session when it is read again."""
    rule = "4.2-reading-changes-nothing"
    offering = run.make.offering()
    people = run.make.students(2)
    session = run.session(offering, people)
    first = run.offering(session)
    known = without(first, *(name for name in first if name not in offering))
    for _ in range(3):
        again = run.offering(session)
        found = differences(known, again)
        if found:
            run.failed(
                rule,
                say("A second read returned a different session: {difference}", difference=found[0].words),
                run.exchanges[-1],
                expected=found[0].sent,
                got=found[0].read,
            )
    run.passed(rule, say("Four reads returned the same session"), run.exchanges[-1])


@scenario("4.2-reading-changes-nothing", sessions=1, people=2)
def test_reading_people_changes_nothing(run: ToetsContext) -> None:
    """Gives the same participants when they are read again."""
    session = run.session(people=run.make.students(2))
    try:
        before = by_id(run.people(session).members)
    except PrerequisiteFailed:
        return  # the session alone is enough for this rule where participants cannot be read
    run.offering(session)
    people = run.people(session)
    run.verdict_on(
        "4.2-reading-changes-nothing",
        unchanged("4.2-reading-changes-nothing", before, people.members),
        say("The participants are the same when read again"),
        *people.exchanges,
    )


@scenario("4.2-unknown-offering-is-404")
def test_an_unknown_session_is_not_found(run: ToetsContext) -> None:
    """Answers 404 when a session is read that nobody registered."""
    run.refused(
        "4.2-unknown-offering-is-404",
        run.read_session(fresh_id()),
        say("Reading an unknown session"),
        NOT_FOUND,
    )


@scenario("4.1-documents-can-be-fetched")
def test_an_unknown_document_is_not_found(run: ToetsContext) -> None:
    """Answers 404 when a document is asked for that no report mentions."""
    answer = run.send(run.calls.read_document(fresh_id()))
    if answer.status in {405, 501}:
        raise PrerequisiteFailed(
            say("Documents are not supported. If that is right, declare documents = false."),
            answer,
        )
    run.refused(
        "4.1-documents-can-be-fetched",
        answer,
        say("Fetching an unknown document"),
        NOT_FOUND,
    )


@scenario("4.1-documents-can-be-fetched", given="active")
def test_a_document_of_a_report_is_fetched(run: ToetsContext) -> None:
    """Gives a document that the report of a session mentions, if such a session was named."""
    rule = "4.1-documents-can-be-fetched"
    if "active" not in run.suite.given:
        return
    with run.given() as session:
        consumer = consumer_of(run.offering(session)) or {}
        for document in consumer.get("documents") or []:
            answer = run.send(run.calls.read_document(str(document.get("documentId"))))
            if not answer.success or not answer.body:
                what = answer.answer if not answer.success else say("nothing")
                run.failed(
                    rule,
                    say("Fetching a document mentioned in a report returned {what}", what=what),
                    answer,
                )
            run.passed(
                rule,
                say("A document mentioned in a report was fetched"),
                answer,
            )
