"""Reports that are generated from the contract: each attribute in turn, then everything at once."""

from __future__ import annotations

from conformance.generation.fuzz import Generated
from conformance.planning.scenario import scenario
from conformance.scenarios.toets.context import ToetsContext
from conformance.scenarios.toets.toetsplanning.steps import reported_session, sends
from ooapi_toets.samples import report

_RULES = {
    "/documentType": "4.1-unknown-document-type-is-refused",
    "/documents": "4.1-document-fields-are-required",
    "": "4.1-offering-type-is-required",
}


@scenario(*_RULES.values(), "http-no-5xx-on-any-input", "http-problem-body", given="active", alone=True)
def test_generated_reports(run: ToetsContext) -> None:
    """Refuses generated reports that break the contract, and fails on none, valid or not."""
    with reported_session(run) as session:
        sends(run, session, report(irregularities="Vooraf aan gegenereerde berichten (test)"))
        generated = Generated(run, "patchOffering", _rule_for)
        generated.everything(lambda body: run.calls.send_report(session, body))


def _rule_for(pointer: str) -> str:
    if pointer.endswith("/documentType"):
        return "4.1-unknown-document-type-is-refused"
    return "4.1-document-fields-are-required" if "/documents" in pointer else "4.1-offering-type-is-required"
