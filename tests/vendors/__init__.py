"""Scripted systems of vendors that call: an honest one of each role, and others that get one thing wrong.

A check asks them for a step through its trigger URL, as it would a real system in a pipeline.
"""
