"""All liars, what they prove, and the rules that none of them breaks."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

from conformance.evidence.findings import violated_outcome
from ooapi_toets import editions, register
from ooapi_toets.contract import Role
from ooapi_toets.outcomes import Half
from ooapi_toets.register import Rule
from tests.liars import (
    changes,
    deletion,
    everywhere,
    participants,
    reading,
    report_state,
    reports,
    sessions,
    strict,
    texts,
    tokens,
)
from tests.liars.liar import Liar

_MODULES: tuple[ModuleType, ...] = (
    sessions,
    participants,
    changes,
    deletion,
    reading,
    reports,
    report_state,
    texts,
    strict,
    everywhere,
    tokens,
)

LIARS: dict[str, Liar] = {
    each.name: each for module in _MODULES for each in vars(module).values() if isinstance(each, Liar)
}
"""Every liar by its name, in the order of the modules."""

UNPROVED: dict[str, str] = {}
"""Rules for servers that no liar breaks, and why."""


def rules_of(role: Role) -> list[Rule]:
    """The rules for the server half of a role."""
    return register.load().of(edition=editions.DEFAULT, role=role, half=Half.SERVER)


def all_rules() -> Iterator[Rule]:
    """The rules for the server half of either role, each once."""
    yield from {each.id: each for role in editions.ROLES for each in rules_of(role)}.values()


def proving(rule: Rule, role: Role | None = None) -> list[str]:
    """The liars that prove a rule able to fail, sorted; of one role, if one is given.

    A liar that earns no more than a warning for a rule that others fail proves nothing about it.
    """
    return sorted(
        each.name
        for each in LIARS.values()
        if each.breaks.get(rule.id) is violated_outcome(rule) and role in {None, each.role}
    )
