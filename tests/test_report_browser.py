"""The page in a real browser: what it can do, that it needs nothing for it, and that everybody can use it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from conformance import reports
from ooapi_toets import JsonObject
from tests import made_results as made
from tests.browsing import chromium, serious, watching

RULES = len(made.not_conformant()["rules"])


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


Open = Callable[..., Page]


@pytest.fixture
def show(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Opens a result in a page of its own; at the end none of them has complained or asked for anything."""
    with watching(browser) as blank:

        def opened(result: JsonObject, language: str = "en", at: str = "", **options: object) -> Page:
            path = tmp_path / f"report-{len(list(tmp_path.iterdir()))}.html"
            path.write_text(reports.render("html", result, language), encoding="utf-8")
            page = blank(path.as_uri(), **options)
            page.goto(path.as_uri() + at)
            return page

        yield opened


def shown(page: Page) -> list[str | None]:
    return [each.get_attribute("id") for each in page.locator("article.rule").all() if each.is_visible()]


def text_of(page: Page) -> str:
    # Not inner_text: what that is depends on how far the browser has come with what is out of sight.
    return "".join(page.locator("header, main, footer").all_text_contents())


# -- opening ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verdict", list(made.ALL))
def test_the_page_opens_without_a_complaint_or_a_request(show: Open, verdict: str) -> None:
    page = show(made.ALL[verdict]())
    expect(page.locator("h1")).to_have_text(verdict.capitalize())
    expect(page.locator("#shown")).to_contain_text("rules shown")


def test_nothing_that_an_endpoint_answers_comes_to_life(show: Open) -> None:
    page = show(made.hostile(), "nl")
    page.get_by_role("button", name="English").click()
    page.get_by_role("button", name="Open all evidence").click()
    page.mouse.move(400, 400)
    assert "taken" not in page.title().split("http")[0].split("javascript")[0]
    assert page.locator("img, svg, iframe, script[src], [onerror], [onload], [onmouseover]").count() == 0
    assert page.locator("script").count() == 2
    assert page.evaluate("[...document.links].every(link => /^(file|https):/.test(link.protocol))")


@pytest.mark.parametrize("language", ["en", "nl"])
def test_without_scripts_everything_can_be_read(show: Open, language: str) -> None:
    page = show(made.not_conformant(), language, java_script_enabled=False)
    expect(page.locator("#controls")).to_be_hidden()
    expect(page.locator("#filter")).to_be_hidden()
    assert len(shown(page)) == RULES
    broken = page.locator(f"[id='rule-{made.CLEARS}']")
    expect(broken.locator(".copyable").first).to_contain_text("curl -sS -i")
    passed = page.locator(f"[id='rule-{made.CREATE}']")
    expect(passed.locator(".about")).to_be_hidden()
    passed.locator("summary").first.click()
    expect(passed.locator(".about")).to_contain_text("flow-2: option 1, diagram")


# -- language and colours ------------------------------------------------------------------------------------


def test_the_language_can_be_changed_and_changed_back(show: Open) -> None:
    page = show(made.not_conformant(), "en")
    before = text_of(page)
    page.get_by_role("button", name="Nederlands").click()
    assert page.evaluate("document.documentElement.lang") == "nl"
    expect(page.locator("h1")).to_have_text("Niet conform")
    expect(page).to_have_title("Toetsafname: niet conform (https://toets.example.org/ooapi)")
    expect(page.locator("#shown")).to_have_text(f"{RULES} van {RULES} regels getoond")
    expect(page.get_by_role("navigation", name="Op deze pagina")).to_be_visible()
    expect(page.get_by_role("button", name="Nederlands")).to_have_attribute("aria-pressed", "true")
    dutch = text_of(page)
    for english in ("What is broken", "Copy", "Details and evidence", "not exercised"):
        assert english not in dutch
    page.get_by_role("button", name="English").click()
    assert text_of(page) == before


