"""The words of the reports in both languages, one set for every format; numbers and dates as each writes them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import cast

import orjson

from ooapi_toets import Json, JsonObject, resources
from ooapi_toets.register import Text

TEMPLATES = Path(__file__).parent / "templates"
LANGUAGES = ("en", "nl")

_MONTHS = {
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    "nl": [
        "januari",
        "februari",
        "maart",
        "april",
        "mei",
        "juni",
        "juli",
        "augustus",
        "september",
        "oktober",
        "november",
        "december",
    ],
}
_MINUTE = 60
# Control characters, what turns the direction of a line around, and what UTF-8 cannot hold.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


def visible(text: str) -> str:
    """A text from elsewhere, with what cannot be seen, or would hide the rest, spelled out."""
    return _UNSEEN.sub(lambda found: f"\\u{ord(found.group()):04x}", text.replace("\r\n", "\n"))


def text(data: Json) -> Text:
    """A text of the result in both languages; one that lacks a language shows the other."""
    if isinstance(data, dict):
        en = data.get("en", data.get("nl", ""))
        return Text(visible(_string(en)), visible(_string(data.get("nl", en))))
    return same("" if data is None else _string(data))


def same(value: str) -> Text:
    """A text that is the same in both languages, such as an id."""
    shown = visible(value)
    return Text(shown, shown)


def word(key: str, **values: Text | str | int) -> Text:
    """A word of the reports, filled in.

    Args:
        key: Its name under `words`.
        values: What it speaks of; with `n` 1 it is in the singular.
    """
    entry = _load()["words"][key]
    if values.get("n") == 1 and "one" in entry:
        entry = entry["one"]
    return Text(
        *(
            entry[language].format_map({name: _value(value, language) for name, value in values.items()})
            for language in LANGUAGES
        )
    )


def outcomes() -> list[str]:
    """The outcome words, in the order of attention that they ask for."""
    return list(_load()["outcomes"])


def outcome(name: str) -> Text:
    """An outcome as people say it."""
    return _named("outcomes", name)


def outcome_means(name: str) -> Text:
    """An outcome in a sentence."""
    return _named("outcomes", name, "means")


def level(name: str) -> Text:
    """The strength of a rule."""
    return _named("levels", name)


def level_means(name: str) -> Text:
    """The strength of a rule in plain words."""
    return _named("levels", name, "means")


def verdict(name: str) -> Text:
    """A verdict as people say it."""
    return _named("verdicts", name)


def role(name: str) -> Text:
    """A role; the Dutch term is the term, in English with what it is."""
    return _named("roles", name)


def half(name: str) -> Text:
    """A half of a role."""
    return _named("halves", name)


def kind(name: str, n: int) -> Text:
    """A kind of thing that a check creates, in the singular or the plural."""
    return _named("kinds", name, "one" if n == 1 else "word")


def chapter(name: str) -> Text:
    """The title of a chapter of the standard."""
    return _named("chapters", name)


def halves(result: JsonObject) -> Text:
    """Which halves of the role were examined."""
    return listed([half(str(each)) for each in result["scope"].get("halves", [])])


def scope(result: JsonObject) -> Text:
    """Which halves of the role were examined, and whether only part of that was."""
    examined, only = halves(result), result["scope"].get("only")
    if not only:
        return examined
    part = word("part_of_it", only=visible(", ".join(map(str, only))))
    return Text(*(f"{examined[language]}, {part[language]}" for language in LANGUAGES))


def listed(texts: Iterable[Text]) -> Text:
    """Several words as a list in a sentence."""
    joined = list(texts)
    link = word("and")
    return Text(*(link[language].join(each[language] for each in joined) for language in LANGUAGES))


def capital(given: Text) -> Text:
    """A text that opens a line."""
    return Text(*(given[language][:1].upper() + given[language][1:] for language in LANGUAGES))


def number(value: float, language: str) -> str:
    """A number with the marks of a language: 1,803.5 or 1.803,5."""
    written = f"{value:,}"
    return written.translate(str.maketrans(",.", ".,")) if language == "nl" else written


def moment(iso: str) -> Text:
    """A moment, to the minute; what is not one is shown as it is."""
    try:
        at = datetime.fromisoformat(iso)
    except ValueError:
        return same(iso)
    zone = at.tzname() or ""
    day = [f"{at.day} {_MONTHS[language][at.month - 1]} {at.year}" for language in LANGUAGES]
    return Text(f"{day[0]}, {at:%H:%M} {zone}".strip(), f"{day[1]}, {at:%H.%M} {zone}".strip())


def duration(started: str, finished: str) -> Text:
    """The time between two moments."""
    try:
        seconds = (datetime.fromisoformat(finished) - datetime.fromisoformat(started)).total_seconds()
    except (ValueError, TypeError):
        return same("?")
    if seconds < _MINUTE:
        return Text(*(f"{number(round(seconds, 1), language)} s" for language in LANGUAGES))
    minutes, rest = divmod(round(seconds), _MINUTE)
    return same(f"{minutes} min {rest} s")


def _named(group: str, name: str, part: str = "word") -> Text:
    entry = _load()[group].get(name)
    if entry is None:
        return same(name)
    entry = entry.get(part, entry)
    return Text(entry["en"], entry["nl"])


def _value(value: Text | str | int, language: str) -> str:
    if isinstance(value, Text):
        return value[language]
    return number(value, language) if isinstance(value, int) else value


def _string(value: Json) -> str:
    return value if isinstance(value, str) else orjson.dumps(value, default=str).decode()


@cache
def _load() -> JsonObject:
    return cast(JsonObject, resources.read_yaml(TEMPLATES / "words.yaml"))
