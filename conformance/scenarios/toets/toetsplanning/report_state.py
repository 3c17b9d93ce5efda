"""Flow 4.1: what a report changes, and what it leaves as it was. All of it needs a read-back."""

from __future__ import annotations

from collections.abc import Iterator

from conformance.evidence.findings import PrerequisiteFailed
from conformance.oracle.equality import differences, same
from conformance.planning.scenario import scenario
from conformance.scenarios.toets.context import ToetsContext
from conformance.scenarios.toets.toetsplanning.steps import (
    own_names,
    pristine,
    read_back,
    reported_session,
    sends,
    shows,
    taken,
)
from ooapi_toets import JsonObject
from ooapi_toets.samples import CONSUMER_KEY, consumer_of, report, without
from ooapi_toets.texts import say

_WORDS = "Brandalarm vóór 09:40 in lokaal 1 & 2, één kwartier extra voor iedereen in de zaal (test)"


def _first_report(run: ToetsContext, session: str, documents: list[JsonObject]) -> JsonObject:
    """A report that reads back; what follows rests on it."""
    sends(run, session, report(irregularities=_WORDS, documents=documents))
    read = read_back(run, session)
    # Documents of an earlier report that are still there are the matter of 4.1-documents-are-replaced.
    if differences(report(irregularities=_WORDS, documents=documents)["consumers"][0], consumer_of(read) or {}):
        raise PrerequisiteFailed(
            say("A report does not read back (see 4.1-report-reads-back-as-sent)."),
            run.exchanges[-1],
        )
    return read


@scenario("4.1-report-reads-back-as-sent", given="active")
def test_a_report_reads_back(run: ToetsContext) -> None:
    """Shows the irregularities and documents of a report that it accepted."""
    rule = "4.1-report-reads-back-as-sent"
    documents = [run.make.document("sessionReport"), run.make.document("attendanceReport")]
    with reported_session(run) as session:
        answer = sends(run, session, report(irregularities=_WORDS, documents=documents))
        read = read_back(run, session)
        consumer = consumer_of(read) or {}
        # Documents of an earlier report that stay are the matter of 4.1-documents-are-replaced.
        found = differences({"irregularities": _WORDS, "documents": documents}, consumer)
        if found:
            run.failed(
                rule,
                say("A report does not read back as sent: {difference}", difference=found[0].words),
                answer,
                run.exchanges[-1],
                expected={each.pointer: each.sent for each in found},
                got={each.pointer: each.read for each in found},
            )
        run.passed(rule, say("The report reads back as sent"), answer, run.exchanges[-1])


@scenario("4.1-patch-changes-only-what-it-names", given="active")
def test_a_report_changes_nothing_else(run: ToetsContext) -> None:
    """Leaves name, times, code and everything else outside consumers as they were."""
    rule = "4.1-patch-changes-only-what-it-names"
    with reported_session(run) as session:
        before = without(pristine(run, session), "consumers")
        answer = sends(run, session, report(irregularities=_WORDS, documents=[run.make.document()]))
        after = read_back(run, session)
        known = own_names(run, "Offering")
        found = differences({name: value for name, value in before.items() if name in known}, after)
        if found:
            run.failed(
                rule,
                say("A report changed something it does not contain: {difference}", difference=found[0].words),
                answer,
                run.exchanges[-1],
                expected={each.pointer: each.sent for each in found},
                got={each.pointer: each.read for each in found},
            )
        run.passed(rule, say("Everything else is unchanged"), answer, run.exchanges[-1])


@scenario("4.1-other-attributes-are-accepted", given="active")
def test_a_report_may_repeat_the_session(run: ToetsContext) -> None:
    """Takes a report that carries name and times of the session as well, as they are."""
    rule = "4.1-other-attributes-are-accepted"
    with reported_session(run) as session:
        documents = [run.make.document()]
        now = _first_report(run, session, documents)
        # As they are, and not otherwise: this session is not ours to rename.
        same_again = {name: now[name] for name in ("name", "startDateTime", "endDateTime") if now.get(name)}
        answer = run.patch(session, {**same_again, **report(irregularities=_WORDS, documents=documents)})
        taken(
            run,
            rule,
            answer,
            say("A report that repeats {attributes} was accepted", attributes=", ".join(same_again)),
        )


@scenario("4.1-refused-patch-changes-nothing", given="active")
def test_a_refused_report_changes_nothing(run: ToetsContext) -> None:
    """Changes nothing when it refuses a report, not even by the part that is valid."""
    rule = "4.1-refused-patch-changes-nothing"
    documents = [run.make.document()]
    with reported_session(run) as session:
        for bad in _bad_reports(run):
            before = _report_of(_first_report(run, session, documents))
            answer = run.patch(session, bad, valid=False)
            if answer.refused:
                break
        else:
            raise PrerequisiteFailed(
                say(
                    "An invalid report was not refused: {answer} (see 4.1-unknown-document-type-is-refused).",
                    answer=answer.answer,
                ),
                answer,
            )
        after = _report_of(read_back(run, session))
        wrong = [name for name in before if not same(before[name], after[name])]
        if wrong:
            run.failed(
                rule,
                say("A refused report changed {attributes}", attributes=", ".join(wrong)),
                answer,
                run.exchanges[-1],
            )
        run.passed(rule, say("The refused report changed nothing"), answer)


