"""What a store can do: get, put, delete by key, and swap a list in one step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Protocol


class Transaction(Protocol):
    """State as one request sees it; all of it takes effect or none.

    Keys are session ids and participant ids in lower case; records are compact JSON texts.
    """

    def offering(self, session: str) -> bytes | None:
        """The record of a session, or None. A transaction for writing locks it until it ends."""

    def put_offering(self, session: str, record: bytes) -> None:
        """Keep the record of a session."""

    def delete_offering(self, session: str) -> None:
        """Forget a session and its participants."""

    def offerings(self) -> Iterator[tuple[str, bytes]]:
        """Every session, in the order in which they were first put."""

    def count_offerings(self) -> int:
        """How many sessions there are."""

    def is_full(self, most: int) -> bool:
        """Whether there are as many sessions as there may be; asked for every new one, so it must be cheap."""

    def people(self, session: str) -> Mapping[str, bytes]:
        """The participants of a session by key, in order; not to be changed."""

    def page(self, session: str, start: int, count: int) -> tuple[list[bytes], int]:
        """A slice of the participants, and how many there are in all."""

    def person(self, session: str, key: str) -> bytes | None:
        """The record of one participant, or None."""

    def count_people(self, session: str) -> int:
        """How many participants a session has."""

    def replace_people(self, session: str, people: Mapping[str, bytes]) -> None:
        """Swap the participants of a session for others."""

    def put_person(self, session: str, key: str, record: bytes) -> None:
        """Keep one participant; a new one comes last."""

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
