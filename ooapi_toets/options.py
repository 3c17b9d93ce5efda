"""Options from flags, then the environment (`OOAPI_TOETS_…`), then `ooapi-toets.toml`."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, get_args

import click

from ooapi_toets.client_auth import AuthKind
from ooapi_toets.errors import UsageError

CONFIG_NAME = "ooapi-toets.toml"
PREFIX = "OOAPI_TOETS"

F = TypeVar("F", bound=Callable[..., Any])


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
        ctx.default_map = {known[key]: each for key, each in given.items() if key in known}
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
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"The configuration {path} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
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


def secret(name: str, path: Path | None = None) -> str:
    """A secret from the environment (`OOAPI_TOETS_<NAME>`) or a file; never from the command line.

    Raises:
        UsageError: When the file cannot be read.
    """
    path = path or (Path(found) if (found := os.environ.get(f"{PREFIX}_{name}_FILE")) else None)
    if path is None:
        return os.environ.get(f"{PREFIX}_{name}", "")
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise UsageError(f"The secret in {path} cannot be read: {error.strerror}.") from error
