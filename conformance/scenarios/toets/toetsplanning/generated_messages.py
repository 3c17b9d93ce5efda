"""Reports that are generated from the contract: each attribute in turn, then everything at once."""

from __future__ import annotations

from conformance.generation.fuzz import Generated
from conformance.planning.scenario import scenario
from conformance.scenarios.toets.context import ToetsContext
from conformance.scenarios.toets.toetsplanning.steps import reported_session, sends
from ooapi_toets import Json, JsonObject
from ooapi_toets.samples import CONSUMER_KEY, report
from ooapi_toets.violations import Violation

_TYPES = "4.1-unknown-document-type-is-refused"
_FIELDS = "4.1-document-fields-are-required"
_OFFERING_TYPE = "4.1-offering-type-is-required"
_REST = "4.1-invalid-report-is-refused"


@scenario(
    _TYPES, _FIELDS, _OFFERING_TYPE, _REST, "http-no-5xx-on-any-input", "http-problem-body", given="active", alone=True
)
def test_generated_reports(run: ToetsContext) -> None:
    """Refuses generated reports that break the contract, and fails on none, valid or not."""
    with reported_session(run) as session:
        sends(run, session, report(irregularities="Vooraf aan gegenereerde berichten (test)"))
        generated = Generated(run, "patchOffering", _rule_for)
        generated.everything(lambda body: run.calls.send_report(session, _only_a_report(body)))


def _only_a_report(body: Json) -> Json:
    """A generated message without what is no part of a report: the session is not ours to change.

    What is no object stays as it is, in a body and in consumers: it cannot be kept as an attribute.
    """
    if not isinstance(body, dict):
        return body
    kept = {name: value for name, value in body.items() if name in {"offeringType", "consumers"}}
    if not isinstance(kept.get("consumers"), list):
        kept.pop("consumers", None)
        return kept
    entries = [each for each in kept["consumers"] if not isinstance(each, dict) or _is_own(each)]
    return {**kept, "consumers": [_report_in(each) if isinstance(each, dict) else each for each in entries]}


def _is_own(entry: JsonObject) -> bool:
    return entry.get("consumerKey") == CONSUMER_KEY


def _report_in(entry: JsonObject) -> JsonObject:
    return {name: value for name, value in entry.items() if name in {"consumerKey", "irregularities", "documents"}}


def _rule_for(violation: Violation) -> str:
    """The rule that speaks of a violation."""
    place = violation.pointer.split("/")
    if place[-1] == "documentType" and violation.keyword != "required":
        return _TYPES
    if "documents" in place[:-1] and (violation.keyword == "required" or place[-2] == "documents"):
        return _FIELDS
    return _OFFERING_TYPE if violation.pointer == "/offeringType" else _REST
