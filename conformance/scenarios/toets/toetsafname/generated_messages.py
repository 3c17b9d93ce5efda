"""Messages that are generated from the contract: each attribute in turn, then everything at once."""

from __future__ import annotations

from conformance.generation.fuzz import Generated
from conformance.planning.scenario import scenario
from conformance.scenarios.toets.context import ToetsContext
from ooapi_toets import Json
from ooapi_toets.samples import UUID

_EVERYWHERE = ("http-no-5xx-on-any-input", "http-problem-body")
_IDS = {"offeringId", "associationId", "personId"}
"""The ids that a sender makes."""


@scenario("2.1-invalid-offering-is-refused", *_EVERYWHERE, sessions=80, sessions_each=1, alone=True)
def test_generated_sessions(run: ToetsContext) -> None:
    """Refuses generated sessions that break the contract, and fails on none, valid or not."""
    generated = Generated(run, "putOffering", "2.1-invalid-offering-is-refused")
    generated.everything(lambda body: run.calls.create_session(_with_our_ids(run, body)))


@scenario("2.2-invalid-association-is-refused", *_EVERYWHERE, sessions=1, people=20, people_each=17, alone=True)
def test_generated_participants(run: ToetsContext) -> None:
    """Refuses generated participants that break the contract, and fails on none, valid or not."""
    session = run.session()
    generated = Generated(run, "putAssociations", "2.2-invalid-association-is-refused")
    generated.everything(lambda body: run.calls.register_list(session, _with_our_ids(run, body)))


def _with_our_ids(run: ToetsContext, body: Json) -> Json:
    """A generated message in which every UUID that a sender makes says who made it; the same one stays the same."""
    ours: dict[str, str] = {}

    def message(node: Json) -> Json:
        if isinstance(node, list):
            return [message(each) for each in node]
        if not isinstance(node, dict):
            return node
        return {name: made(value) if name in _IDS else message(value) for name, value in node.items()}

    def made(value: Json) -> Json:
        if not isinstance(value, str) or not UUID.fullmatch(value):
            return value
        return ours.setdefault(value.lower(), run.make.new_id())

    return message(body)
