"""Compare the Dutch pages with the English ones: the same sections in the same order, and the same commands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tools.pages import made

DOCS = made.DOCS
DUTCH = DOCS / "nl"

SECTIONS: dict[tuple[str, str], dict[str, str]] = {
    ("index.md", "index.md"): {},
    ("start.md", "start.md"): {
        "Install": "Installeren",
        "The first request": "De eerste aanroep",
        "The first check": "De eerste controle",
        "The first violated rule": "De eerste geschonden regel",
        "Next": "Hierna",
    },
    ("toetsafname.md", "toetsafname.md"): {
        "What you need": "Wat u nodig hebt",
        "Check the server half": "De serverhelft controleren",
        "Check the client half": "De clienthelft controleren",
        "Read the result": "Het resultaat lezen",
    },
    ("toetsplanning.md", "toetsplanning.md"): {
        "What you need": "Wat u nodig hebt",
        "Check the server half": "De serverhelft controleren",
        "Check the client half": "De clienthelft controleren",
        "Read the result": "Het resultaat lezen",
    },
    ("both-directions.md", "beide-richtingen.md"): {
        "Check the whole role": "De hele rol controleren",
        "Check only the client half": "Alleen de clienthelft controleren",
        "A joint test of two vendors": "Een ketentest van twee leveranciers",
        "Two mocks": "Twee mocks",
        "How requests are judged": "Hoe aanroepen worden beoordeeld",
    },
    ("report.md", "rapport.md"): {
        "The verdict": "Het oordeel",
        "What was not examined": "Wat niet is onderzocht",
        "The outcome of a rule": "De uitkomst van een regel",
        "The evidence": "Het bewijs",
        "Changes since the previous report": "Veranderingen sinds het vorige rapport",
        "Questions for your vendor": "Vragen aan uw leverancier",
    },
}
"""The sections of each page with a Dutch version, in order: by the English and the Dutch file, each heading in both."""

RETIRED = {
    "English": ("bad day", "not exercised", "stand-in", "must hold", "counterpart"),
    "Dutch": ("beproefd", "hulpmiddel", "nagemaakt", "mankeert", "slechte dag"),
}
"""Words that the pages no longer use; each has one successor, such as fault, not tested, mandatory and storing."""

PAIRS = pytest.mark.parametrize("pair", SECTIONS, ids=lambda pair: pair[1])


def headings(page: Path) -> list[str]:
    """The sections of a page, without what stands in its commands."""
    return re.findall(r"^## (.+)$", re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL), re.MULTILINE)


def commands(page: Path) -> list[str]:
    """The blocks of code of a page, each with the mark above it that has it run."""
    return re.findall(r"(?:^<!-- run.*? -->\n)?^```.*?^```$", page.read_text("utf-8"), re.DOTALL | re.MULTILINE)


def names(page: Path) -> set[str]:
    """The options, rules and variables that a page names."""
    return set(re.findall(r"`(--[a-z][^`\n]*|\d\.\d-[^`\n]+|OOAPI_TOETS_[^`\n]+)`", page.read_text("utf-8")))


def written(page: Path) -> str:
    """A page without the parts that are made from the code, which has its own texts."""
    return re.sub(r"<!-- made:.*?<!-- end:", "", page.read_text("utf-8"), flags=re.DOTALL)


@PAIRS
def test_a_dutch_page_has_the_sections_of_the_english_one(pair: tuple[str, str]) -> None:
    english, dutch = pair
    assert headings(DOCS / english) == list(SECTIONS[pair])
    assert headings(DUTCH / dutch) == list(SECTIONS[pair].values())


@PAIRS
def test_a_dutch_page_has_the_commands_of_the_english_one(pair: tuple[str, str]) -> None:
    english, dutch = pair
    assert commands(DUTCH / dutch) == commands(DOCS / english)


@PAIRS
def test_a_dutch_page_names_the_same_options_and_rules(pair: tuple[str, str]) -> None:
    english, dutch = names(DOCS / pair[0]), names(DUTCH / pair[1])
    assert english - dutch == set()


@PAIRS
def test_a_dutch_page_leads_to_dutch_pages_where_there_are_any(pair: tuple[str, str]) -> None:
    linked = set(re.findall(r"\]\(\.\./([\w-]+\.md)", (DUTCH / pair[1]).read_text("utf-8")))
    assert linked & {english for english, _ in SECTIONS} == set()


def test_every_dutch_page_is_compared() -> None:
    assert sorted(each.name for each in DUTCH.iterdir()) == sorted(dutch for _, dutch in SECTIONS)


def test_the_pages_use_one_term_for_one_thing() -> None:
    found = {
        (page.name, word)
        for page in [*DOCS.rglob("*.md"), made.ROOT / "README.md"]
        for word in RETIRED["Dutch" if page.parent == DUTCH else "English"]
        if re.search(rf"\b{word}", written(page), re.IGNORECASE)
    }
    assert found == set()
