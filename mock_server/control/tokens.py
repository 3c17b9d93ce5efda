"""Tokens on demand: issued with any scope, audience and lifetime, expired, revoked."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from mock_server.auth.authorization_server import AUDIENCE, OAuth
from mock_server.control.context import Control, Routes, body_of, json_response
from ooapi_toets.errors import DataError
from ooapi_toets.strictjson import is_whole


def routes(control: Control) -> Routes:
    """The routes of this part."""
    return Tokens(control).routes()


class Tokens:
    """Makes and unmakes tokens.

    Args:
        control: The mock as the control API sees it.
    """

    def __init__(self, control: Control) -> None:
        self._scheme = control.mock.scheme

    def routes(self) -> Routes:
        """Every route: method, path below the prefix, and what answers."""
        return [
            ("GET", "/clients", self._clients),
            ("POST", "/tokens", self._issue),
            ("POST", "/tokens/expire", self._expire),
            ("DELETE", "/tokens/{jti}", self._revoke),
        ]

    def _server(self) -> OAuth:
        if not isinstance(self._scheme, OAuth):
            raise HTTPException(409, "This mock issues no tokens; start it with --auth oauth2.")
        return self._scheme

    async def _clients(self, _: Request) -> Response:
        listed = self._scheme.clients() if isinstance(self._scheme, OAuth) else []
        return json_response([{"id": each.id, "scopes": sorted(each.scopes)} for each in listed])

    async def _issue(self, request: Request) -> Response:
        server = self._server()
        body = await body_of(request)
        if not isinstance(body, dict) or set(body) - {"client", "scopes", "ttl", "audience"}:
            raise DataError("A token is {client, scopes, ttl, audience}.")
        scopes, ttl = body.get("scopes", []), body.get("ttl", server.lifetime)
        if not isinstance(scopes, list) or not all(isinstance(each, str) for each in scopes) or not is_whole(ttl):
            raise DataError("scopes is a list of texts, ttl a whole number of seconds.")
        client, audience = str(body.get("client", "control")), str(body.get("audience", AUDIENCE))
        token, jti = server.issue(client, frozenset(scopes), ttl=ttl, audience=audience)
        return json_response({"access_token": token, "token_type": "Bearer", "expires_in": ttl, "jti": jti}, 201)

    async def _expire(self, _: Request) -> Response:
        self._server().expire_all()
        return Response(status_code=204)

    async def _revoke(self, request: Request) -> Response:
        self._server().revoke(request.path_params["jti"])
        return Response(status_code=204)