def test_a_page_made_in_dutch_says_the_same_as_one_switched_to_it(show: Open) -> None:
    made_dutch = show(made.not_conformant(), "nl")
    switched = show(made.not_conformant(), "en")
    switched.get_by_role("button", name="Nederlands").click()
    assert text_of(switched) == text_of(made_dutch)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_colours_follow_the_system_until_they_are_chosen(show: Open, scheme: str) -> None:
    page = show(made.conformant(), color_scheme=scheme)
    ground = "getComputedStyle(document.body).backgroundColor"
    before = page.evaluate(ground)
    assert before == ("rgb(255, 255, 255)" if scheme == "light" else "rgb(21, 24, 28)")
    button = page.get_by_role("button", name="Dark colours")
    expect(button).to_have_attribute("aria-pressed", "true" if scheme == "dark" else "false")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false" if scheme == "dark" else "true")
    assert page.evaluate(ground) != before


# -- filter, search, links -----------------------------------------------------------------------------------


def test_the_filter_shows_what_is_asked_for_and_says_how_much(show: Open) -> None:
    page = show(made.not_conformant())
    form = page.locator("#filter")
    form.get_by_label("warning").check()
    assert shown(page) == [f"rule-{made.DELETE}"]
    expect(page.locator("#shown")).to_have_text(f"1 of {RULES} rules shown")
    assert page.locator(".chapter").filter(visible=True).count() == 1
    form.get_by_label("fail").check()
    assert len(shown(page)) == 3
    form.get_by_label("SHOULD").check()
    assert shown(page) == [f"rule-{made.DELETE}"]
    page.get_by_role("button", name="Clear the filter").click()
    expect(page.locator("#shown")).to_have_text(f"{RULES} of {RULES} rules shown")
    form.get_by_label("Only what needs attention").check()
    assert len(shown(page)) == RULES - 3
    assert f"rule-{made.CREATE}" not in shown(page)


def test_a_search_finds_rules_by_their_words_their_ids_and_their_evidence(show: Open) -> None:
    page = show(made.not_conformant())
    search = page.get_by_role("searchbox", name="Search")
    for words, expected in (
        ("An  EMPTY list leaves", made.CLEARS),
        (made.DELETE, made.DELETE),
        ("0.30", made.READ_BACK),
    ):
        search.fill(words)
        expect(page.locator(f"[id='rule-{expected}']")).to_be_visible()
        expect(page.locator("article.rule:not([hidden])")).to_have_count(1)
        expect(page.locator("#shown")).to_have_text(f"1 of {RULES} rules shown")
    search.fill("nothing is called this")
    expect(page.locator("#shown")).to_have_text(f"0 of {RULES} rules shown")


def test_a_count_in_the_summary_leads_to_its_rules(show: Open) -> None:
    page = show(made.not_conformant())
    page.locator(".tally").get_by_role("link", name="fail").click()
    assert shown(page) == [f"rule-{made.READ_BACK}", f"rule-{made.CLEARS}"]


def test_a_link_opens_the_right_rule_even_when_the_filter_hides_it(show: Open) -> None:
    page = show(made.not_conformant(), at=f"#rule-{made.LIST}")
    rule = page.locator(f"[id='rule-{made.LIST}']")
    expect(rule.locator(".about")).to_be_visible()
    expect(rule).to_be_in_viewport()
    expect(page.locator(f"[id='rule-{made.CREATE}'] .about")).to_be_hidden()
    page.locator("#filter").get_by_label("warning").check()
    expect(rule).to_be_hidden()
    page.evaluate(f"location.hash = '#rule-{made.CREATE}'")
    expect(page.locator(f"[id='rule-{made.CREATE}'] .about")).to_be_visible()
    expect(page.locator(f"[id='rule-{made.CREATE}']")).to_be_in_viewport()


def test_a_part_of_the_standard_leads_to_its_rules_even_when_the_filter_hides_them(show: Open) -> None:
    page = show(made.not_conformant())
    row = page.locator(".parts tr").filter(has_text="Option 4")
    expect(row).to_contain_text("1 fail")
    page.locator("#filter").get_by_label("warning").check()
    heading = page.get_by_role("heading", name="2.4 Option 4: remove students from a session")
    expect(heading).to_be_hidden()
    row.get_by_role("link").click()
    expect(heading).to_be_in_viewport()


