"""The mock as a client: who its peer is, and flows performed against it on request."""

from __future__ import annotations

import asyncio
import itertools
from collections import deque
from dataclasses import dataclass, field

import httpx
from starlette.requests import Request
from starlette.responses import Response

from mock_server.caller.player import ALL, Peer, Played, Player
from mock_server.control.context import Control, Routes, body_of, json_response, problem_response
from mock_server.roles import plays_of
from mock_server.roles.stage import Stage
from mock_server.state.sandboxes import Sandbox
from ooapi_toets import JsonObject, flows
from ooapi_toets.errors import DataError, ToetsError, UsageError
from ooapi_toets.outcomes import Outcome
from ooapi_toets.results import text

_MOST_RUNS = 100


@dataclass
class PlayRun:
    """One performance of a flow.

    Attributes:
        id: Its number.
        flow: What was performed.
        client: The role that performed it.
        server: The role of the other system.
        steps: What was done so far.
        state: `running`, `done` or `failed`.
        error: Why it could not go on.
    """

    id: int
    flow: str
    client: str
    server: str
    steps: list[Played] = field(default_factory=list)
    state: str = "running"
    error: str = ""

    def as_dict(self) -> JsonObject:
        """The run as data."""
        return {
            "id": self.id,
            "flow": self.flow,
            "client": self.client,
            "server": self.server,
            "state": self.state,
            "error": self.error or None,
            "steps": [each.as_dict() for each in self.steps],
        }


def routes(control: Control) -> Routes:
    """The routes of this part."""
    return Playing(control).routes()


class Playing:
    """Performs flows on request.

    Args:
        control: The mock as the control API sees it.
    """

    def __init__(self, control: Control) -> None:
        self._control = control
        self._mock = control.mock
        self._plays = control.mock.edition.plays[control.mock.settings.role]
        self._servers = {each["id"]: each["server"] for each in flows.documents(control.mock.edition.flows)}
        titles = plays_of(control.mock.edition)
        self._titles = {flow: text(titles[flow].title) for flow in self._plays}
        self._peer = Peer(control.mock.settings.peer, control.mock.settings.peer_auth)
        self._runs: deque[PlayRun] = deque(maxlen=_MOST_RUNS)
        self._numbers = itertools.count(1)
        self._tasks: set[asyncio.Task[None]] = set()

    def routes(self) -> Routes:
        """Every route: method, path below the prefix, and what answers."""
        return [
            ("GET", "/peer", self._show_peer),
            ("PUT", "/peer", self._set_peer),
            ("POST", "/flows/{id}/run", self._run),
            ("GET", "/runs", self._list),
            ("GET", "/runs/{id}", self._one),
        ]

    async def _show_peer(self, _: Request) -> Response:
        return json_response({"url": self._peer.url or None, "plays": list(self._plays), "titles": self._titles})

    async def _set_peer(self, request: Request) -> Response:
        body = await body_of(request)
        url = body.get("url") if isinstance(body, dict) else None
        if not isinstance(url, str) or not _is_base_url(url):
            raise DataError("A peer is {url}, the base URL of the other system.")
        self._peer = Peer(url, self._peer.auth)
        return await self._show_peer(request)

    async def _run(self, request: Request) -> Response:
        flow = request.path_params["id"]
        plays = (*self._plays, ALL)
        if flow not in plays:
            known = ", ".join(plays)
            return problem_response(404, f"This role performs no flow {flow[:20]!r}.", f"It performs: {known}.")
        body = await body_of(request, optional=True) or {}
        session = body.get("session") if isinstance(body, dict) else None
        if not isinstance(body, dict) or set(body) - {"session"} or not isinstance(session, str | None):
            raise DataError("To run a flow takes nothing, or {session}: the id of a session that both sides know.")
        if not self._peer.url:
            raise UsageError("The mock has no peer.", "Start it with --peer URL, or PUT /_mock/peer.")
        sandbox = self._control.sandbox(request)
        player = Player(
            self._mock.settings.role,
            Stage(self._mock.edition, self._mock.store, sandbox.name),
            self._peer,
            self._mock.sandboxes.next_entry,
        )
        server = self._servers[player.flows(flow)[0]]
        run = PlayRun(next(self._numbers), flow, self._mock.settings.role, server)
        self._runs.append(run)
        task = asyncio.create_task(self._perform(player, run, session, sandbox))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        if request.query_params.get("wait") != "false":
            await task
        return json_response(run.as_dict(), 200 if run.state != "running" else 202)

    async def _perform(self, player: Player, run: PlayRun, session: str | None, sandbox: Sandbox) -> None:
        try:
            async for played in player.perform(run.flow, session):
                run.steps.append(played)
                sandbox.journal.add(played.entry)
                for each in self._mock.sandboxes.heard:
                    each(sandbox, played.entry)
        except ToetsError as error:
            run.state, run.error = "failed", str(error)
            return
        run.state = "failed" if any(each.outcome is Outcome.FAIL for each in run.steps) else "done"

    async def _list(self, _: Request) -> Response:
        return json_response([each.as_dict() for each in self._runs])

    async def _one(self, request: Request) -> Response:
        wanted = request.path_params["id"]
        found = next((each for each in self._runs if str(each.id) == wanted), None)
        return json_response(found.as_dict()) if found else problem_response(404, "There is no such run.")


def _is_base_url(text: str) -> bool:
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL:
        return False
    return url.scheme in {"http", "https"} and bool(url.host) and not url.query and not url.fragment
