"""What holds for every operation of a Toetsplanning endpoint."""

from __future__ import annotations

from conformance.checking.context import fresh_id
from conformance.planning.scenario import scenario
from conformance.scenarios.toets import common
from conformance.scenarios.toets.context import ToetsContext
from conformance.scenarios.toets.toetsplanning.steps import read_back, reported_session, sends
from ooapi_toets import Json
from ooapi_toets.calls import Call
from ooapi_toets.samples import report


@scenario("http-wrong-method-is-405")
def test_a_method_that_is_not_served(run: ToetsContext) -> None:
    """Answers 405 with Allow to a method that it does not serve at a path."""
    path = f"/offerings/{fresh_id()}"
    common.wrong_method(run, Call("", "POST", path, body={}, media_type="application/json"))


@scenario("http-unsupported-media-type", given="active")
def test_a_body_that_is_not_declared_as_json(run: ToetsContext) -> None:
    """Refuses a report that comes as XML."""
    with reported_session(run) as session:
        message = report(irregularities="Als XML (test)")
        sends(run, session, message)
        common.wrong_media_type(run, run.calls.send_report(session, message))


@scenario("http-no-5xx-on-any-input", "http-problem-body")
def test_hostile_reports(run: ToetsContext) -> None:
    """Answers hostile messages with a refusal, and never fails on them."""
    call = run.calls.send_report(fresh_id(), report(irregularities="Vijandig (test)"))
    bodies: tuple[Json, ...] = ({}, [], [None], "x", 1, {"offeringType": "component", "consumers": [None]})
    others = ((run.calls.send_report(fresh_id(), body), None) for body in bodies)
    common.all_survive(run, (*common.hostile_reports(call), *others))


@scenario("http-no-5xx-on-any-input", "http-problem-body", given="active")
def test_hostile_reports_for_a_known_session(run: ToetsContext) -> None:
    """Answers hostile messages for a session that it knows with a refusal, and never fails on them."""
    with reported_session(run) as session:
        call = run.calls.send_report(session, report(irregularities="Vijandig (test)"))
        common.all_survive(run, common.hostile_reports(call))


@scenario("http-no-5xx-on-any-input", "http-problem-body")
def test_hostile_ids(run: ToetsContext) -> None:
    """Answers ids that are no UUID without failing on them."""
    message = report(irregularities="Geen id (test)")
    calls = (
        each
        for key in ("session-one", "0", "7e57'--", "7e57" * 100)
        for each in (run.calls.send_report(key, message), run.calls.read_session(key))
    )
    common.all_survive(run, ((call, None) for call in calls))


@scenario("auth-missing-token-is-401", "auth-wrong-scope-is-403")
def test_credentials_are_asked_for(run: ToetsContext) -> None:
    """Answers 401 without valid credentials, and 403 to a token for another scope, to reads and writes alike."""
    message = report(irregularities="Zonder token (test)")
    if "active" not in run.suite.given:
        common.credentials(run, (run.calls.send_report(fresh_id(), message),))
        return
    with reported_session(run) as session:
        sends(run, session, message)
        calls = [run.calls.send_report(session, message)]
        if run.read_session(session).success:
            calls.append(run.calls.read_session(session))
        common.credentials(run, calls)


@scenario("base-service-metadata")
def test_service_metadata(run: ToetsContext) -> None:
    """Says at GET / whom to contact and where its description is, if it offers that."""
    common.service_metadata(run)


@scenario("http-answers-follow-the-contract", given="active")
def test_the_session_that_is_shown(run: ToetsContext) -> None:
    """Shows its sessions, where it shows them, with attributes of the kinds that the contract names."""
    with reported_session(run) as session:
        read_back(run, session)
