"""Spreads tests over processes: the tests of a file stay together, but for files whose tests share nothing dear."""

from __future__ import annotations

from pathlib import PurePosixPath

from xdist.scheduler.loadscope import LoadScopeScheduling

APART = (
    "test_sequences.py",
    "test_mock_durability.py",
    "test_check_command.py",
    "test_client_half.py",
    "test_relay.py",
    "test_documentation.py",
    "test_generated.py",
    "test_reproducers.py",
    "test_write_plan.py",
    "test_honest.py",
    "test_liars.py",
)
"""Files whose tests may run anywhere, longest first: what they share is cheap or belongs to a parameter's value."""


def turn_of(nodeid: str) -> int:
    """When a test has its turn: those that stay together first, so that short ones are left for the end of a run."""
    name = _file_of(nodeid)
    return APART.index(name) + 1 if name in APART else 0


def _file_of(nodeid: str) -> str:
    return PurePosixPath(nodeid.partition("::")[0]).name


class Spreading(LoadScopeScheduling):  # type: ignore[misc] # it carries no types
    """Hands tests out by file, and of the files in `APART` by the value of their parameter."""

    def _split_scope(self, nodeid: str) -> str:
        path, _, test = nodeid.partition("::")
        if not turn_of(nodeid):
            return path
        _, bracket, value = test.partition("[")
        return f"{path}[{value}" if bracket else nodeid
