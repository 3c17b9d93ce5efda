"""The benchmark's own arithmetic, its load generator, its yardstick, and that its page says what was measured."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import bare, cases, contenders, figures, page, stored, targets
from bench.load import BenchError, Loop, is_whole, request_of, send_once
from mock_server.serving.server import MockServer
from ooapi_toets.contract import Contract
from ooapi_toets.editions.toets import SESSION

DOCS = Path(__file__).parent.parent / "docs"
MACHINE = {"processor": "2 cores of something", "memory": "8 GB", "system": "Linux"}
rates = st.lists(st.floats(1, 1e6), min_size=1, max_size=9)


def results(**sections: object) -> dict[str, object]:
    return stored.merged(None, MACHINE, {"Python": "3"}, "2027-01-18", sections)


def speed(mock: float, bare_route: float, prism: float | None) -> dict[str, object]:
    servers = {"mock": mock, "bare": bare_route, **({"prism": prism} if prism else {})}
    keys = ("put", "get", "list-30", "put-changed", "list-changed")
    return {
        "load": "wrk",
        "connections": 16,
        "rounds": 1,
        "seconds": 1,
        "warmUp": 3,
        "missing": [] if prism else ["Prism was not run: Node or npm was not found."],
        "servers": [{"key": key, "title": key.title(), "does": "things", "started": 1.0} for key in servers],
        "cases": [{"key": key, "title": key, "bytes": 10} for key in keys],
        "rates": {key: {name: [rate] for name, rate in servers.items()} for key in keys},
    }


@given(rates)
def test_the_middle_lies_between_and_equal_rounds_have_no_spread(values: list[float]) -> None:
    assert min(values) <= figures.middle(values) <= max(values)
    assert figures.spread(values) >= 0
    assert figures.spread([values[0]] * 5) == pytest.approx(0)
    assert figures.ratio(values, values) == 1


def test_a_ratio_is_taken_round_by_round() -> None:
    # The machine was ten times as slow in the last round: the ratio of the medians would be 1.
    assert figures.ratio([200, 20, 2], [100, 10, 1]) == 2
    assert figures.spread([90, 100, 110]) == pytest.approx(0.05)


def test_a_target_is_met_missed_or_not_measured() -> None:
    found = {
        each.what: each for each in targets.of({"speed": speed(5000, 10000, 1000), "reset": {"milliseconds": [1]}})
    }
    assert found["PUT of an offering, beside Prism"].met is True
    beside = found["PUT of an offering, beside the bare route"]
    assert beside.met is False
    assert beside.missed_by == pytest.approx(1 / 6)
    assert found["Reset from test code"].met is True
    assert found["Check of toetsafname"].met is None
    without = targets.of({"speed": speed(5000, 10000, None)})
    assert [each.met for each in without if "Prism" in each.what] == [None] * 3
    assert all(each.met is None for each in targets.of({}))


def test_parts_are_replaced_one_by_one_but_not_across_machines() -> None:
    before = stored.merged(None, MACHINE, {}, "2027-01-18", {"start": {"seconds": [1]}, "reset": {"milliseconds": [9]}})
    after = stored.merged(before, MACHINE, {}, "2027-01-19", {"reset": {"milliseconds": [2]}})
    assert after["sections"]["start"] == {"date": "2027-01-18", "data": {"seconds": [1]}}
    assert after["sections"]["reset"]["data"] == {"milliseconds": [2]}
    elsewhere = stored.merged(before, {**MACHINE, "memory": "1 GB"}, {}, "2027-01-19", {"reset": {"milliseconds": [2]}})
    assert list(elsewhere["sections"]) == ["reset"]


def test_the_page_says_what_was_missed_and_what_was_not_run(tmp_path: Path) -> None:
    stored.write(tmp_path, results(speed=speed(5000, 10000, None)))
    text = (tmp_path / stored.PAGE).read_text()
    assert "| PUT of an offering, beside the bare route | ≥ 0.6 times | 0.50 times | missed by 17% |" in text
    assert "| PUT of an offering, beside Prism | ≥ 3 times |  | not measured |" in text
    assert "Prism was not run: Node or npm was not found." in text
    assert page.render(stored.read(tmp_path) or {}) == text


def test_the_page_in_the_repository_is_rendered_from_the_results_beside_it() -> None:
    found = stored.read(DOCS)
    assert found is not None, "run make bench"
    assert (DOCS / stored.PAGE).read_text(encoding="utf-8") == page.render(found), (
        "docs/benchmarks.md was edited by hand"
    )


def test_the_comparison_names_the_versions_that_are_measured() -> None:
    pinned = orjson.loads((DOCS.parent / "bench" / "package.json").read_bytes())["dependencies"]
    text = (DOCS / "comparison.md").read_text(encoding="utf-8")
    assert f"Prism {pinned['@stoplight/prism-cli']}" in text
    assert f"WireMock {pinned['wiremock']}" in text


def test_what_prism_is_given_has_no_null_twice(tmp_path: Path, contract: Contract) -> None:
    contenders.lay_document(tmp_path)
    given = orjson.loads((tmp_path / "document.json").read_bytes())
    assert list(given["paths"]) == [f"/ooapi{path}" for path in contract.document_for("toetsafname")["paths"]]
    assert b"null]" not in orjson.dumps(given)


def test_every_case_follows_the_contract(contract: Contract) -> None:
    for case in [*cases.same(), *cases.changing(), cases.list_of(500)]:
        operation = contract.operations["putAssociations" if "associations" in case.path else "putOffering"]
        assert operation.body is not None
        for body in case.bodies:
            assert operation.body.violations(orjson.loads(body)) == []
    assert cases.same() == cases.same()


def test_the_yardstick_validates_and_remembers() -> None:
    put, get, people = cases.same()

    async def conversation() -> list[int]:
        transport = httpx.ASGITransport(bare.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://bare") as client:
            answers = [await client.put(put.path, content=b'{"offeringId": 1}')]
            answers += [await client.put(put.path, content=put.bodies[0]), await client.get(get.path)]
            assert answers[-1].content == put.bodies[0]
            answers += [await client.put(people.path, content=b"[{}]")]
            answers += [await client.put(people.path, content=people.bodies[0])]
            return [each.status_code for each in answers]

    assert asyncio.run(conversation()) == [400, 200, 200, 400, 200]


def test_the_loop_counts_answers_and_refuses_failures(toetsafname: MockServer) -> None:
    port = httpx.URL(toetsafname.url).port or 0
    put, get, _ = cases.same()
    with pytest.raises(BenchError, match="no success"):
        send_once(get.title, port, [request_of("GET", get.path)])
    sent = (request_of(put.method, put.path, orjson.dumps(cases.numbered(cases.offering(), n))) for n in range(40))
    assert send_once(put.title, port, sent).answers == 40
    with toetsafname.mock.store.begin() as tx:
        assert tx.count(SESSION) == 40
    measured = Loop().run(port, put, 1)
    assert measured.answers > 0
    assert measured.p99_ms > 0


@pytest.mark.parametrize(
    ("received", "whole"),
    [
        (b"HTTP/1.1 200 OK\r\ncontent-le", False),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabc", False),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabcd", True),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n", False),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", True),
    ],
)
def test_an_answer_is_whole_when_all_of_it_is_there(received: bytes, *, whole: bool) -> None:
    assert is_whole(received) is whole
