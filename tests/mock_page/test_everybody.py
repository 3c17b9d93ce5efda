"""Everybody can use the mock's page: in two languages, by keyboard, on a narrow screen, with a screen reader."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import expect

from mock_server.serving.server import MockServer
from ooapi_toets.samples import Maker
from tests.browsing import serious
from tests.mock_page.opening import Open, invalid, row

VIEWS = ("exchanges", "state", "flows", "faults", "setup")


def test_the_language_changes_both_ways_and_is_remembered(
    toetsafname: MockServer, afname: httpx.Client, make: Maker, show: Open
) -> None:
    afname.put("/offerings", json=invalid(make))
    page = show(toetsafname.origin, "#/exchanges/1")
    expect(page.locator(".broken")).to_contain_text("follows the contract")
    before = page.locator("body").inner_text()
    page.get_by_role("button", name="Nederlands").click()
    expect(page.get_by_role("heading", name="Uitwisseling 1")).to_be_visible()
    expect(page.locator("pre.body mark .note").first).to_have_text("▲ is verplicht")
    assert page.evaluate("document.documentElement.lang") == "nl"
    expect(page).to_have_title(re.compile("Uitwisselingen . Mock Toetsafname"))
    page.reload()
    expect(page.get_by_role("link", name="Storingen")).to_be_visible()
    page.get_by_role("button", name="English").click()
    expect(page.locator(".broken")).to_contain_text("follows the contract")
    expect(page.locator("#connection")).to_have_text("Live")
    assert page.locator("body").inner_text() == before


def test_a_dutch_browser_gets_dutch(toetsafname: MockServer, show: Open) -> None:
    page = show(toetsafname.origin, locale="nl-NL")
    expect(page.get_by_role("heading", name="Uitwisselingen")).to_be_visible()


def test_a_hint_and_a_count_speak_the_language_of_the_page(
    toetsafname: MockServer, afname: httpx.Client, make: Maker, show: Open
) -> None:
    afname.put("/offerings", json=make.offering(endDateTime="2031-03-04 13:00+01:00"))
    page = show(toetsafname.origin, "#/exchanges/1", locale="nl")
    expect(page.get_by_text("1 uitwisseling", exact=True)).to_be_visible()
    expect(page.locator(".hint")).to_have_text("Tip: schrijf een T tussen datum en tijd")
    page.get_by_role("button", name="English").click()
    expect(page.locator(".hint")).to_have_text("Hint: write a T between date and time")


def test_without_its_dutch_the_page_is_in_english(toetsafname: MockServer, show: Open) -> None:
    page = show(toetsafname.origin, locale="nl")
    expect(page.get_by_role("link", name="Storingen")).to_be_visible()
    page.route("**/words.json", lambda route: route.fulfill(json={}))
    page.reload()
    expect(page.get_by_role("link", name="Faults")).to_be_visible()


def test_the_keyboard_is_enough(toetsafname: MockServer, afname: httpx.Client, make: Maker, show: Open) -> None:
    for _ in range(3):
        afname.put("/offerings", json=make.offering())
    page = show(toetsafname.origin)
    expect(row(page, 3)).to_be_visible()
    keys = page.keyboard
    keys.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    keys.press("Enter")
    expect(page.locator("main")).to_be_focused()
    for _ in range(3):
        keys.press("Tab")
    expect(row(page, 3).get_by_role("link")).to_be_focused()
    keys.press("ArrowDown")
    keys.press("End")
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Exchange 1")).to_be_focused()
    page.get_by_role("button", name="Close").focus()
    keys.press("Enter")
    expect(row(page, 1).get_by_role("link")).to_be_focused()
    page.get_by_role("link", name="Flows").focus()
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Flows and coverage")).to_be_focused()


@pytest.fixture(scope="module")
def busy() -> Iterator[tuple[MockServer, str]]:
    """A mock to which something of everything happened, and the id of a session in it."""
    make = Maker("busy")
    with MockServer("toetsafname") as server, httpx.Client(base_url=server.url) as client:
        offering = make.offering()
        key = offering["offeringId"]
        client.put("/offerings", json=invalid(make))
        client.put("/offerings", json=offering)
        client.put("/offerings", json={**offering, "modeOfDelivery": ["online"]})
        client.put(f"/offerings/{key}/associations", json=make.students(3))
        client.put(f"/offerings/{key}/associations", json=make.students(2))
        client.get("/nothing")
        client.post(f"{server.origin}/_mock/faults", json={"preset": "500-then-ok"})
        client.get(f"/offerings/{key}")
        client.post(f"{server.origin}/_mock/faults", json={"preset": "slow", "match": {"operation": "getDocument"}})
        yield server, key


@pytest.mark.parametrize(("language", "scheme", "width"), [("en", "light", 1280), ("nl", "dark", 400)])
def test_axe_finds_nothing_serious(
    busy: tuple[MockServer, str], language: str, scheme: str, width: int, show: Open
) -> None:
    server, key = busy
    page = show(server.origin, locale=language, color_scheme=scheme, viewport={"width": width, "height": 800})
    for at in ("exchanges", "exchanges/1", f"state/{key}", "flows", "faults", "setup"):
        page.evaluate("at => location.hash = `#/${at}`", at)
        expect(page.locator("main h1:focus, main h2:focus")).to_have_count(1)
        for each in page.locator("main details").all():
            each.evaluate("each => each.open = true")
        assert serious(page) == [], at
    page.locator("#sandboxes summary").click()
    expect(page.locator("#sandboxes li")).to_have_count(1)
    assert serious(page) == []
    page.keyboard.press("Escape")
    page.locator("#reset").click()
    assert serious(page) == []


def test_every_view_fits_a_narrow_window(busy: tuple[MockServer, str], show: Open) -> None:
    server, key = busy
    page = show(server.origin, viewport={"width": 400, "height": 800}, locale="nl")
    for at in (*VIEWS, "exchanges/1", f"state/{key}"):
        page.evaluate("at => location.hash = `#/${at}`", at)
        expect(page.locator("main h1:focus, main h2:focus")).to_have_count(1)
        assert page.evaluate("document.documentElement.scrollWidth") <= 400, at
