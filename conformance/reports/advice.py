"""What a verdict means, and what to do with it, in words. The verdict itself is taken as it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from conformance.reports import words
from conformance.reports.evidence import Listing
from conformance.reports.rules import RuleView
from ooapi_toets import JsonObject
from ooapi_toets.outcomes import Verdict
from ooapi_toets.texts import Text, number, say, say_n


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
            yield say("All mandatory rules that apply were tested and met.")
        case Verdict.NOT_CONFORMANT.value:
            n, of = _share(rules, "fail")
            yield say_n(
                "1 of the {of} mandatory rules was violated. Systems that integrate with it will run into problems.",
                "{n} of the {of} mandatory rules were violated. Systems that integrate with it will run into problems.",
                n,
                of=number(of),
            )
        case Verdict.INCOMPLETE.value:
            yield from _why_incomplete(result, rules)
        case _:
            yield say("Whether the system conforms is not known.")
            yield from (means for means, _ in _why_none(result, rules))
    if left and verdict != Verdict.NO_VERDICT.value:
        yield say("The suite could not remove everything that it created.")
    gate = str(result.get("gate", verdict))
    if gate != verdict:
        yield say(
            "For the pipeline this run counts as {verdict}: the violated rules are on the list of known failures.",
            verdict=words.verdict(gate),
        )


def steps(result: JsonObject, rules: list[RuleView]) -> Iterable[Step]:
    """What to do next, in order."""
    if result["ledger"]["left"] and result["verdict"] != Verdict.NO_VERDICT.value:
        yield Step(say("Remove manually what was left at the endpoint, and find out why removing it failed."))
    match result["verdict"]:
        case Verdict.CONFORMANT.value:
            yield from _after_conformant(rules)
        case Verdict.NOT_CONFORMANT.value:
            yield from _after_not_conformant(rules)
        case Verdict.INCOMPLETE.value:
            yield from _after_incomplete(result, rules)
        case _:
            yield from (Step(advice) for _, advice in _why_none(result, rules))
            yield Step(say("Then run the check again."))
    if result["scope"].get("only"):
        yield Step(say("This was part of the check; run the whole check for a complete verdict."))


def _after_conformant(rules: list[RuleView]) -> Iterable[Step]:
    if any(each.outcome == "warn" for each in rules):
        yield Step(
            say("Look at the warnings: they do not affect the verdict, but may cause problems in other systems.")
        )
    yield Step(say("Keep result.json with the version of the system that was examined."))
    yield Step(say("Run the same check after every change."))


def _after_not_conformant(rules: list[RuleView]) -> Iterable[Step]:
    broken = [each for each in rules if each.outcome == "fail"]
    first = next((each for each in broken if not each.excused), broken[0] if broken else None)
    if first is not None:
        yield Step(say("Start with the first violated rule; its evidence contains the requests that show it."), first)
        if first.command:
            yield Step(say("Fix it, then rerun only that rule:"), command=first.command)
    yield Step(say("Then run the whole check again and compare the two results."))


def _after_incomplete(result: JsonObject, rules: list[RuleView]) -> Iterable[Step]:
    interrupted = result.get("interrupted")
    if not interrupted and any(each.outcome == "not exercised" for each in rules):
        yield Step(
            say(
                "See under “Not tested” what was missing. Provide it, or declare in ooapi-toets.toml "
                "under [check.offers] what the endpoint does not support."
            )
        )
    if _stale(result):
        yield Step(say("Remove the rules that are now met from the list of known failures."))
    yield Step(say("Run the check again and let it finish.") if interrupted else say("Then run the check again."))


def _why_incomplete(result: JsonObject, rules: list[RuleView]) -> Iterable[Text]:
    if result.get("interrupted"):
        yield say("The check was stopped before it finished.")
    if _stale(result):
        yield say("The list of known failures contains rules that are now met.")
    if any(each.outcome == "not exercised" for each in _binding(rules)):
        n, of = _share(rules, "not exercised")
        yield say_n(
            "No violations were found in what was tested, but 1 of the {of} mandatory rules was not "
            "tested. Whether the system conforms is not yet known.",
            "No violations were found in what was tested, but {n} of the {of} mandatory rules were "
            "not tested. Whether the system conforms is not yet known.",
            n,
            of=number(of),
        )


def _why_none(result: JsonObject, rules: list[RuleView]) -> Iterable[tuple[Text, Text]]:
    """Why there is no verdict, each with what to do about it."""
    if result["ledger"]["left"]:
        yield (
            say("The suite could not remove everything that it created."),
            say("Remove manually what was left at the endpoint, and find out why removing it failed."),
        )
    if any(each.outcome == "error" for each in rules):
        yield (
            say("An error occurred in the test suite itself."),
            say("Report it to the makers of the suite, and include result.json."),
        )
    if result["gone"]:
        yield (
            say("The endpoint stopped responding."),
            say(
                "Check that the endpoint is running. If it is too slow, allow more time with --timeout, "
                "or fewer concurrent requests with --connections 1."
            ),
        )


def _share(rules: list[RuleView], outcome: str) -> tuple[int, int]:
    """How many of the rules that decide a verdict had an outcome, and how many there are."""
    binding = _binding(rules)
    return sum(each.outcome == outcome for each in binding), len(binding)


def _binding(rules: Iterable[RuleView]) -> list[RuleView]:
    """The rules that decide a verdict."""
    return [
        each
        for each in rules
        if each.level == "MUST" and each.outcome != "not applicable" and not (each.reading and each.reading.disputed)
    ]


def _stale(result: JsonObject) -> bool:
    return bool((result.get("baseline") or {}).get("stale"))
