"""Spreads tests over processes: the tests of a file stay together, but for files whose tests share nothing dear."""

from __future__ import annotations

from pathlib import PurePosixPath

from xdist.scheduler.loadscope import LoadScopeScheduling

APART = frozenset(
    {
        "test_check_command.py",
        "test_client_half.py",
        "test_documentation.py",
        "test_generated.py",
        "test_honest.py",
        "test_liars.py",
        "test_mock_durability.py",
        "test_recipes.py",
        "test_relay.py",
        "test_reproducers.py",
        "test_sequences.py",
        "test_write_plan.py",
    }
)
"""Files whose tests may run anywhere: what they share is made once for each value of their parameter, or cheap."""


def is_apart(path: str) -> bool:
    """Whether the tests of a file may be spread."""
    return PurePosixPath(path).name in APART


class Spreading(LoadScopeScheduling):  # type: ignore[misc] # it carries no types
    """Hands tests out by file, and of the files in `APART` by the value of their parameter."""

    def _split_scope(self, nodeid: str) -> str:
        path, _, test = nodeid.partition("::")
        if not is_apart(path):
            return path
        _, bracket, value = test.partition("[")
        return f"{path}[{value}" if bracket else nodeid
