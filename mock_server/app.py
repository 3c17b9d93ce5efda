"""Builds the mock: the layers of the road, in order, each with the reason it stands there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from starlette.types import ASGIApp, Receive, Scope, Send

from mock_server import control, oauth_app, seeds
from mock_server.domain.refusals import RefusalError
from mock_server.endpoint import Endpoint, Served, send_answer
from mock_server.examiner import SANDBOX, Examiner
from mock_server.gate import Gate
from mock_server.journal import Journal
from mock_server.misbehaving import TRANSPORT, Misbehaving
from mock_server.oauth import OAuth
from mock_server.paths import Paths
from mock_server.problems import answer_to
from mock_server.roles import Handler, handlers_of
from mock_server.routing import connexion_around
from mock_server.sandboxes import Sandboxes
from mock_server.security import Scheme, guard_for, sandbox_of
from mock_server.settings import MockSettings
from mock_server.stores import open_store
from mock_server.stores.protocol import Store
from ooapi_toets import JsonObject
from ooapi_toets import contract as contracts
from ooapi_toets.contract import Contract

CONTROL = "/_mock"
SANDBOX_PATH = "/s/"
SANDBOX_HEADER = b"ooapi-toets-sandbox"

Wrap = Callable[[ASGIApp], ASGIApp]
"""Puts an ASGI application around another."""


@dataclass(frozen=True)
class Mock:
    """A mock that is ready to be served.

    Attributes:
        settings: What it was told.
        contract: The contract it plays.
        store: Its state.
        sandboxes: What passed, and what each client has shown.
        paths: What is served where.
        seed: The state that a sandbox begins with.
        scheme: How clients authenticate; None where everybody is let in.
        app: The ASGI application.
    """

    settings: MockSettings
    contract: Contract
    store: Store
    sandboxes: Sandboxes
    paths: Paths
    seed: JsonObject
    scheme: Scheme | None
    app: ASGIApp

    @property
    def journal(self) -> Journal:
        """What passed in the default sandbox."""
        return self.sandboxes.get().journal

    def reset(self, sandbox: str = "") -> int:
        """Put the state of a sandbox back to the seed data; returns how many sessions that are."""
        self.sandboxes.get(sandbox).identity.clear()
        with self.store.begin(sandbox=sandbox, write=True) as tx:
            tx.clear()
            return seeds.put(tx, self.seed)


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
    seed = seeds.read(settings.seed_data or seeds.default_for(settings.role), contract)
    store = open_store(settings.store)
    sandboxes = Sandboxes(
        settings.limits,
        opened=lambda name: _begin(store, name, seed),
        closed=lambda name: _empty(store, name),
    )
    own = {**handlers_of(settings.role), **(handlers or {})}
    served = {
        key: Served(
            operation,
            own[key],
            guard_for(operation, scheme) if scheme else None,
        )
        for key, operation in contract.served_by(settings.role).items()
    }

    # The road, from the inside out.
    most = settings.limits.body_bytes
    endpoint = Endpoint(served, store, settings.limits)
    document = contract.document_for(settings.role)
    routing = connexion_around(endpoint, document, settings.base_path)  # finds the operation
    paths = Paths(contract, settings.role, settings.base_path)
    gate = Gate(routing, paths, settings.base_path, most)  # no redirects, no tracebacks, the right Allow
    misbehaving = Misbehaving(gate, sandboxes, paths, most)  # bad days, on request
    examiner = Examiner(misbehaving, sandboxes, settings.limits.journal_body_bytes, CONTROL)  # sees all of the above
    road: ASGIApp = wrap(examiner) if wrap else examiner
    whose = partial(sandbox_of, scheme) if scheme and settings.sandbox_by_client else None
    front = Front(road, sandboxes, whose)  # control traffic is not part of the conversation, so it is not examined

    if isinstance(scheme, OAuth):
        front.oauth = oauth_app.build(scheme)
    mock = Mock(settings, contract, store, sandboxes, paths, seed, scheme, front)
    front.control = control.build(mock, CONTROL)
    sandboxes.get()
    return mock


def _begin(store: Store, sandbox: str, seed: JsonObject) -> None:
    """Seed a sandbox that has nothing in it; a durable store may hold it from an earlier run."""
    with store.begin(sandbox=sandbox, write=True) as tx:
        if not tx.count_offerings():
            seeds.put(tx, seed)


def _empty(store: Store, sandbox: str) -> None:
    with store.begin(sandbox=sandbox, write=True) as tx:
        tx.clear()


class Front:
    """Tells control traffic from conversation, and one sandbox from another.

    A sandbox is named by the path (`/s/NAME/ooapi/…`) or by a header, whichever a client can set, and else,
    where that was asked for, by who the client is. That is decided here and not where it is let in, so that
    planned faults and the link to the journal are those of its sandbox.

    Args:
        road: What takes the conversation.
        sandboxes: The sandboxes.
        whose: The sandbox of an Authorization header, where each client has one of its own.
    """

    def __init__(self, road: ASGIApp, sandboxes: Sandboxes, whose: Callable[[bytes], str] | None = None) -> None:
        self._road = road
        self._sandboxes = sandboxes
        self._whose = whose
        self.control: ASGIApp | None = None
        self.oauth: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the ASGI specification."""
        if scope["type"] != "http":
            await _lifespan(scope, receive, send)
            return
        name = ""
        path: str = scope["path"]
        if path.startswith(SANDBOX_PATH):
            name, slash, rest = path.removeprefix(SANDBOX_PATH).partition("/")
            scope["path"] = path = slash + rest
        else:
            for header, value in scope["headers"]:
                if header == SANDBOX_HEADER:
                    name = value.decode("latin-1")
                elif header == b"authorization" and self._whose is not None and not path.startswith(CONTROL):
                    name = name or self._whose(value)
        try:
            if name:
                self._sandboxes.get(name)
        except RefusalError as refusal:
            await send_answer(send, answer_to(refusal))
            return
        scope[SANDBOX] = name
        scope[TRANSPORT] = getattr(getattr(send, "__self__", None), "transport", None)
        if path.startswith(CONTROL) and self.control is not None:
            await self.control(scope, receive, send)
        elif self.oauth is not None and path.startswith(oauth_app.PREFIXES):
            await self.oauth(scope, receive, send)
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
