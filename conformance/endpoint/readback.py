"""Reads sessions and their participants back, forgiving in everything but the facts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from conformance.evidence.exchange import Exchange
from conformance.evidence.findings import PrerequisiteFailed
from ooapi_toets import Json, JsonObject
from ooapi_toets.calls import Call
from ooapi_toets.editions.toets import Calls
from ooapi_toets.texts import say

_MOST_PAGES = 10_000

Send = Callable[[Call], Exchange]


@dataclass(frozen=True, slots=True)
class People:
    """The participants of a session as they were read.

    Attributes:
        members: Each of them as an object; a person may be an id or an object.
        exchanges: The pages they were read from.
        paged: Whether they came as pages.
    """

    members: tuple[JsonObject, ...]
    exchanges: tuple[Exchange, ...]
    paged: bool


def read_people(send: Send, calls: Calls, session: str) -> People:
    """Everybody who takes part in a session, from all pages.

    Args:
        send: Sends one call.
        calls: Makes the calls.
        session: The id of the session.

    Raises:
        PrerequisiteFailed: When the participants cannot be read.
    """
    size, expand = 250, True
    first = send(calls.read_people(session, size=size, expand=expand))
    if first.status in _NOT_AS_ASKED:
        # A strict endpoint may refuse a parameter that it does not know; the default page will do.
        size, expand = 10, False
        first = send(calls.read_people(session, size=size, expand=expand))
    _must_be_readable(first)
    pages, members = [first], list(_members(first))
    seen = {_fingerprint(first)}
    while _has_next(pages[-1]) and len(pages) < _MOST_PAGES:
        page = send(calls.read_people(session, len(pages) + 1, size=size, expand=expand))
        _must_be_readable(page)
        if _fingerprint(page) in seen:
            if not _says_whether_there_is_more(page):
                break
            raise PrerequisiteFailed(
                say("The pages of participants repeat endlessly, so they cannot be read."),
                page,
            )
        seen.add(_fingerprint(page))
        pages.append(page)
        members += _members(page)
    return People(tuple(members), tuple(pages), paged=isinstance(first.value, dict))


_NOT_AS_ASKED = {400, 422}
_NOT_SERVED = {404, 405, 501}


def _must_be_readable(page: Exchange) -> None:
    if page.status in _NOT_SERVED:
        raise PrerequisiteFailed(
            say(
                "Participants cannot be read back (GET … /associations returned {status}). If the "
                "endpoint does not support this, declare read-associations = false.",
                status=page.status,
            ),
            page,
        )
    if not page.success:
        raise PrerequisiteFailed(
            say("Participants cannot be read back: {answer}.", answer=page.answer),
            page,
        )
    value = page.value
    items = value.get("items") if isinstance(value, dict) else value
    if not isinstance(items, list) or not all(isinstance(each, dict) for each in items):
        raise PrerequisiteFailed(
            say("GET … /associations did not return a page of participants."),
            page,
        )


def whole_list(page: Exchange) -> list[JsonObject] | None:
    """The participants on a page that is the only one; None when there are more, or it is no such page."""
    value = page.value
    readable = isinstance(value, list) or (isinstance(value, dict) and isinstance(value.get("items"), list))
    if not readable or "pageNumber=" in page.url or not all(isinstance(each, dict) for each in _members(page)):
        return None
    if isinstance(value, list) or _says_whether_there_is_more(page):
        return None if _has_next(page) else _members(page)
    return None


def _members(page: Exchange) -> list[JsonObject]:
    value: Json = page.value
    return list(value["items"] if isinstance(value, dict) else value)


def _has_next(page: Exchange) -> bool:
    """Whether to ask for another page; where a page does not say, until one is empty or comes again."""
    if not isinstance(page.value, dict):
        return False
    if _says_whether_there_is_more(page):
        return bool(page.value["hasNextPage"])
    return bool(_members(page))


def _says_whether_there_is_more(page: Exchange) -> bool:
    return isinstance(page.value, dict) and isinstance(page.value.get("hasNextPage"), bool)


def _fingerprint(page: Exchange) -> bytes:
    # The members decide: an endpoint that ignores pageNumber sends the same ones for ever.
    return repr([each.get("associationId") for each in _members(page)]).encode()
