"""The control API over real sockets: what the mock heard, filtered, awaited, explained, exported, verified."""

from __future__ import annotations

import json
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from mock_server.serving.server import MockServer
from ooapi_toets import JsonObject
from ooapi_toets.samples import Maker
from tests.command import PATIENCE
from tests.conftest import program
from tests.control_client import control_of
from tests.mock_sessions import SEEDED, registered


@pytest.fixture
def make() -> Maker:
    return Maker(9)


def test_the_journal_is_filtered(client: httpx.Client, control: httpx.Client, make: Maker) -> None:
    offering, _ = registered(client, make)
    client.put("/offerings", json={})
    client.get("/nowhere")

    def ids(**query: Any) -> list[int]:
        return [each["id"] for each in control.get("/requests", params=query).json()["items"]]

    first = ids(order="asc")[0]
    assert ids() == [first + 3, first + 2, first + 1, first]
    assert ids(limit=1) == [first + 3]
    assert ids(method="PUT", status=400) == [first + 2]
    assert ids(outcome="unmatched") == [first + 3]
    assert ids(operation="putAssociations") == [first + 1]
    assert ids(session=offering["offeringId"], order="asc") == [first, first + 1]
    assert ids(broken="2.1-client-sends-a-valid-offering") == [first + 2]
    assert ids(since=first + 1, order="asc") == [first + 2, first + 3]
    assert ids(text=offering["primaryCode"]["code"]) == [first]
    for wrong in ({"color": "red"}, {"limit": "0"}, {"since": "x"}, {"order": "up"}, {"limit": "²"}):
        assert control.get("/requests", params=wrong).status_code == 400


@pytest.mark.parametrize(
    ("criteria", "count"),
    [
        ({}, 3),
        ({"method": "PUT"}, 3),
        ({"method": ["PUT", "GET"], "status": 200}, 2),
        ({"path": {"matches": "associations$"}}, 1),
        ({"outcome": "refused"}, 1),
        ({"headers": {"Content-Type": "application/json"}}, 3),
        ({"headers": {"x-trace": None}}, 3),
        ({"query": {"dry": "1"}}, 1),
        ({"body": {"/offeringType": "component"}}, 1),
        ({"body": {"/0/person/activeEnrollment": True}}, 1),
        ({"body": {"/0/role": {"matches": "^stud"}}}, 1),
        ({"rule": "2.2-client-sends-valid-associations"}, 1),
    ],
)
def test_criteria_say_which_exchanges_are_meant(
    criteria: JsonObject, count: int, client: httpx.Client, control: httpx.Client, make: Maker
) -> None:
    registered(client, make)
    client.put("/offerings?dry=1", json={})
    found = control.post("/requests/find", json=criteria, params={"limit": 2}).json()
    assert (found["count"], found["evicted"], len(found["items"])) == (count, 0, min(count, 2))


@pytest.mark.parametrize(
    ("criteria", "words"),
    [
        ({"colour": "red"}, "'colour'"),
        ({"path": {"matches": "("}}, "regular expression"),
        ({"path": {"like": "x"}}, "matches"),
        ({"headers": "x"}, "names and values"),
        ({"since": "x"}, "number of an exchange"),
        ({"body": {"person/mail": 1}}, "JSON Pointers"),
        ({"text": 1}, "a text"),
        ([], "an object"),
    ],
)
def test_criteria_that_are_none(criteria: Any, words: str, control: httpx.Client) -> None:
    told = control.post("/requests/find", json=criteria)
    assert (told.status_code, words in told.text) == (400, True)


def test_waiting_ends_with_the_exchange_or_with_near_misses(
    client: httpx.Client, control: httpx.Client, make: Maker, server: MockServer
) -> None:
    offering = make.offering()
    wanted = {"criteria": {"operation": "putOffering", "status": 200}, "count": 2, "timeoutSeconds": 30}
    client.put("/offerings", json=offering)
    with ThreadPoolExecutor() as pool, control_of(server) as second:
        waiting = pool.submit(control.post, "/requests/wait", json=wanted)
        while not server.mock.sandboxes.heard and not waiting.done():
            second.get("/health")
        client.put("/offerings", json=offering)
        assert waiting.result().json()["count"] == 2
    late = control.post("/requests/wait", json={"criteria": {"method": "DELETE", "status": 200}, "timeoutSeconds": 0})
    assert late.status_code == 408
    assert late.json()["nearMisses"][0]["misses"] == ["method"]
    for wrong in ({"count": 0}, {"count": True}, {"timeoutSeconds": "x"}, {"seconds": 1}):
        assert control.post("/requests/wait", json=wrong).status_code == 400


def test_an_exchange_is_explained_in_words(client: httpx.Client, control: httpx.Client) -> None:
    number = client.put("/offerings", json={"offeringId": "17"}).headers["link"].partition(">")[0].rpartition("/")[2]
    words = control.get(f"/requests/{number}/explain").text
    assert words.startswith("PUT /ooapi/offerings was answered with 400 (refused).")
    assert "FAIL 2.1-client-makes-a-uuid (MUST)" in words
    assert "source: flow-2: option 1" in words
    assert control.get("/requests/999999").status_code == 404
    assert control.get("/requests/%C2%B2").status_code == 404


