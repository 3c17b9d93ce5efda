"""Flow 2, option 1: sessions that are refused, and the other way to create one."""

from __future__ import annotations

from conformance.evidence.findings import PrerequisiteFailed, ScenarioAborted
from conformance.planning.scenario import scenario
from conformance.scenarios.toets.context import ToetsContext
from conformance.scenarios.toets.refusing import must_refuse
from conformance.scenarios.toets.toetsafname.steps import tells_unknown
from ooapi_toets import JsonObject
from ooapi_toets.samples import without
from ooapi_toets.strictjson import encode
from ooapi_toets.texts import Text, say

_RULE = "2.1-invalid-offering-is-refused"
_DEFECTS: dict[Text, JsonObject] = {
    say("without offeringType"): {"offeringType": None},
    say("without startDateTime"): {"startDateTime": None},
    say("without endDateTime"): {"endDateTime": None},
    say("without name"): {"name": None},
    say("without primaryCode"): {"primaryCode": None},
    say("without consumers"): {"consumers": None},
    say("without description"): {"description": None},
    say("without teachingLanguage"): {"teachingLanguage": None},
    say("without resultExpected"): {"resultExpected": None},
    say("with an invalid startDateTime"): {"startDateTime": "yesterday"},
    say("with a startDateTime without a zone"): {"startDateTime": "2027-01-18T09:00:00"},
    say("with offeringType course"): {"offeringType": "course"},
    say("with a string as name"): {"name": "Rekenen 3F"},
    say("with an unknown offeringState"): {
        "consumers": [{"consumerKey": "nl-test-admin", "offeringState": "perhaps"}],
    },
}
"""What is changed in a valid session (None: taken out). What accepting it means, the contract says."""


@scenario("2.1-invalid-offering-is-refused", sessions=len(_DEFECTS) + 2)
def test_an_invalid_session_is_refused(run: ToetsContext) -> None:
    """Refuses a session that breaks the contract with 400, and keeps nothing of it."""
    failed = False
    # Where any id reads as a session, reading back says nothing (see 4.2-unknown-offering-is-404).
    look = tells_unknown(run)
    for what, change in _DEFECTS.items():
        offering = {k: v for k, v in {**run.make.offering(), **change}.items() if v is not None}
        try:
            _must_refuse(run, offering, what, look=look)
        except ScenarioAborted:
            failed = True
    for what, message in (
        (
            say("with an invalid offeringId (not a UUID)"),
            run.make.offering(offeringId="session-one"),
        ),
        (say("without offeringId"), without(run.make.offering(), "offeringId")),
    ):
        try:
            must_refuse(run, _RULE, run.put_session(message, valid=False), say("A session {what}", what=what))
        except ScenarioAborted:
            failed = True
    if failed:
        raise ScenarioAborted


def _must_refuse(run: ToetsContext, offering: JsonObject, what: Text, *, look: bool) -> None:
    answer = run.put_session(offering, valid=False)
    must_refuse(run, _RULE, answer, say("A session {what}", what=what))
    if answer.success or not look:
        return
    stored = run.read_session(offering["offeringId"])
    if stored.success:
        run.keeps(offering["offeringId"])
        run.failed(
            _RULE,
            say("A session {what} was refused but still exists", what=what),
            answer,
            stored,
        )


@scenario("2.1-malformed-json-is-refused", sessions=1)
def test_a_body_that_is_not_json_is_refused(run: ToetsContext) -> None:
    """Refuses a body that breaks off, is empty, or is no JSON at all."""
    offering = run.make.offering()
    call = run.calls.create_session(offering)
    bodies = {
        say("A truncated body"): encode(offering)[:-20],
        say("An empty body"): b"",
        say("A body of plain text"): b"this is not JSON",
    }
    for what, raw in bodies.items():
        run.refused(
            "2.1-malformed-json-is-refused",
            run.send(call, raw=raw, valid=False),
            what,
        )


@scenario("2.1-post-creates", sessions=1)
def test_a_session_may_be_posted(run: ToetsContext) -> None:
    """Creates a session with POST as well, if it offers that."""
    offering = run.make.offering()
    answer = run.send(run.calls.post_session(offering))
    if answer.status in {404, 405, 501}:
        raise PrerequisiteFailed(
            say(
                "POST /offerings is not supported (status {status}). If that is right, declare post-offerings = false.",
                status=answer.status,
            ),
            answer,
        )
    read = run.read_session(offering["offeringId"]) if answer.success else answer
    if not read.success:
        run.failed(
            "2.1-post-creates",
            say(
                "A session created with POST does not exist: {answer}, then {then}",
                answer=answer.answer,
                then=read.answer,
            ),
            answer,
            read,
        )
    run.passed(
        "2.1-post-creates",
        say("A session was created with POST"),
        answer,
        read,
    )
