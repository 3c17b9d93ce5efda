"""Where the mock keeps its state: one protocol, one module per kind of store."""

from __future__ import annotations

from mock_server.state.stores.memory import MemoryStore
from mock_server.state.stores.protocol import Store

MEMORY = "memory"
_POSTGRESQL = ("postgresql:", "postgresql+psycopg:", "postgres:")


def open_store(where: str) -> Store:
    """The store at a place.

    Args:
        where: `memory`, the URL of a PostgreSQL database, or the path of a SQLite file.

    Raises:
        ServeError: When it cannot be used.
    """
    if where == MEMORY:
        return MemoryStore()
    from mock_server.state.stores import sql  # noqa: PLC0415 - SQLAlchemy takes longer to import than all the rest

    if where.startswith(_POSTGRESQL):
        return sql.open_postgresql(where.replace("postgres:", "postgresql:", 1) if where[:9] == "postgres:" else where)
    return sql.open_sqlite(where.removeprefix("sqlite:///"))
