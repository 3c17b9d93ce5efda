"""Calls in the manner of the published agreement, and of nobody, are recognised: what they break, and what to do."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from mock_server.serving.server import MockServer
from mock_server.settings import Limits, MockSettings
from ooapi_toets import Json
from ooapi_toets.samples import Maker, without

FOLLOWS, REMOVES, WITHDRAWS = (
    "client-follows-the-contract",
    "2.4-client-removes-by-a-shorter-list",
    "2.5-client-deletes",
)
SESSION, PART = "/offerings/7e570000-0000-4000-8000-000000000001", "7e570000-0000-4000-8000-0000000000aa"
LEAVES = {"associationType": "componentOfferingAssociation", "state": "canceled"}
CANCELLED = {"offeringType": "component", "consumers": [{"consumerKey": "nl-test-admin", "offeringState": "canceled"}]}


@pytest.fixture(scope="module")
def running() -> Iterator[MockServer]:
    with MockServer(MockSettings("toetsafname", port=0, limits=Limits(body_bytes=2_000))) as server:
        yield server


def rules_of(answer: httpx.Response) -> list[str]:
    return answer.headers["ooapi-toets-rules"].split(", ")


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "broken", "hint"),
    [
        ("PATCH", f"/associations/{PART}", LEAVES, 404, REMOVES, "sending the list without that participant"),
        ("DELETE", f"/associations/{PART}", None, 404, REMOVES, "sending the list without that participant"),
        ("DELETE", f"{SESSION}/associations/{PART}", None, 404, REMOVES, "sending the list without that participant"),
        ("DELETE", f"{SESSION}/associations", None, 405, REMOVES, "sending the list without that participant"),
        ("PATCH", SESSION, CANCELLED, 405, WITHDRAWS, "withdrawn with DELETE /offerings/{offeringId}"),
    ],
)
def test_another_way_of_leaving_breaks_the_rule_about_leaving(
    client: httpx.Client, method: str, path: str, body: Json, status: int, broken: str, hint: str
) -> None:
    answer = client.request(method, path, json=body)
    assert answer.status_code == status
    assert sorted(rules_of(answer)) == sorted([FOLLOWS, broken])
    assert hint in answer.json()["detail"]


@pytest.mark.parametrize(
    ("method", "path", "body", "hint"),
    [
        ("PATCH", f"/associations/{PART}", {**LEAVES, "state": "associated"}, "registered with PUT"),
        ("PATCH", f"/associations/{PART}", [LEAVES], "registered with PUT"),
        ("PUT", f"/associations/{PART}", LEAVES, "registered with PUT"),
        ("GET", f"/associations/{PART}", None, "read with GET /offerings/{offeringId}/associations"),
        ("PATCH", SESSION, {"consumers": [{"consumerKey": "nl-test-admin", "offeringState": "active"}]}, "other role"),
        ("PATCH", SESSION, {"consumers": [{"consumerKey": "x-own", "offeringState": "canceled"}]}, "other role"),
        ("PATCH", SESSION, {"consumers": "canceled"}, "other role"),
        ("PATCH", SESSION, ["canceled"], "other role"),
        ("POST", f"{SESSION}/cancel", CANCELLED, "Paths start with /ooapi"),
    ],
)
def test_what_does_not_plainly_mean_leaving_breaks_the_contract_alone(
    client: httpx.Client, method: str, path: str, body: Json, hint: str
) -> None:
    answer = client.request(method, path, json=body)
    assert rules_of(answer) == [FOLLOWS]
    assert hint in answer.json()["detail"]


def test_a_body_that_is_no_json_or_too_large_is_no_reason_to_say_anything_else(client: httpx.Client) -> None:
    for body in (b"{", b"\xff", b'{"state": "canceled", "x": "' + b"x" * 3_000 + b'"}'):
        answer = client.patch(f"/associations/{PART}", content=body)
        assert (answer.status_code, rules_of(answer)) == (404, [FOLLOWS])


def test_at_a_toetsplanning_nobody_leaves(planning: httpx.Client) -> None:
    answer = planning.delete(f"/associations/{PART}")
    assert (answer.status_code, rules_of(answer)) == (404, [FOLLOWS])


def test_what_was_sent_to_a_wrong_path_can_be_read_afterwards(client: httpx.Client, control: httpx.Client) -> None:
    person = Maker("otherwise").person()
    client.put("/participants", json={"person": person})
    last = control.get("/requests", params={"limit": 1}).json()["items"][0]["id"]
    entry = control.get(f"/requests/{last}").json()
    sent = entry["request"]["body"]["person"]
    assert sent.keys() == person.keys()
    assert sent["surname"] != person["surname"]
    assert "/participants" in entry["curl"]
    assert "masked" in entry["curl"]


def test_a_message_is_judged_as_well_without_being_sent(control: httpx.Client) -> None:
    about = {"method": "PATCH", "path": f"/ooapi/associations/{PART}", "body": LEAVES}
    told = control.post("/validate", json=about).json()
    assert [each["rule"] for each in told["errors"]] == [FOLLOWS, REMOVES]
    told = control.post("/validate", json={**about, "body": without(LEAVES, "state")}).json()
    assert [each["rule"] for each in told["errors"]] == [FOLLOWS]
