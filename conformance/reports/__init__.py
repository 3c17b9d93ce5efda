"""Renders a stored result: one module per format, no judging."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import cast

from ooapi_toets import JsonObject

FORMATS = {
    "html": ("conformance.reports.html", "report.html"),
    "junit": ("conformance.reports.junit", "junit.xml"),
    "markdown": ("conformance.reports.markdown", "report.md"),
    "badge": ("conformance.reports.badge", "badge.svg"),
}
"""The formats, by the module that renders each and the name of its file."""


def render(name: str, result: JsonObject, language: str = "en") -> str:
    """A result in one format, as text.

    Args:
        name: One of `FORMATS`.
        result: The stored result.
        language: `en` or `nl`.
    """
    function = cast("Callable[[JsonObject, str], str]", import_module(FORMATS[name][0]).render)
    return function(result, language)


def write(folder: Path, result: JsonObject, language: str = "en") -> list[Path]:
    """Write a result in every format; returns the files."""
    written = []
    for name, (_, filename) in FORMATS.items():
        path = folder / filename
        path.write_text(render(name, result, language), encoding="utf-8")
        written.append(path)
    return written
