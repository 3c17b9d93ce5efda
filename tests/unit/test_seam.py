"""Only the rooms of an edition name its operations, paths and rules; nothing else asks which edition it is."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ooapi_toets import editions, register

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("ooapi_toets", "conformance", "mock_server")
EDITIONS = [editions.load(name) for name in editions.IDS]
OWN_ROOMS = (
    Path("ooapi_toets", "editions"),
    *(Path("conformance", "scenarios", each.package) for each in EDITIONS),
    *(Path("mock_server", room, each.package) for each in EDITIONS for room in ("roles", "domain")),
)
"""Where the names of an edition may stand."""


def _names() -> frozenset[str]:
    operations = [each for edition in EDITIONS for each in edition.contract.operations.values()]
    paths = {each.path for each in operations} - {"/"}
    return frozenset({*(each.id for each in operations), *paths, *register.load().rules})


_NAME = re.compile(
    rf"(?<![\w-])(?:{'|'.join(re.escape(each) for each in sorted(_names(), key=len, reverse=True))})(?![\w-])"
)


def _modules(package: str) -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted((ROOT / package).rglob("*.py")):
        inside = path.relative_to(ROOT)
        if not any(inside.is_relative_to(room) for room in OWN_ROOMS):
            yield inside, ast.parse(path.read_text(encoding="utf-8"))


def _docstrings(tree: ast.Module) -> set[ast.AST]:
    """Strings that stand by themselves: they explain, often by an example."""
    return {each.value for each in ast.walk(tree) if isinstance(each, ast.Expr)}


def _in_strings(tree: ast.Module) -> Iterator[tuple[int, str]]:
    explaining = _docstrings(tree)
    for each in ast.walk(tree):
        if isinstance(each, ast.Constant) and isinstance(each.value, str) and each not in explaining:
            for found in _NAME.finditer(each.value):
                yield each.lineno, found.group()


def _says_edition(node: ast.AST) -> bool:
    return (isinstance(node, ast.Name) and node.id == "edition") or (
        isinstance(node, ast.Attribute) and (node.attr == "edition" or _says_edition(node.value))
    )


@pytest.mark.parametrize("package", PACKAGES)
def test_what_belongs_to_an_edition_is_named_in_its_own_rooms_alone(package: str) -> None:
    found = [f"{path}:{line} names {name!r}" for path, tree in _modules(package) for line, name in _in_strings(tree)]
    assert found == []


@pytest.mark.parametrize("package", PACKAGES)
def test_nothing_asks_which_edition_it_is(package: str) -> None:
    found = [
        f"{path}:{each.lineno}"
        for path, tree in _modules(package)
        for each in ast.walk(tree)
        if isinstance(each, ast.Compare)
        and any(isinstance(sign, ast.Eq | ast.NotEq) for sign in each.ops)
        and any(_says_edition(side) for side in (each.left, *each.comparators))
    ]
    assert found == []


def test_every_name_of_an_edition_is_one_of_its_contract_or_the_register() -> None:
    rules = register.load().rules
    for edition in EDITIONS:
        assert [rule for rule in edition.rules.values() if rule not in rules] == []
        for role, answers in edition.answers.items():
            served = edition.contract.served_by(role)
            assert [operation for operation, _ in answers if operation not in served] == []
            assert [aspect for aspect in answers.values() if aspect not in edition.rules] == []
