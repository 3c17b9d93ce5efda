"""The control API over real sockets; every answer is held to its document (see `control_client.py`)."""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import jsonschema
import pytest

from mock_server.server import MockServer
from mock_server.settings import Limits, MockSettings
from ooapi_toets import JsonObject, resources
from ooapi_toets.messages import Maker, report
from tests.conftest import program
from tests.control_client import control_of

SEEDED = "7e570000-0000-4000-8000-000000000001"
MOST = 5


@pytest.fixture(scope="module")
def servers() -> Iterator[dict[str, MockServer]]:
    small = MockSettings("toetsafname", port=0, limits=Limits(journal_entries=MOST))
    with MockServer("toetsafname") as afname, MockServer("toetsplanning") as planning, MockServer(small) as forgetful:
        yield {"afname": afname, "planning": planning, "forgetful": forgetful}


@pytest.fixture
def server(servers: dict[str, MockServer]) -> MockServer:
    for each in servers.values():
        each.reset()
    return servers["afname"]


@pytest.fixture
def client(server: MockServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url) as client:
        yield client


@pytest.fixture
def control(server: MockServer) -> Iterator[httpx.Client]:
    with control_of(server) as control:
        yield control


@pytest.fixture
def make() -> Maker:
    return Maker(9)


def registered(client: httpx.Client, make: Maker, count: int = 2) -> tuple[JsonObject, list[JsonObject]]:
    offering, people = make.offering(), make.students(count)
    assert client.put("/offerings", json=offering).status_code == 200
    assert client.put(f"/offerings/{offering['offeringId']}/associations", json=people).status_code == 200
    return offering, people


# -- about -------------------------------------------------------------------------------------------


def test_what_it_is(control: httpx.Client, server: MockServer) -> None:
    assert control.get("/health").json() == {"status": "ok"}
    assert control.get("/ready").json() == {"status": "ready", "operations": 8}
    info = control.get("/info").json()
    assert (info["role"], info["edition"], info["url"]) == ("toetsafname", "toets", server.url)
    assert control.get("/spec.json").json() == server.mock.contract.document


def test_a_reset_of_the_state_or_the_journal_or_both(client: httpx.Client, control: httpx.Client, make: Maker) -> None:
    registered(client, make)
    assert control.post("/reset", params={"only": "journal"}).json() == {"reset": ["journal"], "offerings": None}
    assert control.get("/info").json()["offerings"] == 1
    assert control.get("/requests").json()["count"] == 0
    assert control.post("/reset").json() == {"reset": ["journal", "state"], "offerings": 0}
    assert control.get("/state").json() == {"offerings": [], "associations": {}}
    assert control.post("/reset", params={"only": "all"}).status_code == 400


def test_people_are_masked_until_told_otherwise(client: httpx.Client, control: httpx.Client, make: Maker) -> None:
    offering, people = registered(client, make)
    surname = people[0]["person"]["surname"]
    last = control.get("/requests").json()["items"][0]["id"]
    places = ("/state", f"/state/{offering['offeringId']}", f"/requests/{last}", "/requests.har", "/requests.jsonl")
    assert [surname in control.get(place).text for place in places] == [False] * 5
    assert control.put("/settings", json={"unmasked": True}).json()["unmasked"] is True
    try:
        assert [surname in control.get(place).text for place in places] == [True] * 5
    finally:
        control.put("/settings", json={"unmasked": False})


# -- state -------------------------------------------------------------------------------------------


def test_a_state_comes_out_as_it_can_be_put_in(client: httpx.Client, control: httpx.Client, make: Maker) -> None:
    offering, people = registered(client, make)
    exported = control.get("/state").json()
    assert [each["offeringId"] for each in exported["offerings"]] == [offering["offeringId"]]
    assert exported["offerings"] == [offering]
    assert control.delete("/state").status_code == 204
    assert control.put("/state", json=exported).json() == {"offerings": 1}
    assert control.get("/state").json()["offerings"] == [offering]
    read = client.get(f"/offerings/{offering['offeringId']}/associations").json()
    assert [each["associationId"] for each in read["items"]] == [each["associationId"] for each in people]


