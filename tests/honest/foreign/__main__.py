"""Check the honest systems of other makes with the installed command, and print a line for each."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import click

from tests.honest.foreign.calling import call
from tests.honest.foreign.catalogue import CLIENTS, SERVERS, Client, Server
from tests.honest.foreign.running import NOT_RUN, Row, ServerNotStartedError, changes, run, serving, sessions

HEAD = ("name", "verdict", "fails", "warnings", "not tested", "left", "seconds")

_SHOWN = 6
"""How many things that were left behind are named."""


@click.command()
@click.argument("names", nargs=-1, type=click.Choice([*SERVERS, *CLIENTS]), metavar="[NAME]...")
@click.option("--seeds", type=click.IntRange(1), default=1, show_default=True, help="Check each with so many seeds.")
@click.option("--examples", type=click.IntRange(1), default=30, show_default=True, help="Generated cases of each kind.")
@click.option("--jobs", type=click.IntRange(1), default=2, show_default=True, help="Checks at a time.")
@click.option("--keep", type=click.Path(path_type=Path), help="Keep the reports in this folder.")
@click.option("--quiet", is_flag=True, help="Only the table: no warnings.")
def main(names: tuple[str, ...], seeds: int, examples: int, jobs: int, keep: Path | None, *, quiet: bool) -> None:
    """Check honest systems of other makes; exit 1 if one of them is accused.

    \b
    Examples:
      python -m tests.honest.foreign
      python -m tests.honest.foreign drf-afname --seeds 10
    """
    with tempfile.TemporaryDirectory() as made:
        folder = (keep or Path(made)).absolute()
        click.echo(_line(HEAD))
        accused = [
            row.name
            for row in _rows(names or (*SERVERS, *CLIENTS), seeds, examples, jobs, folder)
            if _tell(row, quiet=quiet)
        ]
    click.echo(f"{len(accused)} accused{': ' if accused else '.'}{', '.join(accused)}")
    raise SystemExit(bool(accused))


def _rows(names: Iterable[str], seeds: int, examples: int, jobs: int, folder: Path) -> Iterable[Row]:
    with ThreadPoolExecutor(jobs) as pool:
        for made in [
            pool.submit(
                _row, name, seed if seeds > 1 else None, ["--seed", str(seed), "--examples", str(examples)], folder
            )
            for name in names
            for seed in range(1, seeds + 1)
        ]:
            yield made.result()


def _row(name: str, seed: int | None, options: list[str], folder: Path) -> Row:
    label = name if seed is None else f"{name} {seed}"
    reports = folder / label.replace(" ", "-")
    reports.mkdir(parents=True, exist_ok=True)
    (reports / "result.json").unlink(missing_ok=True)
    wanting = [each for each in _made_by(name).programs if not shutil.which(each)]
    if wanting:
        return Row(label, NOT_RUN, output=f"{', '.join(wanting)} not found")
    try:
        row = _served(name, options, reports) if name in SERVERS else call(CLIENTS[name], options, reports)
    except ServerNotStartedError as why:
        row = Row(label, "not started", output=str(why))
    return replace(row, name=label)


def _made_by(name: str) -> Server | Client:
    return SERVERS.get(name) or CLIENTS[name]


def _served(name: str, options: list[str], reports: Path) -> Row:
    server = SERVERS[name]
    with serving(server, reports) as port:
        before = sessions(server, port)
        row = run(name, [*server.check(port, reports), *options], reports)
        return replace(row, left=row.left + changes(before, sessions(server, port)))


def _tell(row: Row, *, quiet: bool) -> bool:
    counts = (len(row.failed), len(row.warned), len(row.untested), len(row.left))
    click.secho(
        _line((row.name, row.verdict, *map(str, counts), f"{row.seconds:.0f}")), fg="red" if row.accused else None
    )
    for word, found in (("fail", row.failed), ("warn", {} if quiet else row.warned)):
        for rule, reason in found.items():
            click.echo(f"    {word} {rule}: {reason.splitlines()[0]}")
    for each in row.left[:_SHOWN]:
        click.echo(f"    left {each:.300}")
    if len(row.left) > _SHOWN:
        click.echo(f"    left {len(row.left) - _SHOWN} more")
    for rule, reason in (row.untested if row.verdict == "incomplete" and not quiet else {}).items():
        click.echo(f"    not tested {rule}: {reason}")
    click.echo("".join(f"    {line}\n" for line in row.output.splitlines()), nl=False)
    return row.accused


def _line(cells: Iterable[str]) -> str:
    widths = (26, 15, 6, 9, 11, 5, 7)
    return " ".join(f"{cell:<{width}}" for cell, width in zip(cells, widths, strict=True)).rstrip()


if __name__ == "__main__":
    main()
