"""The summary of a result, for those who read one page. No judging here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from conformance.reports import advice, words
from conformance.reports.rules import RuleView, count
from conformance.reports.words import capital, same, text, visible
from ooapi_toets import Json, JsonObject
from ooapi_toets.outcomes import Verdict
from ooapi_toets.texts import Text, number, say, say_n

_MOST_BROKEN = 8
_MOST_WARNED = 5
_VERDICTS = {each.value for each in Verdict}


@dataclass(frozen=True, slots=True)
class Group:
    """Rules that were left out for one reason."""

    reason: Text
    rules: tuple[RuleView, ...]

    @property
    def tally(self) -> Text:
        """How many there are, and how many of them must hold."""
        must = sum(each.level == "MUST" for each in self.rules)
        return (
            say_n("1 rule, mandatory", "{n} rules, {must} of them mandatory", len(self.rules), must=must)
            if must
            else say_n("1 rule", "{n} rules", len(self.rules))
        )


@dataclass(frozen=True, slots=True)
class Measurement:
    """Something that was measured along the way."""

    name: str
    what: Text
    value: Text


@dataclass(frozen=True, slots=True)
class Known:
    """A rule in the list of known failures.

    Attributes:
        id: Its id.
        why: Why it is known, as the list says.
        rule: The rule; None when the check was not about it.
    """

    id: str
    why: str
    rule: RuleView | None


@dataclass(frozen=True, slots=True)
class Baseline:
    """The list of known failures."""

    file: str
    excused: tuple[Known, ...]
    stale: tuple[Known, ...]


@dataclass(frozen=True, slots=True)
class Left:
    """What is still at the endpoint, of one kind and for one reason."""

    what: Text
    why: Text
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """What the first page says.

    Attributes:
        style: The verdict as a name in the style sheet.
        verdict: The verdict.
        means: What it means, sentence by sentence.
        facts: What was examined: name and value.
        tally: Every outcome with how often it occurs.
        broken: Broken rules that must hold, the first of them.
        more_broken: How many more there are.
        warned: Rules that are worth a look, the first of them.
        more_warned: How many more there are.
        steps: What to do next.
        unseen: What was not exercised, by reason.
        away: What was declared away, by reason.
        limits: What the verdict does not cover.
        measurements: What was measured.
        left: What is still at the endpoint, by kind and reason.
        left_behind: How much that is.
        created: The ids that were created.
        removed: The ids that were removed.
        baseline: The list of known failures, or None.
    """

    style: str
    verdict: Text
    means: tuple[Text, ...]
    facts: tuple[tuple[Text, Text], ...]
    tally: tuple[tuple[str, int], ...]
    broken: tuple[RuleView, ...]
    more_broken: int
    warned: tuple[RuleView, ...]
    more_warned: int
    steps: tuple[advice.Step, ...]
    unseen: tuple[Group, ...]
    away: tuple[Group, ...]
    limits: tuple[Text, ...]
    measurements: tuple[Measurement, ...]
    left: tuple[Left, ...]
    left_behind: int
    created: tuple[str, ...]
    removed: tuple[str, ...]
    baseline: Baseline | None


def summarise(result: JsonObject, rules: Iterable[RuleView]) -> Summary:
    """The summary of a result.

    Args:
        result: The stored result.
        rules: Its rules.
    """
    shown = list(rules)
    broken = [each for each in shown if each.outcome == "fail"]
    warned = [each for each in shown if each.outcome in {"error", "warn", "disputed"}]
    ledger = result["ledger"]
    verdict = str(result["verdict"])
    return Summary(
        style=verdict.replace(" ", "-") if verdict in _VERDICTS else "no-verdict",
        verdict=capital(words.verdict(verdict)),
        means=tuple(advice.means(result, shown)),
        facts=tuple(_facts(result)),
        tally=tuple(_tally(result, shown)),
        broken=tuple(broken[:_MOST_BROKEN]),
        more_broken=max(0, len(broken) - _MOST_BROKEN),
        warned=tuple(warned[:_MOST_WARNED]),
        more_warned=max(0, len(warned) - _MOST_WARNED),
        steps=tuple(advice.steps(result, shown)),
        unseen=groups(shown, "not exercised"),
        away=groups(shown, "not applicable"),
        limits=tuple(_limits(result, shown)),
        measurements=tuple(_measurement(each) for each in result.get("measurements") or []),
        left=tuple(_left(ledger["left"])),
        left_behind=len(ledger["left"]),
        created=tuple(visible(str(each)) for each in ledger["created"]),
        removed=tuple(visible(str(each)) for each in ledger["removed"]),
        baseline=_baseline(result.get("baseline"), shown),
    )


def groups(rules: Iterable[RuleView], outcome: str) -> tuple[Group, ...]:
    """The rules of one outcome by reason, the largest group first."""
    found: dict[str, list[RuleView]] = {}
    for each in rules:
        if each.outcome == outcome:
            found.setdefault(each.reason.en, []).append(each)
    return tuple(Group(each[0].reason, tuple(each)) for each in sorted(found.values(), key=len, reverse=True))


def _facts(result: JsonObject) -> Iterable[tuple[Text, Text]]:
    given = result["scope"]
    yield say("Role"), words.role(str(result["role"]))
    yield say("Half"), capital(words.halves(result))
    if given.get("only"):
        yield say("Only"), same(", ".join(map(str, given["only"])))
    yield say("Edition"), same(str(result["edition"]))
    yield say("Endpoint"), same(str(result["target"]["url"]))
    yield say("Date"), words.moment(str(result["startedAt"]))
    yield say("Duration"), words.duration(result["startedAt"], result["finishedAt"])
    yield say("Requests"), _number(result.get("requests", 0))
    yield say("Seed"), same(str(result["seed"]))
    yield say("Suite"), same(f"ooapi-toets {result['suiteVersion']}")


def _tally(result: JsonObject, rules: list[RuleView]) -> Iterable[tuple[str, int]]:
    found = {
        **dict.fromkeys(words.outcomes(), 0),
        **result.get("counts", {}),
        **dict(count(each.outcome for each in rules)),
    }
    return ((visible(name), number) for name, number in found.items())


def _limits(result: JsonObject, rules: list[RuleView]) -> Iterable[Text]:
    yield from (text(each) for each in result["limits"])
    tried = [each for each in rules if each.checks]
    unproved = [each for each in tried if not each.proved_by]
    if unproved:
        yield say(
            "For {n} of the {of} tested rules there is no faulty example yet that proves that the check can fail.",
            n=len(unproved),
            of=len(tried),
        )


def _measurement(data: JsonObject) -> Measurement:
    value, unit = data.get("value"), text(data.get("unit", ""))
    amount = _number(value)
    shown = Text(f"{amount.en} {unit.en}".strip(), f"{amount.nl} {unit.nl}".strip())
    return Measurement(visible(str(data.get("name", ""))), text(data.get("what")), shown)


def _number(value: Json) -> Text:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return number(value)
    return text(value)


def _left(left: Iterable[JsonObject]) -> Iterable[Left]:
    found: dict[tuple[str, Text], list[str]] = {}
    for each in left:
        found.setdefault((str(each["kind"]), text(each["why"])), []).append(visible(str(each["id"])))
    return (Left(words.kind(kind, len(ids)), why, tuple(ids)) for (kind, why), ids in found.items())


def _baseline(data: JsonObject | None, rules: list[RuleView]) -> Baseline | None:
    if not data:
        return None
    shown = {each.id: each for each in rules}
    excused, stale = (
        tuple(Known(rule, why, shown.get(rule)) for rule, why in _listed(data.get(name)))
        for name in ("excused", "stale")
    )
    return Baseline(visible(str(data.get("file", ""))), excused, stale)


def _listed(rules: Json) -> Iterable[tuple[str, str]]:
    """Rule ids, each with why it is listed where that is told."""
    told = rules if isinstance(rules, dict) else dict.fromkeys(map(str, rules or []), "")
    return ((visible(rule), visible(str(why))) for rule, why in told.items())
