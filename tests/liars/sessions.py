"""Liars about sessions: flow 2, option 1."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable

from mock_server.handling.messages import Request, json_answer
from mock_server.roles.toets import toetsafname as honest
from mock_server.state.stores.protocol import Transaction
from ooapi_toets import JsonObject
from ooapi_toets.editions.toets import PARTICIPATION, SESSION
from ooapi_toets.samples import CONSUMER_KEY, Maker
from tests.liars.liar import AFNAME, handler, talks
from tests.liars.parts import Result, answered, own_consumer, refused, saying, session_of
from tests.liars.talk import Ask, Reply, Road, plain


@handler(AFNAME, "putOffering", warns="2.1-create-answers-200")
def created_is_201(tx: Transaction, request: Request) -> Result:
    """A new session is answered with 201 instead of 200.

    A changed one is answered with 200, and both are kept as sent.
    """
    known = tx.get(SESSION, request.value["offeringId"].lower())
    return answered(honest.put_offering(tx, request), 200 if known else 201)


@handler(AFNAME, "putOffering", fails="2.1-create-answers-200")
def optional_attributes_are_asked_for(tx: Transaction, request: Request) -> Result:
    """A session without a duration is refused, although that attribute is optional.

    A session with every attribute is taken and kept as sent.
    """
    if "duration" not in own_consumer(request.value):
        return refused("A duration is needed to plan rooms")
    return honest.put_offering(tx, request)


@handler(AFNAME, "putOffering", fails="2.1-sender-makes-the-id")
def own_session_id(tx: Transaction, request: Request) -> Result:
    """A session gets an id of the receiver's own; the sender's is forgotten.

    Under the new id, which the answer tells, everything works.
    """
    own = str(uuid.uuid5(uuid.NAMESPACE_OID, request.value["offeringId"]))
    return honest.put_offering(tx, saying(request, {**request.value, "offeringId": own}))


@talks(AFNAME, fails="2.1-sender-makes-the-id")
async def session_reads_with_another_id(ask: Ask, road: Road) -> Reply:
    """Reading a session shows the key of the receiver's own database as its id.

    The session is found under the sender's id, and all else in it is as sent.
    """
    reply = await road(ask)
    if ask.operation == "getOffering" and reply.status == 200:
        return reply.saying({**reply.value, "offeringId": str(uuid.uuid5(uuid.NAMESPACE_OID, ask.key))})
    return reply


@handler(AFNAME, "putOffering", fails="2.1-created-without-associations")
def planner_takes_part_by_default(tx: Transaction, request: Request) -> Result:
    """A new session begins with a coordinator whom nobody registered.

    The first list takes the coordinator's place, as lists do.
    """
    key = request.value["offeringId"].lower()
    new = tx.get(SESSION, key) is None
    result = honest.put_offering(tx, request)
    if new:
        coordinator = Maker().association("coordinator")
        honest.put_associations(tx, saying(Request("putAssociations", ids={"offeringId": key}), coordinator))
    return result


@handler(AFNAME, "putOffering", fails="2.1-reads-back-as-sent")
def attribute_is_lost(tx: Transaction, request: Request) -> Result:
    """The room of a session is not kept.

    Every other attribute is.
    """
    message = _copy(request)
    own_consumer(message).pop("locationCode", None)
    return honest.put_offering(tx, saying(request, message))


@handler(AFNAME, "putOffering", fails="2.1-reads-back-as-sent http-answers-follow-the-contract")
def time_zone_is_dropped(tx: Transaction, request: Request) -> Result:
    """Times are kept without their zone.

    The contract wants a zone in what is read, so that rule breaks with it.
    """
    return honest.put_offering(tx, saying(request, _with_times(request, lambda text: text[:19])))


@handler(AFNAME, "putOffering", fails="2.1-reads-back-as-sent")
def local_time_is_called_utc(tx: Transaction, request: Request) -> Result:
    """The hands of the clock are kept and called UTC, so that a session moves by an hour or two.

    The form of the times is right.
    """
    return honest.put_offering(tx, saying(request, _with_times(request, lambda text: text[:19] + "Z")))


@handler(AFNAME, "putOffering", fails="2.1-repeat-changes-nothing")
def repeat_doubles_the_name(tx: Transaction, request: Request) -> Result:
    """The same session sent again adds its names to those that are there.

    A changed one replaces them.
    """
    before = session_of(tx, request.value["offeringId"].lower())
    if before and before == request.value:
        twice = [*before["name"], *request.value["name"]]
        return honest.put_offering(tx, saying(request, {**request.value, "name": twice}))
    return honest.put_offering(tx, request)


@handler(AFNAME, "putOffering", fails="2.1-second-put-replaces-the-offering 2.1-repeat-changes-nothing")
def known_session_is_refused(tx: Transaction, request: Request) -> Result:
    """PUT only creates: a session that is known is refused with 409, changed or not.

    Both rules about sending again rest on its being taken.
    """
    if tx.get(SESSION, request.value["offeringId"].lower()) is not None:
        return refused("This session exists already", 409)
    return honest.put_offering(tx, request)


@handler(AFNAME, "putOffering", fails="2.1-second-put-replaces-the-offering")
def second_put_is_ignored(tx: Transaction, request: Request) -> Result:
    """A known session that is sent again is answered with 200 and not looked at.

    New sessions are kept as sent.
    """
    before = tx.get(SESSION, request.value["offeringId"].lower())
    return (json_answer(before), None) if before else honest.put_offering(tx, request)


@handler(AFNAME, "putOffering", fails="2.1-second-put-replaces-the-offering")
def times_never_change(tx: Transaction, request: Request) -> Result:
    """A session that is sent again keeps the times that it was created with.

    All its other attributes follow the message.
    """
    before = session_of(tx, request.value["offeringId"].lower()) or request.value
    times = {name: before[name] for name in ("startDateTime", "endDateTime")}
    return honest.put_offering(tx, saying(request, {**request.value, **times}))


@handler(AFNAME, "putOffering", warns="2.1-put-drops-what-it-omits")
def put_merges(tx: Transaction, request: Request) -> Result:
    """A second PUT is merged into the session: what it leaves out stays.

    What it names changes as it says.
    """
    before = session_of(tx, request.value["offeringId"].lower()) or {}
    consumers = [{**own_consumer(before), **own_consumer(request.value)}] if before else request.value["consumers"]
    return honest.put_offering(tx, saying(request, {**before, **request.value, "consumers": consumers}))


@handler(AFNAME, "putOffering", fails="2.1-put-keeps-the-associations")
def put_clears_the_people(tx: Transaction, request: Request) -> Result:
    """A session that is sent again loses its participants.

    The session itself changes as it should.
    """
    result = honest.put_offering(tx, request)
    tx.replace_children(PARTICIPATION, request.value["offeringId"].lower(), {})
    return result


@talks(AFNAME, fails="2.1-invalid-offering-is-refused")
async def end_is_guessed(ask: Ask, road: Road) -> Reply:
    """A session without endDateTime is taken, and given one.

    Every other fault is refused.
    """
    body = ask.value
    if ask.operation == "putOffering" and isinstance(body, dict) and "endDateTime" not in body:
        return await road(ask.sending({**body, "endDateTime": body.get("startDateTime")}))
    return await road(ask)


@talks(AFNAME, warns="2.1-invalid-offering-is-refused")
async def session_needs_no_consumers(ask: Ask, road: Road) -> Reply:
    """A session without consumers is taken, as an active one.

    Every other fault is refused.
    """
    body = ask.value
    if ask.operation == "putOffering" and isinstance(body, dict) and "consumers" not in body:
        active = {"consumerKey": CONSUMER_KEY, "offeringState": "active"}
        return await road(ask.sending({**body, "consumers": [active]}))
    return await road(ask)


@talks(AFNAME, warns="2.1-invalid-offering-is-refused")
async def zone_is_guessed(ask: Ask, road: Road) -> Reply:
    """A time without a zone is taken for UTC, as many frameworks do.

    Every other fault is refused, and times with a zone are kept.
    """
    body = ask.value
    start = body.get("startDateTime") if isinstance(body, dict) else None
    if ask.operation == "putOffering" and isinstance(start, str) and re.fullmatch(r"[-0-9]+T[:0-9]+", start):
        return await road(ask.sending({**body, "startDateTime": f"{start}Z"}))
    return await road(ask)


@talks(AFNAME, fails="2.1-invalid-offering-is-refused")
async def refused_session_is_kept(ask: Ask, road: Road) -> Reply:
    """A session without a name is refused with 400 and is there all the same.

    Other invalid sessions leave nothing behind.
    """
    reply = await road(ask)
    body = ask.value
    if ask.operation == "putOffering" and isinstance(body, dict) and "name" not in body:
        await road(ask.sending({**body, "name": [{"language": "nl-NL", "value": "-"}]}))
    return reply


@talks(AFNAME, fails="2.1-malformed-json-is-refused")
async def broken_json_is_taken(ask: Ask, road: Road) -> Reply:
    """A body that is not JSON is answered with 200, and nothing is done with it.

    JSON that breaks the contract is refused.
    """
    if ask.operation == "putOffering" and ask.is_broken_json:
        return plain({})
    return await road(ask)


@handler(AFNAME, "postOffering", disputed="2.1-post-creates")
def posted_session_is_not_there(tx: Transaction, request: Request) -> Result:
    """POST is answered with 201 and nothing is kept.

    PUT creates sessions as it should.
    """
    del tx
    return json_answer(request.text, 201), None


def _copy(request: Request) -> JsonObject:
    message: JsonObject = {**request.value, "consumers": [dict(each) for each in request.value["consumers"]]}
    return message


def _with_times(request: Request, changed: Callable[[str], str]) -> JsonObject:
    message = _copy(request)
    for holder, name in (
        (message, "startDateTime"),
        (message, "endDateTime"),
        (own_consumer(message), "lastPossibleStartDateTime"),
    ):
        if holder.get(name):
            holder[name] = changed(holder[name])
    return message
