"""State in memory: the default, gone with the process."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Self

_Family = dict[str, bytes]
"""The records of one kind and one parent by key."""

_NONE: Mapping[str, bytes] = {}
_NO_FAMILIES: Mapping[str, _Family] = {}


class MemoryTransaction:
    """One sandbox's state in dictionaries: by kind, by parent, by key.

    There is no roll-back: handlers decide first and write last, and run to their end on the event loop
    without giving way, so nobody sees half a change.
    """

    __slots__ = ("_kinds", "_parents")

    def __init__(self) -> None:
        self._kinds: dict[str, dict[str, _Family]] = {}
        # For a kind whose records were ever looked for by their key alone: the parent of each.
        self._parents: dict[str, dict[str, str]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        """Nothing is pending."""

    def get(self, kind: str, key: str, parent: str = "") -> bytes | None:
        """See `Transaction`."""
        return self._family(kind, parent).get(key)

    def find(self, kind: str, key: str) -> tuple[str, bytes] | None:
        """See `Transaction`."""
        known = self._parents.get(kind)
        if known is None:
            families = self._kinds.get(kind, _NO_FAMILIES)
            known = self._parents[kind] = {each: parent for parent, family in families.items() for each in family}
        parent = known.get(key)
        record = None if parent is None else self.get(kind, key, parent)
        return None if parent is None or record is None else (parent, record)

    def put(self, kind: str, key: str, record: bytes, parent: str = "") -> None:
        """See `Transaction`."""
        self._kinds.setdefault(kind, {}).setdefault(parent, {})[key] = record
        if kind in self._parents:
            self._parents[kind][key] = parent

    def delete(self, kind: str, key: str, parent: str = "") -> None:
        """See `Transaction`."""
        if key in self._family(kind, parent):
            del self._kinds[kind][parent][key]
        for each, families in self._kinds.items():
            gone = families.pop(key, None)
            if gone and each in self._parents:
                for child in gone:
                    self._parents[each].pop(child, None)

    def records(self, kind: str) -> Iterator[tuple[str, bytes]]:
        """See `Transaction`."""
        return iter(self._family(kind, "").items())

    def children(self, kind: str, parent: str) -> Mapping[str, bytes]:
        """See `Transaction`."""
        return self._family(kind, parent)

    def page(self, kind: str, parent: str, start: int, count: int) -> tuple[list[bytes], int]:
        """See `Transaction`."""
        family = self._family(kind, parent)
        return list(islice(family.values(), start, start + count)), len(family)

    def count(self, kind: str, parent: str = "") -> int:
        """See `Transaction`."""
        return len(self._family(kind, parent))

    def is_full(self, kind: str, most: int) -> bool:
        """See `Transaction`."""
        return len(self._family(kind, "")) >= most

    def replace_children(self, kind: str, parent: str, records: Mapping[str, bytes]) -> None:
        """See `Transaction`."""
        self._kinds.setdefault(kind, {})[parent] = dict(records)
        self._parents.pop(kind, None)

    def clear(self) -> None:
        """See `Transaction`."""
        self._kinds.clear()
        self._parents.clear()

    def _family(self, kind: str, parent: str) -> Mapping[str, bytes]:
        return self._kinds.get(kind, _NO_FAMILIES).get(parent, _NONE)


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
