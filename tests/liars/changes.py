"""Liars about longer, shorter and empty lists: flow 2, options 3 and 4."""

from __future__ import annotations

from mock_server.handling.messages import Answer, Request
from mock_server.roles.toets import toetsafname as honest
from mock_server.state.stores.protocol import Transaction
from ooapi_toets import JsonObject
from tests.liars.liar import AFNAME, handler
from tests.liars.parts import Result, ids, people_of, refused, saying

PUT = "putAssociations"


@handler(AFNAME, PUT, fails="2.3-added-students-appear")
def nobody_joins_later(tx: Transaction, request: Request) -> Result:
    """A list that names everybody who is there and others as well is answered with 200 and ignored.

    Every other list replaces the complete list.
    """
    before = people_of(tx, request.key)
    if before and _list_of(request) > before.keys():
        return Answer(200, request.text), None
    return honest.put_associations(tx, request)


@handler(AFNAME, PUT, fails="2.3-earlier-students-stay")
def longer_list_keeps_the_new_only(tx: Transaction, request: Request) -> Result:
    """Of a longer list only those who are new are kept.

    Every other list replaces the complete list.
    """
    before = people_of(tx, request.key)
    if before and _list_of(request) > before.keys():
        request = saying(request, [each for each in request.value if not ids([each]) & before.keys()])
    return honest.put_associations(tx, request)


@handler(AFNAME, PUT, fails="2.4-removed-students-are-gone")
def nobody_leaves(tx: Transaction, request: Request) -> Result:
    """A list that only leaves people out is answered with 200 and ignored.

    An empty list removes everybody, and a list that names somebody new replaces the complete list.
    """
    if _list_of(request) and _list_of(request) < people_of(tx, request.key).keys():
        return Answer(200, request.text), None
    return honest.put_associations(tx, request)


@handler(AFNAME, PUT, fails="2.4-remaining-students-unchanged")
def shorter_list_resets_extra_time(tx: Transaction, request: Request) -> Result:
    """Whoever stays when others are left out loses the extra time.

    Those who are left out are gone, and no other list touches extra time.
    """
    if _list_of(request) and _list_of(request) < people_of(tx, request.key).keys():
        request = saying(request, [_without_time(each) for each in request.value])
    return honest.put_associations(tx, request)


@handler(AFNAME, PUT, fails="2.4-empty-list-clears")
def empty_list_is_ignored(tx: Transaction, request: Request) -> Result:
    """An empty list is answered with 200 and changes nothing.

    Every other list replaces the complete list.
    """
    if request.value == []:
        request = saying(request, list(people_of(tx, request.key).values()))
    return honest.put_associations(tx, request)


@handler(AFNAME, PUT, fails="2.4-empty-list-clears")
def empty_list_is_refused(tx: Transaction, request: Request) -> Result:
    """An empty list is refused: somebody must take part.

    Every other list replaces the complete list.
    """
    return (
        refused("A list of at least one is expected") if request.value == [] else honest.put_associations(tx, request)
    )


def _list_of(request: Request) -> set[str]:
    return ids(request.value) if isinstance(request.value, list) else set()


def _without_time(member: JsonObject) -> JsonObject:
    consumers = [{**each, "additionalTimeInMin": 99} for each in member.get("consumers") or []]
    return {**member, "consumers": consumers}
