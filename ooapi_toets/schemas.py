"""From the schemas of the contract to compiled validators and violations that people can read.

OpenAPI 3.0 has its own dialect. This module rewrites it to JSON Schema 2020-12 so that one fast
validator serves everywhere, and so that a message with alternatives is judged by the one that was
meant: `oneOf` by type or by consumerKey becomes if/then/else, and `x-contains` becomes `contains`.

What a violation weighs stands beside the schemas: `x-severity` or `x-disputed`, of which the nearest above the
constraint counts, else `info.x-severity-default`. `x-also` holds further constraints on the same value, each with
a weight of its own; where one of them is broken together with a constraint of the schema itself, that violation
is told once, with the heavier weight.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
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

    __slots__ = ("_default", "_schema", "_validator", "is_valid")

    def __init__(self, document: JsonObject, schema: JsonObject) -> None:
        self._schema = json_schema(document, schema)
        self._default = document.get("info", {}).get("x-severity-default", "fail")
        self._validator = jsonschema_rs.Draft202012Validator(self._schema, validate_formats=True)
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
        also: list[Violation] = []
        for start, part in _slices(value):
            for error in self._validator.iter_errors(part):
                place = tuple(error.instance_path)
                if start and place:  # else it is about the list, and was said of the first part
                    place = (start + int(place[0]), *place[1:])
                elif start:
                    continue
                weight, further = self._weigh(error)
                for each in explained(error, where, (*at, *place)):
                    weighed = replace(each, weight=weight)
                    if further:
                        also.append(weighed)
                    else:
                        _keep(found, weighed)
            if len(found) >= _ENOUGH:
                break
        _merge(found, also)
        return sorted(found.values(), key=lambda each: (each.where, _natural(each.pointer), each.message.en))

    def _weigh(self, error: jsonschema_rs.ValidationError) -> tuple[str, bool]:
        """The weight of a violation, and whether it is of a further constraint (`x-also`)."""
        node: Any = self._schema
        weight, further = _word(node) or self._default, False
        for part in error.evaluation_path[:-1]:
            node = resolve(self._schema, node) if part == "$ref" else node[part]
            weight = _word(node) or weight
            further = further or (isinstance(node, dict) and _FURTHER in node)
        kind: Any = error.kind
        if type(kind).__name__ == "Required":
            absent = node.get("properties", {}).get(kind.property, {})
            weight = _word(resolve(self._schema, absent)) or _word(absent) or weight
        return weight, further


_FURTHER = "x-further"
"""Marks a constraint that stands in `x-also`."""
_WEIGHTS = ("note", "disputed", "warn", "fail")
"""What a violation may weigh, the lightest first."""


def _word(node: Json) -> str | None:
    """What a schema says of the weight of its violations; None when it says nothing."""
    if not isinstance(node, dict):
        return None
    said: str | None = "disputed" if "x-disputed" in node else node.get("x-severity")
    return said


def _keep(found: dict[tuple[str, str, str], Violation], each: Violation) -> None:
    key = each.pointer, each.keyword, each.message.en
    known = found.get(key)
    if known is None or _WEIGHTS.index(known.weight) < _WEIGHTS.index(each.weight):
        found[key] = each


def _merge(found: dict[tuple[str, str, str], Violation], also: list[Violation]) -> None:
    """A further constraint says something of its own only where nothing else is wrong at its place."""
    told = {pointer for pointer, _, _ in found}
    for each in also:
        if each.pointer not in told:
            _keep(found, each)
            continue
        for key, known in list(found.items()):
            if known.pointer == each.pointer and _WEIGHTS.index(known.weight) < _WEIGHTS.index(each.weight):
                found[key] = replace(known, weight=each.weight)


def resolve(document: JsonObject, node: JsonObject) -> JsonObject:
    """The object that a node is, or that its `$ref` names; references of the contract are internal."""
    while "$ref" in node:
        target: Any = document
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part.replace("~1", "/").replace("~0", "~")]
        node = target
    return node


# -- OpenAPI 3.0 to JSON Schema ------------------------------------------------------------------

_WORDS = {"x-severity", "x-disputed"}
_ANNOTATIONS = {"description", "example", "examples", "externalDocs", "xml", "deprecated", "discriminator"}


def _convert(document: JsonObject, schema: JsonObject) -> JsonObject:
    out: JsonObject = {}
    for key, value in schema.items():
        if key in _ANNOTATIONS or key == "nullable" or (key.startswith("x-") and key not in _WORDS):
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
    if further := schema.get("x-also"):
        out["allOf"] = [*out.get("allOf", []), *({**_convert(document, each), _FURTHER: True} for each in further)]
    return out | _exactly_one(schema.get("x-contains"))


def _exactly_one(wanted: JsonObject | None) -> JsonObject:
    """The schema of a list that holds exactly one entry with the given attributes."""
    if not wanted:
        return {}
    constants = {name: {"const": value} for name, value in wanted.items()}
    entry = {"type": "object", "required": list(wanted), "properties": constants}
    return {"contains": entry, "minContains": 1, "maxContains": 1}


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
