"""Options from flags, then the environment (`OOAPI_TOETS_…`), then `ooapi-toets.toml`."""

from __future__ import annotations

import math
import os
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, get_args
from urllib.parse import urlsplit

import click

from ooapi_toets.client_auth import AuthKind
from ooapi_toets.errors import UsageError
from ooapi_toets.redaction import RUN, is_secret_header
from ooapi_toets.userfiles import read_text

CONFIG_NAME = "ooapi-toets.toml"
PREFIX = "OOAPI_TOETS"

F = TypeVar("F", bound=Callable[..., Any])

_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""RFC 9110 section 5.1."""
_HEADER_VALUE = re.compile(r"[\x20-\x7e\t]*")
"""What all that reads headers reads in the same way (RFC 9110 section 5.5)."""


class Seconds(click.FloatRange):
    """A number of seconds that can be waited: `inf` and `nan` are numbers to Python, and would never end."""

    name = "seconds"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number."""
        found: float = super().convert(value, param, ctx)
        if not math.isfinite(found):
            self.fail(f"{value!r} is not a number of seconds.", param, ctx)
        return found


def base_url(option: str, text: str, *, query: bool = False) -> str:
    """A URL that was given, as it was given; what it holds of secrets is hidden from then on.

    Args:
        option: How the option is written.
        text: The URL.
        query: Whether it may have a query.

    Raises:
        UsageError: When it is none, or has a query or fragment: paths are put behind it.
    """
    RUN.learn_url(text)
    try:
        parts = urlsplit(text)
        good = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good or any(each <= " " or each == "\x7f" for each in text):
        raise UsageError(
            f"{text!r} is not a URL of an endpoint ({option}).", "Write for instance https://test.example.org/ooapi."
        )
    if (parts.query and not query) or parts.fragment:
        # What stands there is often a key, so it is not repeated.
        raise UsageError(
            f"{option} has a query or fragment (after ? or #), and a base URL has none.",
            "Leave it out; give a key as a header, with --header 'NAME: VALUE'.",
        )
    return text


def header_line(line: str) -> tuple[str, str]:
    """A header line that was given; the value of a credential is hidden from then on.

    Raises:
        UsageError: When it is none.
    """
    name, colon, value = line.partition(":")
    name, value = name.strip(), value.strip()
    if is_secret_header(name):
        RUN.learn_headers([(name, value)])
    if not colon or not _HEADER_NAME.fullmatch(name):
        raise UsageError(f"{name!r} does not begin a header line.", "Write 'Name: value'.")
    if not _HEADER_VALUE.fullmatch(value):
        # Not repeated: it may be a secret.
        raise UsageError(
            f"The value of the header {name} holds letters or control characters that a header cannot carry.",
            "Use ASCII; encode other letters as whoever reads the header expects.",
        )
    return name, value


def auth_option(*names: str, what: str) -> Callable[[F], F]:
    """An option that names a way to authenticate.

    Args:
        names: How the option is written, and the parameter if that has another name.
        what: Its help.
    """
    kinds = click.Choice(get_args(AuthKind))
    return click.option(*names, type=kinds, default="none", show_default=True, help=what)


def lang_option(what: str) -> Callable[[F], F]:
    """The option `--lang`, with its help."""
    return click.option("--lang", type=click.Choice(["en", "nl"]), default="en", show_default=True, help=what)


def with_variables(command: click.Command) -> click.Command:
    """The same command, in which every option can be given by `OOAPI_TOETS_<COMMAND>_<OPTION>` as well.

    click's own prefix would follow the names of the parameters in the code instead of those of the options.
    """
    for option in command.params:
        if isinstance(option, click.Option) and option.envvar is None:
            name = max(option.opts, key=len).lstrip("-")
            option.envvar = f"{PREFIX}_{command.name}_{name}".replace("-", "_").upper()
    return command


def config_option(section: str, tables: tuple[str, ...] = ()) -> Callable[[F], F]:
    """An option `--config` whose file gives defaults to all other options of a command.

    Args:
        section: The table of the file that belongs to the command.
        tables: Sub-tables with free keys, handed to the command as `ctx.obj[table]`.
    """

    def read(ctx: click.Context, _: click.Parameter, value: Path | None) -> Path | None:
        path = value or (Path(CONFIG_NAME) if Path(CONFIG_NAME).is_file() else None)
        given = _table(path, section) if path else {}
        ctx.obj = {name: _subtable(given, name, path) for name in tables}
        known = {
            option.lstrip("-"): each.name
            for each in ctx.command.params
            for option in each.opts
            if isinstance(each, click.Option) and each.name != "config"
        }
        unknown = sorted(set(given) - set(known) - set(tables))
        if unknown:
            raise UsageError(
                f"{path} has {unknown[0]!r} in [{section}], which is no option.",
                f"It may have: {', '.join(sorted([*known, *tables]))}.",
            )
        options = {each.name: each for each in ctx.command.params if isinstance(each, click.Option)}
        ctx.default_map = {
            known[key]: _value(each, options[known[key]], f"{key!r} in [{section}] of {path}")
            for key, each in given.items()
            if key in known
        }
        return path

    return click.option(
        "--config",
        type=click.Path(path_type=Path, dir_okay=False),
        is_eager=True,
        callback=read,
        help=f"Read options from this file; {CONFIG_NAME} in the current folder is read unless told otherwise.",
    )


def _table(path: Path, section: str) -> dict[str, Any]:
    try:
        data = tomllib.loads(read_text(path, "The configuration"))
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"The configuration {path} is not TOML: {error}.") from error
    strange = set(data) - {"check", "mock"}
    if strange:
        raise UsageError(f"{path} has a table [{min(strange)}].", "It may have [check] and [mock].")
    table = data.get(section, {})
    if not isinstance(table, dict):
        raise UsageError(f"[{section}] in {path} is not a table.")
    return table


def _subtable(given: dict[str, Any], name: str, path: Path | None) -> dict[str, Any]:
    table = given.get(name, {})
    if not isinstance(table, dict):
        raise UsageError(f"{name!r} in {path} is not a table.")
    return table


def _value(value: Any, option: click.Option, place: str) -> Any:
    """A value of the file in the form in which click takes it for an option.

    Raises:
        UsageError: When it is of a kind that no option of the sort has.
    """
    if option.multiple:
        values = value if isinstance(value, list) else [value]
        if all(isinstance(each, str | int | float) for each in values):
            return [str(each) for each in values]
        raise UsageError(f"{place} is not a list of texts.")
    if option.is_flag:
        if not isinstance(value, bool):
            raise UsageError(f"{place} must be true or false.")
        return value
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise UsageError(f"{place} must be a text or a number.")
    if isinstance(value, float) and isinstance(option.type, click.types.IntParamType):
        raise UsageError(f"{place} must be a whole number.")
    return value


def secret(name: str, path: Path | None = None) -> str:
    """A secret from the environment (`OOAPI_TOETS_<NAME>`) or a file; never from the command line.

    It is hidden in every output from then on.

    Raises:
        UsageError: When the file cannot be read.
    """
    path = path or (Path(found) if (found := os.environ.get(f"{PREFIX}_{name}_FILE")) else None)
    if path is None:
        value = os.environ.get(f"{PREFIX}_{name}", "").strip("\r\n")
    else:
        value = read_text(path, "The secret in").strip()
    RUN.learn(value)
    return value
