"""The one command, `ooapi-toets`: names its subcommands as strings and imports each only when it is used."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from difflib import get_close_matches
from importlib import import_module
from io import StringIO
from typing import Any

import click

from ooapi_toets import __version__, console
from ooapi_toets.errors import ToetsError
from ooapi_toets.options import with_variables
from ooapi_toets.outcomes import Exit

COMMANDS: dict[str, dict[str, tuple[str, str]]] = {
    "Check and be checked": {
        "check": ("conformance.commands:check", "Check an endpoint of a role and give a verdict."),
        "watch": ("conformance.commands:watch", "Only listen to a system of a role, and judge what it sends."),
        "relay": ("conformance.commands:relay", "Stand between two systems and judge both."),
        "demo": ("conformance.commands:demo", "Start the mock of both roles and check both."),
    },
    "Stand in for the other side": {
        "mock": ("mock_server.commands:mock", "Serve a role that remembers, judges and explains."),
        "play": ("mock_server.commands:play", "Perform the client half of a role once."),
    },
    "Results": {
        "report": ("conformance.commands:report", "Render a stored result again."),
        "diff": ("conformance.commands:diff", "Say what changed between two results."),
    },
    "The standard": {
        "rules": ("ooapi_toets.commands:rules", "List the rules, or explain one."),
        "spec": ("ooapi_toets.commands:spec", "Print, validate or locate the OpenAPI document."),
    },
}
"""Every command by group: where it is, and its line in the root help."""


_BEGIN = """\
\b
Each command has its own --help, with examples. Where to begin:
  ooapi-toets demo
"""


class Root(click.Group):
    """A group whose commands are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order of the help."""
        del ctx
        return [name for group in COMMANDS.values() for name in group]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name, imported now."""
        del ctx
        for group in COMMANDS.values():
            if cmd_name in group:
                module, _, attribute = group[cmd_name][0].partition(":")
                return with_variables(getattr(import_module(module), attribute))
        return None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, with a suggestion for a slip of the pen."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            near = get_close_matches(args[0], self.list_commands(ctx), n=1)
            if near:
                raise click.UsageError(f"{error.message} Did you mean {near[0]!r}?", ctx) from None
            raise

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """One section per group, of the lines that stand above; no command is imported for it."""
        del ctx
        for title, group in COMMANDS.items():
            with formatter.section(title):
                formatter.write_dl([(name, line) for name, (_, line) in group.items()])


@click.group(
    cls=Root,
    context_settings={
        "help_option_names": ["-h", "--help"],
        "max_content_width": 100,
    },
    epilog=_BEGIN,
)
@click.version_option(__version__, "-V", "--version", prog_name="ooapi-toets")
def root() -> None:
    """Conformance suite and stand-in counterpart for OOAPI Toets: test planning and test taking."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command; a user's mistake ends in a sentence and the right exit code, never a traceback."""
    console.prepare()
    try:
        code: Any = root.main(arguments, standalone_mode=False)
    except click.exceptions.Abort:
        console.echo("Stopped.", err=True)
        code = Exit.INCOMPLETE
    except click.ClickException as error:
        shown = StringIO()
        error.show(shown)
        console.echo(shown.getvalue(), err=True, nl=False)
        code = Exit.USAGE
    except ToetsError as error:
        console.echo(f"Error: {error.what}", err=True)
        if error.do:
            console.echo(f"       {error.do}", err=True)
        code = error.exit_code
    except SystemExit as ended:
        # click prints help texts itself, and ends with 1 when the pipe is closed; whoever read it has seen enough.
        code = Exit.OK if console.replaced() else ended.code
    except Exception as error:  # noqa: BLE001 - ours, never the vendor's: Python's own exit code means "not conformant"
        console.echo(f"Internal error: {type(error).__name__}: {error}", err=True)
        if os.environ.get("OOAPI_TOETS_DEBUG"):
            console.echo(traceback.format_exc(), err=True, nl=False)
        console.echo("       This is a fault of ooapi-toets. OOAPI_TOETS_DEBUG=1 shows where.", err=True)
        code = Exit.NO_VERDICT
    # What prints only has done its work when nobody reads on; a verdict that nobody could read is none.
    if console.closed() and isinstance(code, int) and code != Exit.USAGE:
        code = Exit.NO_VERDICT
    sys.exit(int(code or 0))


if __name__ == "__main__":
    main()
