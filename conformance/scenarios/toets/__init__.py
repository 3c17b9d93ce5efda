"""Scenarios of the edition `toets`: one package per role, one module per option or flow."""
