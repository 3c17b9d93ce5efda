"""The examiner over real sockets: what every answer says of the call, and the journal entry behind it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from mock_server.serving.server import MockServer
from ooapi_toets import JsonObject
from ooapi_toets.samples import Maker, report, without
from tests.control_client import control_of

SEEDED = "7e570000-0000-4000-8000-000000000001"


@pytest.fixture(scope="module")
def servers() -> Iterator[dict[str, MockServer]]:
    with MockServer("toetsafname") as afname, MockServer("toetsplanning") as planning:
        yield {"toetsafname": afname, "toetsplanning": planning}


@pytest.fixture
def server(servers: dict[str, MockServer]) -> MockServer:
    servers["toetsafname"].reset()
    return servers["toetsafname"]


@pytest.fixture
def make() -> Maker:
    return Maker(4)


def entry_of(server: MockServer, answer: httpx.Response) -> JsonObject:
    """The journal entry that an answer links to."""
    assert answer.headers["link"].endswith('; rel="describedby"')
    where = answer.headers["link"].partition(">")[0].strip("<")
    with control_of(server) as control:
        found: JsonObject = control.get(server.origin + where).raise_for_status().json()
    return found


def rules_of(answer: httpx.Response) -> list[str]:
    return [each for each in answer.headers.get("ooapi-toets-rules", "").split(", ") if each]


def outcomes(entry: JsonObject) -> dict[str, str]:
    return {each["rule"]: each["outcome"] for each in entry["findings"]}


def registered(client: httpx.Client, make: Maker, count: int = 0) -> tuple[str, list[JsonObject]]:
    """A session with so many students."""
    offering, people = make.offering(), make.students(count)
    assert client.put("/offerings", json=offering).status_code == 200
    if people:
        assert client.put(f"/offerings/{offering['offeringId']}/associations", json=people).status_code == 200
    return offering["offeringId"], people


def test_a_good_call_names_no_rule_and_says_what_it_did(server: MockServer, client: httpx.Client, make: Maker) -> None:
    offering = make.offering()
    answer = client.put("/offerings", json=offering)
    assert rules_of(answer) == []
    assert answer.headers["ooapi-toets-effect"] == f"created session {offering['offeringId']}"
    entry = entry_of(server, answer)
    assert entry["effect"] == {
        "en": f"created session {offering['offeringId']}",
        "nl": f"zitting {offering['offeringId']} aangemaakt",
    }
    assert entry["outcome"] == "accepted"
    assert set(outcomes(entry).values()) == {"pass"}
    assert "2.1-client-makes-a-uuid" in outcomes(entry)


def test_every_violation_at_once_with_place_rule_and_both_languages(
    server: MockServer, client: httpx.Client, make: Maker
) -> None:
    offering = without(make.offering(), "name", "description") | {"offeringId": "17", "teachingLanguage": "eng"}
    answer = client.put("/offerings", json=offering)
    assert answer.status_code == 400
    errors = {each["pointer"]: each for each in answer.json()["errors"]}
    assert set(errors) == {"/offeringId", "/name", "/description", "/teachingLanguage"}
    assert errors["/offeringId"]["rule"] == "2.1-client-makes-a-uuid"
    assert errors["/name"]["rule"] == "2.1-client-sends-a-valid-offering"
    assert errors["/name"]["messageNl"] == "is verplicht"
    assert errors["/teachingLanguage"]["expected"] == "nld"
    assert set(rules_of(answer)) == {"2.1-client-makes-a-uuid", "2.1-client-sends-a-valid-offering"}
    entry = entry_of(server, answer)
    assert [each["pointer"] for each in entry["violations"]] == list(errors)
    assert entry["violations"][0]["sentence"]["nl"].startswith("De zitting die de client stuurt")
    assert entry["violations"][0]["source"]
    assert entry["effect"] is None


def test_a_value_that_may_be_personal_is_not_repeated(server: MockServer, client: httpx.Client, make: Maker) -> None:
    session, _ = registered(client, make)
    person = make.person(mail=["secret@example.org"], givenName=7)
    answer = client.put(f"/offerings/{session}/associations", json=[make.association(person=person)])
    assert answer.status_code == 400
    assert "secret" not in answer.text
    errors = {each["pointer"]: each["got"] for each in answer.json()["errors"]}
    assert errors == {"/0/person/mail": "array", "/0/person/givenName": "integer"}
    assert person["surname"] not in str(entry_of(server, answer))


def test_a_list_says_who_came_and_went(server: MockServer, client: httpx.Client, make: Maker) -> None:
    session, people = registered(client, make, 15)
    new = make.association()
    answer = client.put(f"/offerings/{session}/associations", json=[*people[3:], new])
    words = f"replaced the participant list of {session}: 1 added, 3 removed, 12 unchanged"
    assert answer.headers["ooapi-toets-effect"] == words
    effect = entry_of(server, answer)["effectData"]
    assert effect["list"] == {
        "added": [new["associationId"]],
        "removed": [each["associationId"] for each in people[:3]],
        "changed": [],
        "unchanged": 12,
    }


# -- typical slips have a hint of their own ----------------------------------------------------------


def hint_of(answer: httpx.Response) -> str:
    (error,) = answer.json()["errors"]
    return str(error["hint"])


def test_the_base_path_is_missing(server: MockServer) -> None:
    answer = httpx.put(f"{server.origin}/offerings", json={})
    assert answer.status_code == 404
    assert hint_of(answer) == "The base path is missing: /ooapi/offerings"
    assert rules_of(answer) == ["client-follows-the-contract"]


def test_another_base_path(server: MockServer) -> None:
    assert hint_of(httpx.put(f"{server.origin}/api/v5/offerings", json={})).endswith("/ooapi/offerings")


def test_a_slash_at_the_end(client: httpx.Client) -> None:
    assert hint_of(client.put("/offerings/", json={})) == "Remove the slash at the end: /ooapi/offerings"


def test_an_operation_of_the_other_role(client: httpx.Client) -> None:
    answer = client.patch(f"/offerings/{SEEDED}", json=report())
    assert answer.status_code == 405
    assert "other role" in hint_of(answer)
    assert "PATCH" not in answer.headers["allow"]


def test_the_id_in_the_path_of_a_put(client: httpx.Client, make: Maker) -> None:
    offering = make.offering()
    answer = client.put(f"/offerings/{offering['offeringId']}", json=offering)
    assert answer.status_code == 405
    assert hint_of(answer) == "use PUT /ooapi/offerings, with the id in the body"


@pytest.mark.parametrize(
    ("start", "words"),
    [("2027-01-18 09:00:00+01:00", "write a T"), ("2027-01-18T09:00:00", "the zone is missing")],
)
def test_a_date_that_is_almost_right(start: str, words: str, client: httpx.Client, make: Maker) -> None:
    assert words in hint_of(client.put("/offerings", json=make.offering(startDateTime=start)))


def test_a_name_spelt_as_in_the_flow(client: httpx.Client, make: Maker) -> None:
    session, _ = registered(client, make)
    association = make.association()
    association["person"]["surName"] = association["person"].pop("surname")
    answer = client.put(f"/offerings/{session}/associations", json=association)
    assert hint_of(answer) == "the message has 'surName'; the standard writes 'surname'"


def test_another_session_in_the_body_than_in_the_path(server: MockServer, client: httpx.Client, make: Maker) -> None:
    session, _ = registered(client, make)
    people: list[dict[str, Any]] = [make.association(), {**make.association(), "offering": make.new_id()}]
    answer = client.put(f"/offerings/{session}/associations", json=people)
    assert answer.status_code == 200
    assert rules_of(answer) == ["2.2-client-sends-valid-associations"]
    finding = next(each for each in entry_of(server, answer)["findings"] if each["outcome"] == "warn")
    assert [(each["pointer"], bool(each["hint"])) for each in finding["violations"]] == [("/1/offering", True)]
    people[1]["offering"] = session.upper()
    assert rules_of(client.put(f"/offerings/{session}/associations", json=people)) == []


def test_another_session_in_a_report_than_in_the_path(servers: dict[str, MockServer]) -> None:
    url = f"{servers['toetsplanning'].url}/offerings/{SEEDED}"
    wrong = httpx.patch(url, json={**report(irregularities="x"), "offeringId": "7e570000-0000-4000-8000-000000000002"})
    assert (wrong.status_code, rules_of(wrong)) == (200, ["4.1-client-sends-a-valid-report"])
    assert rules_of(httpx.patch(url, json={**report(irregularities="x"), "offeringId": SEEDED})) == []


# -- rules for clients -------------------------------------------------------------------------------


def test_participants_of_a_session_that_was_never_sent(client: httpx.Client, make: Maker) -> None:
    answer = client.put(f"/offerings/{make.new_id()}/associations", json=make.students(1))
    assert (answer.status_code, rules_of(answer)) == (404, ["2.2-client-creates-before-associating"])


def test_a_list_that_is_a_delta(server: MockServer, client: httpx.Client, make: Maker) -> None:
    session, people = registered(client, make, 3)
    grown = client.put(f"/offerings/{session}/associations", json=[*people, make.association()])
    assert outcomes(entry_of(server, grown))["2.2-client-sends-the-complete-list"] == "pass"
    delta = client.put(f"/offerings/{session}/associations", json=make.students(2))
    assert rules_of(delta) == ["2.2-client-sends-the-complete-list"]


def test_a_person_with_two_faces(server: MockServer, client: httpx.Client, make: Maker) -> None:
    session, _ = registered(client, make)
    person = make.person("employee")
    one, other = make.association("invigilator", person), make.association("coordinator", person)
    good = client.put(f"/offerings/{session}/associations", json=[one, other])
    rule = "2.2-client-keeps-person-the-same-over-roles"
    assert outcomes(entry_of(server, good))[rule] == "pass"
    other["person"] = {**person, "mail": "somebody.else@example.org"}
    assert rules_of(client.put(f"/offerings/{session}/associations", json=[one, other])) == [rule]


def test_association_ids_that_are_made_anew(client: httpx.Client, make: Maker) -> None:
    session, people = registered(client, make, 3)
    anew = [people[0], *({**each, "associationId": make.new_id()} for each in people[1:])]
    answer = client.put(f"/offerings/{session}/associations", json=anew)
    assert rules_of(answer) == ["2.2-client-keeps-association-ids"]


def test_a_shorter_list_and_a_delete(server: MockServer, client: httpx.Client, make: Maker) -> None:
    session, people = registered(client, make, 3)
    shorter = client.put(f"/offerings/{session}/associations", json=people[1:])
    assert outcomes(entry_of(server, shorter))["2.4-client-removes-by-a-shorter-list"] == "pass"
    deleted = client.delete(f"/offerings/{session}")
    assert outcomes(entry_of(server, deleted))["2.5-client-deletes"] == "pass"
    assert deleted.headers["ooapi-toets-effect"] == f"deleted session {session} with 2 participants"


def test_a_session_that_is_sent_again_under_its_id(server: MockServer, client: httpx.Client, make: Maker) -> None:
    offering = make.offering()
    first = client.put("/offerings", json=offering)
    again = client.put("/offerings", json=offering)
    changed = client.put("/offerings", json={**offering, "modeOfDelivery": ["online"]})
    rule = "2.1-client-keeps-the-id"
    assert [outcomes(entry_of(server, each)).get(rule) for each in (first, again, changed)] == [None, "pass", "pass"]


def test_a_session_that_is_sent_again_under_a_new_id(server: MockServer, client: httpx.Client, make: Maker) -> None:
    offering = make.offering()
    renamed = {**offering, "offeringId": make.new_id()}
    client.put("/offerings", json=offering)
    answer = client.put("/offerings", json=renamed)
    assert (answer.status_code, rules_of(answer)) == (200, ["2.1-client-keeps-the-id"])
    assert outcomes(entry_of(server, answer))["2.1-client-keeps-the-id"] == "warn"


@pytest.mark.parametrize("how", ["deleted", "another code", "the state was reset"])
def test_a_session_that_only_looks_like_another(how: str, server: MockServer, make: Maker) -> None:
    offering = make.offering()
    with httpx.Client(base_url=server.url) as client, control_of(server) as control:
        client.put("/offerings", json=offering)
        match how:
            case "deleted":
                client.delete(f"/offerings/{offering['offeringId']}")
            case "another code":
                offering["primaryCode"] = {"codeType": "offeringCode", "code": "another"}
            case _:
                control.post("/reset", params={"only": "state"}).raise_for_status()
        assert rules_of(client.put("/offerings", json={**offering, "offeringId": make.new_id()})) == []


@pytest.mark.parametrize(
    ("message", "rule"),
    [
        (report(documents=[{"documentId": "1", "documentType": "photo", "documentName": "x"}]), "uses-known-document"),
        (without(report(irregularities="none"), "offeringType"), "sends-a-valid-report"),
    ],
)
def test_a_report_that_breaks_the_contract(message: JsonObject, rule: str, servers: dict[str, MockServer]) -> None:
    answer = httpx.patch(f"{servers['toetsplanning'].url}/offerings/{SEEDED}", json=message)
    assert answer.status_code == 400
    assert [rule in each for each in rules_of(answer)] == [True]


def test_a_list_that_failed_and_comes_back_with_other_ids_is_told_at_once(server: MockServer, make: Maker) -> None:
    with httpx.Client(base_url=server.url) as client, control_of(server) as control:
        session, _ = registered(client, make)
        people = make.students(2)
        path = f"/offerings/{session}/associations"
        control.post("/faults", json={"preset": "500-then-ok"}).raise_for_status()
        assert client.put(path, json=people).status_code == 500
        answer = client.put(path, json=[{**each, "associationId": make.new_id()} for each in people])
        assert set(rules_of(answer)) == {"client-recovers-from-5xx-and-429", "2.2-client-keeps-association-ids"}


def test_a_session_that_is_like_one_that_failed_is_another_session(server: MockServer, make: Maker) -> None:
    offering = make.offering()
    with httpx.Client(base_url=server.url) as client, control_of(server) as control:
        control.post("/faults", json={"preset": "500-then-ok"}).raise_for_status()
        assert client.put("/offerings", json=offering).status_code == 500
        twin = client.put("/offerings", json={**offering, "offeringId": make.new_id()})
        assert rules_of(twin) == []
        again = client.put("/offerings", json=offering)
        told = control.get(f"/requests/{int(again.headers['link'].split('/requests/')[1].split('>')[0])}").json()
    passed = {each["rule"] for each in told["findings"] if each["outcome"] == "pass"}
    assert "client-recovers-from-5xx-and-429" in passed


def test_a_long_wrong_list_is_told_enough_and_soon(client: httpx.Client, make: Maker) -> None:
    session, _ = registered(client, make)
    answer = client.put(f"/offerings/{session}/associations", json=[{}] * 20_000)
    assert answer.status_code == 400
    assert 1_000 <= len(answer.json()["errors"]) < 3_000
