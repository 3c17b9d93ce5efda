"""Connexion at what it is best at: it reads the document and finds the operation. The only module that knows it.

Its security, validation and response layers inspect signatures and build validators for every request;
the same document is compiled once for our own (see docs/benchmarks.md).
"""

from __future__ import annotations

import warnings

from starlette.types import ASGIApp

from ooapi_toets import JsonObject

with warnings.catch_warnings():
    # Connexion 3.3 imports parts of starlette and jsonschema that their authors mean to drop; users of
    # the mock can do nothing about it. The upper bounds in pyproject.toml keep it working.
    warnings.simplefilter("ignore")
    from connexion.middleware import ConnexionMiddleware
    from connexion.middleware.routing import RoutingMiddleware


def connexion_around(endpoint: ASGIApp, document: JsonObject, base_path: str) -> ASGIApp:
    """The endpoint behind Connexion's routing, which puts the operation id into the scope.

    Args:
        endpoint: What answers.
        document: The OpenAPI document.
        base_path: What stands before the operations.

    Raises:
        Exception: Whatever Connexion raises for a document it cannot use; here and not at the first
            request, so that a mock never starts empty.
    """
    middleware = ConnexionMiddleware(
        endpoint,
        import_name=__name__,
        middlewares=[RoutingMiddleware],
        resolver=lambda _operation_id: _resolved,
    )
    middleware.add_api(document, base_path=base_path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        middleware.app, middleware.middleware_stack = middleware._build_middleware_stack()  # noqa: SLF001
    stack: ASGIApp = middleware
    return stack


def _resolved() -> None:
    """Connexion wants a function per operation; ours are found by operation id in the endpoint."""
