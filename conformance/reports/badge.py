"""A badge with the verdict, for a README."""

from __future__ import annotations

from html import escape

from ooapi_toets import JsonObject

_COLOURS = {
    "conformant": "#1a7f37",
    "not conformant": "#b3261e",
    "incomplete": "#8a5a00",
    "no verdict": "#57606a",
}
_DUTCH = {
    "conformant": "conform",
    "not conformant": "niet conform",
    "incomplete": "onvolledig",
    "no verdict": "geen oordeel",
}
_CHARACTER = 6.6
"""Width of a character of 11 px Verdana, on average."""


def render(result: JsonObject, language: str) -> str:
    """The verdict as SVG with a text for those who do not see it."""
    label = f"OOAPI Toets {result['role']}"
    verdict = result["verdict"] if language == "en" else _DUTCH[result["verdict"]]
    left, right = (round(len(text) * _CHARACTER) + 12 for text in (label, verdict))
    words = escape(f"{label}: {verdict}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="20" role="img" aria-label="{words}">'
        f"<title>{words}</title>"
        f'<rect width="{left}" height="20" rx="3" fill="#24292f"/>'
        f'<rect x="{left}" width="{right}" height="20" rx="3" fill="{_COLOURS[result["verdict"]]}"/>'
        f'<rect x="{left - 3}" width="6" height="20" fill="{_COLOURS[result["verdict"]]}"/>'
        '<g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">'
        f'<text x="{left / 2}" y="14">{escape(label)}</text>'
        f'<text x="{left + right / 2}" y="14">{escape(verdict)}</text></g></svg>\n'
    )
