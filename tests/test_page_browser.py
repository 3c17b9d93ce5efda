"""The mock's page in a real browser, while clients call the mock."""

from __future__ import annotations

import re
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import httpx
import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from starlette.types import ASGIApp, Receive, Scope, Send

from mock_server.app import build
from mock_server.security import BearerTokens, Grant
from mock_server.server import MockServer, bind, config_for, url_of
from mock_server.settings import MockSettings
from ooapi_toets import JsonObject
from ooapi_toets.messages import Maker, report
from tests.browsing import WIDE, Watched, chromium, serious
from tests.conftest import program

HOSTILE = '<img src=x onerror="document.title=1"><script>document.title=2</script>{name}'
VIEWS = ("exchanges", "state", "flows", "faults", "setup")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


Open = Callable[..., Page]


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
    contexts: list[BrowserContext] = []
    watched: list[Watched] = []

    def opened(origin: str, at: str = "", *, expected: str | None = None, live: bool = True, **options: object) -> Page:
        permissions = ["clipboard-read", "clipboard-write"]
        context = browser.new_context(**{"viewport": WIDE, "locale": "en-GB", "permissions": permissions, **options})  # type: ignore[arg-type]
        contexts.append(context)
        watched.append(Watched(context.new_page(), origin, expected))
        page = watched[-1].page
        page.goto(f"{origin}/_mock/{at}")
        if live:
            expect(page.locator("#connection")).to_have_attribute("data-state", "live")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert [complaint for each in watched for complaint in each.complaints] == []


@pytest.fixture
def make() -> Maker:
    return Maker("page")


def row(page: Page, number: int) -> Locator:
    return page.locator(f"ol.rows li[data-id='{number}']")


def invalid(make: Maker) -> JsonObject:
    offering = make.offering(modeOfDelivery=["online", "by pigeon"])
    del offering["startDateTime"]
    return offering


# -- exchanges -------------------------------------------------------------------------------------------


