"""Scenarios of the edition `toets`: one package per role, one module per option or flow."""

from conformance.scenarios.toets.context import ToetsContext

CONTEXT = ToetsContext
"""The context in which the scenarios of this edition run."""
