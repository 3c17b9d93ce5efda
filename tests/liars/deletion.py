"""Liars about deleting a session: flow 2, option 5."""

from __future__ import annotations

import orjson

from mock_server.handling.messages import Answer, Request, json_answer
from mock_server.roles.toets import toetsafname as honest
from mock_server.roles.toets.common import known_session
from mock_server.state.stores.protocol import Transaction
from ooapi_toets.editions.toets import PARTICIPATION, SESSION
from ooapi_toets.samples import with_consumer
from tests.liars.liar import AFNAME, Handlers, handler, handlers
from tests.liars.parts import Result, keep_people, people_of, refused, session_of

DELETE = "deleteOffering"


@handler(AFNAME, DELETE, fails="2.5-delete-answers-200")
def session_with_people_is_not_deleted(tx: Transaction, request: Request) -> Result:
    """A session in which people take part cannot be deleted.

    An empty one is deleted as it should be.
    """
    if tx.count(PARTICIPATION, request.key):
        return refused("People take part in this session", 409)
    return honest.delete_offering(tx, request)


@handler(AFNAME, DELETE, fails="2.5-deleted-offering-is-404")
def deleted_is_only_cancelled(tx: Transaction, request: Request) -> Result:
    """A deleted session is marked as canceled, and can be read as before.

    Nobody takes part in it any more, and created again it starts afresh.
    """
    known_session(tx, request.key)
    session = session_of(tx, request.key) or {}
    tx.put(SESSION, request.key, orjson.dumps(with_consumer(session, offeringState="canceled")))
    tx.replace_children(PARTICIPATION, request.key, {})
    return Answer(200), None


@handler(
    AFNAME,
    DELETE,
    fails="2.5-deleted-offering-is-404 2.5-its-associations-are-gone",
    warns="2.5-same-id-starts-afresh",
)
def delete_is_ignored(tx: Transaction, request: Request) -> Result:
    """Deleting is answered with 200, and nothing happens.

    What should be gone is there: the session, its participants, and both when the id is used again.
    """
    known_session(tx, request.key)
    return Answer(200), None


@handlers(AFNAME, fails="2.5-its-associations-are-gone")
def people_outlive_their_session() -> Handlers:
    """The participants of a deleted session can still be read.

    The session is not found, and created again it starts afresh.
    """

    def delete(tx: Transaction, request: Request) -> Result:
        people = dict(tx.children(PARTICIPATION, request.key))
        result = honest.delete_offering(tx, request)
        tx.replace_children(PARTICIPATION, request.key, people)
        return result

    def put(tx: Transaction, request: Request) -> Result:
        key = request.value["offeringId"].lower()
        if tx.get(SESSION, key) is None:
            tx.replace_children(PARTICIPATION, key, {})
        return honest.put_offering(tx, request)

    def read(tx: Transaction, request: Request) -> Result:
        people = list(people_of(tx, request.key).values())
        if tx.get(SESSION, request.key) is not None or not people:
            return honest.get_associations(tx, request)
        flags = {"pageSize": 250, "pageNumber": 1, "hasPreviousPage": False, "hasNextPage": False}
        return json_answer(orjson.dumps({**flags, "items": people})), None

    return {DELETE: delete, "putOffering": put, "getAssociations": read}


@handler(AFNAME, DELETE, warns="2.5-same-id-starts-afresh")
def people_come_back(tx: Transaction, request: Request) -> Result:
    """A deleted session that is created again has its old participants.

    Until then neither the session nor they are found.
    """
    people = dict(tx.children(PARTICIPATION, request.key))
    result = honest.delete_offering(tx, request)
    tx.replace_children(PARTICIPATION, request.key, people)
    return result


@handler(AFNAME, DELETE, fails="2.5-other-offerings-stay")
def delete_clears_all(tx: Transaction, request: Request) -> Result:
    """Deleting one session deletes every session.

    The one that was meant is gone as it should be.
    """
    result = honest.delete_offering(tx, request)
    for key, _ in list(tx.records(SESSION)):
        tx.delete(SESSION, key)
    return result


@handler(AFNAME, DELETE, fails="2.5-other-offerings-stay")
def delete_takes_people_from_elsewhere(tx: Transaction, request: Request) -> Result:
    """Whoever took part in a deleted session disappears from every other session too.

    The other sessions themselves, and everybody else in them, stay.
    """
    gone = {each["person"]["personId"] for each in people_of(tx, request.key).values()}
    result = honest.delete_offering(tx, request)
    for key, _ in tx.records(SESSION):
        there = people_of(tx, key).values()
        keep_people(tx, key, [each for each in there if each["person"]["personId"] not in gone])
    return result


@handler(AFNAME, DELETE, warns="2.5-unknown-delete-is-404")
def unknown_delete_is_200(tx: Transaction, request: Request) -> Result:
    """Deleting a session that is not there is answered with 200.

    Some build it so on purpose: the session is gone.
    """
    return honest.delete_offering(tx, request) if tx.get(SESSION, request.key) else (Answer(200), None)
