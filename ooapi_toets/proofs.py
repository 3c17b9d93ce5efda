"""Which rules are proved able to fail, and by which wrong implementation (`spec/proofs.json`).

The file is written by `python -m tools.kill_table` from runs against the liars in `tests/liars/`; a
test fails when it is stale.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import orjson

from ooapi_toets import resources


@cache
def load() -> Mapping[str, tuple[str, ...]]:
    """The names of the liars that trip each rule, by rule id; empty where there are none yet."""
    path = resources.spec("proofs.json")
    if not path.exists():
        return {}
    data = orjson.loads(path.read_bytes())
    return {rule: tuple(liars) for rule, liars in data["rules"].items()}
