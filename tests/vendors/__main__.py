"""See what is said of a scripted vendor: `python -m tests.vendors NAME`, or without a name the list of them."""

from __future__ import annotations

import sys

import click

from tests.vendors.catalogue import HONEST, LIARS
from tests.vendors.examine import said_of


def main(arguments: list[str]) -> int:
    """Examine one, or list all."""
    known = {**HONEST, **LIARS}
    if len(arguments) != 1 or arguments[0] not in known:
        for name, vendor in known.items():
            click.echo(f"{name:24} {vendor.role:14} {(vendor.system.__doc__ or '').strip().splitlines()[0]}")
        return 2 if arguments else 0
    said = said_of(arguments[0])
    for rule, outcome in said.broken.items():
        click.echo(f"{outcome}: {rule}: {said.reasons[rule]}")
    click.echo(said.verdict)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
