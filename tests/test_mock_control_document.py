"""The control API and its document say the same."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import openapi_spec_validator
import pytest
from starlette.routing import Route

from mock_server.serving.server import MockServer
from mock_server.settings import CONTROL
from ooapi_toets import JsonObject
from tests.control_client import DOCUMENT, METHODS, control_of

SOME_ID = {"id": "1", "name": "x", "session": "x", "jti": "x"}


@pytest.fixture(scope="module")
def toetsafname() -> Iterator[MockServer]:
    with MockServer("toetsafname") as server:
        yield server


def described() -> set[tuple[str, str]]:
    return {(method.upper(), path) for path, item in DOCUMENT["paths"].items() for method in METHODS if method in item}


def test_the_document_is_valid_openapi() -> None:
    openapi_spec_validator.validate(DOCUMENT)


def test_every_route_is_in_the_document_and_the_reverse(toetsafname: MockServer) -> None:
    routes: list[Route] = toetsafname.mock.app.control.app.routes  # type: ignore[attr-defined] # behind the door, whose application may be any
    built = {
        (method, route.path.removeprefix(CONTROL))
        for route in routes
        for method in (route.methods or set()) - {"HEAD"}
        if route.path != CONTROL  # leads to the same with a slash
    }
    assert built == described()


def test_operation_ids_are_unique_and_every_tag_is_explained() -> None:
    operations = [item[method] for item in DOCUMENT["paths"].values() for method in METHODS if method in item]
    names = [each["operationId"] for each in operations]
    assert len(names) == len(set(names))
    assert {tag for each in operations for tag in each["tags"]} == {each["name"] for each in DOCUMENT["tags"]}


def test_the_mock_hands_out_the_document(toetsafname: MockServer) -> None:
    with control_of(toetsafname) as control:
        assert control.get("/openapi.json").json() == DOCUMENT


def test_the_criteria_that_are_described_are_those_that_are_known(toetsafname: MockServer) -> None:
    with control_of(toetsafname) as control:
        told = control.post("/requests/find", json={"nothing": 1}).json()["detail"]
    known = set(re.findall(r"[a-z]+", told.partition(":")[2]))
    assert known == set(DOCUMENT["components"]["schemas"]["Criteria"]["properties"])


@pytest.mark.parametrize(("method", "path"), sorted(described() - {("GET", "/events"), ("GET", "/page/{name}")}))
def test_whatever_is_called_answers_as_described(method: str, path: str, toetsafname: MockServer) -> None:
    """With nothing registered and no body: what matters is the form of the answer, which the client checks."""
    with control_of(toetsafname) as control:
        answer = control.request(method, path.format(**SOME_ID))
        assert answer.status_code < 500
        if method in {"PUT", "PATCH"}:
            assert answer.status_code in {400, 404}


@pytest.mark.parametrize("body", [b"{", b"[]", b"1", b'{"nothing": 1}', b'"\xff"'])
def test_a_body_that_cannot_be_understood_is_a_problem(body: bytes, toetsafname: MockServer) -> None:
    def with_body(item: JsonObject) -> bool:
        return item.get("requestBody", {}).get("required", True) and "requestBody" in item

    paths = [
        (method, path)
        for path, item in DOCUMENT["paths"].items()
        for method in METHODS
        if method in item and with_body(item[method])
    ]
    with control_of(toetsafname) as control:
        for method, path in paths:
            answer = control.request(method, path.format(**SOME_ID), content=body)
            assert answer.status_code in {400, 404, 409}, (method, path, body)
            assert answer.json()["title"]


def test_a_wrong_method_is_told_the_right_ones(toetsafname: MockServer) -> None:
    with httpx.Client(base_url=toetsafname.origin + CONTROL) as control:
        answer = control.post("/state")
        assert answer.status_code == 405
        assert answer.headers["allow"] == "DELETE, GET, HEAD, PATCH, PUT"
        assert answer.headers["content-type"] == "application/problem+json"
