"""The OpenAPI document: valid, complete, friendly to tools, and agreed with by every example and fixture."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest
import yaml
from openapi_spec_validator import validate

from ooapi_toets import Json, JsonObject, resources
from ooapi_toets.contract import Contract
from ooapi_toets.schemas import BodyValidator, resolve
from ooapi_toets.violations import Violation

DOCUMENT = resources.spec("ooapi-toets.yaml")


def test_document_is_valid_openapi(contract: Contract) -> None:
    validate(copy.deepcopy(contract.document))


def test_document_has_no_anchors_and_internal_references_only() -> None:
    events = list(yaml.parse(DOCUMENT.read_text()))
    assert not [event for event in events if getattr(event, "anchor", None)]
    references = [line.split(":", 1)[1].strip(' "') for line in DOCUMENT.read_text().splitlines() if "$ref:" in line]
    assert references
    assert all(reference.startswith("#/") for reference in references)


def test_no_schema_contains_itself(contract: Contract) -> None:
    schemas = contract.document["components"]["schemas"]

    def walk(node: object, above: tuple[str, ...]) -> None:
        if isinstance(node, dict):
            if "$ref" in node:
                name = node["$ref"].rsplit("/", 1)[1]
                assert name not in above, f"{' > '.join(above)} > {name}"
                walk(schemas[name], (*above, name))
            for value in node.values():
                walk(value, above)
        elif isinstance(node, list):
            for value in node:
                walk(value, above)

    for name, schema in schemas.items():
        walk(schema, (name,))


def test_every_operation_of_the_standard_is_there(contract: Contract) -> None:
    served = {(operation.method, operation.path): sorted(operation.roles) for operation in contract.operations.values()}
    afname, planning, both = ["toetsafname"], ["toetsplanning"], ["toetsafname", "toetsplanning"]
    assert served == {
        ("GET", "/"): both,
        ("PUT", "/offerings"): afname,
        ("POST", "/offerings"): afname,
        ("GET", "/offerings/{offeringId}"): both,
        ("DELETE", "/offerings/{offeringId}"): afname,
        ("PATCH", "/offerings/{offeringId}"): planning,
        ("GET", "/offerings/{offeringId}/associations"): afname,
        ("PUT", "/offerings/{offeringId}/associations"): afname,
        ("GET", "/documents/{documentId}"): afname,
    }


def test_media_types_of_one_body_carry_one_schema(contract: Contract) -> None:
    for item in contract.document["paths"].values():
        for operation in item.values():
            if isinstance(operation, dict) and "requestBody" in operation:
                schemas = [media["schema"] for media in operation["requestBody"]["content"].values()]
                assert all(schema == schemas[0] for schema in schemas)


def _examples(contract: Contract) -> list[tuple[str, JsonObject, Json]]:
    found = []
    for path, item in contract.document["paths"].items():
        for method, operation in item.items():
            if isinstance(operation, dict) and "responses" in operation:
                bodies = {"request": operation.get("requestBody", {}), **operation["responses"]}
                for where, body in bodies.items():
                    for media in resolve(contract.document, body).get("content", {}).values():
                        for name, example in media.get("examples", {}).items():
                            value = resolve(contract.document, example)["value"]
                            found.append((f"{method} {path} {where} {name}", media["schema"], value))
    return found


def test_every_example_satisfies_its_schema(contract: Contract) -> None:
    examples = _examples(contract)
    assert len(examples) > 10
    for name, schema, value in examples:
        assert BodyValidator(contract.document, schema).violations(value) == [], name


def test_every_named_example_is_used(contract: Contract) -> None:
    text = DOCUMENT.read_text()
    for name in contract.document["components"]["examples"]:
        assert f"#/components/examples/{name}" in text, name


MESSAGES = sorted(resources.fixtures("messages").glob("*.json"))


@pytest.mark.parametrize("path", MESSAGES, ids=[path.stem for path in MESSAGES])
def test_every_fixture_satisfies_the_contract(path: Path, contract: Contract) -> None:
    fixture = json.loads(path.read_text())
    body = contract.operations[fixture["operation"]].body
    assert body is not None
    assert body.violations(fixture["message"]) == []


def test_the_nl_test_admin_consumer_is_judged_by_its_key(contract: Contract) -> None:
    body = contract.operations["putOffering"].body
    assert body is not None
    offering = copy.deepcopy(contract.example("offeringComplete"))
    offering["consumers"][0]["offeringState"] = "weird"
    assert [each.pointer for each in body.violations(offering)] == ["/consumers/0/offeringState"]
    offering["consumers"] = [{"consumerKey": "x-something", "offeringState": "weird"}]
    assert [each.pointer for each in body.violations(offering)] == ["/consumers"]


@pytest.mark.parametrize(
    ("language", "message"), [("", "must not be empty"), ("n", "must not be shorter than 2 characters")]
)
def test_what_is_too_short_is_not_called_empty(language: str, message: str, contract: Contract) -> None:
    body = contract.operations["putOffering"].body
    assert body is not None
    offering = copy.deepcopy(contract.example("offeringComplete"))
    offering["name"][0]["language"] = language
    assert [(each.pointer, each.message.en) for each in body.violations(offering)] == [("/name/0/language", message)]


def test_a_violation_comes_back_from_what_is_sent_of_it(contract: Contract) -> None:
    body = contract.operations["putOffering"].body
    assert body is not None
    offering = {**contract.example("offeringComplete"), "endDateTime": "2031-03-04 13:00+01:00", "name": [{}]}
    found = body.violations(offering)
    assert [Violation.from_dict(each.as_dict()) for each in found] == found
    assert [each.hint and each.hint.nl for each in found] == ["schrijf een T tussen datum en tijd", None, None]


def test_links_name_operations_and_parameters_that_exist(contract: Contract) -> None:
    links = contract.document["components"]["links"].values()
    for link in links:
        operation = contract.operations[link["operationId"]]
        for name in link["parameters"]:
            assert "{" + name + "}" in operation.path
