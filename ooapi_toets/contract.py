"""The contract of one edition: its OpenAPI documents, the operations of each role, and what each lets pass."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ooapi_toets import Json, JsonObject, resources
from ooapi_toets.errors import DataError
from ooapi_toets.schemas import BodyValidator, resolve
from ooapi_toets.strictjson import number_in
from ooapi_toets.texts import say
from ooapi_toets.violations import Violation

Role = str
"""A role of an edition, such as `toetsafname`; `ooapi_toets/editions` says which there are and who calls whom."""

_METHODS = ("get", "put", "post", "delete", "patch")


@dataclass(frozen=True)
class Parameter:
    """One parameter of an operation and what it may be.

    Attributes:
        name: Its name.
        integer: Whether it is a whole number.
        uuid: Whether it is a UUID, in which upper and lower case are the same (RFC 9562 section 4).
        validator: The validator of its value.
    """

    name: str
    integer: bool
    uuid: bool
    validator: BodyValidator


@dataclass(frozen=True)
class Message:
    """One kind of message that an operation carries; an operation may carry several.

    Attributes:
        kind: Its name in every edition, such as `session` or `participants`.
        body: The validator of the request body, or None where there is none.
        flows: The flows and options it belongs to.
        scopes: The OAuth scopes that cover it; one of them is enough.
        content: Tells it from the other kinds of its operation by the body; None for what is left.
    """

    kind: str
    body: BodyValidator | None
    flows: tuple[str, ...]
    scopes: tuple[str, ...]
    content: BodyValidator | None


@dataclass(frozen=True)
class Operation:
    """One operation of the contract, as one role serves it.

    Attributes:
        id: The `operationId`.
        method: The HTTP method, in capitals.
        path: The path template below the base path.
        roles: Who serves it.
        optional_for: Who of these need not.
        flows: The flows and options it belongs to, such as `2.1`.
        media_types: What a request body may be declared as; empty where there is no body.
        scopes: The OAuth scopes that cover it; one of them is enough.
        body: The validator of the request body, or None.
        messages: The kinds of message it carries, at least one.
        query: Its query parameters by name.
        path_parameters: The validators of the ids in its path by name, in the order of the path.
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
    messages: tuple[Message, ...]
    query: Mapping[str, Parameter]
    path_parameters: Mapping[str, Parameter]
    answers: Mapping[int, BodyValidator | None]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Matches a whole path below the base path, undecoded; its groups are the ids in it."""
        parts = ("([^/]+)" if part.startswith("{") else re.escape(part) for part in self.path.split("/"))
        return re.compile("/".join(parts))

    def ids_in(self, path: str) -> dict[str, str] | None:
        """The ids in a path below the base path by the name of their parameter; None for another path."""
        found = self.pattern.fullmatch(path)
        return None if found is None else dict(zip(self.path_parameters, found.groups(), strict=True))

    def message_of(self, value: Json) -> Message:
        """The message that a body is, by its content; the last kind where none can be told."""
        for each in self.messages[:-1]:
            if each.content is not None and each.content.is_valid(value):
                return each
        return self.messages[-1]

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


@dataclass(frozen=True)
class Match:
    """What a request is by its method and path.

    Attributes:
        operation: The operation.
        ids: The ids in its path, undecoded, by the name of their parameter.
    """

    operation: Operation
    ids: Mapping[str, str]


class Contract:
    """An edition's OpenAPI documents, loaded and compiled.

    Args:
        documents: For each role the OpenAPI 3.0 document that describes what it serves. Editions may have one
            document for all roles, whose operations then say in `x-roles` who serves them.
    """

    def __init__(self, documents: Mapping[Role, JsonObject]) -> None:
        self.documents = documents

    @property
    def document(self) -> JsonObject:
        """The first document, which is the only one in an edition that has one for all roles."""
        return next(iter(self.documents.values()))

    @cached_property
    def operations(self) -> dict[str, Operation]:
        """Every operation by its id; where roles serve operations of one name, that of the first role."""
        found: dict[str, Operation] = {}
        for role in self.documents:
            for key, each in self.served_by(role).items():
                found.setdefault(key, each)
        return found

    @cached_property
    def _served(self) -> dict[Role, dict[str, Operation]]:
        compiled: dict[tuple[int, str, str], Operation] = {}
        served: dict[Role, dict[str, Operation]] = {}
        for role, document in self.documents.items():
            served[role] = {}
            for path, item in document["paths"].items():
                for method in _METHODS:
                    if method in item and role in item[method].get("x-roles", [role]):
                        key = (id(document), path, method)
                        if key not in compiled:
                            compiled[key] = _operation(document, path, method, item, role)
                        served[role][compiled[key].id] = compiled[key]
        return served

    def served_by(self, role: Role) -> dict[str, Operation]:
        """The operations that a role serves, by id."""
        return self._served[role]

    def find(self, role: Role, method: str, path: str) -> Match | None:
        """The operation of a role at a path; None when there is none.

        Args:
            role: The role that serves it.
            method: The HTTP method.
            path: The path below the base path, undecoded, without the query.
        """
        for each in self._served[role].values():
            if each.method == method and (ids := each.ids_in(path)) is not None:
                return Match(each, ids)
        return None

    def document_for(self, role: Role) -> JsonObject:
        """The document reduced to what one role serves; nothing is copied that is not changed."""
        document = self.documents[role]
        paths: JsonObject = {}
        for path, item in document["paths"].items():
            kept = {
                key: value for key, value in item.items() if key not in _METHODS or role in value.get("x-roles", [role])
            }
            if any(method in kept for method in _METHODS):
                paths[path] = kept
        return {**document, "paths": paths}

    def body_of(self, kind: str) -> BodyValidator:
        """The validator of the messages of a kind, whoever receives them.

        Raises:
            KeyError: When no message of this kind has a body.
        """
        for served in self._served.values():
            for operation in served.values():
                for each in operation.messages:
                    if each.kind == kind and each.body is not None:
                        return each.body
        raise KeyError(kind)

    def schema(self, name: str) -> BodyValidator:
        """A validator for one of the document's named schemas."""
        return BodyValidator(self.document, self.document["components"]["schemas"][name])

    def example(self, name: str) -> Json:
        """The value of one of the document's named examples."""
        return self.document["components"]["examples"][name]["value"]


