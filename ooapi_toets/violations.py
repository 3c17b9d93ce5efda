"""What is wrong with a message, in words: the place, what must be there, and what was probably meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import jsonschema_rs

from ooapi_toets import Json
from ooapi_toets.texts import Text, one_of, same, say


@dataclass(frozen=True, slots=True)
class Violation:
    """One place where a message breaks the contract.

    Attributes:
        where: The part of the message: `body`, `path`, `query` or `header`.
        pointer: JSON Pointer (RFC 6901) into that part; a parameter is a slash and its name.
        keyword: The schema keyword that was broken, or a word of our own for other checks.
        message: What must be, without the value that was sent.
        expected: The values or form allowed, where that is short.
        got: What kind of thing was there; a value only where it cannot be personal.
        hint: What the sender probably meant, or should do, where that can be told.
        weight: What accepting it costs a receiver: `fail`, `warn`, `note` (nothing), or `disputed` where the
            sources differ. The contract says it, in `x-severity` and `x-disputed`.
    """

    where: str
    pointer: str
    keyword: str
    message: Text
    expected: str = ""
    got: str = ""
    hint: Text | None = None
    weight: str = field(default="fail", compare=False)

    def as_dict(self) -> dict[str, str]:
        """The violation as it appears in a problem body, empty fields left out."""
        fields = {
            "in": self.where,
            "pointer": self.pointer,
            "keyword": self.keyword,
            "message": self.message.en,
            "messageNl": self.message.nl,
            "expected": self.expected,
            "got": self.got,
            "hint": self.hint.en if self.hint else "",
            "hintNl": self.hint.nl if self.hint else "",
        }
        return {key: value for key, value in fields.items() if value or key == "pointer"}

    @classmethod
    def from_dict(cls, data: Mapping[str, str]) -> Violation:
        """The violation in a problem body."""
        return cls(
            where=data.get("in", "body"),
            pointer=data.get("pointer", ""),
            keyword=data.get("keyword", ""),
            message=Text(data["message"], data.get("messageNl") or data["message"]),
            expected=data.get("expected", ""),
            got=data.get("got", ""),
            hint=Text(data["hint"], data.get("hintNl") or data["hint"]) if data.get("hint") else None,
        )

    @property
    def sentence(self) -> Text:
        """What is wrong where, without the full stop."""
        name = self.pointer.removeprefix("/")
        place = _PLACES["method" if self.keyword == "method" else self.where]
        if name:
            place = _named(self.where, name)
        return say("{place} {message}", place=place, message=self.message)


def serious(violations: Iterable[Violation]) -> list[Violation]:
    """Those that no receiver may let pass; accepting any other is a warning at most."""
    return [each for each in violations if each.weight == "fail"]


def _named(where: str, name: str) -> Text:
    match where:
        case "path":
            return say("{name} in the path", name=name)
        case "query":
            return say("The query parameter {name}", name=name)
        case "header":
            return say("The header {name}", name=name)
        case "answer":
            return say("{name} in the answer", name=name)
    return same(f"/{name}")


_PLACES = {
    "body": say("The message"),
    "path": say("The path"),
    "query": say("The query"),
    "header": say("The request"),
    "answer": say("The other system"),
    "method": say("The method"),
}


def pointer(*parts: str | int) -> str:
    """A JSON Pointer (RFC 6901) from its unescaped parts."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


_DATE_BLANK_TIME = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}")
_DATE_TIME_NO_ZONE = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}(:\d{2}(\.\d+)?)?$")

# -- violations in words -------------------------------------------------------------------------

_FORMATS = {
    "uuid": say("must be a UUID, such as 11111111-1111-4111-8111-111111111111"),
    "date-time": say("must be a date and time with a zone, such as 2027-01-18T09:00:00+01:00 (RFC 3339)"),
    "duration": say("must be an ISO 8601 duration, such as PT90M"),
    "email": say("must be an e-mail address"),
}
KINDS = {
    "object": say("object"),
    "array": say("array"),
    "string": say("string"),
    "integer": say("integer"),
    "number": say("number"),
    "boolean": say("boolean"),
    "null": say("null"),
}
"""The JSON types (see `kind_of`), for people."""


