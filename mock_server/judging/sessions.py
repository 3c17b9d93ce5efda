"""Does a message name another session in its body than in its path? The path counts, and it is told. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from mock_server.domain.effects import Effect
from mock_server.domain.refusals import RuleViolation
from mock_server.journal.entry import Finding
from ooapi_toets import Json
from ooapi_toets.outcomes import Outcome
from ooapi_toets.texts import say
from ooapi_toets.violations import Violation, pointer


def other_session(rule: str, value: Json, effect: Effect | None) -> tuple[Finding, ...]:
    """A warning where the body names another session than the one that was changed; nothing elsewhere.

    Args:
        rule: The rule about the form of such a message.
        value: Its decoded body.
        effect: What it changed.
    """
    if effect is None:
        return ()
    broken = tuple(
        RuleViolation(rule, _other(at)) for at, named in _sessions_in(value) if named.lower() != effect.session
    )
    return (Finding(rule, Outcome.WARN, broken),) if broken else ()


def _sessions_in(value: Json) -> Iterator[tuple[str, str]]:
    """Where a report or participants name a session, and which; they need not."""
    alone = not isinstance(value, list)
    for index, each in enumerate([value] if alone else value):
        for name in ("offeringId", "offering"):
            if name not in each:
                continue
            found = each[name]
            at, named = ((name, "offeringId"), found.get("offeringId")) if isinstance(found, dict) else ((name,), found)
            if isinstance(named, str):
                yield pointer(*at) if alone else pointer(index, *at), named


def _other(at: str) -> Violation:
    return Violation(
        "body",
        at,
        "offeringId",
        say("is not the id in the path"),
        "the offeringId in the path, or none",
        hint=say("the session in the path was changed, not this one; check which one you mean"),
    )
