"""Generated sequences and races: a liar is found, its story is the shortest, and nobody honest is told off."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from conformance.checking.engine import Record
from conformance.checking.session import CheckSession
from conformance.generation import sequences
from conformance.judging.finished import CheckOutcome
from conformance.oracle.equality import same
from conformance.results import result
from conformance.settings import CheckSettings, TargetSettings
from ooapi_toets import JsonObject
from ooapi_toets.editions.toets import SESSION
from ooapi_toets.outcomes import Outcome, Verdict
from tests.command import PATIENCE
from tests.conftest import program
from tests.honest.catalogue import HONEST
from tests.liars.catalogue import LIARS
from tests.liars.liar import ACTIVE

SEQUENCES = "generated_sequences::test_generated_sequences"
RACES = ("races::test_racing_lists_leave_one_of_them", "races::test_racing_delete_and_list")
SIZES = "names_and_sizes::test_growing_lists_are_measured"


def run_only(settings: CheckSettings, *names: str) -> tuple[CheckOutcome, list[Record]]:
    """A check of some scenarios, and what became of each."""
    session = CheckSession(settings)
    session.look()
    chosen = [each for each in session.plan.scenarios if each.name in names]
    records = session.engine.run_all(chosen)
    return session.finish(), records


def story(finished: CheckOutcome, rule: str) -> JsonObject:
    return next(each for each in result.build(finished)["rules"] if each["id"] == rule)


@pytest.mark.parametrize(
    ("name", "rule", "shortest", "longest", "first"),
    [
        ("one-replaces-all", "2.2-single-association-is-added", 3, 4, "1. create A"),
        ("documents-are-added", "4.1-documents-are-replaced", 1, 8, "1. send "),
    ],
)
def test_a_liar_is_caught_by_a_short_sequence(
    name: str, rule: str, shortest: int, longest: int, first: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """How short depends on how fast the endpoint is; reports all go to one session, which never starts afresh."""
    monkeypatch.setattr(sequences, "_SHRINKING_SECONDS", 20.0)
    liar = LIARS[name]
    with liar.server() as server:
        finished, _ = run_only(replace(liar.settings(server.url), examples=15), SEQUENCES)
    told = story(finished, rule)
    assert told["outcome"] == "fail"
    *done, seen = told["steps"]
    assert shortest <= len(done) <= longest, told["steps"]
    assert done[0].startswith(first)
    assert seen.startswith(f"{len(done) + 1}. then ")


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests to which it does not matter how short the story is."""
    monkeypatch.setattr(sequences, "_SHRINKING_SECONDS", 1.0)


@pytest.mark.usefixtures("short")
def test_the_script_of_a_sequence_ends_where_the_story_does(tmp_path: Path) -> None:
    liar = LIARS["lists-are-appended"]
    rule = "2.4-empty-list-clears"
    with liar.server() as server:
        finished, _ = run_only(replace(liar.settings(server.url), examples=30), SEQUENCES)
        told = story(finished, rule)
        script = told["reproduce"]["curl"]
        done = subprocess.run(
            [program("bash"), "-euo", "pipefail", "-c", script],
            cwd=tmp_path,
            env={"PATH": os.environ["PATH"]},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=True,
        )
    methods = [re.findall(r"-X (\w+)", line)[0] for line in script.splitlines()]
    assert len(methods) == len(told["steps"]), "a line for each step, and one that shows what came of it"
    assert methods[-1] == "GET"
    assert "GET" not in methods[:-1]
    assert '"associationId"' in done.stdout.rpartition("HTTP/1.1 ")[2], "the one who should be gone is there"


@pytest.mark.parametrize("name", ["contrary-afname", "mock-planning"])
def test_an_honest_implementation_agrees_with_the_model(name: str) -> None:
    honest = HONEST[name]
    with honest.serve() as url:
        finished, (record,) = run_only(replace(honest.settings(url, 5), examples=5), SEQUENCES)
    assert {each.outcome for each in record.checks} == {Outcome.PASS}
    assert finished.left == ()


