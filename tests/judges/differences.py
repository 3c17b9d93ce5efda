"""Where openapi-core and we may say different things of one message, and why: the whole list.

Each entry is as narrow as its reason, and has an example of its own. An entry whose example is no
difference any more fails the test: strike it out.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from conformance.evidence.exchange import Exchange
from ooapi_toets import Json
from ooapi_toets.contract import Contract
from ooapi_toets.strictjson import encode
from tests.judges.judgement import Judgement, Reason
from tests.judges.variations import made, message, not_utf8, twice

Part = Literal["request", "answer"]
Reasons = tuple[Reason, ...]


@dataclass(frozen=True)
class Difference:
    """One way in which two judgements may differ.

    Attributes:
        name: Short words for it.
        reason: Why it is no fault of either, or whose fault it is.
        stricter: Who finds something; the other finds nothing.
        covers: Whether one thing that was found is of this kind.
        example: An exchange of this kind.
        masked: Whether it is the mask that makes the difference; then it is none without one.
    """

    name: str
    reason: str
    stricter: Literal["we", "they"]
    covers: Callable[[Reason, Exchange], bool]
    example: Callable[[Contract], Exchange]
    masked: bool = False

    def explains(self, ours: Reasons, theirs: Reasons, exchange: Exchange) -> bool:
        """Whether this alone is why one judge finds something and the other nothing."""
        found, other = (ours, theirs) if self.stricter == "we" else (theirs, ours)
        return bool(found) and not other and all(self.covers(each, exchange) for each in found)


def differing(ours: Judgement, theirs: Judgement) -> list[Part]:
    """The parts of an exchange on which two judges disagree."""
    parts: tuple[Part, ...] = ("request", "answer")
    return [part for part in parts if _word(getattr(ours, part)) != _word(getattr(theirs, part))]


def _word(found: Reasons | None) -> str:
    return "outside" if found is None else "refused" if found else "accepted"


def _keyword(keyword: str, wanted: str = "") -> Callable[[Reason, Exchange], bool]:
    return lambda reason, _: reason.keyword == keyword and wanted in {"", reason.wanted}


def _offering(changes: Json) -> Callable[[Contract], Exchange]:
    def example(contract: Contract) -> Exchange:
        offering = message("offering-complete")
        return made(contract, "putOffering", {**offering, **changes(copy.deepcopy(offering))})

    return example


def _student(**changes: Json) -> Callable[[Contract], Exchange]:
    def example(contract: Contract) -> Exchange:
        student = message("associations-option-2")[0]
        student["person"] |= changes
        return made(contract, "putAssociations", [student])

    return example


def _report(change: Callable[[bytes], bytes]) -> Callable[[Contract], Exchange]:
    return lambda contract: made(contract, "patchOffering", change(encode(message("report-flow-4.1-example"))))


def _query(query: str) -> Callable[[Contract], Exchange]:
    return lambda contract: made(contract, "getAssociations", query=f"?{query}", status=404)


def _page_with_ids(contract: Contract) -> Exchange:
    page = contract.example("associationPage")
    return made(contract, "getAssociations", answer=page, status=200, answer_type="application/json")


_LEAP_SECOND = "2016-12-31T23:59:60Z"

DIFFERENCES = (
    Difference(
        "exactly one nl-test-admin",
        "`x-contains` is an extension of ours: OpenAPI 3.0 has no words for it.",
        "we",
        _keyword("contains"),
        _offering(lambda offering: {"consumers": offering["consumers"] * 2}),
    ),
    Difference(
        "durations",
        "openapi-core does not check `format: duration`.",
        "we",
        _keyword("format", "duration"),
        _offering(lambda offering: {"consumers": [{**offering["consumers"][0], "duration": "90 minutes"}]}),
    ),
    Difference(
        "mail addresses with an @",
        "To openapi-core every text with an @ is one; and every such text is masked by one that is.",
        "we",
        _keyword("format", "email"),
        _student(mail="testa @example.org"),
    ),
    Difference(
        "leap seconds",
        "RFC 3339 section 5.7 allows second 60; openapi-core's clock does not have it.",
        "they",
        lambda reason, exchange: (
            _LEAP_SECOND.encode() in exchange.request_body + exchange.body
            and (reason.keyword == "not" or (reason.keyword, reason.wanted) == ("format", "date-time"))
        ),
        _offering(lambda _: {"startDateTime": _LEAP_SECOND}),
    ),
    Difference(
        "a query parameter given twice",
        "We refuse what the sender did not clearly say; openapi-core takes the first.",
        "we",
        _keyword("repeated"),
        _query("pageSize=10&pageSize=10"),
    ),
    Difference(
        "an attribute given twice",
        "We refuse what the sender did not clearly say (RFC 8259 section 4); Python's reader takes the last, and "
        "a masked body is written anew, so that it does not even show.",
        "we",
        lambda reason, _: reason.keyword == "json" and "twice" in reason.wanted,
        _report(twice),
    ),
    Difference(
        "a byte order mark",
        "We refuse it in a request (RFC 8259 section 8.1 forbids to send one); Python's reader lets it pass.",
        "we",
        lambda reason, _: reason.keyword == "json" and "byte order mark" in reason.wanted,
        _report(lambda text: b"\xef\xbb\xbf" + text),
    ),
    Difference(
        "bytes that are no UTF-8",
        "A HAR file holds text: such bytes are in it as U+FFFD, which is valid.",
        "we",
        lambda reason, _: reason.keyword == "json" and "UTF-8" in reason.wanted,
        _report(not_utf8),
    ),
)
