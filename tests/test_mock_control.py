"""The control API over real sockets; every answer is held to its document (see `control_client.py`)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import jsonschema
import pytest

from mock_server.serving.server import MockServer
from mock_server.settings import Limits, MockSettings
from ooapi_toets import resources
from ooapi_toets.samples import Maker, report
from tests.control_client import control_of
from tests.mock_sessions import SEEDED, registered

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
def make() -> Maker:
    return Maker(9)


# -- about -------------------------------------------------------------------------------------------


def test_what_it_is(control: httpx.Client, server: MockServer) -> None:
    assert control.get("/health").json() == {"status": "ok"}
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
        assert control.post("/requests/find", json={}).json()["evicted"] == 3
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
    assert (result["verdict"], outcomes["4.1-client-uses-known-document-types"]) == ("incomplete", "not applicable")
