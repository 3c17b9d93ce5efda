"""What a store can do: get, put, delete by kind, key and parent, and swap a list in one step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Protocol


class Transaction(Protocol):
    """State as one request sees it; all of it takes effect or none.

    A record is of a kind of the edition and may belong to a record of another kind, its parent. It is known by
    its kind, its parent (empty for none) and its key: an id in lower case. Records are compact JSON texts.
    """

    def get(self, kind: str, key: str, parent: str = "") -> bytes | None:
        """A record, or None. A transaction for writing locks it until it ends."""

    def find(self, kind: str, key: str) -> tuple[str, bytes] | None:
        """The parent of a record that is known by its key alone, and the record; None where there is none."""

    def put(self, kind: str, key: str, record: bytes, parent: str = "") -> None:
        """Keep a record; a new one comes last, one that was there keeps its place."""

    def delete(self, kind: str, key: str, parent: str = "") -> None:
        """Forget a record and whatever belongs to it."""

    def records(self, kind: str) -> Iterator[tuple[str, bytes]]:
        """Every record of a kind that belongs to none, in the order in which they were first put."""

    def children(self, kind: str, parent: str) -> Mapping[str, bytes]:
        """The records that belong to another by key, in order; not to be changed."""

    def page(self, kind: str, parent: str, start: int, count: int) -> tuple[list[bytes], int]:
        """A slice of the records that belong to another, and how many there are in all."""

    def count(self, kind: str, parent: str = "") -> int:
        """How many records there are of a kind and a parent."""

    def is_full(self, kind: str, most: int) -> bool:
        """Whether there are as many records without a parent as there may be; asked for every new one, so cheap."""

    def replace_children(self, kind: str, parent: str, records: Mapping[str, bytes]) -> None:
        """Swap the records that belong to another for others."""

    def clear(self) -> None:
        """Forget everything."""


class Store(Protocol):
    """A place for state.

    Attributes:
        blocking: Whether a transaction may wait for a disk or a network, so that the road runs it
            in a thread.
    """

    blocking: bool

    def begin(self, *, sandbox: str = "", write: bool = False) -> AbstractContextManager[Transaction]:
        """A transaction on the state of one sandbox, committed at the end unless an error escapes."""

    def close(self) -> None:
        """Let go of files and connections."""
