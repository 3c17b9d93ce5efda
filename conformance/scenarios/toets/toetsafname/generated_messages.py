"""Messages that are generated from the contract: each attribute in turn, then everything at once."""

from __future__ import annotations

from conformance.generation.fuzz import Generated
from conformance.planning.scenario import scenario
from conformance.scenarios.toets.context import ToetsContext
from ooapi_toets import Json
from ooapi_toets.calls import Call

_EVERYWHERE = ("http-no-5xx-on-any-input", "http-problem-body")


@scenario("2.1-invalid-offering-is-refused", *_EVERYWHERE, sessions=80, sessions_each=1, alone=True)
def test_generated_sessions(run: ToetsContext) -> None:
    """Refuses generated sessions that break the contract, and fails on none, valid or not."""
    generated = Generated(run, "putOffering", "2.1-invalid-offering-is-refused")

    def call(body: Json) -> Call:
        if isinstance(body, dict) and isinstance(body.get("offeringId"), str):
            # Generated ids are always the same; ours say who made them and can be removed.
            fresh = run.make.new_id() if len(body["offeringId"]) == _UUID_LENGTH else body["offeringId"]
            body = {**body, "offeringId": fresh}
            run.will_create(body)
        return run.calls.create_session(body)

    generated.everything(call)


@scenario("2.2-invalid-association-is-refused", *_EVERYWHERE, sessions=1, people=20, alone=True)
def test_generated_participants(run: ToetsContext) -> None:
    """Refuses generated participants that break the contract, and fails on none, valid or not."""
    session = run.session()
    generated = Generated(run, "putAssociations", "2.2-invalid-association-is-refused")
    generated.everything(lambda body: run.calls.register_list(session, body))


_UUID_LENGTH = 36