def _operation(document: JsonObject, path: str, method: str, item: JsonObject, role: Role) -> Operation:
    raw = item[method]
    content = raw.get("requestBody", {}).get("content", {})
    schemas = [media["schema"] for media in content.values()]
    parameters = [resolve(document, each) for each in [*item.get("parameters", []), *raw.get("parameters", [])]]
    by_place = {
        place: [_parameter(document, each) for each in parameters if each["in"] == place] for place in ("query", "path")
    }
    # All media types of one operation carry the same schema; a test holds the document to it.
    body = BodyValidator(document, schemas[0]) if schemas else None
    scopes = _scopes(document, raw)
    messages = tuple(_message(document, each, body, scopes) for each in raw.get("x-messages", ()))
    flows = tuple(raw.get("x-flows") or dict.fromkeys(flow for each in messages for flow in each.flows))
    in_path = {each.name: each for each in by_place["path"]}
    return Operation(
        id=raw["operationId"],
        method=method.upper(),
        path=path,
        roles=frozenset(raw.get("x-roles", [role])),
        optional_for=frozenset(raw.get("x-optional-for", [role] if raw.get("x-need") == "optional" else [])),
        flows=flows,
        media_types=tuple(content),
        scopes=scopes,
        body=body,
        messages=messages or (Message(raw["operationId"], body, flows, scopes, None),),
        query={each.name: each for each in by_place["query"]},
        path_parameters={name: in_path[name] for name in re.findall(r"{([^}]+)}", path)},
        answers={int(status): _answer(document, answer) for status, answer in raw["responses"].items()},
    )


def _message(document: JsonObject, raw: JsonObject, body: BodyValidator | None, scopes: tuple[str, ...]) -> Message:
    content = raw.get("when", {}).get("content")
    return Message(
        kind=raw["kind"],
        body=BodyValidator(document, raw["schema"]) if "schema" in raw else body,
        flows=tuple(raw.get("flows", ())),
        scopes=tuple(raw.get("scopes", scopes)),
        content=BodyValidator(document, content) if content else None,
    )


def _parameter(document: JsonObject, raw: JsonObject) -> Parameter:
    schema = resolve(document, raw["schema"])
    return Parameter(
        raw["name"],
        schema.get("type") == "integer",
        schema.get("format") == "uuid",
        BodyValidator(document, schema),
    )


def _answer(document: JsonObject, raw: JsonObject) -> BodyValidator | None:
    content = resolve(document, raw).get("content", {})
    for media_type in ("application/json", "application/problem+json"):
        if media_type in content:
            return BodyValidator(document, content[media_type]["schema"])
    return None


def _scopes(document: JsonObject, raw: JsonObject) -> tuple[str, ...]:
    requirements = raw.get("security", document.get("security", []))
    return tuple(scope for each in requirements or [] for scope in each.get("oauth2", []))


def read_document(path: Path) -> JsonObject:
    """An OpenAPI document of this project's form.

    Raises:
        DataError: When the file is missing, is not YAML, or describes no operation.
    """
    try:
        document = resources.read_yaml(path)
    except OSError as error:
        raise DataError(f"The contract {path} cannot be read: {error.strerror}.") from error
    except Exception as error:
        raise DataError(f"The contract {path} is not YAML: {error}.") from error
    if not isinstance(document, dict) or not document.get("paths"):
        raise DataError(f"The contract {path} describes no operations.", "A mock without any is of no use.")
    return document


def load_files(paths: Mapping[Role, Path]) -> Contract:
    """The contract in the OpenAPI documents of an edition.

    Args:
        paths: The file for each role; one file may be that of several roles.

    Raises:
        DataError: When a file cannot be read, or does not compile.
    """
    read = {path: read_document(path) for path in dict.fromkeys(paths.values())}
    contract = Contract({role: read[path] for role, path in paths.items()})
    try:
        contract.operations  # noqa: B018 - compiled now, so that nothing starts on half a contract
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        names = ", ".join(str(path) for path in read)
        raise DataError(f"The contract {names} does not compile: {type(error).__name__} {error}.") from error
    return contract
