"""What holds for every operation of a Toetsafname endpoint."""

from __future__ import annotations

from dataclasses import replace

from conformance.checking.context import fresh_id
from conformance.planning.scenario import scenario
from conformance.scenarios.toets import common
from conformance.scenarios.toets.context import ToetsContext
from ooapi_toets import Json
from ooapi_toets.calls import Call


@scenario("http-wrong-method-is-405")
def test_a_method_that_is_not_served(run: ToetsContext) -> None:
    """Answers 405 with Allow to a method that it does not serve at a path."""
    common.wrong_method(run, Call("", "PATCH", "/offerings", body={}, media_type="application/json"))


@scenario("http-unsupported-media-type", sessions=1)
def test_a_body_that_is_not_declared_as_json(run: ToetsContext) -> None:
    """Refuses a session that comes as XML."""
    offering = run.make.offering()
    common.wrong_media_type(run, run.calls.create_session(offering))


@scenario("http-no-5xx-on-any-input", "http-problem-body", sessions=1)
def test_hostile_sessions(run: ToetsContext) -> None:
    """Answers hostile messages with a refusal, and never fails on them."""
    offering = run.make.offering()
    session = run.calls.create_session(offering)
    unknown = fresh_id()
    odd = run.make.association(person=run.make.person(displayName=common.NUL))
    bodies: tuple[Json, ...] = ({}, [[]], [None], "x", 1, None, {"associationId": 1}, [odd])
    common.all_survive(
        run,
        (*common.hostile_sessions(session), *((run.calls.register_list(unknown, body), None) for body in bodies)),
    )


@scenario("http-no-5xx-on-any-input", "http-problem-body", sessions=1)
def test_hostile_ids_and_queries(run: ToetsContext) -> None:
    """Answers ids that are no UUID, and pages that do not exist, without failing on them."""
    offering = run.make.offering()
    session: str = offering["offeringId"]
    run.put_session(offering)
    page = run.calls.read_people(session)
    calls = (
        *(make(key) for key in _NO_IDS for make in (run.calls.read_session, run.calls.delete_session)),
        *(run.calls.read_people(key) for key in _NO_IDS),
        run.calls.register_list("session-one", []),
        *(replace(page, query=query) for query in _NO_PAGES),
    )
    common.all_survive(run, ((call, None) for call in calls))


_NO_IDS = ("session-one", "0", "7e57'--", "7e57" * 100)
_NO_PAGES = (
    (("pageSize", "0"),),
    (("pageSize", "-1"), ("pageNumber", "0")),
    (("pageSize", "many"),),
    (("pageNumber", "99999999999999999999"),),
    (("expand", "person,nobody"),),
)


@scenario("auth-missing-token-is-401", "auth-wrong-scope-is-403", sessions=1, people=1)
def test_credentials_are_asked_for(run: ToetsContext) -> None:
    """Answers 401 without valid credentials, and 403 to a token for another scope, to reads and writes alike."""
    offering = run.make.offering()
    session = run.session(offering)
    common.credentials(
        run,
        (
            run.calls.read_session(session),
            run.calls.create_session(offering),
            run.calls.register_list(session, run.make.students(1)),
            run.calls.delete_session(session),
        ),
    )


@scenario("base-service-metadata")
def test_service_metadata(run: ToetsContext) -> None:
    """Says at GET / whom to contact and where its description is, if it offers that."""
    common.service_metadata(run)
