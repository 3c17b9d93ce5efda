"""`python -m bench`: measures, prints the targets, and writes docs/benchmarks.json and docs/benchmarks.md."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from bench import machine, parts, size, speed, stored, suite, targets
from bench.load import BenchError, best
from bench.page import number
from ooapi_toets.errors import ToetsError

PARTS = {
    "speed": "requests per second of each server, in turns",
    "parts": "where the time of a message goes",
    "offerings": "a mock with 100,000 sessions beside one with 1",
    "lists": "lists of 500 and of 5,000",
    "memory": "memory after 100,000 requests",
    "start": "start to the first session taken",
    "reset": "reset from test code",
    "suite": "the check of each role beside a bare loop",
    "slow": "the check of a slow endpoint, which takes minutes: only when asked for by name",
}
"""What can be measured."""
_DOCS = Path(__file__).parent.parent / "docs"


def _say(words: str) -> None:
    click.echo(words, err=True)


@click.command(epilog="Parts: " + "; ".join(f"{name}: {words}" for name, words in PARTS.items()) + ".")
@click.option(
    "--part",
    "wanted",
    multiple=True,
    type=click.Choice(list(PARTS)),
    help="Only this part; repeatable. What was measured of the others stays on the page.",
)
@click.option("--rounds", type=click.IntRange(1), default=5, show_default=True, help="Rounds that count.")
@click.option("--seconds", type=click.IntRange(1), default=1, show_default=True, help="Seconds of each turn.")
@click.option(
    "--docs",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=_DOCS,
    help="Where the results are stored and the page is written.  [default: docs]",
)
def main(wanted: tuple[str, ...], rounds: int, seconds: int, docs: Path) -> None:
    """Measure the mock and the suite. Best on a machine that does nothing else; five minutes or so.

    \b
    Examples:
      python -m bench
      python -m bench --part speed --rounds 3
      python -m bench --part slow
    """
    chosen = wanted or tuple(name for name in PARTS if name != "slow")
    load = best()
    if load.name != "wrk":
        _say(f"wrk was not found: {load.name} takes its place, which makes fast servers look slower.")
    with TemporaryDirectory() as name:
        folder = Path(name)
        measures: dict[str, Callable[[], Any]] = {
            "speed": lambda: speed.measure(load, rounds, seconds, folder, _say),
            "parts": parts.measure,
            "offerings": lambda: size.offerings(load, rounds, seconds, folder, _say),
            "lists": lambda: size.lists(rounds, folder, _say),
            "memory": lambda: size.memory(folder, _say),
            "start": lambda: size.starts(rounds, folder, _say),
            "reset": lambda: size.resets(rounds, _say),
            "suite": lambda: suite.checks(folder, _say),
            "slow": lambda: suite.slow(folder, _say),
        }
        measured, failed = {}, []
        for part in chosen:
            try:
                measured[part] = measures[part]()
            except (BenchError, ToetsError) as error:
                failed.append(f"{part} was not measured: {error}")
                _say(failed[-1])
    if measured:
        today = datetime.now(UTC).date().isoformat()
        results = stored.merged(stored.read(docs), machine.describe(), machine.versions(), today, measured)
        stored.write(docs, results)
        _print_targets({name: each["data"] for name, each in results["sections"].items()})
        click.echo(f"Written to {docs / stored.PAGE}.")
    sys.exit(1 if failed else 0)


def _print_targets(sections: dict[str, Any]) -> None:
    for each in targets.of(sections):
        if each.measured is not None:
            words = "met" if each.met else f"missed by {each.missed_by:.0%}"
            wanted = f"{'at least' if each.least else 'at most'} {each.wanted:g} {each.unit}"
            click.echo(f"{each.what}: {number(each.measured)} {each.unit}, {wanted}: {words}")


if __name__ == "__main__":
    main()
