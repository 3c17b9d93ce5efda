"""Builds the control application: every route in one list, behind one door."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mock_server.control import about, events, faults, playing, requests, showing, state, tokens, verifying
from mock_server.control.access import Door
from mock_server.control.common import Control, problem_response
from mock_server.domain.refusals import RefusalError
from mock_server.problems import answer_to
from ooapi_toets.errors import ToetsError

if TYPE_CHECKING:
    from mock_server.app import Mock


def build(mock: Mock, prefix: str) -> Door:
    """The control application of a mock.

    Args:
        mock: The mock.
        prefix: Where it stands.
    """
    control = Control(mock, prefix)
    routes = [
        Route(prefix + path, endpoint, methods=[method])
        for method, path, endpoint in (
            *about.routes(control),
            *state.routes(control),
            *requests.routes(control),
            *verifying.routes(control),
            *faults.routes(control),
            *playing.routes(control),
            *showing.routes(control),
            *events.routes(control),
            *tokens.routes(control),
        )
    ]
    application = Starlette(
        routes=routes,
        exception_handlers={
            HTTPException: _http_error,
            ToetsError: _mistake,
            RefusalError: _refused,
        },
    )
    application.router.redirect_slashes = False
    return Door(application, mock.settings)


async def _http_error(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for it
    headers = dict(error.headers or {})
    return problem_response(error.status_code, error.detail, headers=headers)


async def _mistake(_request: Request, error: Exception) -> Response:
    assert isinstance(error, ToetsError)  # noqa: S101 - registered for it
    return problem_response(400, error.what, error.do)


async def _refused(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RefusalError)  # noqa: S101 - registered for it
    answer = answer_to(error)
    return Response(answer.body, answer.status, dict(_decoded(answer.headers)))


def _decoded(headers: tuple[tuple[bytes, bytes], ...]) -> list[tuple[str, str]]:
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]
