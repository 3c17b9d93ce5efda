"""Whole states: data to begin with, a named set or a file of the user's; and what a mock remembers as one value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import orjson

from mock_server.state.stores.protocol import Transaction
from ooapi_toets import Json, JsonObject, resources
from ooapi_toets.contract import Role
from ooapi_toets.editions import Edition, Records
from ooapi_toets.errors import DataError, UsageError
from ooapi_toets.schemas import BodyValidator
from ooapi_toets.strictjson import NotJsonError, decode
from ooapi_toets.texts import say
from ooapi_toets.violations import Violation, pointer

FOLDER = "seeds"
NONE = "none"
_DESCRIPTION = "description"


def names() -> list[str]:
    """The sets that ship with the package."""
    return sorted(path.stem for path in resources.fixtures(FOLDER).glob("*.json"))


class States:
    """Reads, checks and keeps the whole state of a role.

    A state is an object with a list for each kind of record that belongs to none, and for each kind that
    belongs to another an object of lists by the id of that other.

    Args:
        edition: The edition.
        role: The role.
    """

    def __init__(self, edition: Edition, role: Role) -> None:
        self.records = edition.records[role]
        self._bodies = {each.kind: edition.contract.body_of(each.message) for each in self.records}
        self._by_kind = {each.kind: each for each in self.records}

    @property
    def main(self) -> Records:
        """The records that all others are about."""
        return self.records[0]

    @property
    def empty(self) -> JsonObject:
        """The state in which nothing is remembered."""
        return {each.part: {} if each.parent else [] for each in self.records}

    def read(self, name: str) -> JsonObject:
        """A state to begin with.

        Args:
            name: The name of a set that ships, or the path of a file.

        Raises:
            UsageError: When there is no such set and no such file.
            DataError: When it is not JSON or breaks the contract.
        """
        if name == NONE:
            return self.empty
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
        return self.checked(data, f"The seed data {name!r}")

    def checked(self, data: Json, what: str = "The state") -> JsonObject:
        """The same data, if it is a state.

        Raises:
            DataError: When it is not, with the first violation and its place.
        """
        found = self.violations(data)
        if found:
            first = found[0]
            more = f" ({len(found) - 1} more)" if len(found) > 1 else ""
            raise DataError(f"{what} is not valid at {first.pointer or '/'}: {first.message}{more}.")
        for each in self.records:
            if each.parent:
                owner = self._by_kind[each.parent]
                known = {one[owner.id].lower() for one in data.get(owner.part, [])}
                strangers = [key for key in data.get(each.part, {}) if key.lower() not in known]
                if strangers:
                    raise DataError(f"{what} has {each.part} of {strangers[0]}, which is not among its {owner.part}.")
        return {name: data.get(name, nothing) for name, nothing in self.empty.items()}

    def violations(self, data: Json) -> list[Violation]:
        """Everything in a state that breaks the contract."""
        empty = self.empty
        if not isinstance(data, dict):
            return [Violation("body", "", "type", say("must be an object"))]
        if unknown := sorted(set(data) - {*empty, _DESCRIPTION}):
            # A slip of the pen must not empty the mock.
            return [Violation("body", pointer(unknown[0]), "unknown", say("is not part of a state"))]
        found: list[Violation] = []
        for each in self.records:
            value = data.get(each.part, empty[each.part])
            if not isinstance(value, type(empty[each.part])):
                told = say("must be an object") if each.parent else say("must be a list")
                found.append(Violation("body", pointer(each.part), "type", told))
            elif each.parent:
                for key, family in value.items():
                    found += self._violations(each, family, (each.part, key))
            else:
                found += self._violations(each, value, (each.part,))
        return found

    def _violations(self, records: Records, value: Json, at: tuple[str, ...]) -> Iterator[Violation]:
        body = self._bodies[records.kind]
        if not isinstance(value, list):
            yield from body.violations(value, at=at)
            return
        seen: set[str] = set()
        for index, each in enumerate(value):
            broken = _member(body, each, (*at, index))
            yield from broken
            if records.parent and not broken:
                if (key := each[records.id].lower()) in seen:
                    told = say("is the id of an earlier participant in this list")
                    yield Violation("body", pointer(*at, index, records.id), "duplicate", told)
                seen.add(key)

    def put(self, tx: Transaction, state: JsonObject) -> int:
        """Put a state that was checked into a store, and leave what else is there; returns how many are the main."""
        for each in self.records:
            part = state[each.part]
            if each.parent:
                for key, family in part.items():
                    entries = family if isinstance(family, list) else [family]
                    tx.replace_children(each.kind, key.lower(), dict(_rows(each, entries)))
            else:
                for key, record in _rows(each, part):
                    tx.put(each.kind, key, record)
        return len(state[self.main.part])

    def export(self, tx: Transaction) -> JsonObject:
        """The whole state, in the form that `put` takes."""
        state = self.empty
        for each in self.records:
            if not each.parent:
                state[each.part] = [orjson.loads(record) for _, record in tx.records(each.kind)]
        for each in self.records:
            if each.parent:
                state[each.part] = self._families(tx, each, state)
        return state

    def _families(self, tx: Transaction, records: Records, state: JsonObject) -> JsonObject:
        owner = self._by_kind[records.parent]
        families: JsonObject = {}
        for one in state[owner.part]:
            if members := tx.children(records.kind, one[owner.id].lower()):
                families[one[owner.id]] = [orjson.loads(each) for each in members.values()]
        return families

    def one(self, tx: Transaction, key: str) -> JsonObject | None:
        """The part of a state that is about one main record; None where there is no such record."""
        record = tx.get(self.main.kind, key)
        if record is None:
            return None
        state = self.empty | {self.main.part: [orjson.loads(record)]}
        for each in self.records:
            if each.parent == self.main.kind:
                members = tx.children(each.kind, key)
                state[each.part] = {key: [orjson.loads(member) for member in members.values()]}
        return state


def _member(body: BodyValidator, value: Json, at: tuple[str | int, ...]) -> list[Violation]:
    if not isinstance(value, dict):
        return [Violation("body", pointer(*at), "type", say("must be an object"))]
    return body.violations(value, at=at)


def _rows(records: Records, entries: list[Mapping[str, Json]]) -> Iterator[tuple[str, bytes]]:
    for each in entries:
        yield each[records.id].lower(), orjson.dumps(each)
