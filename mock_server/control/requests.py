"""The journal: list, find, count, wait, read one, explain, curl, export, validate without sending."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from mock_server import criteria, views
from mock_server.admission import admit
from mock_server.control.common import Control, Routes, body_of, json_response, limit_of, problem_response
from mock_server.domain.refusals import RefusalError
from mock_server.journal import Entry
from mock_server.problems import answer_to
from mock_server.sandboxes import Sandbox
from ooapi_toets import JsonObject, evidence, har
from ooapi_toets.errors import DataError

_QUERY = {"method", "path", "operation", "session", "status", "outcome", "rule", "broken", "client", "credential",
          "since", "until", "text"}  # fmt: skip
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
            ("POST", "/requests/count", self._count),
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
        newest_first = request.query_params.get("order", "desc") == "desc"
        return json_response(_page(sandbox, wanted, limit_of(request), newest_first=newest_first))

    async def _find(self, request: Request) -> Response:
        body = await _criteria(request)
        sandbox = self._control.sandbox(request)
        found = [entry for entry in sandbox.journal if criteria.matches(body, entry)]
        most = limit_of(request)
        return json_response(
            {
                "count": len(found),
                "evicted": sandbox.journal.evicted,
                "items": [views.full(each, self._control.register, self._control.masker) for each in found[-most:]],
            }
        )

    async def _count(self, request: Request) -> Response:
        body = await _criteria(request)
        sandbox = self._control.sandbox(request)
        number = sum(criteria.matches(body, entry) for entry in sandbox.journal)
        return json_response({"count": number, "evicted": sandbox.journal.evicted})

    async def _wait(self, request: Request) -> Response:
        body = await body_of(request)
        if not isinstance(body, dict):
            raise DataError("To wait takes {criteria, count, timeoutSeconds}.")
        wanted = criteria.checked(body.get("criteria", {}))
        number, seconds = body.get("count", 1), body.get("timeoutSeconds", 10)
        if not isinstance(number, int) or number < 1 or not isinstance(seconds, int | float):
            raise DataError("count is a whole number from 1, timeoutSeconds a number.")
        sandbox = self._control.sandbox(request)
        found = await _wait(self._mock.sandboxes.heard, sandbox, wanted, number, min(float(seconds), _LONGEST_WAIT))
        if len(found) < number:
            near = criteria.nearest(wanted, sandbox.journal)
            return problem_response(
                408,
                "Not seen in time",
                f"{len(found)} of {number} were seen within {seconds} seconds.",
                nearMisses=[{**views.summary(entry), "misses": missed} for entry, missed in near],
            )
        return json_response({"count": len(found), "items": [views.summary(each) for each in found]})

    async def _one(self, request: Request) -> Response:
        return json_response(views.full(self._control.entry(request), self._control.register, self._control.masker))

    async def _explain(self, request: Request) -> Response:
        return PlainTextResponse(views.explain(self._control.entry(request), self._control.register))

    async def _curl(self, request: Request) -> Response:
        line = evidence.curl(views.RecordedEntry(self._control.entry(request)), self._control.masker, "bearer")
        return PlainTextResponse(line + "\n")

    async def _one_har(self, request: Request) -> Response:
        return _har([self._control.entry(request)], self._control)

    async def _all_har(self, request: Request) -> Response:
        return _har(list(self._control.sandbox(request).journal), self._control)

    async def _lines(self, request: Request) -> Response:
        entries = list(self._control.sandbox(request).journal)

        async def stream() -> AsyncIterator[bytes]:
            for each in entries:
                yield orjson.dumps(views.full(each, self._control.register, self._control.masker)) + b"\n"

        return StreamingResponse(stream(), media_type="application/jsonl")

    async def _clear(self, request: Request) -> Response:
        self._control.sandbox(request).journal.clear()
        return Response(status_code=204)

    async def _replay(self, request: Request) -> Response:
        entry = self._control.entry(request)
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in entry.request_headers}
        return json_response(_judged(self._control, entry.method, entry.path, headers.get("content-type"), entry.body))

    async def _validate(self, request: Request) -> Response:
        body = await body_of(request)
        if (
            not isinstance(body, dict)
            or not isinstance(body.get("method"), str)
            or not isinstance(body.get("path"), str)
        ):
            raise DataError("To validate takes {method, path, contentType, body}.", "path is below the host.")
        value = body.get("body")
        raw = value.encode() if isinstance(value, str) else orjson.dumps(value) if "body" in body else b""
        declared = body.get("contentType", "application/json" if "body" in body else None)
        return json_response(_judged(self._control, body["method"].upper(), body["path"], declared, raw))


async def _criteria(request: Request) -> JsonObject:
    return criteria.checked(await body_of(request))


def _page(sandbox: Sandbox, wanted: JsonObject, most: int, *, newest_first: bool) -> JsonObject:
    journal = sandbox.journal
    found = [entry for entry in journal if criteria.matches(wanted, entry)]
    shown = found[-most:][::-1] if newest_first else found[:most]
    oldest = next(iter(journal), None)
    return {
        "count": len(found),
        "kept": len(journal),
        "evicted": journal.evicted,
        "oldest": oldest.id if oldest else None,
        "items": [views.summary(each) for each in shown],
    }


async def _wait(
    heard: list[Callable[[Sandbox, Entry], None]], sandbox: Sandbox, wanted: JsonObject, number: int, seconds: float
) -> list[Entry]:
    """The exchanges that match, once there are enough of them or time is up."""
    enough = asyncio.Event()
    found = [entry for entry in sandbox.journal if criteria.matches(wanted, entry)]

    def listen(where: Sandbox, entry: Entry) -> None:
        if where is sandbox and criteria.matches(wanted, entry):
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


def _judged(control: Control, method: str, target: str, declared: str | None, raw: bytes) -> JsonObject:
    """What the mock would say of a message, without state and without a trace."""
    path, _, query = target.partition("?")
    try:
        operation, text = control.mock.paths.find(method, path)
        admit(operation, text, query.encode(), declared.encode() if declared else None, raw)
    except RefusalError as refusal:
        answer = answer_to(refusal)
        problem: dict[str, Any] = orjson.loads(answer.body)
        return {"valid": False, "status": answer.status, **problem}
    return {"valid": True, "operation": operation.id, "errors": []}


def _har(entries: list[Entry], control: Control) -> Response:
    recorded = [views.RecordedEntry(each) for each in entries if each.status]
    comments = {each.id: criteria.outcome_of(each) for each in entries}
    text = har.render(recorded, control.masker, lambda each: comments[each.number])
    return Response(text, media_type="application/json")
