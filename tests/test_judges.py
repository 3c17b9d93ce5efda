"""Judges that others wrote: of the contract, of the flows, of the mock, and of our own judgement.

- Redocly lint reads both documents; Redocly Respect runs every flow of the Arazzo document.
- openapi-core judges the recording of a whole check, and must agree with us exchange by exchange.
- A client made with openapi-typescript and openapi-fetch plays the flows against the mock.

What of this needs Node is installed by `make judges`.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import uuid
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from subprocess import CompletedProcess

import pytest
import yaml

from conformance.checking import session as checks
from conformance.oracle import every_exchange
from conformance.settings import AuthSettings, CheckSettings, TargetSettings
from mock_server.auth.schemes import BearerTokens, Grant
from mock_server.handling.endpoint import Handler
from mock_server.serving.server import MockServer
from mock_server.settings import MockSettings
from ooapi_toets import JsonObject, editions, resources
from ooapi_toets.contract import Contract, Operation, Role
from ooapi_toets.outcomes import Outcome
from tests.conftest import REQUIRE_ALL, program
from tests.judges import programs, variations
from tests.judges.court import Seen, hear, hear_made
from tests.judges.differences import DIFFERENCES, Difference
from tests.judges.lies import LIES, Lie, appends
from tests.judges.programs import MODULES, Respected

OPENAPI = resources.spec("ooapi-toets.yaml")
ARAZZO = resources.spec("ooapi-toets.arazzo.yaml")
FLOWS: JsonObject = resources.read_yaml(ARAZZO)
WORKFLOWS: dict[str, JsonObject] = {each["workflowId"]: each for each in FLOWS["workflows"]}

TO_COME = "7e570000-0000-4000-8000-000000000001"
WITH_REPORT = "7e570000-0000-4000-8000-000000000002"
CANCELLED = "7e570000-0000-4000-8000-000000000003"
"""The sessions that the mocks of these tests begin with (fixtures/seeds/basic.json)."""

SCOPE = "nl-test-admin-flow-2-3-4"
TOKENS = BearerTokens({"t0ken": Grant("suite", frozenset({SCOPE})), "other": Grant("suite", frozenset({"results"}))})

UNMASKED = [each for each in DIFFERENCES if not each.masked]


def mock(role: Role, handlers: dict[str, Handler] | None = None) -> MockServer:
    settings = MockSettings(role=role, port=0, seed_data="basic")
    return MockServer(settings, scheme=TOKENS, handlers=handlers)


@pytest.fixture(scope="module")
def node() -> str:
    found = program("node")
    if problem := programs.missing(found):
        if REQUIRE_ALL:
            pytest.fail(problem)
        pytest.skip(f"{problem}; this was not run")
    return found


def inputs_for(workflow: JsonObject) -> dict[str, str]:
    inputs = {name: str(uuid.uuid4()) for name in workflow["inputs"]["required"]} | {"authorization": "Bearer t0ken"}
    if workflow["workflowId"].startswith("4-1"):
        inputs |= {"offeringId": TO_COME, "irregularities": "Fire alarm at 09:40, twelve minutes added."}
    if workflow["workflowId"].startswith("4-2"):
        seeds = json.loads(resources.fixtures("seeds", "basic.json").read_text(encoding="utf-8"))
        session = next(each for each in seeds["offerings"] if each["offeringId"] == WITH_REPORT)
        report = session["consumers"][0]
        inputs |= {
            "offeringId": WITH_REPORT,
            "irregularities": report["irregularities"],
            "documentId1": report["documents"][0]["documentId"],
        }
    return inputs


@dataclass(frozen=True)
class Redocly:
    """What Redocly's programs were asked; they are under way, each in a process of its own."""

    lint: Future[CompletedProcess[str]]
    honest: dict[str, Future[Respected]]
    lying: dict[Lie, Future[Respected]]


@pytest.fixture(scope="module")
def redocly(node: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Redocly]:
    """Lint, and every flow against an honest mock and against one that lies; other tests run meanwhile."""

    def respect(name: str, lie: Lie | None = None) -> Respected:
        workflow = WORKFLOWS[name]
        with mock(workflow["x-role"], {lie.operation: lie.handler} if lie else None) as server:
            folder = tmp_path_factory.mktemp("respect")
            return programs.respect(node, ARAZZO, name, inputs_for(workflow), server.url, folder)

    pool = ThreadPoolExecutor(os.cpu_count())
    yield Redocly(
        lint=pool.submit(programs.lint, node, OPENAPI, ARAZZO),
        honest={name: pool.submit(respect, name) for name in WORKFLOWS},
        lying={lie: pool.submit(respect, lie.workflow, lie) for lie in LIES},
    )
    pool.shutdown(cancel_futures=True)


# -- the documents -------------------------------------------------------------------------------


def test_redocly_finds_nothing_in_our_documents(redocly: Redocly) -> None:
    done = redocly.lint.result()
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert "Your API descriptions are valid" in said
    assert "warning" not in said.replace("Deprecation warning", "")


