"""What the client of this mock has shown: flows step by step, coverage, and the report of its role."""

from __future__ import annotations

import time
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from mock_server.control.context import Control, Routes, json_response, prefix_of, problem_response
from mock_server.judging import role_report
from mock_server.judging.coverage import RuleTally
from mock_server.state.sandboxes import Sandbox
from ooapi_toets import JsonObject, flows
from ooapi_toets.outcomes import Half, Outcome
from ooapi_toets.results import text


def routes(control: Control) -> Routes:
    """The routes of this part."""
    mock = control.mock
    started = time.time()
    mine = [each for each in flows.documents(mock.edition.flows) if each["server"] == mock.settings.role]

    async def listing(request: Request) -> Response:
        sandbox = control.sandbox(request)
        return json_response([_flow(each, sandbox) for each in mine])

    async def one(request: Request) -> Response:
        wanted = request.path_params["id"]
        found = next((each for each in mine if each["id"] == wanted), None)
        if found is None:
            names = ", ".join(each["id"] for each in mine)
            return problem_response(404, "There is no such flow here.", f"There are: {names}.")
        sandbox = control.sandbox(request)
        rules = [
            {
                "rule": rule.id,
                "level": rule.level.value,
                "sentence": text(rule.sentence),
                "outcome": _outcome(sandbox.tally.rules.get(rule.id)),
            }
            for rule in control.register.of(
                edition=mock.settings.edition, role=mock.edition.caller(mock.settings.role), half=Half.CLIENT
            )
            if rule.chapter == wanted or rule.id.startswith(f"{wanted}-")
        ]
        return json_response({**_flow(found, sandbox), "rules": rules})

    async def coverage(request: Request) -> Response:
        sandbox = control.sandbox(request)
        tally = sandbox.tally
        operations = mock.contract.served_by(mock.settings.role)
        client = mock.edition.caller(mock.settings.role)
        rules = control.register.of(edition=mock.settings.edition, role=client, half=Half.CLIENT)
        return json_response(
            {
                "exchanges": tally.exchanges,
                "operations": [
                    {
                        "operation": name,
                        "method": each.method,
                        "path": each.path,
                        "statuses": {
                            str(status): count
                            for (operation, status), count in sorted(tally.operations.items())
                            if operation == name
                        },
                    }
                    for name, each in operations.items()
                ],
                "unmatched": sum(count for (name, _), count in tally.operations.items() if name == "none"),
                "steps": {
                    step: {"first": seen[0], "last": seen[1], "count": seen[2]} for step, seen in tally.steps.items()
                },
                "missing": [rule.id for rule in rules if rule.id not in tally.rules],
                "rules": {
                    rule: {"outcome": each.worst.value, "checks": each.checks, "exchange": each.entry}
                    for rule, each in tally.rules.items()
                },
            }
        )

    async def report(request: Request) -> Response:
        sandbox = control.sandbox(request)
        url = str(request.base_url).rstrip("/") + prefix_of(sandbox.name) + mock.settings.base_path
        settings = mock.settings
        return json_response(
            role_report.build(
                sandbox.tally,
                control.register,
                settings.role,
                settings.edition,
                url,
                started,
                sandbox.recovery.overdue(time.time()),
            )
        )

    return [
        ("GET", "/flows", listing),
        ("GET", "/flows/{id}", one),
        ("GET", "/coverage", coverage),
        ("GET", "/report", report),
    ]


def _flow(flow: JsonObject, sandbox: Sandbox) -> JsonObject:
    seen = sandbox.tally.steps.get(flow["id"])
    steps: list[dict[str, Any]] = [
        {**step, "seen": bool(seen) if step.get("step") == flow["id"] else step.get("step") in sandbox.tally.steps}
        for step in flow["steps"]
    ]
    return {
        "id": flow["id"],
        "title": flow["title"],
        "client": flow["client"],
        "server": flow["server"],
        "seen": {"first": seen[0], "last": seen[1], "count": seen[2]} if seen else None,
        "steps": steps,
    }


def _outcome(tally: RuleTally | None) -> str:
    return (tally.worst if tally else Outcome.NOT_EXERCISED).value
