"""A mock that is ready to be served: its settings, contract, state and application."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.types import ASGIApp

from mock_server.auth.schemes import Scheme
from mock_server.handling.path_hints import Paths
from mock_server.journal.journal import Journal
from mock_server.judging.judge import Judge
from mock_server.settings import MockSettings
from mock_server.state.sandboxes import Sandboxes
from mock_server.state.seeds import States
from mock_server.state.stores.protocol import Store
from ooapi_toets import JsonObject
from ooapi_toets.contract import Contract
from ooapi_toets.editions import Edition


@dataclass(frozen=True)
class Mock:
    """A mock that is ready to be served.

    Attributes:
        settings: What it was told.
        edition: The edition of the standard.
        contract: The contract it plays.
        judge: Judges what it is called with.
        store: Its state.
        sandboxes: What passed, and what each client has shown.
        paths: What is served where.
        states: Its state as one value.
        seed: The state that a sandbox begins with.
        scheme: How clients authenticate; None where everybody is let in.
        app: The ASGI application.
    """

    settings: MockSettings
    edition: Edition
    contract: Contract
    judge: Judge
    store: Store
    sandboxes: Sandboxes
    paths: Paths
    states: States
    seed: JsonObject
    scheme: Scheme | None
    app: ASGIApp

    @property
    def journal(self) -> Journal:
        """What passed in the default sandbox."""
        return self.sandboxes.get().journal

    def reset(self, sandbox: str = "") -> int:
        """Put the state of a sandbox back to the seed data; returns how many sessions that are."""
        self.sandboxes.get(sandbox).changed()
        with self.store.begin(sandbox=sandbox, write=True) as tx:
            tx.clear()
            return self.states.put(tx, self.seed)
