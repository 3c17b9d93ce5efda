"""What a play works with: what it knows itself, and what it may send; the player does the sending."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

from mock_server.state.stores.protocol import Store, Transaction
from ooapi_toets.calls import Call
from ooapi_toets.editions import Edition
from ooapi_toets.samples import Maker
from ooapi_toets.texts import Text


@dataclass(frozen=True, slots=True)
class Move:
    """One call of a play.

    Attributes:
        words: What is sent, for people.
        call: The call.
        aspect: The aspect of the rule that the answer speaks of.
        session: The session that it is about.
    """

    words: Text
    call: Call
    aspect: str
    session: str


@dataclass(frozen=True)
class Stage:
    """What a play has to work with.

    Attributes:
        edition: The edition.
        store: What the player itself knows; its own sessions are kept there.
        sandbox: The sandbox of the store.
        make: Makes messages.
    """

    edition: Edition
    store: Store
    sandbox: str = ""
    make: Maker = field(default_factory=lambda: Maker(f"play {perf_counter()}"))

    @property
    def calls(self) -> Any:
        """Makes the calls of the edition, as its plays know them."""
        return self.edition.make_calls(self.edition.contract, {})

    def reading(self) -> AbstractContextManager[Transaction]:
        """A transaction on what the player knows."""
        return self.store.begin(sandbox=self.sandbox)

    def writing(self) -> AbstractContextManager[Transaction]:
        """The same, to change it."""
        return self.store.begin(sandbox=self.sandbox, write=True)


Script = Callable[[Stage, str | None], AsyncIterator[Move]]
"""The moves of a play on a session, or on a new one; each is made once the one before was accepted.

Raises:
    UsageError: When there is no session to play on.
"""


@dataclass(frozen=True, slots=True)
class Play:
    """A flow as a role performs it.

    Attributes:
        title: What it is called, in a few words.
        script: Its moves.
        on_known: Whether it is about a session that the other side must know already.
    """

    title: Text
    script: Script
    on_known: bool = False