@pytest.mark.usefixtures("short")
def test_sequences_remove_what_they_made_whatever_they_found() -> None:
    liar = LIARS["lists-are-appended"]
    with liar.server() as server:
        finished, _ = run_only(replace(liar.settings(server.url), examples=10), SEQUENCES)
        with server.mock.store.begin() as tx:
            left = {key for key, _ in tx.records(SESSION)}
    assert [each for each in left if not each.startswith("7e570000-0000-4000-8000-")] == []
    assert finished.left == ()


def test_an_endpoint_that_never_uses_an_id_again_is_followed_further() -> None:
    """Refusing a deleted id is a warning, and no reason to stop looking."""
    honest = HONEST["warned-for-its-framework-afname"]
    with honest.serve() as url:
        finished, (record,) = run_only(replace(honest.settings(url, 1), examples=30), SEQUENCES)
    said = {each.rule: each.outcome for each in record.checks}
    assert said.pop("2.5-same-id-starts-afresh") is Outcome.WARN
    assert set(said.values()) == {Outcome.PASS}
    assert finished.left == ()


# -- races and sizes ---------------------------------------------------------------------------------


def test_a_race_that_ends_in_a_mixture_is_worth_a_warning() -> None:
    liar = LIARS["racing-lists-mix"]
    with liar.server() as server:
        finished, _ = run_only(liar.settings(server.url), *RACES)
    assert story(finished, "2.2-racing-lists-leave-one-of-them")["outcome"] == "warn"
    assert finished.verdict is not Verdict.NOT_CONFORMANT


@pytest.mark.parametrize("name", ["plain-afname"])
def test_races_end_in_an_order_at_honest_implementations(name: str) -> None:
    honest = HONEST[name]
    with honest.serve() as url:
        _, records = run_only(honest.settings(url, 1), *RACES)
    assert {each.outcome for record in records for each in record.checks} == {Outcome.PASS}


def test_growth_is_measured_and_judges_nobody() -> None:
    honest = HONEST["mock-afname"]
    with honest.serve() as url:
        finished, (record,) = run_only(honest.settings(url, 1), SIZES)
    assert [each.name for each in finished.measurements] == ["list-of-1", "list-of-500", "list-of-5000"]
    assert all(each.value > 0 and each.unit == "ms" for each in finished.measurements)
    assert {each.rule for each in record.checks} == {"2.2-long-list-is-kept-whole"}


def test_an_endpoint_that_takes_no_long_lists_is_measured_as_far_as_it_goes() -> None:
    liar = LIARS["large-body-is-413"]
    with liar.server() as server:
        finished, _ = run_only(liar.settings(server.url), SIZES)
    assert [each.name for each in finished.measurements] == ["list-of-1"]
    assert finished.verdict is not Verdict.NOT_CONFORMANT


@pytest.mark.usefixtures("short")
def test_reports_put_back_what_was_there_and_say_what_they_could_not() -> None:
    honest, liar = HONEST["mock-planning"], LIARS["null-is-ignored"]
    with honest.serve() as url:
        read = f"{url}/offerings/{ACTIVE}"
        before = httpx.get(read).json()
        finished, _ = run_only(replace(honest.settings(url, 5), given=(ACTIVE,), examples=5), SEQUENCES)
        assert same(before, httpx.get(read).json())
    assert (finished.created, finished.removed, finished.left) == ((), (), ()), "a given session is only borrowed"
    with liar.server() as server:
        settings = CheckSettings(
            role="toetsplanning", target=TargetSettings(url=server.url), given=(ACTIVE,), examples=5
        )
        finished, _ = run_only(settings, SEQUENCES)
    assert [(left.id, left.kind) for left in finished.left] == [(ACTIVE, "report")]
    assert "irregularities" in finished.left[0].why.en
