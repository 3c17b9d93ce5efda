"""The contracts of edition `oke-1.0.1`: valid, complete, weighed, and agreed with by every example and fixture."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import jsonschema_rs
import pytest
import yaml
from openapi_spec_validator import validate

from ooapi_toets import Json, JsonObject, resources
from tests import oke_contract as oke
from tests.conftest import REQUIRE_ALL, program
from tests.judges import programs

FILES = [oke.FOLDER / name for name in ("components.yaml", "toetsafname.yaml", "toetsplanning.yaml")]
SCHEMAS: dict[str, JsonObject] = oke.shared()["components"]["schemas"]
EXAMPLES: dict[str, JsonObject] = oke.shared()["components"]["examples"]
DOCUMENTS = {role: oke.bundled(role) for role in oke.ROLES}
READINGS = {each["id"] for each in resources.read_yaml(resources.spec("interpretations-oke.yaml"))["interpretations"]}


# -- the documents -----------------------------------------------------------------------------------


@pytest.mark.parametrize("role", oke.ROLES)
def test_a_document_is_valid_openapi(role: str) -> None:
    validate(copy.deepcopy(DOCUMENTS[role]))
    assert DOCUMENTS[role]["openapi"] == "3.0.3"


def test_the_shared_components_are_a_valid_document_of_their_own() -> None:
    validate(copy.deepcopy(oke.shared()))


def test_redocly_finds_nothing_in_the_documents() -> None:
    node = program("node")
    if problem := programs.missing(node):
        if REQUIRE_ALL:
            pytest.fail(problem)
        pytest.skip(f"{problem}; this was not run")
    done = programs.lint(node, *(oke.FOLDER / f"{role}.yaml" for role in oke.ROLES))
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert "warning" not in said.replace("Deprecation warning", ""), said


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_has_no_anchors_and_references_within_the_edition_only(path: Any) -> None:
    text = path.read_text(encoding="utf-8")
    assert not [event for event in yaml.parse(text) if getattr(event, "anchor", None)]
    start = "#/" if path.name == oke.SHARED else f"{oke.SHARED}#/"
    references = [line.split(":", 1)[1].strip(' "') for line in text.splitlines() if "$ref:" in line]
    assert references
    assert all(reference.startswith(start) for reference in references)


def _references(node: Json) -> Iterator[str]:
    if isinstance(node, dict):
        if "$ref" in node:
            yield node["$ref"]
        for value in node.values():
            yield from _references(value)
    elif isinstance(node, list):
        for value in node:
            yield from _references(value)


def test_every_reference_leads_somewhere_and_every_component_is_used() -> None:
    used = set(_references(DOCUMENTS))
    for reference in used:
        oke.resolve({"$ref": reference})
    patched = {f"#/components/schemas/{each['x-patch-of']}" for each in SCHEMAS.values() if "x-patch-of" in each}
    components = oke.shared()["components"]
    there = {f"#/components/{kind}/{name}" for kind, named in components.items() for name in named}
    assert (
        there - used - patched - {f"#/components/securitySchemes/{name}" for name in components["securitySchemes"]}
        == set()
    )


def test_no_schema_contains_itself() -> None:
    def walk(node: Json, above: tuple[str, ...]) -> None:
        if isinstance(node, dict):
            if "$ref" in node:
                name = node["$ref"].rsplit("/", 1)[1]
                assert name not in above, f"{' > '.join(above)} > {name}"
                walk(SCHEMAS[name], (*above, name))
            for value in node.values():
                walk(value, above)
        elif isinstance(node, list):
            for value in node:
                walk(value, above)

    for name, schema in SCHEMAS.items():
        walk(schema, (name,))


def _keys(node: Json) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield key
            if key != "x-messages":
                yield from _keys(value)
    elif isinstance(node, list):
        for value in node:
            yield from _keys(value)


def test_nothing_that_makes_generators_stumble() -> None:
    assert set(_keys(DOCUMENTS)) & {"readOnly", "writeOnly", "anyOf", "not", "allOf", "discriminator"} == set()
    for role in oke.ROLES:
        assert all(len(operation["tags"]) == 1 for _, _, operation in oke.operations(role))


# -- operations and messages -------------------------------------------------------------------------


def test_every_operation_of_flows_2_3_and_4_is_there() -> None:
    served = {
        role: {operation["operationId"]: (method.upper(), path) for method, path, operation in oke.operations(role)}
        for role in oke.ROLES
    }
    assert served == {
        "toetsafname": {
            "getService": ("GET", "/"),
            "getOffering": ("GET", "/offerings/{offeringId}"),
            "putOffering": ("PUT", "/offerings/{offeringId}"),
            "patchOffering": ("PATCH", "/offerings/{offeringId}"),
            "getOfferingAssociations": ("GET", "/offerings/{offeringId}/associations"),
            "getAssociation": ("GET", "/associations/{associationId}"),
            "putAssociation": ("PUT", "/associations/{associationId}"),
            "patchAssociation": ("PATCH", "/associations/{associationId}"),
            "getAssociationUrl": ("GET", "/associations/{associationId}/url"),
            "getDocument": ("GET", "/documents/{documentId}"),
        },
        "toetsplanning": {
            "getService": ("GET", "/"),
            "patchOffering": ("PATCH", "/offerings/{offeringId}"),
            "patchAssociation": ("PATCH", "/associations/{associationId}"),
        },
    }


def _operations() -> list[Any]:
    return [
        pytest.param(role, path, operation, id=f"{role}-{operation['operationId']}")
        for role in oke.ROLES
        for _, path, operation in oke.operations(role)
    ]


@pytest.mark.parametrize(("role", "path", "operation"), _operations())
def test_an_operation_says_what_it_carries(role: str, path: str, operation: JsonObject) -> None:
    assert operation["x-need"] in {"required", "conditional", "optional"}
    assert (operation["x-need"] == "conditional") == ("x-need-when" in operation)
    declared = DOCUMENTS[role]["paths"][path].get("parameters", [])
    assert {oke.resolve(each)["name"] for each in declared} == set(re.findall(r"{(\w+)}", path))
    messages = operation["x-messages"]
    scopes = set(oke.shared()["components"]["securitySchemes"]["oauth2"]["flows"]["clientCredentials"]["scopes"])
    assert len(scopes) == 4
    for each in messages:
        assert each.keys() <= {
            *("kind", "schema", "flows", "caller", "scopes", "when"),
            *("x-severity", "x-interpretation", "x-source"),
        }
        assert each["caller"] in set(oke.ROLES) - {role}
        assert set(each["flows"]) <= {"2", "3", "4"}
        assert set(each["scopes"]) <= scopes
        assert ("schema" in each) == ("requestBody" in operation)
        assert each["when"].keys() <= {"always", "otherwise", "scope", "known-as", "content"}
    assert len({each["kind"] for each in messages}) == len(messages)
    assert [bool(each["when"].get("otherwise")) for each in messages[1:]] == [True] * (len(messages) - 1)


@pytest.mark.parametrize("role", oke.ROLES)
def test_one_of_the_scopes_of_a_message_is_enough(role: str) -> None:
    for _, _, operation in oke.operations(role):
        security = operation["security"] if "security" in operation else DOCUMENTS[role]["security"]
        asked = [set(each["oauth2"]) for each in security if "oauth2" in each]
        assert all(len(each) == 1 for each in asked), "two scopes in one requirement would mean both"
        assert set().union(*asked) == {scope for each in operation["x-messages"] for scope in each["scopes"]}


def test_kinds_of_one_role_have_names_of_their_own() -> None:
    for role in oke.ROLES:
        kinds = [each["kind"] for _, _, operation in oke.operations(role) for each in operation["x-messages"]]
        assert len(kinds) == len(set(kinds))


@pytest.mark.parametrize("role", oke.ROLES)
def test_an_operation_answers_what_the_agreement_foresees(role: str) -> None:
    for method, path, operation in oke.operations(role):
        answers = set(operation["responses"])
        if path == "/":
            continue
        assert {"400", "401", "403", "404", "405", "429", "500"} <= answers
        assert ("201" in answers) == (method == "put")


# -- examples ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Example:
    """An example where it stands in a document."""

    place: str
    schema: JsonObject
    value: Json
    operation: JsonObject
    asked: bool


def _examples() -> Iterator[Example]:
    for role in oke.ROLES:
        for _, _, operation in oke.operations(role):
            bodies = {"request": operation.get("requestBody", {}), **operation["responses"]}
            for where, body in bodies.items():
                for media_type, media in oke.resolve(body).get("content", {}).items():
                    for name, example in media.get("examples", {}).items():
                        place = f"{role}-{operation['operationId']}-{where}-{media_type}-{name}"
                        value = oke.resolve(example)["value"]
                        yield Example(place, media["schema"], value, operation, asked=where == "request")


def _kind(operation: JsonObject, message: Json) -> JsonObject:
    """The message of an operation that a body is, by its content."""
    for each in operation["x-messages"][:-1]:
        if jsonschema_rs.is_valid(each["when"]["content"], message):
            return dict(each)
    last: JsonObject = operation["x-messages"][-1]
    return last


@pytest.mark.parametrize("example", list(_examples()), ids=lambda example: example.place)
def test_an_example_is_right(example: Example) -> None:
    assert oke.violations(example.schema, example.value) == []
    if example.asked:
        assert oke.violations(_kind(example.operation, example.value)["schema"], example.value) == []


def test_every_message_has_an_example_of_its_kind() -> None:
    shown = {_kind(each.operation, each.value)["kind"] for each in _examples() if each.asked}
    wanted = {kind for role in oke.ROLES for kind, each in oke.messages(role).items() if "schema" in each}
    assert shown == wanted


def test_examples_are_fake_people_and_places() -> None:
    text = (oke.FOLDER / oke.SHARED).read_text(encoding="utf-8")
    assert all(each.startswith("7e570000-") for each in re.findall(r"\b[0-9a-f]{8}-[0-9a-f-]{27}\b", text))
    assert all(host.endswith("example.org") for host in re.findall(r"(?:@|https://)([a-z.]*example[a-z.]*)", text))


# -- weights -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Part:
    """A schema on the way down from a message, with what it has from above."""

    place: str
    schema: JsonObject
    weight: str
    source: str | None


def _parts(schema: JsonObject, place: str, weight: str = "fail", source: str | None = None) -> Iterator[Part]:
    whole = oke.resolve(schema)
    if "x-patch-of" in whole:
        whole = oke.derived_patch(whole)
    weight = "disputed" if "x-disputed" in whole else whole.get("x-severity", weight)
    source = whole.get("x-source", source)
    yield Part(place, whole, weight, source)
    for name, part in whole.get("properties", {}).items():
        yield from _parts(part, f"{place}/{name}", weight, source)
    for name, part in whole.get("x-unused", {}).items():
        yield from _parts(part, f"{place}/{name} (unused)", weight, source)
    for name in ("x-also", "oneOf"):
        for number, part in enumerate(whole.get(name, [])):
            yield from _parts(part, f"{place}/{name}/{number}", weight, source)
    if "items" in whole:
        yield from _parts(whole["items"], f"{place}/items", weight, source)


def _roots() -> dict[str, JsonObject]:
    asked = {
        kind: each["schema"] for role in oke.ROLES for kind, each in oke.messages(role).items() if "schema" in each
    }
    answered = {each.place: each.schema for each in _examples() if not each.asked and "Problem" not in str(each.schema)}
    return asked | answered


PARTS = [part for name, schema in _roots().items() for part in _parts(schema, name)]


def test_every_constraint_has_a_weight_and_a_source() -> None:
    assert len(PARTS) > 500
    for document in DOCUMENTS.values():
        assert document["info"]["x-severity-default"] == "fail"
    for part in PARTS:
        assert part.weight in {*oke.WEIGHTS, "disputed"}, part.place
        assert part.source, part.place


def test_nothing_below_a_warning_fails() -> None:
    lighter = {"fail": 3, "warn": 2, "disputed": 1, "note": 0}
    above = {part.place: part.weight for part in PARTS}
    for part in PARTS:
        parent = part.place.rpartition("/")[0]
        if parent in above and above[parent] != "disputed":
            assert lighter[part.weight] <= lighter[above[parent]], part.place


def test_what_is_disputed_rests_on_a_reading() -> None:
    named = {part.schema["x-disputed"] for part in PARTS if "x-disputed" in part.schema}
    named |= {
        each["x-interpretation"]
        for role in oke.ROLES
        for each in oke.messages(role).values()
        if "x-interpretation" in each
    }
    assert named
    assert named <= READINGS


def test_extensions_are_those_that_are_explained() -> None:
    text = oke.shared()["info"]["description"]
    explained = set(re.findall(r"`(x-[a-z-]+)`", text))
    used = {key for schema in SCHEMAS.values() for key in _keys(schema) if key.startswith("x-")}
    assert used - {"x-timetable"} <= explained


@pytest.mark.parametrize(
    ("sent", "refused", "weight"),
    [
        ({"offeringId": None}, True, "fail"),
        ({"description": None}, False, "warn"),
        ({"resultExpected": False}, False, "warn"),
        ({"startDateTime": "2027-01-18T09:00:00"}, True, "fail"),
        ({"resultValueType": "0-10"}, False, "warn"),
        ({"consumers": {"consumerKey": "nl-test-admin"}}, True, "fail"),
    ],
)
def test_a_violation_costs_what_the_schema_says(sent: JsonObject, weight: str, *, refused: bool) -> None:
    session = {**EXAMPLES["sessionMinimal"]["value"], **sent}
    found = oke.violations({"$ref": "#/components/schemas/Session"}, session)
    assert found == [oke.Found(f"/{next(iter(sent))}", weight, refused)]


def test_a_patch_may_leave_out_and_take_back() -> None:
    schema = SCHEMAS["SessionChange"]
    assert oke.violations(schema, {"offeringType": "component", "modeOfDelivery": None, "otherCodes": []}) == []
    assert oke.violations(schema, {"otherCodes": []}) == [oke.Found("/offeringType", "fail", refused=True)]
    loose = {"offeringType": "component", "consumers": [{"consumerKey": "nl-test-admin", "offeringState": None}]}
    assert oke.violations(schema, loose) == []


# -- messages as agreed and as found -----------------------------------------------------------------

FIXTURES = resources.fixtures("oke-1.0.1")
MESSAGES = resources.read_yaml(FIXTURES / "messages.yaml")["messages"]
NEAR_MISSES = resources.read_yaml(oke.FOLDER / "near-misses.yaml")


def _schema(fixture: JsonObject) -> JsonObject:
    server = next(role for role in oke.ROLES if role != fixture["caller"])
    if not fixture.get("answer"):
        return dict(oke.messages(server)[fixture["kind"]]["schema"])
    for _, _, operation in oke.operations(server):
        if operation["x-messages"][0]["kind"] == fixture["kind"]:
            return dict(operation["responses"]["200"]["content"]["application/json"]["schema"])
    raise AssertionError(fixture["kind"])


def _near_misses(kind: str, message: Json) -> set[str]:
    found: set[str] = set()
    for each in NEAR_MISSES["names"]:
        for at in each["at"]:
            if at["kind"] == kind:
                found |= set(_there(message, at["pointer"].split("/")[1:], ""))
    return found


def _there(node: Json, parts: list[str], above: str) -> Iterator[str]:
    if not parts:
        yield above
    elif parts[0] == "*" and isinstance(node, list):
        for number, entry in enumerate(node):
            yield from _there(entry, parts[1:], f"{above}/{number}")
    elif isinstance(node, dict) and parts[0] in node:
        yield from _there(node[parts[0]], parts[1:], f"{above}/{parts[0]}")


def _declared(fixture: JsonObject, by: str) -> dict[str, str]:
    return {each["pointer"]: each["severity"] for each in fixture["findings"] if each["by"] == by}


@pytest.mark.parametrize("fixture", MESSAGES, ids=[each["file"].removesuffix(".json") for each in MESSAGES])
def test_a_fixture_gets_what_it_declares(fixture: JsonObject) -> None:
    message = json.loads((FIXTURES / fixture["file"]).read_text(encoding="utf-8"))
    found = oke.violations(_schema(fixture), message)
    assert {each.pointer: each.weight for each in found} == _declared(fixture, "schema")
    assert (fixture["expected"] == "refused") == any(each.refused for each in found)
    assert dict.fromkeys(_near_misses(fixture["kind"], message), "warn") == _declared(fixture, "near-miss")
    for each in fixture["findings"]:
        assert each["reason"]["en"].strip()
        assert each["reason"]["nl"].strip()


def test_every_fixture_is_in_the_index_and_every_message_has_one_as_agreed() -> None:
    assert {path.name for path in FIXTURES.glob("*.json")} == {each["file"] for each in MESSAGES}
    agreed = {each["kind"] for each in MESSAGES if "as-agreed" in each["file"]}
    wanted = {kind for role in oke.ROLES for kind, each in oke.messages(role).items() if "schema" in each}
    assert agreed >= wanted - {"session-change", "participation-change"}
    assert all(each["findings"] == [] for each in MESSAGES if "as-agreed" in each["file"])


def test_fixtures_are_of_fake_people() -> None:
    for path in FIXTURES.glob("*.json"):
        text = path.read_text(encoding="utf-8")
        assert all(each.startswith("7e57") for each in re.findall(r"\b[0-9a-f]{8}-[0-9a-f-]{27}\b", text)), path.name
        assert all(host == "example.org" for host in re.findall(r"@([a-z.]+)", text)), path.name


def test_near_misses_are_of_messages_that_exist_and_mean_attributes_that_exist() -> None:
    kinds = {kind for role in oke.ROLES for kind in oke.messages(role)}
    for each in NEAR_MISSES["names"]:
        assert {at["kind"] for at in each["at"]} <= kinds
        assert each["hint"]["en"] != each["hint"]["nl"]
        sent = {at["pointer"] for at in each["at"]}
        assert each.get("meant") not in sent
    for each in NEAR_MISSES["values"]:
        assert each["value"] != each["meant"]
        assert each["hint"]["en"] != each["hint"]["nl"]
