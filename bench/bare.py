"""The yardstick: the smallest Starlette application that validates the same messages and remembers them.

It keeps no journal, explains nothing, compares nothing and trusts its path; what it lacks is what the mock adds.
"""

from __future__ import annotations

import sys

import orjson
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bench.cases import BASE
from ooapi_toets import editions

_operations = editions.load().contract.operations
_offering_is_valid = _operations["putOffering"].body.is_valid  # type: ignore[union-attr] # it has a body
_people_are_valid = _operations["putAssociations"].body.is_valid  # type: ignore[union-attr] # it has a body
_offerings: dict[str, bytes] = {}
_people: dict[str, bytes] = {}
_JSON = "application/json"


async def put_offering(request: Request) -> Response:
    """Create or change a session."""
    body = await request.body()
    value = orjson.loads(body)
    if not _offering_is_valid(value):
        return Response(status_code=400)
    _offerings[value["offeringId"]] = body
    return Response(body, media_type=_JSON)


async def get_offering(request: Request) -> Response:
    """Read a session."""
    found = _offerings.get(request.path_params["key"])
    return Response(status_code=404) if found is None else Response(found, media_type=_JSON)


async def put_people(request: Request) -> Response:
    """Replace the participants of a session."""
    body = await request.body()
    if not _people_are_valid(orjson.loads(body)):
        return Response(status_code=400)
    _people[request.path_params["key"]] = body
    return Response(body, media_type=_JSON)


app = Starlette(
    routes=[
        Route(f"{BASE}/offerings", put_offering, methods=["PUT"]),
        Route(f"{BASE}/offerings/{{key}}", get_offering, methods=["GET"]),
        Route(f"{BASE}/offerings/{{key}}/associations", put_people, methods=["PUT"]),
    ]
)

if __name__ == "__main__":
    uvicorn.run(app, port=int(sys.argv[1]), log_level="critical", access_log=False)
