"""Pictures of the report for the documentation, from real checks: `python -m tools.report_pictures`.

Needs Chromium. Each check runs over a real socket: two against the mock, one against a liar.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Browser, ViewportSize, sync_playwright

from conformance import reports
from conformance.checking import runner
from conformance.counterpart.mock_process import running
from conformance.results import publish
from conformance.settings import CheckSettings, TargetSettings
from ooapi_toets import JsonObject
from ooapi_toets.contract import Role
from tests.liars.catalogue import LIARS

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "pictures"
SWITCHES = ["--no-sandbox", "--disable-gpu"]
SCREEN: ViewportSize = {"width": 1280, "height": 800}
LIAR = "lists-are-appended"
BROKEN = "2.4-empty-list-clears"


@dataclass(frozen=True)
class Shot:
    """One picture.

    Attributes:
        name: The file, without its ending.
        result: Which check it shows.
        language: In which language.
        at: What of the page comes into view; empty for the top.
        options: Further options of the browser's context.
    """

    name: str
    result: str
    language: str = "en"
    at: str = ""
    options: tuple[tuple[str, Any], ...] = ()


SHOTS = (
    Shot("report-conformant", "conformant"),
    Shot("report-not-conformant", "not conformant"),
    Shot("report-incomplete", "incomplete"),
    Shot("report-technical", "not conformant", at=f"#rule-{BROKEN}"),
    Shot("report-dark", "not conformant", options=(("color_scheme", "dark"),)),
    Shot("report-nl-niet-conform", "not conformant", "nl"),
    Shot("report-nl-onvolledig", "incomplete", "nl"),
)


def main(folder: Path = FOLDER) -> None:
    """Run the checks and take the pictures."""
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("Chromium was not found: no pictures were taken.")
    folder.mkdir(parents=True, exist_ok=True)
    results = {verdict: _checked(verdict) for verdict in ("conformant", "not conformant", "incomplete")}
    with sync_playwright() as playwright, TemporaryDirectory() as scratch:
        browser = playwright.chromium.launch(executable_path=chromium, args=SWITCHES)
        for shot in SHOTS:
            _take(browser, shot, results[shot.result], Path(scratch), folder)
        browser.close()


def _checked(verdict: str) -> JsonObject:
    """A result with this verdict."""
    with _endpoint(verdict) as settings, TemporaryDirectory() as scratch:
        runner.check(settings, Path(scratch), "en", quiet=True)
        result = publish.read_result(Path(scratch) / "result.json")
    if result["verdict"] != verdict:
        sys.exit(f"The check that should be {verdict} is {result['verdict']}: no pictures were taken.")
    return result


@contextmanager
def _endpoint(verdict: str) -> Iterator[CheckSettings]:
    if verdict == "not conformant":
        with LIARS[LIAR].server() as server:
            yield LIARS[LIAR].settings(server.url)
        return
    # Without a session that exists there, most of what a Toetsplanning must do cannot be tried.
    role: Role = "toetsplanning" if verdict == "incomplete" else "toetsafname"
    with running(role) as mock:
        yield CheckSettings(role=role, target=TargetSettings(mock.url))


def _take(browser: Browser, shot: Shot, result: JsonObject, scratch: Path, folder: Path) -> None:
    page_file = scratch / f"{shot.name}.html"
    page_file.write_text(reports.render("html", result, shot.language), encoding="utf-8")
    context = browser.new_context(viewport=SCREEN, **dict(shot.options))
    page = context.new_page()
    page.goto(page_file.as_uri() + shot.at)
    if shot.at:
        page.locator(f"[id='{shot.at.removeprefix('#')}']").scroll_into_view_if_needed()
    page.screenshot(path=folder / f"{shot.name}.png")
    context.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else FOLDER)
