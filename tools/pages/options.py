"""The options of every command, taken from the commands themselves: as tables, and as files with comments."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator
from typing import Any

import click

from ooapi_toets import editions
from ooapi_toets.cli import COMMANDS, root
from ooapi_toets.options import CONFIG_NAME, PREFIX

_CONFIGURABLE = ("check", "mock")
_UNSET = "Sentinel.UNSET"

_VALUES: dict[str, Any] = {
    "listen": "127.0.0.1:9001",
    "trigger": "./send-report {session}",
    "trigger-url": "http://127.0.0.1:9100/trigger",
    "url": "https://test.example.org/ooapi",
    "only": ["2.4", "4.2"],
    "given-offering": ["7e570000-0000-4000-8000-000000000001"],
    "given-cancelled": ["7e570000-0000-4000-8000-000000000002"],
    "component": "7e570000-0000-4000-8000-0000000000c0",
    "auth": "oauth2",
    "token-file": "token.txt",
    "user": "client-id",
    "secret-file": "secret.txt",
    "token-url": "https://login.example.org/oauth2/token",
    "wrong-scope": "some-other-scope",
    "header": ["X-Api-Version: 1"],
    "ca": "ca.pem",
    "client-cert": "client.pem",
    "baseline": "known-failures.toml",
    "store": "toets.sqlite",
    "seed-data": "basic",
    "clients": "clients.json",
    "tls-cert": "server.pem",
    "tls-key": "server.key",
    "tls-client-ca": "clients-ca.pem",
    "faults": ["500-then-ok"],
    "peer": "https://test.example.org/ooapi",
    "peer-auth": "oauth2",
    "peer-user": "client-id",
    "peer-token-url": "https://login.example.org/oauth2/token",
}
"""A value that shows what an option looks like, for those whose default does not."""


def commands() -> dict[str, click.Command]:
    """Every command by name, in the order of the help."""
    context = click.Context(root)
    found = {name: root.get_command(context, name) for group in COMMANDS.values() for name in group}
    return {name: command for name, command in found.items() if command is not None}


def options_of(command: click.Command) -> list[click.Option]:
    """The options of a command that a user may want to set."""
    return [each for each in command.params if isinstance(each, click.Option) and not each.hidden]


def tables() -> str:
    """A table for each command."""
    lines: list[str] = []
    for name, command in commands().items():
        arguments = [each.make_metavar(click.Context(command)) for each in command.params if not _is_option(each)]
        lines += [
            f"### ooapi-toets {name}",
            "",
            f"`ooapi-toets {' '.join([name, *arguments])}`: {command.get_short_help_str(200)}",
            "",
        ]
        if found := options_of(command):
            lines += ["| option | variable | default | what it does |", "|---|---|---|---|"]
            lines += [_row(name, each) for each in found]
            lines.append("")
    return "\n".join(lines)


def declarations() -> str:
    """What `[check.offers]` and `[check.paths]` may name."""
    lines = ["| role | in `[check.offers]` | what it is |", "|---|---|---|"]
    for role, known in editions.load().capabilities.items():
        lines += [f"| {role} | `{name}` | {what.en} |" for name, what in known.items()]
    lines += ["", "| in `[check.paths]` | default path |", "|---|---|"]
    lines += [f"| `{name}` | `{each.path}` |" for name, each in editions.load().contract.operations.items()]
    return "\n".join(lines)


def examples() -> dict[str, str]:
    """A configuration file for each role, in which every option stands as a comment with what it does."""
    return {role: "\n".join([*_example(role), ""]) for role in editions.ROLES}


def _example(role: str) -> Iterator[str]:
    other = next(each for each in editions.ROLES if each != role)
    yield f"# {CONFIG_NAME} for those who build a {role} system. Save it under that name in the folder in which"
    yield "# you run ooapi-toets, and remove the # before the settings that you need. Options on the command line and"
    yield f"# variables {PREFIX}_… take precedence over this file. Do not put secrets in this file."
    yield ""
    yield f"# ooapi-toets check {role}"
    yield from _table("check")
    yield ""
    yield '# What your system does not support: the rules that need it are "not applicable", and the report lists them.'
    yield "[check.offers]"
    for name, what in editions.load().capabilities[role].items():
        yield f"# {what.en}"
        yield f"# {name} = false"
    yield ""
    yield "# Where your paths differ from the contract."
    yield "[check.paths]"
    for name, operation in editions.load().contract.served_by(role).items():
        yield f'# {name} = "{operation.path}"'
    yield ""
    yield f"# ooapi-toets mock {other}: a mock of the other system, for your developers"
    yield from _table("mock")


def _table(command: str) -> Iterator[str]:
    yield f"[{command}]"
    for option in options_of(commands()[command]):
        if option.name == "config":
            continue
        yield ""
        yield from textwrap.wrap(option.help or "", 105, initial_indent="# ", subsequent_indent="# ")
        if isinstance(option.type, click.Choice):
            yield f"# One of: {', '.join(option.type.choices)}."
        name = _name(option)
        yield f"# {name} = {json.dumps(_value(name, option), ensure_ascii=False)}"


def _value(name: str, option: click.Option) -> Any:
    if option.is_flag:
        return True
    if name in _VALUES:
        return _VALUES[name]
    default = _default(option)
    if default in (None, ""):
        raise ValueError(f"Give {name!r} a value that shows what it looks like, in {__name__}._VALUES.")
    return default if isinstance(default, int | float | str) else str(default)


def _row(command: str, option: click.Option) -> str:
    names = ", ".join(f"`{each}`" for each in option.opts)
    if not option.is_flag:
        kind = option.make_metavar(click.Context(click.Command(command))).replace("|", "\\|")
        names += f" `{kind}`"
    default = _default(option)
    shown = "" if default is None or option.is_flag or default == "" else f"`{default}`"
    told = (option.help or "").replace("|", "\\|").replace("<", "&lt;")
    return f"| {names} | `{option.envvar}` | {shown} | {told} |"


def _default(option: click.Option) -> Any:
    default = option.to_info_dict()["default"]
    return None if str(default) == _UNSET or default in ((), []) else default


def _name(option: click.Option) -> str:
    return option.opts[0].lstrip("-")


def _is_option(parameter: click.Parameter) -> bool:
    return isinstance(parameter, click.Option)
