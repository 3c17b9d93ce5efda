"""Evidence without people: personal values are replaced, the shape of a message stays.

What is personal is said in the contract with `x-personal`, and holds for everything below it, so that
an attribute of an endpoint's own inside a person is masked too. Equal values get equal masks within
one run, so that a difference can still be seen; the salt is fresh per run, so that a mask cannot be
looked up. A masked message satisfies the same schema as the one it came from.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ooapi_toets import Json, JsonObject
from ooapi_toets.contract import Contract
from ooapi_toets.samples import UUID
from ooapi_toets.schemas import resolve

SECRET_HEADERS = frozenset(
    {"authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key", "x-mock-token"}
)
HIDDEN = "[masked]"
_SHORT = 64
"""Values of up to so many characters all look alike; longer ones keep their length."""


@dataclass(frozen=True)
class _Place:
    """What is known of one place in a message: is it personal, its words, what lies below by attribute."""

    personal: bool
    words: tuple[Json, ...] = ()
    below: Mapping[str, _Place] = field(default_factory=dict)


class Masker:
    """Masks messages of one contract.

    Args:
        contract: The contract that says what is personal.
        salt: Makes masks differ from run to run; random unless given.
    """

    def __init__(self, contract: Contract, salt: bytes | None = None) -> None:
        self._salt = salt or secrets.token_bytes(16)
        document = contract.document
        self._root = _merge(_place(document, schema, personal=False) for schema in _messages(document))
        self._names = frozenset(
            name
            for schema in document["components"]["schemas"].values()
            for name, place in _place(document, schema, personal=False).below.items()
            if place.personal
        )
        names = "|".join(sorted(map(re.escape, self._names)))
        self._named = re.compile(rf'("(?:{names}|code)"\s*:\s*)"((?:[^"\\]|\\.)*)(?:"|$)')

    def body(self, value: Json) -> Json:
        """A copy of a message in which personal values are masked."""
        return self._mask(value, self._root)

    def text(self, raw: str) -> str:
        """A text that is no JSON, or not in the strict sense, in which named personal values are masked."""
        return self._named.sub(lambda found: f'{found[1]}"{self._text(found[2])}"', hide_secrets(raw))

    def headers(self, pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
        """Header lines with credentials hidden."""
        return self.hide_credentials(pairs)

    @staticmethod
    def hide_credentials(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
        """Header lines with credentials hidden; only the scheme is left, even where people are shown."""
        return [(name, _hide(value) if name.lower() in SECRET_HEADERS else value) for name, value in pairs]

    def _mask(self, value: Json, place: _Place) -> Json:
        if isinstance(value, list):
            return [self._mask(each, place) for each in value]
        if isinstance(value, dict):
            return {
                key: self._mask(each, place.below.get(key) or self._unknown(key, place)) for key, each in value.items()
            }
        return self._replace(value, place.words) if place.personal else value

    def _unknown(self, key: str, place: _Place) -> _Place:
        # Somebody's own attribute: personal below a person, and anywhere if it bears a personal name.
        return _Place(place.personal or key in self._names)

    def _replace(self, value: Json, words: tuple[Json, ...]) -> Json:
        if isinstance(value, str):
            return words[0] if value in words else self._text(value)
        if isinstance(value, int) and not isinstance(value, bool):
            return -1 if value < 0 else 0
        return 0.5 if isinstance(value, float) else value

    def _text(self, value: str) -> str:
        # An id says nothing to whoever has no access to the systems, and everything to whoever must repair them.
        if not value or UUID.fullmatch(value):
            return value
        tag = hashlib.blake2s(value.encode("utf-8", "surrogatepass"), key=self._salt, digest_size=3).hexdigest()
        masked = f"masked-{tag}"
        if "@" in value:
            masked += "@example.org"
        # A long value stays as long, so that what a length limit did to it can still be seen.
        return masked if len(value) <= _SHORT else "·" * (len(value) - len(masked)) + masked


_QUOTED_SECRET = re.compile(r"(?i)\b(access_token|client_secret|password|refresh_token)=([^&\s]+)")


def hide_secrets(text: str) -> str:
    """A text, such as a URL or form body, with the values of secret parameters hidden."""
    return _QUOTED_SECRET.sub(rf"\1={HIDDEN}", text)


def _hide(value: str) -> str:
    scheme, _, rest = value.partition(" ")
    return f"{scheme} {HIDDEN}" if rest else HIDDEN


def _messages(document: JsonObject) -> Iterator[JsonObject]:
    for item in document["paths"].values():
        for operation in item.values():
            if isinstance(operation, dict):
                bodies = [operation.get("requestBody", {}), *operation.get("responses", {}).values()]
                for body in bodies:
                    for media in resolve(document, body).get("content", {}).values():
                        yield media["schema"]


def _place(document: JsonObject, schema: JsonObject, *, personal: bool) -> _Place:
    schema = resolve(document, schema)
    personal = schema.get("x-personal", personal)
    parts = [
        _place(document, each, personal=personal) for key in ("oneOf", "anyOf", "allOf") for each in schema.get(key, [])
    ]
    if "items" in schema:
        parts.append(_place(document, schema["items"], personal=personal))
    below = {name: _place(document, each, personal=personal) for name, each in schema.get("properties", {}).items()}
    return _merge([_Place(personal, tuple(schema.get("enum", ())), below), *parts])


def _merge(places: Iterable[_Place]) -> _Place:
    places = list(places)
    names: dict[str, list[_Place]] = {}
    for place in places:
        for name, each in place.below.items():
            names.setdefault(name, []).append(each)
    below: dict[str, Any] = {name: each[0] if len(each) == 1 else _merge(each) for name, each in names.items()}
    words = tuple(word for place in places for word in place.words)
    return _Place(any(place.personal for place in places), words, below)
