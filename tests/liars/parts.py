"""What several liars are made of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import orjson

from mock_server.domain.effects import Effect
from mock_server.handling.messages import Answer, Request
from mock_server.handling.problems import problem
from mock_server.state.stores.protocol import Transaction
from ooapi_toets import Json, JsonObject
from ooapi_toets.editions.toets import PARTICIPATION, SESSION
from ooapi_toets.samples import consumer_of

Result = tuple[Answer, Effect | None]


def saying(request: Request, value: Json) -> Request:
    """The same request with another body."""
    return replace(request, value=value, text=orjson.dumps(value))


def refused(title: str, status: int = 400) -> Result:
    """A refusal for a reason that the contract does not know."""
    return problem(status, title), None


def answered(result: Result, status: int) -> Result:
    """The same with another status."""
    answer, effect = result
    return replace(answer, status=status), effect


def session_of(tx: Transaction, key: str) -> JsonObject | None:
    """A session that is kept, or None."""
    record = tx.get(SESSION, key)
    return orjson.loads(record) if record else None


def people_of(tx: Transaction, key: str) -> dict[str, JsonObject]:
    """Who takes part in a session, by id."""
    return {name: orjson.loads(record) for name, record in tx.children(PARTICIPATION, key).items()}


def keep_people(tx: Transaction, key: str, people: Iterable[JsonObject]) -> None:
    """Let these people take part in a session, and nobody else."""
    tx.replace_children(PARTICIPATION, key, {each["associationId"].lower(): orjson.dumps(each) for each in people})


def ids(people: Iterable[JsonObject]) -> set[str]:
    """The ids of some participants."""
    return {each["associationId"].lower() for each in people}


def mangled(text: str) -> str:
    """A text whose bytes in UTF-8 were taken for Latin-1."""
    return text.encode().decode("latin-1")


def own_consumer(message: JsonObject) -> JsonObject:
    """The nl-test-admin entry of a message, to be changed in place; a report may have none."""
    return consumer_of(message) or {}
