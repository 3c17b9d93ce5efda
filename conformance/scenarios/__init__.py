"""The scenarios, one package per role, one module per option or flow.

A docstring tells the vendor's developer what the system under test should do. Data of one scenario is
never used by another, so any of them can run alone, and in any order.
"""

from __future__ import annotations

from conformance.scenario import Scenario, scenarios_in


def of(role: str) -> list[Scenario]:
    """Every scenario for the server half of a role."""
    return scenarios_in([f"conformance.scenarios.{role}"])
