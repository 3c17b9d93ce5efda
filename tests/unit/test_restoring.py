"""A borrowed session is put back by a message that names what differs, and never over and over."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy

import pytest

from conformance.endpoint.restoring import Borrowed, Names
from mock_server.domain.toets import reports
from ooapi_toets import JsonObject, editions
from ooapi_toets.samples import Maker, consumer_of, report
from ooapi_toets.strictjson import decode, encode

_SCHEMAS = editions.load().contract.document["components"]["schemas"]
_NAMES = Names(*(frozenset(_SCHEMAS[name]["properties"]) for name in ("Offering", "OfferingConsumer")))
_MAKE = Maker("restoring")

Patch = Callable[[JsonObject, JsonObject], JsonObject]


def _merging(session: JsonObject, message: JsonObject) -> JsonObject:
    after = reports.merge("x", encode(session), message).after
    return session if after is None else dict(decode(after).value)


def _by_the_letter(session: JsonObject, message: JsonObject) -> JsonObject:
    return {name: value for name, value in {**session, **message}.items() if value is not None}


def _appending(session: JsonObject, message: JsonObject) -> JsonObject:
    before = (consumer_of(session) or {}).get("documents") or []
    after = _merging(session, message)
    own = consumer_of(after) or {}
    own["documents"] = [*before, *((consumer_of(message) or {}).get("documents") or [])]
    return after


def _used(how: Patch, message: JsonObject) -> tuple[JsonObject, JsonObject, list[JsonObject], Borrowed]:
    """A session before and after it was borrowed, and the messages that put it back."""
    first = _MAKE.offering()
    (consumer_of(first) or {})["documents"] = [_MAKE.document()]
    world = {"now": deepcopy(first)}
    borrowed, sent = Borrowed(), []
    borrowed.take("s", deepcopy(first), _NAMES)
    world["now"] = how(world["now"], message)

    def patch(each: JsonObject) -> bool:
        sent.append(each)
        world["now"] = how(world["now"], deepcopy(each))
        return True

    for _ in range(4):
        borrowed.give_back("s", _NAMES, lambda: deepcopy(world["now"]), patch)
    return first, world["now"], sent, borrowed


@pytest.mark.parametrize("how", [_merging, _by_the_letter])
def test_a_session_is_equal_afterwards(how: Patch) -> None:
    first, now, sent, borrowed = _used(how, report(irregularities="x", documents=[]))
    state = borrowed.give_back("s", _NAMES, lambda: now, lambda _message: True)
    assert state.changed == ()
    assert len(sent) <= 2
    assert (consumer_of(now) or {}).get("documents") == (consumer_of(first) or {})["documents"]


def test_nothing_is_sent_when_nothing_changed() -> None:
    _, _, sent, _ = _used(lambda session, _message: session, report(irregularities="x"))
    assert sent == []


def test_putting_back_that_multiplies_is_given_up() -> None:
    _, now, sent, borrowed = _used(_appending, report(documents=[_MAKE.document()]))
    state = borrowed.give_back("s", _NAMES, lambda: now, lambda _message: True)
    assert len(sent) == 1
    assert state.changed == ("consumers/documents",)
    assert state.stopped


def test_a_change_by_somebody_else_is_noticed() -> None:
    borrowed, first = Borrowed(), _MAKE.offering()
    assert borrowed.take("s", first, _NAMES) == ()
    assert borrowed.take("s", {**first, "teachingLanguage": "eng"}, _NAMES) == ("teachingLanguage",)
