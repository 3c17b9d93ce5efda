"""Liars about reading: flow 4.2, documents, and the pages of participants."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import orjson

from mock_server.domain.toets.associations import with_person_as_id
from mock_server.handling.messages import Answer, Request, json_answer
from mock_server.roles.toets import common
from mock_server.roles.toets import toetsafname as honest
from mock_server.state.stores.protocol import Transaction
from ooapi_toets import Json
from ooapi_toets.editions.toets import PARTICIPATION, SESSION
from ooapi_toets.samples import without
from tests.liars.liar import AFNAME, Handlers, handler, handlers, talks
from tests.liars.parts import Result, own_consumer, refused, session_of
from tests.liars.talk import Ask, Reply, Road, plain

READ = "getOffering"
PEOPLE = "getAssociations"


@handler(AFNAME, READ, fails="4.2-read-answers-200")
def read_answers_203(tx: Transaction, request: Request) -> Result:
    """Reading a session is answered with 203.

    The session in the answer is as it should be.
    """
    return replace(common.get_offering(tx, request)[0], status=203), None


@talks(AFNAME, fails="4.2-read-answers-200 http-answers-follow-the-contract")
async def session_reads_as_a_list(ask: Ask, road: Road) -> Reply:
    """Reading a session gives a list with the session in it.

    A list is another kind of value than the contract names, so that rule breaks with it.
    """
    reply = await road(ask)
    return reply.saying([reply.value]) if ask.operation == READ and reply.status == 200 else reply


@handler(AFNAME, READ, fails="4.2-shows-report-and-all-other-information")
def summary_once_people_take_part(tx: Transaction, request: Request) -> Result:
    """Of a session in which people take part, only a summary is read.

    An empty session reads as sent.
    """
    common.known_session(tx, request.key)
    session = session_of(tx, request.key) or {}
    if tx.count(PARTICIPATION, request.key):
        session = without(session, "description", "modeOfDelivery", "otherCodes")
    return json_answer(orjson.dumps(session)), None


@handler(AFNAME, READ, warns="4.2-shows-report-and-all-other-information")
def report_is_not_shown(tx: Transaction, request: Request) -> Result:
    """Reading a session leaves its report out.

    All other information is there; from outside, it looks like a session without a report.
    """
    common.known_session(tx, request.key)
    session = session_of(tx, request.key) or {}
    for name in ("irregularities", "documents"):
        own_consumer(session).pop(name, None)
    return json_answer(orjson.dumps(session)), None


@handler(AFNAME, READ, fails="4.2-reading-changes-nothing")
def reading_wears_out(tx: Transaction, request: Request) -> Result:
    """Each time a session is read an optional attribute falls off.

    The first reading shows everything.
    """
    result = common.get_offering(tx, request)
    session = session_of(tx, request.key) or {}
    session.pop("otherCodes", None) or session.pop("modeOfDelivery", None)
    tx.put(SESSION, request.key, orjson.dumps(session))
    return result


@handlers(AFNAME, fails="2.1-second-put-replaces-the-offering 2.5-deleted-offering-is-404")
def stale_reading() -> Handlers:
    """A session that was read once reads like that for ever, from a cache.

    What changes it is done, and not seen: a second PUT, and its deletion.
    """
    cache: dict[str, Answer] = {}

    def read(tx: Transaction, request: Request) -> Result:
        if request.key not in cache:
            cache[request.key] = common.get_offering(tx, request)[0]
        return cache[request.key], None

    return {READ: read}


@talks(AFNAME, fails="4.2-unknown-offering-is-404")
async def unknown_session_reads_as_nothing(ask: Ask, road: Road) -> Reply:
    """A session that nobody registered reads as an empty object, with 200.

    One that was deleted is not found.
    """
    seen: set[str] = road.memory.setdefault("seen", set())
    if isinstance(ask.value, dict):
        seen.add(str(ask.value.get("offeringId")).lower())
    reply = await road(ask)
    if ask.operation == READ and reply.status == 404 and ask.key not in seen:
        return plain({})
    return reply


@handler(AFNAME, "getDocument", warns="4.1-documents-can-be-fetched")
def unknown_document_is_an_empty_file(tx: Transaction, request: Request) -> Result:
    """A document that no report mentions is answered with 200 and an empty file.

    The others can be fetched.
    """
    known = any(request.key.encode() in record for _, record in tx.records(SESSION))
    return honest.get_document(tx, request) if known else (Answer(200), None)


@handler(AFNAME, "getDocument", warns="4.1-documents-can-be-fetched")
def no_document_is_found(tx: Transaction, request: Request) -> Result:
    """No document is found, whatever reports mention.

    The reports themselves are as they should be.
    """
    del tx, request
    return refused("Unknown document", 404)


@handler(AFNAME, PEOPLE, warns="base-associations-are-paged")
def bare_list(tx: Transaction, request: Request) -> Result:
    """Participants come as one bare list.

    Everybody is in it.
    """
    common.known_session(tx, request.key)
    people: list[Json] = [orjson.loads(record) for record in tx.children(PARTICIPATION, request.key).values()]
    return json_answer(orjson.dumps(people)), None


@handler(AFNAME, PEOPLE, warns="base-associations-are-paged 2.2-long-list-is-kept-whole")
def paging_skips_one(tx: Transaction, request: Request) -> Result:
    """Between two pages one participant is skipped.

    What fits on one page is whole; a long list does not, whatever the size of the page.
    """
    return _page(tx, request, lambda number, size: (number - 1) * (size + 1))


@handler(AFNAME, PEOPLE, warns="base-associations-are-paged 2.2-long-list-is-kept-whole")
def paging_repeats_one(tx: Transaction, request: Request) -> Result:
    """The last participant of a page is the first of the next as well.

    What fits on one page is whole; a long list does not, whatever the size of the page.
    """
    return _page(tx, request, lambda number, size: (number - 1) * (size - 1))


@handler(AFNAME, PEOPLE, warns="base-associations-are-paged")
def last_page_is_lost(tx: Transaction, request: Request) -> Result:
    """A last page that is not full is not announced.

    Everybody is on the full ones, or on the first.
    """
    page = orjson.loads(honest.get_associations(tx, request)[0].body)
    full = tx.count(PARTICIPATION, request.key) // page["pageSize"]
    return json_answer(orjson.dumps({**page, "hasNextPage": page["pageNumber"] < full})), None


@handler(AFNAME, PEOPLE, fails="2.2-registered-people-appear")
def first_ten_only(tx: Transaction, request: Request) -> Result:
    """Whatever page is asked for, it holds ten participants, and none comes after it.

    Up to ten, everybody is seen.
    """
    request = replace(request, query={**request.query, "pageSize": "10", "pageNumber": "1"})
    page = orjson.loads(honest.get_associations(tx, request)[0].body)
    return json_answer(orjson.dumps({**page, "hasNextPage": False, "totalPages": 1})), None


@handler(AFNAME, PEOPLE, warns="base-associations-are-paged")
def pages_without_flags(tx: Transaction, request: Request) -> Result:
    """A page does not say whether another comes after it.

    All of them can be asked for.
    """
    page = orjson.loads(honest.get_associations(tx, request)[0].body)
    return json_answer(orjson.dumps(without(page, "hasPreviousPage", "hasNextPage", "totalPages"))), None


@handler(AFNAME, PEOPLE, fails="2.2-registered-people-appear 2.2-single-association-is-added")
def pages_count_from_zero(tx: Transaction, request: Request) -> Result:
    """The first page has number 0, so that whoever begins with 1 misses everybody on it.

    Who asks for page 0 sees them all; whoever does not, sees nobody however they were registered.
    """
    return _page(tx, request, lambda number, size: number * size)


def _page(tx: Transaction, request: Request, start: Callable[[int, int], int]) -> Result:
    common.known_session(tx, request.key)
    size = int(request.query.get("pageSize", 10))
    number = int(request.query.get("pageNumber", 1))
    records = list(tx.children(PARTICIPATION, request.key).values())
    first = start(number, size)
    shown = records[first : first + size]
    if request.query.get("expand") != "person":
        shown = [with_person_as_id(record) for record in shown]
    page = {
        "pageSize": size,
        "pageNumber": number,
        "hasPreviousPage": number > 1,
        "hasNextPage": number * size < len(records),
        "items": [orjson.loads(record) for record in shown],
    }
    return json_answer(orjson.dumps(page)), None
