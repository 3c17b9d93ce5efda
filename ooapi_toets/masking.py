"""Masks people in evidence: by their place in a message, and by value wherever else they turn up.

What is personal is said in the contract with `x-personal`, and holds for everything below it, so that
an attribute of an endpoint's own inside a person is masked too. What was seen at such a place is known
from then on (`learn`), and masked in every other text: an error message, an address, an object of the
endpoint's own. Equal values get equal masks of one masker, so that a difference can still be seen; its salt
is fresh, so that a mask cannot be looked up. Ids stay. A message that is masked by place satisfies the same
schema as the one it came from.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, quote_plus, unquote_plus

from ooapi_toets import Json, JsonObject
from ooapi_toets.contract import Contract
from ooapi_toets.redaction import HIDDEN, RUN, hide_by_place, hide_members, is_secret_member
from ooapi_toets.redaction import header as redacted_header
from ooapi_toets.samples import UUID
from ooapi_toets.schemas import resolve

_SHORT = 64
"""Values of up to so many characters all look alike; longer ones keep their length."""
MOST_VALUES = 50_000
"""So many values of people are known at once; what comes later is masked by its place only."""
LONGEST_VALUE = 2_000
"""A longer value is masked by its place only."""
_LETTERS, _DIGITS = 4, 6
"""A value is known from so many letters or digits on; shorter ones turn up everywhere by chance."""
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class _Place:
    """What is known of one place in a message: is it personal, its words, what lies below by attribute."""

    personal: bool
    words: tuple[Json, ...] = ()
    below: Mapping[str, _Place] = field(default_factory=dict)


class Masker:
    """Masks messages of one contract; safe to be used by several threads once it has learnt.

    Args:
        contract: The contract that says what is personal.
        salt: Makes masks differ from masker to masker; random unless given.
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
        self._vocabulary = frozenset(_vocabulary(document))
        # Where a value with this word at its beginning begins, and how long it is; the longest first.
        self._shapes: dict[str, list[tuple[int, int]]] = {}
        self._masks: dict[str, str] = {}
        self._learnt: set[str] = set()
        names = "|".join(sorted(map(re.escape, self._names), key=len, reverse=True))
        # JSON of any strictness, Python, YAML: a name, a colon, and a text in quotes or up to the end of the member.
        self._member = re.compile(
            rf"""(["']?\b(?:{names}|code)\b["']?\s*:\s*)(?:"((?:[^"\\]|\\.)*)(?:"|$)|'((?:[^'\\]|\\.)*)(?:'|$))"""
        )
        self._parameter = re.compile(rf"((?:^|[?&;\s])(?:{names})=)([^&#\s\"'<>]+)")
        self._element = re.compile(rf"(<(?:\w+:)?({names})\b[^<>]*>)([^<>]+)(?=</)")

    def body(self, value: Json) -> Json:
        """A copy of a message in which people are masked, and whatever bears the name of a secret."""
        return self._mask(value, self._root)

    def text(self, raw: str) -> str:
        """A text that is no JSON, or not in the strict sense, in which people and secrets are masked."""
        made = self._member.sub(self._masked_member, hide_members(hide_by_place(raw)))
        made = self._parameter.sub(lambda found: found[1] + quote(self._text(unquote_plus(found[2]))), made)
        made = self._element.sub(lambda found: found[1] + self._text(found[3]), made)
        return self.words(made)

    def words(self, text: str) -> str:
        """A text in which the people that are known are masked, and secrets."""
        text = RUN.hide(text)
        if not self._masks or not text:
            return text
        parts, end = [], 0
        for found in _WORD.finditer(text):
            if found.start() < end:
                continue
            for before, length in self._shapes.get(found.group(), ()):
                begin = found.start() - before
                mask = self._masks.get(text[begin : begin + length]) if begin >= end else None
                if mask is not None:
                    parts += [text[end:begin], mask]
                    end = begin + length
                    break
        return "".join([*parts, text[end:]]) if parts else text

    def data(self, value: Json) -> Json:
        """Data of our own making, such as a reason or a difference, in which known people are masked, and secrets."""
        if isinstance(value, str):
            return self.words(value)
        if isinstance(value, list):
            return [self.data(each) for each in value]
        if isinstance(value, dict):
            return {key if key in self._vocabulary else self.words(key): self.data(each) for key, each in value.items()}
        return value

    def headers(self, pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
        """Header lines with credentials hidden and people masked."""
        return [(name, self.text(value)) for name, value in self.hide_credentials(pairs)]

    @staticmethod
    def hide_credentials(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
        """Header lines with credentials hidden; only the scheme is left, even where people are shown."""
        return [(RUN.hide(name), RUN.hide(redacted_header(name, value))) for name, value in pairs]

    # -- what is known of people ---------------------------------------------------------------------

    def learn(self, value: Json) -> None:
        """Know the people of a message from now on.

        Args:
            value: The message, as JSON.
        """
        waiting = [(value, self._root)]  # a loop, because a client may nest deeper than Python recurses
        while waiting:
            each, place = waiting.pop()
            if isinstance(each, list):
                waiting += [(member, place) for member in reversed(each)]
            elif isinstance(each, dict):
                below = ((inner, place.below.get(key) or self._unknown(key, place)) for key, inner in each.items())
                waiting += reversed(list(below))
            elif place.personal and isinstance(each, str) and each not in place.words:
                self._know(each)

    def learn_text(self, raw: str) -> None:
        """Know what a text that is no JSON names as personal."""
        for found in self._member.finditer(raw):
            self._know(_unescaped(found[2] if found[2] is not None else found[3] or ""))
        for found in self._parameter.finditer(raw):
            self._know(unquote_plus(found[2]))
        for found in self._element.finditer(raw):
            self._know(html.unescape(found[3]))

    def _know(self, value: str) -> None:
        value = value.strip()
        if (
            value in self._learnt
            or len(self._learnt) >= MOST_VALUES
            or len(value) > LONGEST_VALUE
            or value.lower() in self._vocabulary
            or UUID.fullmatch(value)
            or (sum(map(str.isalpha, value)) < _LETTERS and sum(map(str.isdigit, value)) < _DIGITS)
        ):
            return
        self._learnt.add(value)
        mask = self._text(value)
        for form in _forms(value):
            first = _WORD.search(form)
            if first and form not in self._masks:
                self._masks[form] = mask
                shapes = self._shapes.setdefault(first.group(), [])
                if (shape := (first.start(), len(form))) not in shapes:
                    shapes.append(shape)
                    shapes.sort(key=lambda each: -each[1])

    # -- masking -------------------------------------------------------------------------------------

    def _masked_member(self, found: re.Match[str]) -> str:
        mark = '"' if found[2] is not None else "'"
        value = found[2] if found[2] is not None else found[3]
        return f"{found[1]}{mark}{self._text(_unescaped(value))}{mark}"

    def _mask(self, value: Json, place: _Place) -> Json:
        if isinstance(value, list):
            return [self._mask(each, place) for each in value]
        if isinstance(value, dict):
            return {
                key if key in self._vocabulary else self.words(key): HIDDEN
                if each and isinstance(each, str) and is_secret_member(key) and key not in place.below
                else self._mask(each, place.below.get(key) or self._unknown(key, place))
                for key, each in value.items()
            }
        if place.personal:
            return self._replace(value, place.words)
        if not isinstance(value, str) or value in self._vocabulary or UUID.fullmatch(value):
            return value
        return self.words(value)

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


def _forms(value: str) -> set[str]:
    """A value as it is, and as URLs, JSON and markup write it."""
    if value.isascii() and value.isalnum():
        return {value}
    strict = value.encode("utf-8", "replace")
    return {
        value,
        quote(strict),
        quote(strict, safe=""),
        quote_plus(strict),
        json.dumps(value)[1:-1],
        json.dumps(value, ensure_ascii=False)[1:-1],
        html.escape(value),
    }


def _unescaped(text: str) -> str:
    """The text that stands in quotes in JSON, as far as it can be read."""
    try:
        found = json.loads(f'"{text}"', strict=False)
    except ValueError:
        return text
    return found if isinstance(found, str) else text


def _vocabulary(value: Json) -> Iterator[str]:
    """The words of the contract itself: names and fixed values, which are nobody's."""
    if isinstance(value, list):
        for each in value:
            yield from _vocabulary(each)
    elif isinstance(value, dict):
        for key, each in value.items():
            if key == "properties" and isinstance(each, dict):
                for name in each:
                    yield from (name, name.lower())
            if key == "enum" and isinstance(each, list):
                for word in filter(lambda word: isinstance(word, str), each):
                    yield from (word, word.lower())
            if key == "const" and isinstance(each, str):
                yield from (each, each.lower())
            yield from _vocabulary(each)


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
