"""How the system under test takes a bad day of ours: shared by the client scenarios of both roles."""

from __future__ import annotations

from dataclasses import dataclass

from conformance.checking.context import ScenarioContext
from ooapi_toets.register import Text

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
    "500-then-ok": Text("we answer 500 first", "wij antwoorden eerst met 500"),
    "429-twice": Text("we answer 429 with Retry-After twice", "wij antwoorden tweemaal 429 met Retry-After"),
    "reset": Text("we break the connection first", "wij verbreken eerst de verbinding"),
    "slow": Text("we are slow", "wij zijn traag"),
}

EXPIRED = BadDay("", Text("your token has expired", "uw token is verlopen"))
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
        f"A message was not sent again within {patience:g} seconds ({day.words.en})",
        f"Een bericht is niet binnen {patience:g} seconden opnieuw gestuurd ({day.words.nl})",
    )
