"""Serves a mock in the foreground until it is told to stop."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace

import click
import orjson
import uvicorn

from mock_server.app import CONTROL, build
from mock_server.control.access import is_loopback
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
    settings, made_up = _guarded(settings, secret("CONTROL_TOKEN"))
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
                "controlToken": settings.control_token or None,
                "version": __version__,
            }
            click.echo(orjson.dumps(ready).decode())
        else:
            _welcome(settings, origin, made_up)
        uvicorn.Server(config_for(mock)).run(sockets=[listener])
        mock.store.close()
    except KeyboardInterrupt:
        pass
    finally:
        listener.close()
    return 0


def _guarded(settings: MockSettings, token: str) -> tuple[MockSettings, str]:
    """The settings with a control token where one is needed, and the token if it was made up."""
    if token or is_loopback(settings.host):
        return replace(settings, control_token=token), ""
    if settings.unmasked:
        raise UsageError("--unmasked is for this machine only.", "Leave it out, or leave out --host.")
    made_up = secrets.token_urlsafe(24)
    return replace(settings, control_token=made_up), made_up


def _welcome(settings: MockSettings, origin: str, made_up: str) -> None:
    base = origin + settings.base_path
    click.secho(f"ooapi-toets mock {settings.role} {__version__}, edition {settings.edition}", bold=True)
    click.echo(f"  base URL  {base}")
    click.echo(f"  control   {origin}{CONTROL}/")
    if made_up:
        click.echo(f"  token     {made_up}  (for the control API; it is not shown again)")
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
