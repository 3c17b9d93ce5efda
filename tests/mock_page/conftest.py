"""The mock's page in a real browser, while clients call the mock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page, expect

from ooapi_toets.samples import Maker
from tests.browsing import chromium, watching
from tests.mock_page.opening import Open


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def servers() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def show(browser: Browser, servers: ExitStack) -> Iterator[Open]:
    """Opens the page of a mock; at the end none of them has complained or asked for anything elsewhere.

    Pages close before servers, or they would complain of that: tests name this fixture last.
    """
    del servers
    with watching(browser) as blank:

        def opened(
            origin: str, at: str = "", *, expected: str | None = None, live: bool = True, **options: object
        ) -> Page:
            page = blank(origin, expected, **{"locale": "en-GB", **options})
            page.goto(f"{origin}/_mock/{at}")
            if live:
                expect(page.locator("#connection")).to_have_attribute("data-state", "live")
            return page

        yield opened


@pytest.fixture
def make() -> Maker:
    return Maker("page")
