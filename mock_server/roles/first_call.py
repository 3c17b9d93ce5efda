"""Calls to begin with, that work as they stand: what the page shows to whoever connects a client."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ooapi_toets import Json, JsonObject
from ooapi_toets.calls import JSON
from ooapi_toets.contract import Contract, Role
from ooapi_toets.results import text
from ooapi_toets.schemas import resolve
from ooapi_toets.texts import Text

SESSION = "{session}"
"""What stands in a path for the session that a call is about."""


@dataclass(frozen=True, slots=True)
class FirstCall:
    """One call to begin with.

    Attributes:
        words: What it does, for people.
        operation: The id of its operation.
        example: Which example of the contract is its body; empty for none.
    """

    words: Text
    operation: str
    example: str = ""


def shown(contract: Contract, role: Role, calls: Iterable[FirstCall]) -> list[JsonObject]:
    """Calls as data: words, method, path below the base path, and body.

    Args:
        contract: The contract.
        role: The role that serves them.
        calls: The calls.
    """
    served = contract.served_by(role)
    found: list[JsonObject] = []
    for each in calls:
        operation = served[each.operation]
        path = operation.path
        for name in operation.path_parameters:
            path = path.replace("{" + name + "}", SESSION)
        body = _example(contract.documents[role], path=operation.path, method=operation.method, name=each.example)
        found.append({"words": text(each.words), "method": operation.method, "path": path, "body": body})
    return found


def _example(document: JsonObject, *, path: str, method: str, name: str) -> Json:
    if not name:
        return None
    content = document["paths"][path][method.lower()]["requestBody"]["content"][JSON]
    return resolve(document, content["examples"][name])["value"]
