"""Connexion as it comes: an AsyncApp on the same document, with its own validation and answers."""

from __future__ import annotations

import sys
import warnings
from typing import Any

import uvicorn
from starlette.responses import Response

from bench.cases import BASE
from ooapi_toets import editions

with warnings.catch_warnings():
    # See mock_server/handling/routing.py.
    warnings.simplefilter("ignore")
    from connexion import AsyncApp
    from connexion.options import SwaggerUIOptions

_JSON = "application/json"


async def answer(body: Any = None, **path: Any) -> Response:
    """What every operation does: it takes what was valid, and says so."""
    del body, path
    # A response object of the framework: with a plain value Connexion answers 500 where an operation
    # describes several media types.
    return Response(b"{}", media_type=_JSON)


app = AsyncApp(__name__, swagger_ui_options=SwaggerUIOptions(swagger_ui=False))
app.add_api(editions.load().contract.document_for("toetsafname"), base_path=BASE, resolver=lambda _operation_id: answer)

if __name__ == "__main__":
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        uvicorn.run(app, port=int(sys.argv[1]), log_level="critical", access_log=False)
