"""The role report: what a client has shown of its role so far, in the form of a stored result. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, datetime

from mock_server.journal.entry import Finding
from mock_server.judging.coverage import RuleTally, Tally
from ooapi_toets import JsonObject, __version__, editions, flows, results
from ooapi_toets.contract import Role
from ooapi_toets.outcomes import Half, Outcome
from ooapi_toets.register import Register, Rule
from ooapi_toets.texts import say

_ALWAYS = say("All relevant calls were correct.")


def build(
    tally: Tally,
    register: Register,
    role: Role,
    edition: str,
    url: str,
    started: float,
    overdue: Iterable[tuple[int, Finding]] = (),
) -> JsonObject:
    """The client half of the role that calls this mock, judged by what it called.

    Args:
        tally: What it has shown.
        register: The rules.
        role: The role that the mock plays.
        edition: The edition of the standard.
        url: Where the mock is.
        started: Since when, in seconds since the epoch.
        overdue: What it should have done by now and has not.
    """
    tally = tally.copy()
    for number, finding in overdue:
        tally.found(finding, number)
    client = editions.load(edition).caller(role)
    rules = register.of(edition=edition, role=client, half=Half.CLIENT)
    seen = {rule.id: tally.rules.get(rule.id) for rule in rules}
    kept = {rule for rule, each in tally.rules.items() if each.worst is not Outcome.FAIL}
    outcomes = [(rule, _outcome(rule, seen[rule.id], kept)) for rule in rules]
    verdict = results.verdict_of(outcomes).value
    return {
        "schemaVersion": results.SCHEMA_VERSION,
        "suiteVersion": __version__,
        "edition": edition,
        "role": client,
        "target": {"url": url},
        "startedAt": datetime.fromtimestamp(started, UTC).isoformat(timespec="milliseconds"),
        "finishedAt": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "seed": 0,
        "scope": {"halves": [Half.CLIENT.value], "only": []},
        "limits": [
            results.text(say("Only the client half was examined, and only the requests that this mock received."))
        ],
        "verdict": verdict,
        "gate": verdict,
        "interrupted": False,
        "gone": False,
        "options": [],
        "counts": results.counts(outcome for _, outcome in outcomes),
        "requests": tally.exchanges,
        "measurements": [],
        "baseline": None,
        "rules": [_row(rule, outcome, seen[rule.id], client) for rule, outcome in outcomes],
        "ledger": {"created": [], "removed": [], "left": []},
        "exchanges": [],
    }


def _outcome(rule: Rule, tally: RuleTally | None, kept: Collection[str]) -> Outcome:
    if tally is not None:
        return tally.worst
    never = rule.never is not None and rule.never.after in kept
    return Outcome.NOT_APPLICABLE if never or "oauth2" in rule.requires else Outcome.NOT_EXERCISED


def _row(rule: Rule, outcome: Outcome, tally: RuleTally | None, client: str) -> JsonObject:
    if tally is None and rule.never and outcome is Outcome.NOT_APPLICABLE:
        reason = rule.never.why
    elif tally is None:
        reason = flows.unseen(rule.id, client)
    else:
        broken = tally.finding.broken if tally.finding else ()
        first = broken[0].violation if broken else None
        reason = first.sentence if first else _ALWAYS
    checks = tally.checks if tally else 0
    return results.rule_row(rule, outcome, reason, checks=checks, exchanges=[tally.entry] if tally else [])