def test_a_state_is_merged_or_replaced(control: httpx.Client, make: Maker) -> None:
    one, other = make.offering(), make.offering()
    people = {one["offeringId"]: make.students(2)}
    assert control.put("/state", json={"offerings": [one], "associations": people}).status_code == 200
    assert control.patch("/state", json={"offerings": [other]}).json() == {"offerings": 1}
    assert control.get("/info").json()["offerings"] == 2
    assert len(control.get(f"/state/{one['offeringId']}").json()["associations"]) == 2
    assert control.put("/state", json={"offerings": [other]}).json() == {"offerings": 1}
    assert control.get(f"/state/{one['offeringId']}").status_code == 404


def test_one_session_is_put_read_and_deleted(control: httpx.Client, make: Maker) -> None:
    offering = make.offering()
    where = f"/state/{offering['offeringId']}"
    body = {"offering": offering, "associations": make.students(1)}
    assert control.put(where, json=body).json() == {"offerings": 1}
    assert control.get(where.upper().replace("STATE", "state")).json()["offering"] == offering
    assert control.put(f"/state/{make.new_id()}", json=body).status_code == 400
    assert control.delete(where).status_code == 204
    assert control.delete(where).status_code == 404


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({"offering": []}, "/offering"),
        ({"offerings": [{"offeringId": "17"}]}, "/offerings/0"),
        ({"offerings": [], "associations": {SEEDED: []}}, SEEDED),
        ([], "object"),
    ],
)
def test_a_state_that_is_not_valid_changes_nothing(
    state: Any, words: str, client: httpx.Client, control: httpx.Client, make: Maker
) -> None:
    registered(client, make)
    refused = control.put("/state", json=state)
    assert (refused.status_code, words in refused.text) == (400, True)
    assert control.get("/info").json()["offerings"] == 1


def test_the_history_of_a_session_names_the_exchanges(client: httpx.Client, control: httpx.Client, make: Maker) -> None:
    offering, people = registered(client, make)
    key = offering["offeringId"]
    client.put("/offerings", json=offering)
    client.put("/offerings", json={**offering, "modeOfDelivery": ["online"]})
    client.put(f"/offerings/{key}/associations", json=people[:1])
    client.delete(f"/offerings/{key}")
    history = control.get(f"/state/{key}/history").json()
    kinds = [each["effect"]["kind"] for each in history["changes"]]
    assert kinds == ["created", "list", "replaced", "list", "deleted"]
    for each in history["changes"]:
        assert control.get(f"/requests/{each['exchange']}").json()["effect"] == each["effect"]["words"]
    assert history["changes"][2]["effect"]["attributes"] == ["modeOfDelivery"]
    assert history["changes"][2]["offering"]["modeOfDelivery"] == ["online"]


def test_snapshots_are_taken_restored_and_dropped(client: httpx.Client, control: httpx.Client, make: Maker) -> None:
    registered(client, make)
    before = control.get("/state").json()
    assert control.post("/snapshots", json={"name": "before"}).json() == {"name": "before", "offerings": 1}
    registered(client, make)
    assert control.get("/snapshots").json() == [{"name": "before", "offerings": 1}]
    assert control.post("/snapshots/before/restore").json() == {"offerings": 1}
    assert control.get("/state").json() == before
    assert control.delete("/snapshots/before").status_code == 204
    assert control.post("/snapshots/before/restore").status_code == 404
    assert control.post("/snapshots", json={"name": "a/b"}).status_code == 400


def test_a_seed_is_sown(control: httpx.Client) -> None:
    assert "basic" in control.get("/seeds").json()
    assert control.post("/seeds/basic").json() == {"offerings": 3}
    assert control.get(f"/state/{SEEDED}").status_code == 200
    assert control.post("/seeds/nothing").status_code == 404


def test_sessions_are_listed_newest_first(client: httpx.Client, control: httpx.Client, make: Maker) -> None:
    first, _ = registered(client, make, 1)
    last, _ = registered(client, make, 3)
    listed = control.get("/sessions").json()
    assert [(each["session"], each["people"]) for each in listed["items"]] == [
        (last["offeringId"], 3),
        (first["offeringId"], 1),
    ]
    assert control.get("/sessions", params={"limit": 1}).json()["count"] == 2


