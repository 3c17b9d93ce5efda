"""Flow 4.1: what a Toetsplanning endpoint takes and what it refuses."""

from __future__ import annotations

import orjson

from conformance.checking.context import NOT_FOUND, fresh_id
from conformance.evidence.findings import PrerequisiteFailed, ScenarioAborted
from conformance.planning.scenario import scenario
from conformance.scenarios.toets.common import UTF8, extra_is_taken
from conformance.scenarios.toets.context import ToetsContext
from conformance.scenarios.toets.refusing import must_refuse
from conformance.scenarios.toets.toetsplanning.steps import known, read_back, reported_session, sends, taken
from ooapi_toets import Json, JsonObject, resources
from ooapi_toets.calls import JSON, MERGE_PATCH
from ooapi_toets.samples import CONSUMER_KEY, DOCUMENT_TYPES, consumer_of, report, without
from ooapi_toets.strictjson import encode
from ooapi_toets.texts import Text, say


@scenario("4.1-report-answers-200", given="active")
def test_a_report_is_accepted(run: ToetsContext) -> None:
    """Answers 200 to a report with irregularities and a document."""
    with reported_session(run) as session:
        answer = run.patch(session, report(irregularities="Brandalarm (test)", documents=[run.make.document()]))
        known(answer, session)
        run.accepted("4.1-report-answers-200", answer, say("A report was accepted"))


@scenario("4.1-report-answers-200", given="active")
def test_a_report_may_carry_more(run: ToetsContext) -> None:
    """Takes a report with what it need not know: a charset, and another consumer where the session has one."""
    with reported_session(run) as session:
        message = _ordinary(run)
        sends(run, session, message)
        variants: list[tuple[Text, JsonObject, str]] = [
            (say("declared as application/json; charset=utf-8"), message, UTF8),
        ]
        # One that the session has, as it is: another could not be taken away again over the contract.
        if others := _other_consumers(run, session):
            more = {**message, "consumers": [*message["consumers"], *others]}
            variants.append((say("with another consumer as well"), more, JSON))
        for what, body, media_type in variants:
            answer = run.patch(session, body, media_type)
            extra_is_taken(run, "4.1-report-answers-200", answer, say("A report {what}", what=what))


def _other_consumers(run: ToetsContext, session: str) -> list[JsonObject]:
    """The consumers of a session besides nl-test-admin, as they read before this run."""
    entries = (run.suite.borrowed.first(session) or {}).get("consumers")
    if not isinstance(entries, list):
        return []
    named = [each for each in entries if isinstance(each, dict) and isinstance(each.get("consumerKey"), str)]
    return [each for each in named if each["consumerKey"] != CONSUMER_KEY][:1]


def _ordinary(run: ToetsContext) -> JsonObject:
    """A report like any other: an endpoint that refuses this refuses them all."""
    return report(irregularities="Gewoon verslag (test)", documents=[run.make.document()])


@scenario("4.1-seed-example-is-accepted", given="active")
def test_the_example_of_the_flow_is_accepted(run: ToetsContext) -> None:
    """Accepts the example message of flow 4.1 as it stands, its stray comma mended."""
    path = resources.fixtures("messages", "report-flow-4.1-example.json")
    message: JsonObject = orjson.loads(path.read_bytes())["message"]
    with reported_session(run) as session:
        sends(run, session, _ordinary(run))
        answer = run.patch(session, message)
        taken(
            run,
            "4.1-seed-example-is-accepted",
            answer,
            say("The example of the flow was accepted"),
        )


@scenario("4.1-each-document-type-is-accepted", given="active")
def test_each_document_type_is_accepted(run: ToetsContext) -> None:
    """Accepts a document of each of the four types."""
    rule = "4.1-each-document-type-is-accepted"
    with reported_session(run) as session:
        sends(run, session, report(irregularities="Geen documenten (test)"))
        for kind in DOCUMENT_TYPES:
            answer = run.patch(session, report(irregularities="Eén (test)", documents=[run.make.document(kind)]))
            taken(
                run,
                rule,
                answer,
                say("A document of type {kind} was accepted", kind=kind),
            )


@scenario("4.1-unknown-document-type-is-refused", given="active")
def test_an_unknown_document_type_is_refused(run: ToetsContext) -> None:
    """Refuses a document whose type the flow does not name."""
    with reported_session(run) as session:
        sends(run, session, report(irregularities="Geen documenten (test)"))
        for kind in ("seatingPlan", "x-unknown-type"):
            run.refused(
                "4.1-unknown-document-type-is-refused",
                run.patch(
                    session,
                    report(irregularities="Eén (test)", documents=[run.make.document(kind)]),
                    valid=False,
                ),
                say("A document of type {kind}", kind=kind),
            )


@scenario("4.1-document-fields-are-required", given="active")
def test_document_fields_are_required(run: ToetsContext) -> None:
    """Refuses a document without documentId, documentType or documentName."""
    failed = False
    with reported_session(run) as session:
        sends(run, session, report(irregularities="Geen documenten (test)"))
        for name in ("documentId", "documentType", "documentName"):
            lacking = without(run.make.document(), name)
            answer = run.patch(session, report(irregularities="Eén (test)", documents=[lacking]), valid=False)
            try:
                run.refused(
                    "4.1-document-fields-are-required",
                    answer,
                    say("A document without {name}", name=name),
                )
            except ScenarioAborted:
                failed = True
    if failed:
        raise ScenarioAborted


