"""The made parts of the pages: where they stand, and what they hold now."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from tools.pages import diagrams, house, options, standard

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
RECIPES = DOCS / "recipes"
ARCHITECTURE = ROOT / "ARCHITECTURE.md"


def _recipe(name: str) -> str:
    return f"```yaml\n{(RECIPES / name).read_text(encoding='utf-8')}```"


_PARTS: dict[str, dict[str, Callable[[], str]]] = {
    "rules.md": {"rules": standard.rules},
    "interpretations.md": {"interpretations": standard.interpretations},
    "flows.md": {"flows": standard.calls},
    "configuration.md": {"options": options.tables, "declarations": options.declarations},
    "ci.md": {name: partial(_recipe, f"{name}.yml") for name in ("github-workflow", "gitlab-ci")},
}
"""By page of `docs/`, the name of each part between its marks, and what makes it."""

_ARCHITECTURE: dict[str, Callable[[], str]] = {"rooms": house.rooms, "imports": house.imports}


def files() -> Iterator[tuple[Path, str]]:
    """Every file that is made in whole or in part, with the text that it should have."""
    for path, parts in [*((DOCS / page, parts) for page, parts in _PARTS.items()), (ARCHITECTURE, _ARCHITECTURE)]:
        text = path.read_text(encoding="utf-8")
        for name, make in parts.items():
            text = filled(text, name, make())
        yield path, text
    for name, text in diagrams.drawings().items():
        yield DOCS / "pictures" / name, text
    for role, text in options.examples().items():
        yield RECIPES / f"{role}.toml", text


def filled(page: str, name: str, part: str) -> str:
    """A page with one made part put between its marks.

    Raises:
        ValueError: When the page has no such marks.
    """
    begin, end = f"<!-- made: {name}; python -m tools.pages -->", f"<!-- end: {name} -->"
    pattern = re.compile(f"{re.escape(begin)}\n.*?{re.escape(end)}", re.DOTALL)
    if not pattern.search(page):
        raise ValueError(f"No place for {name!r}: write {begin} and {end}.")
    return pattern.sub(lambda _: f"{begin}\n\n{part.strip()}\n\n{end}", page)
