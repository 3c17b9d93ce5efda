"""Is what a Toetsafname reported in 4.1 what reading the session there in 4.2 shows? Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from conformance.evidence.exchange import Exchange
from conformance.evidence.findings import Check, shown
from conformance.oracle import equality
from ooapi_toets import Json, JsonObject
from ooapi_toets.editions.kinds import ReadSession
from ooapi_toets.outcomes import Outcome
from ooapi_toets.samples import consumer_of
from ooapi_toets.texts import say

REPORTED = ("irregularities", "documents")
"""What a report says of a session."""
DOCUMENT = ("documentId", "documentType", "documentName")
"""What flow 4 names of a document; a system may keep more."""

_OK = 200


def passing_by(
    rule: str, reports: Mapping[str, JsonObject], reads: Iterable[Exchange], after: Mapping[str, str]
) -> list[Check]:
    """Whether the reports that a Toetsafname sent are what reading the sessions there shows.

    Args:
        rule: The rule that says so.
        reports: The sessions as Toetsplanning has them after the reports, by id.
        reads: The answers of Toetsafname.
        after: When the last report of a session was accepted, by id, ISO 8601 in UTC.
    """
    found = []
    for exchange in reads:
        session = exchange.session
        if not isinstance(exchange.about, ReadSession) or exchange.status != _OK or session not in reports:
            continue
        if exchange.started <= after[session] or not isinstance(exchange.value, dict):
            continue
        found.append(compared(rule, reports[session], exchange.value, exchange))
    return found


def compared(
    rule: str, reported: JsonObject, read: JsonObject, exchange: Exchange, documents: Iterable[JsonObject] | None = None
) -> Check:
    """Whether what was sent in 4.1 is what the own read in 4.2 shows (interpretation `report-equals-read`).

    Args:
        rule: The rule that says so.
        reported: The session after the report, as Toetsplanning has it.
        read: The session as Toetsafname reads.
        exchange: The exchange by which it was read.
        documents: The documents of every report of this session, where the report of it was asked for; then
            what the own read shows beyond them is missing from what was sent.
    """
    last, own = _said(reported), _said(read)
    sent = last if documents is None else {**last, **_documents(documents)}
    for each in equality.differences(sent, own):
        words = say("What was sent in 4.1 differs from what is read in 4.2: {each}", each=each.words)
        return shown(exchange, rule, Outcome.FAIL, words, each.sent, each.read)
    beyond = equality.differences(own, sent)
    if beyond:
        words = say("Reading in 4.2 shows more than was sent in 4.1: {each}", each=_missing(beyond[0].pointer))
        return shown(exchange, rule, Outcome.WARN if documents is None else Outcome.FAIL, words)
    if equality.differences(sent, last):
        words = say("The documents came in several reports, and the last of these replaces the others")
        return shown(exchange, rule, Outcome.WARN, words)
    words = say("What was sent in 4.1 is what is read in 4.2")
    return shown(exchange, rule, Outcome.PASS, words)


def _missing(pointer: str) -> str:
    return pointer.removeprefix("/").partition("/")[0]


def _said(session: JsonObject) -> JsonObject:
    """What the flow names of a report: the irregularities, and of each document its three attributes."""
    consumer = consumer_of(session) or {}
    irregularities = consumer.get("irregularities")
    told = {} if equality.empty(irregularities) else {"irregularities": irregularities}
    documents = consumer.get("documents")
    return {**told, **_documents(documents if isinstance(documents, list) else ())}


def _documents(documents: Iterable[Json]) -> JsonObject:
    """Documents by their three attributes, the last of each id; one that lacks an attribute belongs to no report."""
    found: dict[str, JsonObject] = {}
    for each in documents:
        if isinstance(each, dict) and all(isinstance(each.get(name), str) for name in DOCUMENT):
            found[each["documentId"].lower()] = {name: each[name] for name in DOCUMENT}
    return {"documents": list(found.values())} if found else {}
