"""What tests share: a mock of each role on a real socket, and the contract."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import pytest
from xdist.remote import Producer

from mock_server.serving.server import MockServer
from ooapi_toets import editions
from ooapi_toets.contract import Contract
from tests import databases
from tests.control_client import control_of
from tests.spreading import Spreading, turn_of

REQUIRE_ALL = os.environ.get("OOAPI_TOETS_REQUIRE_ALL") == "1"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Spreading:
    """Whatever `--dist` says: the same for everybody, so that a run can be compared with another."""
    return Spreading(config, log)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """With `-n auto` one more than there are cores: some tests wait for a program, a retry or a server that stops."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every process has the tests in the same order; see `turn_of`."""
    items.sort(key=lambda item: turn_of(item.nodeid))


def program(name: str) -> str:
    """The path of a program that some tests need; skips, or in CI fails, where it is not there."""
    found = shutil.which(name)
    if found is None:
        if REQUIRE_ALL:
            pytest.fail(f"{name} is not there, and OOAPI_TOETS_REQUIRE_ALL asks for it")
        pytest.skip(f"{name} is not installed: this was not run")
    return found


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of a real PostgreSQL: the one in the environment, or one that is started for these tests."""
    # Not in pytest's own folder: as root it runs as another user, whom the next pytest to start shuts out there.
    with TemporaryDirectory(prefix="ooapi-toets-") as folder, databases.postgresql(Path(folder)) as url:
        yield url


@pytest.fixture(scope="session")
def contract() -> Contract:
    return editions.load().contract


@pytest.fixture
def toetsafname() -> Iterator[MockServer]:
    with MockServer("toetsafname") as server:
        yield server


@pytest.fixture
def toetsplanning() -> Iterator[MockServer]:
    with MockServer("toetsplanning") as server:
        yield server


@pytest.fixture
def afname(toetsafname: MockServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=toetsafname.url) as client:
        yield client


@pytest.fixture
def planning(toetsplanning: MockServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=toetsplanning.url) as client:
        yield client


@pytest.fixture(scope="module")
def running() -> Iterator[MockServer]:
    """A Toetsafname for the tests of a module that is content with it as it comes."""
    with MockServer("toetsafname") as server:
        yield server


@pytest.fixture
def server(running: MockServer) -> MockServer:
    """The same, as at its start."""
    running.reset()
    return running


@pytest.fixture
def client(server: MockServer) -> Iterator[httpx.Client]:
    """Calls the mock that a module names `server`, as a client of the standard."""
    with httpx.Client(base_url=server.url) as client:
        yield client


@pytest.fixture
def control(server: MockServer) -> Iterator[httpx.Client]:
    """Calls the control API of the mock that a module names `server`."""
    with control_of(server) as control:
        yield control
