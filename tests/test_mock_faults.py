"""Bad days over real sockets: each kind of fault, whom it strikes, how often, and how the client takes it."""

from __future__ import annotations

import random
import socket
from typing import Any

import httpx
import pytest

from mock_server.serving.server import MockServer
from mock_server.state.faults import Delay
from ooapi_toets import JsonObject
from ooapi_toets.samples import Maker
from tests.command import PATIENCE


@pytest.fixture
def offering(client: httpx.Client) -> JsonObject:
    made = Maker(2).offering()
    assert client.put("/offerings", json=made).status_code == 200
    return made


def plan(control: httpx.Client, action: JsonObject, **more: Any) -> JsonObject:
    (planned,) = control.post("/faults", json={"action": action, **more}).raise_for_status().json()
    found: JsonObject = planned
    return found


def last(control: httpx.Client) -> JsonObject:
    found: JsonObject = control.get("/requests", params={"limit": 1}).json()["items"][0]
    return found


def raw(server: MockServer) -> bytes:
    """What really comes back for a call, byte by byte."""
    host, port = server.origin.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=PATIENCE) as connection:
        connection.sendall(b"GET /ooapi/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        parts = []
        while part := connection.recv(65_536):
            parts.append(part)
    return b"".join(parts)


def test_a_status_with_a_problem_and_header_lines(client: httpx.Client, control: httpx.Client) -> None:
    plan(control, {"status": 503, "problem": {"title": "Gone fishing"}, "headers": {"Retry-After": "7"}}, times=1)
    answer = client.get("/")
    assert (answer.status_code, answer.json()["title"], answer.headers["retry-after"]) == (503, "Gone fishing", "7")
    assert answer.headers["content-type"] == "application/problem+json"
    assert client.get("/").status_code == 200
    (struck,) = control.get("/requests", params={"outcome": "faulted"}).json()["items"]
    assert struck["fault"].endswith(": answer 503")


def test_a_fault_strikes_whom_it_is_meant_for(
    client: httpx.Client, control: httpx.Client, offering: JsonObject
) -> None:
    plan(control, {"status": 500}, match={"operation": "getOffering", "headers": {"x-who": "me"}}, times=2)
    path = f"/offerings/{offering['offeringId']}"
    mine = {"x-who": "me"}
    statuses = [client.get(path, headers=each).status_code for each in ({}, mine, mine, mine)]
    assert statuses == [200, 500, 500, 200]
    assert client.get("/", headers=mine).status_code == 200
    (fault,) = control.get("/faults").json()
    assert (fault["struck"], fault["over"]) == (2, True)
    assert control.delete(f"/faults/{fault['id']}").status_code == 204
    assert control.delete(f"/faults/{fault['id']}").status_code == 404


def test_a_fault_goes_by_what_is_in_the_body(client: httpx.Client, control: httpx.Client) -> None:
    make = Maker(3)
    one, other = make.offering(), make.offering()
    plan(control, {"status": 500}, match={"body": {"/offeringId": one["offeringId"]}})
    assert [client.put("/offerings", json=each).status_code for each in (one, other)] == [500, 200]


def test_chance_is_decided_by_the_seed(client: httpx.Client, control: httpx.Client) -> None:
    def struck() -> list[int]:
        control.delete("/faults")
        plan(control, {"status": 500}, probability=0.5, randomSeed=42)
        return [client.get("/").status_code for _ in range(20)]

    first = struck()
    assert set(first) == {200, 500}
    assert struck() == first


def test_a_fault_lives_as_long_as_it_is_told(client: httpx.Client, control: httpx.Client) -> None:
    assert plan(control, {"status": 500}, ttlSeconds=0)["struck"] == 0
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("kind", ["reset", "empty"])
def test_a_connection_that_ends_without_an_answer(kind: str, client: httpx.Client, control: httpx.Client) -> None:
    plan(control, {"connection": kind}, times=1)
    with pytest.raises(httpx.ReadError if kind == "reset" else httpx.RemoteProtocolError):
        client.get("/")
    assert client.get("/").status_code == 200
    (struck,) = control.get("/requests", params={"outcome": "faulted"}).json()["items"]
    assert struck["status"] == 0


def test_garbage_instead_of_an_answer(server: MockServer, control: httpx.Client) -> None:
    plan(control, {"connection": "garbage"}, times=1)
    assert raw(server).startswith(b"\x00\xffThis is not HTTP")


@pytest.mark.parametrize("action", [{"connection": "truncate"}, {"connection": "truncate", "status": 502}])
def test_an_answer_that_breaks_off(action: JsonObject, client: httpx.Client, control: httpx.Client) -> None:
    plan(control, action, times=1)
    with pytest.raises(httpx.RemoteProtocolError, match="without sending complete"):
        client.get("/")


def test_an_answer_that_is_lost_after_the_call_was_handled(client: httpx.Client, control: httpx.Client) -> None:
    offering = Maker(5).offering()
    plan(control, {"connection": "reset", "after": True}, times=1)
    with pytest.raises(httpx.ReadError):
        client.put("/offerings", json=offering)
    assert client.get(f"/offerings/{offering['offeringId']}").json() == offering


@pytest.mark.parametrize(
    ("body", "status", "kind", "start"),
    [
        ("not-json", 200, "application/json", '{"offeringId": "7e57'),
        ("html", 200, "text/html", "<!doctype html>"),
        ("wrong-content-type", 200, "text/plain", '{"offeringId"'),
        ("empty", 200, None, ""),
    ],
)
def test_an_answer_whose_body_is_spoilt(
    body: str,
    status: int,
    kind: str | None,
    start: str,
    client: httpx.Client,
    control: httpx.Client,
    offering: JsonObject,
) -> None:
    plan(control, {"body": body}, times=1, match={"method": "GET"})
    answer = client.get(f"/offerings/{offering['offeringId']}")
    assert (answer.status_code, answer.headers.get("content-type")) == (status, kind)
    assert answer.text.startswith(start)
    assert bool(answer.text) == bool(start)


def test_a_stale_read(client: httpx.Client, control: httpx.Client, offering: JsonObject) -> None:
    client.put("/offerings", json={**offering, "modeOfDelivery": ["online"]})
    control.post("/faults", json={"preset": "stale-read"}).raise_for_status()
    path = f"/offerings/{offering['offeringId']}"
    assert client.get(path).json() == offering
    assert client.get(path).json()["modeOfDelivery"] == ["online"]


def test_an_answer_that_drips_is_whole_in_the_end(client: httpx.Client, control: httpx.Client) -> None:
    whole = client.get("/").content
    plan(control, {"drip": 20_000}, times=1)
    assert client.get("/").content == whole
    assert "drip 20000 bytes a second" in last(control)["fault"]


def test_a_delay_is_waited_for(client: httpx.Client, control: httpx.Client) -> None:
    plan(control, {"delay": 0.05}, times=1)
    assert client.get("/").status_code == 200
    assert last(control)["durationMs"] >= 50


def test_delays_follow_their_distribution() -> None:
    dice = random.Random(1)
    assert Delay("fixed", 2).draw(dice) == 2
    uniform = [Delay("uniform", 1, 3).draw(dice) for _ in range(2_000)]
    assert 1 <= min(uniform) < 1.1
    assert 2.9 < max(uniform) <= 3
    lognormal = sorted(Delay("lognormal", 2, 0.5).draw(dice) for _ in range(2_000))
    assert 1.8 < lognormal[1_000] < 2.2
    assert lognormal[-1] > 5
    assert max(Delay("lognormal", 100, 3).draw(dice) for _ in range(200)) == 120


def test_every_preset_can_be_planned_and_the_first_that_fits_strikes(
    client: httpx.Client, control: httpx.Client
) -> None:
    presets = control.get("/faults/presets").json()
    for name, faults in presets.items():
        planned = control.post("/faults", json={"preset": name, "match": {"path": "/nowhere"}}).json()
        assert [each["name"] for each in planned] == [name] * len(faults)
    assert client.get("/").status_code == 200
    assert len(control.get("/faults").json()) == sum(map(len, presets.values()))
    assert control.delete("/faults").status_code == 204
    control.post("/faults", json={"preset": "429-twice"}).raise_for_status()
    answers = [client.get("/") for _ in range(3)]
    assert [each.status_code for each in answers] == [429, 429, 200]
    assert answers[0].headers["retry-after"] == "2"


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"action": {"status": 99}}, "status"),
        ({"action": {"explode": True}}, "'explode'"),
        ({"action": {"connection": "melt"}}, "connection is one of"),
        ({"action": {"delay": {"kind": "often", "low": 1}}}, "fixed|uniform|lognormal"),
        ({"action": {"delay": -1}}, "delay"),
        ({"action": {"headers": {"X": "a\r\nSet-Cookie: x"}}}, "header line"),
        ({"action": {"drip": "fast"}}, "drip"),
        ({"action": {}, "times": 0}, "times"),
        ({"action": {}, "probability": 2}, "probability"),
        ({"action": {}, "randomSeed": "x"}, "randomSeed"),
        ({"action": {}, "ttlSeconds": "x"}, "ttlSeconds"),
        ({"action": {}, "match": {"status": 200}}, "cannot go by 'status'"),
        ({"preset": "earthquake"}, "no preset"),
        ({"preset": ["slow"]}, "no preset"),
        ([], "A fault is"),
    ],
)
def test_a_fault_that_is_none(fault: Any, words: str, control: httpx.Client) -> None:
    told = control.post("/faults", json=fault)
    assert (told.status_code, words in told.text) == (400, True), told.text
    assert control.get("/faults").json() == []


# -- how the client takes it -------------------------------------------------------------------------


def outcome(control: httpx.Client, rule: str) -> str | None:
    found = control.get("/coverage").json()["rules"].get(rule)
    return found and str(found["outcome"])


def test_a_client_that_tries_again_recovers(client: httpx.Client, control: httpx.Client) -> None:
    offering = Maker(6).offering()
    control.post("/faults", json={"preset": "500-then-ok"}).raise_for_status()
    assert [client.put("/offerings", json=offering).status_code for _ in range(2)] == [500, 200]
    assert outcome(control, "client-recovers-from-5xx-and-429") == "pass"


def test_a_client_that_does_not_wait(client: httpx.Client, control: httpx.Client) -> None:
    offering = Maker(7).offering()
    control.post("/faults", json={"preset": "503-with-retry-after"}).raise_for_status()
    assert client.put("/offerings", json=offering).status_code == 503
    again = client.put("/offerings", json=offering)
    assert again.headers["ooapi-toets-rules"] == "client-waits-before-retrying"
    assert outcome(control, "client-waits-before-retrying") == "warn"
