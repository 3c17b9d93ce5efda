"""Serves a mock in the foreground until it is told to stop."""

from __future__ import annotations

import gc
import secrets
import signal
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import orjson
import uvicorn

from mock_server.app import build
from mock_server.auth.authorization_server import Client, OAuth, clients_from
from mock_server.auth.schemes import BasicUsers, BearerTokens, Grant, Scheme
from mock_server.control.access import is_loopback
from mock_server.serving import tls
from mock_server.serving.server import bind, config_for, guarded, url_of
from mock_server.settings import CONTROL, Limits, MockSettings
from ooapi_toets import __version__, console
from ooapi_toets.client_auth import AuthSettings
from ooapi_toets.errors import UsageError
from ooapi_toets.options import base_url, secret
from ooapi_toets.redaction import RUN
from ooapi_toets.userfiles import read_text


def settings_from(given: dict[str, Any]) -> MockSettings:
    """The settings that the options of `ooapi-toets mock` amount to."""
    base = given["base_path"].strip("/")
    RUN.learn_url(given["store"])
    return MockSettings(
        role=given["role"],
        edition=given["edition"],
        host=given["host"],
        port=given["port"],
        base_path=f"/{base}" if base else "",
        store=given["store"],
        seed_data=given["seed_data"],
        sandbox_by_client=given["sandbox_by_client"],
        control_token=secret("CONTROL_TOKEN"),
        peer=base_url("--peer", given["peer"]) if given["peer"] else "",
        peer_auth=AuthSettings(
            kind=given["peer_auth"],
            token=secret("PEER_TOKEN"),
            user=given["peer_user"],
            secret=secret("PEER_SECRET"),
            token_url=given["peer_token_url"],
        ),
        unmasked=given["unmasked"],
        limits=Limits(offerings=given["max_sessions"], sandbox_idle_seconds=given["sandbox_idle"]),
    )


def serve(settings: MockSettings, given: dict[str, Any]) -> None:
    """Serve until interrupted; the socket is bound before anything is promised.

    Args:
        settings: What the mock is told.
        given: The options that concern the serving: `auth`, `user`, `clients`, `token_lifetime`, `tls_…`,
            `faults` and `json_ready`.

    Raises:
        ToetsError: When the port is taken, or settings, store or seed data cannot be used.
    """
    told: dict[str, str] = {}
    if settings.unmasked and not is_loopback(settings.host) and not settings.control_token:
        raise UsageError(
            "--unmasked on another address needs a control token that you chose.",
            "Set OOAPI_TOETS_CONTROL_TOKEN, or leave out --unmasked.",
        )
    chosen, settings = settings.control_token, guarded(settings)
    if settings.control_token != chosen:
        told["controlToken"] = settings.control_token
    with suppress(KeyboardInterrupt), ExitStack() as cleanup:
        # Whoever runs it ends it with SIGTERM, and must find nothing left behind either.
        previous = signal.signal(signal.SIGTERM, signal.default_int_handler)
        cleanup.callback(signal.signal, signal.SIGTERM, previous)
        certificate = _certificate(given, settings.host, told, cleanup)
        listener = cleanup.enter_context(bind(settings.host, settings.port))
        origin = url_of(listener, tls=certificate is not None)
        mock = build(settings, scheme=_scheme(given, origin, told))
        cleanup.callback(mock.store.close)
        for name in given["faults"]:
            mock.sandboxes.get().faults.preset(name)
        config = config_for(mock)
        if certificate is not None:
            certificate.apply(config)
        if given["json_ready"]:
            console.echo(orjson.dumps(_ready(settings, origin, told)).decode())
        else:
            _welcome(settings, origin, told)
        _collect_seldom()
        uvicorn.Server(config).run(sockets=[listener])


def _collect_seldom() -> None:
    """Look for garbage less often: messages hold no cycles, and a list of 5,000 makes 25,000 objects at once.

    With Python's own thresholds such a list took 314 ms instead of 124 (`python -m bench --part lists`).
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


def _certificate(given: dict[str, Any], host: str, told: dict[str, str], cleanup: ExitStack) -> tls.Certificate | None:
    cert, key, client_ca = given["tls_cert"], given["tls_key"], given["tls_client_ca"]
    if given["tls_self_signed"]:
        if cert or key:
            raise UsageError("--tls-self-signed makes its own certificate.", "Leave out --tls-cert and --tls-key.")
        made = cleanup.enter_context(tls.self_signed(host, client_ca))
        told["ca"] = str(made.ca)
        return made
    if bool(cert) != bool(key):
        raise UsageError("TLS needs a certificate and its key.", "Give both --tls-cert and --tls-key.")
    if cert:
        return tls.Certificate(cert, key, client_ca)
    if client_ca:
        raise UsageError("--tls-client-ca is for serving over TLS.", "Give --tls-cert and --tls-key as well.")
    return None


def _scheme(given: dict[str, Any], origin: str, told: dict[str, str]) -> Scheme | None:
    kind, user = given["auth"], given["user"]
    if kind == "none":
        return None
    if kind == "oauth2" and given["clients"]:
        return OAuth(_clients(given["clients"]), origin, given["token_lifetime"])
    value = secret("TOKEN" if kind == "bearer" else "SECRET")
    if not value:
        value = secrets.token_urlsafe(24)
        told["token" if kind == "bearer" else "secret"] = value
    if kind != "bearer":
        told["user"] = user
    match kind:
        case "bearer":
            return BearerTokens({value: Grant("bearer")})
        case "basic":
            return BasicUsers({user: value})
        case _:
            told["tokenUrl"] = f"{origin}/oauth2/token"
            return OAuth({user: Client(user, value)}, origin, given["token_lifetime"])


def _clients(path: Path) -> dict[str, Client]:
    try:
        return clients_from(read_text(path, "The clients in"))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise UsageError(
            f"The clients in {path} cannot be used: {error}.", 'Write {"id": {"secret": "…", "scopes": ["…"]}}.'
        ) from error


def _ready(settings: MockSettings, origin: str, told: dict[str, str]) -> dict[str, object]:
    return {
        "role": settings.role,
        "url": origin + settings.base_path,
        "origin": origin,
        "control": origin + CONTROL,
        "version": __version__,
        **told,
    }


_LABELS = {
    "controlToken": ("token", "for the control API; it is not shown again"),
    "user": ("client", "user or client id"),
    "secret": ("secret", "made up; set OOAPI_TOETS_SECRET to choose it"),
    "token": ("bearer", "made up; set OOAPI_TOETS_TOKEN to choose it"),
    "tokenUrl": ("tokens", "OAuth 2.0 client credentials"),
    "ca": ("CA", "trust this certificate to speak TLS with it"),
}


def _welcome(settings: MockSettings, origin: str, told: dict[str, str]) -> None:
    base = origin + settings.base_path
    console.echo(f"ooapi-toets mock {settings.role} {__version__}, edition {settings.edition}", bold=True)
    console.echo(f"  base URL  {base}")
    console.echo(f"  page      {origin}{CONTROL}/")
    for name, (label, words) in _LABELS.items():
        if name in told:
            console.echo(f"  {label:<8}  {told[name]}  ({words})")
    console.echo(f"  try       curl -i {base}/")
    console.echo("Every answer names the rules that the call broke, if any, in the header ooapi-toets-rules.")
    console.echo("Stop with Ctrl-C.")
