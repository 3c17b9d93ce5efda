"""The contracts of edition `oke-1.0.1` as data: bundled, as JSON Schema, with the weight of each violation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import jsonschema_rs

from ooapi_toets import Json, JsonObject, resources

ROLES = ("toetsafname", "toetsplanning")
FOLDER = resources.spec("oke-1.0.1")
SHARED = "components.yaml"
METHODS = ("get", "put", "post", "delete", "patch")
WEIGHTS = ("fail", "warn", "note")
REFUSED = {"Type", "Required", "Enum", "Constant", "Format", "MinItems", "Contains", "MinContains", "MaxContains"}
"""What jsonschema-rs calls the keywords of `info.x-refused`."""


@dataclass(frozen=True, order=True)
class Found:
    """One violation, weighed.

    Attributes:
        pointer: Where in the message; of what is absent, where it should be.
        weight: `fail`, `warn`, `note` or `disputed`.
        refused: Whether the mock refuses the message for it.
    """

    pointer: str
    weight: str
    refused: bool


@cache
def shared() -> JsonObject:
    """What the roles share."""
    document: JsonObject = resources.read_yaml(FOLDER / SHARED)
    return document


@cache
def bundled(role: str) -> JsonObject:
    """The document of a role with the shared components inside, so that every reference is internal."""
    document = resources.read_yaml(FOLDER / f"{role}.yaml")
    components = shared()["components"]
    own = {kind: components[kind] for kind in ("securitySchemes",)}
    return {**_internal(document), "components": {**components, **own}}


def _internal(node: Json) -> Json:
    if isinstance(node, dict):
        if "$ref" in node:
            return {"$ref": node["$ref"].removeprefix(SHARED)}
        return {key: _internal(value) for key, value in node.items()}
    return [_internal(value) for value in node] if isinstance(node, list) else node


def operations(role: str) -> Iterator[tuple[str, str, JsonObject]]:
    """Every operation of a role with its method and path."""
    for path, item in bundled(role)["paths"].items():
        for method in METHODS:
            if method in item:
                yield method, path, item[method]


def messages(role: str) -> dict[str, JsonObject]:
    """Every message that a role receives, by kind."""
    return {each["kind"]: each for _, _, operation in operations(role) for each in operation["x-messages"]}


def resolve(node: JsonObject) -> JsonObject:
    """What a reference into the shared components names; anything else as it is."""
    while "$ref" in node:
        target: Any = shared()
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        node = target
    return node


# -- JSON Schema -------------------------------------------------------------------------------------

_PLAIN = {"type", "enum", "format", "pattern", "minimum", "maximum", "minLength", "maxLength", "minItems", "required"}
_KEPT = {"x-severity", "x-disputed"}


def json_schema(schema: JsonObject) -> JsonObject:
    """The JSON Schema 2020-12 that means the same, extensions included."""
    components = {name: _convert(part) for name, part in shared()["components"]["schemas"].items()}
    return {**_convert(schema), "components": {"schemas": components}}


def _convert(schema: JsonObject) -> JsonObject:
    if "$ref" in schema:
        return {"$ref": schema["$ref"]}
    if "x-patch-of" in schema:
        return _convert(derived_patch(schema))
    out: JsonObject = {key: value for key, value in schema.items() if key in _PLAIN | _KEPT}
    if schema.get("nullable") and "type" in out:
        out["type"] = [out["type"], "null"]
    if "items" in schema:
        out["items"] = _convert(schema["items"])
    if "properties" in schema or "x-unused" in schema:
        out.update(_attributes(schema))
    further = [_convert(part) for part in schema.get("x-also", [])] + _alternatives(schema)
    if further:
        out["allOf"] = further
    if wanted := schema.get("x-contains"):
        constants = {name: {"const": value} for name, value in wanted.items()}
        out["contains"] = {"type": "object", "required": list(wanted), "properties": constants}
        out["minContains"] = out["maxContains"] = 1
    return out


def _attributes(schema: JsonObject) -> JsonObject:
    described = {name: _convert(part) for name, part in schema.get("properties", {}).items()}
    unused = {
        name: {"anyOf": [{"type": "null"}, {"type": "array", "maxItems": 0}], **_weight(part)}
        for name, part in schema.get("x-unused", {}).items()
    }
    rest = unused.pop("*", None)
    return {"properties": described | unused, **({"additionalProperties": rest} if rest else {})}


def _weight(schema: JsonObject) -> JsonObject:
    return {key: value for key, value in schema.items() if key in _KEPT}


def _alternatives(schema: JsonObject) -> list[JsonObject]:
    branches = schema.get("oneOf", [])
    if not branches:
        return []
    if "x-by" in schema:
        return [_by(schema["x-by"], branches)]
    resolved = [resolve(branch) for branch in branches]
    types = [branch["type"] for branch in resolved]
    assert len(set(types)) == len(types), "alternatives are told apart by type or by x-by"
    allowed = types + (["null"] if any(branch.get("nullable") for branch in resolved) else [])
    told = [{"if": {"type": kind}, "then": _convert(branch)} for kind, branch in zip(types, branches, strict=True)]
    return [{"type": allowed}, *told]


def _by(name: str, branches: list[JsonObject]) -> JsonObject:
    first, *others = branches
    if not others:
        return _convert(first)
    values = resolve(resolve(first)["properties"][name])["enum"]
    return {
        "type": "object",
        "if": {"type": "object", "required": [name], "properties": {name: {"enum": values}}},
        "then": _convert(first),
        "else": _by(name, others),
    }


def derived_patch(schema: JsonObject) -> JsonObject:
    """The schema that `x-patch-of` stands for: what is kept is required, all else may be absent or null."""
    whole = shared()["components"]["schemas"][schema["x-patch-of"]]
    kept = schema["x-keep"]
    loose = {name: _loose(part) for name, part in whole["properties"].items()}
    loose["consumers"]["items"] = _loose_entry(loose["consumers"]["items"])
    properties = {name: whole["properties"][name] if name in kept else part for name, part in loose.items()}
    return {**whole, "required": kept, "properties": properties}


def _loose(schema: JsonObject) -> JsonObject:
    out = {key: value for key, value in resolve(schema).items() if key != "minItems"}
    if "enum" in out:
        out["enum"] = [*out["enum"], None]
    if "oneOf" in out:
        first, *others = out["oneOf"]
        return {**out, "oneOf": [_loose(first), *others]}
    return {**out, "nullable": True}


def _loose_entry(items: JsonObject) -> JsonObject:
    meant, *others = items["oneOf"]
    entry = resolve(meant)
    name = items["x-by"]
    loose = {key: part if key == name else _loose(part) for key, part in entry["properties"].items()}
    return {**items, "oneOf": [{**entry, "required": [name], "properties": loose}, *others]}


# -- weighing ----------------------------------------------------------------------------------------


def violations(schema: JsonObject, message: Json) -> list[Found]:
    """What is wrong with a message, each place once with its heaviest weight."""
    whole = json_schema(schema)
    found: dict[str, Found] = {}
    for error in jsonschema_rs.Draft202012Validator(whole, validate_formats=True).iter_errors(message):
        keyword = type(error.kind).__name__
        place = [str(part) for part in error.instance_path]
        missing = error.kind.property if keyword == "Required" else None  # type: ignore[attr-defined]
        weight = _weigh(whole, list(error.evaluation_path), missing)
        if missing is not None:
            place.append(missing)
        pointer = "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in place)
        this = Found(pointer, weight, weight == "fail" and keyword in REFUSED)
        known = found.get(pointer)
        if known is None or _heaviness(this) > _heaviness(known):
            found[pointer] = this
    return sorted(found.values())


def _heaviness(found: Found) -> tuple[int, bool]:
    return ("note", "disputed", "warn", "fail").index(found.weight), found.refused


def _weigh(schema: JsonObject, path: list[str | int], missing: str | None) -> str:
    node: Any = schema
    weight = "fail"
    for part in path[:-1]:
        weight = _word(node) or weight
        node = _target(schema, node["$ref"]) if part == "$ref" else node[part]
    weight = _word(node) or weight
    if missing is None:
        return weight
    absent = node.get("properties", {}).get(missing, {})
    return _word(_target(schema, absent["$ref"]) if "$ref" in absent else absent) or weight


def _target(schema: JsonObject, reference: str) -> JsonObject:
    name = reference.rsplit("/", 1)[1]
    found: JsonObject = schema["components"]["schemas"][name]
    return found


def _word(node: Json) -> str | None:
    if not isinstance(node, dict):
        return None
    return "disputed" if "x-disputed" in node else node.get("x-severity")