@scenario("4.1-many-documents", given="active")
def test_a_report_may_carry_many_documents(run: ToetsContext) -> None:
    """Accepts a report with 25 documents, and shows them all where it shows its sessions."""
    rule = "4.1-many-documents"
    documents = [run.make.document("other") for _ in range(25)]  # one type: that each is taken is another rule
    with reported_session(run) as session:
        sends(run, session, report(irregularities="Eén (test)", documents=documents[:1]))
        answer = run.patch(session, report(irregularities="Veel (test)", documents=documents))
        taken(run, rule, answer, say("25 documents were accepted"))
        try:
            consumer = consumer_of(read_back(run, session)) or {}
        except PrerequisiteFailed:
            return
        shown = {str(each.get("documentId")).lower() for each in consumer.get("documents") or []}
        if not shown:
            raise PrerequisiteFailed(
                say("Documents do not read back at all (see 4.1-report-reads-back-as-sent)."),
                run.exchanges[-1],
            )
        missing = [each["documentId"] for each in documents if each["documentId"] not in shown]
        if missing:
            run.failed(
                rule,
                say("{missing} of 25 documents are missing", missing=len(missing)),
                answer,
                run.exchanges[-1],
                expected=len(documents),
                got=len(documents) - len(missing),
            )
        run.passed(rule, say("All 25 documents are present"), run.exchanges[-1])


@scenario("4.1-no-documents", given="active")
def test_a_report_may_carry_no_documents(run: ToetsContext) -> None:
    """Accepts a report in words only."""
    with reported_session(run) as session:
        sends(run, session, _ordinary(run))
        answer = run.patch(session, report(irregularities="Niets bijzonders (test)"))
        taken(
            run,
            "4.1-no-documents",
            answer,
            say("A report without documents was accepted"),
        )


@scenario("4.1-offering-type-is-required", given="active")
def test_offering_type_is_required(run: ToetsContext) -> None:
    """Refuses a report without offeringType."""
    with reported_session(run) as session:
        whole = report(irregularities="Met en zonder offeringType (test)", documents=[run.make.document()])
        sends(run, session, whole)
        run.refused(
            "4.1-offering-type-is-required",
            run.patch(session, without(whole, "offeringType"), valid=False),
            say("A report without offeringType"),
        )


@scenario("4.1-invalid-report-is-refused", given="active")
def test_what_is_no_report_is_refused(run: ToetsContext) -> None:
    """Refuses a message that is no JSON object, and a report whose irregularities are no text."""
    rule = "4.1-invalid-report-is-refused"
    bodies: dict[Text, Json] = {
        say("An empty list instead of a report"): [],
        say("A text instead of a report"): "report",
        say("A number instead of a report"): 1,
        say("A report with a number as irregularities"): report(irregularities=1),
    }
    failed = False
    with reported_session(run) as session:
        sends(run, session, _ordinary(run))
        for what, body in bodies.items():
            answer = run.send(run.calls.send_report(session, body), valid=False)
            try:
                must_refuse(run, rule, answer, what)
            except ScenarioAborted:
                failed = True
    if failed:
        raise ScenarioAborted


@scenario("4.1-malformed-json-is-refused", given="active")
def test_a_body_that_is_not_json_is_refused(run: ToetsContext) -> None:
    """Refuses a body that breaks off, is empty, or is no JSON at all."""
    with reported_session(run) as session:
        message = report(irregularities="Afgebroken (test)")
        sends(run, session, message)
        call = run.calls.send_report(session, message)
        bodies = {
            say("A truncated body"): encode(message)[:-5],
            say("An empty body"): b"",
            say("A body of plain text"): b"this is not JSON",
        }
        for what, raw in bodies.items():
            run.refused(
                "4.1-malformed-json-is-refused",
                run.send(call, raw=raw, valid=False),
                what,
            )


@scenario("4.1-unknown-offering-is-404")
def test_a_report_for_an_unknown_session_is_refused(run: ToetsContext) -> None:
    """Answers 404 to a report for a session that it does not know."""
    run.refused(
        "4.1-unknown-offering-is-404",
        run.patch(fresh_id(), report(irregularities="Onbekende zitting (test)", documents=[run.make.document()])),
        say("A report for an unknown session"),
        NOT_FOUND,
    )


@scenario("4.1-accepted-after-cancellation", given="canceled")
def test_a_report_is_accepted_after_cancellation(run: ToetsContext) -> None:
    """Accepts a report although the session was cancelled meanwhile."""
    with reported_session(run, "canceled") as session:
        answer = run.patch(session, report(irregularities="Toch afgenomen (test)", documents=[run.make.document()]))
        known(answer, session)
        if not answer.success and "active" in run.suite.given:
            with reported_session(run) as active:
                sends(run, active, _ordinary(run))
        taken(
            run,
            "4.1-accepted-after-cancellation",
            answer,
            say("A report for a cancelled session was accepted"),
        )


@scenario("4.1-merge-patch-media-type-is-accepted", given="active")
def test_a_report_may_come_as_merge_patch(run: ToetsContext) -> None:
    """Accepts a report that is declared as application/merge-patch+json."""
    message = report(irregularities="Als merge patch (test)", documents=[run.make.document()])
    with reported_session(run) as session:
        sends(run, session, _ordinary(run))
        answer = run.patch(session, message, MERGE_PATCH)
        taken(
            run,
            "4.1-merge-patch-media-type-is-accepted",
            answer,
            say("A report as application/merge-patch+json was accepted"),
        )
