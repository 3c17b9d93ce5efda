"""The endpoints of the authorization server: tokens, keys, discovery. Beside the conversation, not in it."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from mock_server.auth.authorization_server import OAuth

PREFIXES = ("/oauth2/", "/.well-known/")
_LARGEST_FORM = 10_000


def build(oauth: OAuth) -> Starlette:
    """The application of an authorization server."""

    async def token(request: Request) -> Response:
        form = b""
        async for part in request.stream():
            form += part
            if len(form) > _LARGEST_FORM:
                return JSONResponse({"error": "invalid_request"}, 400)
        status, answer = oauth.token_answer(request.headers.get("authorization", ""), form.decode("latin-1"))
        headers = {"cache-control": "no-store"}
        if status == 401:  # noqa: PLR2004 - RFC 6749 section 5.2
            headers["www-authenticate"] = 'Basic realm="ooapi-toets mock"'
        return JSONResponse(answer, status, headers)

    async def keys(_: Request) -> Response:
        return JSONResponse(oauth.keys())

    async def discovery(_: Request) -> Response:
        return JSONResponse(oauth.discovery())

    return Starlette(
        routes=[
            Route("/oauth2/token", token, methods=["POST"]),
            Route("/oauth2/jwks", keys),
            Route("/.well-known/oauth-authorization-server", discovery),
            Route("/.well-known/openid-configuration", discovery),
        ]
    )
