"""Liars about what a report changes: flow 4.1 at Toetsplanning."""

from __future__ import annotations

from datetime import UTC, datetime

import orjson

from mock_server.handling.messages import Request, json_answer
from mock_server.roles.toets import toetsplanning as honest
from mock_server.roles.toets.common import known_session
from mock_server.state.stores.protocol import Transaction
from ooapi_toets import JsonObject
from ooapi_toets.editions.toets import SESSION
from ooapi_toets.samples import consumer_of, without
from tests.liars.liar import PLANNING, handler, talks
from tests.liars.parts import Result, own_consumer, refused, saying, session_of
from tests.liars.talk import Ask, Reply, Road

PATCH = "patchOffering"


@handler(PLANNING, PATCH, fails="4.1-report-reads-back-as-sent")
def irregularities_are_cut(tx: Transaction, request: Request) -> Result:
    """Of the irregularities the first forty characters are kept.

    Documents, and shorter texts, are kept whole.
    """
    words = own_consumer(request.value).get("irregularities")
    return honest.patch_offering(tx, _with(request, irregularities=words[:40]) if words else request)


@handler(PLANNING, PATCH, fails="4.1-report-reads-back-as-sent")
def documents_are_not_kept(tx: Transaction, request: Request) -> Result:
    """The documents of a report are taken and never seen again.

    Its irregularities are kept.
    """
    return honest.patch_offering(tx, _with(request, documents=[]) if _documents(request) else request)


@handler(
    PLANNING,
    PATCH,
    fails="4.1-patch-changes-only-what-it-names",
    disputed="4.1-other-consumer-attributes-stay",
)
def report_replaces_the_session(tx: Transaction, request: Request) -> Result:
    """A report takes the place of the session: name, times and room are gone.

    With them goes what the report does not name in the consumer, on which the sources differ.
    """
    known_session(tx, request.key)
    tx.put(SESSION, request.key, request.text)
    return json_answer(request.text), None


@handler(PLANNING, PATCH, fails="4.1-patch-changes-only-what-it-names")
def report_ends_the_session(tx: Transaction, request: Request) -> Result:
    """A report sets the end of the session to the moment at which it comes.

    All else stays as it was.
    """
    result = honest.patch_offering(tx, request)
    session = session_of(tx, request.key) or {}
    session["endDateTime"] = datetime.now(UTC).isoformat()
    tx.put(SESSION, request.key, orjson.dumps(session))
    return result


@talks(PLANNING, fails="4.1-refused-patch-changes-nothing")
async def refused_report_is_half_applied(ask: Ask, road: Road) -> Reply:
    """A report with an invalid document is refused, and its irregularities are kept all the same.

    Of its documents nothing is kept.
    """
    reply = await road(ask)
    body = ask.value
    if ask.operation == PATCH and reply.status == 400 and isinstance(body, dict):
        consumer = consumer_of(body) if isinstance(body.get("consumers"), list) else None
        await road(ask.sending({**body, "consumers": [without(consumer or {}, "documents")]}))
    return reply


@handler(PLANNING, PATCH, fails="4.1-repeat-changes-nothing")
def repeat_doubles_the_documents(tx: Transaction, request: Request) -> Result:
    """The same documents sent again are there twice.

    Other documents take their place.
    """
    there, sent = _documents_of(tx, request), _documents(request)
    return honest.patch_offering(tx, _with(request, documents=[*there, *sent]) if sent and there == sent else request)


@handler(PLANNING, PATCH, fails="4.1-documents-are-replaced")
def documents_are_added(tx: Transaction, request: Request) -> Result:
    """The documents of a later report are added to the earlier ones, by their ids.

    An empty list takes all of them back.
    """
    both = {each["documentId"]: each for each in (*_documents_of(tx, request), *_documents(request))}
    return honest.patch_offering(tx, _with(request, documents=list(both.values())) if _documents(request) else request)


@handler(PLANNING, PATCH, fails="4.1-documents-are-replaced 4.1-empty-list-empties")
def documents_only_grow(tx: Transaction, request: Request) -> Result:
    """Documents are added to those that are there, and an empty list adds none.

    Two rules say that documents can go: when others come, and when none do.
    """
    both = {each["documentId"]: each for each in (*_documents_of(tx, request), *_documents(request))}
    return honest.patch_offering(tx, _with(request, documents=list(both.values())))


@handler(PLANNING, PATCH, fails="4.1-empty-list-empties")
def empty_documents_are_ignored(tx: Transaction, request: Request) -> Result:
    """Documents sent as an empty list are left as they were.

    Other documents take their place.
    """
    return honest.patch_offering(tx, request if _documents(request) else _leaving_out(request, "documents"))


@handler(PLANNING, PATCH, fails="4.1-empty-list-empties")
def empty_documents_are_refused(tx: Transaction, request: Request) -> Result:
    """Documents sent as an empty list are refused: the schema of the base standard wants one at least.

    A report that does not speak of documents is taken.
    """
    if own_consumer(request.value).get("documents") == []:
        return refused("documents must not be empty")
    return honest.patch_offering(tx, request)


@handler(PLANNING, PATCH, fails="4.1-null-removes")
def null_is_ignored(tx: Transaction, request: Request) -> Result:
    """Irregularities sent as null are left as they were.

    Other words take their place.
    """
    taken_back = own_consumer(request.value).get("irregularities", "") is None
    return honest.patch_offering(tx, _leaving_out(request, "irregularities") if taken_back else request)


@handler(PLANNING, PATCH, fails="4.1-null-removes")
def null_is_refused(tx: Transaction, request: Request) -> Result:
    """Irregularities sent as null are refused: a text is expected.

    Texts are taken.
    """
    if own_consumer(request.value).get("irregularities", "") is None:
        return refused("irregularities must be a text")
    return honest.patch_offering(tx, request)


@handler(PLANNING, PATCH, disputed="4.1-other-consumer-attributes-stay")
def consumer_is_replaced(tx: Transaction, request: Request) -> Result:
    """The consumers of a report take the place of those that were there, by the letter of RFC 7396.

    Nothing outside consumers changes.
    """
    known_session(tx, request.key)
    session = session_of(tx, request.key) or {}
    tx.put(SESSION, request.key, orjson.dumps({**session, "consumers": []}))
    return honest.patch_offering(tx, request)


@handler(PLANNING, PATCH, disputed="4.1-other-consumer-attributes-stay")
def report_forgets_the_room(tx: Transaction, request: Request) -> Result:
    """A report takes the room of the session away.

    All else that it does not name stays, earlier documents among it.
    """
    session = session_of(tx, request.key)
    if session is not None:
        own_consumer(session).pop("locationCode", None)
        tx.put(SESSION, request.key, orjson.dumps(session))
    return honest.patch_offering(tx, request)


def _documents(request: Request) -> list[JsonObject]:
    return list(own_consumer(request.value).get("documents") or [])


def _documents_of(tx: Transaction, request: Request) -> list[JsonObject]:
    return list((consumer_of(session_of(tx, request.key) or {}) or {}).get("documents") or [])


def _with(request: Request, **attributes: object) -> Request:
    return _rewritten(request, {**own_consumer(request.value), **attributes})


def _leaving_out(request: Request, name: str) -> Request:
    return _rewritten(request, without(own_consumer(request.value), name))


def _rewritten(request: Request, consumer: JsonObject) -> Request:
    return saying(request, {**request.value, "consumers": [consumer]})
