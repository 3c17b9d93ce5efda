"""The stored results: one file, a section for each part, replaced part by part."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

from bench import page

JSON = "benchmarks.json"
PAGE = "benchmarks.md"


def merged(
    before: Mapping[str, Any] | None,
    machine: Mapping[str, str],
    versions: Mapping[str, str],
    date: str,
    measured: Mapping[str, Any],
) -> dict[str, Any]:
    """The stored results with what was just measured in them.

    Parts that were not measured stay as they were, unless they are of another machine: such numbers are
    not to stand on one page.

    Args:
        before: What was stored, or None.
        machine: What it was measured on.
        versions: With what.
        date: When.
        measured: The data of each part that was measured.
    """
    kept = before["sections"] if before and before["machine"] == machine else {}
    new = {name: {"date": date, "data": data} for name, data in measured.items()}
    return {"date": date, "machine": dict(machine), "versions": dict(versions), "sections": {**kept, **new}}


def read(folder: Path) -> dict[str, Any] | None:
    """The stored results of a folder, or None."""
    path = folder / JSON
    return orjson.loads(path.read_bytes()) if path.exists() else None


def write(folder: Path, results: Mapping[str, Any]) -> None:
    """Store results, and the page that is rendered from them."""
    options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    (folder / JSON).write_bytes(orjson.dumps(results, option=options))
    (folder / PAGE).write_text(page.render(results), encoding="utf-8")
