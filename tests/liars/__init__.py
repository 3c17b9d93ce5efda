"""Small, deliberately wrong implementations: each rule must be seen to fail before its passing means anything.

A liar has one defect and is named after it. `python -m tests.liars` lists them; see `docs/kill-table.md`.
"""