def test_every_option_and_report_flow_is_a_workflow() -> None:
    chapters = {path.stem for path in resources.spec("rules").glob("[0-9]-[0-9]-*.yaml")}
    assert len(chapters) == 7
    assert set(WORKFLOWS) == chapters


def test_the_arazzo_document_stands_beside_the_contract_and_has_no_anchors() -> None:
    assert FLOWS["arazzo"] == "1.0.1"
    assert FLOWS["sourceDescriptions"] == [{"name": "toets", "url": f"./{OPENAPI.name}", "type": "openapi"}]
    assert not [event for event in yaml.parse(ARAZZO.read_text()) if getattr(event, "anchor", None)]


EXPRESSION = re.compile(r"\$inputs\.(\w+)")
CRITERION = re.compile(r"\$statusCode == (\d{3})|\$response\.body#((?:/\w+)+) == ('[^']+'|\d+|\$inputs\.(\w+))")
STEPS = [
    pytest.param(workflow, step, id=f"{name}-{step['stepId']}")
    for name, workflow in WORKFLOWS.items()
    for step in workflow["steps"]
]


@pytest.mark.parametrize(("workflow", "step"), STEPS)
def test_a_step_speaks_of_what_is_there(workflow: JsonObject, step: JsonObject, contract: Contract) -> None:
    operation = contract.served_by(workflow["x-role"])[step["operationId"]]
    known = {("Authorization", "header")} | {(name, "query") for name in operation.query}
    needed = {("Authorization", "header")}
    needed |= {(name, "path") for name in operation.path_parameters}
    given = [(each["name"], each["in"]) for each in step["parameters"]]
    assert len(set(given)) == len(given)
    assert needed <= set(given) <= known | needed
    for each in step["parameters"]:
        if each["in"] == "query":
            assert operation.query_violations([(each["name"], each["value"])]) == []

    matched = [_criterion(each["condition"]) for each in step["successCriteria"]]
    status = int(matched[0][1])
    assert status in operation.answers
    answer = contract.document["paths"][operation.path][operation.method.lower()]["responses"][str(status)]
    for each in matched[1:]:
        assert _leads_somewhere(contract, answer["content"]["application/json"]["schema"], each[2]), each[0]
    assert _accepted(operation, step) == (status != 400)


@pytest.mark.parametrize("workflow", WORKFLOWS.values(), ids=WORKFLOWS)
def test_a_workflow_asks_for_the_inputs_that_it_uses(workflow: JsonObject) -> None:
    inputs = workflow["inputs"]
    used = set(EXPRESSION.findall(json.dumps(workflow["steps"])))
    assert used == set(inputs["properties"]) == set(inputs["required"])
    # A runner stops at `format: uuid`; `password` makes it hide the value.
    formats = {name: each.get("format") for name, each in inputs["properties"].items()}
    assert {name: each for name, each in formats.items() if each} == {"authorization": "password"}
    assert all(each["type"] == "string" and each["description"] for each in inputs["properties"].values())
    steps = [step["stepId"] for step in workflow["steps"]]
    assert len(set(steps)) == len(steps)


def _criterion(condition: str) -> re.Match[str]:
    match = CRITERION.fullmatch(condition)
    assert match, f"outside the subset that runners understand alike: {condition}"
    return match


def _accepted(operation: Operation, step: JsonObject) -> bool:
    """Whether the message of a step, inputs filled in, satisfies the contract."""
    if operation.body is None:
        assert "requestBody" not in step
        return True
    assert step["requestBody"]["contentType"] in operation.media_types
    text = EXPRESSION.sub(str(uuid.uuid4()), json.dumps(step["requestBody"]["payload"]))
    return operation.body.violations(json.loads(text)) == []


def _leads_somewhere(contract: Contract, schema: JsonObject, pointer: str) -> bool:
    """Whether a schema describes what a JSON Pointer points at."""
    found = [schema]
    for part in pointer.split("/")[1:]:
        below: list[JsonObject] = []
        for each in _alternatives(contract, found):
            if part.isdigit() and "items" in each:
                below.append(each["items"])
            elif part in each.get("properties", {}):
                below.append(each["properties"][part])
        found = below
    return bool(found)


def _alternatives(contract: Contract, schemas: Iterable[JsonObject]) -> Iterator[JsonObject]:
    for each in schemas:
        schema = each
        while "$ref" in schema:
            schema = contract.document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
        yield schema
        yield from _alternatives(contract, schema.get("oneOf", []))


# -- openapi-core judges what passed -------------------------------------------------------------


