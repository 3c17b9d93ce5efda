"""What a dry run announces is what a run does, scenario by scenario."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import orjson
import pytest

from conformance.checking.session import without_pytest
from conformance.evidence.exchange import Exchange
from conformance.judging.finished import CheckOutcome
from conformance.planning.scenario import Scenario
from ooapi_toets import Json, editions
from tests.honest.catalogue import HONEST

EXAMPLES = 4
CREATING = {"putOffering", "postOffering"}


@dataclass
class Made:
    """What a scenario created, and which sessions that were there it changed."""

    sessions: set[str] = field(default_factory=set)
    people: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)


@pytest.fixture(scope="module", params=editions.ROLES)
def finished(request: pytest.FixtureRequest) -> CheckOutcome:
    honest = HONEST[f"mock-{request.param.removeprefix('toets')}"]
    with honest.serve() as url:
        return without_pytest(replace(honest.settings(url, 1), examples=EXAMPLES))


def made_by_scenario(finished: CheckOutcome) -> dict[str, Made]:
    made: dict[str, Made] = defaultdict(Made)
    for exchange in finished.exchanges:
        if exchange.success:
            _count(made[exchange.scenario], exchange)
    return made


def _count(made: Made, exchange: Exchange) -> None:
    if exchange.operation_id in CREATING:
        made.sessions.add(_body(exchange)["offeringId"].lower())
    elif exchange.operation_id == "putAssociations":
        body = _body(exchange)
        members = body if isinstance(body, list) else [body]
        made.people |= {each["associationId"].lower() for each in members}
    elif exchange.operation_id == "patchOffering":
        made.changed.add(exchange.url.rpartition("/")[2])


def _body(exchange: Exchange) -> Json:
    return orjson.loads(exchange.request_body)


def planned(finished: CheckOutcome) -> Iterator[tuple[Scenario, Made]]:
    made = made_by_scenario(finished)
    for each in finished.plan.scenarios:
        yield each, made.get(each.name, Made())


def test_no_scenario_makes_more_than_it_announced(finished: CheckOutcome) -> None:
    for scenario, made in planned(finished):
        sessions, people = scenario.creates(EXAMPLES)
        assert len(made.sessions) <= sessions, scenario.name
        assert len(made.people) <= people, scenario.name


def test_what_is_announced_is_about_what_is_made(finished: CheckOutcome) -> None:
    """Invalid messages are announced too: an endpoint may keep them. All in all that is no more than half as much."""
    pairs = list(planned(finished))
    announced = [each.creates(EXAMPLES) for each, _ in pairs]
    sessions, people = (sum(each) for each in zip(*announced, strict=True))
    assert sessions <= 1.5 * sum(len(made.sessions) for _, made in pairs)
    assert people <= 1.5 * sum(len(made.people) for _, made in pairs)


def test_only_scenarios_that_say_so_change_sessions_that_are_there(finished: CheckOutcome) -> None:
    named = {*finished.settings.given, *finished.settings.given_cancelled}
    for scenario, made in planned(finished):
        assert made.changed <= named, scenario.name
        assert scenario.given or not made.changed, scenario.name


def test_the_receipt_lists_everything_that_was_made(finished: CheckOutcome) -> None:
    made = {session for each in made_by_scenario(finished).values() for session in each.sessions}
    assert made <= {each.lower() for each in finished.created}
    assert set(finished.created) == set(finished.removed)
    assert finished.left == ()