def test_a_link_to_an_exchange_opens_it_where_it_is_shown(show: Open) -> None:
    rules = [made.rule(made.CREATE, "pass", exchanges=[1]), made.rule(made.LIST, "pass", exchanges=[1])]
    page = show(made.result("conformant", rules), at=f"#rule-{made.LIST}")
    page.get_by_role("link", name="Exchange 1, shown at").click()
    expect(page.locator("#exchange-1 pre").first).to_be_visible()


def test_the_calls_can_be_copied(show: Open) -> None:
    page = show(made.result("not conformant", [made.failing()]))
    page.locator("article.rule").get_by_role("button", name="Copy").first.click()
    expect(page.locator("#said")).to_have_text("Copied.")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == made.failing()["reproduce"]["curl"]


# -- everybody -----------------------------------------------------------------------------------------------


def test_the_keyboard_is_enough(show: Open) -> None:
    page = show(made.not_conformant())
    focused = "document.activeElement.textContent.trim() || document.activeElement.id"
    keys = page.keyboard
    keys.press("Tab")
    assert page.evaluate(focused) == "Skip to the verdict"
    expect(page.get_by_role("link", name="Skip to the verdict")).to_be_in_viewport()
    keys.press("Enter")
    assert page.evaluate("document.activeElement.id") == "verdict"
    page.get_by_role("button", name="Nederlands").focus()
    keys.press("Enter")
    expect(page.locator("h1")).to_have_text("Niet conform")
    page.get_by_role("searchbox", name="Zoeken").focus()
    keys.type("lege lijst laat")
    expect(page.locator("#shown")).to_have_text(f"1 van {RULES} regels getoond")
    for _ in range(40):
        keys.press("Tab")
        if page.evaluate("document.activeElement.matches('article summary')"):
            break
    evidence = page.locator(f"[id='rule-{made.CLEARS}'] details.evidence")
    expect(evidence).to_have_attribute("open", "")
    keys.press("Space")
    expect(evidence).not_to_have_attribute("open", "")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"


@pytest.mark.parametrize(
    ("language", "scheme", "width"),
    [("en", "light", 1280), ("en", "dark", 1280), ("nl", "light", 1280), ("nl", "dark", 1280), ("nl", "light", 320)],
)
def test_axe_finds_nothing_serious(show: Open, language: str, scheme: str, width: int) -> None:
    result = made.not_conformant(ledger=made.no_verdict()["ledger"])
    page = show(result, language, color_scheme=scheme, viewport={"width": width, "height": 800})
    for each in page.locator("details").all():
        each.evaluate("each => each.open = true")
    assert serious(page) == []


def test_the_page_fits_a_telephone(show: Open) -> None:
    for result in (made.not_conformant(), made.no_verdict(), made.hostile()):
        page = show(result, viewport={"width": 320, "height": 640})
        page.get_by_role("button", name="Open all evidence").click()
        assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_page_prints_in_light_colours_without_its_controls(show: Open) -> None:
    page = show(made.not_conformant(), color_scheme="dark")
    page.get_by_label("Print the summary only").check()
    page.emulate_media(media="print")
    expect(page.locator("#filter")).to_be_hidden()
    expect(page.locator("#controls")).to_be_hidden()
    expect(page.locator("#rules")).to_be_hidden()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")


# -- size ------------------------------------------------------------------------------------------------------


def test_two_thousand_rules_open_at_once(show: Open, record_property: Callable[[str, object], None]) -> None:
    page = show(made.large(2_000))
    ready = page.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")
    searching = page.evaluate(
        """() => {
            const begin = performance.now();
            document.getElementById("attention").click();
            document.querySelector("[data-language=nl]").click();
            document.body.getBoundingClientRect();
            return performance.now() - begin;
        }"""
    )
    expect(page.locator("#shown")).to_have_text("50 van 2000 regels getoond")
    record_property("milliseconds until the page of 2,000 rules can be used", round(ready))
    record_property("milliseconds to change its language and filter", round(searching))
    assert ready < 3_000
    assert searching < 3_000
