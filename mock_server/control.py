"""The control API under `/_mock/`: what a developer asks the mock about itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

if TYPE_CHECKING:
    from mock_server.app import Mock


def build(mock: Mock, prefix: str) -> Starlette:
    """The control application of a mock."""

    async def health(_: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def reset(_: Request) -> Response:
        mock.journal.clear()
        return JSONResponse({"offerings": mock.reset()})

    return Starlette(
        routes=[
            Route(f"{prefix}/health", health),
            Route(f"{prefix}/reset", reset, methods=["POST"]),
        ]
    )
