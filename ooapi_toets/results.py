"""The form of a stored result, shared by whoever makes one: the suite after a check, the mock at any time."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from ooapi_toets import JsonObject
from ooapi_toets.outcomes import Level, Outcome, Verdict
from ooapi_toets.register import Interpretation, Rule, proofs
from ooapi_toets.texts import Text

SCHEMA_VERSION = "1.0"


def verdict_of(
    outcomes: Iterable[tuple[Rule, Outcome]],
    *,
    no_verdict: bool = False,
    unfinished: bool = False,
    excused: Collection[str] = (),
) -> Verdict:
    """The one answer: a failure found stands whatever else happened; what was not seen never passes.

    Args:
        outcomes: What became of each rule.
        no_verdict: Whether something happened after which nothing but a failure can be said.
        unfinished: Whether there was more to see than was seen.
        excused: Rules whose failure does not count.
    """
    outcomes = list(outcomes)
    if any(outcome is Outcome.FAIL and rule.id not in excused for rule, outcome in outcomes):
        return Verdict.NOT_CONFORMANT
    if no_verdict or any(outcome is Outcome.ERROR for _, outcome in outcomes):
        return Verdict.NO_VERDICT
    unseen = any(
        outcome is Outcome.NOT_EXERCISED and rule.level is Level.MUST and not rule.disputed
        for rule, outcome in outcomes
    )
    return Verdict.INCOMPLETE if unseen or unfinished else Verdict.CONFORMANT


def counts(outcomes: Iterable[Outcome]) -> dict[str, int]:
    """How many rules had each outcome."""
    found = {outcome.value: 0 for outcome in Outcome}
    for each in outcomes:
        found[each.value] += 1
    return found


def rule_row(rule: Rule, outcome: Outcome, reason: Text, *, checks: int, exchanges: list[int]) -> JsonObject:
    """One rule of a result, before evidence is added.

    Args:
        rule: The rule.
        outcome: What became of it.
        reason: What decided that.
        checks: How often it was seen.
        exchanges: The numbers of the exchanges that show it.
    """
    return {
        "id": rule.id,
        "level": rule.level.value,
        "half": rule.half.value,
        "chapter": rule.chapter,
        "flow": rule.flow,
        "option": rule.option,
        "outcome": outcome.value,
        "sentence": text(rule.sentence),
        "source": list(rule.source),
        "interpretation": interpretation(rule.interpretation),
        "reason": text(reason),
        "checks": checks,
        "exchanges": exchanges,
        "provedBy": list(proofs().get(rule.id, ())),
        "reproduce": None,
    }


def text(words: Text) -> dict[str, str]:
    """A text in both languages, as data."""
    return {"en": words.en, "nl": words.nl}


def interpretation(found: Interpretation | None) -> JsonObject | None:
    """An interpretation as data; None where there is none."""
    if found is None:
        return None
    return {
        "id": found.id,
        "disputed": found.disputed,
        "question": text(found.question),
        "reading": text(found.reading),
        "other": text(found.other) if found.other else None,
    }