def kind_of(value: Json) -> str:
    """The JSON type of a value, for people: never the value itself."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    for kind, name in ((str, "string"), (int, "integer"), (float, "number"), (list, "array")):
        if isinstance(value, kind):
            return name
    return "object"


def explained(error: jsonschema_rs.ValidationError, where: str, path: tuple[str | int, ...]) -> Iterator[Violation]:
    """What a validator found, in words for people.

    Args:
        error: What it found.
        where: The part of the message (see `Violation.where`).
        path: The place in that part, as unescaped parts.
    """
    kind: Any = error.kind
    keyword = type(kind).__name__
    instance: Any = error.instance
    got = kind_of(instance)
    match keyword:
        case "Required":
            yield Violation(
                where,
                pointer(*path, kind.property),
                "required",
                say("is required"),
                got="nothing",
                hint=_misspelt(kind.property, instance),
            )
        case "Type":
            types = [str(each) for each in _type_names(kind) if each != "null"]
            told = say("must be of type {types}", types=one_of(KINDS[each] for each in types))
            yield Violation(where, pointer(*path), "type", told, " or ".join(types), got)
        case "Enum" | "Constant":
            options = [each for each in _options(kind) if each is not None]
            allowed = ", ".join(str(each) for each in options)
            yield Violation(
                where,
                pointer(*path),
                "enum",
                say("must be one of {allowed}", allowed=allowed)
                if len(options) > 1
                else say("must be {allowed}", allowed=allowed),
                allowed,
                # Only a short word can be a mistyped member; anything longer may be anything.
                repr(instance) if isinstance(instance, str) and len(instance) < 40 else got,  # noqa: PLR2004
                _wrong_case(instance, options),
            )
        case "Format":
            told = _FORMATS.get(kind.format) or say("must have the form {form}", form=kind.format)
            hint = _wrong_form(instance) if kind.format == "date-time" else None
            yield Violation(where, pointer(*path), "format", told, kind.format, got, hint)
        case "Contains" | "MinContains" | "MaxContains":
            yield Violation(
                where,
                pointer(*path),
                "contains",
                say("must contain exactly one entry with consumerKey nl-test-admin"),
                "nl-test-admin",
                f"{len(instance)} entries",
            )
        case "Minimum" | "Maximum":
            limit = str(kind.limit)
            told = (
                say("must not be less than {limit}", limit=limit)
                if keyword == "Minimum"
                else say("must not be more than {limit}", limit=limit)
            )
            yield Violation(where, pointer(*path), keyword.lower(), told, limit, got)
        case "MinItems" | "MinLength" if not instance:
            yield Violation(where, pointer(*path), "minimum", say("must not be empty"), "", got)
        case "MinItems" | "MinLength":
            limit = str(kind.limit)
            parts, told = (
                ("entries", say("must not be shorter than {limit} entries", limit=limit))
                if keyword == "MinItems"
                else ("characters", say("must not be shorter than {limit} characters", limit=limit))
            )
            yield Violation(where, pointer(*path), "minimum", told, limit, f"{len(instance)} {parts}")
        case "MaxLength":
            limit = str(kind.limit)
            told = say("must not be longer than {limit} characters", limit=limit)
            yield Violation(where, pointer(*path), "maxLength", told, limit, f"{len(instance)} characters")
        case _:
            yield Violation(
                where,
                pointer(*path),
                keyword[0].lower() + keyword[1:],
                say("does not satisfy {keyword}", keyword=keyword),
                "",
                got,
            )


def _misspelt(name: str, instance: Json) -> Text | None:
    for key in instance:
        if key != name and key.casefold().replace("ff", "f") == name.casefold().replace("ff", "f"):
            return say("the message has {key}; the standard writes {name}", key=repr(key), name=repr(name))
    return None


def _wrong_case(value: Json, options: list[Json]) -> Text | None:
    for option in options:
        if isinstance(value, str) and isinstance(option, str) and value.casefold() == option.casefold():
            return say("check upper and lower case: {option}", option=repr(option))
    return None


def _wrong_form(value: Json) -> Text | None:
    if isinstance(value, str) and _DATE_BLANK_TIME.match(value):
        return say("write a T between date and time")
    if isinstance(value, str) and _DATE_TIME_NO_ZONE.match(value):
        return say("the zone is missing; add +01:00, or Z for UTC")
    return None


def _type_names(kind: Any) -> list[str]:
    names = kind.types
    return [names] if isinstance(names, str) else list(names)


def _options(kind: Any) -> list[Json]:
    options = kind.options if hasattr(kind, "options") else [kind.expected_value]
    return list(options) if isinstance(options, list | tuple) else [options]
