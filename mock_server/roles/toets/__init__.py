"""Handlers of the edition `toets`, one module per role."""
