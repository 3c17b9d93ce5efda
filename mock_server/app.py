"""Builds the mock: the layers of the road, in order, each with the reason it stands there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from starlette.types import ASGIApp, Receive, Scope, Send

from mock_server import control, seeds
from mock_server.endpoint import Endpoint, Served
from mock_server.examiner import Examiner
from mock_server.gate import Gate
from mock_server.journal import Journal
from mock_server.paths import Paths
from mock_server.roles import Handler, handlers_of
from mock_server.routing import connexion_around
from mock_server.security import Scheme, guard_for
from mock_server.settings import MockSettings
from mock_server.stores import open_store
from mock_server.stores.protocol import Store
from ooapi_toets import contract as contracts
from ooapi_toets.contract import Contract

CONTROL = "/_mock"

Wrap = Callable[[ASGIApp], ASGIApp]
"""Puts an ASGI application around another."""


@dataclass(frozen=True)
class Mock:
    """A mock that is ready to be served.

    Attributes:
        settings: What it was told.
        contract: The contract it plays.
        store: Its state.
        journal: What passed.
        app: The ASGI application.
    """

    settings: MockSettings
    contract: Contract
    store: Store
    journal: Journal
    app: ASGIApp

    def reset(self, sandbox: str = "") -> int:
        """Back to the seed data; returns how many sessions that are."""
        state = seeds.read(self.settings.seed_data or seeds.default_for(self.settings.role), self.contract)
        with self.store.begin(sandbox=sandbox, write=True) as tx:
            tx.clear()
            return seeds.put(tx, state)


def build(
    settings: MockSettings,
    *,
    scheme: Scheme | None = None,
    handlers: Mapping[str, Handler] | None = None,
    wrap: Wrap | None = None,
) -> Mock:
    """A mock from its settings.

    Args:
        settings: What it is told.
        scheme: How clients authenticate; None lets everybody in.
        handlers: Other handlers by operation id, for a mock that misbehaves on purpose.
        wrap: Put around the conversation, for a mock that misbehaves in HTTP.

    Raises:
        ToetsError: When the contract, the store or the seed data cannot be used.
    """
    contract = contracts.load(settings.edition)
    store = open_store(settings.store)
    journal = Journal(settings.limits)
    own = {**handlers_of(settings.role), **(handlers or {})}
    served = {
        key: Served(
            operation,
            own[key],
            guard_for(operation, scheme) if scheme else None,
            frozenset(each.encode() for each in operation.media_types),
        )
        for key, operation in contract.served_by(settings.role).items()
    }

    # The road, from the inside out.
    endpoint = Endpoint(served, store, settings.limits)
    routing = connexion_around(
        endpoint, contract.document_for(settings.role), settings.base_path
    )  # reads the document, finds the operation
    paths = Paths(contract, settings.role, settings.base_path)
    gate = Gate(routing, paths, settings.base_path)  # no redirects, no tracebacks, the right Allow
    examiner = Examiner(gate, journal, settings.limits.journal_body_bytes, CONTROL)  # sees all of the above
    road: ASGIApp = wrap(examiner) if wrap else examiner
    front = Front(road)  # control traffic is not part of the conversation, so it is not examined

    mock = Mock(settings, contract, store, journal, front)
    front.control = control.build(mock, CONTROL)
    mock.reset()
    return mock


class Front:
    """Tells control traffic from conversation.

    Args:
        road: What takes the conversation.
    """

    def __init__(self, road: ASGIApp) -> None:
        self._road = road
        self.control: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the ASGI specification."""
        if scope["type"] != "http":
            await _lifespan(scope, receive, send)
        elif self.control is not None and scope["path"].startswith(CONTROL):
            await self.control(scope, receive, send)
        else:
            await self._road(scope, receive, send)


async def _lifespan(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] != "lifespan":
        return
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
