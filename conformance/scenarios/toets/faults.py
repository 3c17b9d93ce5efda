"""Faults of ours and how the system under test recovers: shared by the client scenarios of both roles."""

from __future__ import annotations

from dataclasses import dataclass

from conformance.scenarios.toets.context import ToetsContext
from ooapi_toets.texts import Text, number, say

RECOVERS = "client-recovers-from-5xx-and-429"
REFRESHES = "client-refreshes-its-token"
WAITS = "client-waits-before-retrying"


@dataclass(frozen=True, slots=True)
class Fault:
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
    "503-with-retry-after": say("we answer 503 with Retry-After first"),
    "reset": say("we break the connection first"),
    "slow": say("we respond slowly"),
}

EXPIRED = Fault("", say("your token has expired"))
"""What is tried where a token is asked for."""


def plan(run: ToetsContext, fault: Fault, **match: str) -> None:
    """Plan a fault for the next call that matches."""
    if fault is EXPIRED:
        run.listener.expires_tokens()
    else:
        run.listener.plan_fault(fault.preset, **match)


def faults_of(run: ToetsContext) -> tuple[Fault, ...]:
    """The faults that this run plans."""
    settings = run.listener.settings
    expired = (EXPIRED,) if settings.auth == "oauth2" else ()
    return (*(Fault(each, _WORDS[each]) for each in settings.faults), *expired)


def gave_up(run: ToetsContext, fault: Fault) -> None:
    """Say that a message which failed was not sent again in time; the mock says the rest."""
    patience = run.listener.settings.patience
    run.warned(
        REFRESHES if fault is EXPIRED else RECOVERS,
        say(
            "A message was not retried within {seconds} seconds ({fault})",
            seconds=number(patience),
            fault=fault.words,
        ),
    )
