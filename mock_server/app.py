"""Builds the mock: the layers of the road, in order, each with the reason it stands there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from starlette.types import ASGIApp

from mock_server import control
from mock_server.auth import token_endpoint
from mock_server.auth.authorization_server import OAuth
from mock_server.auth.schemes import OperationGuard, Scheme, sandbox_of
from mock_server.handling.endpoint import Endpoint, Handler, Handling, Served
from mock_server.handling.path_hints import Paths
from mock_server.handling.routing import connexion_around
from mock_server.middleware.fault_injection import FaultInjection
from mock_server.middleware.journalling import Journalling
from mock_server.middleware.sandbox_routing import SandboxRouting
from mock_server.middleware.unserved import Unserved
from mock_server.mock import Mock
from mock_server.roles import handlings_of, hint_of, judge_of
from mock_server.settings import CONTROL, MockSettings
from mock_server.state.sandboxes import Sandboxes
from mock_server.state.seeds import States
from mock_server.state.stores import open_store
from mock_server.state.stores.protocol import Store
from ooapi_toets import JsonObject, editions
from ooapi_toets.contract import Operation

Layer = Callable[[ASGIApp], ASGIApp]
"""Puts an ASGI application around another."""


def build(
    settings: MockSettings,
    *,
    scheme: Scheme | None = None,
    handlers: Mapping[str, Handler] | None = None,
    wrap: Layer | None = None,
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
    edition = editions.load(settings.edition)
    contract = edition.contract
    states = States(edition, settings.role)
    seed = states.read(settings.seed_data or edition.seeds[settings.role])
    store = open_store(settings.store)
    judge = judge_of(edition)
    sandboxes = Sandboxes(
        settings.limits,
        judge,
        opened=lambda name: _begin(store, name, states, seed),
        closed=lambda name: _empty(store, name),
    )
    own = handlings_of(edition, settings.role)
    served = {
        key: _served(operation, own, scheme, (handlers or {}).get(key))
        for key, operation in contract.served_by(settings.role).items()
    }

    paths = Paths(contract, settings.role, settings.base_path, judge.follows, hint_of(edition, settings.role))
    whose = partial(sandbox_of, scheme) if scheme and settings.sandbox_by_client else None
    front = SandboxRouting(sandboxes, whose)
    document = contract.document_for(settings.role)
    most = settings.limits.body_bytes

    # The road of a request, outermost first.
    road: list[Layer] = [
        # Control traffic and tokens are no part of the conversation, so they turn off before it is journalled.
        front.around,
        # What tests put in the way sees what a client would see.
        *([wrap] if wrap else []),
        # Journals whatever happens further in, faults included.
        lambda app: Journalling(app, sandboxes, settings.limits.journal_body_bytes, CONTROL),
        # Faults strike before anything is read, as those of a real network would.
        lambda app: FaultInjection(app, sandboxes, paths, most),
        # Connexion would answer an unknown path with a page of its own; here it gets a problem body and hints.
        lambda app: Unserved(app, paths, settings.base_path, most),
        # Finds the operation by the contract.
        lambda app: connexion_around(app, document, settings.base_path),
    ]
    application: ASGIApp = Endpoint(served, store, settings.limits, judge)
    for layer in reversed(road):
        application = layer(application)

    if isinstance(scheme, OAuth):
        front.oauth = token_endpoint.build(scheme)
    mock = Mock(settings, edition, contract, judge, store, sandboxes, paths, states, seed, scheme, application)
    front.control = control.build(mock, CONTROL)
    sandboxes.get()
    return mock


def _served(
    operation: Operation,
    own: Mapping[tuple[str, str], Handling],
    scheme: Scheme | None,
    instead: Handler | None,
) -> Served:
    """One operation with the handling of each of its messages."""
    handlings = {each.kind: own[operation.id, each.kind] for each in operation.messages}
    return Served(
        operation,
        {kind: replace(each, handler=instead or each.handler) for kind, each in handlings.items()},
        OperationGuard(operation, scheme) if scheme else None,
    )


def _begin(store: Store, sandbox: str, states: States, seed: JsonObject) -> None:
    """Seed a sandbox that has nothing in it; a durable store may hold it from an earlier run."""
    with store.begin(sandbox=sandbox, write=True) as tx:
        if not tx.count(states.main.kind):
            states.put(tx, seed)


def _empty(store: Store, sandbox: str) -> None:
    with store.begin(sandbox=sandbox, write=True) as tx:
        tx.clear()