def test_an_exchange_appears_as_it_happens_and_says_what_it_did(
    toetsafname: MockServer, afname: httpx.Client, make: Maker, show: Open
) -> None:
    page = show(toetsafname.origin)
    expect(page.get_by_text("No calls yet.")).to_be_visible()
    expect(page.get_by_role("group", name="Create a session")).to_contain_text(f"'{toetsafname.url}/offerings'")
    offering = make.offering()
    afname.put("/offerings", json=offering)
    expect(row(page, 1)).to_contain_text("PUT /ooapi/offerings putOffering 200 accepted pass created session")
    expect(page.get_by_text("No calls yet.")).to_have_count(0)
    row(page, 1).get_by_role("link").click()
    expect(page.locator(".effect")).to_have_text(f"created session {offering['offeringId']}")
    expect(page.get_by_role("heading", name="Exchange 1")).to_be_focused()
    page.get_by_role("button", name="Copy: Repeat it").click()
    expect(page.locator("#said")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()").startswith(f"curl -sS -i -X PUT {toetsafname.url}/offerings")


def test_a_violation_stands_at_its_place(
    toetsafname: MockServer, afname: httpx.Client, make: Maker, show: Open
) -> None:
    afname.put("/offerings", json=invalid(make))
    page = show(toetsafname.origin, "#/exchanges/1")
    marks = page.locator("pre.body mark")
    expect(marks).to_have_count(2)
    expect(marks.nth(0)).to_contain_text('"startDateTime": missing')
    expect(marks.nth(0).locator(".note")).to_have_text("▲ is required")
    expect(marks.nth(1)).to_contain_text('"by pigeon"')
    expect(marks.nth(1).locator(".note")).to_contain_text("must be one of distance-learning, online, situated")
    wrong = page.locator(".broken")
    expect(wrong).to_contain_text("The session that the client sends follows the contract.")
    expect(wrong).to_contain_text("2.1-client-sends-a-valid-offering MUST")
    wrong.get_by_role("button", name="body /modeOfDelivery/1").click()
    expect(marks.nth(1)).to_be_focused()
    expect(marks.nth(1)).to_be_in_viewport()


def test_what_is_wrong_outside_the_body_is_marked_there(
    toetsafname: MockServer, afname: httpx.Client, show: Open
) -> None:
    afname.put("/offerings", content=b'{\n  "offeringId": \n', headers={"content-type": "application/json"})
    afname.put("/offerings", content=b"{}", headers={"content-type": "text/plain"})
    afname.get("/offerings/abc")
    # A browser tells of every answer that says no; the last one here is asked for.
    page = show(toetsafname.origin, "#/exchanges/1", expected="404")
    mark = page.locator(".pane mark")
    expect(mark.locator(".note")).to_contain_text("is not JSON at line 3")
    page.evaluate("location.hash = '#/exchanges/2'")
    expect(mark).to_contain_text("content-type: text/plain")
    page.evaluate("location.hash = '#/exchanges/3'")
    expect(mark).to_contain_text("GET /ooapi/offerings/abc")
    page.evaluate("location.hash = '#/exchanges/99'")
    expect(page.locator(".pane")).to_contain_text("no longer has this exchange")


def test_a_long_body_is_folded_around_what_is_wrong(
    toetsafname: MockServer, afname: httpx.Client, make: Maker, show: Open
) -> None:
    offering, people = make.offering(), make.students(80)
    people[60]["person"]["affiliations"] = ["pigeon"]
    afname.put("/offerings", json=offering)
    afname.put(f"/offerings/{offering['offeringId']}/associations", json=people)
    page = show(toetsafname.origin, "#/exchanges/2")
    body = page.locator("pre.body").first
    expect(body.locator("mark")).to_contain_text('"pigeon"')
    folds = body.get_by_role("button", name="more lines")
    expect(folds).to_have_count(2)
    before = body.locator(".line").count()
    folds.first.click()
    expect(folds).to_have_count(1)
    assert body.locator(".line").count() > before + 500


def test_the_filter_keeps_what_is_asked_for_while_more_comes_in(
    toetsafname: MockServer, afname: httpx.Client, make: Maker, show: Open
) -> None:
    page = show(toetsafname.origin)
    afname.put("/offerings", json=make.offering())
    afname.put("/offerings", json=invalid(make))
    expect(row(page, 2)).to_be_visible()
    page.get_by_label("Which exchanges").select_option("with broken rules")
    expect(row(page, 1)).to_have_count(0)
    expect(page.locator("#count")).to_have_text("1 of 2 exchanges")
    afname.put("/offerings", json=make.offering())
    afname.get("/offerings/abc")
    expect(row(page, 4)).to_be_visible()
    expect(row(page, 3)).to_have_count(0)
    page.get_by_role("searchbox", name="Filter").fill("put valid-offering")
    expect(row(page, 2)).to_be_visible()
    expect(page.locator("#count")).to_have_text("1 of 4 exchanges")


def test_many_exchanges_leave_it_quick(
    toetsafname: MockServer, afname: httpx.Client, record_property: Callable[[str, object], None], show: Open
) -> None:
    page = show(toetsafname.origin)
    page.evaluate(
        """() => {
            window.made = 0;
            new MutationObserver((changes) => {
                for (const each of changes) window.made += each.addedNodes.length;
            }).observe(document.querySelector("ol.rows"), { childList: true });
            window.longest = 0;
            new PerformanceObserver((list) => {
                for (const each of list.getEntries()) window.longest = Math.max(window.longest, each.duration);
            }).observe({ type: "longtask" });
        }"""
    )
    for _ in range(1_050):
        afname.get("/offerings/abc")
    expect(row(page, 1_050)).to_be_visible()
    expect(page.locator("#count")).to_have_text("1,000 exchanges")
    expect(page.locator("ol.rows > li")).to_have_count(300)
    # Each makes one row at the most: nothing is rendered again because something else came in.
    assert page.evaluate("window.made") <= 1_050
    longest = page.evaluate("window.longest")
    record_property("longest task in milliseconds while 1,050 exchanges came in", round(longest))
    page.get_by_role("button", name="Show older ones").click()
    expect(page.locator("ol.rows > li")).to_have_count(600)


def test_what_a_client_sends_never_comes_to_life(servers: ExitStack, make: Maker, show: Open) -> None:
    server = servers.enter_context(MockServer(MockSettings("toetsafname", port=0, unmasked=True)))
    client = servers.enter_context(httpx.Client())
    offering = make.offering(name=[{"language": "nl-NL", "value": HOSTILE}])
    offering["primaryCode"]["code"] = HOSTILE
    key = offering["offeringId"]
    client.put(f"{server.url}/offerings", json=offering)
    client.put(f"{server.url}/offerings", json={**offering, HOSTILE: HOSTILE, "offeringType": HOSTILE})
    people = make.students(1)
    people[0]["person"]["displayName"] = HOSTILE
    client.put(f"{server.url}/offerings/{key}/associations", json=people)
    client.get(f"{server.url}/{HOSTILE}", headers={"x-hostile": HOSTILE})
    page = show(server.origin, "#/exchanges/2")
    expect(page.locator("pre.body").first).to_contain_text('<img src=x onerror=\\"document.title=1\\">')
    for at in ("exchanges/1", "exchanges/3", "exchanges/4", "state", f"state/{key}", "flows"):
        page.evaluate("at => location.hash = `#/${at}`", at)
        if "/" in at:
            expect(page.locator(".pane")).to_contain_text("onerror")
    expect(page.get_by_role("heading", name="Flows and coverage")).to_be_visible()
    assert page.locator("main img, main script, main iframe, [onerror]").count() == 0
    assert "Mock Toetsafname" in page.title()


# -- language, keyboard, size ----------------------------------------------------------------------------


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


def test_every_text_is_there_in_both_languages(toetsafname: MockServer, show: Open) -> None:
    words = show(toetsafname.origin).evaluate(
        "import(new URL('page/words.js', document.baseURI)).then((module) => module.words)"
    )
    for key, text in words.items():
        assert set(text) == {"en", "nl"}, key
        assert all(text.values()), key
        assert _holes(text["en"]) == _holes(text["nl"]), key


def _holes(text: str) -> list[str]:
    return sorted(part.partition("}")[0] for part in text.split("{")[1:])


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


# -- state -------------------------------------------------------------------------------------------------


def test_state_shows_who_takes_part_and_the_exchange_behind_each_change(
    toetsafname: MockServer, afname: httpx.Client, make: Maker, show: Open
) -> None:
    # The browser tells of the session that is gone in the end.
    page = show(toetsafname.origin, "#/state", expected="404")
    expect(page.get_by_text("No sessions yet.")).to_be_visible()
    offering = make.offering()
    key = offering["offeringId"]
    afname.put("/offerings", json=offering)
    session = page.get_by_role("link", name=offering["primaryCode"]["code"])
    expect(session).to_contain_text("0 participants")
    session.click()
    people = make.students(3)
    afname.put(f"/offerings/{key}/associations", json=people)
    expect(session).to_contain_text("3 participants")
    expect(page.locator(".pane table tbody tr")).to_have_count(3)
    afname.put(f"/offerings/{key}/associations", json=people[1:])
    afname.put("/offerings", json={**offering, "modeOfDelivery": ["online"]})
    history = page.locator("ol.history > li")
    expect(history).to_have_count(4)
    expect(history.nth(0)).to_contain_text("modeOfDelivery: online, situated → online")
    expect(history.nth(1)).to_contain_text("0 added, 1 removed, 2 unchanged")
    history.nth(1).get_by_role("link", name="Exchange 3").click()
    expect(page.get_by_role("heading", name="Exchange 3")).to_be_visible()
    expect(page.locator(".effect")).to_contain_text("1 removed")
    page.get_by_role("link", name="to the session").click()
    expect(history).to_have_count(4)
    afname.delete(f"/offerings/{key}")
    expect(page.get_by_role("heading", name="A session that is gone")).to_be_visible()


def test_state_shows_the_report(toetsplanning: MockServer, planning: httpx.Client, make: Maker, show: Open) -> None:
    page = show(toetsplanning.origin, "#/state")
    session = page.locator("ul.sessions a").first
    session.click()
    key = page.locator(".pane .meta code").inner_text()
    planning.patch(f"/offerings/{key}", json=report(documents=[make.document()])).raise_for_status()
    expect(session).to_contain_text("Report")
    expect(page.locator(".pane")).to_contain_text("sessionReport")


def test_reset_asks_first(toetsafname: MockServer, afname: httpx.Client, make: Maker, show: Open) -> None:
    afname.put("/offerings", json=make.offering())
    page = show(toetsafname.origin)
    expect(row(page, 1)).to_be_visible()
    page.get_by_role("button", name="Reset…").click()
    expect(page.get_by_role("button", name="Cancel")).to_be_focused()
    page.keyboard.press("Escape")
    expect(row(page, 1)).to_be_visible()
    page.get_by_role("button", name="Reset…").click()
    page.get_by_role("dialog").get_by_role("button", name="Reset").click()
    expect(row(page, 1)).to_have_count(0)
    expect(page.locator("#said")).to_have_text("It was reset.")
    page.get_by_role("link", name="State").click()
    expect(page.get_by_text("No sessions yet.")).to_be_visible()


# -- flows and faults --------------------------------------------------------------------------------------


def test_the_steps_of_a_flow_go_from_missing_to_seen_to_wrong(
    toetsafname: MockServer, afname: httpx.Client, make: Maker, show: Open
) -> None:
    page = show(toetsafname.origin, "#/flows")
    flow = page.locator("[data-flow='2.2']")
    states = flow.locator("svg .step")
    expect(states.nth(0)).to_have_class("step missing")
    expect(flow.locator(".step-state .badge").nth(0)).to_have_text("missing")
    expect(page.locator(".verdict h2")).to_contain_text("Incomplete")
    offering = make.offering()
    afname.put("/offerings", json=offering)
    expect(states.nth(0)).to_have_class("step seen")
    expect(states.nth(1)).to_have_class("step missing")
    afname.put(f"/offerings/{offering['offeringId']}/associations", json=make.students(2))
    expect(states.nth(1)).to_have_class("step seen")
    expect(flow.get_by_role("img")).to_have_attribute("aria-label", "Option 2: create a session with students: "
        "PUT /offerings seen; PUT /offerings/{offeringId}/associations seen")  # fmt: skip
    afname.put("/offerings", json=invalid(make))
    expect(states.nth(0)).to_have_class("step wrong")
    expect(states.nth(1)).to_have_class("step seen")
    expect(page.locator(".verdict h2")).to_have_text("Not conformant so far")
    expect(page.get_by_role("row", name="PUT /offerings 200 · 1")).to_contain_text("400 · 1")
    flow.get_by_role("link", name="Exchange 3").click()
    expect(page.locator("pre.body mark")).to_have_count(2)


def test_the_mock_calls_its_peer_at_the_press_of_a_button(
    toetsafname: MockServer, toetsplanning: MockServer, show: Open
) -> None:
    page = show(toetsplanning.origin, "#/flows")
    play = page.locator("section", has=page.get_by_role("heading", name="Let the mock call your system"))
    button = play.get_by_role("button", name="2.3 Add students")
    expect(button).to_be_disabled()
    play.get_by_label("Base URL of your system").fill(toetsafname.url)
    play.get_by_role("button", name="Save").click()
    button.click()
    expect(play).to_contain_text("Every step was answered as it should be.")
    expect(play.locator("svg .step.seen")).to_have_count(3)
    play.get_by_role("link", name="Exchange 1").click()
    expect(row(page, 1)).to_contain_text("sent by the mock:")
    page.get_by_role("link", name="Flows").click()
    expect(play).to_contain_text("Every step was answered as it should be.")
    toetsafname.stop()
    button.click()
    expect(play.get_by_text("got no answer")).to_be_visible()


def test_a_bad_day_is_planned_strikes_and_is_cleared(
    toetsafname: MockServer, afname: httpx.Client, make: Maker, show: Open
) -> None:
    page = show(toetsafname.origin, "#/faults")
    expect(page.get_by_text("Nothing is planned")).to_be_visible()
    page.get_by_label("Strikes").select_option("putOffering")
    page.get_by_role("button", name="500-twice").click()
    expect(page.locator("#said")).to_have_text("500-twice is planned.")
    planned = page.locator("tr[data-fault]")
    expect(planned.locator(".left")).to_have_text("2")
    expect(planned).to_contain_text("operation putOffering")
    assert afname.put("/offerings", json=make.offering()).status_code == httpx.codes.INTERNAL_SERVER_ERROR
    expect(planned.locator(".left")).to_have_text("1")
    page.get_by_role("button", name="reset", exact=True).click()
    expect(planned).to_have_count(2)
    page.get_by_role("button", name="Remove reset").click()
    expect(planned).to_have_count(1)
    page.get_by_role("button", name="Clear all").click()
    expect(page.get_by_text("Nothing is planned")).to_be_visible()
    assert afname.put("/offerings", json=make.offering()).status_code == httpx.codes.OK
    page.get_by_role("link", name="Exchanges").click()
    expect(row(page, 1)).to_contain_text("500 planned fault")


# -- set-up, sandboxes, token ------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["toetsafname", "toetsplanning"])
def test_the_lines_of_curl_work_as_they_stand(servers: ExitStack, role: str, show: Open) -> None:
    program("curl")
    server = servers.enter_context(MockServer(role, scheme=BearerTokens({"made-up": Grant("bearer")})))
    page = show(server.origin, "#/setup")
    expect(page.get_by_role("group", name="Base URL")).to_have_text(server.url)
    lines = page.locator(".call pre")
    expect(lines.first).to_be_visible()
    for line in lines.all_text_contents():
        done = subprocess.run(
            ["/bin/sh", "-c", line],
            capture_output=True,
            text=True,
            check=True,
            env={"PATH": "/usr/bin:/bin", "OOAPI_TOETS_TOKEN": "made-up"},
        )
        assert done.stdout.startswith("HTTP/1.1 200"), line
    page.get_by_role("link", name="Exchanges").click()
    expect(page.locator("ol.rows .badge.pass")).to_have_count({"toetsafname": 5, "toetsplanning": 2}[role])


def test_a_sandbox_has_a_page_of_its_own(
    toetsafname: MockServer, afname: httpx.Client, make: Maker, show: Open
) -> None:
    afname.put("/offerings", json=make.offering())
    page = show(toetsafname.origin)
    expect(row(page, 1)).to_be_visible()
    page.get_by_text("Sandbox: default").click()
    page.get_by_label("Another one").fill("line-7")
    page.get_by_role("button", name="Open").click()
    expect(page.get_by_text("Sandbox: line-7")).to_be_visible()
    expect(page.get_by_text("No calls yet.")).to_be_visible()
    expect(page.locator("#connection")).to_have_attribute("data-state", "live")
    assert page.url == f"{toetsafname.origin}/s/line-7/_mock/"
    httpx.put(f"{toetsafname.origin}/s/line-7/ooapi/offerings", json=make.offering())
    expect(row(page, 2)).to_be_visible()
    expect(row(page, 1)).to_have_count(0)
    page.get_by_role("link", name="Set-up").click()
    expect(page.get_by_role("group", name="Base URL")).to_have_text(f"{toetsafname.origin}/s/line-7/ooapi")
    page.get_by_text("Sandbox: line-7").click()
    page.get_by_role("link", name="default").click()
    expect(row(page, 1)).to_be_visible()
    expect(row(page, 2)).to_have_count(0)


def test_the_token_is_asked_for_once_a_tab(servers: ExitStack, show: Open) -> None:
    settings = MockSettings("toetsafname", port=0, control_token="quite secret")  # noqa: S106 - made up
    server = servers.enter_context(MockServer(settings))
    page = show(server.origin, expected="401", live=False)
    token = page.get_by_label("Token", exact=True)
    expect(token).to_be_focused()
    token.fill("wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text("That token is not valid here.")
    page.keyboard.press("Escape")
    expect(page.get_by_role("alert")).to_have_text("Without a token this mock shows nothing.")
    page.get_by_role("button", name="Try again").click()
    token.fill("quite secret")
    page.get_by_role("button", name="Use it").click()
    expect(page.locator("#connection")).to_have_attribute("data-state", "live")
    httpx.get(f"{server.url}/offerings/abc")
    expect(row(page, 1)).to_be_visible()
    page.reload()
    expect(row(page, 1)).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_the_page_finds_the_mock_again_after_it_was_restarted(servers: ExitStack, make: Maker, show: Open) -> None:
    first = MockServer("toetsafname").start()
    httpx.put(f"{first.url}/offerings", json=make.offering())
    page = show(first.origin, expected="ERR_")
    expect(row(page, 1)).to_contain_text("accepted")
    first.stop()
    expect(page.locator("#connection")).to_have_text("Connection lost, trying again")
    second = servers.enter_context(MockServer("toetsafname", int(first.origin.rpartition(":")[2])))
    expect(page.locator("#connection")).to_have_text("Live")
    httpx.get(f"{second.url}/offerings/abc")
    expect(row(page, 1)).to_contain_text("400 refused")
    expect(page.locator("ol.rows > li")).to_have_count(1)


@contextmanager
def behind_a_prefix(prefix: str) -> Iterator[str]:
    """A mock behind something that takes a prefix off every path; gives the address with the prefix."""
    mock = build(MockSettings("toetsafname"))

    def stripped(app: ASGIApp) -> ASGIApp:
        async def strip(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["path"].startswith(prefix):
                scope = {**scope, "path": scope["path"].removeprefix(prefix)}
                scope["raw_path"] = scope["path"].encode()
            await app(scope, receive, send)

        return strip

    listener = bind("127.0.0.1", 0)
    config = config_for(mock)
    config.app = stripped(mock.app)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        yield url_of(listener) + prefix
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()


def test_the_page_works_behind_a_prefix(servers: ExitStack, show: Open) -> None:
    address = servers.enter_context(behind_a_prefix("/tools/mock"))
    page = show(address, "#/setup")
    expect(page.get_by_role("group", name="Base URL")).to_have_text(f"{address}/ooapi")
    httpx.get(f"{address}/ooapi/offerings/abc")
    page.get_by_role("link", name="Exchanges").click()
    expect(row(page, 1)).to_contain_text("400 refused")
    page.goto(f"{address}/s/one/_mock")
    expect(page.get_by_text("Sandbox: one")).to_be_visible()
    page.get_by_role("link", name="Set-up").click()
    expect(page.get_by_role("group", name="Base URL")).to_have_text(f"{address}/s/one/ooapi")


# -- everybody ---------------------------------------------------------------------------------------------


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
