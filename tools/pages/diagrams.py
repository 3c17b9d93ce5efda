"""The flows as drawings: SVG files that need no script and follow the colours of the reader's system."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from ooapi_toets import JsonObject, editions, flows

_WIDTH, _LEFT, _RIGHT, _TOP, _STEP = 720, 110, 610, 64, 78
_STYLE = """\
text { font: 14px system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; fill: #1a2027; }
.call { font-family: ui-monospace, Consolas, "DejaVu Sans Mono", monospace; font-size: 13px; }
.box { fill: #eef2f6; stroke: #7c8794; }
.life, .sent, .back { stroke: #525c68; fill: none; }
.life, .back { stroke-dasharray: 5 4; }
.sent, .back { stroke-width: 1.5; }
.tip { fill: #525c68; }
@media (prefers-color-scheme: dark) {
  svg { background: #15181c; }
  text { fill: #e5e9ed; }
  .box { fill: #1d2126; stroke: #76818d; }
  .life, .sent, .back { stroke: #a4aeb9; }
  .tip { fill: #a4aeb9; }
}"""


def drawings() -> dict[str, str]:
    """Every flow as SVG, by the name of its file."""
    return {name_of(flow): _drawing(flow) for flow in flows.documents()}


def name_of(flow: JsonObject) -> str:
    """The file of a flow's drawing."""
    return f"flow-{flow['id']}.svg"


def _drawing(flow: JsonObject) -> str:
    height = _TOP + _STEP * len(flow["steps"]) + 24
    title = escape(f"{flow['id']} {flow['title']['en']}")
    body = "\n".join([*_parties(flow, height), *_steps(flow)])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{title}">\n'
        f"<title>{title}</title>\n<style>\n{_STYLE}\n</style>\n{body}\n</svg>\n"
    )


def _parties(flow: JsonObject, height: int) -> Iterator[str]:
    for x, name in ((_LEFT, flow["client"]), (_RIGHT, flow["server"])):
        yield f'<line class="life" x1="{x}" y1="44" x2="{x}" y2="{height - 8}"/>'
        yield f'<rect class="box" x="{x - 80}" y="10" width="160" height="34" rx="4"/>'
        yield f'<text x="{x}" y="32" text-anchor="middle">{escape(name)}</text>'


def _steps(flow: JsonObject) -> Iterator[str]:
    operations = editions.load().contract.operations
    middle = (_LEFT + _RIGHT) // 2
    for place, step in enumerate(flow["steps"]):
        operation = operations[step["operation"]]
        y = _TOP + _STEP * place + 18
        call = escape(f"{operation.method} {operation.path}")
        yield f'<text class="call" x="{middle}" y="{y - 7}" text-anchor="middle">{call}</text>'
        yield f'<line class="sent" x1="{_LEFT}" y1="{y}" x2="{_RIGHT - 9}" y2="{y}"/>'
        yield f'<path class="tip" d="M{_RIGHT} {y}l-10-5v10z"/>'
        yield f'<text class="call" x="{middle}" y="{y + 27}" text-anchor="middle">{min(operation.answers)}</text>'
        yield f'<line class="back" x1="{_LEFT + 9}" y1="{y + 34}" x2="{_RIGHT}" y2="{y + 34}"/>'
        yield f'<path class="tip" d="M{_LEFT} {y + 34}l10-5v10z"/>'
