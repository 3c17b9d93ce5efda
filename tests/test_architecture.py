"""ARCHITECTURE.md and CONTRIBUTING.md say where things are; this looks whether they are there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tools.pages import house
from tools.pages.house import ROOT

MOST = 14
FLAT = "ooapi_toets"
"""The ground floor is flat: none of its modules knows a room."""
COUNTED = ("spec", "docs", "conformance", "mock_server", "ooapi_toets", "tests/liars", "tests/vendors")
TEXTS = {".py", ".yaml", ".json", ".md"}
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
ARCHITECTURE = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
ROWS = re.findall(r"^\| (an? [^|]+): (\d+) \| ([^|]+) \| (\d+)([^|]*) \| `([^`|]+)` \|$", CONTRIBUTING, re.MULTILINE)


def part_of(page: str, name: str) -> str:
    found = re.search(rf"<!-- made: {name};[^\n]*\n(.*?)<!-- end: {name} -->", page, re.DOTALL)
    assert found
    return found[1].strip()


def test_the_tree_is_the_real_one() -> None:
    assert part_of(ARCHITECTURE, "rooms") == house.rooms(), "write it with python -m tools.pages"


def test_the_rules_of_import_are_those_that_are_checked() -> None:
    assert part_of(ARCHITECTURE, "imports") == house.imports(), "write them with python -m tools.pages"


def test_every_folder_with_modules_is_a_room_that_says_what_it_is_for() -> None:
    named = set(house.folders())
    found = {path.parent for package in house.PACKAGES for path in (ROOT / package).rglob("*.py")}
    assert found - named == set()
    silent = [
        room for room in named if not ast.get_docstring(ast.parse((room / "__init__.py").read_text(encoding="utf-8")))
    ]
    assert silent == []


def test_no_room_holds_more_than_can_be_looked_over() -> None:
    sizes = {room.relative_to(ROOT).as_posix(): len(house.modules_in(room)) for room in house.folders()}
    assert {room: size for room, size in sizes.items() if size > MOST and room != FLAT} == {}


@pytest.mark.parametrize("page", [ARCHITECTURE, CONTRIBUTING], ids=["ARCHITECTURE", "CONTRIBUTING"])
def test_every_file_that_is_named_is_there(page: str) -> None:
    named = re.findall(r"`(\w[\w./-]*/[\w./-]*)`", page)
    assert [each for each in named if "EDITION" not in each and not (ROOT / each).exists()] == []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_what_is_added_touches_the_files_that_the_table_says(row: tuple[str, ...]) -> None:
    _, by_hand, written, made, generated, example = row
    files, results = re.findall(r"`([^`]+)`", written), re.findall(r"`([^`]+)`", generated)
    assert (len(files), len(results)) == (int(by_hand), int(made))
    assert {path.relative_to(ROOT).as_posix() for path in naming(example)} == {*files, *results}


def test_there_is_a_row_for_what_is_added_most() -> None:
    assert [row[0] for row in ROWS] == ["a rule for servers", "a liar", "a fault of a kind that exists"]


def naming(example: str) -> set[Path]:
    """The files that name an example, as an id or as the function that it comes from."""
    name = re.compile(re.escape(example).replace(r"\-", "[-_]"))
    paths = (path for folder in COUNTED for path in (ROOT / folder).rglob("*") if path.suffix in TEXTS)
    return {path for path in paths if name.search(path.read_text("utf-8"))}
