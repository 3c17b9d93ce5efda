"""A placeholder module until the page is rendered from its template."""

from __future__ import annotations

from ooapi_toets import JsonObject


def render(result: JsonObject, language: str) -> str:
    """The page."""
    return f"<!doctype html><title>{language}</title><h1>{result['verdict']}</h1>"
