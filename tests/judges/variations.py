"""Exchanges made by hand: messages of the contract with one thing changed in them."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from conformance.evidence.exchange import Exchange
from ooapi_toets import Json, JsonObject, editions, resources
from ooapi_toets.contract import Contract
from ooapi_toets.strictjson import encode

Make = Callable[[Contract], Iterator[Exchange]]

BASE = "http://127.0.0.1:8080/ooapi"
SESSION = "7e570000-0000-4000-8000-000000000001"
PROBLEM: JsonObject = {"status": "400", "title": "Refused", "detail": "…", "errors": []}

_OTHER_VALUES: tuple[Json, ...] = (None, True, 17, -1, 0.5, "", "x" * 300, [], {})
_OTHER_TEXTS = {
    "Id": (
        "7E570000-0000-4000-8000-00000000ABCD",
        "7e57000000004000800000000000abcd",
        "{7e570000-0000-4000-8000-00000000abcd}",
        "urn:uuid:7e570000-0000-4000-8000-00000000abcd",
        "00000000-0000-0000-0000-000000000000",
        "7e570000-0000-4000-8000-00000000abcg",
        "7e570000-0000-4000-8000-00000000abcd ",
    ),
    "DateTime": (
        "2027-01-18T09:00:00Z",
        "2027-01-18t09:00:00z",
        "2027-01-18 09:00:00Z",
        "2027-01-18T09:00:00.123456789+01:00",
        "2027-01-18T09:00:00",
        "2027-01-18T09:00Z",
        "2027-01-18T09:00:00+0100",
        "2027-01-18T24:00:00Z",
        "2027-02-29T09:00:00Z",
        "2027-13-01T09:00:00Z",
        "2016-12-31T23:59:60Z",
        "2027-01-18T09:00:00+24:00",
        "20270118T090000Z",
        "2027-01-18",
    ),
    "mail": ("a@b", "a.b@example.org", "nobody", "a b@example.org", "@example.org", "a@", "a@b@c"),
}


def made(
    contract: Contract,
    operation_id: str,
    body: Json | bytes = None,
    answer: Json | bytes = PROBLEM,
    *,
    query: str = "",
    key: str = SESSION,
    media_type: str = "application/json",
    status: int = 400,
    answer_type: str = "application/problem+json",
) -> Exchange:
    """An exchange as it could have been recorded."""
    operation = contract.operations[operation_id]
    sent = body if isinstance(body, bytes) else encode(body) if operation.body else b""
    return Exchange(
        number=1,
        scenario="made by hand",
        operation_id=operation_id,
        method=operation.method,
        url=BASE + operation.path.replace("{offeringId}", key).replace("{documentId}", key) + query,
        request_headers=(("content-type", media_type),) if operation.body and media_type else (),
        request_body=sent,
        started="2027-01-18T09:00:00.000+00:00",
        elapsed_ms=1.0,
        status=status,
        headers=(("content-type", answer_type),) if answer_type else (),
        body=answer if isinstance(answer, bytes) else encode(answer),
        failure="",
        meant_valid=False,
        ids=dict.fromkeys(operation.path_parameters, key),
        meaning=partial(editions.load().meaning, min(operation.roles)),
    )


def message(name: str) -> Json:
    """The body of one of our fixtures."""
    return json.loads(resources.fixtures("messages", f"{name}.json").read_text(encoding="utf-8"))["message"]


def twice(text: bytes) -> bytes:
    """The same object with its first attribute given once more, in front."""
    return text.replace(b"{", b'{"offeringType":"course",', 1)


def not_utf8(text: bytes) -> bytes:
    """The same object with a byte in one of its texts that is no UTF-8."""
    return text.replace(b"lot of", b"lot \xff", 1)


def requests(contract: Contract) -> Iterator[Exchange]:
    """Requests with one thing changed, and as they are."""
    people = message("associations-option-2")
    for operation_id, body in (
        ("putOffering", message("offering-complete")),
        ("putAssociations", people[:1]),
        ("putAssociations", people[2]),
        ("patchOffering", message("report-flow-4.1-example")),
    ):
        yield made(contract, operation_id, body)
        for changed in changes(body):
            yield made(contract, operation_id, changed)
    yield from _requests_in_http(contract)


def _requests_in_http(contract: Contract) -> Iterator[Exchange]:
    report = message("report-flow-4.1-example")
    text = encode(report)
    for media_type in (
        "application/merge-patch+json",
        "Application/JSON",
        "application/json; charset=utf-8",
        'application/json;charset="UTF-8"',
        "application/json-patch+json",
        "text/plain",
        "text/json",
        "application/xml",
        "*/*",
        "",
    ):
        yield made(contract, "patchOffering", report, media_type=media_type)
    for body in (
        *(b"", b" ", b"{", b"NaN", b"'a'", b"null", b"[]", b"[" * 400, text[:-1], text + b"}", b"\xff" + text),
        *(text.decode().encode("utf-16"), b"\xef\xbb\xbf" + text, twice(text), not_utf8(text)),
    ):
        yield made(contract, "patchOffering", body)
    for key in ("1", "%20", SESSION.upper(), SESSION + "%20", "%C3%A9", SESSION[:-1]):
        yield made(contract, "getOffering", key=key, status=404)
        yield made(contract, "patchOffering", report, key=key)
    for query in (
        "pageSize=10",
        "pageSize=11",
        "pageSize=ten",
        "pageSize=10.0",
        "pageSize=",
        "pageSize=%31%30",
        "pageNumber=1",
        "pageNumber=0",
        "pageNumber=-1",
        "pageNumber=2147483647",
        "pageNumber=2147483648",
        "pageSize=10&pageSize=10",
        "expand=person",
        "expand=Person",
        "expand=",
        "unknown=1",
    ):
        yield made(contract, "getAssociations", query=f"?{query}", status=404)


def answers(contract: Contract) -> Iterator[Exchange]:
    """Answers with one thing changed, and as they are."""
    offering = contract.example("offeringWithReport")
    page = copy.deepcopy(contract.example("associationPage"))
    page["items"].append(contract.example("associationStudent"))
    problem = contract.example("problemInvalid")
    for operation_id, status, media_type, body in (
        ("getOffering", 200, "application/json", offering),
        ("getAssociations", 200, "application/json", page),
        ("getService", 200, "application/json", contract.example("service")),
        ("getOffering", 400, "application/problem+json", problem),
    ):
        good = made(contract, operation_id, None, body, status=status, answer_type=media_type)
        yield good
        for changed in changes(body):
            yield replace(good, body=encode(changed))
    yield from _answers_in_http(contract, made(contract, "getOffering", None, offering, status=200, answer_type=""))


def _answers_in_http(contract: Contract, read: Exchange) -> Iterator[Exchange]:
    for declared in ("application/json", "application/json; charset=utf-8", "text/plain", "application/xml", ""):
        yield replace(read, headers=(("content-type", declared),) if declared else ())
    as_json = replace(read, headers=(("content-type", "application/json"),))
    for status in (200, 201, 202, 204, 301, 400, 404, 418, 422, 500, 503):
        yield replace(as_json, status=status)
        yield made(contract, "getOffering", status=status)
    for body in (b"", b"{", b"[]", b"17", b"\xff\xfe", b"<html></html>"):
        yield replace(as_json, body=body)
    yield made(contract, "deleteOffering", answer=b"", status=200, answer_type="")
    yield made(contract, "deleteOffering", answer=b"gone", status=200, answer_type="text/plain")
    yield made(contract, "getDocument", answer=b"%PDF-1.4", status=200, answer_type="application/pdf", key="doc-1")
    yield made(contract, "getDocument", answer=b"a picture", status=200, answer_type="image/png", key="doc-1")
    yield made(contract, "getDocument", answer=b"", status=200, answer_type="application/pdf", key="doc-1")


def changes(value: Json) -> Iterator[Json]:
    """Copies of a message with one part of it left out or replaced."""
    yield from _OTHER_VALUES
    for path in _places(value):
        *above, last = path
        without = copy.deepcopy(value)
        del _at(without, above)[last]
        yield without
        for other in (*_OTHER_VALUES, *_texts_for(path)):
            changed = copy.deepcopy(value)
            _at(changed, above)[last] = other
            yield changed


def _places(value: Json, above: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in parts:
        yield (*above, key)
        yield from _places(part, (*above, key))


def _at(value: Json, path: list[str | int]) -> Json:
    for key in path:
        value = value[key]
    return value


def _texts_for(path: tuple[str | int, ...]) -> tuple[str, ...]:
    name = str(path[-1])
    return next((texts for end, texts in _OTHER_TEXTS.items() if name.endswith(end)), ())
