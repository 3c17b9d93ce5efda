"""The wire form of the edition `toets`: what each step of the conversation looks like as HTTP.

The suite and the mock speak in steps (create a session, register these people, send this report);
this module alone knows which method, path and body that is. Another edition is another module with
the same functions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import quote

from ooapi_toets import Json, JsonObject
from ooapi_toets.contract import Contract

JSON = "application/json"
MERGE_PATCH = "application/merge-patch+json"


@dataclass(frozen=True)
class Call:
    """One request, before it is known to whom it goes.

    Attributes:
        operation_id: The operation of the contract.
        method: The HTTP method.
        path: The path below the base path, ids filled in.
        query: Query parameters in order.
        body: The JSON body, or None for a request without one.
        media_type: What the body is declared as.
    """

    operation_id: str
    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    body: Json = None
    media_type: str | None = None


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

    def _call(self, operation_id: str, key: str = "", *, body: Json = None, media_type: str | None = None) -> Call:
        operation = self.contract.operations[operation_id]
        path = self.paths.get(operation_id, operation.path)
        for name in ("offeringId", "documentId"):
            path = path.replace("{" + name + "}", quote(key, safe=""))
        return Call(operation_id, operation.method, path, body=body, media_type=media_type)