@pytest.mark.parametrize("role", ["toetsafname", "toetsplanning"])
def test_openapi_core_agrees_on_every_exchange_of_a_check(role: Role, contract: Contract) -> None:
    auth = AuthSettings(kind="bearer", token="t0ken", wrong_scope_token="other")  # noqa: S106 - of the mock above
    given = (TO_COME, WITH_REPORT) if role == "toetsplanning" else (WITH_REPORT,)
    with mock(role) as server:
        target = TargetSettings(url=server.url, auth=auth)
        finished = checks.without_pytest(
            CheckSettings(role=role, target=target, given=given, given_cancelled=(CANCELLED,), examples=5)
        )
    # openapi-core takes seconds for a list of 5,000; there is one, to measure how an endpoint grows.
    recorded = [each for each in finished.exchanges if len(each.request_body) < 1_000_000]
    assert len(recorded) >= len(finished.exchanges) - 1
    heard = hear(recorded, contract, role, server.url, masked=True)
    assert [words for each in heard for words in each.unexplained(DIFFERENCES)] == []
    assert {each.exchange.status for each in heard} >= {200, 400, 401, 403, 404, 405, 415}
    for each in heard:
        assert not each.ours.answer, f"the mock broke the contract: {each}"
        if each.exchange.success or each.exchange.meant_valid:
            assert each.ours.request == (), f"taken, or called valid, against the contract: {each}"


@pytest.fixture(scope="module")
def varied_answers(contract: Contract) -> list[Seen]:
    return hear_made(variations.answers(contract), contract)


def test_openapi_core_agrees_on_requests_with_one_thing_changed(contract: Contract) -> None:
    heard = hear_made(variations.requests(contract), contract)
    assert [words for each in heard for words in each.unexplained(UNMASKED)] == []
    assert sum(1 for each in heard if each.theirs.request) > 500
    assert sum(1 for each in heard if not each.theirs.request) > 50


def test_openapi_core_agrees_on_answers_with_one_thing_changed(varied_answers: list[Seen]) -> None:
    assert [words for each in varied_answers for words in each.unexplained(UNMASKED)] == []
    assert sum(1 for each in varied_answers if each.theirs.answer) > 500
    assert sum(1 for each in varied_answers if not each.theirs.answer) > 50


def test_an_answer_that_fails_an_endpoint_is_refused_by_openapi_core_too(varied_answers: list[Seen]) -> None:
    blamed = [
        each
        for each in varied_answers
        for found in every_exchange.judge([replace(each.exchange, meant_valid=True)], editions.load(), "toetsafname")
        if found.rule == editions.load().rule(every_exchange.ANSWERS) and found.outcome is Outcome.FAIL
    ]
    assert len(blamed) > 200
    assert [each for each in blamed if each.agreed and not each.theirs.answer] == []


@pytest.mark.parametrize("difference", DIFFERENCES, ids=lambda each: each.name)
def test_a_difference_that_is_listed_is_one(difference: Difference, contract: Contract) -> None:
    exchange = difference.example(contract)
    (heard,) = hear_made([exchange], contract, masked=difference.masked)
    assert not heard.agreed, "this is no difference any more: strike it out"
    assert list(heard.unexplained([difference])) == []
    if difference.masked:
        (bare,) = hear_made([exchange], contract)
        assert bare.agreed, "it is not the mask that makes the difference"


# -- Redocly Respect runs the flows --------------------------------------------------------------


@pytest.mark.parametrize("name", WORKFLOWS)
def test_respect_passes_the_mock_on_every_flow(name: str, redocly: Redocly) -> None:
    said = redocly.honest[name].result()
    assert said.failed == (), said.output
    assert said.status == 0, said.output
    assert said.steps == tuple(step["stepId"] for step in WORKFLOWS[name]["steps"])
    assert "t0ken" not in said.output


@pytest.mark.parametrize("lie", LIES, ids=str)
def test_respect_fails_a_mock_that_lies(lie: Lie, redocly: Redocly) -> None:
    said = redocly.lying[lie].result()
    assert said.status == 1, said.output
    assert said.failed, said.output
    assert said.failed[0].startswith(lie.caught)


# -- a client that others would write ------------------------------------------------------------


@pytest.fixture(scope="module")
def client(node: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The client, checked by the compiler against types made from the contract, and compiled."""
    folder = tmp_path_factory.mktemp("client")
    for name in ("client.mts", "tsconfig.json"):
        shutil.copy(programs.HERE / name, folder)
    (folder / "node_modules").symlink_to(MODULES)
    types = programs.run(node, MODULES / "openapi-typescript/bin/cli.js", OPENAPI, "-o", folder / "contract.d.ts")
    assert types.returncode == 0, types.stdout + types.stderr
    compiled = programs.run(node, MODULES / "typescript/bin/tsc", "--project", folder)
    assert compiled.returncode == 0, compiled.stdout + compiled.stderr
    return folder / "client.mjs"


def test_a_client_of_others_plays_every_flow(
    node: str, client: Path, toetsafname: MockServer, toetsplanning: MockServer
) -> None:
    played = programs.run(node, client, toetsafname.url, toetsplanning.url, TO_COME)
    assert played.returncode == 0, played.stdout + played.stderr
    assert played.stdout.splitlines()[-1] == "4.1 under the same id"


def test_the_client_is_surprised_by_a_mock_that_lies(node: str, client: Path, toetsplanning: MockServer) -> None:
    with MockServer("toetsafname", handlers={"putAssociations": appends}) as liar:
        played = programs.run(node, client, liar.url, toetsplanning.url, TO_COME)
    assert played.returncode == 1
    assert played.stderr.startswith("2 the list is the list: got")
