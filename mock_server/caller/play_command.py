"""Performs a flow for the command `play` and prints what is said."""

from __future__ import annotations

import asyncio

from mock_server.caller.player import Peer, Played, Player
from mock_server.journal.views import RecordedEntry
from mock_server.roles import suppose
from mock_server.roles.stage import Stage
from mock_server.state.stores.memory import MemoryStore
from ooapi_toets import console, editions, evidence
from ooapi_toets.contract import Role
from ooapi_toets.errors import UsageError
from ooapi_toets.outcomes import Exit, Outcome
from ooapi_toets.samples import Maker

_COLOURS = {Outcome.PASS: "green", Outcome.WARN: "yellow", Outcome.FAIL: "red"}


def perform(edition: str, role: Role, peer: Peer, flow: str, session: str | None) -> int:
    """Perform a flow and print each step; returns the exit code.

    Args:
        edition: The edition of the standard.
        role: The role that is played.
        peer: The other system.
        flow: One of the flows of the role, or `all`.
        session: A session that the other system knows, if any.

    Raises:
        UsageError: When the role has no such flow, or a report names no session.
        EndpointError: When the other system does not answer.
    """
    stage = Stage(editions.load(edition), MemoryStore(), make=Maker("play"))
    player = Player(role, stage, peer)
    if session is not None:
        suppose(stage, session)
    elif player.needs_session(flow):
        raise UsageError("A report is about a session.", "Name one that the other system knows: --session UUID.")
    return int(asyncio.run(_print(player, flow, session)))


async def _print(player: Player, flow: str, session: str | None) -> Exit:
    worst = Outcome.PASS
    async for played in player.perform(flow, session):
        _say(played)
        worst = max(worst, played.outcome, key=lambda each: each.rank)
    console.echo("Every step was accepted." if worst is not Outcome.FAIL else "A step was not accepted.", bold=True)
    return Exit.NOT_CONFORMANT if worst is Outcome.FAIL else Exit.OK


def _say(played: Played) -> None:
    entry = played.entry
    console.echo(f"{played.words.en}  ({played.words.nl})", bold=True)
    console.echo(f"  {evidence.curl(RecordedEntry(entry), None, 'bearer')[:400]}")
    console.echo(
        f"  {entry.status}  {played.outcome.value}: {played.told.en}  [{played.rule}]", fg=_COLOURS[played.outcome]
    )
