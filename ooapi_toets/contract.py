"""The contract of one edition: its OpenAPI document, its operations, and what each lets pass."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Literal, get_args

from ooapi_toets import Json, JsonObject, resources
from ooapi_toets.errors import DataError, UsageError
from ooapi_toets.schemas import BodyValidator, resolve
from ooapi_toets.strictjson import number_in
from ooapi_toets.texts import say
from ooapi_toets.violations import Violation

Role = Literal["toetsafname", "toetsplanning"]
ROLES: tuple[Role, ...] = get_args(Role)
OTHER: Mapping[Role, Role] = {"toetsafname": "toetsplanning", "toetsplanning": "toetsafname"}
"""The role that a role speaks with."""

DEFAULT_EDITION = "toets"
DOCUMENTS = {"toets": "ooapi-toets.yaml"}
"""The editions that can be played and judged, by the file of their OpenAPI document."""

_METHODS = ("get", "put", "post", "delete", "patch")


@dataclass(frozen=True)
class Parameter:
    """One query parameter of an operation and what it may be."""

    name: str
    integer: bool
    validator: BodyValidator


@dataclass(frozen=True)
class Operation:
    """One operation of the contract.

    Attributes:
        id: The `operationId`.
        method: The HTTP method, in capitals.
        path: The path template below the base path.
        roles: Who serves it.
        optional_for: Who of these need not.
        flows: The flows and options it belongs to, such as `2.1`.
        media_types: What a request body may be declared as; empty where there is no body.
        scopes: The OAuth scopes that cover it.
        body: The validator of the request body, or None.
        query: Its query parameters by name.
        path_parameter: The validator of its one path parameter, or None.
        answers: For a status, the validator of a JSON answer, or None where none is described.
    """

    id: str
    method: str
    path: str
    roles: frozenset[str]
    optional_for: frozenset[str]
    flows: tuple[str, ...]
    media_types: tuple[str, ...]
    scopes: tuple[str, ...]
    body: BodyValidator | None
    query: Mapping[str, Parameter]
    path_parameter: Parameter | None
    answers: Mapping[int, BodyValidator | None]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Matches a whole path below the base path; its group, if any, is the id in it."""
        parts = ("([^/]+)" if part.startswith("{") else re.escape(part) for part in self.path.split("/"))
        return re.compile("/".join(parts))

    def query_violations(self, pairs: Iterable[tuple[str, str]]) -> list[Violation]:
        """What is wrong with the query parameters that this operation knows; others are let pass."""
        found: list[Violation] = []
        seen: set[str] = set()
        for name, text in pairs:
            if name in seen:
                found.append(Violation("query", f"/{name}", "repeated", say("is given more than once")))
            seen.add(name)
            if parameter := self.query.get(name):
                number = number_in(text) if parameter.integer else None
                value: Json = text if number is None else number
                found += parameter.validator.violations(value, "query", (name,))
        return found


class Contract:
    """An edition's OpenAPI document, loaded and compiled.

    Args:
        document: The OpenAPI 3.0 document as data.
    """

    def __init__(self, document: JsonObject) -> None:
        self.document = document

    @cached_property
    def operations(self) -> dict[str, Operation]:
        """Every operation by its id."""
        found = {}
        for path, item in self.document["paths"].items():
            for method in _METHODS:
                if method in item:
                    operation = self._operation(path, method, item)
                    found[operation.id] = operation
        return found

    def served_by(self, role: str) -> dict[str, Operation]:
        """The operations that a role serves, by id."""
        return {key: each for key, each in self.operations.items() if role in each.roles}

    def find(self, method: str, path: str) -> Operation | None:
        """The operation at a path, whoever serves it; None when there is none.

        Args:
            method: The HTTP method.
            path: The path below the base path, without the query.
        """
        here = (each for each in self.operations.values() if each.method == method and each.pattern.fullmatch(path))
        return next(here, None)

    def document_for(self, role: str) -> JsonObject:
        """The document reduced to what one role serves; nothing is copied that is not changed."""
        paths: JsonObject = {}
        for path, item in self.document["paths"].items():
            kept = {key: value for key, value in item.items() if key not in _METHODS or role in value["x-roles"]}
            if any(method in kept for method in _METHODS):
                paths[path] = kept
        return {**self.document, "paths": paths}

    def schema(self, name: str) -> BodyValidator:
        """A validator for one of the document's named schemas."""
        return BodyValidator(self.document, self.document["components"]["schemas"][name])

    def example(self, name: str) -> Json:
        """The value of one of the document's named examples."""
        return self.document["components"]["examples"][name]["value"]

    def _operation(self, path: str, method: str, item: JsonObject) -> Operation:
        raw = item[method]
        content = raw.get("requestBody", {}).get("content", {})
        schemas = [media["schema"] for media in content.values()]
        parameters = [
            resolve(self.document, each) for each in [*item.get("parameters", []), *raw.get("parameters", [])]
        ]
        by_place = {
            place: [self._parameter(each) for each in parameters if each["in"] == place] for place in ("query", "path")
        }
        return Operation(
            id=raw["operationId"],
            method=method.upper(),
            path=path,
            roles=frozenset(raw["x-roles"]),
            optional_for=frozenset(raw.get("x-optional-for", [])),
            flows=tuple(raw["x-flows"]),
            media_types=tuple(content),
            scopes=self._scopes(raw),
            # All media types of one operation carry the same schema; a test holds the document to it.
            body=BodyValidator(self.document, schemas[0]) if schemas else None,
            query={each.name: each for each in by_place["query"]},
            path_parameter=next(iter(by_place["path"]), None),
            answers={int(status): self._answer(answer) for status, answer in raw["responses"].items()},
        )

    def _parameter(self, raw: JsonObject) -> Parameter:
        schema = resolve(self.document, raw["schema"])
        return Parameter(raw["name"], schema.get("type") == "integer", BodyValidator(self.document, schema))

    def _answer(self, raw: JsonObject) -> BodyValidator | None:
        content = resolve(self.document, raw).get("content", {})
        for media_type in ("application/json", "application/problem+json"):
            if media_type in content:
                return BodyValidator(self.document, content[media_type]["schema"])
        return None

    def _scopes(self, raw: JsonObject) -> tuple[str, ...]:
        requirements = raw.get("security", self.document.get("security", []))
        return tuple(scope for each in requirements or [] for scope in each.get("oauth2", []))


@cache
def load(edition: str = DEFAULT_EDITION) -> Contract:
    """The contract of an edition.

    Raises:
        UsageError: When there is no such edition.
        DataError: When its document cannot be read.
    """
    if edition not in DOCUMENTS:
        known = ", ".join(DOCUMENTS)
        raise UsageError(f"There is no edition {edition!r}.", f"Editions that can be used: {known}.")
    return load_file(resources.spec(DOCUMENTS[edition]))


def load_file(path: Path) -> Contract:
    """The contract in an OpenAPI document of this project's form.

    Raises:
        DataError: When the file is missing, is not YAML, describes no operation, or does not compile.
    """
    try:
        document = resources.read_yaml(path)
    except OSError as error:
        raise DataError(f"The contract {path} cannot be read: {error.strerror}.") from error
    except Exception as error:
        raise DataError(f"The contract {path} is not YAML: {error}.") from error
    if not isinstance(document, dict) or not document.get("paths"):
        raise DataError(f"The contract {path} describes no operations.", "A mock without any is of no use.")
    contract = Contract(document)
    try:
        contract.operations  # noqa: B018 - compiled now, so that nothing starts on half a contract
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise DataError(f"The contract {path} does not compile: {type(error).__name__} {error}.") from error
    return contract
