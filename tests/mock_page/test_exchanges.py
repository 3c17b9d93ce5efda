"""What the mock's page shows of the calls that come in."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack

import httpx
from playwright.sync_api import expect

from mock_server.serving.server import MockServer
from mock_server.settings import MockSettings
from ooapi_toets.samples import Maker
from tests.mock_page.opening import Open, invalid, row

HOSTILE = '<img src=x onerror="document.title=1"><script>document.title=2</script>{name}'


def test_an_exchange_appears_as_it_happens_and_says_what_it_did(
    toetsafname: MockServer, afname: httpx.Client, make: Maker, show: Open
) -> None:
    page = show(toetsafname.origin)
    expect(page.get_by_text("No requests yet.")).to_be_visible()
    expect(page.get_by_role("group", name="Create a session")).to_contain_text(f"'{toetsafname.url}/offerings'")
    offering = make.offering()
    afname.put("/offerings", json=offering)
    expect(row(page, 1)).to_contain_text("PUT /ooapi/offerings putOffering 200 accepted pass created session")
    expect(page.get_by_text("No requests yet.")).to_have_count(0)
    row(page, 1).get_by_role("link").click()
    expect(page.locator(".effect")).to_have_text(f"created session {offering['offeringId']}")
    expect(page.get_by_role("heading", name="Exchange 1")).to_be_focused()
    page.get_by_role("button", name="Copy: Repeat").click()
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
    page.get_by_label("Which exchanges").select_option("with violated rules")
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
