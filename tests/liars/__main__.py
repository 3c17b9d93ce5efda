"""Lists the liars, or serves one."""

from __future__ import annotations

import logging
import threading

import click

from tests.liars.catalogue import LIARS


@click.command()
@click.argument("name", required=False, type=click.Choice(list(LIARS)), metavar="[NAME]")
@click.option("--port", type=click.IntRange(0, 65535), default=9000, show_default=True, help="0 for any that is free.")
def main(name: str | None, port: int) -> None:
    """Serve a deliberately wrong implementation until Ctrl-C; without NAME, list them all.

    \b
    Examples:
      python -m tests.liars
      python -m tests.liars lists-are-appended --port 9000
    """
    if name:
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


if __name__ == "__main__":
    logging.disable(logging.ERROR)  # a liar that crashes on purpose says so in its answers
    main()
