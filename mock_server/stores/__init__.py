"""Where the mock keeps its state: one protocol, one module per kind of store."""

from __future__ import annotations

from mock_server.stores.memory import MemoryStore
from mock_server.stores.protocol import Store
from ooapi_toets.errors import UsageError


def open_store(where: str) -> Store:
    """The store at a place.

    Args:
        where: `memory`.

    Raises:
        UsageError: When the place is of no known kind.
    """
    if where == "memory":
        return MemoryStore()
    raise UsageError(f"There is no store {where!r}.", "Give: memory.")
