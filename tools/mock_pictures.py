"""Pictures of the mock's page for the documentation, from real calls: `python -m tools.mock_pictures`.

Needs Chromium. Two mocks are served over real sockets, and one plays its flows against the other.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import httpx
from playwright.sync_api import Browser, expect

from mock_server.serving.server import MockServer
from mock_server.settings import MockSettings
from ooapi_toets.samples import Maker
from tests.browsing import WIDE, chromium

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "pictures"
NARROW = (400, 800)


@dataclass(frozen=True)
class Shot:
    """One picture.

    Attributes:
        name: The file, without its ending.
        at: The view; `{session}` is a session that much happened to.
        ready: What is there once all of it is.
        language: In which language.
        scheme: Light or dark.
        size: The window.
        to: What comes into view first, as a selector; empty for the top.
    """

    name: str
    at: str
    ready: str
    language: str = "en"
    scheme: Literal["light", "dark"] = "light"
    size: tuple[int, int] = (WIDE["width"], WIDE["height"])
    to: str = ""


SHOTS = (
    Shot("page-exchanges", "exchanges", "ol.rows li"),
    Shot("page-violation", "exchanges/9", ".pane mark"),
    Shot("page-state", "state/{session}", ".history li"),
    Shot("page-flows", "flows", "#coverage-title", to="[data-flow='2.2']"),
    Shot("page-faults", "faults", ".presets li"),
    Shot("page-setup", "setup", ".call"),
    Shot("page-dark", "exchanges/9", ".pane mark", scheme="dark"),
    Shot("page-nl-flows", "flows", "#coverage-title", "nl"),
    Shot("page-narrow", "exchanges/9", ".pane mark", size=NARROW),
)


def main(folder: Path = FOLDER) -> None:
    """Make the calls and take the pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    # The people are made up, so they may be seen.
    with MockServer(MockSettings("toetsafname", port=0, unmasked=True)) as server, chromium() as browser:
        session = _call(server)
        for shot in SHOTS:
            _take(browser, shot, server, session, folder)


def _call(server: MockServer) -> str:
    """A working day of a client that makes some mistakes; gives the session that most of it was about."""
    make = Maker("pictures")
    offering, people = make.offering(), [*make.students(4), make.association("invigilator")]
    key = offering["offeringId"]
    with httpx.Client(base_url=server.url) as client:
        client.put("/offerings", json=offering)
        client.put(f"/offerings/{key}/associations", json=people[:3])
        client.put(f"/offerings/{key}/associations", json=people)
        client.put("/offerings", json={**offering, "modeOfDelivery": ["online"]})
        client.put(f"/offerings/{key}/associations", json=[*people[1:], *make.students(1)])
        client.get(f"/offerings/{key}")
        client.post(
            f"{server.origin}/_mock/faults", json={"preset": "429-twice", "match": {"operation": "getOffering"}}
        )
        client.get(f"/offerings/{key}")
        client.put(f"/offerings/{make.new_id()}/associations", json=people)
        wrong = make.offering(modeOfDelivery=["online", "on paper"])
        del wrong["teachingLanguage"]
        client.put("/offerings", json=wrong)
        client.get("/zittingen")
        client.put("/offerings", json=make.offering())
        client.post(f"{server.origin}/_mock/faults", json={"preset": "slow", "match": {"operation": "deleteOffering"}})
    return str(key)


def _take(browser: Browser, shot: Shot, server: MockServer, session: str, folder: Path) -> None:
    width, height = shot.size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        locale=shot.language,
        color_scheme=shot.scheme,
    )
    page = context.new_page()
    page.goto(f"{server.origin}/_mock/#/{shot.at.format(session=session)}")
    expect(page.locator("#connection")).to_have_attribute("data-state", "live")
    expect(page.locator(shot.ready).first).to_be_visible()
    if shot.to:
        page.locator(shot.to).evaluate("each => each.scrollIntoView()")
    page.screenshot(path=folder / f"{shot.name}.png")
    context.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else FOLDER)
