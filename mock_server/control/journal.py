"""The journal: list, find, wait, read one, explain, curl, export, validate without sending."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from mock_server.control.context import Control, Routes, body_of, json_response, limit_of, prefix_of, problem_response
from mock_server.domain.refusals import RefusalError
from mock_server.handling.problems import answer_to
from mock_server.handling.validation import admit, read
from mock_server.journal import criteria, views
from mock_server.journal.entry import Entry
from mock_server.state.sandboxes import Sandbox
from ooapi_toets import JsonObject, evidence, har
from ooapi_toets.errors import DataError
from ooapi_toets.masking import Masker
from ooapi_toets.strictjson import is_number, is_whole

_QUERY = {"method", "path", "operation", "kind", "session", "status", "outcome", "rule", "broken", "client",
          "credential", "since", "until", "text"}  # fmt: skip
_OWN_QUERY = {"limit", "order", "sandbox", "token"}
_LONGEST_WAIT = 60.0


def routes(control: Control) -> Routes:
    """The routes of this part."""
    return Requests(control).routes()


class Requests:
    """Reads the journal.

    Args:
        control: The mock as the control API sees it.
    """

    def __init__(self, control: Control) -> None:
        self._control = control
        self._mock = control.mock

    def routes(self) -> Routes:
        """Every route: method, path below the prefix, and what answers."""
        return [
            ("GET", "/requests", self._listing),
            ("DELETE", "/requests", self._clear),
            ("POST", "/requests/find", self._find),
            ("POST", "/requests/wait", self._wait),
            ("GET", "/requests.har", self._all_har),
            ("GET", "/requests.jsonl", self._lines),
            ("GET", "/requests/{id}", self._one),
            ("GET", "/requests/{id}/explain", self._explain),
            ("GET", "/requests/{id}/curl", self._curl),
            ("GET", "/requests/{id}/har", self._one_har),
            ("POST", "/requests/{id}/replay", self._replay),
            ("POST", "/validate", self._validate),
        ]

    async def _listing(self, request: Request) -> Response:
        sandbox = self._control.sandbox(request)
        unknown = set(request.query_params) - _QUERY - _OWN_QUERY
        if unknown:
            raise DataError(f"There is no filter {min(unknown)!r}.", f"There are: {', '.join(sorted(_QUERY))}.")
        wanted = criteria.checked(
            {name: value for name, value in request.query_params.items() if name not in _OWN_QUERY}
        )
        order = request.query_params.get("order", "desc")
        if order not in {"asc", "desc"}:
            raise DataError("order is asc or desc.")
        return json_response(
            _page(sandbox, wanted, limit_of(request), self._control.masker, newest_first=order == "desc")
        )

    async def _find(self, request: Request) -> Response:
        body = await _criteria(request)
        sandbox = self._control.sandbox(request)
        found = [entry for entry in sandbox.journal if criteria.matches(body, entry)]
        most = limit_of(request)
        return json_response(
            {
                "count": len(found),
                "evicted": sandbox.journal.evicted,
                "items": [self._full(each, request) for each in found[-most:]],
            }
        )

    async def _wait(self, request: Request) -> Response:
        body = await body_of(request)
        if not isinstance(body, dict) or set(body) - {"criteria", "count", "timeoutSeconds"}:
            raise DataError("To wait takes {criteria, count, timeoutSeconds}.")
        wanted = criteria.checked(body.get("criteria", {}))
        number, seconds = body.get("count", 1), body.get("timeoutSeconds", 10)
        if not is_whole(number) or number < 1 or not is_number(seconds) or seconds < 0:
            raise DataError("count is a whole number from 1, timeoutSeconds a number from 0.")
        sandbox = self._control.sandbox(request)
        found = await _wait(self._mock.sandboxes.heard, sandbox, wanted, number, min(float(seconds), _LONGEST_WAIT))
        if len(found) < number:
            near = criteria.nearest(wanted, sandbox.journal)
            return problem_response(
                408,
                "Not seen in time",
                f"{len(found)} of {number} were seen within {seconds} seconds.",
                count=len(found),
                evicted=sandbox.journal.evicted,
                nearMisses=[{**views.summary(entry, self._control.masker), "misses": missed} for entry, missed in near],
            )
        items = [views.summary(each, self._control.masker) for each in found]
        return json_response({"count": len(found), "evicted": sandbox.journal.evicted, "items": items})

    async def _one(self, request: Request) -> Response:
        return json_response(self._full(self._control.entry(request), request))

    def _full(self, entry: Entry, request: Request) -> JsonObject:
        recorded = views.RecordedEntry(entry, request.url.scheme)
        return views.full(recorded, self._control.register, self._control.masker, self._control.auth)

    async def _explain(self, request: Request) -> Response:
        control = self._control
        return PlainTextResponse(views.explain(control.entry(request), control.register, control.masker))

    async def _curl(self, request: Request) -> Response:
        line = evidence.curl(self._control.recorded(request), self._control.masker, self._control.auth)
        return PlainTextResponse(line + "\n")

    async def _one_har(self, request: Request) -> Response:
        return self._har([self._control.entry(request)], request)

    async def _all_har(self, request: Request) -> Response:
        return self._har(self._control.sandbox(request).journal, request)

    def _har(self, entries: Iterable[Entry], request: Request) -> Response:
        recorded = [views.RecordedEntry(each, request.url.scheme) for each in entries]
        text = har.render(recorded, self._control.masker, lambda each: criteria.outcome_of(each.entry))
        return Response(text, media_type="application/json")

    async def _lines(self, request: Request) -> Response:
        entries = list(self._control.sandbox(request).journal)

        async def stream() -> AsyncIterator[bytes]:
            for each in entries:
                yield orjson.dumps(self._full(each, request)) + b"\n"

        return StreamingResponse(stream(), media_type="application/jsonl")

    async def _clear(self, request: Request) -> Response:
        self._control.sandbox(request).journal.clear()
        return Response(status_code=204)

    async def _replay(self, request: Request) -> Response:
        entry = self._control.entry(request)
        if entry.outbound:
            return problem_response(409, "Sent by the mock", "Only a call that the mock was sent can be judged again.")
        if entry.body_size > len(entry.body):
            return problem_response(409, "Not kept whole", f"Of the body {len(entry.body):,} bytes are left.")
        types = (value.decode("latin-1") for name, value in entry.request_headers if name == b"content-type")
        path = entry.path.removeprefix(prefix_of(entry.sandbox))
        return json_response(_judged(self._control, entry.method, path, next(types, ""), entry.body))

    async def _validate(self, request: Request) -> Response:
        given = await body_of(request)
        if not isinstance(given, dict) or set(given) - {"method", "path", "contentType", "body"}:
            raise DataError("To validate takes {method, path, contentType, body}.", "path is below the host.")
        method, path = given.get("method"), given.get("path")
        declared = given.get("contentType", "application/json" if "body" in given else "")
        if not isinstance(method, str) or not isinstance(path, str) or not isinstance(declared, str):
            raise DataError("method, path and contentType are texts.")
        body = given.get("body")
        raw = body.encode() if isinstance(body, str) else orjson.dumps(body) if "body" in given else b""
        return json_response(_judged(self._control, method.upper(), path, declared, raw))


async def _criteria(request: Request) -> JsonObject:
    return criteria.checked(await body_of(request))


def _page(sandbox: Sandbox, wanted: JsonObject, most: int, masker: Masker | None, *, newest_first: bool) -> JsonObject:
    journal = sandbox.journal
    found = [entry for entry in journal if criteria.matches(wanted, entry)]
    shown = found[-most:][::-1] if newest_first else found[:most]
    oldest = next(iter(journal), None)
    return {
        "count": len(found),
        "kept": len(journal),
        "evicted": journal.evicted,
        "oldest": oldest.id if oldest else None,
        "items": [views.summary(each, masker) for each in shown],
    }


async def _wait(
    heard: list[Callable[[Sandbox, Entry], None]], sandbox: Sandbox, wanted: JsonObject, number: int, seconds: float
) -> list[Entry]:
    """The exchanges that match, once there are enough of them or time is up."""
    enough = asyncio.Event()
    found = [entry for entry in sandbox.journal if criteria.matches(wanted, entry)]

    def listen(where: Sandbox, entry: Entry) -> None:
        if where.name == sandbox.name and criteria.matches(wanted, entry):
            found.append(entry)
            if len(found) >= number:
                enough.set()

    if len(found) < number:
        heard.append(listen)
        try:
            await asyncio.wait_for(enough.wait(), seconds)
        except TimeoutError:
            pass
        finally:
            heard.remove(listen)
    return found


def _judged(control: Control, method: str, target: str, declared: str, raw: bytes) -> JsonObject:
    """What the mock would say of a message, without state and without a trace."""
    path, _, query = target.partition("?")
    try:
        match = control.mock.paths.find(method, path, raw)
        judge = control.mock.judge
        message, decoded = read(match.operation, declared.encode() or None, raw, judge.follows)
        admit(match.operation, message, match.ids, query.encode(), decoded, judge)
    except RefusalError as refusal:
        answer = answer_to(refusal)
        problem: dict[str, Any] = orjson.loads(answer.body)
        outcome = refusal.outcome.value if refusal.outcome else "none"
        return {**problem, "valid": False, "status": answer.status, "outcome": outcome}
    return {"valid": True, "operation": match.operation.id, "errors": []}
