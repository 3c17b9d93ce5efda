"""Sandboxes over real sockets: pipelines that share one mock do not meet."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from mock_server.auth.authorization_server import Client, OAuth
from mock_server.auth.schemes import BearerTokens, Grant, sandbox_of
from mock_server.serving.server import MockServer
from mock_server.settings import Limits, MockSettings
from ooapi_toets.samples import Maker
from tests.control_client import control_of

LIMITS = Limits(sandboxes=3, offerings=2)


@pytest.fixture(scope="module")
def running() -> Iterator[MockServer]:
    with MockServer(MockSettings("toetsafname", port=0, limits=LIMITS)) as server:
        yield server


@pytest.fixture
def server(running: MockServer) -> MockServer:
    for each in running.mock.sandboxes:
        if each.name:
            running.mock.sandboxes.close(each.name)
    running.reset()
    return running


@pytest.fixture
def make() -> Maker:
    return Maker(8)


def test_state_and_journal_are_apart(server: MockServer, make: Maker) -> None:
    offering = make.offering()
    path = f"/ooapi/offerings/{offering['offeringId']}"
    with httpx.Client(base_url=server.origin) as client:
        assert client.put("/s/one/ooapi/offerings", json=offering).status_code == 200
        assert client.get("/s/one" + path).status_code == 200
        assert client.get(path, headers={"ooapi-toets-sandbox": "one"}).status_code == 200
        assert client.get("/s/two" + path).status_code == 404
        assert client.get(path).status_code == 404
    with control_of(server, "one") as one, control_of(server) as control:
        assert one.get("/requests").json()["count"] == 3
        assert control.get("/requests").json()["count"] == 1
        assert control.get("/requests", params={"sandbox": "two"}).json()["count"] == 1
        assert one.get("/info").json()["url"] == f"{server.origin}/s/one/ooapi"
        assert one.get("/report").json()["target"]["url"] == f"{server.origin}/s/one/ooapi"
        assert {each["name"] for each in control.get("/sandboxes").json()} == {"", "one", "two"}


def test_a_call_in_a_sandbox_links_to_its_journal_and_is_judged_again_there(server: MockServer) -> None:
    answer = httpx.put(f"{server.origin}/s/one/ooapi/offerings", json={})
    link = answer.headers["link"].partition(">")[0].strip("<")
    assert link.startswith("/s/one/_mock/requests/")
    with control_of(server, "one") as control:
        assert control.get(server.origin + link).json()["sandbox"] == "one"
        judged = control.post(f"{server.origin}{link}/replay").json()
        assert (judged["valid"], judged["status"]) == (False, 400)


def test_faults_and_resets_are_for_one_sandbox(server: MockServer, make: Maker) -> None:
    with control_of(server, "one") as control:
        control.post("/faults", json={"action": {"status": 500}}).raise_for_status()
        statuses = [httpx.get(f"{server.origin}{each}/ooapi/").status_code for each in ("/s/one", "/s/two", "")]
        assert statuses == [500, 200, 200]
        assert httpx.put(f"{server.url}/offerings", json=make.offering()).status_code == 200
        control.post("/reset").raise_for_status()
        assert httpx.get(f"{server.origin}/s/one/ooapi/").status_code == 200
    with control_of(server) as control:
        assert control.get("/info").json()["offerings"] == 1


@pytest.mark.parametrize("name", ["a b", "%2e%2e", "-x", "a" * 65, "%00"])
def test_a_name_that_will_not_do(name: str, server: MockServer) -> None:
    answer = httpx.get(f"{server.origin}/s/{name}/ooapi/")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


def test_there_are_so_many_and_no_more(server: MockServer) -> None:
    statuses = [httpx.get(f"{server.origin}/s/{name}/ooapi/").status_code for name in ("a", "b", "c", "a")]
    assert statuses == [200, 200, 429, 200]
    with control_of(server) as control:
        assert control.delete("/sandboxes/a").status_code == 204
        assert control.delete("/sandboxes/a").status_code == 404
    assert httpx.get(f"{server.origin}/s/c/ooapi/").status_code == 200


def test_a_sandbox_holds_so_many_sessions(server: MockServer, make: Maker) -> None:
    offerings = [make.offering() for _ in range(3)]
    url = f"{server.origin}/s/full/ooapi/offerings"
    answers = [httpx.put(url, json=each) for each in (*offerings, offerings[0])]
    assert [each.status_code for each in answers] == [200, 200, 429, 200]
    assert answers[2].headers["retry-after"] == "60"
    assert httpx.put(f"{server.url}/offerings", json=offerings[2]).status_code == 200


def test_one_that_nobody_uses_goes_and_the_others_stay(server: MockServer, make: Maker) -> None:
    offering = make.offering()
    for name in ("idle", "busy"):
        assert httpx.put(f"{server.origin}/s/{name}/ooapi/offerings", json=offering).status_code == 200
    server.mock.sandboxes.get("idle").used -= LIMITS.sandbox_idle_seconds + 1
    with control_of(server) as control:
        assert {each["name"] for each in control.get("/sandboxes").json()} == {"", "busy"}
    path = f"/ooapi/offerings/{offering['offeringId']}"
    assert [httpx.get(f"{server.origin}/s/{name}{path}").status_code for name in ("idle", "busy")] == [404, 200]


def test_each_client_has_its_own(make: Maker) -> None:
    settings = MockSettings("toetsafname", port=0, sandbox_by_client=True)
    scheme = BearerTokens({"a": Grant("school-a"), "b": Grant("school-b")})
    offering = make.offering()
    a, b = ({"authorization": f"Bearer {each}"} for each in ("a", "b"))
    with MockServer(settings, scheme=scheme) as server, control_of(server, "school-a") as control:
        path = f"{server.url}/offerings/{offering['offeringId']}"
        answer = httpx.put(f"{server.url}/offerings", json=offering, headers=a)
        assert answer.headers["link"].startswith("</s/school-a/_mock/requests/")
        assert [httpx.get(path, headers=each).status_code for each in (a, b)] == [200, 404]
        control.post("/faults", json={"action": {"status": 500}}).raise_for_status()
        assert [httpx.get(path, headers=each).status_code for each in (a, b)] == [500, 404]
        assert httpx.get(path).status_code == 401


def test_clients_with_odd_names_do_not_meet() -> None:
    scheme = BearerTokens({"1": Grant("a b"), "2": Grant("a-b"), "3": Grant("-"), "4": Grant("x" * 200)})
    names = [sandbox_of(scheme, f"Bearer {each}".encode()) for each in "1234"]
    assert len(set(names)) == 4
    assert names[1] == "a-b"
    assert sandbox_of(scheme, b"Bearer wrong") == ""


def test_an_oauth_client_keeps_its_own_when_its_token_has_expired() -> None:
    now = [1_000_000.0]
    scheme = OAuth({"school": Client("school", "s3cret")}, "http://mock", clock=lambda: now[0])
    token, _ = scheme.issue("school", frozenset())
    assert sandbox_of(scheme, f"Bearer {token}".encode()) == "school"
    now[0] += 10_000
    assert sandbox_of(scheme, f"Bearer {token}".encode()) == "school"
