"""From the schemas of the contract to compiled validators and violations that people can read.

OpenAPI 3.0 has its own dialect. This module rewrites it to JSON Schema 2020-12 so that one fast
validator serves everywhere, and so that a message with alternatives is judged by the one that was
meant: `oneOf` by type or by consumerKey becomes if/then/else, and `x-contains` becomes `contains`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import jsonschema_rs

from ooapi_toets import Json, JsonObject
from ooapi_toets.violations import Violation, explained

_ENOUGH = 1_000
_PART = 200


def json_schema(document: JsonObject, schema: JsonObject) -> JsonObject:
    """The JSON Schema 2020-12 that means the same as a schema of an OpenAPI 3.0 document.

    Args:
        document: The OpenAPI document, to resolve references in.
        schema: One of its schema objects.

    Returns:
        A self-contained schema; references point into its own `components`.
    """
    converted: JsonObject = _convert(document, schema)
    components = {name: _convert(document, part) for name, part in document["components"]["schemas"].items()}
    return {**converted, "components": {"schemas": components}}


class BodyValidator:
    """A schema compiled once, asked for every message.

    Args:
        document: The OpenAPI document that the schema is from.
        schema: The schema object of a request or response body, or of a parameter.
    """

    __slots__ = ("_validator", "is_valid")

    def __init__(self, document: JsonObject, schema: JsonObject) -> None:
        self._validator = jsonschema_rs.Draft202012Validator(json_schema(document, schema), validate_formats=True)
        self.is_valid = self._validator.is_valid

    def violations(self, value: Json, where: str = "body", at: tuple[str | int, ...] = ()) -> list[Violation]:
        """Everything that is wrong with a value, in the order of the message.

        Of a long list at least the first thousand violations are told: more help nobody, and finding them
        all would take a validator longer than a server may be kept busy.

        Args:
            value: The decoded JSON.
            where: The part of the message it is (see `Violation.where`).
            at: Where in that part the value stands.
        """
        if self.is_valid(value):
            return []
        found: dict[tuple[str, str, str], Violation] = {}
        for start, part in _slices(value):
            for error in self._validator.iter_errors(part):
                place = tuple(error.instance_path)
                if start and place:  # else it is about the list, and was said of the first part
                    place = (start + int(place[0]), *place[1:])
                elif start:
                    continue
                for each in explained(error, where, (*at, *place)):
                    found[each.pointer, each.keyword, each.message.en] = each
            if len(found) >= _ENOUGH:
                break
        return sorted(found.values(), key=lambda each: (each.where, _natural(each.pointer), each.message.en))


def resolve(document: JsonObject, node: JsonObject) -> JsonObject:
    """The object that a node is, or that its `$ref` names; references of the contract are internal."""
    while "$ref" in node:
        target: Any = document
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part.replace("~1", "/").replace("~0", "~")]
        node = target
    return node


# -- OpenAPI 3.0 to JSON Schema ------------------------------------------------------------------

_ANNOTATIONS = {"description", "example", "examples", "externalDocs", "xml", "deprecated", "discriminator"}


def _convert(document: JsonObject, schema: JsonObject) -> JsonObject:
    out: JsonObject = {}
    for key, value in schema.items():
        if key in _ANNOTATIONS or key == "nullable" or key.startswith("x-"):
            continue
        if key == "properties":
            out[key] = {name: _convert(document, part) for name, part in value.items()}
        elif key in {"items", "not", "additionalProperties"} and isinstance(value, dict):
            out[key] = _convert(document, value)
        elif key in {"allOf", "anyOf"}:
            out[key] = [_convert(document, part) for part in value]
        elif key == "oneOf":
            out.update(_alternatives(document, value))
        else:
            out[key] = value
    if out.get("format") == "int32":
        # A format of OpenAPI's own, which JSON Schema takes for an annotation.
        out["minimum"] = max(out.get("minimum", -(2**31)), -(2**31))
        out["maximum"] = min(out.get("maximum", 2**31 - 1), 2**31 - 1)
    if schema.get("nullable") and "type" in out:
        out["type"] = [out["type"], "null"]
    if wanted := schema.get("x-contains"):
        out["contains"] = {
            "type": "object",
            "required": list(wanted),
            "properties": {name: {"const": value} for name, value in wanted.items()},
        }
        out["minContains"] = out["maxContains"] = 1
    return out


def _alternatives(document: JsonObject, branches: list[JsonObject]) -> JsonObject:
    resolved = [resolve(document, branch) for branch in branches]
    types = [branch.get("type") for branch in resolved]
    if None not in types and len(set(types)) == len(types):
        allowed = types + (["null"] if any(branch.get("nullable") for branch in resolved) else [])
        return {
            "type": allowed,
            "allOf": [
                {"if": {"type": kind}, "then": _convert(document, branch)}
                for kind, branch in zip(types, branches, strict=True)
            ],
        }
    if len(branches) == 2 and (told := _told_apart(document, *resolved)):  # noqa: PLR2004 - a pair
        name, values = told
        return {
            "type": "object",
            "if": {"required": [name], "properties": {name: {"enum": values}}},
            "then": _convert(document, branches[0]),
            "else": _convert(document, branches[1]),
        }
    return {"oneOf": [_convert(document, branch) for branch in branches]}


def _told_apart(document: JsonObject, this: JsonObject, other: JsonObject) -> tuple[str, list[str]] | None:
    """The attribute, and its values, by which `this` is meant and `other` excluded."""
    for name, part in this.get("properties", {}).items():
        values = resolve(document, part).get("enum")
        counterpart = other.get("properties", {}).get(name, {})
        if values and counterpart.get("not", {}).get("enum") == values:
            return name, values
    return None


def _slices(value: Json) -> Iterator[tuple[int, Json]]:
    """A value in parts that can be explained one by one: a long list in shorter ones, and where each begins."""
    if not isinstance(value, list) or len(value) <= _PART:
        yield 0, value
        return
    for start in range(0, len(value), _PART):
        yield start, value[start : start + _PART]


def _natural(path: str) -> list[tuple[int, int, str]]:
    """A sort key that puts /items/9 before /items/10."""
    return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in path.split("/")]
