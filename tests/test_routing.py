"""The shortcut through Connexion's routes finds what Connexion itself finds, and leaves the rest to it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send

from mock_server.handling.routing import Shortcut, connexion_around
from ooapi_toets import editions
from ooapi_toets.contract import Contract

METHODS = ("GET", "HEAD", "PUT", "POST", "PATCH", "DELETE", "OPTIONS")
PATHS = (
    "/",
    "/offerings",
    "/offerings/7e57",
    "/offerings/a%20b",
    "/offerings/a b",
    "/offerings/7e57/associations",
    "/documents/doc-1",
    "/offerings/",
    "/offerings/7e57/associations/more",
    "/nothing",
)


async def endpoint(scope: Scope, receive: Receive, send: Send) -> None:
    """What was found, sent as if it were an answer."""
    del receive
    await send({"found": scope["extensions"]["connexion_routing"]["operation_id"], "params": scope["path_params"]})


def found(app: Any, method: str, path: str) -> object:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": b"",
        "headers": [],
        "server": ("127.0.0.1", 80),
        "extensions": {},
    }
    try:
        asyncio.run(app(scope, None, send))
    except HTTPException as error:
        return error.status_code
    return [message.get("status", message) for message in sent if message.get("type") != "http.response.body"]


@pytest.mark.parametrize("role", editions.ROLES)
@pytest.mark.parametrize("base_path", ["/ooapi", "", "/a/ooapi"])
def test_the_shortcut_finds_what_connexion_finds(contract: Contract, role: str, base_path: str) -> None:
    shortcut = connexion_around(endpoint, contract.document_for(role), base_path)
    assert isinstance(shortcut, Shortcut)
    operations = set()
    for method in METHODS:
        for path in PATHS:
            by_shortcut = found(shortcut, method, base_path + path)
            assert by_shortcut == found(shortcut.connexion, method, base_path + path), (method, path)
            if isinstance(by_shortcut, list) and isinstance(by_shortcut[0], dict):
                operations.add(by_shortcut[0]["found"])
    assert operations - {None} == set(contract.served_by(role))
