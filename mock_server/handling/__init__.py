"""Answers one request: routing, reading, validation, dispatch and problem bodies."""
