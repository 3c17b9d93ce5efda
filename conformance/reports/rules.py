"""The rules of a result as the page shows them: by chapter, each with its evidence. No judging here."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from conformance.reports import evidence, words
from conformance.reports.evidence import Difference, ExchangeLine, ExchangeView, Listing
from conformance.reports.words import text, visible
from ooapi_toets import Json, JsonObject
from ooapi_toets.texts import Text

_ATTENTION = frozenset({"fail", "error", "warn", "disputed", "not exercised"})
"""The outcomes that a reader should know of."""
_OPEN = frozenset({"fail", "error", "warn", "disputed"})
_MOST_IN_FULL = 300
"""So many exchanges of rules that ask for no attention are shown in full; of the others a line is."""
_STEP_NUMBER = re.compile(r"^\d+\.\s+")


@dataclass(frozen=True, slots=True)
class Reading:
    """The interpretation a rule rests on."""

    id: str
    disputed: bool
    question: Text
    reading: Text
    other: Text | None


@dataclass(frozen=True, slots=True)
class Shown:
    """An exchange among the evidence of a rule: shown here, or where it is to be found.

    Attributes:
        number: Its number.
        line: The exchange in one line, when it is shown here.
        view: The exchange in full, when it is shown here and in full.
        opened: Whether it is open from the beginning.
        at: The rule at which it is shown, when that is another; empty when the result does not hold it.
    """

    number: str
    line: ExchangeLine | None = None
    view: ExchangeView | None = None
    opened: bool = False
    at: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """Another thing that was seen about a rule."""

    told: Text
    exchanges: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class RuleView:
    """One rule as the page shows it.

    Attributes:
        id: Its id.
        link: Its place on the page, for an address.
        level: MUST, SHOULD or MAY.
        half: Which half of the role it is about.
        outcome: What became of it.
        style: The outcome as a name in the style sheet.
        sentence: What must hold.
        reason: What decided the outcome.
        source: Where it is written.
        checks: How many checks there were.
        reading: The interpretation it rests on.
        proved_by: The wrong implementations that show that it can fail.
        scenario: The scenario that decided.
        notes: What else was seen.
        steps: The shortest sequence that shows it.
        difference: What was expected beside what was there.
        exchanges: The evidence.
        curl: The calls that show it.
        command: The command that checks it alone.
        excused: Whether the baseline knows of it.
        attention: Whether a reader should know of it.
        opened: Whether the evidence is open from the beginning.
    """

    id: str
    link: str
    level: str
    half: str
    outcome: str
    style: str
    sentence: Text
    reason: Text
    source: str
    checks: int
    reading: Reading | None
    proved_by: str
    scenario: str
    notes: tuple[Note, ...]
    steps: tuple[Text, ...]
    difference: Difference | None
    exchanges: tuple[Shown, ...]
    curl: Listing | None
    command: Listing | None
    excused: bool
    attention: bool
    opened: bool


@dataclass(frozen=True, slots=True)
class Chapter:
    """The rules of one part of the standard.

    Attributes:
        link: Its place on the page.
        number: Its number, if it has one.
        title: What it is called.
        rules: Its rules.
    """

    link: str
    number: str
    title: Text
    rules: tuple[RuleView, ...]

    def tally(self) -> list[tuple[str, int]]:
        """The outcomes that occur, with how often."""
        return count(each.outcome for each in self.rules)


def chapters(result: JsonObject) -> tuple[Chapter, ...]:
    """Every rule of a result, by chapter, in the order of the result."""
    shelf = _Shelf(result)
    found: dict[str, list[RuleView]] = {}
    for rule in result["rules"]:
        found.setdefault(str(rule.get("chapter", "")), []).append(_rule(rule, result, shelf))
    return tuple(
        Chapter(f"part-{place}", visible(name) if name[:1].isdigit() else "", words.chapter(name), tuple(rules))
        for place, (name, rules) in enumerate(found.items(), 1)
    )


def count(outcomes: Iterable[str]) -> list[tuple[str, int]]:
    """How often each outcome occurs, in the order of attention; a word that is not known comes last."""
    found = list(outcomes)
    order = dict.fromkeys([*words.outcomes(), *found])
    return [(name, found.count(name)) for name in order if name in found]


def style(outcome: str) -> str:
    """An outcome as a name in the style sheet."""
    return outcome.replace(" ", "-") if outcome in words.outcomes() else "unknown"


class _Shelf:
    """The exchanges of a result, each at one rule: the first, those that ask for attention before the others.

    Args:
        result: The result.
    """

    def __init__(self, result: JsonObject) -> None:
        self._stored = {each["number"]: each for each in result.get("exchanges", [])}
        self._owners: dict[int, str] = {}
        self._in_full: set[int] = set()
        for rule in sorted(result["rules"], key=lambda each: each["outcome"] not in _OPEN):
            for number in rule.get("exchanges", []):
                if number in self._stored and number not in self._owners:
                    self._owners[number] = rule["id"]
                    if rule["outcome"] in _OPEN or len(self._in_full) < _MOST_IN_FULL:
                        self._in_full.add(number)

    def of(self, rule: JsonObject) -> Iterable[Shown]:
        """The exchanges of a rule, the telling one last and, where it tells of a fault, open."""
        numbers = list(dict.fromkeys(rule.get("exchanges", [])))
        places = evidence.pointers(rule)
        for number in numbers:
            if self._owners.get(number) == rule["id"]:
                data = self._stored[number]
                yield Shown(
                    str(number),
                    line=evidence.in_a_line(data),
                    view=evidence.in_full(data, places) if number in self._in_full else None,
                    opened=rule["outcome"] in _OPEN and number == numbers[-1],
                )
            else:
                yield self._elsewhere(number)

    def beside(self, note: Json, rule: JsonObject) -> Iterable[Shown]:
        """The exchanges of a note that are not among those of its rule."""
        numbers = note.get("exchanges", []) if isinstance(note, dict) else []
        return (self._elsewhere(each) for each in numbers if each not in rule.get("exchanges", []))

    def _elsewhere(self, number: int) -> Shown:
        return Shown(str(number), at=visible(self._owners.get(number, "")))


def _rule(rule: JsonObject, result: JsonObject, shelf: _Shelf) -> RuleView:
    reproduce = rule.get("reproduce") or {}
    curl = reproduce.get("curl")
    return RuleView(
        id=visible(rule["id"]),
        link=quote(visible(rule["id"]), safe=""),
        level=visible(str(rule["level"])),
        half=visible(str(rule.get("half", ""))),
        outcome=visible(rule["outcome"]),
        style=style(rule["outcome"]),
        sentence=text(rule["sentence"]),
        reason=text(rule["reason"]),
        source=visible("; ".join(map(str, rule.get("source", [])))),
        checks=int(rule.get("checks", 0)),
        reading=_reading(rule.get("interpretation")),
        proved_by=visible(", ".join(map(str, rule.get("provedBy", [])))),
        scenario=visible(str(rule.get("scenario", ""))),
        notes=tuple(Note(text(each), tuple(shelf.beside(each, rule))) for each in rule.get("notes", [])),
        steps=tuple(_step(each) for each in rule.get("steps", [])),
        difference=evidence.difference(rule),
        exchanges=tuple(shelf.of(rule)),
        curl=evidence.listing(curl) if curl else None,
        command=_command(rule, result) if curl else None,
        excused=rule["id"] in (result.get("baseline") or {}).get("excused", []),
        attention=rule["outcome"] in _ATTENTION,
        opened=rule["outcome"] in _OPEN,
    )


def _command(rule: JsonObject, result: JsonObject) -> Listing | None:
    """The command that checks a rule alone; None where the endpoint has to call first."""
    if rule.get("half") == "client":
        return None
    parts = [
        "ooapi-toets",
        "check",
        result["role"],
        "--url",
        result["target"]["url"],
        *result["options"],
        "--only",
        rule["id"],
    ]
    return evidence.listing(shlex.join(map(str, parts)))


def _reading(data: JsonObject | None) -> Reading | None:
    if data is None:
        return None
    other = data.get("other")
    return Reading(
        id=visible(str(data.get("id", ""))),
        disputed=bool(data.get("disputed")),
        question=text(data.get("question")),
        reading=text(data.get("reading")),
        other=text(other) if other else None,
    )


def _step(data: Json) -> Text:
    step = text(data)
    return Text(_STEP_NUMBER.sub("", step.en), _STEP_NUMBER.sub("", step.nl))
