"""The command `mock`: options to settings, and what is printed when it is up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ooapi_toets import editions
from ooapi_toets.options import Seconds, auth_option, base_url, config_option, secret

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command()
@click.argument("role", type=click.Choice(editions.ROLES))
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
@click.option("--edition", default=editions.DEFAULT, show_default=True, help="Edition of the standard.")
@click.option(
    "--store",
    default="memory",
    show_default=True,
    help="Where state is kept: memory, a SQLite file, or a postgresql:// URL that several mocks may share.",
)
@click.option("--seed-data", default="", help="Sessions to begin with: a set that ships (basic), a file, or none.")
@auth_option(
    "--auth",
    what="What clients must send. The secret is OOAPI_TOETS_TOKEN or OOAPI_TOETS_SECRET, or is made up and printed.",
)
@click.option("--user", default="toets", show_default=True, help="The user for basic, or the client id for oauth2.")
@click.option(
    "--clients",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help='OAuth clients in a JSON file: {"id": {"secret": "…", "scopes": ["…"]}}.',
)
@click.option(
    "--token-lifetime", type=click.IntRange(1), default=300, show_default=True, help="Seconds that a token lasts."
)
@click.option("--tls-cert", type=_FILE, help="Serve over TLS with this certificate, PEM.")
@click.option("--tls-key", type=_FILE, help="The key of that certificate, PEM.")
@click.option("--tls-client-ca", type=_FILE, help="Ask clients for a certificate of this CA, PEM.")
@click.option(
    "--tls-self-signed", is_flag=True, help="Serve over TLS with a certificate made now; says where its CA is."
)
@click.option(
    "--faults", multiple=True, metavar="PRESET", help="Begin with a bad day, such as 500-then-ok; repeatable."
)
@click.option("--peer", default="", help="Base URL of the other system, for the flows the mock performs itself.")
@auth_option(
    "--peer-auth",
    what="How to authenticate there; the secret is OOAPI_TOETS_PEER_TOKEN or OOAPI_TOETS_PEER_SECRET.",
)
@click.option("--peer-user", default="", help="The user for basic, or the client id for oauth2, at the peer.")
@click.option("--peer-token-url", default="", help="Where an OAuth token for the peer is fetched.")
@click.option(
    "--max-sessions",
    type=click.IntRange(1),
    default=1_000_000,
    show_default=True,
    help="How many sessions a sandbox holds.",
)
@click.option(
    "--sandbox-idle",
    type=Seconds(1),
    default=86_400,
    show_default=True,
    help="Seconds after which a sandbox that nobody uses is closed.",
)
@click.option("--sandbox-by-client", is_flag=True, help="Give each client that authenticates a sandbox of its own.")
@click.option("--unmasked", is_flag=True, help="Show personal data in the control API.")
@click.option("--json-ready", is_flag=True, help="Print one line of JSON when it is up, for programs.")
@config_option("mock")
def mock(**given: Any) -> None:
    """Serve a role: a counterpart that remembers what it is sent and says what was wrong with it.

    It listens on this machine only unless --host says otherwise; then its control API asks for a token,
    OOAPI_TOETS_CONTROL_TOKEN or one that is made up and printed once.

    \b
    Examples:
      ooapi-toets mock toetsafname
      ooapi-toets mock toetsplanning --port 8081 --seed-data basic
      ooapi-toets mock toetsafname --store toets.sqlite
      ooapi-toets mock toetsafname --port 0 --json-ready
    """
    from mock_server.serving.foreground import serve, settings_from  # noqa: PLC0415 - help must not wait for the server's imports

    serve(settings_from(given), given)


@click.command()
@click.argument("role", type=click.Choice(editions.ROLES))
@click.option("--edition", default=editions.DEFAULT, show_default=True, help="Edition of the standard.")
@click.option("--to", "url", required=True, help="Base URL of the other system.")
@click.option(
    "--flow",
    default="all",
    show_default=True,
    help="Which flow of the role, or all of them as one story.",
)
@click.option("--session", metavar="UUID", help="A session that the other system knows; a report needs one.")
@auth_option(
    "--auth",
    what="How to authenticate; the secret is OOAPI_TOETS_TOKEN or OOAPI_TOETS_SECRET.",
)
@click.option("--user", default="", help="The user for basic, or the client id for oauth2.")
@click.option("--token-url", default="", help="Where an OAuth token is fetched.")
def play(role: str, edition: str, url: str, flow: str, session: str | None, **given: str) -> int:
    """Perform the client half of a role once, step by step, printing each exchange.

    \b
    Examples:
      ooapi-toets play toetsplanning --to http://127.0.0.1:8080/ooapi
      ooapi-toets play toetsafname --to http://127.0.0.1:8081/ooapi --session 7e57…

    \b
    Exit codes: 0 every step was accepted, 1 one was not, 2 usage, 4 the other system did not answer.
    """
    from mock_server.caller.play_command import perform  # noqa: PLC0415 - help must not wait for it
    from mock_server.caller.player import Peer  # noqa: PLC0415
    from ooapi_toets.client_auth import AuthSettings  # noqa: PLC0415

    settings = AuthSettings(
        kind=given["auth"],  # type: ignore[arg-type] # click has checked it
        token=secret("TOKEN"),
        user=given["user"],
        secret=secret("SECRET"),
        token_url=base_url("--token-url", given["token_url"], query=True) if given["token_url"] else "",
    )
    return perform(edition, role, Peer(base_url("--to", url), settings), flow, session)
