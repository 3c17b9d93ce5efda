"""Connexion at what it is best at: it reads the document and finds the operation. The only module that knows it.

Its security, validation and response layers inspect signatures and build validators for every request;
the same document is compiled once for our own (see docs/benchmarks.md).
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable

from starlette.types import ASGIApp, Receive, Scope, Send

from ooapi_toets import JsonObject
from ooapi_toets.errors import DataError

with warnings.catch_warnings():
    # Connexion 3.3 imports parts of starlette and jsonschema that their authors mean to drop; users of
    # the mock can do nothing about it. The upper bounds in pyproject.toml keep it working.
    warnings.simplefilter("ignore")
    from connexion.exceptions import ConnexionException
    from connexion.middleware import ConnexionMiddleware
    from connexion.middleware.routing import RoutingMiddleware


def connexion_around(endpoint: ASGIApp, document: JsonObject, base_path: str) -> ASGIApp:
    """The endpoint behind Connexion's routing, which puts the operation id into the scope.

    Args:
        endpoint: What answers.
        document: The OpenAPI document.
        base_path: What stands before the operations.

    Raises:
        DataError: When Connexion cannot use the document; here and not at the first request, so that a
            mock never starts empty.
    """
    middleware = ConnexionMiddleware(
        endpoint,
        import_name=__name__,
        middlewares=[RoutingMiddleware],
        resolver=lambda _operation_id: _resolved,
    )
    try:
        middleware.add_api(document, base_path=base_path)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            middleware.app, middleware.middleware_stack = middleware._build_middleware_stack()  # noqa: SLF001
    except ConnexionException as error:
        raise DataError(f"The contract cannot be served: {error}.") from error
    return Shortcut(endpoint, middleware)


class Shortcut:
    """Looks a request up in the routes that Connexion made; what matches none goes all the way through it.

    On its own way Connexion tries each route of each method, in one router inside another, and copies the
    scope for both: measured, a GET takes a fifth less without.

    Args:
        endpoint: What answers.
        connexion: Connexion with its stack built, for one API.

    Attributes:
        connexion: The long way, which finds the same.
    """

    def __init__(self, endpoint: ASGIApp, connexion: ConnexionMiddleware) -> None:
        self._endpoint = endpoint
        self.connexion: ASGIApp = connexion
        routing = next(each for each in connexion.middleware_stack if isinstance(each, RoutingMiddleware))
        (mount,) = routing.router.routes
        self._base: str = mount.path
        self._routes: dict[str, list[tuple[Callable[[str], re.Match[str] | None], str]]] = {}
        for route in mount.routes:
            for method in route.methods:
                self._routes.setdefault(method, []).append((route.path_regex.match, route.endpoint.operation_id))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the ASGI specification; leaves in the scope what Connexion would."""
        path: str = scope["path"]
        if path.startswith(self._base):
            inside = path[len(self._base) :]
            for match, operation_id in self._routes.get(scope["method"], ()):
                if found := match(inside):
                    scope["path_params"] = found.groupdict()
                    scope["extensions"]["connexion_routing"] = {"operation_id": operation_id}
                    await self._endpoint(scope, receive, send)
                    return
        await self.connexion(scope, receive, send)


def _resolved() -> None:
    """Connexion wants a function per operation; ours are found by operation id in the endpoint."""
