"""What is wrong with a message, in words: the place, what must be there, and what was probably meant."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import jsonschema_rs

from ooapi_toets import Json
from ooapi_toets.register import Text


@dataclass(frozen=True, slots=True)
class Violation:
    """One place where a message breaks the contract.

    Attributes:
        where: The part of the message: `body`, `path`, `query` or `header`.
        pointer: JSON Pointer (RFC 6901) into that part; a parameter is a slash and its name.
        keyword: The schema keyword that was broken, or a word of our own for other checks.
        message: What must be, in English, without the value that was sent.
        message_nl: The same in Dutch.
        expected: The values or form allowed, where that is short.
        got: What kind of thing was there; a value only where it cannot be personal.
        hint: What the sender probably meant, or should do, where that can be told.
    """

    where: str
    pointer: str
    keyword: str
    message: str
    message_nl: str
    expected: str = ""
    got: str = ""
    hint: Text | None = None

    def as_dict(self) -> dict[str, str]:
        """The violation as it appears in a problem body, empty fields left out."""
        fields = {
            "in": self.where,
            "pointer": self.pointer,
            "keyword": self.keyword,
            "message": self.message,
            "messageNl": self.message_nl,
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
            message=data["message"],
            message_nl=data.get("messageNl") or data["message"],
            expected=data.get("expected", ""),
            got=data.get("got", ""),
            hint=Text(data["hint"], data.get("hintNl") or data["hint"]) if data.get("hint") else None,
        )

    @property
    def sentence(self) -> Text:
        """What is wrong where, without the full stop."""
        name = self.pointer.removeprefix("/")
        place = _PLACES["method" if self.keyword == "method" else self.where]
        if name and self.where == "body":
            place = Text(self.pointer, self.pointer)
        elif name:
            place = Text(_NAMED[self.where].en.format(name), _NAMED[self.where].nl.format(name))
        return Text(f"{place.en} {self.message}", f"{place.nl} {self.message_nl}")


_PLACES = {
    "body": Text("The message", "Het bericht"),
    "path": Text("The path", "Het pad"),
    "query": Text("The query", "De query"),
    "header": Text("The call", "De aanroep"),
    "answer": Text("The peer", "De tegenpartij"),
    "method": Text("The method", "De methode"),
}
_NAMED = {
    "path": Text("{} in the path", "{} in het pad"),
    "query": Text("The query parameter {}", "De queryparameter {}"),
    "header": Text("The header {}", "De header {}"),
    "answer": Text("{} in the answer", "{} in het antwoord"),
}


def pointer(*parts: str | int) -> str:
    """A JSON Pointer (RFC 6901) from its unescaped parts."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


_DATE_BLANK_TIME = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}")
_DATE_TIME_NO_ZONE = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}(:\d{2}(\.\d+)?)?$")

# -- violations in words -------------------------------------------------------------------------

