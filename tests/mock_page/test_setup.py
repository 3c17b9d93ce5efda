"""The mock's page says how to call it, in each sandbox, with a token, behind a prefix."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import httpx
import pytest
import uvicorn
from playwright.sync_api import expect
from starlette.types import ASGIApp, Receive, Scope, Send

from mock_server.app import build
from mock_server.auth.schemes import BearerTokens, Grant
from mock_server.serving.server import MockServer, bind, config_for, url_of
from mock_server.settings import MockSettings
from ooapi_toets.samples import Maker
from tests.conftest import program
from tests.mock_page.opening import Open, row


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
    page.get_by_label("New sandbox").fill("line-7")
    page.get_by_role("button", name="Open").click()
    expect(page.get_by_text("Sandbox: line-7")).to_be_visible()
    expect(page.get_by_text("No requests yet.")).to_be_visible()
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
    page.get_by_role("button", name="Use").click()
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
    expect(page.locator("#connection")).to_have_text("Connection lost, reconnecting")
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