def test_the_line_of_curl_makes_the_call_again(client: httpx.Client, control: httpx.Client, make: Maker) -> None:
    curl = program("curl")
    offering, people = registered(client, make)
    assert curl
    last = control.get("/requests").json()["items"][0]["id"]
    line = control.get(f"/requests/{last}/curl").text
    assert people[0]["person"]["surname"] not in line
    done = subprocess.run(line, shell=True, capture_output=True, text=True, timeout=PATIENCE, check=True)  # noqa: S602 - ours
    assert done.stdout.startswith("HTTP/1.1 200")
    again = control.get("/requests").json()["items"][0]
    assert (again["id"], again["operation"], again["session"]) == (last + 1, "putAssociations", offering["offeringId"])


def test_the_line_of_curl_stays_in_its_sandbox(server: MockServer, client: httpx.Client, make: Maker) -> None:
    client.put("/offerings", json=make.offering(), headers={"ooapi-toets-sandbox": "apart"})
    with control_of(server, "apart") as control:
        (item,) = control.get("/requests").json()["items"]
        assert "ooapi-toets-sandbox: apart" in control.get(f"/requests/{item['id']}/curl").text
        assert control.delete("/sandboxes/apart").status_code == 204


def test_the_journal_as_har_and_as_lines(client: httpx.Client, control: httpx.Client, make: Maker) -> None:
    registered(client, make)
    har = control.get("/requests.har").json()["log"]
    assert [each["response"]["status"] for each in har["entries"]] == [200, 200]
    lines = [json.loads(line) for line in control.get("/requests.jsonl").text.splitlines()]
    assert [each["operation"] for each in lines] == ["putOffering", "putAssociations"]
    one = control.get(f"/requests/{lines[0]['id']}/har").json()["log"]["entries"]
    assert [each["comment"] for each in one] == ["accepted"]


def test_a_call_is_judged_again_without_a_trace(client: httpx.Client, control: httpx.Client, make: Maker) -> None:
    offering, _ = registered(client, make)
    bad = client.put("/offerings", json={**offering, "teachingLanguage": "eng"}).headers["link"]
    number = bad.partition(">")[0].rpartition("/")[2]
    before = control.get("/info").json()
    judged = control.post(f"/requests/{number}/replay").json()
    assert (judged["valid"], judged["status"]) == (False, 400)
    assert [each["pointer"] for each in judged["errors"]] == ["/teachingLanguage"]
    assert control.get("/info").json() == before


def test_a_message_is_judged_without_being_sent(control: httpx.Client, make: Maker) -> None:
    def judged(**message: Any) -> JsonObject:
        found: JsonObject = control.post("/validate", json=message).raise_for_status().json()
        return found

    good = judged(method="put", path="/ooapi/offerings", body=make.offering())
    assert (good["valid"], good["operation"]) == (True, "putOffering")
    assert judged(method="PUT", path="/offerings", body=make.offering())["status"] == 404
    assert judged(method="PUT", path="/ooapi/offerings", body="{")["title"] == "The body is not JSON"
    assert judged(method="PUT", path="/ooapi/offerings", body={}, contentType="text/plain")["status"] == 415
    assert judged(method="GET", path=f"/ooapi/offerings/{SEEDED}")["valid"] is True
    assert control.get("/requests").json()["count"] == 0


def test_events_come_as_exchanges_happen(server: MockServer, client: httpx.Client, make: Maker) -> None:
    offering, _ = registered(client, make)
    first = server.mock.journal.get(next(iter(server.mock.journal)).id)
    assert first is not None
    with control_of(server) as control, control.stream("GET", "/events", params={"since": first.id}) as stream:
        lines = stream.iter_lines()

        def event() -> JsonObject:
            line = next(each for each in lines if each.startswith("data:"))
            data: JsonObject = json.loads(line.removeprefix("data:"))
            return data

        assert event()["operation"] == "putAssociations"
        threading.Thread(target=httpx.delete, args=(f"{server.url}/offerings/{offering['offeringId']}",)).start()
        assert event()["operation"] == "deleteOffering"


# -- verifying ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("times", "status"),
    [({"exactly": 2}, 200), ({"atLeast": 1}, 200), ({"atMost": 1}, 409), ({"exactly": 0}, 409)],
)
def test_verify_says_whether_it_was_called(
    times: JsonObject,
    status: int,
    client: httpx.Client,
    control: httpx.Client,
    make: Maker,
) -> None:
    registered(client, make)
    told = control.post("/verify", json={"criteria": {"method": "PUT"}, "times": times})
    assert told.status_code == status
    assert told.json()["count"] == 2


def test_verify_shows_what_came_closest(client: httpx.Client, control: httpx.Client, make: Maker) -> None:
    registered(client, make)
    told = control.post("/verify", json={"criteria": {"operation": "putOffering", "status": 201}})
    assert told.status_code == 409
    nearest = told.json()["nearMisses"][0]
    assert (nearest["operation"], nearest["misses"]) == ("putOffering", ["status"])
    refused: list[JsonObject] = [
        {"times": {}},
        {"times": {"often": 1}},
        {"times": {"exactly": True}},
        {"criterion": {}},
    ]
    for wrong in refused:
        assert control.post("/verify", json=wrong).status_code == 400


def test_a_sequence_is_verified_with_others_in_between(
    client: httpx.Client, control: httpx.Client, make: Maker
) -> None:
    offering, _ = registered(client, make)
    client.delete(f"/offerings/{offering['offeringId']}")
    story = [{"operation": "putOffering"}, {"operation": "deleteOffering"}]
    assert len(control.post("/verify/sequence", json=story).json()["items"]) == 2
    told = control.post("/verify/sequence", json=story[::-1])
    assert told.status_code == 409
    assert "Step 2 of 2" in told.json()["detail"]
    assert len(told.json()["seen"]) == 1
    assert control.post("/verify/sequence", json=[]).status_code == 400
