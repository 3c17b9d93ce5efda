"""Options that commands of the suite share: listening, asking for calls, and where reports go."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

import click

from conformance.settings import FAULTS, ListenSettings
from ooapi_toets.errors import UsageError
from ooapi_toets.options import Seconds, auth_option, lang_option, secret
from ooapi_toets.redaction import RUN

F = TypeVar("F", bound=Callable[..., Any])


def _auth(prefix: str) -> tuple[Callable[[F], F], ...]:
    """How the system under test must authenticate to what listens."""
    return (
        auth_option(
            f"--{prefix}auth",
            "listen_auth",
            what="What your system must send; the secret is OOAPI_TOETS_LISTEN_SECRET, or is made up and printed.",
        ),
        click.option(
            f"--{prefix}user",
            "listen_user",
            default="toets",
            show_default=True,
            help="Its user for basic, or client id for oauth2.",
        ),
        click.option(
            f"--{prefix}token-lifetime",
            "listen_token_lifetime",
            type=click.IntRange(1),
            default=300,
            show_default=True,
            help="Seconds that a token given out here lasts.",
        ),
    )


def _applied(command: F, options: Iterable[Callable[[F], F]]) -> F:
    for option in reversed(tuple(options)):
        command = option(command)
    return command


def check_options(command: F) -> F:
    """The options by which a check listens as well."""
    return _applied(
        command,
        (
            click.option(
                "--listen",
                metavar="HOST:PORT",
                help="Examine what your system sends as well: let it call this address.",
            ),
            click.option(
                "--await",
                "patience",
                type=Seconds(0.1),
                default=120.0,
                show_default=True,
                help="Seconds to wait for the next call of your system.",
            ),
            click.option(
                "--trigger",
                metavar="COMMAND",
                default="",
                help="Run this to make your system perform a step; {step}, {session} and {url} are filled in.",
            ),
            click.option(
                "--trigger-url",
                metavar="URL",
                default="",
                help="Post {step, session, url} to this, to the same end; filled in likewise.",
            ),
            click.option(
                "--faults/--no-faults",
                default=True,
                show_default=True,
                help="Fail on purpose as well, to see your system try again.",
            ),
            # What the option was called before; configurations of that time stay valid.
            click.option("--bad-days/--no-bad-days", default=None, hidden=True),
            *_auth("listen-"),
        ),
    )


def listening_options(command: F) -> F:
    """The options of a command that only listens."""
    return _applied(
        command,
        (
            click.option(
                "--listen",
                metavar="HOST:PORT",
                default="127.0.0.1:8080",
                show_default=True,
                help="The address that your system calls.",
            ),
            click.option(
                "--await",
                "patience",
                type=Seconds(0.1),
                help="End when no call came for so many seconds; only at Ctrl-C unless told otherwise.",
            ),
            *_auth(""),
        ),
    )


def report_options(command: F) -> F:
    """The options of where reports go and in which language."""
    return _applied(
        command,
        (
            click.option(
                "--report-dir",
                type=click.Path(path_type=Path, file_okay=False),
                default=Path("reports"),
                show_default=True,
                help="Where the reports go.",
            ),
            lang_option("Language of the reports."),
        ),
    )


def listen_from(given: dict[str, Any]) -> ListenSettings | None:
    """What the options amount to; None when nothing is to be listened for.

    Raises:
        UsageError: When the address has the wrong form, or something is asked for that needs it.
    """
    if not given["listen"]:
        if given.get("trigger") or given.get("trigger_url"):
            raise UsageError("A trigger is for a check that listens.", "Add --listen 127.0.0.1:9001.")
        return None
    host, port = address(given["listen"])
    RUN.learn_url(given.get("trigger_url") or "")
    return ListenSettings(
        host=host,
        port=port,
        patience=given["patience"] or 0.0,
        trigger=given.get("trigger", ""),
        trigger_url=given.get("trigger_url", ""),
        auth=given["listen_auth"],
        user=given["listen_user"],
        secret=secret("LISTEN_SECRET"),
        token_lifetime=given["listen_token_lifetime"],
        faults=FAULTS if _with_faults(given) else (),
    )


def _with_faults(given: dict[str, Any]) -> bool:
    earlier_name = given.get("bad_days")
    return bool(given.get("faults")) if earlier_name is None else bool(earlier_name)


def address(text: str) -> tuple[str, int]:
    """Host and port of an address to listen on.

    Raises:
        UsageError: When it has another form.
    """
    host, _, port = text.rpartition(":")
    if not port.isdigit() or int(port) > 65535:  # noqa: PLR2004 - RFC 9293 section 3.1
        raise UsageError(f"{text!r} is not an address to listen on.", "Write HOST:PORT, such as 127.0.0.1:9001.")
    return host.strip("[]") or "127.0.0.1", int(port)
