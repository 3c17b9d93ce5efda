"""The register holds together: every rule is checked or says why not, and every word in it leads somewhere."""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from pathlib import Path

import pytest

from conformance.planning.scenario import scenarios_of
from ooapi_toets import editions
from ooapi_toets import register as registers
from ooapi_toets.contract import Contract, Role
from ooapi_toets.editions.toets import Calls
from ooapi_toets.outcomes import Half, Level
from ooapi_toets.register import Rule
from ooapi_toets.samples import Maker, report
from ooapi_toets.texts import Text

REGISTER = registers.load()
RULES = [rule for rule in REGISTER if editions.DEFAULT in rule.editions]
SCENARIOS = [(role, each) for role in editions.ROLES for each in scenarios_of(editions.DEFAULT, role)]
CREDENTIALS = {"auth", "wrong-scope", "oauth2"}
ROOT = Path(__file__).resolve().parents[1]


@cache
def _judged_by_the_mock() -> str:
    return "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "mock_server").rglob("*.py")))


def _is_exercised(rule: Rule, role: str) -> bool:
    return any(rule.id in each.rules for played, each in SCENARIOS if played == role)


def _is_seen_with_a_client(rule: Rule) -> bool:
    listened = any(rule.id in each.rules for _, each in SCENARIOS if each.listens)
    return f'"{rule.id}"' in _judged_by_the_mock() or listened


def test_every_rule_is_exercised_or_says_why_not() -> None:
    tested = [rule for rule in RULES if not rule.not_tested]
    clients = [rule for rule in tested if rule.half is Half.CLIENT]
    assert [rule.id for rule in clients if not _is_seen_with_a_client(rule)] == []
    servers = [(rule, role) for rule in tested if rule.half is not Half.CLIENT for role in rule.roles]
    assert [(rule.id, role) for rule, role in servers if not _is_exercised(rule, role)] == []


def test_no_rule_excuses_itself_that_is_exercised() -> None:
    assert [
        rule.id for rule in RULES if rule.not_tested and any(_is_exercised(rule, role) for role in rule.roles)
    ] == []


def test_every_scenario_speaks_of_rules_of_its_role() -> None:
    assert [each.name for _, each in SCENARIOS if not each.rules] == []
    spoken_of = [(role, each, REGISTER[name]) for role, each in SCENARIOS for name in each.rules]
    assert [(each.name, rule.id) for role, each, rule in spoken_of if role not in rule.roles] == []
    strange = [(each.name, rule.id) for _, each, rule in spoken_of if rule.half is not Half.SERVER and not each.listens]
    assert strange == []


def test_the_title_of_every_scenario_is_a_sentence() -> None:
    assert [each.name for _, each in SCENARIOS if not each.title.splitlines()[0].endswith(".")] == []


def test_scenarios_of_a_role_have_names_of_their_own() -> None:
    for role in editions.ROLES:
        names = [each.name for played, each in SCENARIOS if played == role]
        assert len(names) == len(set(names))


def test_what_every_rule_requires_can_be_declared() -> None:
    offered = editions.load().capabilities
    needed = [(rule, capability) for rule in RULES for capability in rule.requires if capability not in CREDENTIALS]
    strange = [
        (rule.id, capability)
        for rule, capability in needed
        if not any(capability in offered[role] for role in rule.roles)
    ]
    assert strange == []


@pytest.mark.parametrize("role", editions.ROLES)
def test_what_can_be_declared_away_some_rule_requires(role: Role) -> None:
    required = {capability for rule in RULES if role in rule.roles for capability in rule.requires}
    assert set(editions.load().capabilities[role]) <= required


def test_every_interpretation_is_one_that_a_rule_rests_on() -> None:
    rested_on = {rule.interpretation.id for rule in REGISTER if rule.interpretation}
    rested_on |= {each.id for rule in REGISTER for each in rule.readings}
    assert set(REGISTER.interpretations) == rested_on


def test_every_source_is_cited() -> None:
    assert {cited.partition(":")[0] for rule in REGISTER for cited in rule.source} - {"ooapi-toets"} == set(
        REGISTER.sources
    )


def test_an_interpretation_that_a_rule_cites_is_its_own() -> None:
    prefix = "ooapi-toets: interpretation "
    for rule in REGISTER:
        for cited in rule.source:
            if cited.startswith("ooapi-toets:"):
                assert rule.interpretation
                assert cited == prefix + rule.interpretation.id


def _texts() -> list[Text]:
    texts = [rule.sentence for rule in REGISTER] + [rule.not_tested for rule in REGISTER if rule.not_tested]
    for each in REGISTER.interpretations.values():
        texts += [each.question, each.reading, *([each.other] if each.other else [])]
    return texts + [what for each in editions.load().capabilities.values() for what in each.values()]


def test_every_sentence_is_there_in_both_languages() -> None:
    for text in _texts():
        assert text.en.strip()
        assert text.nl.strip()
    for rule in REGISTER:
        assert rule.sentence.en != rule.sentence.nl
        assert rule.sentence.en.endswith(".")
        assert rule.sentence.nl.endswith(".")


def test_a_disputed_reading_has_another_one() -> None:
    for each in REGISTER.interpretations.values():
        assert each.disputed == (each.other is not None)


def test_a_level_is_the_word_of_a_source_for_both_roles() -> None:
    assert {rule.level for rule in RULES} == set(Level)


# -- the contract and the calls that are made of it ---------------------------------------------------


def _called(contract: Contract) -> set[str]:
    """The operations that the suite can call."""
    calls, make = Calls(contract), Maker()
    offering = make.offering()
    key = offering["offeringId"]
    return {
        each.operation_id
        for each in (
            calls.create_session(offering),
            calls.post_session(offering),
            calls.register_list(key, []),
            calls.register_one(key, make.association()),
            calls.delete_session(key),
            calls.read_session(key),
            calls.read_people(key),
            calls.send_report(key, report()),
            calls.read_document(key),
            calls.read_service(),
        )
    }


def test_every_operation_of_the_contract_is_called(contract: Contract) -> None:
    assert _called(contract) == set(contract.operations)


@pytest.mark.parametrize("role", editions.ROLES)
def test_every_operation_that_a_role_serves_is_called_by_one_of_its_scenarios(role: Role, contract: Contract) -> None:
    package = ROOT / "conformance"
    scenarios = package / "scenarios" / editions.DEFAULT
    shared = [scenarios / "common.py", package / "checking" / "context.py", package / "endpoint" / "readback.py"]
    files = [*(scenarios / role).rglob("*.py"), *shared]
    text = "".join(path.read_text(encoding="utf-8") for path in files)
    methods = {
        "putOffering": "create_session",
        "postOffering": "post_session",
        "putAssociations": "register_list",
        "deleteOffering": "delete_session",
        "getOffering": "read_session",
        "getAssociations": "read_people",
        "patchOffering": "send_report",
        "getDocument": "read_document",
        "getService": "read_service",
    }
    assert [name for name in contract.served_by(role) if f"calls.{methods[name]}(" not in text] == []


def test_an_operation_that_is_dropped_from_the_contract_is_missed(contract: Contract) -> None:
    for operation in contract.operations.values():
        document = deepcopy(contract.document)
        del document["paths"][operation.path][operation.method.lower()]
        with pytest.raises(KeyError, match=operation.id):
            _called(Contract(dict.fromkeys(editions.ROLES, document)))
