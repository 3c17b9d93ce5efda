"""How the system under test takes a bad day of ours: shared by the client scenarios of both roles."""

from __future__ import annotations

from dataclasses import dataclass

from conformance.checking.context import ScenarioContext
from ooapi_toets.texts import Text, number, say

RECOVERS = "client-recovers-from-5xx-and-429"
REFRESHES = "client-refreshes-its-token"
WAITS = "client-waits-before-retrying"


@dataclass(frozen=True, slots=True)
class BadDay:
    """Something that goes wrong on our side, once.

    Attributes:
        preset: What the mock calls it.
        words: What happens, for people.
    """

    preset: str
    words: Text


_WORDS = {
    "500-then-ok": say("we answer 500 first"),
    "429-twice": say("we answer 429 with Retry-After twice"),
    "reset": say("we break the connection first"),
    "slow": say("we respond slowly"),
}

EXPIRED = BadDay("", say("your token has expired"))
"""What is tried where a token is asked for."""


def befalls(run: ScenarioContext, day: BadDay, **match: str) -> None:
    """Let a bad day come over the next call that matches."""
    if day is EXPIRED:
        run.listener.expires_tokens()
    else:
        run.listener.misbehaves(day.preset, **match)


def days_of(run: ScenarioContext) -> tuple[BadDay, ...]:
    """The bad days that this run has."""
    settings = run.listener.settings
    expired = (EXPIRED,) if settings.auth == "oauth2" else ()
    return (*(BadDay(each, _WORDS[each]) for each in settings.bad_days), *expired)


def gave_up(run: ScenarioContext, day: BadDay) -> None:
    """Say that a message which failed was not sent again in time; the mock says the rest."""
    patience = run.listener.settings.patience
    run.deviates(
        REFRESHES if day is EXPIRED else RECOVERS,
        say("A message was not retried within {seconds} seconds ({fault})", seconds=number(patience), fault=day.words),
    )
