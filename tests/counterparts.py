"""A counterpart of the suite in this process: as good as one of its own, where the process is not the subject."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from unittest.mock import patch

from conformance.counterpart import mock_process
from conformance.counterpart.mock_process import Counterpart
from mock_server.commands import mock
from mock_server.serving.foreground import settings_from
from mock_server.serving.server import MockServer

_in_a_process = mock_process.running


@contextmanager
def counterparts_here() -> Iterator[None]:
    """Let the suite start its counterparts in this process, for as long as the context lasts."""
    with patch.object(mock_process, "running", _running):
        yield


@contextmanager
def _running(role: str, *options: str, environment: Mapping[str, str] | None = None) -> Iterator[Counterpart]:
    given = mock.make_context("mock", [role, "--port", "0", *options]).params
    if given["auth"] != "none":
        # A mock that hands out tokens knows its address before it is made, which only the command can do.
        with _in_a_process(role, *options, environment=environment) as found:
            yield found
        return
    with patch.dict(os.environ, environment or {}):
        settings = settings_from(given)
    with MockServer(settings) as server:
        active, cancelled = mock_process.seeded_sessions()
        yield Counterpart(server.url, f"{server.origin}/_mock", active, cancelled, {})
