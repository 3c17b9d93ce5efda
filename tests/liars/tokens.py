"""Liars about credentials. The honest mock behind them asks for a token and looks at its scope."""

from __future__ import annotations

from tests.liars.liar import AFNAME, OTHER_SCOPE, PLANNING, TOKEN, talks
from tests.liars.talk import Ask, Reply, Road

ASKED = "auth-missing-token-is-401"
SCOPE = "auth-wrong-scope-is-403"


@talks(AFNAME, fails=ASKED, asks_for_token=True)
async def no_token_is_fine(ask: Ask, road: Road) -> Reply:
    """Whoever sends no token is let in.

    A token that is not valid, or for another scope, is refused.
    """
    return await road(ask if ask.header("authorization") else _with_token(ask))


no_token_is_fine_at_planning = no_token_is_fine.at(PLANNING, fails=ASKED)


@talks(AFNAME, fails=ASKED, asks_for_token=True)
async def any_token_will_do(ask: Ask, road: Road) -> Reply:
    """A token is asked for, and not looked at unless it is for another scope.

    Whoever sends none is refused.
    """
    sent = ask.header("authorization")
    return await road(_with_token(ask) if sent and not sent.endswith(OTHER_SCOPE) else ask)


@talks(AFNAME, fails=ASKED, asks_for_token=True)
async def writing_needs_no_token(ask: Ask, road: Road) -> Reply:
    """Only who reads is asked for a token.

    A token for another scope is refused when writing as well.
    """
    free = ask.method != "GET" and not ask.header("authorization").endswith(OTHER_SCOPE)
    return await road(_with_token(ask) if free else ask)


@talks(AFNAME, warns=SCOPE, asks_for_token=True)
async def scope_is_ignored(ask: Ask, road: Road) -> Reply:
    """A token for another scope is let in.

    Without a valid token nobody is.
    """
    return await road(_with_token(ask) if ask.header("authorization").endswith(OTHER_SCOPE) else ask)


scope_is_ignored_at_planning = scope_is_ignored.at(PLANNING, warns=SCOPE)


@talks(AFNAME, warns=ASKED, asks_for_token=True)
async def refusal_asks_for_nothing(ask: Ask, road: Road) -> Reply:
    """Whoever is refused with 401 is not told how to get in: WWW-Authenticate is not there.

    Everybody is refused who should be.
    """
    return (await road(ask)).without_header("www-authenticate")


def _with_token(ask: Ask) -> Ask:
    return ask.with_header("authorization", f"Bearer {TOKEN}")
