"""Flow 2, option 1: sessions that are refused, and the other way to create one."""

from __future__ import annotations

from conformance.checking.context import ScenarioContext
from conformance.evidence.findings import PrerequisiteFailed, ScenarioAborted
from conformance.planning.scenario import scenario
from conformance.scenarios.toets.toetsafname.steps import tells_unknown
from ooapi_toets import JsonObject
from ooapi_toets.register import Text
from ooapi_toets.samples import without
from ooapi_toets.strictjson import encode

_DEFECTS: dict[Text, tuple[JsonObject, bool]] = {
    Text("without offeringType", "zonder offeringType"): ({"offeringType": None}, True),
    Text("without startDateTime", "zonder startDateTime"): ({"startDateTime": None}, True),
    Text("without endDateTime", "zonder endDateTime"): ({"endDateTime": None}, True),
    Text("without name", "zonder name"): ({"name": None}, True),
    Text("without primaryCode", "zonder primaryCode"): ({"primaryCode": None}, True),
    Text("without consumers", "zonder consumers"): ({"consumers": None}, True),
    Text("without description", "zonder description"): ({"description": None}, False),
    Text("without teachingLanguage", "zonder teachingLanguage"): ({"teachingLanguage": None}, False),
    Text("without resultExpected", "zonder resultExpected"): ({"resultExpected": None}, False),
    Text("with a startDateTime that is no date", "met een startDateTime die geen tijdstip is"): (
        {"startDateTime": "yesterday"},
        True,
    ),
    Text("with offeringType course", "met offeringType course"): ({"offeringType": "course"}, True),
    Text("with a name that is no list", "met een name die geen lijst is"): ({"name": "Rekenen 3F"}, True),
    Text("with an unknown offeringState", "met een onbekende offeringState"): (
        {"consumers": [{"consumerKey": "nl-test-admin", "offeringState": "perhaps"}]},
        True,
    ),
}
"""What is changed in a valid session (None: taken out), and whether accepting it is a failure.

The last three attributes left out are required and not used (OKE 1.0.1 table 4.2.A), so an endpoint
that does without them harms nobody: a warning.
"""


@scenario("2.1-invalid-offering-is-refused", sessions=len(_DEFECTS) + 2)
def test_an_invalid_session_is_refused(run: ScenarioContext) -> None:
    """Refuses a session that breaks the contract with 400, and keeps nothing of it."""
    rule = "2.1-invalid-offering-is-refused"
    failed = False
    # Where any id reads as a session, reading back says nothing (see 4.2-unknown-offering-is-404).
    look = tells_unknown(run)
    for what, (change, strict) in _DEFECTS.items():
        offering = {k: v for k, v in {**run.make.offering(), **change}.items() if v is not None}
        try:
            _must_refuse(run, offering, what, strict=strict, look=look)
        except ScenarioAborted:
            failed = True
    for what, message in (
        (
            Text("with an offeringId that is no UUID", "met een offeringId die geen UUID is"),
            run.make.offering(offeringId="session-one"),
        ),
        (Text("without offeringId", "zonder offeringId"), without(run.make.offering(), "offeringId")),
    ):
        try:
            run.refused(
                rule,
                run.put_session(message, valid=False),
                f"A session {what.en}",
                f"Een zitting {what.nl}",
            )
        except ScenarioAborted:
            failed = True
    if failed:
        raise ScenarioAborted


def _must_refuse(run: ScenarioContext, offering: JsonObject, what: Text, *, strict: bool, look: bool) -> None:
    rule = "2.1-invalid-offering-is-refused"
    answer = run.put_session(offering, valid=False)
    if answer.success and not strict:
        run.deviates(
            rule,
            f"A session {what.en} was accepted; that attribute is required, though not used",
            f"Een zitting is geaccepteerd ({what.nl}); dat attribuut is verplicht, hoewel ongebruikt",
            answer,
        )
        return
    run.refused(rule, answer, f"A session {what.en}", f"Een zitting {what.nl}")
    stored = run.read_session(offering["offeringId"]) if look else answer
    if stored.success:
        run.broken(
            rule,
            f"A session {what.en} was refused and is there all the same",
            f"Een zitting is geweigerd ({what.nl}) en is er toch",
            answer,
            stored,
        )


@scenario("2.1-malformed-json-is-refused", sessions=1)
def test_a_body_that_is_not_json_is_refused(run: ScenarioContext) -> None:
    """Refuses a body that breaks off, is empty, or is no JSON at all."""
    offering = run.make.offering()
    run.will_create(offering)
    call = run.calls.create_session(offering)
    bodies = {
        Text("that breaks off", "dat afbreekt"): encode(offering)[:-20],
        Text("that is empty", "dat leeg is"): b"",
        Text("that is plain text", "dat gewone tekst is"): b"this is not JSON",
    }
    for what, raw in bodies.items():
        run.refused(
            "2.1-malformed-json-is-refused",
            run.send(call, raw=raw, valid=False),
            f"A body {what.en}",
            f"Een bericht {what.nl}",
        )


@scenario("2.1-post-creates", sessions=1)
def test_a_session_may_be_posted(run: ScenarioContext) -> None:
    """Creates a session with POST as well, if it offers that."""
    offering = run.make.offering()
    run.will_create(offering)
    answer = run.send(run.calls.post_session(offering))
    if answer.status in {404, 405, 501}:
        raise PrerequisiteFailed(
            Text(
                f"POST /offerings is not offered (it answers {answer.status}). "
                "To say so, declare post-offerings = false.",
                f"POST /offerings wordt niet aangeboden (antwoord {answer.status}). "
                "Om dat te melden: verklaar post-offerings = false.",
            ),
            answer,
        )
    read = run.read_session(offering["offeringId"]) if answer.success else answer
    if not read.success:
        run.broken(
            "2.1-post-creates",
            f"A posted session is not there: {answer.answer}, then {read.answer}",
            f"Een zitting via POST is er niet: {answer.answer}, daarna {read.answer}",
            answer,
            read,
        )
    run.holds(
        "2.1-post-creates",
        "A posted session is there",
        "Een zitting via POST is er",
        answer,
        read,
    )
