"""Liars about participants: flow 2, option 2."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable

from mock_server.domain.toets import associations
from mock_server.handling.messages import Answer, Request
from mock_server.roles.toets import toetsafname as honest
from mock_server.roles.toets.common import known_session
from mock_server.state.stores.protocol import Transaction
from ooapi_toets import Json, JsonObject
from ooapi_toets.editions.toets import PARTICIPATION, SESSION
from ooapi_toets.samples import ROLES, without
from tests.liars.liar import AFNAME, Handlers, handler, handlers, talks
from tests.liars.parts import Result, ids, keep_people, mangled, people_of, refused, saying
from tests.liars.talk import Ask, Reply, Road

PUT = "putAssociations"


@handler(AFNAME, PUT, fails="2.2-association-list-answers-200")
def students_only(tx: Transaction, request: Request) -> Result:
    """A list with anybody but students is refused.

    Students take part as they should.
    """
    if any(each["role"] != "student" for each in _members(request)):
        return refused("Only students can be registered")
    return honest.put_associations(tx, request)


@handler(AFNAME, PUT, fails="2.2-registered-people-appear")
def invigilators_are_not_kept(tx: Transaction, request: Request) -> Result:
    """Invigilators are taken and never seen again.

    Everybody else takes part.
    """
    if isinstance(request.value, list):
        request = saying(request, [each for each in request.value if each["role"] != "invigilator"])
    return honest.put_associations(tx, request)


@handler(AFNAME, PUT, fails="2.2-registered-people-appear")
def own_participant_ids(tx: Transaction, request: Request) -> Result:
    """Participants in a list get ids of the receiver's own.

    Under these they take part as they should.
    """
    if isinstance(request.value, list):
        request = saying(request, [{**each, "associationId": _own(each["associationId"])} for each in request.value])
    return honest.put_associations(tx, request)


@handler(AFNAME, PUT, fails="2.2-people-read-back-as-sent")
def aids_are_lost(tx: Transaction, request: Request) -> Result:
    """The aids that a student needs are not kept.

    Extra time and everything else are.
    """

    def lacking(member: JsonObject) -> JsonObject:
        return {**member, "consumers": [without(each, "personalNeeds") for each in member.get("consumers") or []]}

    return honest.put_associations(tx, _each(request, lacking))


@handler(AFNAME, PUT, fails="2.2-people-read-back-as-sent")
def names_with_accents_are_mangled(tx: Transaction, request: Request) -> Result:
    """Surnames are read as Latin-1, so that é comes back as two strange letters.

    Names without accents come back as sent.
    """

    def strange(member: JsonObject) -> JsonObject:
        person = member["person"]
        return {**member, "person": {**person, "surname": mangled(person["surname"])}}

    return honest.put_associations(tx, _each(request, strange))


@talks(AFNAME, fails="2.2-people-read-back-as-sent http-answers-follow-the-contract")
async def extra_time_is_text(ask: Ask, road: Road) -> Reply:
    """Extra time is read as a text of digits.

    It is another kind of value than the contract names, so that rule breaks with it.
    """
    reply = await road(ask)
    if ask.operation != "getAssociations" or reply.status != 200:
        return reply
    page = reply.value
    for entry in (entry for each in page["items"] for entry in each.get("consumers") or []):
        entry["additionalTimeInMin"] = str(entry.get("additionalTimeInMin", ""))
    return reply.saying(page)


@handler(
    AFNAME,
    PUT,
    fails="2.2-list-replaces-the-complete-list 2.4-removed-students-are-gone 2.4-empty-list-clears",
)
def lists_are_appended(tx: Transaction, request: Request) -> Result:
    """A list is added to whoever is there already, so nobody ever leaves.

    Three rules say in their own way that a list is the complete list.
    """
    if isinstance(request.value, list):
        before = people_of(tx, request.key)
        result = honest.put_associations(tx, request)
        keep_people(tx, request.key, [*before.values(), *request.value])
        return result
    return honest.put_associations(tx, request)


@handler(AFNAME, PUT, fails="2.2-list-replaces-the-complete-list")
def lists_with_new_faces_are_added(tx: Transaction, request: Request) -> Result:
    """A list that names anybody new is taken for an addition; nobody leaves by it.

    A list that only leaves people out removes them, and an empty one everybody.
    """
    before = people_of(tx, request.key)
    if isinstance(request.value, list) and before and ids(request.value) - before.keys():
        request = saying(request, [*before.values(), *[e for e in request.value if not ids([e]) & before.keys()]])
    return honest.put_associations(tx, request)


@handler(AFNAME, PUT, fails="2.2-list-replaces-the-complete-list")
def known_people_are_doubled(tx: Transaction, request: Request) -> Result:
    """Whoever was there and is named again in a list takes part twice.

    Those who are new take part once, and those who are not named are gone.
    """
    if not isinstance(request.value, list):
        return honest.put_associations(tx, request)
    there = ids(people_of(tx, request.key).values())
    result = honest.put_associations(tx, request)
    records = dict(tx.children(PARTICIPATION, request.key))
    doubled = {f"{key} again": record for key, record in records.items() if key in there}
    tx.replace_children(PARTICIPATION, request.key, {**records, **doubled})
    return result


@handler(AFNAME, PUT, fails="2.2-list-replaces-the-complete-list")
def known_people_are_not_updated(tx: Transaction, request: Request) -> Result:
    """Whoever was there and is named again in a list is left as he was.

    Those who are new are added, those who are not named are gone, and a single object changes one.
    """
    if isinstance(request.value, list):
        before = people_of(tx, request.key)
        request = saying(request, [before.get(each["associationId"].lower(), each) for each in request.value])
    return honest.put_associations(tx, request)


@handlers(
    AFNAME,
    fails="2.2-registered-people-appear 4.2-reading-changes-nothing",
    warns="base-associations-are-paged",
)
def list_is_taken_later() -> Handlers:
    """A list is answered with 200 and done after the next reading, as if it waited in a queue.

    Whoever reads twice sees it, and sees two different things; a single object is done at once.
    """
    waiting: dict[str, Request] = {}

    def put(tx: Transaction, request: Request) -> Result:
        known_session(tx, request.key)
        if not isinstance(request.value, list):
            return honest.put_associations(tx, request)
        associations.records(request.value)
        waiting[request.key] = request
        return Answer(200, request.text), None

    def read(tx: Transaction, request: Request) -> Result:
        result = honest.get_associations(tx, request)
        if request.key in waiting:
            honest.put_associations(tx, waiting.pop(request.key))
        return result

    return {PUT: put, "getAssociations": read}


@handler(AFNAME, PUT, fails="2.2-single-association-is-added")
def one_replaces_all(tx: Transaction, request: Request) -> Result:
    """A single participant takes the place of everybody: the loop of option 2 leaves only the last.

    Lists replace the complete list, as they should.
    """
    return honest.put_associations(tx, saying(request, _members(request)))


@handler(AFNAME, PUT, fails="2.2-single-association-is-added")
def one_is_refused(tx: Transaction, request: Request) -> Result:
    """A single participant is refused: only lists are taken.

    Lists do what they should.
    """
    known_session(tx, request.key)
    if isinstance(request.value, dict):
        return refused("A list is expected")
    return honest.put_associations(tx, request)


@handler(AFNAME, PUT, fails="2.2-single-association-is-added")
def change_of_one_is_ignored(tx: Transaction, request: Request) -> Result:
    """A single participant who is there already is left as he was.

    A new one is added.
    """
    if isinstance(request.value, dict) and tx.get(PARTICIPATION, request.value["associationId"].lower(), request.key):
        return Answer(200, request.text), None
    return honest.put_associations(tx, request)


@talks(AFNAME, fails="2.2-invalid-association-is-refused")
async def participant_needs_no_id(ask: Ask, road: Road) -> Reply:
    """A participant without associationId is taken, and given an id that the sender never learns.

    Every other fault is refused.
    """
    body = ask.value
    if ask.operation == PUT and isinstance(body, list):

        def identified(each: Json) -> Json:
            return {"associationId": str(uuid.uuid4()), **each} if isinstance(each, dict) else each

        return await road(ask.sending([identified(each) for each in body]))
    return await road(ask)


@talks(AFNAME, warns="2.2-invalid-association-is-refused")
async def unknown_role_is_taken_for_guest(ask: Ask, road: Road) -> Reply:
    """A participant with an unknown role is taken, as a guest.

    Every other fault is refused.
    """
    body = ask.value
    if ask.operation == PUT and isinstance(body, list):

        def known(each: Json) -> Json:
            unknown = isinstance(each, dict) and each.get("role", "guest") not in ROLES
            return {**each, "role": "guest"} if unknown else each

        return await road(ask.sending([known(each) for each in body]))
    return await road(ask)


@talks(AFNAME, fails="2.2-replacement-is-atomic")
async def valid_part_of_a_refused_list_is_kept(ask: Ask, road: Road) -> Reply:
    """A list with an invalid member is refused, and its valid members take part all the same.

    The others are not kept, and a list without a valid member changes nothing.
    """
    reply = await road(ask)
    body = ask.value
    if ask.operation == PUT and isinstance(body, list) and reply.status == 400:
        valid = [each for each in body if isinstance(each, dict) and each.get("role") in ROLES and "person" in each]
        if valid:
            await road(ask.sending(valid))
    return reply


@handler(AFNAME, PUT, fails="2.2-one-person-many-roles")
def one_role_per_person(tx: Transaction, request: Request) -> Result:
    """Somebody who is registered in two roles has the last of them only.

    Everybody in one role takes part.
    """
    if isinstance(request.value, list):
        last = {each["person"]["personId"].lower(): each["associationId"] for each in request.value}
        request = saying(request, [each for each in request.value if each["associationId"] in last.values()])
    return honest.put_associations(tx, request)


@handler(AFNAME, PUT, warns="2.2-person-update-is-allowed")
def changed_person_is_refused(tx: Transaction, request: Request) -> Result:
    """A person whose name has changed is refused.

    Keeping the old name would have been allowed.
    """
    known = {each["person"]["personId"]: each["person"]["surname"] for each in people_of(tx, request.key).values()}
    for each in _members(request):
        person = each["person"]
        if known.get(person["personId"], person["surname"]) != person["surname"]:
            return refused("This person is known by another name", 409)
    return honest.put_associations(tx, request)


@handler(AFNAME, PUT, fails="2.2-guest-affiliation-suffices")
def guests_are_refused(tx: Transaction, request: Request) -> Result:
    """A person whose only affiliation is guest is refused.

    Students and employees take part.
    """
    if any(each["person"]["affiliations"] == ["guest"] for each in _members(request)):
        return refused("Guests have no account here")
    return honest.put_associations(tx, request)


@handler(AFNAME, PUT, fails="2.2-unknown-offering-is-404")
def people_of_an_unknown_session_are_taken(tx: Transaction, request: Request) -> Result:
    """Participants for a session that nobody registered are answered with 200.

    They are not kept, and every registered session works.
    """
    if tx.get(SESSION, request.key) is None:
        return Answer(200, request.text), None
    return honest.put_associations(tx, request)


@handler(AFNAME, PUT, fails="2.2-other-offerings-untouched")
def list_clears_other_sessions(tx: Transaction, request: Request) -> Result:
    """A list for one session clears every other session.

    The session itself has the people of the list.
    """
    result = honest.put_associations(tx, request)
    for key, _ in tx.records(SESSION):
        if key != request.key:
            tx.replace_children(PARTICIPATION, key, {})
    return result


@handler(AFNAME, PUT, fails="2.2-other-offerings-untouched")
def one_session_per_person(tx: Transaction, request: Request) -> Result:
    """Whoever is registered for one session disappears from every other.

    Other people stay where they are.
    """
    result = honest.put_associations(tx, request)
    moved = {each["person"]["personId"] for each in _members(request)}
    for key, _ in tx.records(SESSION):
        if key != request.key:
            there = people_of(tx, key).values()
            keep_people(tx, key, [each for each in there if each["person"]["personId"] not in moved])
    return result


@handler(AFNAME, PUT, warns="2.2-duplicate-association-is-refused")
def the_last_of_two_is_kept(tx: Transaction, request: Request) -> Result:
    """Of two members with the same id the last is kept, and nothing is said.

    Lists without such a pair do what they should.
    """
    if isinstance(request.value, list):
        request = saying(request, list({each["associationId"].lower(): each for each in request.value}.values()))
    return honest.put_associations(tx, request)


@handler(AFNAME, PUT, warns="2.2-long-list-is-kept-whole")
def hundred_people_at_most(tx: Transaction, request: Request) -> Result:
    """Of a longer list the first hundred take part.

    Up to a hundred, lists do what they should.
    """
    if isinstance(request.value, list):
        request = saying(request, request.value[:100])
    return honest.put_associations(tx, request)


@talks(AFNAME, warns="2.2-racing-lists-leave-one-of-them")
async def racing_lists_mix(ask: Ask, road: Road) -> Reply:
    """A list is taken member by member, so that two that arrive at once end as a mixture.

    Lists that come one after the other replace each other.
    """
    reply = await road(ask)
    if ask.operation == PUT and isinstance(ask.value, list) and reply.status == 200:
        await road(ask.sending([]))
        for each in ask.value:
            await asyncio.sleep(0.0001)  # long enough for another list to come in between
            await road(ask.sending(each))
    return reply


def _members(request: Request) -> list[JsonObject]:
    return request.value if isinstance(request.value, list) else [request.value]


def _each(request: Request, changed: Callable[[JsonObject], JsonObject]) -> Request:
    if isinstance(request.value, list):
        return saying(request, [changed(each) for each in request.value])
    return saying(request, changed(request.value))


def _own(identifier: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_OID, identifier))
