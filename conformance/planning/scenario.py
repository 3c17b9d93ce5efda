"""What a scenario is: a readable test function, tied to the rules it exercises."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Body = Callable[[Any], None]
"""A scenario takes a `ScenarioContext`, which stands in a room above this one."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """One test function and what is known about it before it runs.

    Attributes:
        name: `module::function`, unique.
        body: The function.
        rules: The rules it exercises; it may speak of no other.
        sessions: About how many sessions it creates.
        people: About how many participants it registers.
        sessions_each: How many more sessions for each example that is asked for.
        people_each: How many more participants for each of them.
        given: Whether it needs a session that exists at Toetsplanning, and which: `active`, `canceled`.
        first: Whether it runs by itself, before all others: it shows whether an endpoint keeps sessions apart,
            without which no two scenarios may run side by side.
        alone: Whether it runs by itself, after all others: it is long, or it times things.
        listens: Whether it awaits calls of the system under test; it is left out of a check that does not listen.
    """

    name: str
    body: Body
    rules: tuple[str, ...]
    sessions: int = 0
    people: int = 0
    sessions_each: int = 0
    people_each: int = 0
    given: str = ""
    first: bool = False
    alone: bool = False
    listens: bool = False

    def creates(self, examples: int) -> tuple[int, int]:
        """About how many sessions it creates and participants it registers, with so many examples asked for."""
        return self.sessions + self.sessions_each * examples, self.people + self.people_each * examples

    @property
    def turn(self) -> int:
        """When it runs: those with a lower number come first."""
        return self.alone - self.first

    @property
    def title(self) -> str:
        """The function's docstring: what the vendor's system should do."""
        return inspect.getdoc(self.body) or self.name

    @property
    def function(self) -> str:
        """The name of the function."""
        return self.name.rpartition("::")[2]


def scenario(
    *rules: str,
    sessions: int = 0,
    people: int = 0,
    sessions_each: int = 0,
    people_each: int = 0,
    given: str = "",
    first: bool = False,
    alone: bool = False,
    listens: bool = False,
) -> Callable[[Body], Body]:
    """Tie a test function to the rules it exercises."""

    def tie(body: Body) -> Body:
        name = f"{body.__module__.rpartition('.')[2]}::{body.__name__}"
        made = Scenario(name, body, rules, sessions, people, sessions_each, people_each, given, first, alone, listens)
        body.scenario = made  # type: ignore[attr-defined]
        return body

    return tie


def scenarios_of(edition: str, role: str) -> list[Scenario]:
    """Every scenario of a role in an edition, in the order of files and lines.

    They are found by where they stand, `conformance/scenarios/EDITION/ROLE`, so that nothing lists them twice.

    Args:
        edition: The edition, such as `toets`.
        role: The role that is examined.
    """
    package = package_of(edition, role)
    parent = importlib.import_module(package)
    found: list[Scenario] = []
    modules = pkgutil.walk_packages(parent.__path__, f"{package}.")
    for module in sorted(modules, key=lambda each: each.name.rpartition(".")[2]):
        if not module.ispkg:  # a package holds its modules, and those hold the decorator of this name
            members = vars(importlib.import_module(module.name)).values()
            found += [each.scenario for each in members if isinstance(getattr(each, "scenario", None), Scenario)]
    return found


def package_of(edition: str, role: str) -> str:
    """The dotted name of the package with the scenarios of a role in an edition."""
    return f"conformance.scenarios.{edition.translate(_IN_A_NAME)}.{role}"


_IN_A_NAME = str.maketrans("-.", "__")
