"""The rooms of the house and who may import whom, for ARCHITECTURE.md: from the docstrings and from pyproject.toml."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("ooapi_toets", "conformance", "mock_server")
_DOT = ". "


def rooms() -> str:
    """Every folder of the packages with what it says of itself, as a block of text."""
    lines = [(("  " * depth) + f"{name}/", told) for depth, name, told in _rooms()]
    width = max(len(name) for name, _ in lines) + 2
    return "\n".join(["```text", *(f"{name:<{width}}{told}" for name, told in lines), "```"])


def modules_in(folder: Path) -> list[str]:
    """The modules of a folder, without the one that gives the folder its name."""
    return sorted(path.name for path in folder.glob("*.py") if path.name != "__init__.py")


def folders() -> Iterator[Path]:
    """Every folder of the packages that holds modules, each before what is in it."""
    for package in PACKAGES:
        yield from sorted(path.parent for path in (ROOT / package).rglob("__init__.py"))


def imports() -> str:
    """The contracts of import-linter, as a list."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return "\n".join(_contract(each) for each in project["tool"]["importlinter"]["contracts"])


def _rooms() -> Iterator[tuple[int, str, str]]:
    for folder in folders():
        parts = folder.relative_to(ROOT).parts
        yield len(parts) - 1, parts[-1], _first_sentence(folder / "__init__.py")


def _first_sentence(path: Path) -> str:
    line = (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").partition("\n")[0]
    return line.partition(_DOT)[0].rstrip(".:")


def _contract(contract: dict[str, list[str] | str]) -> str:
    name, listed = contract["name"], contract.get("layers", [])
    order = ": " + " → ".join(f"`{each}`" for each in listed) if listed else ""
    return f"- {name}{order}."
