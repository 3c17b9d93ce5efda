"""What the mock remembers: export, replace, merge, one session, its history, snapshots and seeds."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from mock_server.control.context import Control, Routes, body_of, json_response, limit_of, problem_response
from mock_server.journal.entry import Entry
from mock_server.journal.views import RecordedEntry
from mock_server.state import seeds
from mock_server.state.stores.protocol import Transaction
from ooapi_toets import JsonObject
from ooapi_toets.errors import DataError
from ooapi_toets.samples import consumer_of

_MOST_SNAPSHOTS = 50
_UNKNOWN = "No session is registered under this id."


def routes(control: Control) -> Routes:
    """The routes of this part."""
    return State(control).routes()


class State:
    """Reads and changes what the mock remembers.

    Args:
        control: The mock as the control API sees it.
    """

    def __init__(self, control: Control) -> None:
        self._control = control
        self._mock = control.mock
        self._states = control.mock.states
        self._sessions = self._states.main.kind

    def routes(self) -> Routes:
        """Every route: method, path below the prefix, and what answers."""
        return [
            ("GET", "/state", self._export),
            ("PUT", "/state", self._replace),
            ("PATCH", "/state", self._merge),
            ("DELETE", "/state", self._clear),
            ("GET", "/state/{session}", self._one),
            ("PUT", "/state/{session}", self._put_one),
            ("DELETE", "/state/{session}", self._delete_one),
            ("GET", "/state/{session}/history", self._history),
            ("GET", "/sessions", self._listing),
            ("GET", "/snapshots", self._snapshots),
            ("POST", "/snapshots", self._take),
            ("POST", "/snapshots/{name}/restore", self._restore),
            ("DELETE", "/snapshots/{name}", self._drop),
            ("GET", "/seeds", self._seed_names),
            ("POST", "/seeds/{name}", self._sow),
        ]

    @contextmanager
    def _writing(self, request: Request) -> Iterator[Transaction]:
        """The state of a sandbox, to be changed from outside the conversation."""
        sandbox = self._control.sandbox(request)
        sandbox.changed()
        with self._mock.store.begin(sandbox=sandbox.name, write=True) as tx:
            yield tx

    def _shown(self, state: JsonObject) -> JsonObject:
        """A state with people masked; each message on its own, because the contract says of those what is personal."""
        masker = self._control.masker
        if masker is None:
            return state
        return {
            name: {key: masker.body(each) for key, each in part.items()}
            if isinstance(part, dict)
            else [masker.body(each) for each in part]
            for name, part in state.items()
        }

    async def _listing(self, request: Request) -> Response:
        """The sessions, one line each: for a page that cannot hold a whole export."""
        most, text = limit_of(request), request.query_params.get("text", "").lower()
        # The last ones put: that is where the session is that somebody has just registered.
        last: deque[tuple[str, bytes]] = deque(maxlen=most)
        count = 0
        with self._mock.store.begin(sandbox=self._control.sandbox(request).name) as tx:
            for key, record in tx.records(self._sessions):
                if not text or text in record.decode().lower():
                    last.append((key, record))
                    count += 1
            return json_response({"count": count, "items": [self._line(tx, *each) for each in reversed(last)]})

    async def _export(self, request: Request) -> Response:
        with self._mock.store.begin(sandbox=self._control.sandbox(request).name) as tx:
            return json_response(self._shown(self._states.export(tx)))

    async def _replace(self, request: Request) -> Response:
        state = self._states.checked(await body_of(request))
        with self._writing(request) as tx:
            tx.clear()
            return json_response({"offerings": self._states.put(tx, state)})

    async def _merge(self, request: Request) -> Response:
        state = self._states.checked(await body_of(request))
        with self._writing(request) as tx:
            return json_response({"offerings": self._states.put(tx, state)})

    async def _clear(self, request: Request) -> Response:
        with self._writing(request) as tx:
            tx.clear()
        return Response(status_code=204)

    async def _one(self, request: Request) -> Response:
        key = _key(request)
        with self._mock.store.begin(sandbox=self._control.sandbox(request).name) as tx:
            state = self._states.one(tx, key)
        if state is None:
            return problem_response(404, _UNKNOWN)
        shown = self._shown(state)
        main, *others = self._states.records
        return json_response(
            {main.one: shown[main.part][0]} | {each.part: shown[each.part].get(key, []) for each in others}
        )

    async def _put_one(self, request: Request) -> Response:
        body = await body_of(request)
        main, *others = self._states.records
        parts = [each.part for each in others]
        if not isinstance(body, dict) or main.one not in body or set(body) - {main.one, *parts}:
            raise DataError(f"A session is {{{', '.join((main.one, *parts))}}}.")
        value = body[main.one]
        if not isinstance(value, dict) or str(value.get(main.id)).lower() != _key(request):
            raise DataError(f"The {main.id} in the body is not the one in the path.")
        state = self._states.checked(
            {main.part: [value]} | {name: {value[main.id]: body.get(name, [])} for name in parts}
        )
        with self._writing(request) as tx:
            self._states.put(tx, state)
        return json_response({"offerings": 1})

    async def _delete_one(self, request: Request) -> Response:
        key = _key(request)
        with self._writing(request) as tx:
            if tx.get(self._sessions, key) is None:
                return problem_response(404, _UNKNOWN)
            tx.delete(self._sessions, key)
        return Response(status_code=204)

    async def _history(self, request: Request) -> Response:
        key = _key(request)
        sandbox = self._control.sandbox(request)
        changes = [
            _change(entry, self._control)
            for entry in sandbox.journal
            if entry.effect is not None and entry.effect.session == key and entry.effect.kind != "none"
        ]
        return json_response({"session": key, "changes": changes, "evicted": sandbox.journal.evicted})

    async def _snapshots(self, request: Request) -> Response:
        kept = self._control.sandbox(request).snapshots
        return json_response([{"name": name, "offerings": self._count(each)} for name, each in kept.items()])

    async def _take(self, request: Request) -> Response:
        body = await body_of(request)
        name = body.get("name") if isinstance(body, dict) else None
        if not isinstance(name, str) or not name or "/" in name:
            raise DataError("A snapshot needs a name.", '{"name": "before the resit"}')
        sandbox = self._control.sandbox(request)
        if len(sandbox.snapshots) >= _MOST_SNAPSHOTS and name not in sandbox.snapshots:
            raise DataError(f"There are {_MOST_SNAPSHOTS} snapshots already; delete one first.")
        with self._mock.store.begin(sandbox=sandbox.name) as tx:
            sandbox.snapshots[name] = self._states.export(tx)
        return json_response({"name": name, "offerings": self._count(sandbox.snapshots[name])}, 201)

    async def _restore(self, request: Request) -> Response:
        sandbox = self._control.sandbox(request)
        state = sandbox.snapshots.get(request.path_params["name"])
        if state is None:
            return problem_response(404, "There is no such snapshot.")
        with self._writing(request) as tx:
            tx.clear()
            return json_response({"offerings": self._states.put(tx, state)})

    async def _drop(self, request: Request) -> Response:
        if self._control.sandbox(request).snapshots.pop(request.path_params["name"], None) is None:
            return problem_response(404, "There is no such snapshot.")
        return Response(status_code=204)

    async def _seed_names(self, _: Request) -> Response:
        return json_response(seeds.names())

    async def _sow(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name not in seeds.names():
            return problem_response(404, "There is no such seed.", f"There are: {', '.join(seeds.names())}.")
        with self._writing(request) as tx:
            tx.clear()
            return json_response({"offerings": self._states.put(tx, self._states.read(name))})

    def _count(self, state: JsonObject) -> int:
        return len(state[self._states.main.part])

    def _line(self, tx: Transaction, key: str, record: bytes) -> JsonObject:
        offering: dict[str, Any] = orjson.loads(record)
        consumer = consumer_of(offering) or {}
        return {
            "session": key,
            "code": offering["primaryCode"]["code"],
            "name": offering["name"][0]["value"] if offering["name"] else "",
            "start": offering["startDateTime"],
            "end": offering["endDateTime"],
            "state": consumer.get("offeringState"),
            "people": sum(tx.count(each.kind, key) for each in self._states.records[1:]),
            "report": bool(consumer.get("irregularities") or consumer.get("documents")),
        }


def _key(request: Request) -> str:
    """The session that a path names."""
    text: str = request.path_params["session"]
    if "\0" in text:  # PostgreSQL knows no such text
        raise HTTPException(404, _UNKNOWN)
    return text.lower()


def _change(entry: Entry, control: Control) -> JsonObject:
    effect = entry.effect
    assert effect is not None  # noqa: S101 - the caller looked; for the type checker
    record = effect.after if effect.kind in {"created", "replaced", "report"} else None
    value = orjson.loads(record) if record else None
    return {
        "at": RecordedEntry(entry).started,
        "exchange": entry.id,
        "link": f"{control.prefix}/requests/{entry.id}",
        "effect": effect.as_dict(),
        "offering": control.masker.body(value) if control.masker and value else value,
    }
