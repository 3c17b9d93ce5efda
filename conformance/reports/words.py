"""The words of the reports in both languages, one set for every format; dates and times as each writes them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import orjson

from ooapi_toets import Json, JsonObject
from ooapi_toets.console import visible as visible  # noqa: PLC0414 - one of the words of the reports
from ooapi_toets.texts import Text, all_of, number, say, say_n

TEMPLATES = Path(__file__).parent / "templates"

_MONTHS = (
    say("January"),
    say("February"),
    say("March"),
    say("April"),
    say("May"),
    say("June"),
    say("July"),
    say("August"),
    say("September"),
    say("October"),
    say("November"),
    say("December"),
)
_MINUTE = 60

_ROLES = {
    "toetsafname": say("Toetsafname (test taking)"),
    "toetsplanning": say("Toetsplanning (test planning)"),
}
_HALVES = {"server": say("server half"), "client": say("client half")}
_VERDICTS = {
    "conformant": say("conformant"),
    "not conformant": say("not conformant"),
    "incomplete": say("incomplete"),
    "no verdict": say("no verdict"),
}
_OUTCOMES = {
    "fail": (say_n("fail", "fail", 1), say_n("fail", "fail", 2), say("A mandatory rule was violated.")),
    "error": (
        say_n("error", "errors", 1),
        say_n("error", "errors", 2),
        say("An error occurred in the test suite itself; this says nothing about the endpoint."),
    ),
    "warn": (
        say_n("warning", "warnings", 1),
        say_n("warning", "warnings", 2),
        say("A recommendation was not followed, or a rule was met in an unusual way. Does not affect the verdict."),
    ),
    "disputed": (
        say_n("disputed", "disputed", 1),
        say_n("disputed", "disputed", 2),
        say(
            "The documents can be read in two ways, and the system follows the other reading. "
            "Does not affect the verdict."
        ),
    ),
    "not exercised": (
        say_n("not tested", "not tested", 1),
        say_n("not tested", "not tested", 2),
        say("Could not be tested; the reason is given. Never counts as a pass."),
    ),
    "pass": (say_n("pass", "pass", 1), say_n("pass", "pass", 2), say("Tested, and the system meets the rule.")),
    "not applicable": (
        say_n("not applicable", "not applicable", 1),
        say_n("not applicable", "not applicable", 2),
        say("It was declared that the endpoint does not support or require this."),
    ),
}
"""Each outcome in a word for one rule and for several, and in a sentence, in the order of attention."""
_LEVELS = {
    "MUST": (say("MUST"), say("mandatory")),
    "SHOULD": (say("SHOULD"), say("recommended")),
    "MAY": (say("MAY"), say("optional")),
}
_KINDS = {"session": (say("session"), say("sessions")), "report": (say("report"), say("reports"))}
_CHAPTERS = {
    "2": say("Flow 2: register a session"),
    "2.1": say("Option 1: create a session without students"),
    "2.2": say("Option 2: create a session with students"),
    "2.3": say("Option 3: add students to a session"),
    "2.4": say("Option 4: remove students from a session"),
    "2.5": say("Option 5: delete a session"),
    "3": say("Flow 3: results"),
    "4.1": say("Flow 4.1: send the session report"),
    "4.2": say("Flow 4.2: read the session report"),
    "everywhere": say("Everywhere: HTTP, errors and security"),
}


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


def outcomes() -> list[str]:
    """The outcome words, in the order of attention that they ask for."""
    return list(_OUTCOMES)


def outcome(name: str, n: int = 1) -> Text:
    """An outcome as people say it of so many rules."""
    return _OUTCOMES[name][n != 1] if name in _OUTCOMES else same(name)


def outcome_means(name: str) -> Text:
    """An outcome in a sentence."""
    return _OUTCOMES[name][2] if name in _OUTCOMES else same(name)


def level(name: str) -> Text:
    """The strength of a rule."""
    return _LEVELS[name][0] if name in _LEVELS else same(name)


def level_means(name: str) -> Text:
    """The strength of a rule in plain words."""
    return _LEVELS[name][1] if name in _LEVELS else same(name)


def verdict(name: str) -> Text:
    """A verdict as people say it."""
    return _VERDICTS.get(name) or same(name)


def role(name: str) -> Text:
    """A role; the Dutch term is the term, in English with what it is."""
    return _ROLES.get(name) or same(name)


def half(name: str) -> Text:
    """A half of a role."""
    return _HALVES.get(name) or same(name)


def kind(name: str, n: int) -> Text:
    """A kind of thing that a check creates, in the singular or the plural."""
    return _KINDS[name][n != 1] if name in _KINDS else same(name)


def chapter(name: str) -> Text:
    """The title of a chapter of the standard."""
    return _CHAPTERS.get(name) or same(name)


def halves(result: JsonObject) -> Text:
    """Which halves of the role were examined."""
    return listed([half(str(each)) for each in result["scope"].get("halves", [])])


def scope(result: JsonObject) -> Text:
    """Which halves of the role were examined, and whether only part of that was."""
    examined, only = halves(result), result["scope"].get("only")
    if not only:
        return examined
    return say("{examined}, only {only}", examined=examined, only=visible(", ".join(map(str, only))))


def listed(texts: Iterable[Text]) -> Text:
    """Several words as a list in a sentence; empty where there is none."""
    joined = list(texts)
    return all_of(joined) if joined else same("")


def capital(given: Text) -> Text:
    """A text that opens a line."""
    return Text(given.en[:1].upper() + given.en[1:], given.nl[:1].upper() + given.nl[1:])


def moment(iso: str) -> Text:
    """A moment, to the minute; what is not one is shown as it is."""
    try:
        at = datetime.fromisoformat(iso)
    except ValueError:
        return same(iso)
    month, zone = _MONTHS[at.month - 1], at.tzname() or ""
    return Text(
        f"{at.day} {month.en} {at.year}, {at:%H:%M} {zone}".strip(),
        f"{at.day} {month.nl} {at.year}, {at:%H.%M} {zone}".strip(),
    )


def duration(started: str, finished: str) -> Text:
    """The time between two moments."""
    try:
        seconds = (datetime.fromisoformat(finished) - datetime.fromisoformat(started)).total_seconds()
    except (ValueError, TypeError):
        return same("?")
    if seconds < _MINUTE:
        return say("{seconds} s", seconds=number(round(seconds, 1)))
    minutes, rest = divmod(round(seconds), _MINUTE)
    return say("{minutes} min {seconds} s", minutes=minutes, seconds=rest)


def _string(value: Json) -> str:
    return value if isinstance(value, str) else orjson.dumps(value, default=str).decode()
