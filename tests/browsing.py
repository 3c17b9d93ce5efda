"""What tests in a real browser share: the browser, a page that is watched, and what axe says of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, Request, expect, sync_playwright

from tests.conftest import program

SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"]
WIDE = {"width": 1280, "height": 800}

expect.set_options(timeout=20_000)  # how long a busy machine may take; nothing waits for longer than it must


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser; for one module at a time, as the loop of the synchronous API stays in the way of others."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program("chromium"), args=SWITCHES)
        yield opened
        opened.close()


class Watched:
    """A page with everything that it should not do.

    Args:
        page: The page.
        url: What all that it asks for must begin with.
        expected: What it may say on the console all the same.
    """

    def __init__(self, page: Page, url: str, expected: str | None = None) -> None:
        self.page = page
        self.url = url
        self.complaints: list[str] = []
        page.on("console", lambda message: self._complain(message.text, expected))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", self._dismiss)
        page.on("request", self._requested)

    def _complain(self, text: str, expected: str | None) -> None:
        if expected is None or expected not in text:
            self.complaints.append(text)

    def _dismiss(self, dialog: Dialog) -> None:
        self.complaints.append(dialog.message)
        dialog.dismiss()

    def _requested(self, request: Request) -> None:
        if not request.url.startswith(self.url):
            self.complaints.append(request.url)


@contextmanager
def watching(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens blank pages, each in a context of its own; at the end none has complained or asked for anything else.

    What is given takes the URL that all it asks for must begin with, what it may say on the console all the
    same, and options of the context.
    """
    contexts: list[BrowserContext] = []
    watched: list[Watched] = []

    def opened(url: str, expected: str | None = None, **options: Any) -> Page:
        permissions = ["clipboard-read", "clipboard-write"]
        context = browser.new_context(**{"viewport": WIDE, "permissions": permissions, **options})
        contexts.append(context)
        watched.append(Watched(context.new_page(), url, expected))
        return watched[-1].page

    yield opened
    for context in contexts:
        context.close()
    assert [complaint for each in watched for complaint in each.complaints] == []


def serious(page: Page) -> list[tuple[str, object, object]]:
    """What axe-core finds that is serious or critical: the rule, the element and the reason."""
    return [
        (each["id"], node["target"], node["failureSummary"])
        for each in Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
        if each["impact"] in {"serious", "critical"}
        for node in each["nodes"]
    ]
