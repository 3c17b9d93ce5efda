"""A badge with the verdict and what it is about, for a README."""

from __future__ import annotations

from html import escape

from conformance.reports import words
from conformance.reports.words import visible
from ooapi_toets import JsonObject
from ooapi_toets.texts import say

_COLOURS = {
    "conformant": "#1a7f37",
    "not conformant": "#b3261e",
    "incomplete": "#8a5a00",
    "no verdict": "#57606a",
}
_CHARACTER = 6.6
"""Width of a character of 11 px Verdana, on average."""


def render(result: JsonObject, language: str) -> str:
    """The verdict as SVG with a text for those who do not see it."""
    about = words.halves(result)[language]
    if result["scope"].get("only"):
        about = say("{about}, in part", about=about)[language]
    label = visible(f"OOAPI Toets {result['role']} ({about})")
    verdict = words.verdict(result["verdict"])[language]
    colour = _COLOURS.get(result["verdict"], _COLOURS["no verdict"])
    left, right = (round(len(text) * _CHARACTER) + 12 for text in (label, verdict))
    told = escape(f"{label}: {verdict}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="20" role="img" aria-label="{told}">'
        f"<title>{told}</title>"
        f'<rect width="{left}" height="20" rx="3" fill="#24292f"/>'
        f'<rect x="{left}" width="{right}" height="20" rx="3" fill="{colour}"/>'
        f'<rect x="{left - 3}" width="6" height="20" fill="{colour}"/>'
        '<g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">'
        f'<text x="{left / 2}" y="14">{escape(label)}</text>'
        f'<text x="{left + right / 2}" y="14">{escape(verdict)}</text></g></svg>\n'
    )
