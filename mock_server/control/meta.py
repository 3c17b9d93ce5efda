"""Is it up, what is it, what does it speak; reset, sandboxes and settings."""

from __future__ import annotations

import hashlib
import time

import orjson
from starlette.requests import Request
from starlette.responses import Response

from mock_server.control.access import is_loopback
from mock_server.control.context import Control, Routes, body_of, json_response, prefix_of, problem_response
from ooapi_toets import __version__, resources
from ooapi_toets.errors import DataError
from ooapi_toets.redaction import RUN

_PARTS = {"state", "journal"}


def routes(control: Control) -> Routes:
    """The routes of this part."""
    return About(control).routes()


class About:
    """Answers questions about the mock itself.

    Args:
        control: The mock as the control API sees it.
    """

    def __init__(self, control: Control) -> None:
        self._control = control
        self._mock = control.mock
        self._document = orjson.dumps(control.mock.contract.document)
        self._digest = hashlib.sha256(self._document).hexdigest()

    def routes(self) -> Routes:
        """Every route: method, path below the prefix, and what answers."""
        return [
            ("GET", "/health", self._health),
            ("GET", "/ready", self._ready),
            ("GET", "/info", self._info),
            ("GET", "/spec.json", self._spec),
            ("GET", "/openapi.json", self._own_spec),
            ("POST", "/reset", self._reset),
            ("GET", "/sandboxes", self._sandboxes),
            ("DELETE", "/sandboxes/{name}", self._close_sandbox),
            ("GET", "/settings", self._settings),
            ("PUT", "/settings", self._change_settings),
        ]

    async def _health(self, _: Request) -> Response:
        return json_response({"status": "ok"})

    async def _ready(self, _: Request) -> Response:
        # Built before the socket answers: a contract, store or seed that will not do ends the start.
        return json_response(
            {"status": "ready", "operations": len(self._mock.contract.served_by(self._mock.settings.role))}
        )

    async def _info(self, request: Request) -> Response:
        settings = self._mock.settings
        sandbox = self._control.sandbox(request)
        with self._mock.store.begin(sandbox=sandbox.name) as tx:
            count = tx.count(self._mock.states.main.kind)
        return json_response(
            {
                "version": __version__,
                "role": settings.role,
                "edition": settings.edition,
                "contract": {"title": self._mock.contract.document["info"]["title"], "sha256": self._digest},
                "basePath": settings.base_path,
                "auth": self._control.auth,
                "url": str(request.base_url).rstrip("/") + prefix_of(sandbox.name) + settings.base_path,
                "sandbox": sandbox.name,
                "sandboxes": len(self._mock.sandboxes),
                "store": RUN.hide(settings.store.rsplit("@", maxsplit=1)[-1]),
                "offerings": count,
                "journal": {"kept": len(sandbox.journal), "evicted": sandbox.journal.evicted},
            }
        )

    async def _spec(self, _: Request) -> Response:
        return Response(self._document, media_type="application/json")

    async def _own_spec(self, _: Request) -> Response:
        return json_response(resources.read_yaml(resources.spec("mock-control.yaml")))

    async def _reset(self, request: Request) -> Response:
        only = set(filter(None, request.query_params.get("only", "").split(","))) or _PARTS
        if not only <= _PARTS:
            raise DataError(f"only may name: {', '.join(sorted(_PARTS))}.")
        sandbox = self._control.sandbox(request)
        if "journal" in only:
            sandbox.forget()
        count = self._mock.reset(sandbox.name) if "state" in only else None
        return json_response({"reset": sorted(only), "offerings": count})

    async def _sandboxes(self, _: Request) -> Response:
        self._mock.sandboxes.expire()
        return json_response(
            [
                {
                    "name": each.name,
                    "url": f"{prefix_of(each.name)}{self._mock.settings.base_path}",
                    "exchanges": each.tally.exchanges,
                    "idleSeconds": round(time.monotonic() - each.used, 1),
                }
                for each in self._mock.sandboxes
            ]
        )

    async def _close_sandbox(self, request: Request) -> Response:
        if not self._mock.sandboxes.close(request.path_params["name"]):
            return problem_response(404, "There is no such sandbox.")
        return Response(status_code=204)

    async def _settings(self, _: Request) -> Response:
        return json_response(_settings(self._control))

    async def _change_settings(self, request: Request) -> Response:
        wanted = await body_of(request)
        if not isinstance(wanted, dict) or set(wanted) - {"unmasked"} or not isinstance(wanted.get("unmasked"), bool):
            raise DataError("Settings that can be changed: unmasked (true or false).")
        if wanted["unmasked"] and not is_loopback(self._mock.settings.host):
            raise DataError("People are shown on this machine only.", "Start the mock without --host.")
        self._control.unmasked = wanted["unmasked"]
        return json_response(_settings(self._control))


def _settings(control: Control) -> dict[str, object]:
    limits = control.mock.settings.limits
    return {
        "unmasked": control.unmasked,
        "limits": {
            "bodyBytes": limits.body_bytes,
            "journalEntries": limits.journal_entries,
            "journalBytes": limits.journal_bytes,
            "offerings": limits.offerings,
            "sandboxes": limits.sandboxes,
            "sandboxIdleSeconds": limits.sandbox_idle_seconds,
        },
    }
