"""What a verdict means, and what to do with it, in words. The verdict itself is taken as it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from conformance.reports import words
from conformance.reports.evidence import Listing
from conformance.reports.rules import RuleView
from conformance.reports.words import word
from ooapi_toets import JsonObject
from ooapi_toets.outcomes import Verdict
from ooapi_toets.register import Text


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do next, with the rule or the command that it is about."""

    text: Text
    rule: RuleView | None = None
    command: Listing | None = None


def means(result: JsonObject, rules: list[RuleView]) -> Iterable[Text]:
    """What the verdict means, sentence by sentence."""
    verdict, left = result["verdict"], result["ledger"]["left"]
    match verdict:
        case Verdict.CONFORMANT.value:
            yield word("means_conformant")
        case Verdict.NOT_CONFORMANT.value:
            yield _share("means_not_conformant", rules, "fail")
        case Verdict.INCOMPLETE.value:
            yield from _why_incomplete(result, rules)
        case _:
            yield word("means_no_verdict")
            yield from _why_none(result, rules, "means")
    if left and verdict != Verdict.NO_VERDICT.value:
        yield word("means_left")
    gate = str(result.get("gate", verdict))
    if gate != verdict:
        yield word("gate", verdict=words.verdict(gate))


def steps(result: JsonObject, rules: list[RuleView]) -> Iterable[Step]:
    """What to do next, in order."""
    if result["ledger"]["left"] and result["verdict"] != Verdict.NO_VERDICT.value:
        yield Step(word("next_left"))
    match result["verdict"]:
        case Verdict.CONFORMANT.value:
            yield from _after_conformant(rules)
        case Verdict.NOT_CONFORMANT.value:
            yield from _after_not_conformant(rules)
        case Verdict.INCOMPLETE.value:
            yield from _after_incomplete(result, rules)
        case _:
            yield from (Step(each) for each in _why_none(result, rules, "next"))
            yield Step(word("next_again"))
    if result["scope"].get("only"):
        yield Step(word("next_partial"))


def _after_conformant(rules: list[RuleView]) -> Iterable[Step]:
    if any(each.outcome == "warn" for each in rules):
        yield Step(word("next_warnings"))
    yield Step(word("next_keep"))
    yield Step(word("next_repeat"))


def _after_not_conformant(rules: list[RuleView]) -> Iterable[Step]:
    broken = [each for each in rules if each.outcome == "fail"]
    first = next((each for each in broken if not each.excused), broken[0] if broken else None)
    if first is not None:
        yield Step(word("next_start"), first)
        if first.command:
            yield Step(word("next_alone"), command=first.command)
    yield Step(word("next_whole"))


def _after_incomplete(result: JsonObject, rules: list[RuleView]) -> Iterable[Step]:
    interrupted = result.get("interrupted")
    if not interrupted and any(each.outcome == "not exercised" for each in rules):
        yield Step(word("next_missing"))
    if _stale(result):
        yield Step(word("next_stale"))
    yield Step(word("next_to_end" if interrupted else "next_again"))


def _why_incomplete(result: JsonObject, rules: list[RuleView]) -> Iterable[Text]:
    if result.get("interrupted"):
        yield word("means_stopped")
    if _stale(result):
        yield word("means_stale")
    if any(each.outcome == "not exercised" for each in _binding(rules)):
        yield _share("means_incomplete", rules, "not exercised")


def _why_none(result: JsonObject, rules: list[RuleView], prefix: str) -> Iterable[Text]:
    left, failed = result["ledger"]["left"], any(each.outcome == "error" for each in rules)
    if left:
        yield word(f"{prefix}_left")
    if failed:
        yield word(f"{prefix}_error")
    if result["gone"]:
        yield word(f"{prefix}_gone")


def _share(key: str, rules: list[RuleView], outcome: str) -> Text:
    binding = _binding(rules)
    return word(key, n=sum(each.outcome == outcome for each in binding), of=len(binding))


def _binding(rules: Iterable[RuleView]) -> list[RuleView]:
    """The rules that decide a verdict."""
    return [
        each
        for each in rules
        if each.level == "MUST" and each.outcome != "not applicable" and not (each.reading and each.reading.disputed)
    ]


def _stale(result: JsonObject) -> bool:
    return bool((result.get("baseline") or {}).get("stale"))
