"""Liars by hand: list them, serve one, or write down what they prove."""

from __future__ import annotations

import logging
import threading

import click

from tests.honest.prove import HONEST_MOCKS, prove_honest
from tests.liars import clients, examples, kill_table
from tests.liars.catalogue import LIARS
from tests.liars.prove import prove_named
from tests.side_by_side import SideBySide


@click.command()
@click.argument("name", required=False, type=click.Choice(list(LIARS)), metavar="[NAME]")
@click.option("--port", type=click.IntRange(0, 65535), default=9000, show_default=True, help="0 for any that is free.")
@click.option("--write", is_flag=True, help="Check every liar, and write what that proves and shows.")
def main(name: str | None, port: int, *, write: bool) -> None:
    """Serve a deliberately wrong implementation until Ctrl-C; without NAME, list them all.

    \b
    Examples:
      python -m tests.liars
      python -m tests.liars lists-are-appended --port 9000
      python -m tests.liars --write
    """
    if write:
        _write()
    elif name:
        _serve(name, port)
    else:
        width = max(map(len, LIARS))
        for each in LIARS.values():
            click.echo(f"{each.name:{width}}  {each.role:13}  {each.lie}")


def _serve(name: str, port: int) -> None:
    liar = LIARS[name]
    with liar.server(port) as server:
        click.echo(f"{name} ({liar.role}): {liar.lie}")
        click.echo(f"  base URL  {server.url}")
        settings = liar.settings(server.url)
        for option, ids in (("--given-offering", settings.given), ("--given-cancelled", settings.given_cancelled)):
            click.echo("".join(f"  {option} {each}\n" for each in ids), nl=False)
        if liar.asks_for_token:
            click.echo(f"  --auth bearer, with the token {settings.target.auth.token}")
        for rule, outcome in liar.breaks.items():
            click.echo(f"  {outcome.value:8}  {rule}")
        click.echo("Stop with Ctrl-C.")
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            click.echo()


def _write() -> None:
    wrong = []
    fails = {"": clients.fails()}
    with SideBySide(prove_honest, HONEST_MOCKS) as honest, SideBySide(prove_named, LIARS) as proving:
        for number, liar in enumerate(LIARS.values(), 1):
            proof = proving.of(liar.name)
            fails[liar.name] = proof.fails
            if proof.tripped != liar.breaks:
                wrong.append(liar.name)
            click.echo(
                f"{number:4}/{len(LIARS)}  {liar.name}{'' if proof.tripped == liar.breaks else '  IS NOT AS DECLARED'}"
            )
        passes = clients.passes()
        for case in HONEST_MOCKS:
            passes = {**honest.of(case).passes, **passes}
    if wrong:
        raise click.ClickException(f"Nothing was written; these are not as declared: {', '.join(wrong)}.")
    kill_table.write()
    examples.EXPLAINED.write_bytes(examples.encode(examples.explained(passes, fails, LIARS)))
    click.echo(f"Wrote {kill_table.PROOFS}, {kill_table.TABLE} and {examples.EXPLAINED}.")


if __name__ == "__main__":
    logging.disable(logging.ERROR)  # a liar that crashes on purpose says so in its answers
    main()