_FORMATS = {
    "uuid": ("must be a UUID, such as 11111111-1111-4111-8111-111111111111", "moet een UUID zijn"),
    "date-time": (
        "must be a date and time with a zone, such as 2027-01-18T09:00:00+01:00 (RFC 3339)",
        "moet een datum en tijd met tijdzone zijn (RFC 3339)",
    ),
    "duration": ("must be an ISO 8601 duration, such as PT90M", "moet een ISO 8601-duur zijn, zoals PT90M"),
    "email": ("must be an e-mail address", "moet een e-mailadres zijn"),
}
_TYPES_NL = {
    "object": "een object",
    "array": "een lijst",
    "string": "een tekst",
    "integer": "een geheel getal",
    "number": "een getal",
    "boolean": "true of false",
    "null": "null",
}


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
                "is required",
                "is verplicht",
                got="nothing",
                hint=_misspelt(kind.property, instance),
            )
        case "Type":
            types = [str(each) for each in _type_names(kind)]
            dutch = " of ".join(_TYPES_NL.get(each, each) for each in types if each != "null")
            names = " or ".join(each for each in types if each != "null")
            yield Violation(where, pointer(*path), "type", f"must be of type {names}", f"moet {dutch} zijn", names, got)
        case "Enum" | "Constant":
            options = [each for each in _options(kind) if each is not None]
            allowed = ", ".join(str(each) for each in options)
            yield Violation(
                where,
                pointer(*path),
                "enum",
                f"must be one of {allowed}" if len(options) > 1 else f"must be {allowed}",
                f"moet een van {allowed} zijn" if len(options) > 1 else f"moet {allowed} zijn",
                allowed,
                # Only a short word can be a mistyped member; anything longer may be anything.
                repr(instance) if isinstance(instance, str) and len(instance) < 40 else got,  # noqa: PLR2004
                _wrong_case(instance, options),
            )
        case "Format":
            english, dutch = _FORMATS.get(kind.format, (f"must have the form {kind.format}",) * 2)
            hint = _wrong_form(instance) if kind.format == "date-time" else None
            yield Violation(where, pointer(*path), "format", english, dutch, kind.format, got, hint)
        case "Contains" | "MinContains" | "MaxContains":
            yield Violation(
                where,
                pointer(*path),
                "contains",
                "must hold exactly one entry with consumerKey nl-test-admin",
                "moet precies één element met consumerKey nl-test-admin bevatten",
                "nl-test-admin",
                f"{len(instance)} entries",
            )
        case "Minimum" | "Maximum":
            bound, grens = ("less", "kleiner") if keyword == "Minimum" else ("more", "groter")
            yield Violation(
                where,
                pointer(*path),
                keyword.lower(),
                f"must not be {bound} than {kind.limit}",
                f"mag niet {grens} zijn dan {kind.limit}",
                str(kind.limit),
                got,
            )
        case "MinItems" | "MinLength" if not instance:
            yield Violation(where, pointer(*path), "minimum", "must not be empty", "mag niet leeg zijn", "", got)
        case "MinItems" | "MinLength":
            limit = str(kind.limit)
            parts, delen = ("entries", "elementen") if keyword == "MinItems" else ("characters", "tekens")
            yield Violation(
                where,
                pointer(*path),
                "minimum",
                f"must not be shorter than {limit} {parts}",
                f"mag niet korter zijn dan {limit} {delen}",
                limit,
                f"{len(instance)} {parts}",
            )
        case "MaxLength":
            limit = str(kind.limit)
            yield Violation(
                where,
                pointer(*path),
                "maxLength",
                f"must not be longer than {limit} characters",
                f"mag niet langer zijn dan {limit} tekens",
                limit,
                f"{len(instance)} characters",
            )
        case _:
            yield Violation(
                where,
                pointer(*path),
                keyword[0].lower() + keyword[1:],
                f"does not satisfy {keyword}",
                f"voldoet niet aan {keyword}",
                "",
                got,
            )


def _misspelt(name: str, instance: Json) -> Text | None:
    for key in instance:
        if key != name and key.casefold().replace("ff", "f") == name.casefold().replace("ff", "f"):
            return Text(
                f"the message has {key!r}; the standard writes {name!r}",
                f"in het bericht staat {key!r}; de standaard schrijft {name!r}",
            )
    return None


def _wrong_case(value: Json, options: list[Json]) -> Text | None:
    for option in options:
        if isinstance(value, str) and isinstance(option, str) and value.casefold() == option.casefold():
            return Text(f"upper and lower case count: {option!r}", f"hoofdletters en kleine letters tellen: {option!r}")
    return None


def _wrong_form(value: Json) -> Text | None:
    if isinstance(value, str) and _DATE_BLANK_TIME.match(value):
        return Text("write a T between date and time", "schrijf een T tussen datum en tijd")
    if isinstance(value, str) and _DATE_TIME_NO_ZONE.match(value):
        return Text(
            "the zone is missing; add +01:00, or Z for UTC",
            "de tijdzone ontbreekt; zet er +01:00 achter, of Z voor UTC",
        )
    return None


def _type_names(kind: Any) -> list[str]:
    names = kind.types
    return [names] if isinstance(names, str) else list(names)


def _options(kind: Any) -> list[Json]:
    options = kind.options if hasattr(kind, "options") else [kind.expected_value]
    return list(options) if isinstance(options, list | tuple) else [options]
