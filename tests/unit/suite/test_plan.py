"""What a check plans: every rule of the role once, scenarios for what applies, and limits for the rest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.planning.plan import Plan, make
from conformance.planning.scenario import Scenario, scenarios_of
from conformance.settings import AuthSettings, CheckSettings, ListenSettings, TargetSettings
from ooapi_toets import register
from ooapi_toets.errors import UsageError
from ooapi_toets.outcomes import Half
from tests.unit.suite.made import EDITION

REGISTER = register.load()
ROLES = st.sampled_from(EDITION.roles)
SCENARIOS: Mapping[str, list[Scenario]] = {role: scenarios_of(EDITION.id, role) for role in EDITION.roles}
LISTENING = st.none() | st.builds(ListenSettings, auth=st.sampled_from(["none", "oauth2"]))


def planned(role: str, auth: str = "bearer", **settings: Any) -> Plan:
    target = TargetSettings("https://toets.example.org/ooapi", auth=AuthSettings(kind=auth))  # type: ignore[arg-type]
    return make(CheckSettings(role=role, target=target, **settings), REGISTER, SCENARIOS[role])


@st.composite
def offers(draw: st.DrawFn) -> tuple[str, dict[str, bool]]:
    role = draw(ROLES)
    return role, draw(st.dictionaries(st.sampled_from(list(EDITION.capabilities[role])), st.booleans()))


@given(offers(), LISTENING)
def test_a_rule_is_declared_away_or_has_its_scenarios(
    declared: tuple[str, dict[str, bool]], listen: ListenSettings | None
) -> None:
    role, offered = declared
    plan = planned(role, offers=offered, listen=listen)
    rules = {rule.id for rule in plan.rules}
    halves = {Half.SERVER, Half.CLIENT} if listen else {Half.SERVER}
    assert {rule.half for rule in plan.rules} == halves
    assert set(plan.not_applicable) <= rules
    absent = {name for name, there in offered.items() if not there}
    for rule in plan.rules:
        if rule.half is Half.SERVER and absent.intersection(rule.requires):
            assert rule.id in plan.not_applicable
    wanted = rules - plan.not_applicable.keys()
    for each in SCENARIOS[role]:
        runs = bool(wanted.intersection(each.rules)) and (listen is not None or not each.listens)
        assert (each in plan.scenarios) == runs


@given(offers())
def test_what_is_not_offered_is_among_the_limits(declared: tuple[str, dict[str, bool]]) -> None:
    role, offered = declared
    said = " ".join(limit.en for limit in planned(role, offers=offered).limits)
    for name, there in offered.items():
        assert (EDITION.capabilities[role][name].en in said) == (not there)


@given(ROLES, st.data())
def test_one_rule_alone_can_be_chosen(role: str, data: st.DataObject) -> None:
    rule = data.draw(st.sampled_from(REGISTER.of(edition=EDITION.id, role=role, half=Half.SERVER)))
    plan = planned(role, only=(rule.id,))
    assert plan.rules == (rule,)
    assert all(rule.id in each.rules for each in plan.scenarios)
    assert any(rule.id in limit.en for limit in plan.limits)


@pytest.mark.parametrize("role", EDITION.roles)
def test_rules_about_credentials_do_not_apply_without_any(role: str) -> None:
    assert any(rule.id in planned(role, "none").not_applicable for rule in REGISTER if "auth" in rule.requires)
    assert not any(rule.id in planned(role).not_applicable for rule in REGISTER if "auth" in rule.requires)


@pytest.mark.parametrize("settings", [{"offers": {"no-such-capability": False}}, {"only": ("no-such-rule",)}])
def test_what_is_not_there_is_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        planned(EDITION.roles[0], **settings)


def test_a_rule_of_the_other_role_alone_leaves_nothing() -> None:
    mine, other = (set(REGISTER.of(edition=EDITION.id, role=role, half=Half.SERVER)) for role in EDITION.roles)
    with pytest.raises(UsageError, match="is about"):
        planned(EDITION.roles[0], only=(next(iter(other - mine)).id,))
