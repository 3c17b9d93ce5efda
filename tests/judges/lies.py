"""Mocks that lie, one lie each, so that a judge can be seen to judge."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

import orjson

from mock_server.domain.toets import associations
from mock_server.handling.endpoint import Handler
from mock_server.handling.messages import Answer, Request, json_answer
from mock_server.roles.toets import toetsafname
from mock_server.roles.toets.common import known_session
from mock_server.roles.toets.toetsafname import Result
from mock_server.state.stores.protocol import Transaction
from ooapi_toets.editions.toets import PARTICIPATION


def appends(tx: Transaction, request: Request) -> Result:
    """Adds a list to the participants who are there, instead of replacing them."""
    answer, effect = toetsafname.put_associations(tx, request)
    before = (effect.people_before or {}) if effect else {}
    tx.replace_children(PARTICIPATION, request.key, {**before, **tx.children(PARTICIPATION, request.key)})
    return answer, effect


def renames(tx: Transaction, request: Request) -> Result:
    """Gives the participants of a list ids of its own."""
    if not isinstance(request.value, list):
        return toetsafname.put_associations(tx, request)
    known_session(tx, request.key)
    people = [{**each, "associationId": str(uuid.uuid4())} for each in request.value]
    tx.replace_children(PARTICIPATION, request.key, associations.records(people))
    return json_answer(request.text), None


def keeps(tx: Transaction, request: Request) -> Result:
    """Says that a session is deleted, and keeps it."""
    known_session(tx, request.key)
    return Answer(200), None


def forgets(tx: Transaction, request: Request) -> Result:
    """Says that a report is received, and keeps nothing of it."""
    return json_answer(known_session(tx, request.key)), None


def loses(tx: Transaction, request: Request) -> Result:
    """Shows a session without its description, which the contract requires."""
    session = orjson.loads(known_session(tx, request.key))
    del session["description"]
    return json_answer(orjson.dumps(session)), None


@dataclass(frozen=True)
class Lie:
    """A lie, the workflow that catches it, and the first check that does."""

    workflow: str
    operation: str
    handler: Handler
    caught: str

    def __str__(self) -> str:
        return f"{self.workflow}-{self.handler.__name__}"


LIES = (
    Lie("2-1-create-a-session", "getOffering", loses, "read: schema check"),
    Lie("2-2-register-students", "putAssociations", appends, "readReplaced: success criteria check"),
    Lie("2-3-add-students", "putAssociations", renames, "readFirst: success criteria check"),
    Lie("2-4-remove-students", "putAssociations", appends, "readRemaining: success criteria check"),
    Lie("2-5-delete-a-session", "deleteOffering", keeps, "readDeleted: success criteria check"),
    Lie("4-1-receive-the-report", "patchOffering", forgets, "read: success criteria check"),
    Lie("4-2-read-the-report", "getOffering", loses, "read: schema check"),
)
