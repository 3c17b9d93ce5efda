"""The page with the results: from what is stored to Markdown, the same text for the same results. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bench import targets
from bench.figures import middle, ratio, spread
from bench.targets import Target

Data = Mapping[str, Any]

_INTRO = """\
# How fast it is

This page is written by `make bench` from `benchmarks.json` beside it; no number on it was typed. The servers
take turns of {seconds} s for each case, for {rounds} rounds and after {warmUp} s each to warm up, while the others
stand idle; {load} keeps {connections} requests under way. A rate is the median of the rounds, and ± is half the
distance between the quartiles. A ratio is the median of the ratios round by round, so that what slows the machine
down for a while is in both of its sides.
"""

_WORK = """\
They do not do the same work, so this compares costs and not merits. Prism is the one other that holds each
message against the document; WireMock does not, and shows what a mock costs that only answers. The bare route
is the smallest application that we could write with the same parser and the same compiled validator, and is the
yardstick for what all the rest of the mock costs.
"""

_CHANGING = """\
The first three send the same message each time, as every server here can take it. In the last two each
message changes something, which only a server that compares pays for.
"""

_WHERE = """\
The steps of the mock between the parser of HTTP and its answer, each called by itself in this process on a
message of {offering:,} and of {list:,} bytes; the median of 500 calls, in microseconds. The bare route parses and
validates, too. What it does not do is all the rest of the table, and to judge, journal, count and mark the
answer: the price of the mock's explanations.
"""


def render(stored: Data) -> str:
    """The page.

    Args:
        stored: The content of `benchmarks.json`.
    """
    sections: dict[str, Data] = {name: each["data"] for name, each in stored["sections"].items()}
    lines = [*_intro(stored, sections), *_targets(targets.of(sections))]
    if speed := sections.get("speed"):
        lines += _speed(speed)
    if parts := sections.get("parts"):
        lines += _parts(parts)
    lines += _sizes(sections)
    lines += _suite(sections)
    lines += _setting(stored)
    return "\n".join(lines).rstrip() + "\n"


def table(head: list[str], rows: list[list[str]]) -> list[str]:
    """A table in Markdown.

    Args:
        head: The heads of the columns; all but the first are aligned to the right.
        rows: The cells.
    """
    return [
        f"| {' | '.join(head)} |",
        f"|---|{'---:|' * (len(head) - 1)}",
        *(f"| {' | '.join(row)} |" for row in rows),
        "",
    ]


def number(value: float) -> str:
    """A number with three figures that count, or whole where it is large."""
    if abs(value) >= 100:  # noqa: PLR2004 - see above
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"  # noqa: PLR2004 - see above


def _intro(stored: Data, sections: Data) -> list[str]:
    speed = sections.get(
        "speed", {"seconds": 1, "rounds": 0, "warmUp": 3, "load": "the load generator", "connections": 16}
    )
    lines = [_INTRO.format(**{key: speed[key] for key in ("seconds", "rounds", "warmUp", "load", "connections")})]
    machine = stored["machine"]
    lines += [f"Measured on {stored['date']}: {machine['processor']}, {machine['memory']}, {machine['system']}.", ""]
    return lines


def _targets(found: list[Target]) -> list[str]:
    rows = []
    for each in found:
        wanted = f"{'≥' if each.least else '≤'} {each.wanted:g} {each.unit}"
        measured = "" if each.measured is None else f"{number(each.measured)} {each.unit}"
        words = {None: "not measured", True: "met", False: f"missed by {each.missed_by:.0%}"}[each.met]
        rows.append([each.what, wanted, measured, words])
    return ["## Targets", "", *table(["what", "aim", "measured", ""], rows)]


def _speed(data: Data) -> list[str]:
    lines = ["## Requests per second", "", *(f"{each}\n" for each in data["missing"])]
    titles = {each["key"]: each["title"] for each in data["cases"]}
    sizes = {each["key"]: each["bytes"] for each in data["cases"]}
    for keys in (("put", "get", "list-30"), ("put-changed", "list-changed")):
        heads = [titles[key] + (f" ({sizes[key]:,} bytes)" if sizes[key] else "") for key in keys]
        rows = [
            [each["title"], *(_rate(data["rates"][key], each["key"]) for key in keys)]
            for each in data["servers"]
            if all(each["key"] in data["rates"][key] for key in keys)
        ]
        lines += table(["", *heads], rows)
    lines += [_CHANGING]
    rows = [
        [
            f"the mock beside {each['title']}",
            *(_beside(data["rates"][key], each["key"]) for key in ("put", "get", "list-30")),
        ]
        for each in data["servers"]
        if each["key"] not in {"mock", "sqlite"}
    ]
    lines += table(["how many times as fast", *(titles[key] for key in ("put", "get", "list-30"))], rows)
    lines += [_WORK]
    rows = [[each["title"], each["does"], f"{each['started']:.2f}"] for each in data["servers"]]
    return [*lines, *table(["", "what it does with a message", "first start, s"], rows)]


def _rate(rates: Data, server: str) -> str:
    return f"{number(middle(rates[server]))} ± {spread(rates[server]):.0%}"


def _beside(rates: Data, server: str) -> str:
    return f"{ratio(rates['mock'], rates[server]):.2f}"


def _parts(data: Data) -> list[str]:
    lines = ["## Where the time goes", "", _WHERE.format(**data["bytes"])]
    steps = list(dict.fromkeys([*data["list"], *data["offering"]]))
    cell = [
        [step, *(number(data[kind][step]) if step in data[kind] else "" for kind in ("offering", "list"))]
        for step in steps
    ]
    return [*lines, *table(["step", "an offering, µs", "a list of 30, µs"], cell)]


def _sizes(sections: Data) -> Iterator[str]:
    rows: list[list[str]] = []
    if many := sections.get("offerings"):
        rates = many["rates"]
        full = f"{many['sessions']:,} sessions"
        rows += [
            ["PUT while it holds 1 session", f"{number(middle(rates['one']))} /s ± {spread(rates['one']):.0%}"],
            [f"PUT while it holds {full}", f"{number(middle(rates['many']))} /s ± {spread(rates['many']):.0%}"],
            [f"memory with {full}", f"{many['megabytes']:.0f} MB"],
        ]
    if lists := sections.get("lists"):
        rows += [
            [f"PUT of a list of {int(count):,}", f"{number(middle(times))} ms ± {spread(times):.0%}"]
            for count, times in lists["milliseconds"].items()
        ]
    if memory := sections.get("memory"):
        rows += [
            ["memory at first", f"{memory['before']:.0f} MB"],
            [f"memory after {memory['requests']:,} requests, a third of them lists of 30", f"{memory['after']:.0f} MB"],
        ]
    if start := sections.get("start"):
        rows.append(["start of the command to the first session taken", _timed(start["seconds"], "s")])
    if reset := sections.get("reset"):
        rows.append([f"reset of {reset['sessions']} sessions with 30 each", _timed(reset["milliseconds"], "ms")])
    if rows:
        yield from ["## Size, start and reset", "", *table(["memory store, journal and examiner on", ""], rows)]


def _timed(values: list[float], unit: str) -> str:
    return f"{number(middle(values))} {unit} ± {spread(values):.0%}"


def _suite(sections: Data) -> Iterator[str]:
    suite, slow = sections.get("suite"), sections.get("slow")
    if not suite and not slow:
        return
    yield from [
        "## The suite",
        "",
        "`ooapi-toets check` with its default settings against the mock on this machine, from command to",
        "reports, beside a bare httpx loop that sends the recorded requests once more, one after another.",
        "",
    ]
    rows = []
    for role, each in (suite or {"roles": {}})["roles"].items():
        sent, seconds, bare = each["requests"], each["seconds"], each["bareSeconds"]
        rows.append([role, f"{sent:,}", number(seconds), number(sent / seconds), number(sent / bare), number(bare)])
    if slow:
        sent, seconds = slow["requests"], slow["seconds"]
        name = f"toetsafname, {slow['latency'] * 1000:.0f} ms for each answer"
        rows.append([name, f"{sent:,}", number(seconds), number(sent / seconds), "", ""])
    heads = ["role", "requests", "seconds", "requests/s", "bare loop, requests/s", "bare loop, seconds"]
    yield from table(heads, rows)


def _setting(stored: Data) -> list[str]:
    versions = ", ".join(f"{name} {version}" for name, version in stored["versions"].items())
    dates = {each["date"] for each in stored["sections"].values()}
    lines = ["## Versions", "", f"{versions}.", ""]
    if len(dates) > 1:
        parts = ", ".join(f"{name} on {each['date']}" for name, each in stored["sections"].items())
        lines += [f"Not all parts were measured on the same day: {parts}.", ""]
    return lines
