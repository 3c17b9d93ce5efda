"""The mock in its other half: flows performed against a peer over real sockets, each answer judged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest

from mock_server.auth.authorization_server import Client, OAuth
from mock_server.handling.messages import Answer, Request
from mock_server.roles.toets.toetsafname import Result
from mock_server.serving.server import MockServer
from mock_server.settings import MockSettings
from mock_server.state.stores.protocol import Transaction
from ooapi_toets import JsonObject
from ooapi_toets.client_auth import AuthSettings
from tests.control_client import control_at, control_of
from tests.mock_process import MockProcess

FLOWS = ("2.1", "2.2", "2.3", "2.4", "2.5", "4.2")


@pytest.fixture(scope="module")
def pair() -> Iterator[tuple[MockServer, MockServer]]:
    """A Toetsplanning that plays, and the Toetsafname that is its peer."""
    with MockServer("toetsafname") as peer:
        settings = MockSettings("toetsplanning", port=0, peer=peer.url, seed_data="none")
        with MockServer(settings) as player:
            yield player, peer


@pytest.fixture
def player(pair: tuple[MockServer, MockServer]) -> MockServer:
    for each in pair:
        each.reset()
    return pair[0]


@pytest.fixture
def peer(pair: tuple[MockServer, MockServer]) -> MockServer:
    return pair[1]


def run(server: MockServer, flow: str, **body: str) -> JsonObject:
    with control_of(server) as control:
        found: JsonObject = control.post(f"/flows/{flow}/run", json=body or None).raise_for_status().json()
    return found


def shown(server: MockServer) -> dict[str, str]:
    """What the peer says of the rules that its client has shown."""
    with control_of(server) as control:
        return {rule: each["outcome"] for rule, each in control.get("/coverage").json()["rules"].items()}


@pytest.mark.parametrize("flow", FLOWS)
def test_a_flow_is_performed_and_the_peer_finds_nothing_wrong(flow: str, player: MockServer, peer: MockServer) -> None:
    done = run(player, flow)
    assert (done["state"], done["error"]) == ("done", None)
    assert {each["outcome"] for each in done["steps"]} == {"pass"}
    assert set(shown(peer).values()) == {"pass"}
    with control_of(peer) as control:
        assert control.get("/flows").json()[FLOWS.index(flow)]["seen"]


def test_a_session_is_sent_again_after_a_change_under_its_id(player: MockServer, peer: MockServer) -> None:
    first, second = run(player, "2.1")["steps"]
    assert "2.1-client-keeps-the-id" in shown(peer)
    with control_of(player) as control:
        sent = [control.get(f"/requests/{each['exchange']}").json()["request"]["body"] for each in (first, second)]
    assert sent[0]["offeringId"] == sent[1]["offeringId"]
    assert sent[0] != sent[1]


def test_one_person_takes_part_in_two_roles(player: MockServer, peer: MockServer) -> None:
    done = run(player, "2.2")
    assert shown(peer)["2.2-client-keeps-person-the-same-over-roles"] == "pass"
    with control_of(player) as control:
        people = control.get(f"/requests/{done['steps'][-1]['exchange']}").json()["request"]["body"]
    twice = [each["role"] for each in people if each["person"] == people[-1]["person"]]
    assert twice == ["invigilator", "coordinator"]


def test_the_whole_story_shows_every_rule_that_good_weather_can(player: MockServer, peer: MockServer) -> None:
    assert run(player, "all")["state"] == "done"
    with control_of(peer) as control:
        report = control.get("/report").json()
    unseen = {each["id"] for each in report["rules"] if each["outcome"] == "not exercised"}
    assert unseen == {"client-recovers-from-5xx-and-429", "client-waits-before-retrying"}
    assert report["verdict"] == "conformant"


def test_what_the_peer_refuses_ends_the_flow(player: MockServer) -> None:
    def refuse(_tx: Transaction, _request: Request) -> Result:
        return Answer(422), None

    with MockServer("toetsafname", handlers={"putAssociations": refuse}) as strict, control_of(player) as control:
        before = control.get("/peer").json()["url"]
        assert control.put("/peer", json={"url": strict.url}).json()["url"] == strict.url
        try:
            done = run(player, "2.3")
        finally:
            control.put("/peer", json={"url": before})
        assert done["state"] == "failed"
        assert [each["status"] for each in done["steps"]] == [200, 422]
        assert done["steps"][-1]["told"] == {"en": "answered with 422", "nl": "beantwoord met 422"}
        assert control.get(f"/runs/{done['id']}").json() == done
        assert done in control.get("/runs").json()


def test_what_cannot_be_performed_is_said(player: MockServer, toetsafname: MockServer) -> None:
    with control_of(player) as control:
        assert control.post("/flows/4.1/run").status_code == 404
        assert control.post("/flows/2.1/run", json={"session": 5}).status_code == 400
        for url in ("gopher://x", "http://", "nothing", 5):
            assert control.put("/peer", json={"url": url}).status_code == 400
    with control_of(toetsafname) as control:
        told = control.post("/flows/4.1/run")
        assert (told.status_code, "no peer" in told.text) == (400, True)


def test_a_peer_that_is_not_there(player: MockServer) -> None:
    with control_of(player) as control:
        before = control.get("/peer").json()["url"]
        control.put("/peer", json={"url": "http://127.0.0.1:1/ooapi"})
        try:
            done = run(player, "2.1")
        finally:
            control.put("/peer", json={"url": before})
    assert (done["state"], "got no answer" in done["error"]) == ("failed", True)


def test_a_peer_that_asks_for_a_token() -> None:
    scheme = OAuth({"planning": Client("planning", "s3cret")}, "http://mock")
    with MockServer("toetsafname", scheme=scheme) as peer:
        auth = AuthSettings("oauth2", user="planning", secret="s3cret", token_url=f"{peer.origin}/oauth2/token")  # noqa: S106 - made up
        settings = MockSettings("toetsplanning", port=0, peer=peer.url, peer_auth=auth)
        with MockServer(settings) as player:
            assert run(player, "2.1")["state"] == "done"
        wrong = replace(auth, secret="wrong")  # noqa: S106 - made up
        with MockServer(replace(settings, peer_auth=wrong)) as player:
            done = run(player, "2.1")
            assert (done["state"], "No token could be fetched" in done["error"]) == ("failed", True)


def test_two_processes_hold_the_whole_conversation() -> None:
    """A Toetsafname that was told its peer sends the report of a session that its peer knows."""
    with MockProcess("toetsplanning") as planning, MockProcess("toetsafname", "--peer", planning.url) as afname:
        with control_at(afname.ready["origin"]) as control:
            control.post("/seeds/basic").raise_for_status()
            session = "7e570000-0000-4000-8000-000000000001"
            done = control.post("/flows/4.1/run", json={"session": session}).json()
            assert (done["state"], [each["rule"] for each in done["steps"]]) == ("done", ["4.1-report-answers-200"])
            (sent,) = control.get("/requests").json()["items"]
            assert (sent["direction"], sent["operation"]) == ("out", "patchOffering")
            refused = control.post(f"/requests/{sent['id']}/replay")
            assert refused.status_code == 409
        read = httpx.get(f"{planning.url}/offerings/{session}").json()
        assert len(read["consumers"][0]["documents"]) == 2
