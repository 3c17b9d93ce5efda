"""Performs a flow for the command `play` and prints what is said."""

from __future__ import annotations

import asyncio

import orjson

from mock_server.caller.player import Peer, Played, Player
from mock_server.domain.toets import associations
from mock_server.journal.views import RecordedEntry
from mock_server.state.stores.memory import MemoryStore
from ooapi_toets import console, editions, evidence
from ooapi_toets.client_auth import AuthSettings
from ooapi_toets.errors import UsageError
from ooapi_toets.outcomes import Exit, Outcome
from ooapi_toets.samples import Maker

_COLOURS = {Outcome.PASS: "green", Outcome.WARN: "yellow", Outcome.FAIL: "red"}


def perform(role: str, url: str, flow: str, session: str | None, auth: AuthSettings) -> int:
    """Perform a flow and print each step; returns the exit code.

    Raises:
        UsageError: When the role has no such flow, or a report names no session.
        EndpointError: When the other system does not answer.
    """
    store = MemoryStore()
    if role == "toetsafname" and session is None:
        raise UsageError("A report is about a session.", "Name one that the other system knows: --session UUID.")
    if session is not None:
        # The other system knows this session and this one does not: it makes up what it needs of it.
        with store.begin(write=True) as tx:
            offering = Maker("play").offering(offeringId=session)
            tx.put_offering(associations.key_of(session), orjson.dumps(offering))
    player = Player(role, editions.load().contract, store, Peer(url, auth))
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
