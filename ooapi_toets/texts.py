"""Gives every text in English and Dutch: English stands in the code, Dutch in the catalogues of the packages.

A catalogue is `<package>/locale/nl/LC_MESSAGES/<package>.po`, compiled to `.mo` beside it. `python -m tools.words`
extracts, updates, compiles and checks them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

PACKAGES = ("ooapi_toets", "mock_server", "conformance")
"""The packages that ship together; a text is looked up in the catalogues of all of them."""
LANGUAGES = ("en", "nl")

_FOLDER = Path(__file__).resolve().parent.parent
_DUTCH_MARKS = str.maketrans(",.", ".,")


@dataclass(frozen=True, slots=True)
class Text:
    """A text in the two languages of this project.

    Attributes:
        en: The text in English.
        nl: The text in Dutch.
    """

    en: str
    nl: str

    def __getitem__(self, language: str) -> str:
        return self.nl if language == "nl" else self.en

    def __str__(self) -> str:
        return self.en


def catalogue(package: str) -> Path:
    """The compiled Dutch catalogue of a package.

    Args:
        package: One of `PACKAGES`.
    """
    return _FOLDER / package / "locale" / "nl" / "LC_MESSAGES" / f"{package}.mo"


def say(message: str, /, **values: object) -> Text:
    """A text in both languages; English where there is no Dutch.

    Args:
        message: The text in English, with the names of what is filled in between braces.
        values: What is filled in; a `Text` gives its own language to each. Without any, braces are plain text.
    """
    plain = _plain(message)
    return _filled(plain, values) if values else plain


def say_n(one: str, many: str, n: int, /, **values: object) -> Text:
    """A text about a number of things, in the singular or the plural; `{n}` is that number.

    Args:
        one: The text in English for one thing.
        many: The text in English for any other number.
        n: The number.
        values: What else is filled in, as for `say`.
    """
    return _filled(Text(one if n == 1 else many, _dutch().ngettext(one, many, n)), {**values, "n": number(n)})


def same(value: object) -> Text:
    """A text that is the same in both languages, such as an id."""
    return Text(str(value), str(value))


def number(value: float) -> Text:
    """A number with the marks of each language: 1,803.5 and 1.803,5."""
    written = f"{value:,}".removesuffix(".0")
    return Text(written, written.translate(_DUTCH_MARKS))


def all_of(parts: Iterable[object]) -> Text:
    """Several things as a list in a sentence: one, two and three."""
    return _listed(parts, say(" and "))


def one_of(parts: Iterable[object]) -> Text:
    """Several things to choose from, as a list in a sentence: one, two or three."""
    return _listed(parts, say(" or "))


def _listed(parts: Iterable[object], link: Text) -> Text:
    *first, last = (each if isinstance(each, Text) else same(each) for each in parts)
    if not first:
        return last
    return Text(*(", ".join(each[one] for each in first) + link[one] + last[one] for one in LANGUAGES))


@cache
def _plain(message: str) -> Text:
    """A message in both languages, as it stands; there are no more of them than the code writes out."""
    return Text(message, _dutch().gettext(message))


def _filled(plain: Text, values: dict[str, object]) -> Text:
    english, dutch = values, values
    for name, value in values.items():
        if isinstance(value, Text):
            if dutch is values:
                english, dutch = dict(values), dict(values)
            english[name], dutch[name] = value.en, value.nl
    return Text(plain.en.format_map(english), plain.nl.format_map(dutch))


@cache
def _dutch() -> NullTranslations:
    """The Dutch of every message; read once, when the first text is made."""
    found = NullTranslations()
    for package in PACKAGES:
        path = catalogue(package)
        if path.is_file():
            with path.open("rb") as file:
                found.add_fallback(GNUTranslations(file))
    return found
