"""Liars about taking a report: flow 4.1 at Toetsplanning."""

from __future__ import annotations

import uuid
from dataclasses import replace

from mock_server.handling.messages import Answer, Request
from mock_server.roles.toets import toetsplanning as honest
from mock_server.state.stores.protocol import Transaction
from ooapi_toets import Json, JsonObject
from ooapi_toets.editions.toets import SESSION
from ooapi_toets.samples import DOCUMENT_TYPES
from tests.liars.liar import PLANNING, Handlers, handler, handlers, talks
from tests.liars.parts import Result, answered, own_consumer, refused, session_of
from tests.liars.talk import Ask, Reply, Road, plain, problem

PATCH = "patchOffering"


@handler(PLANNING, PATCH, fails="4.1-report-answers-200")
def reports_are_queued(tx: Transaction, request: Request) -> Result:
    """A report is answered with 202, as if it were still to be decided.

    It is part of the session at once.
    """
    return answered(honest.patch_offering(tx, request), 202)


@handlers(PLANNING, fails="4.1-report-answers-200")
def one_report_per_session() -> Handlers:
    """A session takes one report, and refuses every later one with 409.

    The first is part of the session.
    """
    done: set[str] = set()

    def patch(tx: Transaction, request: Request) -> Result:
        if request.key in done:
            return refused("There is a report already", 409)
        result = honest.patch_offering(tx, request)
        done.add(request.key)
        return result

    return {PATCH: patch}


@handler(PLANNING, PATCH, warns="4.1-report-answers-200")
def reports_are_answered_with_204(tx: Transaction, request: Request) -> Result:
    """A report is answered with 204 and no body, instead of 200.

    It is part of the session.
    """
    _, effect = honest.patch_offering(tx, request)
    return Answer(204), effect


@talks(PLANNING, fails="4.1-report-answers-200")
async def only_merge_patch_is_taken(ask: Ask, road: Road) -> Reply:
    """A report that is declared as application/json is refused.

    As application/merge-patch+json it is taken.
    """
    known = (await road(replace(ask, method="GET", body=b""))).status == 200
    if known and ask.operation == PATCH and ask.header("content-type") == "application/json":
        return problem(415, "A merge patch is expected")
    return await road(ask)


@talks(PLANNING, warns="4.1-merge-patch-media-type-is-accepted")
async def merge_patch_is_refused(ask: Ask, road: Road) -> Reply:
    """A report that is declared as application/merge-patch+json is refused.

    As application/json it is taken.
    """
    if ask.operation == PATCH and "merge-patch" in ask.header("content-type"):
        return problem(415, "JSON is expected")
    return await road(ask)


@handler(PLANNING, PATCH, fails="4.1-seed-example-is-accepted")
def document_ids_must_be_uuids(tx: Transaction, request: Request) -> Result:
    """A document whose id is no UUID is refused; the example of the flow has one.

    Other reports are taken.
    """
    for each in _documents(request):
        try:
            uuid.UUID(each["documentId"])
        except ValueError:
            return refused("documentId must be a UUID")
    return honest.patch_offering(tx, request)


@handler(PLANNING, PATCH, fails="4.1-each-document-type-is-accepted")
def assessment_model_is_refused(tx: Transaction, request: Request) -> Result:
    """A document of type assessmentModel is refused.

    The other types are taken.
    """
    if any(each["documentType"] == "assessmentModel" for each in _documents(request)):
        return refused("documentType is unknown")
    return honest.patch_offering(tx, request)


@talks(PLANNING, fails="4.1-unknown-document-type-is-refused")
async def unknown_type_is_taken_for_other(ask: Ask, road: Road) -> Reply:
    """A document of an unknown type is taken, as one of type other.

    Every other fault is refused.
    """
    body = ask.value
    for each in _documents_in(body) if ask.operation == PATCH else []:
        if isinstance(each.get("documentType"), str) and each["documentType"] not in DOCUMENT_TYPES:
            each["documentType"] = "other"
    return await road(ask.sending(body) if _documents_in(body) else ask)


@talks(PLANNING, fails="4.1-document-fields-are-required")
async def document_needs_no_name(ask: Ask, road: Road) -> Reply:
    """A document without documentName is taken, and named after its id.

    Without id or type it is refused.
    """
    body = ask.value
    for each in _documents_in(body) if ask.operation == PATCH else []:
        each.setdefault("documentName", str(each.get("documentId")))
    return await road(ask.sending(body) if _documents_in(body) else ask)


@handler(PLANNING, PATCH, fails="4.1-many-documents")
def ten_documents_at_most(tx: Transaction, request: Request) -> Result:
    """Of more documents the first ten are kept.

    Up to ten, all of them are.
    """
    if _documents(request):
        own_consumer(request.value)["documents"] = _documents(request)[:10]
    return honest.patch_offering(tx, request)


@handler(PLANNING, PATCH, fails="4.1-no-documents")
def documents_are_asked_for(tx: Transaction, request: Request) -> Result:
    """A report that does not speak of documents is refused.

    With documents, or with an empty list of them, it is taken.
    """
    if "documents" not in own_consumer(request.value):
        return refused("documents is required")
    return honest.patch_offering(tx, request)


@talks(PLANNING, fails="4.1-invalid-report-is-refused")
async def any_json_is_a_report(ask: Ask, road: Road) -> Reply:
    """A list or a text is answered with 200, and nothing is done with it.

    An object that breaks the contract is refused.
    """
    if ask.operation == PATCH and ask.value is not None and not isinstance(ask.value, dict):
        return plain({})
    return await road(ask)


@talks(PLANNING, warns="4.1-offering-type-is-required")
async def offering_type_is_guessed(ask: Ask, road: Road) -> Reply:
    """A report without offeringType is taken.

    Every other fault is refused.
    """
    body = ask.value
    if ask.operation == PATCH and isinstance(body, dict) and "offeringType" not in body:
        return await road(ask.sending({**body, "offeringType": "component"}))
    return await road(ask)


@talks(PLANNING, fails="4.1-malformed-json-is-refused")
async def broken_report_is_taken(ask: Ask, road: Road) -> Reply:
    """A report that is not JSON is answered with 200, and nothing is done with it.

    JSON that breaks the contract is refused.
    """
    if ask.operation == PATCH and ask.is_broken_json:
        return plain({})
    return await road(ask)


@handler(PLANNING, PATCH, fails="4.1-unknown-offering-is-404")
def report_of_an_unknown_session_is_taken(tx: Transaction, request: Request) -> Result:
    """A report for a session that is not known is answered with 200.

    Nothing is done with it.
    """
    return honest.patch_offering(tx, request) if tx.get(SESSION, request.key) else (Answer(200), None)


@handler(PLANNING, PATCH, fails="4.1-accepted-after-cancellation")
def cancelled_session_takes_no_report(tx: Transaction, request: Request) -> Result:
    """A report for a session that was cancelled is refused.

    For every other session it is taken.
    """
    session = session_of(tx, request.key)
    if session and own_consumer(session)["offeringState"] == "canceled":
        return refused("This session was cancelled", 409)
    return honest.patch_offering(tx, request)


def _documents(request: Request) -> list[JsonObject]:
    return list(own_consumer(request.value).get("documents") or [])


def _documents_in(body: Json) -> list[JsonObject]:
    """The documents in a body that may be anything."""
    entries = body.get("consumers") if isinstance(body, dict) else None
    lists = (
        [each.get("documents") for each in entries or [] if isinstance(each, dict)] if isinstance(entries, list) else []
    )
    return [each for one in lists if isinstance(one, list) for each in one if isinstance(each, dict)]
