"""Serves a mock in the foreground until it is told to stop."""

from __future__ import annotations

from collections.abc import Callable

import click
import orjson
import uvicorn

from mock_server.app import CONTROL, build
from mock_server.security import BasicUsers, BearerTokens, Grant, Scheme
from mock_server.server import bind, config_for, url_of
from mock_server.settings import MockSettings
from ooapi_toets import __version__
from ooapi_toets.errors import UsageError


def serve(settings: MockSettings, auth: str, user: str, secret: Callable[[str], str], *, json_ready: bool) -> int:
    """Serve until interrupted; the socket is bound before anything is promised.

    Raises:
        ToetsError: When the port is taken, or settings, store or seed data cannot be used.
    """
    listener = bind(settings.host, settings.port)
    try:
        mock = build(settings, scheme=_scheme(auth, user, secret))
        origin = url_of(listener)
        if json_ready:
            ready = {
                "role": settings.role,
                "url": origin + settings.base_path,
                "origin": origin,
                "control": origin + CONTROL,
                "version": __version__,
            }
            click.echo(orjson.dumps(ready).decode())
        else:
            _welcome(settings, origin)
        uvicorn.Server(config_for(mock)).run(sockets=[listener])
        mock.store.close()
    except KeyboardInterrupt:
        pass
    finally:
        listener.close()
    return 0


def _welcome(settings: MockSettings, origin: str) -> None:
    base = origin + settings.base_path
    click.secho(f"ooapi-toets mock {settings.role} {__version__}, edition {settings.edition}", bold=True)
    click.echo(f"  base URL  {base}")
    click.echo(f"  control   {origin}{CONTROL}/")
    click.echo(f"  try       curl -i {base}/")
    click.echo("Every answer names the rules that the call broke, if any, in the header ooapi-toets-rules.")
    click.echo("Stop with Ctrl-C.")


def _scheme(auth: str, user: str, secret: Callable[[str], str]) -> Scheme | None:
    if auth == "none":
        return None
    value = secret("TOKEN" if auth == "bearer" else "SECRET")
    if not value:
        name = "OOAPI_TOETS_TOKEN" if auth == "bearer" else "OOAPI_TOETS_SECRET"
        raise UsageError(f"--auth {auth} needs a secret.", f"Set {name}, or {name}_FILE to a file with it.")
    return BearerTokens({value: Grant("bearer")}) if auth == "bearer" else BasicUsers({user: value})
