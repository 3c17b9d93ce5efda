"""The mock's page shows state and flows, and lets bad days be planned."""

from __future__ import annotations

import httpx
from playwright.sync_api import expect

from mock_server.serving.server import MockServer
from ooapi_toets.samples import Maker, report
from tests.mock_page.opening import Open, invalid, row

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
    expect(page.get_by_role("heading", name="Unknown session")).to_be_visible()


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
    expect(page.locator("#said")).to_have_text("Reset completed.")
    page.get_by_role("link", name="Sessions").click()
    expect(page.get_by_text("No sessions yet.")).to_be_visible()


# -- flows and faults --------------------------------------------------------------------------------------


def test_the_steps_of_a_flow_go_from_missing_to_seen_to_wrong(
    toetsafname: MockServer, afname: httpx.Client, make: Maker, show: Open
) -> None:
    page = show(toetsafname.origin, "#/flows")
    flow = page.locator("[data-flow='2.2']")
    states = flow.locator("svg .step")
    expect(states.nth(0)).to_have_class("step missing")
    expect(flow.locator(".step-state .badge").nth(0)).to_have_text("not tested yet")
    expect(page.locator(".verdict h2")).to_contain_text("Incomplete")
    offering = make.offering()
    afname.put("/offerings", json=offering)
    expect(states.nth(0)).to_have_class("step seen")
    expect(states.nth(1)).to_have_class("step missing")
    afname.put(f"/offerings/{offering['offeringId']}/associations", json=make.students(2))
    expect(states.nth(1)).to_have_class("step seen")
    expect(flow.get_by_role("img")).to_have_attribute("aria-label", "Option 2: create a session with students: "
        "PUT /offerings tested; PUT /offerings/{offeringId}/associations tested")  # fmt: skip
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
    expect(play).to_contain_text("All steps succeeded.")
    expect(play.locator("svg .step.seen")).to_have_count(3)
    play.get_by_role("link", name="Exchange 1").click()
    expect(row(page, 1)).to_contain_text("sent by the mock:")
    page.get_by_role("link", name="Flows").click()
    expect(play).to_contain_text("All steps succeeded.")
    toetsafname.stop()
    button.click()
    expect(play.get_by_text("got no answer")).to_be_visible()


def test_a_bad_day_is_planned_strikes_and_is_cleared(
    toetsafname: MockServer, afname: httpx.Client, make: Maker, show: Open
) -> None:
    page = show(toetsafname.origin, "#/faults")
    expect(page.get_by_text("No active faults")).to_be_visible()
    page.get_by_label("Applies to").select_option("putOffering")
    page.get_by_role("button", name="500-twice").click()
    expect(page.locator("#said")).to_have_text("500-twice added.")
    planned = page.locator("tr[data-fault]")
    expect(planned.locator(".left")).to_have_text("2")
    expect(planned).to_contain_text("operation putOffering")
    assert afname.put("/offerings", json=make.offering()).status_code == httpx.codes.INTERNAL_SERVER_ERROR
    expect(planned.locator(".left")).to_have_text("1")
    page.get_by_role("button", name="reset", exact=True).click()
    expect(planned).to_have_count(2)
    page.get_by_role("button", name="Remove reset").click()
    expect(planned).to_have_count(1)
    page.get_by_role("button", name="Remove all").click()
    expect(page.get_by_text("No active faults")).to_be_visible()
    assert afname.put("/offerings", json=make.offering()).status_code == httpx.codes.OK
    page.get_by_role("link", name="Exchanges").click()
    expect(row(page, 1)).to_contain_text("500 simulated fault")
