"""What a Toetsafname (test taking) system serves: flow 2, and reading in flow 4.2."""

from __future__ import annotations

import orjson

from mock_server.domain.effects import Effect
from mock_server.domain.refusals import Reason, RefusalError
from mock_server.domain.toets import associations, offerings
from mock_server.handling.endpoint import Handler
from mock_server.handling.messages import Answer, Request, json_answer
from mock_server.roles.toets import common
from mock_server.state.stores.protocol import Transaction

Result = tuple[Answer, Effect | None]


def put_offering(tx: Transaction, request: Request) -> Result:
    """Create or change a session (flow 2, options 1 and 2)."""
    return _put(tx, request, created=200)


def post_offering(tx: Transaction, request: Request) -> Result:
    """Create a session with POST (flow 2, option 1, remark)."""
    return _put(tx, request, created=201)


def _put(tx: Transaction, request: Request, created: int) -> Result:
    session = associations.key_of(request.value["offeringId"])
    effect = offerings.put(session, tx.offering(session), request.text)
    tx.put_offering(session, effect.after or request.text)
    return json_answer(effect.after or request.text, created if effect.kind == "created" else 200), effect


def delete_offering(tx: Transaction, request: Request) -> Result:
    """Delete a session and everybody's part in it (flow 2, option 5)."""
    before = common.known_session(tx, request.key)
    effect = offerings.delete(request.key, before, tx.people(request.key))
    tx.delete_offering(request.key)
    return Answer(200), effect


def put_associations(tx: Transaction, request: Request) -> Result:
    """A list replaces everybody, an object adds or updates one (flow 2, options 2, 3 and 4)."""
    common.known_session(tx, request.key)
    if isinstance(request.value, list):
        people = associations.records(request.value)
        effect = associations.replace_all(request.key, tx.people(request.key), people)
        tx.replace_people(request.key, people)
    else:
        key = associations.key_of(request.value["associationId"])
        before = tx.person(request.key, key)
        others = tx.count_people(request.key) - (before is not None)
        effect = associations.add_or_update(request.key, key, before, request.text, others)
        tx.put_person(request.key, key, request.text)
    return json_answer(request.text), effect


def get_associations(tx: Transaction, request: Request) -> Result:
    """One page of the participants (base standard)."""
    common.known_session(tx, request.key)
    size = int(request.query.get("pageSize", 10))
    number = int(request.query.get("pageNumber", 1))
    records, total = tx.page(request.key, (number - 1) * size, size)
    if request.query.get("expand") != "person":
        records = [associations.with_person_as_id(record) for record in records]
    pages = -(-total // size)
    head = orjson.dumps(
        {
            "pageSize": size,
            "pageNumber": number,
            "hasPreviousPage": number > 1 and pages > 0,
            "hasNextPage": number < pages,
            "totalPages": pages,
        }
    )
    return json_answer(head[:-1] + b',"items":[' + b",".join(records) + b"]}"), None


def get_document(tx: Transaction, request: Request) -> Result:
    """A document that a report mentions: one page that says that it is not real (flow 4.1)."""
    wanted = b'"documentId":' + orjson.dumps(request.key)
    if not any(wanted in record for _, record in tx.offerings()):
        raise RefusalError(Reason.UNKNOWN_DOCUMENT)
    return Answer(200, common.EMPTY_PDF, ((b"content-type", b"application/pdf"),)), None


HANDLERS: dict[str, Handler] = {
    "getService": common.get_service,
    "putOffering": put_offering,
    "postOffering": post_offering,
    "getOffering": common.get_offering,
    "deleteOffering": delete_offering,
    "getAssociations": get_associations,
    "putAssociations": put_associations,
    "getDocument": get_document,
}
