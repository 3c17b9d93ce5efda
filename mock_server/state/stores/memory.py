"""State in memory: the default, gone with the process."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Self

_NOBODY: Mapping[str, bytes] = {}


class MemoryTransaction:
    """One sandbox's state in two dictionaries.

    There is no roll-back: handlers decide first and write last, and run to their end on the event loop
    without giving way, so nobody sees half a change.
    """

    __slots__ = ("_offerings", "_people")

    def __init__(self) -> None:
        self._offerings: dict[str, bytes] = {}
        self._people: dict[str, dict[str, bytes]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        """Nothing is pending."""

    def offering(self, session: str) -> bytes | None:
        """See `Transaction`."""
        return self._offerings.get(session)

    def put_offering(self, session: str, record: bytes) -> None:
        """See `Transaction`."""
        self._offerings[session] = record

    def delete_offering(self, session: str) -> None:
        """See `Transaction`."""
        self._offerings.pop(session, None)
        self._people.pop(session, None)

    def offerings(self) -> Iterator[tuple[str, bytes]]:
        """See `Transaction`."""
        return iter(self._offerings.items())

    def count_offerings(self) -> int:
        """See `Transaction`."""
        return len(self._offerings)

    def is_full(self, most: int) -> bool:
        """See `Transaction`."""
        return len(self._offerings) >= most

    def people(self, session: str) -> Mapping[str, bytes]:
        """See `Transaction`."""
        return self._people.get(session, _NOBODY)

    def page(self, session: str, start: int, count: int) -> tuple[list[bytes], int]:
        """See `Transaction`."""
        people = self._people.get(session, _NOBODY)
        return list(islice(people.values(), start, start + count)), len(people)

    def person(self, session: str, key: str) -> bytes | None:
        """See `Transaction`."""
        return self._people.get(session, _NOBODY).get(key)

    def count_people(self, session: str) -> int:
        """See `Transaction`."""
        return len(self._people.get(session, _NOBODY))

    def replace_people(self, session: str, people: Mapping[str, bytes]) -> None:
        """See `Transaction`."""
        self._people[session] = dict(people)

    def put_person(self, session: str, key: str, record: bytes) -> None:
        """See `Transaction`."""
        self._people.setdefault(session, {})[key] = record

    def clear(self) -> None:
        """See `Transaction`."""
        self._offerings.clear()
        self._people.clear()


class MemoryStore:
    """Sandboxes in memory; a sandbox exists as soon as it is used."""

    blocking = False

    def __init__(self) -> None:
        self._sandboxes: dict[str, MemoryTransaction] = {}

    def begin(self, *, sandbox: str = "", write: bool = False) -> MemoryTransaction:
        """See `Store`."""
        del write  # reading and writing are the same here
        found = self._sandboxes.get(sandbox)
        if found is None:
            found = self._sandboxes[sandbox] = MemoryTransaction()
        return found

    def close(self) -> None:
        """See `Store`."""
        self._sandboxes.clear()
