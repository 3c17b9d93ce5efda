"""Small clients, right and wrong, and what the mock says of them: examples for the rules about clients."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import httpx

from conformance.evidence.exchange import Exchange
from mock_server.journal.entry import Entry
from mock_server.serving.server import MockServer
from mock_server.settings import MockSettings
from ooapi_toets import Json, JsonObject, editions, results
from ooapi_toets.contract import Role
from ooapi_toets.masking import Masker
from ooapi_toets.outcomes import Outcome
from ooapi_toets.samples import CONSUMER_KEY, Maker, report, without
from ooapi_toets.texts import Text
from tests.liars import examples
from tests.liars.liar import ACTIVE, AFNAME, PLANNING

Send = Callable[[str, str, Json], None]


def fails() -> dict[str, JsonObject]:
    """What the mock says of wrong calls, by rule."""
    return {**_judged(AFNAME, _wrong_planner, wrong=True), **_judged(PLANNING, _wrong_taker, wrong=True)}


def passes() -> dict[str, JsonObject]:
    """What the mock says of right calls, by rule."""
    return {**_judged(AFNAME, _right_planner, wrong=False), **_judged(PLANNING, _right_taker, wrong=False)}


def _wrong_planner(send: Send) -> None:
    """Calls of a Toetsplanning that gets each thing wrong once."""
    make = Maker("wrong planner")
    session = make.offering()
    path = f"/offerings/{session['offeringId']}/associations"
    people = make.students(2)
    send("PUT", "/offerings", make.offering(offeringId="session-one"))
    send("PUT", "/offerings", without(make.offering(), "name"))
    send("PUT", path, people)
    send("PUT", "/offerings", session)
    send("PUT", path, [{**people[0], "role": "headmaster"}])
    person = people[0]["person"]
    other = {**make.association("assessor"), "person": {**person, "surname": "Anders-0000"}}
    send("PUT", path, [people[0], other])
    send("PUT", path, people)
    send("PUT", path, [{**each, "associationId": make.new_id()} for each in people])
    send("PUT", path, make.students(1))
    send("PUT", "/sessions", session)
    send("DELETE", f"{path}/{people[0]['associationId']}", None)
    consumers = [{"consumerKey": CONSUMER_KEY, "offeringState": "canceled"}]
    send("PATCH", f"/offerings/{session['offeringId']}", {"offeringType": "component", "consumers": consumers})


def _wrong_taker(send: Send) -> None:
    """Calls of a Toetsafname that gets each thing wrong once."""
    make = Maker("wrong taker")
    path = f"/offerings/{ACTIVE}"
    send("PATCH", path, report(irregularities="Brandalarm (test)", documents=[make.document("seatingPlan")]))
    send("PATCH", path, without(report(irregularities="Brandalarm (test)"), "offeringType"))


def _right_planner(send: Send) -> None:
    """Calls of a Toetsplanning that adds and removes somebody, who has two roles."""
    make = Maker("right planner")
    session, people = make.offering(), make.students(2)
    path = f"/offerings/{session['offeringId']}/associations"
    both = [make.association("coordinator"), make.association("assessor")]
    both[1]["person"] = both[0]["person"]
    send("PUT", "/offerings", session)
    for members in (people[:1], people, both, [*both, people[0]], both):
        send("PUT", path, members)
    send("DELETE", f"/offerings/{session['offeringId']}", None)


def _right_taker(send: Send) -> None:
    """Calls of a Toetsafname that sends a report with a document."""
    document = Maker("right taker").document()
    send("PATCH", f"/offerings/{ACTIVE}", report(irregularities="Brandalarm (test)", documents=[document]))


def _judged(role: Role, calls: Callable[[Send], None], *, wrong: bool) -> dict[str, JsonObject]:
    with MockServer(MockSettings(role=role, port=0, seed_data="basic")) as server, httpx.Client() as client:

        def send(method: str, path: str, body: Json) -> None:
            client.request(method, server.url + path, json=body)

        calls(send)
        return dict(_told(list(server.mock.journal), wrong=wrong))


def _told(entries: list[Entry], *, wrong: bool) -> Iterator[tuple[str, JsonObject]]:
    masker = Masker(editions.load().contract, salt=b"examples")
    seen: set[str] = set()
    for entry in entries:
        for finding in entry.findings:
            if (finding.outcome is not Outcome.PASS) is not wrong or finding.rule in seen:
                continue
            seen.add(finding.rule)
            broken = finding.broken[0].violation if finding.broken else None
            told = broken.sentence if broken else Text("The call shows it", "De aanroep laat het zien")
            example = {"told": results.text(told), "exchanges": [examples.shown(_exchange(entry), masker)]}
            yield finding.rule, examples.steady(example)


def _exchange(entry: Entry) -> Exchange:
    headers = tuple((name.decode(), value.decode()) for name, value in entry.request_headers)
    return Exchange(
        number=entry.id,
        scenario="",
        operation_id=entry.operation_id or "",
        method=entry.method,
        url=f"http://127.0.0.1{entry.path}",
        request_headers=headers,
        request_body=entry.body,
        started="",
        elapsed_ms=0.0,
        status=entry.status,
        headers=(),
        body=entry.response_body,
        failure="",
        meant_valid=True,
    )
