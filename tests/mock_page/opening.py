"""What tests of the mock's page share."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Locator, Page

from ooapi_toets import JsonObject
from ooapi_toets.samples import Maker

Open = Callable[..., Page]


def row(page: Page, number: int) -> Locator:
    return page.locator(f"ol.rows li[data-id='{number}']")


def invalid(make: Maker) -> JsonObject:
    offering = make.offering(modeOfDelivery=["online", "by pigeon"])
    del offering["startDateTime"]
    return offering
