"""A relay between two systems: what passes is passed on as it is, and each side is judged for its own part."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import jsonschema
import orjson
import pytest

from conformance.joint.relay import Relay
from conformance.judging.finished import CheckOutcome
from mock_server.handling.endpoint import Handler
from mock_server.handling.messages import Answer, Request
from mock_server.roles.toets import toetsafname, toetsplanning
from mock_server.roles.toets.toetsafname import Result
from mock_server.serving.server import MockServer
from mock_server.settings import MockSettings
from mock_server.state.stores.protocol import Transaction
from ooapi_toets import JsonObject, editions, resources
from ooapi_toets.contract import Role
from ooapi_toets.editions.toets import SESSION
from ooapi_toets.samples import Maker, report, with_consumer
from tests.command import COMMAND, PATIENCE, started
from tests.counterparts import counterparts_here
from tests.vendors.planning import NoMail, Planning, TwoOfOnePerson


@contextmanager
def between(planning: MockServer, afname: MockServer) -> Iterator[Relay]:
    upstream: dict[Role, str] = {"toetsplanning": planning.url, "toetsafname": afname.url}
    relay = Relay(upstream, dict.fromkeys(editions.ROLES, ("127.0.0.1", 0)))
    with counterparts_here(), closing(relay):
        relay.start()
        yield relay


def failing(finished: CheckOutcome) -> dict[str, str]:
    return {
        each.rule.id: each.outcome.value for each in finished.results if each.outcome.value in {"fail", "warn", "error"}
    }


def story(relay: Relay, planning: Planning, *servers: MockServer) -> None:
    """The five options, with a report and its reading before the session goes."""
    url = relay.fronts["toetsafname"].url
    for step in ("2.1", "2.2", "2.3", "2.4"):
        planning.perform(step, "", url)
    session = planning.offering["offeringId"]
    found = {"irregularities": "Geen (test)", "documents": [Maker("a relayed report").document()]}
    for server in servers:  # the one planned it, the other has the report already
        with server.mock.store.begin(write=True) as tx:
            known = orjson.loads(tx.get(SESSION, session) or orjson.dumps(planning.offering))
            tx.put(SESSION, session, orjson.dumps(with_consumer(known, **found)))
    sent = report(**found)
    httpx.patch(f"{relay.fronts['toetsplanning'].url}/offerings/{session}", json=sent)
    httpx.get(f"{url}/offerings/{session}")
    planning.perform("2.5", "", url)
    planning.sender.close()


def test_the_chain_of_two_mocks_gives_two_conformant_reports(tmp_path: Path) -> None:
    done = subprocess.run(
        [COMMAND, "demo", "--chain"], cwd=tmp_path, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    schema = json.loads(resources.spec("result.schema.json").read_text())
    for role in editions.ROLES:
        result = json.loads((tmp_path / "reports" / role / "result.json").read_text())
        jsonschema.validate(result, schema)
        assert (result["role"], result["verdict"]) == (role, "conformant")
        assert result["counts"]["warn"] == 0
        assert {each["half"] for each in result["rules"]} == {"server", "client"}
        assert (tmp_path / "reports" / role / "report.html").is_file()


@pytest.mark.parametrize(
    ("liar", "rule"),
    [
        (TwoOfOnePerson, "2.2-client-keeps-person-the-same-over-roles"),
        (NoMail, "2.2-client-sends-valid-associations"),
    ],
)
def test_a_planning_system_that_errs_is_accused_alone(liar: type[Planning], rule: str) -> None:
    with (
        MockServer("toetsplanning") as planning,
        MockServer("toetsafname") as afname,
        between(planning, afname) as relay,
    ):
        story(relay, liar(), planning, afname)
        found = relay.finish()
    assert failing(found["toetsplanning"]) == {rule: "fail"}
    assert failing(found["toetsafname"]) == {}


def test_a_uuid_in_the_base_paths_is_taken_for_no_session() -> None:
    tenant = "/t/7e57aaaa-0000-4000-8000-00000000000a/ooapi"
    with (
        MockServer(MockSettings("toetsplanning", port=0, base_path=tenant)) as planning,
        MockServer(MockSettings("toetsafname", port=0, base_path=tenant)) as afname,
        between(planning, afname) as relay,
    ):
        story(relay, Planning(), planning, afname)
        session = Maker("below the base path of the system").offering()
        below = relay.fronts["toetsafname"].url.removesuffix("/ooapi") + tenant
        assert httpx.put(f"{below}/offerings", json=session).status_code == 200
        assert relay.fronts["toetsafname"].passed[-1].session == session["offeringId"]
        found = relay.finish()
    assert {role: failing(each) for role, each in found.items()} == {role: {} for role in editions.ROLES}
    assert "not conformant" not in {each.verdict.value for each in found.values()}


def keeps_deleted(_tx: Transaction, _request: Request) -> Result:
    """Says that it deletes, and does not."""
    return Answer(200), None


def forgets_the_end(tx: Transaction, request: Request) -> Result:
    """Moves every session by an hour."""
    offering: JsonObject = {**request.value, "endDateTime": "2031-01-01T00:00:00Z"}
    answer, effect = toetsafname.put_offering(tx, request)
    tx.put(SESSION, request.value["offeringId"], orjson.dumps(offering))
    return answer, effect


def refuses_reports(tx: Transaction, request: Request) -> Result:
    """Fails at every report."""
    toetsplanning.patch_offering(tx, request)
    return Answer(500), None


@pytest.mark.parametrize(
    ("role", "handlers", "expected"),
    [
        ("toetsafname", {"deleteOffering": keeps_deleted}, {"2.5-deleted-offering-is-404": "fail"}),
        ("toetsafname", {"putOffering": forgets_the_end}, {"2.1-reads-back-as-sent": "fail"}),
        (
            "toetsplanning",
            {"patchOffering": refuses_reports},
            {"http-no-5xx-on-any-input": "fail", "http-problem-body": "warn"},
        ),
    ],
)
def test_a_server_that_errs_is_accused_alone(
    role: Role, handlers: dict[str, Handler], expected: dict[str, str]
) -> None:
    servers = {each: MockServer(each, handlers=handlers if each == role else None) for each in editions.ROLES}
    with servers["toetsplanning"] as planning, servers["toetsafname"] as afname, between(planning, afname) as relay:
        story(relay, vendor := Planning(), planning, afname)
        httpx.get(f"{relay.fronts['toetsafname'].url}/offerings/{vendor.offering['offeringId']}")
        found = relay.finish()
    other: Role = "toetsplanning" if role == "toetsafname" else "toetsafname"
    assert failing(found[role]) == expected
    assert failing(found[other]) == {}


def test_what_passes_is_passed_on_as_it_is() -> None:
    with (
        MockServer("toetsplanning") as planning,
        MockServer("toetsafname") as afname,
        between(planning, afname) as relay,
    ):
        url = relay.fronts["toetsafname"].url
        offering = Maker("passed on").offering()
        straight = httpx.put(f"{afname.url}/offerings", json=offering)
        through = httpx.put(f"{url}/offerings", json=offering, headers={"X-Of-Our-Own": "yes"})
        assert (through.status_code, through.content) == (straight.status_code, straight.content)
        taken = list(afname.mock.journal)[-1]
        assert (b"x-of-our-own", b"yes") in taken.request_headers
        refused = httpx.put(f"{url}/offerings", content=b"{", headers={"content-type": "application/json"})
        assert refused.status_code == 400
        assert httpx.get(f"{url}/offerings/{offering['offeringId']}").json()["offeringId"] == offering["offeringId"]


def test_a_session_from_before_the_relay_accuses_nobody() -> None:
    make = Maker("before the relay")
    offering = make.offering()
    with MockServer("toetsplanning") as planning, MockServer("toetsafname") as afname:
        httpx.put(f"{afname.url}/offerings", json=offering)
        with between(planning, afname) as relay:
            url = f"{relay.fronts['toetsafname'].url}/offerings/{offering['offeringId']}/associations"
            assert httpx.put(url, json=make.students(2)).status_code == 200
            found = relay.finish()
    assert failing(found["toetsplanning"]) == {}
    assert found["toetsplanning"].verdict.value == "incomplete"


def test_a_system_that_is_not_there_is_told() -> None:
    with MockServer("toetsafname") as afname:
        upstream: dict[Role, str] = {"toetsplanning": "http://127.0.0.1:1/ooapi", "toetsafname": afname.url}
        relay = Relay(upstream, dict.fromkeys(editions.ROLES, ("127.0.0.1", 0)))
        with counterparts_here(), closing(relay):
            relay.start()
            answer = httpx.patch(f"{relay.fronts['toetsplanning'].url}/offerings/{Maker('x').new_id()}", json={})
            assert answer.status_code == 502
            assert answer.json()["title"] == "No answer"


def test_the_command_relays_until_all_is_quiet(tmp_path: Path) -> None:
    with MockServer("toetsplanning") as planning, MockServer("toetsafname") as afname:
        arguments = ["--toetsplanning", planning.url, "--toetsafname", afname.url, "--await", "2"]
        ports = ["--listen-toetsafname", "127.0.0.1:0", "--listen-toetsplanning", "127.0.0.1:0"]
        with started(tmp_path, "relay", *arguments, *ports) as process:
            assert process.stdout is not None
            lines = [process.stdout.readline() for _ in editions.ROLES]
            urls = {line.split()[2]: line.split()[4].rstrip(":") for line in lines}
            vendor = Planning()
            vendor.perform("2.1", "", urls["toetsplanning"])
            vendor.sender.close()
            out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 3, out + err
    assert "✓ PUT /ooapi/offerings 200" in err
    assert "toetsplanning: incomplete" in out