def _bad_reports(run: ToetsContext) -> Iterator[JsonObject]:
    """Reports with a valid part that must be refused; an endpoint may miss one fault and see another."""
    words, good = "Dit mag niet blijven (test)", run.make.document("other")
    yield report(irregularities=words, documents=[good, run.make.document("seatingPlan")])
    yield report(irregularities=words, documents=[good, without(run.make.document(), "documentName")])
    yield without(report(irregularities=words, documents=[good]), "offeringType")


def _report_of(read: JsonObject) -> JsonObject:
    consumer = consumer_of(read) or {}
    return {name: consumer.get(name) for name in ("irregularities", "documents")}


@scenario("4.1-repeat-changes-nothing", given="active")
def test_the_same_report_again_changes_nothing(run: ToetsContext) -> None:
    """Accepts the same report again and stays as it was."""
    rule = "4.1-repeat-changes-nothing"
    documents = [run.make.document(), run.make.document("other")]
    with reported_session(run) as session:
        first = _first_report(run, session, documents)
        again = run.patch(session, report(irregularities=_WORDS, documents=documents))
        if not again.success:
            run.failed(
                rule,
                say("The same report sent again was refused with {status}", status=again.status),
                again,
            )
        before, after = _report_of(first), _report_of(read_back(run, session))
        count, now = len(before["documents"] or []), len(after["documents"] or [])
        if not same(before, after) or count != now:
            run.failed(
                rule,
                say("The same report sent again changed the session"),
                again,
                run.exchanges[-1],
                expected=count,
                got=now,
            )
        run.passed(rule, say("Sent twice, nothing changed"), again)


@scenario("4.1-documents-are-replaced", given="active")
def test_later_documents_take_the_place_of_earlier_ones(run: ToetsContext) -> None:
    """Shows only the documents of the last report that names any."""
    rule = "4.1-documents-are-replaced"
    old = [run.make.document(), run.make.document("attendanceReport")]
    new = [run.make.document()]
    with reported_session(run) as session:
        _first_report(run, session, old)
        answer = sends(run, session, report(irregularities=_WORDS, documents=new))
        consumer = consumer_of(read_back(run, session)) or {}
        shown = [each.get("documentId") for each in consumer.get("documents") or []]
        if not same([new[0]["documentId"]], shown):
            run.failed(
                rule,
                say("The documents of a later report did not replace the earlier ones"),
                answer,
                run.exchanges[-1],
                expected=[new[0]["documentId"]],
                got=shown,
            )
        run.passed(
            rule,
            say("The later documents replaced the earlier ones"),
            answer,
            run.exchanges[-1],
        )


@scenario("4.1-null-removes", given="active")
def test_null_takes_irregularities_back(run: ToetsContext) -> None:
    """Shows no irregularities any more after they were sent as null."""
    rule = "4.1-null-removes"
    documents = [run.make.document()]
    with reported_session(run) as session:
        _first_report(run, session, documents)
        answer = run.patch(session, report(irregularities=None, documents=documents))
        if not answer.success:
            run.failed(
                rule,
                say("irregularities as null were refused with {status}", status=answer.status),
                answer,
            )
        if shows(read_back(run, session), irregularities=None):
            run.failed(
                rule,
                say("irregularities sent as null are still present"),
                answer,
                run.exchanges[-1],
            )
        run.passed(rule, say("null removed the irregularities"), answer, run.exchanges[-1])


@scenario("4.1-empty-list-empties", given="active")
def test_an_empty_list_takes_documents_back(run: ToetsContext) -> None:
    """Shows no documents any more after they were sent as an empty list."""
    rule = "4.1-empty-list-empties"
    with reported_session(run) as session:
        _first_report(run, session, [run.make.document()])
        answer = run.patch(session, report(irregularities=_WORDS, documents=[]))
        if not answer.success:
            run.failed(
                rule,
                say("documents as an empty list were refused with {status}", status=answer.status),
                answer,
            )
        if shows(read_back(run, session), documents=[]):
            run.failed(
                rule,
                say("documents sent as an empty list are still present"),
                answer,
                run.exchanges[-1],
            )
        run.passed(rule, say("An empty list removed the documents"), answer, run.exchanges[-1])


@scenario("4.1-other-consumer-attributes-stay", given="active")
def test_a_report_leaves_other_attributes_of_the_consumer(run: ToetsContext) -> None:
    """Leaves offeringState and the like, and documents that a report in words does not name."""
    rule = "4.1-other-consumer-attributes-stay"
    documents = [run.make.document()]
    with reported_session(run) as session:
        began = consumer_of(pristine(run, session)) or {}
        first = consumer_of(_first_report(run, session, documents)) or {}
        before = {**began, "documents": first.get("documents")}
        answer = sends(run, session, report(irregularities="Een later verslag, in woorden (test)"))
        read = read_back(run, session)
        after = consumer_of(read) or {}
        known = own_names(run, "OfferingConsumer")
        kept = {name: value for name, value in before.items() if name in known and name != "irregularities"}
        found = differences(kept, after)
        others = [e for e in read.get("consumers") or [] if e.get("consumerKey") != CONSUMER_KEY]
        if found:
            run.failed(
                rule,
                say("A report without documents removed something else: {difference}", difference=found[0].words),
                answer,
                run.exchanges[-1],
                expected={each.pointer: each.sent for each in found},
                got={each.pointer: each.read for each in found},
            )
        run.passed(
            rule,
            say("{kept} attributes and {others} other consumers are unchanged", kept=len(kept), others=len(others)),
            answer,
            run.exchanges[-1],
        )
