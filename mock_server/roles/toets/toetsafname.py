"""What a Toetsafname (test taking) system serves: flow 2, and reading in flow 4.2."""

from __future__ import annotations

import orjson

from mock_server.domain.effects import Effect
from mock_server.domain.refusals import Reason, RefusalError
from mock_server.domain.toets import associations, offerings
from mock_server.handling.endpoint import Handling
from mock_server.handling.messages import Answer, Request, json_answer
from mock_server.roles.toets import common
from mock_server.state.stores.protocol import Transaction
from ooapi_toets.editions.toets import PARTICIPATION, SESSION

Result = tuple[Answer, Effect | None]


def put_offering(tx: Transaction, request: Request) -> Result:
    """Create or change a session (flow 2, options 1 and 2)."""
    return _put(tx, request, created=200)


def post_offering(tx: Transaction, request: Request) -> Result:
    """Create a session with POST (flow 2, option 1, remark)."""
    return _put(tx, request, created=201)


def _put(tx: Transaction, request: Request, created: int) -> Result:
    session = associations.key_of(request.value["offeringId"])
    effect = offerings.put(session, tx.get(SESSION, session), request.text)
    tx.put(SESSION, session, effect.after or request.text)
    return json_answer(effect.after or request.text, created if effect.kind == "created" else 200), effect


def delete_offering(tx: Transaction, request: Request) -> Result:
    """Delete a session and everybody's part in it (flow 2, option 5)."""
    before = common.known_session(tx, request.key)
    effect = offerings.delete(request.key, before, tx.children(PARTICIPATION, request.key))
    tx.delete(SESSION, request.key)
    return Answer(200), effect


def put_associations(tx: Transaction, request: Request) -> Result:
    """A list replaces everybody, an object adds or updates one (flow 2, options 2, 3 and 4)."""
    return (put_list if isinstance(request.value, list) else put_one)(tx, request)


def put_list(tx: Transaction, request: Request) -> Result:
    """A list replaces everybody (flow 2, options 2, 3 and 4)."""
    common.known_session(tx, request.key)
    people = associations.records(request.value)
    effect = associations.replace_all(request.key, tx.children(PARTICIPATION, request.key), people)
    tx.replace_children(PARTICIPATION, request.key, people)
    return json_answer(request.text), effect


def put_one(tx: Transaction, request: Request) -> Result:
    """An object adds a participant, or updates it (flow 2, option 2, loop)."""
    common.known_session(tx, request.key)
    key = associations.key_of(request.value["associationId"])
    before = tx.get(PARTICIPATION, key, request.key)
    others = tx.count(PARTICIPATION, request.key) - (before is not None)
    effect = associations.add_or_update(request.key, key, before, request.text, others)
    tx.put(PARTICIPATION, key, request.text, request.key)
    return json_answer(request.text), effect


def get_associations(tx: Transaction, request: Request) -> Result:
    """One page of the participants (base standard)."""
    common.known_session(tx, request.key)
    size = int(request.query.get("pageSize", 10))
    number = int(request.query.get("pageNumber", 1))
    records, total = tx.page(PARTICIPATION, request.key, (number - 1) * size, size)
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
    if not any(wanted in record for _, record in tx.records(SESSION)):
        raise RefusalError(Reason.UNKNOWN_DOCUMENT)
    return Answer(200, common.EMPTY_PDF, ((b"content-type", b"application/pdf"),)), None


def _session(request: Request) -> tuple[str, str]:
    return SESSION, associations.key_of(request.value["offeringId"])


HANDLINGS = {
    ("getService", "read-service"): Handling(common.get_service),
    ("putOffering", "session"): Handling(put_offering, writes=True, creates=_session),
    ("postOffering", "session"): Handling(post_offering, writes=True, creates=_session),
    ("getOffering", "read-session"): Handling(common.get_offering),
    ("deleteOffering", "cancel-session"): Handling(delete_offering, writes=True),
    ("getAssociations", "read-participants"): Handling(get_associations),
    ("putAssociations", "participants"): Handling(put_list, writes=True),
    ("putAssociations", "participation"): Handling(put_one, writes=True),
    ("getDocument", "read-document"): Handling(get_document),
}
"""How each message is handled, by operation id and kind."""
