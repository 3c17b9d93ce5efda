"""The one place that turns a refusal into a status and a problem body."""

from __future__ import annotations

from http import HTTPStatus

from mock_server.domain.refusals import Reason, RefusalError, RuleViolation
from mock_server.handling.messages import Answer
from ooapi_toets import JsonObject
from ooapi_toets.strictjson import encode

PROBLEM_TYPE = (b"content-type", b"application/problem+json")

_WORDS: dict[Reason, tuple[int, str, str]] = {
    Reason.MALFORMED: (400, "The body is not JSON", "Send one JSON value in UTF-8."),
    Reason.INVALID: (400, "The message breaks the contract", ""),
    Reason.UNKNOWN_SESSION: (404, "Unknown session", "No session is registered under this id."),
    Reason.UNKNOWN_DOCUMENT: (404, "Unknown document", "No report mentions a document with this id."),
    Reason.UNKNOWN_PATH: (404, "Unknown path", "Nothing is served here."),
    Reason.WRONG_METHOD: (405, "Method not allowed", ""),
    Reason.TOO_LARGE: (413, "The message is too large", ""),
    Reason.WRONG_MEDIA_TYPE: (415, "Unsupported media type", ""),
    Reason.NOT_AUTHENTICATED: (401, "Not authenticated", ""),
    Reason.NOT_ALLOWED: (403, "Not allowed", ""),
    Reason.FULL: (429, "The mock is full", ""),
}


def answer_to(refusal: RefusalError) -> Answer:
    """The answer that tells a client why, with every violation at once."""
    status, title, detail = _WORDS[refusal.reason]
    if refusal.broken and not refusal.detail:
        count = len(refusal.broken)
        detail = f"{count} violation{'s' if count > 1 else ''}; nothing was changed."
    extra = tuple((name.lower().encode(), value.encode("latin-1")) for name, value in refusal.extra)
    return problem(status, title, refusal.detail or detail, refusal.broken, extra)


def problem(
    status: int,
    title: str,
    detail: str = "",
    broken: tuple[RuleViolation, ...] = (),
    extra: tuple[tuple[bytes, bytes], ...] = (),
) -> Answer:
    """A problem body in the form of the base standard: the status is a string (OKE 1.0.1 table 5.0.D)."""
    body: JsonObject = {"status": str(status), "title": title}
    if detail:
        body["detail"] = detail
    if broken:
        body["errors"] = [{**each.violation.as_dict(), "rule": each.rule} for each in broken]
    return Answer(status, encode(body), (PROBLEM_TYPE, *extra))


def status_phrase(status: int) -> str:
    """The standard words for a status."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"
