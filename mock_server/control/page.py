"""The page at `/_mock/`: files that hold nothing of anybody, under a policy that lets nothing else in.

All that the page shows and does goes through the control API, which asks for the token where there is one.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from mock_server.control.context import Control, Routes, problem_response

_FOLDER = Path(__file__).resolve().parent.parent / "page"
_INDEX = "index.html"
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    # What the page shows was sent by strangers: text cannot become markup or script, not even by mistake.
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "cache-control": "no-cache",  # another version of the mock may stand at the same address tomorrow
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


def paths(prefix: str) -> frozenset[str]:
    """Where the files of the page are; they hold no secrets, so they are for everybody.

    Args:
        prefix: Where the control API stands.
    """
    return frozenset({prefix, f"{prefix}/", *(f"{prefix}/page/{name}" for name in _files())})


def routes(control: Control) -> Routes:
    """The routes of this part."""
    del control  # the page asks the rest of the control API

    async def slash(request: Request) -> Response:
        # Relative, so that it holds behind a prefix; what the page loads stands below the slash.
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"_mock/{query}", 307)

    async def index(_: Request) -> Response:
        return _file(_INDEX)

    async def part(request: Request) -> Response:
        name = request.path_params["name"]
        return _file(name) if name in _files() else problem_response(404, "The page has no such file.")

    return [("GET", "", slash), ("GET", "/", index), ("GET", "/page/{name}", part)]


@cache
def _files() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in _FOLDER.iterdir() if path.suffix in _TYPES}


def _file(name: str) -> Response:
    return Response(_files()[name], headers={**_HEADERS, "content-type": _TYPES[Path(name).suffix]})
