"""Fixtures for other people's tests: a mock of either role, started when a test asks for it.

Installed with the package; pytest finds it by its entry point. Nothing is imported before it is used.

    def test_registering(toetsafname_mock):
        my_client.register(toetsafname_mock.url, ...)
        assert toetsafname_mock.mock.journal
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from mock_server.serving.server import MockServer


@pytest.fixture(scope="session")
def _toetsafname_mock_server() -> Iterator[MockServer]:
    yield from _serve("toetsafname")


@pytest.fixture(scope="session")
def _toetsplanning_mock_server() -> Iterator[MockServer]:
    yield from _serve("toetsplanning")


@pytest.fixture
def toetsafname_mock(_toetsafname_mock_server: MockServer) -> MockServer:
    """A mock Toetsafname on a free port, one per test session, reset for each test."""
    _toetsafname_mock_server.reset()
    return _toetsafname_mock_server


@pytest.fixture
def toetsplanning_mock(_toetsplanning_mock_server: MockServer) -> MockServer:
    """A mock Toetsplanning on a free port, one per test session, reset for each test."""
    _toetsplanning_mock_server.reset()
    return _toetsplanning_mock_server


def _serve(role: str) -> Iterator[MockServer]:
    from mock_server.serving.server import MockServer  # noqa: PLC0415 - only when a test asks for it

    with MockServer(role) as server:
        yield server
