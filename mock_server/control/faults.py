"""Bad days: plan what goes wrong, one by one or by the name of a preset."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from mock_server.control.context import Control, Routes, body_of, json_response, problem_response
from mock_server.state.faults import PRESETS
from ooapi_toets.errors import DataError
from ooapi_toets.strictjson import number_in


def routes(control: Control) -> Routes:
    """The routes of this part."""

    async def listing(request: Request) -> Response:
        return json_response([each.as_dict() for each in control.sandbox(request).faults])

    async def add(request: Request) -> Response:
        body = await body_of(request)
        faults = control.sandbox(request).faults
        if isinstance(body, dict) and "preset" in body:
            if set(body) - {"preset", "match"}:
                raise DataError("A preset is {preset, match}.")
            return json_response([each.as_dict() for each in faults.preset(body["preset"], body.get("match"))], 201)
        return json_response([faults.add(body).as_dict()], 201)

    async def clear(request: Request) -> Response:
        control.sandbox(request).faults.clear()
        return Response(status_code=204)

    async def remove(request: Request) -> Response:
        if control.sandbox(request).faults.remove(_number(request)):
            return Response(status_code=204)
        return problem_response(404, "There is no such fault.")

    async def presets(_: Request) -> Response:
        return json_response(PRESETS)

    return [
        ("GET", "/faults", listing),
        ("POST", "/faults", add),
        ("DELETE", "/faults", clear),
        ("GET", "/faults/presets", presets),
        ("DELETE", "/faults/{id}", remove),
    ]


def _number(request: Request) -> int:
    return number_in(request.path_params["id"]) or 0
