"""What holds for every operation of a Toetsafname endpoint."""

from __future__ import annotations

from conformance.run import Run, fresh_id
from conformance.scenario import scenario
from conformance.scenarios import common
from ooapi_toets import Json
from ooapi_toets.calls import Call


@scenario("http-wrong-method-is-405")
def test_a_method_that_is_not_served(run: Run) -> None:
    """Answers 405 with Allow to a method that it does not serve at a path."""
    common.wrong_method(run, Call("", "PATCH", "/offerings", body={}, media_type="application/json"))


@scenario("http-unsupported-media-type", sessions=1)
def test_a_body_that_is_not_declared_as_json(run: Run) -> None:
    """Refuses a session that comes as XML."""
    offering = run.make.offering()
    run.will_create(offering)
    common.wrong_media_type(run, run.calls.create_session(offering))


@scenario("http-no-5xx-on-any-input", "http-problem-body", sessions=8)
def test_hostile_sessions(run: Run) -> None:
    """Answers hostile messages with a refusal, and never fails on them."""
    offering = run.make.offering()
    for call, raw in common.hostile(run.calls.create_session(offering)):
        if isinstance(call.body, dict):
            run.will_create(call.body)
        common.survives(run, run.send(call, raw=raw, valid=False))
    unknown = fresh_id()
    bodies: tuple[Json, ...] = ({}, [[]], [None], "x", 1, None, {"associationId": 1})
    for body in bodies:
        call = run.calls.register_list(unknown, body)
        common.survives(run, run.send(call, valid=False))


@scenario("auth-missing-token-is-401", "auth-wrong-scope-is-403", sessions=1)
def test_credentials_are_asked_for(run: Run) -> None:
    """Answers 401 without valid credentials, and 403 to a token for another scope."""
    common.credentials(run, run.calls.read_session(fresh_id()))


@scenario("base-service-metadata")
def test_service_metadata(run: Run) -> None:
    """Says at GET / whom to contact and where its description is, if it offers that."""
    common.service_metadata(run)
