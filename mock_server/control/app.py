"""Builds the control application: every route in one list, behind one door."""

from __future__ import annotations

import logging

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mock_server.control import coverage, events, faults, flows, journal, meta, page, state, tokens, verify
from mock_server.control.access import Door
from mock_server.control.context import Control, problem_response
from mock_server.domain.refusals import RefusalError
from mock_server.handling.problems import answer_to
from mock_server.mock import Mock
from ooapi_toets.errors import ToetsError

log = logging.getLogger("ooapi_toets.mock")


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
            *meta.routes(control),
            *state.routes(control),
            *journal.routes(control),
            *verify.routes(control),
            *faults.routes(control),
            *flows.routes(control),
            *coverage.routes(control),
            *events.routes(control),
            *tokens.routes(control),
            *page.routes(control),
        )
    ]
    application = Starlette(
        routes=routes,
        exception_handlers={
            HTTPException: _http_error,
            ToetsError: _mistake,
            RefusalError: _refused,
            Exception: _failed,
        },
    )
    application.router.redirect_slashes = False
    # A health check has no token to show, and learns no more than that the mock is up.
    return Door(application, mock.settings, page.paths(prefix) | {f"{prefix}/health"})


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for it
    headers = dict(error.headers or {})
    if error.status_code == 405:  # noqa: PLR2004 - RFC 9110 section 15.5.6
        # Starlette names the methods of the first route at a path only.
        headers = {"allow": ", ".join(sorted(_methods_at(request)))}
    return problem_response(error.status_code, error.detail, headers=headers)


def _methods_at(request: Request) -> set[str]:
    routes: list[Route] = request.app.routes
    return {method for each in routes if each.path_regex.match(request.url.path) for method in each.methods or ()}


async def _mistake(_request: Request, error: Exception) -> Response:
    assert isinstance(error, ToetsError)  # noqa: S101 - registered for it
    return problem_response(400, error.what, error.do)


async def _failed(request: Request, error: Exception) -> Response:
    log.error("The control API failed on %s %s; this is our fault.", request.method, request.url.path, exc_info=error)
    return problem_response(500, "The mock failed", "This is a fault of the mock; its log says more.")


async def _refused(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RefusalError)  # noqa: S101 - registered for it
    answer = answer_to(error)
    return Response(answer.body, answer.status, dict(_decoded(answer.headers)))


def _decoded(headers: tuple[tuple[bytes, bytes], ...]) -> list[tuple[str, str]]:
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]
