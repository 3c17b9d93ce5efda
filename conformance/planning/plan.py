"""Which rules a check is about, which scenarios exercise them, and what is left out and why. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from conformance.planning.scenario import Scenario
from conformance.settings import CheckSettings
from ooapi_toets import editions
from ooapi_toets.contract import Role
from ooapi_toets.errors import UsageError
from ooapi_toets.outcomes import Half
from ooapi_toets.register import Register, Rule
from ooapi_toets.texts import Text, say


@dataclass(frozen=True)
class Plan:
    """What a check will do.

    Attributes:
        role: The role that is examined.
        rules: The rules it is about, in order.
        scenarios: What it runs.
        not_applicable: Rules that were declared away, and why.
        limits: What the verdict does not cover, for people.
    """

    role: Role
    rules: tuple[Rule, ...]
    scenarios: tuple[Scenario, ...]
    not_applicable: Mapping[str, Text]
    limits: tuple[Text, ...]


def make(
    settings: CheckSettings,
    register: Register,
    scenarios: Iterable[Scenario],
) -> Plan:
    """The plan of a check.

    Raises:
        UsageError: When the settings name a rule or capability that is not there, or nothing is left.
    """
    known = editions.load(settings.edition).capabilities[settings.role]
    for name in settings.offers:
        if name not in known:
            raise UsageError(
                f"A {settings.role} endpoint cannot declare {name!r}.", f"It can declare: {', '.join(known)}."
            )
    halves = settings.halves
    rules = [rule for half in halves for rule in register.of(edition=settings.edition, role=settings.role, half=half)]
    if settings.only:
        chosen = register.select(settings.only)
        rules = [rule for rule in rules if rule.id in chosen]
        if not rules:
            raise UsageError(
                f"None of {', '.join(settings.only)} is about {_halves(halves)} of {settings.role}.",
                "See `ooapi-toets rules`.",
            )
    away = {rule.id: reason for rule in rules if (reason := _declared_away(rule, settings))}
    wanted = {rule.id for rule in rules} - away.keys()
    return Plan(
        role=settings.role,
        rules=tuple(rules),
        scenarios=tuple(
            each for each in scenarios if wanted.intersection(each.rules) and (settings.listen or not each.listens)
        ),
        not_applicable=away,
        limits=tuple(_limits(settings, halves)),
    )


def _declared_away(rule: Rule, settings: CheckSettings) -> Text | None:
    if rule.half is Half.CLIENT:
        return _asked_away(rule, settings)
    for capability in rule.requires:
        if settings.offers.get(capability) is False:
            what = editions.load(settings.edition).capabilities[settings.role][capability]
            return say("Declared: the endpoint does not support {what}.", what=what)
        if capability in {"auth", "wrong-scope", "oauth2"} and settings.target.auth.kind == "none":
            return say("Declared: the endpoint requires no credentials (--auth none).")
    return None


def _asked_away(rule: Rule, settings: CheckSettings) -> Text | None:
    if "oauth2" in rule.requires and settings.listen and settings.listen.auth != "oauth2":
        return say("The mock that listens here issues no tokens.")
    return None


def _limits(settings: CheckSettings, halves: tuple[Half, ...]) -> Iterable[Text]:
    if Half.CLIENT not in halves:
        yield say("Only the server half was examined, not what this system sends itself.")
    if Half.SERVER not in halves:
        yield say("Only the client half was examined; the system itself was not called.")
    if settings.only:
        words = ", ".join(settings.only)
        yield say("Only {words} was examined (--only).", words=words)
    for name, there in settings.offers.items():
        if not there:
            what = editions.load(settings.edition).capabilities[settings.role][name]
            yield say("Declared as not supported: {what}.", what=what)


def _halves(halves: Iterable[Half]) -> str:
    return " and ".join(f"the {half.value} half" for half in halves)
