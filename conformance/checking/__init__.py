"""Runs a check: session, scenarios and their context, engine, pytest shell and progress."""
