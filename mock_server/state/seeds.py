"""Data to begin with: named sets that ship with the package, or a file of the user's."""

from __future__ import annotations

from pathlib import Path

import orjson

from mock_server.domain.toets import associations
from mock_server.state.stores.protocol import Transaction
from ooapi_toets import Json, JsonObject, resources
from ooapi_toets.contract import Contract
from ooapi_toets.errors import DataError, UsageError
from ooapi_toets.strictjson import NotJsonError, decode
from ooapi_toets.texts import say
from ooapi_toets.violations import Violation, pointer

FOLDER = "seeds"
NONE = "none"
_PARTS = {"description", "offerings", "associations"}


def names() -> list[str]:
    """The sets that ship with the package."""
    return sorted(path.stem for path in resources.fixtures(FOLDER).glob("*.json"))


def read(name: str, contract: Contract) -> JsonObject:
    """A set of sessions and participants: `{"offerings": […], "associations": {offeringId: […]}}`.

    Args:
        name: The name of a set that ships, or the path of a file.
        contract: What the messages in it must satisfy.

    Raises:
        UsageError: When there is no such set and no such file.
        DataError: When it is not JSON or breaks the contract.
    """
    if name == NONE:
        return {"offerings": [], "associations": {}}
    path = resources.fixtures(FOLDER, f"{name}.json") if name in names() else Path(name)
    try:
        data = decode(path.read_bytes()).value
    except OSError as error:
        raise UsageError(
            f"The seed data {name!r} cannot be read: {error.strerror}.",
            f"Give a file, or one of: {', '.join([*names(), NONE])}.",
        ) from error
    except NotJsonError as error:
        raise DataError(f"The seed data {name!r} {error.message}.") from error
    return checked(data, contract, f"The seed data {name!r}")


def checked(data: Json, contract: Contract, what: str = "The state") -> JsonObject:
    """The same data, if it is a state.

    Raises:
        DataError: When it is not, with the first violation and its place.
    """
    found = state_violations(data, contract)
    if found:
        first = found[0]
        more = f" ({len(found) - 1} more)" if len(found) > 1 else ""
        raise DataError(f"{what} is not valid at {first.pointer or '/'}: {first.message}{more}.")
    known = {each["offeringId"].lower() for each in data.get("offerings", [])}
    strangers = [key for key in data.get("associations", {}) if key.lower() not in known]
    if strangers:
        raise DataError(f"{what} has participants for {strangers[0]}, which is not among its offerings.")
    return {"offerings": data.get("offerings", []), "associations": data.get("associations", {})}


def state_violations(data: Json, contract: Contract) -> list[Violation]:
    """Everything in a state that breaks the contract."""
    offering = contract.operations["putOffering"].body
    people = contract.operations["putAssociations"].body
    assert offering is not None  # noqa: S101 - the contract has these bodies; for the type checker
    assert people is not None  # noqa: S101
    if not isinstance(data, dict) or not isinstance(data.get("offerings", []), list):
        return [Violation("body", "", "type", say("must be an object with a list of offerings"))]
    if unknown := sorted(set(data) - _PARTS):
        # A slip of the pen must not empty the mock.
        return [Violation("body", pointer(unknown[0]), "unknown", say("is not part of a state"))]
    if not isinstance(data.get("associations", {}), dict):
        return [Violation("body", pointer("associations"), "type", say("must be an object"))]
    found: list[Violation] = []
    for index, each in enumerate(data.get("offerings", [])):
        found += offering.violations(each, at=("offerings", index))
    for key, each in data.get("associations", {}).items():
        found += people.violations(each, at=("associations", key))
    return found


def put(tx: Transaction, state: JsonObject) -> int:
    """Put the sessions of a state into a store; returns how many."""
    for each in state["offerings"]:
        tx.put_offering(associations.key_of(each["offeringId"]), orjson.dumps(each))
    for key, people in state["associations"].items():
        entries = people if isinstance(people, list) else [people]
        tx.replace_people(associations.key_of(key), associations.records(entries))
    return len(state["offerings"])


def export(tx: Transaction) -> JsonObject:
    """The whole state, in the form that `put` takes."""
    offerings: list[Json] = []
    people: JsonObject = {}
    for key, record in tx.offerings():
        offering = orjson.loads(record)
        offerings.append(offering)
        if members := tx.people(key):
            people[offering["offeringId"]] = [orjson.loads(each) for each in members.values()]
    return {"offerings": offerings, "associations": people}
