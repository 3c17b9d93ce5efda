"""Edition `toets`: the two flows as their authors first wrote them (flow 2 of 2022, flow 4 of 2024)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import assert_never

from ooapi_toets import Json, JsonObject
from ooapi_toets import calls as call
from ooapi_toets.calls import JSON, Call
from ooapi_toets.contract import Contract, Match, Role
from ooapi_toets.editions import Edition, Records, kinds
from ooapi_toets.editions.kinds import Kind
from ooapi_toets.samples import new_id
from ooapi_toets.texts import say

AFNAME, PLANNING = "toetsafname", "toetsplanning"

SESSION, PARTICIPATION = "session", "participation"
"""What a mock of this edition remembers."""


@dataclass(frozen=True)
class Calls:
    """Makes the calls of the edition `toets`.

    Args:
        contract: The contract of the edition.
        paths: Other path templates by operation id, for an endpoint that deviates.
    """

    contract: Contract
    paths: Mapping[str, str] = field(default_factory=dict)

    def create_session(self, offering: JsonObject) -> Call:
        """Create or change a session (flow 2, options 1 and 2)."""
        return self._call("putOffering", body=offering, media_type=JSON)

    def post_session(self, offering: JsonObject) -> Call:
        """Create a session with POST (flow 2, option 1, remark)."""
        return self._call("postOffering", body=offering, media_type=JSON)

    def register_list(self, offering_id: str, people: list[JsonObject]) -> Call:
        """Replace the complete list of participants (flow 2, options 2, 3 and 4)."""
        return self._call("putAssociations", offering_id, body=people, media_type=JSON)

    def register_one(self, offering_id: str, association: JsonObject) -> Call:
        """Add or update one participant (flow 2, option 2, loop)."""
        return self._call("putAssociations", offering_id, body=association, media_type=JSON)

    def delete_session(self, offering_id: str) -> Call:
        """Delete a session (flow 2, option 5)."""
        return self._call("deleteOffering", offering_id)

    def read_session(self, offering_id: str) -> Call:
        """Read a session with its report (flow 4.2)."""
        return self._call("getOffering", offering_id)

    def read_people(self, offering_id: str, page: int = 1, *, size: int = 250, expand: bool = True) -> Call:
        """Read one page of the participants (base standard)."""
        query = [("pageSize", str(size)), ("pageNumber", str(page))]
        if expand:
            query.append(("expand", "person"))
        return replace(self._call("getAssociations", offering_id), query=tuple(query))

    def send_report(self, offering_id: str, report: JsonObject, media_type: str = JSON) -> Call:
        """Send the session report (flow 4.1)."""
        return self._call("patchOffering", offering_id, body=report, media_type=media_type)

    def read_document(self, document_id: str) -> Call:
        """Fetch a document (flow 4.1)."""
        return self._call("getDocument", document_id)

    def read_service(self) -> Call:
        """Read the service metadata (base standard)."""
        return self._call("getService")

    def _call(self, operation_id: str, *ids: str, body: Json = None, media_type: str | None = None) -> Call:
        operation = self.contract.operations[operation_id]
        template = self.paths.get(operation_id, operation.path)
        return call.make(operation, template, *ids, body=body, media_type=media_type)


def encode(calls: Calls, kind: Kind) -> Call:  # noqa: C901, PLR0911 - one line per kind reads best
    """The call that carries a message.

    Raises:
        ValueError: When this edition has no such message.
    """
    match kind:
        case kinds.Session(_, value):
            return calls.create_session(value)
        case kinds.CancelSession(session):
            return calls.delete_session(session)
        case kinds.Participants(session, members):
            return calls.register_list(session, list(members))
        case kinds.Participation(session, _, value):
            return calls.register_one(session, value)
        case kinds.Report(session, value):
            return calls.send_report(session, value)
        case kinds.ReadSession(session):
            return calls.read_session(session)
        case kinds.ReadParticipants(session, _):
            return calls.read_people(session)
        case kinds.ReadDocument(document):
            return calls.read_document(document)
        case kinds.ReadService():
            return calls.read_service()
        case kinds.CancelParticipation() | kinds.ReadParticipation() | kinds.Result():
            raise ValueError(f"The edition toets has no message {type(kind).__name__}.")
        case _:
            assert_never(kind)


def decode(match: Match, body: Json) -> Kind | None:  # noqa: PLR0911 - one line per operation reads best
    """What a request means; None for a body that says nothing that this edition knows."""
    session = match.ids.get("offeringId", "").lower()
    match match.operation.id:
        case "putOffering" | "postOffering" if isinstance(body, dict):
            return kinds.Session(_id(body, "offeringId"), body)
        case "deleteOffering":
            return kinds.CancelSession(session)
        case "putAssociations" if isinstance(body, list):
            return kinds.Participants(session, tuple(each for each in body if isinstance(each, dict)))
        case "putAssociations" if isinstance(body, dict):
            return kinds.Participation(session, _id(body, "associationId"), body)
        case "patchOffering" if isinstance(body, dict):
            return kinds.Report(session, body)
        case "getOffering":
            return kinds.ReadSession(session)
        case "getAssociations":
            return kinds.ReadParticipants(session, {})
        case "getDocument":
            return kinds.ReadDocument(match.ids.get("documentId", ""))
        case "getService":
            return kinds.ReadService()
    return None


def _id(value: JsonObject, name: str) -> str:
    found = value.get(name)
    return found.lower() if isinstance(found, str) else ""


def _probe(role: Role, calls: Calls, known: tuple[str, ...]) -> Call:
    """A message that nobody can accept."""
    return calls.create_session({}) if role == AFNAME else calls.send_report(known[0] if known else new_id(), {})


_RECORDS = (
    Records(SESSION, message="session", id="offeringId", one="offering", part="offerings"),
    Records(
        PARTICIPATION,
        message="participation",
        id="associationId",
        one="association",
        part="associations",
        parent=SESSION,
    ),
)

_SERVICE = say("service metadata (GET /)")

EDITION = Edition(
    id="toets",
    documents={AFNAME: "ooapi-toets.yaml", PLANNING: "ooapi-toets.yaml"},
    flows="flows.yaml",
    callers={AFNAME: (PLANNING,), PLANNING: (AFNAME,)},
    scopes=("nl-test-admin-flow-2-3-4",),
    rules={
        # What holds for every operation.
        "http.problem-body": "http-problem-body",
        "http.answers": "http-answers-follow-the-contract",
        "http.survives": "http-no-5xx-on-any-input",
        "auth.scope": "auth-wrong-scope-is-403",
        # What a server answers and keeps.
        "session.accepted": "2.1-create-answers-200",
        "session.reads-back": "2.1-reads-back-as-sent",
        "session.read": "4.2-read-answers-200",
        "session.cancelled": "2.5-delete-answers-200",
        "session.gone": "2.5-deleted-offering-is-404",
        "participants.accepted": "2.2-association-list-answers-200",
        "participants.replaced": "2.2-list-replaces-the-complete-list",
        "participants.appear": "2.2-registered-people-appear",
        "participants.read-back": "2.2-people-read-back-as-sent",
        "participants.added-appear": "2.3-added-students-appear",
        "participants.earlier-stay": "2.3-earlier-students-stay",
        "participants.removed-gone": "2.4-removed-students-are-gone",
        "participants.remaining-unchanged": "2.4-remaining-students-unchanged",
        "participants.cleared": "2.4-empty-list-clears",
        "participation.added": "2.2-single-association-is-added",
        "report.accepted": "4.1-report-answers-200",
        # What a client sends.
        "client.follows": "client-follows-the-contract",
        "client.recovers": "client-recovers-from-5xx-and-429",
        "client.waits": "client-waits-before-retrying",
        "client.refreshes": "client-refreshes-its-token",
        "client.session.valid": "2.1-client-sends-a-valid-offering",
        "client.session.makes-id": "2.1-client-makes-a-uuid",
        "client.session.keeps-id": "2.1-client-keeps-the-id",
        "client.session.cancels": "2.5-client-deletes",
        "client.participants.valid": "2.2-client-sends-valid-associations",
        "client.participants.after-session": "2.2-client-creates-before-associating",
        "client.participants.complete": "2.2-client-sends-the-complete-list",
        "client.participants.keep-ids": "2.2-client-keeps-association-ids",
        "client.participants.one-person": "2.2-client-keeps-person-the-same-over-roles",
        "client.participants.removes": "2.4-client-removes-by-a-shorter-list",
        "client.report.valid": "4.1-client-sends-a-valid-report",
        "client.report.document-types": "4.1-client-uses-known-document-types",
        "client.report.equals-own-read": "4.1-client-report-equals-its-own-read",
    },
    capabilities={
        AFNAME: {
            "post-offerings": say("POST /offerings"),
            "read-associations": say("reading participants back (GET …/associations)"),
            "documents": say("fetching documents (GET /documents/…)"),
            "service": _SERVICE,
        },
        PLANNING: {
            "read-offering": say("reading a session back (GET /offerings/…)"),
            "cancelled-offering": say("reports for a cancelled session"),
            "service": _SERVICE,
        },
    },
    plays={PLANNING: ("2.1", "2.2", "2.3", "2.4", "2.5", "4.2"), AFNAME: ("4.1",)},
    story={PLANNING: ("2.1", "2.2", "2.3", "2.4", "4.2", "2.5"), AFNAME: ("4.1",)},
    chain=(
        (PLANNING, "2.1"),
        (PLANNING, "2.2"),
        (PLANNING, "2.3"),
        (PLANNING, "2.4"),
        (AFNAME, "4.1"),
        (PLANNING, "4.2"),
        (PLANNING, "2.5"),
    ),
    seeds={PLANNING: "basic", AFNAME: "none"},
    records={AFNAME: _RECORDS, PLANNING: _RECORDS},
    given=frozenset({PLANNING}),
    make_calls=Calls,
    probe=_probe,
    encode=encode,
    decode=decode,
    answers={
        AFNAME: {
            ("putOffering", kinds.Session): "session.accepted",
            ("putAssociations", kinds.Participants): "participants.accepted",
            ("putAssociations", kinds.Participation): "participants.accepted",
            ("deleteOffering", kinds.CancelSession): "session.cancelled",
            ("getOffering", kinds.ReadSession): "session.read",
        },
        PLANNING: {("patchOffering", kinds.Report): "report.accepted"},
    },
)
