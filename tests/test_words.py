"""Every text is there in English and Dutch, and what would break that is found."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ooapi_toets.texts import PACKAGES, Text, all_of, number, one_of, say, say_n
from tools import words


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The packages, to be spoilt."""
    for package in PACKAGES:
        shutil.copytree(words.ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def test_the_catalogues_are_complete_and_in_step() -> None:
    assert list(words.faults()) == []


def replaced(path: str, old: str, new: str) -> Callable[[Path], None]:
    def spoil(root: Path) -> None:
        file = root / path
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), encoding="utf-8")

    return spoil


def added(path: str, line: str) -> Callable[[Path], None]:
    def spoil(root: Path) -> None:
        with (root / path).open("a", encoding="utf-8") as file:
            file.write(line + "\n")

    return spoil


def removed(path: str) -> Callable[[Path], None]:
    return lambda root: (root / path).unlink()


FLOOR = "ooapi_toets/locale/nl/LC_MESSAGES/ooapi_toets"
MODULE = "ooapi_toets/outcomes.py"
SPOILT = {
    "a text without Dutch": (added(MODULE, 'say("A new text")'), "has no Dutch for 'A new text'"),
    "a plural without Dutch": (added(MODULE, 'say_n("1 egg", "{n} eggs", 2)'), "has no Dutch for '1 egg'"),
    "a text of the page without Dutch": (
        added("mock_server/page/main.js", 't("A new text");'),
        "mock_server has no Dutch for 'A new text'",
    ),
    "a text of the frame without Dutch": (
        added("mock_server/page/index.html", "<p data-t>A new text</p>"),
        "mock_server has no Dutch for 'A new text'",
    ),
    "a text of a template without Dutch": (
        added("conformance/reports/templates/report.html.j2", '{{ say("A new text") }}'),
        "conformance has no Dutch for 'A new text'",
    ),
    "Dutch that nothing says": (
        added(f"{FLOOR}.po", '\nmsgid "An old text"\nmsgstr "Een oude tekst"'),
        "ooapi_toets has Dutch for 'An old text', which nothing says",
    ),
    "another value in the Dutch": (
        replaced(f"{FLOOR}.po", 'msgstr "{name} in het pad"', 'msgstr "{naam} in het pad"'),
        "The Dutch of '{name} in the path' fills in other values",
    ),
    "a value that is not given": (
        added(MODULE, 'say("{name} in the path", nom=1)'),
        "'{name} in the path' names other values than it is given",
    ),
    "a text that is put together": (added(MODULE, 'say("A" + "text")'), "the message is not written out"),
    "Dutch in Python": (added(MODULE, 'WORDS = "De zitting is niet verwijderd"'), "is Dutch: put it in the catalogue"),
    "another Dutch elsewhere": (
        replaced("mock_server/locale/nl/LC_MESSAGES/mock_server.po", 'msgstr "betwist"', 'msgstr "omstreden"'),
        "'disputed' has another Dutch in conformance than elsewhere",
    ),
    "a catalogue that was not compiled": (
        replaced(f"{FLOOR}.po", 'msgstr "is verplicht"', 'msgstr "moet er zijn"'),
        "ooapi_toets.mo is out of step",
    ),
    "a compiled catalogue that is gone": (removed(f"{FLOOR}.mo"), "ooapi_toets.mo is out of step"),
    "words of the page that were not made again": (
        replaced("mock_server/page/words.json", '"Storingen"', '"Fouten"'),
        "words.json is out of step",
    ),
}


@pytest.mark.parametrize("kind", list(SPOILT))
def test_what_is_wrong_is_found(kind: str, copy: Path) -> None:
    spoil, told = SPOILT[kind]
    spoil(copy)
    assert told in "\n".join(words.faults(copy))


def test_update_and_compile_put_all_in_step_again(copy: Path) -> None:
    added(MODULE, 'say("A new text")')(copy)
    added(f"{FLOOR}.po", '\nmsgid "An old text"\nmsgstr "Een oude tekst"')(copy)
    words.update(copy)
    replaced(f"{FLOOR}.po", 'msgid "A new text"\nmsgstr ""', 'msgid "A new text"\nmsgstr "Een nieuwe tekst"')(copy)
    words.build(copy)
    assert list(words.faults(copy)) == []


def test_updating_what_is_in_step_changes_nothing(copy: Path) -> None:
    assert list(words.faults(copy)) == []
    before = {path: path.read_bytes() for path in copy.rglob("*.[pm]o")}
    words.update(copy)
    words.build(copy)
    assert {path: path.read_bytes() for path in copy.rglob("*.[pm]o")} == before


# -- the texts -------------------------------------------------------------------------------------


def test_a_text_gives_each_language_its_own() -> None:
    told = say("The query parameter {name}", name="pageSize")
    assert told == Text("The query parameter pageSize", "De queryparameter pageSize")
    assert (told["en"], told["nl"], str(told)) == (told.en, told.nl, told.en)


def test_a_text_in_a_text_speaks_the_same_language() -> None:
    assert say("must be {allowed}", allowed=say("nothing")).nl == "moet niets zijn"


def test_what_is_filled_in_is_not_filled_in_again() -> None:
    assert say("must be {allowed}", allowed="{allowed}").en == "must be {allowed}"


def test_without_values_braces_are_text() -> None:
    told = say("In this edition a session is withdrawn with DELETE /offerings/{offeringId}.")
    assert re.search(r"DELETE /offerings/\{offeringId\}\.$", told.nl)


def test_what_has_no_dutch_is_said_in_english() -> None:
    assert say("nobody " + "ever says this") == Text("nobody ever says this", "nobody ever says this")


@pytest.mark.parametrize(("count", "told"), [(1, "1 regel"), (0, "0 regels"), (5000, "5.000 regels")])
def test_a_number_of_things(count: int, told: str) -> None:
    assert say_n("1 rule", "{n} rules", count).nl == told


def test_numbers_have_the_marks_of_the_language() -> None:
    assert number(1803.5) == Text("1,803.5", "1.803,5")
    assert number(120.0) == Text("120", "120")


def test_lists_in_a_sentence() -> None:
    assert all_of(["a", "b", "c"]) == Text("a, b and c", "a, b en c")
    assert one_of(["a", "b"]) == Text("a or b", "a of b")
    assert one_of([say("nothing")]) == say("nothing")
