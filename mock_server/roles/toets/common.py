"""What both roles serve."""

from __future__ import annotations

from mock_server.domain.effects import Effect
from mock_server.domain.refusals import Reason, RefusalError
from mock_server.handling.messages import Answer, Request, json_answer, value_answer
from mock_server.state.stores.protocol import Transaction
from ooapi_toets.editions.toets import SESSION

_LINE = b"BT /F 18 Tf 72 760 Td (Not a real document: ooapi-toets mock) Tj ET"
EMPTY_PDF = (
    b"%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
    b"/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>endobj\n"
    b"4 0 obj<</Length %d>>stream\n%s\nendstream endobj\n"
    b"trailer<</Root 1 0 R>>\n%%%%EOF\n"
) % (len(_LINE), _LINE)
"""One page that says that it is not real; readers rebuild the missing cross-reference table."""


def known_session(tx: Transaction, session: str) -> bytes:
    """The record of a session.

    Raises:
        RefusalError: When nobody registered it.
    """
    record = tx.get(SESSION, session)
    if record is None:
        raise RefusalError(Reason.UNKNOWN_SESSION)
    return record


def get_offering(tx: Transaction, request: Request) -> tuple[Answer, Effect | None]:
    """A session with its report and all other information (flow 4.2)."""
    return json_answer(known_session(tx, request.key)), None


def get_service(tx: Transaction, request: Request) -> tuple[Answer, Effect | None]:
    """The service metadata (base standard)."""
    del tx, request
    return value_answer(
        {
            "contactEmail": "ooapi-toets@example.org",
            "specification": "https://example.org/ooapi-toets/spec.yaml",
            "documentation": "https://example.org/ooapi-toets/",
            "supportedVersions": ["v5"],
            "supportedConsumers": [{"consumerKey": "nl-test-admin", "version": "1.0"}],
        }
    ), None
