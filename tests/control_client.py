"""A client of the mock's control API that holds every answer to the document of that API."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import httpx
import jsonschema

from mock_server.serving.server import MockServer
from mock_server.settings import CONTROL
from ooapi_toets import JsonObject, resources

DOCUMENT: JsonObject = resources.read_yaml(resources.spec("mock-control.yaml"))
METHODS = ("get", "put", "post", "patch", "delete")


def control_of(server: MockServer, sandbox: str = "") -> httpx.Client:
    """A client for the control API of a mock; an answer that is not as described fails the test."""
    return control_at(server.origin, sandbox)


def control_at(origin: str, sandbox: str = "", **options: Any) -> httpx.Client:
    """The same for a mock elsewhere, such as in another process."""
    prefix = f"/s/{sandbox}" if sandbox else ""
    return httpx.Client(
        base_url=f"{origin}{prefix}{CONTROL}", timeout=30, event_hooks={"response": [_as_described]}, **options
    )


def _as_described(answer: httpx.Response) -> None:
    described = _operation(answer.request.method, answer.request.url.path.partition(CONTROL)[2])
    if described is None:
        assert answer.status_code in {404, 405}, f"{answer.request.method} {answer.request.url} is not described"
        return
    responses = described["responses"]
    found = _resolved(responses.get(str(answer.status_code)) or responses["default"])
    content = found.get("content", {})
    if str(answer.status_code) not in responses:
        assert answer.status_code >= 400, f"{answer.status_code} is not described for {described['operationId']}"
    kind = answer.headers.get("content-type", "").partition(";")[0]
    if not content:
        assert not answer.headers.get("content-length", "0").strip("0"), described["operationId"]
        return
    assert kind in content or "*/*" in content, f"{described['operationId']} answered with {kind}"
    if kind.endswith("json") and kind in content:
        answer.read()
        jsonschema.Draft202012Validator(_closed(content[kind]["schema"])).validate(answer.json())


@cache
def _operation(method: str, path: str) -> JsonObject | None:
    templates = sorted(DOCUMENT["paths"], key=lambda each: "{" in each)
    for template in templates:
        pattern = re.sub(r"\\{\w+\\}", "[^/]+", re.escape(template))
        item = DOCUMENT["paths"][template]
        if re.fullmatch(pattern, path) and method.lower() in item:
            operation: JsonObject = item[method.lower()]
            return operation
    return None


def _resolved(node: JsonObject) -> JsonObject:
    while "$ref" in node:
        target: Any = DOCUMENT
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        node = target
    return node


def _closed(schema: JsonObject, *, outermost: bool = True) -> JsonObject:
    """The same in JSON Schema, with no attributes but those that are described."""
    schema = _resolved(schema)
    out = {key: value for key, value in schema.items() if key not in {"nullable", "description"}}
    for key in ("allOf", "anyOf", "oneOf"):
        if key in out:
            out[key] = [_closed(each, outermost=False) for each in out[key]]
    if "properties" in out:
        out["properties"] = {name: _closed(each) for name, each in out["properties"].items()}
    for key in ("items", "additionalProperties"):
        if isinstance(out.get(key), dict):
            out[key] = _closed(out[key])
    if outermost and ("properties" in out or "allOf" in out) and "additionalProperties" not in out:
        out["unevaluatedProperties"] = False
    if schema.get("nullable") and set(schema) - {"nullable", "description"}:
        return {"anyOf": [out, {"type": "null"}]}
    return out
