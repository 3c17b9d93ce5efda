"""The command `mock`: options to settings, and what is printed when it is up."""

from __future__ import annotations

from typing import Any

import click

from ooapi_toets.contract import DEFAULT_EDITION, ROLES
from ooapi_toets.options import config_option, secret


@click.command()
@click.argument("role", type=click.Choice(ROLES))
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8080,
    show_default=True,
    help="Port; 0 for any that is free.",
)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Address to listen on; only this machine unless told otherwise.",
)
@click.option("--base-path", default="/ooapi", show_default=True, help="What stands before the operations.")
@click.option("--edition", default=DEFAULT_EDITION, show_default=True, help="Edition of the standard.")
@click.option("--store", default="memory", show_default=True, help="Where state is kept.")
@click.option("--seed-data", default="", help="Sessions to begin with: a set that ships (basic), a file, or none.")
@click.option(
    "--auth",
    type=click.Choice(["none", "bearer", "basic"]),
    default="none",
    show_default=True,
    help="What clients must send; the secret is OOAPI_TOETS_TOKEN or OOAPI_TOETS_SECRET.",
)
@click.option("--user", default="toets", show_default=True, help="The user for basic authentication.")
@click.option("--json-ready", is_flag=True, help="Print one line of JSON when it is up, for programs.")
@config_option("mock")
def mock(**given: Any) -> int:
    """Serve a role: a counterpart that remembers what it is sent and says what was wrong with it.

    \b
    Examples:
      ooapi-toets mock toetsafname
      ooapi-toets mock toetsplanning --port 8081 --seed-data basic
      ooapi-toets mock toetsafname --port 0 --json-ready
    """
    from mock_server.serve import serve  # noqa: PLC0415 - help must not wait for the server's imports
    from mock_server.settings import MockSettings  # noqa: PLC0415

    settings = MockSettings(
        role=given["role"],
        edition=given["edition"],
        host=given["host"],
        port=given["port"],
        base_path="/" + given["base_path"].strip("/") if given["base_path"].strip("/") else "",
        store=given["store"],
        seed_data=given["seed_data"],
    )
    return serve(settings, given["auth"], given["user"], secret, json_ready=given["json_ready"])
