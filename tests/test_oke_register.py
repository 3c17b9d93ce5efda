"""The register of edition `oke-1.0.1` holds together: every requirement is covered, not observable, or waiting."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import orjson
import pytest

from ooapi_toets import JsonObject, resources
from tests import oke_contract as oke

FILES = sorted(resources.spec("rules", "oke").glob("*.yaml"))
VALIDATOR = jsonschema_rs.validator_for(orjson.loads(resources.spec("oke-register.schema.json").read_bytes()))
ELSEWHERE = [resources.spec("rules", name) for name in ("everywhere.yaml", "client-everywhere.yaml")]
STILL_WAITING = 245
"""How many requirements no rule covers yet. It only gets less."""


def _rules(paths: list[Any]) -> dict[str, JsonObject]:
    rules: dict[str, JsonObject] = {}
    for path in paths:
        data = resources.read_yaml(path)
        for rule in data["rules"]:
            assert rule["id"] not in rules, rule["id"]
            rules[rule["id"]] = {**data, **rule}
    return rules


def _readings(name: str) -> dict[str, JsonObject]:
    return {each["id"]: each for each in resources.read_yaml(resources.spec(name))["interpretations"]}


RULES = _rules(FILES)
SHARED = resources.read_yaml(oke.FOLDER / "shared.yaml")
REQUIREMENTS = {each["slug"]: each for each in resources.read_yaml(oke.FOLDER / "requirements.yaml")["requirements"]}
WAITING = resources.read_yaml(oke.FOLDER / "waiting.yaml")["waiting"]
FLOWS = resources.read_yaml(resources.spec("flows", "oke-1.0.1.yaml"))["flows"]
CAPABILITIES = resources.read_yaml(oke.FOLDER / "capabilities.yaml")
OWN_READINGS = _readings("interpretations-oke.yaml")
READINGS = OWN_READINGS | _readings("interpretations.yaml")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_of_rules_has_its_form(path: Any) -> None:
    errors = VALIDATOR.iter_errors(resources.read_yaml(path))
    assert [f"{error.instance_path}: {error.message}" for error in errors] == []


# -- every requirement has its place -----------------------------------------------------------------


def _covered() -> Counter[str]:
    return Counter(slug for rule in [*RULES.values(), *SHARED["rules"]] for slug in rule.get("covers", []))


def test_every_requirement_is_covered() -> None:
    assert [slug for slug in REQUIREMENTS if slug not in _covered()] == []


def test_no_rule_covers_what_is_no_requirement() -> None:
    assert [slug for slug in _covered() if slug not in REQUIREMENTS] == []


def test_what_waits_only_gets_less() -> None:
    assert len(WAITING) == len(set(WAITING))
    assert set(WAITING) & REQUIREMENTS.keys() == set()
    assert len(WAITING) <= STILL_WAITING
    assert len(WAITING) + len(REQUIREMENTS) == 467


def test_what_waits_is_of_other_flows() -> None:
    everywhere = {
        "oke-own-component",
        "oke-own-schedulable-test",
        "oke-own-test-enrolment",
        "oke-own-extra-attempt-enrolment",
        "oke-api-put-never-400-for-unforeseen",
        "oke-ep-dr-service",
    }
    objects = r"oke-(component|offering|association|course|group|member|person|program|result|ep)"
    others = [slug for slug in WAITING if slug not in everywhere and not re.match(r"oke-[0156]-", slug)]
    assert [slug for slug in others if not re.match(objects, slug)] == []


def test_what_cannot_be_observed_says_why_and_nothing_else_is_excused() -> None:
    excused = {rule["id"] for rule in RULES.values() if "not_tested" in rule and rule["covers"] == [rule["id"]]}
    assert excused == {slug for slug, each in REQUIREMENTS.items() if each["weight"] == "none"}


def test_a_rule_is_as_strong_as_what_it_covers() -> None:
    for rule in RULES.values():
        weights = {REQUIREMENTS[slug]["weight"] for slug in rule.get("covers", [])}
        disputed = READINGS[rule["interpretation"]].get("disputed", False) if "interpretation" in rule else False
        if rule["level"] == "MUST" and weights:
            assert ("disputed" if disputed else "fail") in weights, rule["id"]
        if disputed and weights:
            assert "disputed" in weights, rule["id"]


# -- what a rule says --------------------------------------------------------------------------------


def test_who_could_break_a_must_is_said() -> None:
    for rule in RULES.values():
        assert ("breaks_it" in rule) == (rule["level"] == "MUST"), rule["id"]
        if "breaks_it" in rule:
            disputed = "interpretation" in rule and READINGS[rule["interpretation"]].get("disputed", False)
            assert rule["breaks_it"]["en"].startswith("It is disputed" if disputed else "Nobody")
            assert rule["breaks_it"]["nl"].startswith("Het is betwist" if disputed else "Niemand")


def _texts() -> Iterator[tuple[str, JsonObject]]:
    for rule in RULES.values():
        for name in ("sentence", "breaks_it", "not_tested"):
            if name in rule:
                yield f"{rule['id']} {name}", rule[name]
    for each in OWN_READINGS.values():
        for name in ("question", "reading", "other"):
            if name in each:
                yield f"{each['id']} {name}", each[name]
    for flow in FLOWS:
        yield flow["id"], flow["title"]
        for step in flow["steps"]:
            yield from ((f"{step['step']} {name}", step[name]) for name in ("sends", "answer", "checks"))
    for role in CAPABILITIES["roles"].values():
        yield from role.items()


def test_every_sentence_is_there_in_both_languages() -> None:
    for place, text in _texts():
        assert text["en"].strip(), place
        assert text["nl"].strip(), place
        assert text["en"] != text["nl"] or text["en"].startswith("GET"), place
    for rule in RULES.values():
        for language in ("en", "nl"):
            assert rule["sentence"][language].endswith("."), rule["id"]


def test_a_source_is_one_that_is_known() -> None:
    for rule in RULES.values():
        known = resources.read_yaml(resources.spec("sources.yaml"))["sources"]
        for cited in rule["source"]:
            document, _, place = cited.partition(": ")
            if document == "ooapi-toets":
                assert place == f"interpretation {rule['interpretation']}"
            else:
                assert document in known, rule["id"]


def _places(source: str) -> set[str]:
    return set(re.findall(r"\d\.\d+(?:\.\d+|\.[A-Z])?|chapter \d", source.partition(": ")[2] or source))


def test_a_source_is_that_of_the_requirements() -> None:
    for rule in RULES.values():
        cited = [place for each in rule["source"] if each.startswith("oke-") for place in _places(each)]
        demanded = [_places(REQUIREMENTS[slug]["source"]) for slug in rule.get("covers", [])]
        for places in demanded:
            assert not places or not cited or places & set(cited), f"{rule['id']}: {places} is not in {cited}"


def test_what_a_rule_refers_to_exists() -> None:
    for rule in RULES.values():
        for reading in [*([rule["interpretation"]] if "interpretation" in rule else []), *rule.get("readings", [])]:
            assert reading in READINGS, rule["id"]
        for capability in rule.get("requires", []):
            offered = {name for role in rule["roles"] for name in CAPABILITIES["roles"][role]}
            assert capability in offered | set(CAPABILITIES["credentials"]), rule["id"]
        if "message" in rule:
            assert len(rule["roles"]) == 1, rule["id"]
            (role,) = rule["roles"]
            other = next(each for each in oke.ROLES if each != role)
            assert rule["message"] in oke.messages(role if rule["half"] == "server" else other), rule["id"]


@pytest.mark.parametrize("role", oke.ROLES)
def test_what_can_be_declared_away_some_rule_requires(role: str) -> None:
    of_role = [rule for rule in RULES.values() if role in rule["roles"]]
    required = {capability for rule in of_role for capability in rule.get("requires", [])} | {"service"}
    assert set(CAPABILITIES["roles"][role]) <= required


def test_every_reading_is_rested_on() -> None:
    named = {rule["interpretation"] for rule in RULES.values() if "interpretation" in rule}
    named |= {reading for rule in RULES.values() for reading in rule.get("readings", [])}
    assert named <= READINGS.keys()
    assert OWN_READINGS.keys() - named == set()


def test_a_disputed_reading_has_another_one() -> None:
    for each in OWN_READINGS.values():
        assert bool(each.get("disputed")) == ("other" in each), each["id"]


def test_readings_of_two_files_do_not_share_a_name() -> None:
    assert len(READINGS) == len(OWN_READINGS) + len(_readings("interpretations.yaml"))


# -- rules of other files, and flows -----------------------------------------------------------------


def test_rules_of_all_editions_that_hold_here_are_those_that_say_so() -> None:
    there = {key for key, rule in _rules(ELSEWHERE).items() if "oke-1.0.1" in rule["editions"]}
    replaced = {each["id"] for each in SHARED["replaced"]}
    assert {each["id"] for each in SHARED["rules"]} | replaced == there
    assert {each["by"] for each in SHARED["replaced"]} <= RULES.keys()
    assert there & RULES.keys() == set()


def test_flows_speak_of_operations_messages_and_rules_that_exist() -> None:
    there = _rules(ELSEWHERE)
    assert [flow["id"] for flow in FLOWS] == ["2", "3", "3-read", "4", "4-read"]
    for flow in FLOWS:
        carried = {
            operation["operationId"]: {each["kind"]: each for each in operation["x-messages"]}
            for _, _, operation in oke.operations(flow["server"])
        }
        for step in flow["steps"]:
            message = carried[step["operation"]][step["kind"]]
            assert message["caller"] == flow["client"]
            assert flow["id"][0] in message["flows"]
            for name in step["rules"]:
                rule = RULES.get(name) or there[name]
                assert rule["half"] == "client"
                assert flow["client"] in rule["roles"]


def test_every_client_rule_of_a_flow_is_in_a_step() -> None:
    shown = {name for flow in FLOWS for step in flow["steps"] for name in step["rules"]}
    of_flows = {
        key for key, rule in RULES.items() if rule["half"] == "client" and rule["flow"] and "not_tested" not in rule
    }
    assert of_flows - shown == set()


def test_test_moments_differ_or_say_how_they_are_told_apart() -> None:
    moments = resources.read_yaml(oke.FOLDER / "test-moments.yaml")["moments"]
    assert len(moments) == 6
    consumer = oke.shared()["components"]["schemas"]["SessionConsumer"]["properties"]
    for moment in moments:
        for name in ("startOptions", "durationFrom", "durationUntil"):
            assert moment[name] in consumer[name]["enum"]