# -- the journal -------------------------------------------------------------------------------------


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
    told = control.post("/requests/count", json=criteria).json()
    assert told == {"count": count, "evicted": 0}
    found = control.post("/requests/find", json=criteria, params={"limit": 2}).json()
    assert (found["count"], len(found["items"])) == (count, min(count, 2))


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
    told = control.post("/requests/count", json=criteria)
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
    done = subprocess.run(line, shell=True, capture_output=True, text=True, timeout=60, check=True)  # noqa: S602 - ours
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
    for wrong in ({"times": {}}, {"times": {"often": 1}}, {"times": {"exactly": True}}, {"criterion": {}}):
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


# -- what was forgotten is said ----------------------------------------------------------------------


def test_lists_say_how_much_had_to_make_room(servers: dict[str, MockServer], server: MockServer, make: Maker) -> None:
    del server  # it resets all of them
    forgetful = servers["forgetful"]
    with httpx.Client(base_url=forgetful.url) as client, control_of(forgetful) as control:
        offering = make.offering()
        numbers = [
            int(client.put("/offerings", json=offering).headers["link"].partition(">")[0].rpartition("/")[2])
            for _ in range(MOST + 3)
        ]
        listed = control.get("/requests").json()
        assert (listed["count"], listed["kept"], listed["evicted"]) == (MOST, MOST, 3)
        assert listed["oldest"] == numbers[3]
        assert control.post("/requests/count", json={}).json()["evicted"] == 3
        assert control.get(f"/state/{offering['offeringId']}/history").json()["evicted"] == 3
        gone = control.get(f"/requests/{numbers[0]}")
        assert (gone.status_code, "3 older ones had to make room" in gone.text) == (404, True)
        unknown = control.post("/verify", json={"criteria": {}, "times": {"exactly": MOST}})
        assert (unknown.status_code, unknown.json()["title"]) == (409, "Cannot be known")
        assert control.get("/coverage").json()["exchanges"] == MOST + 3


# -- what the client has shown -----------------------------------------------------------------------


def test_flows_are_ticked_off(client: httpx.Client, control: httpx.Client, make: Maker) -> None:
    _, people = registered(client, make)
    assert people
    flows = {each["id"]: each for each in control.get("/flows").json()}
    assert {key: bool(each["seen"]) for key, each in flows.items()} == {
        **dict.fromkeys(("2.1", "2.2"), True),
        **dict.fromkeys(("2.3", "2.4", "2.5", "4.2"), False),
    }
    rules = {each["rule"]: each["outcome"] for each in control.get("/flows/2.2").json()["rules"]}
    assert rules["2.2-client-creates-before-associating"] == "pass"
    assert control.get("/flows/4.1").status_code == 404


def test_coverage_says_what_is_missing(client: httpx.Client, control: httpx.Client, make: Maker) -> None:
    registered(client, make)
    client.get("/nowhere")
    coverage = control.get("/coverage").json()
    statuses = {each["operation"]: each["statuses"] for each in coverage["operations"]}
    assert (statuses["putOffering"], statuses["deleteOffering"], coverage["unmatched"]) == ({"200": 1}, {}, 1)
    assert "2.5-client-deletes" in coverage["missing"]
    assert coverage["rules"]["client-follows-the-contract"]["outcome"] == "fail"


def test_the_role_report_is_a_valid_result(servers: dict[str, MockServer], server: MockServer) -> None:
    del server
    with httpx.Client(base_url=servers["planning"].url) as client, control_of(servers["planning"]) as control:
        client.patch(f"/offerings/{SEEDED}", json=report(irregularities="none"))
        result = control.get("/report").json()
    jsonschema.validate(result, json.loads(resources.spec("result.schema.json").read_text()))
    outcomes = {each["id"]: each["outcome"] for each in result["rules"]}
    assert (result["role"], result["scope"]["halves"]) == ("toetsafname", ["client"])
    assert outcomes["4.1-client-sends-a-valid-report"] == "pass"
    assert (result["verdict"], outcomes["4.1-client-uses-known-document-types"]) == ("incomplete", "not exercised")
