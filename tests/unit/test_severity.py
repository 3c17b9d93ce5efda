"""What accepting a wrong message weighs is said by the contract, beside its schemas."""

from __future__ import annotations

import pytest

from ooapi_toets import Json, editions
from ooapi_toets.samples import Maker, report, without
from ooapi_toets.violations import serious

_MAKE = Maker("severity")
_SESSION, _ONE, _DOCUMENT = _MAKE.offering(), _MAKE.association(), _MAKE.document()
_PERSON = _ONE["person"]


@pytest.mark.parametrize(
    ("operation", "body", "place", "weight"),
    [
        ("putOffering", [], "", "fail"),
        ("putOffering", without(_SESSION, "offeringId"), "/offeringId", "fail"),
        ("putOffering", {**_SESSION, "offeringId": 0}, "/offeringId", "fail"),
        ("putOffering", {**_SESSION, "offeringId": "session-one"}, "/offeringId", "fail"),
        ("putOffering", without(_SESSION, "endDateTime"), "/endDateTime", "fail"),
        ("putOffering", {**_SESSION, "startDateTime": "yesterday"}, "/startDateTime", "fail"),
        ("putOffering", {**_SESSION, "startDateTime": "2027-01-18T09:00:00"}, "/startDateTime", "warn"),
        ("putOffering", without(_SESSION, "consumers"), "/consumers", "warn"),
        ("putOffering", {**_SESSION, "consumers": [{"consumerKey": "x-other"}]}, "/consumers", "note"),
        ("putOffering", without(_SESSION, "name"), "/name", "warn"),
        (
            "putOffering",
            {**_SESSION, "primaryCode": {"codeType": "offeringCode", "code": 0}},
            "/primaryCode/code",
            "warn",
        ),
        ("putAssociations", None, "", "fail"),
        ("putAssociations", [None], "/0", "fail"),
        ("putAssociations", [without(_ONE, "associationId")], "/0/associationId", "fail"),
        ("putAssociations", [without(_ONE, "person")], "/0/person", "fail"),
        ("putAssociations", [{**_ONE, "person": without(_PERSON, "personId")}], "/0/person/personId", "fail"),
        ("putAssociations", [{**_ONE, "person": _PERSON["personId"]}], "/0/person", "warn"),
        ("putAssociations", [{**_ONE, "person": {**_PERSON, "mail": ""}}], "/0/person/mail", "disputed"),
        ("putAssociations", [{**_ONE, "role": "headmaster"}], "/0/role", "warn"),
        ("patchOffering", [], "", "fail"),
        ("patchOffering", {"consumers": []}, "/offeringType", "warn"),
        ("patchOffering", report(documents=[None]), "/consumers/0/documents/0", "fail"),
        ("patchOffering", report(documents=[{}]), "/consumers/0/documents/0/documentName", "fail"),
        (
            "patchOffering",
            report(documents=[{**_DOCUMENT, "documentName": 5}]),
            "/consumers/0/documents/0/documentName",
            "warn",
        ),
        (
            "patchOffering",
            report(documents=[{**_DOCUMENT, "documentType": "plan"}]),
            "/consumers/0/documents/0/documentType",
            "fail",
        ),
        ("patchOffering", report(irregularities=4), "/consumers/0/irregularities", "warn"),
    ],
)
def test_a_violation_weighs_what_the_contract_says(operation: str, body: Json, place: str, weight: str) -> None:
    validator = editions.load().contract.operations[operation].body
    assert validator is not None
    found = {each.pointer: each for each in validator.violations(body)}
    assert found[place].weight == weight
    assert (found[place] in serious(found.values())) is (weight == "fail")


def test_a_report_without_consumers_is_legal() -> None:
    validator = editions.load().contract.operations["patchOffering"].body
    assert validator is not None
    assert validator.is_valid({"offeringType": "component"})


def test_a_further_constraint_is_not_told_beside_the_one_of_the_schema() -> None:
    validator = editions.load().contract.operations["putOffering"].body
    assert validator is not None
    assert [each.keyword for each in validator.violations({**_SESSION, "startDateTime": "yesterday"})] == ["format"]


def test_every_disputed_schema_names_a_reading() -> None:
    from ooapi_toets import register  # noqa: PLC0415

    named = set(_disputed(editions.load().contract.document))
    known = register.load().interpretations
    assert named
    assert {name for name in named if name not in known or not known[name].disputed} == set()


def _disputed(node: Json) -> list[str]:
    if isinstance(node, list):
        return [name for each in node for name in _disputed(each)]
    if not isinstance(node, dict):
        return []
    own = [node["x-disputed"]] if isinstance(node.get("x-disputed"), str) else []
    return own + [name for each in node.values() for name in _disputed(each)]
