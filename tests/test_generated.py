"""Generated messages: the same for the same seed, no more than asked for, and nothing of them is left."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from conformance.checking.session import CheckSession
from conformance.generation import cases
from conformance.judging.finished import CheckOutcome
from conformance.settings import CheckSettings
from ooapi_toets import Json
from ooapi_toets.contract import Contract
from ooapi_toets.editions.toets import SESSION
from ooapi_toets.outcomes import Outcome, Verdict
from ooapi_toets.violations import serious
from tests.honest.catalogue import HONEST
from tests.liars.catalogue import LIARS

GENERATED = (
    "generated_messages::test_generated_sessions",
    "generated_messages::test_generated_participants",
    "generated_messages::test_generated_reports",
)
_UUID = re.compile(rb"7e57[0-9a-f]{4}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def run_generated(settings: CheckSettings, *names: str) -> CheckOutcome:
    session = CheckSession(settings)
    session.look()
    session.engine.run_all([each for each in session.plan.scenarios if each.name in (names or GENERATED)])
    return session.finish()


def requests_of(name: str, seed: int, examples: int) -> list[tuple[str, str, bytes]]:
    """What was sent for a seed: method, path and body, in which ids of ours are all alike."""
    honest = HONEST[name]
    with honest.serve() as url:
        finished = run_generated(replace(honest.settings(url, seed), examples=examples))
    return [
        (
            each.method,
            _UUID.sub(b"id", each.url.removeprefix(url).encode()).decode(),
            _UUID.sub(b"id", each.request_body),
        )
        for each in finished.exchanges
        if not each.scenario.endswith("(cleanup)")
    ]


@pytest.mark.parametrize("name", ["mock-afname", "mock-planning"])
def test_the_same_seed_sends_the_same(name: str) -> None:
    assert requests_of(name, 7, 1) == requests_of(name, 7, 1)


def test_another_seed_sends_something_else() -> None:
    assert requests_of("mock-planning", 1, 1) != requests_of("mock-planning", 2, 1)


def test_more_examples_send_more() -> None:
    assert len(requests_of("mock-planning", 1, 1)) < len(requests_of("mock-planning", 1, 3))


def test_no_more_requests_are_made_than_allowed() -> None:
    honest = HONEST["mock-afname"]
    with honest.serve() as url:
        settings = honest.settings(url, 1)
        settings = replace(settings, examples=30, target=replace(settings.target, max_requests=60))
        finished = run_generated(settings)
    assert len(finished.exchanges) <= 60
    assert any("--max-requests" in each.reason.en for each in finished.results)
    assert finished.verdict is not Verdict.NOT_CONFORMANT


def test_nothing_that_was_generated_is_left() -> None:
    liar = LIARS["end-is-guessed"]  # it keeps sessions that it should refuse
    with liar.server() as server:
        finished = run_generated(replace(liar.settings(server.url), examples=3), GENERATED[0])
        with server.mock.store.begin() as tx:
            left = {key for key, _ in tx.records(SESSION) if not key.startswith("7e570000-0000-4000-8000-")}
    assert left == set()
    assert finished.left == ()
    assert set(finished.created) == set(finished.removed)


@pytest.mark.parametrize(
    ("name", "rule", "scenario"),
    [
        ("end-is-guessed", "2.1-invalid-offering-is-refused", GENERATED[0]),
        ("participant-needs-no-id", "2.2-invalid-association-is-refused", GENERATED[1]),
        ("document-needs-no-name", "4.1-document-fields-are-required", GENERATED[2]),
    ],
)
def test_a_liar_is_caught_by_generated_messages_alone(name: str, rule: str, scenario: str) -> None:
    liar = LIARS[name]
    with liar.server() as server:
        finished = run_generated(replace(liar.settings(server.url), examples=8), scenario)
    found = next(each for each in finished.results if each.rule.id == rule)
    assert found.outcome is Outcome.FAIL
    assert found.deciding
    assert len(found.deciding.exchanges) == 1
    assert len({each.message.en for each in found.checks}) == len(found.checks), "the same finding is told once"


def test_an_honest_implementation_is_accused_of_nothing() -> None:
    honest = HONEST["particular-planning"]
    with honest.serve() as url:
        finished = run_generated(replace(honest.settings(url, 4), examples=5))
    assert {each.outcome for each in finished.results} <= {Outcome.PASS, Outcome.NOT_EXERCISED, Outcome.NOT_APPLICABLE}


@pytest.mark.parametrize("operation_id", ["putOffering", "putAssociations", "patchOffering"])
def test_what_is_called_valid_is_and_what_is_not_is_not(operation_id: str, contract: Contract) -> None:
    operation = contract.operations[operation_id]
    role = "toetsplanning" if operation_id == "patchOffering" else "toetsafname"
    schema = cases.schema_of(contract, role)
    assert operation.body is not None
    for message in cases.coverage(schema, operation, valid=True):
        # That a list must hold a consumer of ours is an extension of ours, which schemathesis does not know.
        broken = [each for each in operation.body.violations(message.body) if each.keyword != "contains"]
        assert broken == [], message.about
    found = cases.coverage(schema, operation, valid=False)
    wrong = [each for each in found if not operation.body.is_valid(each.body)]
    assert wrong == found
    assert any(serious(operation.body.violations(each.body)) for each in wrong)


def test_a_part_of_the_cases_is_spread_over_all_of_them() -> None:
    messages = [cases.Message(b"", value, "") for value in range(100)]
    chosen: list[Json] = [each.body for each in cases.sample(messages, 10, 3)]
    assert len(chosen) == 10
    assert chosen == sorted(chosen)
    assert chosen == [each.body for each in cases.sample(messages, 10, 3)]
    assert chosen != [each.body for each in cases.sample(messages, 10, 4)]
