"""What every exchange of a run says about the rules that hold everywhere. Pure, over the recording."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from urllib.parse import urlsplit

from conformance.evidence.exchange import Exchange
from conformance.evidence.findings import Check, shown
from ooapi_toets import Json
from ooapi_toets.contract import Contract
from ooapi_toets.outcomes import Outcome
from ooapi_toets.samples import UUID
from ooapi_toets.schemas import BodyValidator
from ooapi_toets.texts import Text, all_of, say

PROBLEM = "http-problem-body"
ANSWERS = "http-answers-follow-the-contract"
SURVIVES = "http-no-5xx-on-any-input"

_BY_THE_APPLICATION = {400, 404, 409, 422}
"""Refusals that come from the application itself and not from a gateway before it."""
_LARGE = 500_000
"""Bytes of a message that something in front of a system may find too many, and refuse in its own words."""
_OPTIONAL = {"getService", "postOffering", "getDocument", "getOffering", "getAssociations"}
"""Operations that some endpoint or other need not serve; its router then refuses them, before any application."""
_OK = 200
_JSON = re.compile(r"(application|text)/(.+\+)?json")
_BELOW = re.compile(r"/(?:offerings|documents)/([^/]*)")


def failed(exchange: Exchange) -> bool:
    """Whether an answer says that the endpoint itself failed on the message."""
    return exchange.status is not None and exchange.status >= 500 and not exchange.surroundings  # noqa: PLR2004 - RFC 9110 section 15.6


def judge(exchanges: Iterable[Exchange], contract: Contract) -> list[Check]:
    """Every check that the recording of a run allows by itself."""
    answered = [each for each in exchanges if each.status is not None]
    unserved = {"", *_OPTIONAL} - {each.operation_id for each in answered if each.success}
    ours = _put_there_by_us(answered, contract)
    return [check for each in answered for check in _of(each, contract, unserved, ours=each.number in ours)]


def _put_there_by_us(exchanges: Iterable[Exchange], contract: Contract) -> set[int]:
    """The reads that may show what an invalid message of the same scenario put there: no fault of the reading."""
    spoilt: set[tuple[str, str]] = set()
    found: set[int] = set()
    for each in exchanges:
        about = each.scenario.removesuffix(" (cleanup)"), each.session
        if each.method == "GET" and about in spoilt:
            found.add(each.number)
        elif each.success and not each.meant_valid and _breaks_the_contract(each, contract):
            spoilt.add(about)
    return found


def _breaks_the_contract(exchange: Exchange, contract: Contract) -> bool:
    operation = contract.operations.get(exchange.operation_id)
    return operation is not None and operation.body is not None and not operation.body.is_valid(exchange.sent)


def _of(exchange: Exchange, contract: Contract, unserved: Collection[str], *, ours: bool) -> Iterator[Check]:
    status = exchange.status or 0
    if exchange.surroundings:
        return
    if failed(exchange):
        yield shown(
            exchange,
            SURVIVES,
            Outcome.FAIL,
            say("{method} was answered with {status}", method=exchange.method, status=status),
        )
    if status >= 400 and exchange.method != "HEAD":  # noqa: PLR2004 - RFC 9110 section 15.5
        yield _problem(exchange, status, unserved)
    if status == _OK and exchange.method == "GET" and exchange.meant_valid and not ours:
        yield from _answer(exchange, contract)


def _problem(exchange: Exchange, status: int, unserved: Collection[str]) -> Check:
    routed = exchange.operation_id not in unserved and _names_uuids(exchange)
    by_gateway = status not in _BY_THE_APPLICATION or not routed or len(exchange.request_body) > _LARGE
    wrong = _wrong_problem(exchange, status)
    if wrong is None:
        declared = exchange.media_type
        if declared == "application/problem+json":
            return shown(
                exchange,
                PROBLEM,
                Outcome.PASS,
                say("{status} with a problem body", status=status),
            )
        return shown(
            exchange,
            PROBLEM,
            Outcome.WARN,
            say(
                "The problem body of {status} is declared as {declared}",
                status=status,
                declared=declared or say("nothing"),
            ),
        )
    return shown(
        exchange,
        PROBLEM,
        Outcome.WARN if by_gateway else Outcome.FAIL,
        say("The answer {status} {wrong}", status=status, wrong=wrong),
        expected={"status": str(status), "title": "…"},
    )


def _wrong_problem(exchange: Exchange, status: int) -> Text | None:
    if not exchange.body:
        return say("has no body")
    value = exchange.value
    if not isinstance(value, dict):
        what = exchange.media_type or say("something without a media type")
        return say("is {what} and not a problem body", what=what)
    absent = [name for name in ("status", "title") if value.get(name) in (None, "")]
    if absent:
        return say("lacks {absent}", absent=all_of(absent))
    if str(value["status"]) != str(status):
        return say("names another status in its body")
    return None


def _names_uuids(exchange: Exchange) -> bool:
    """Whether the ids in a path are UUIDs; where they are not, many a router finds nothing behind it."""
    return all(UUID.fullmatch(each) for each in _BELOW.findall(urlsplit(exchange.url).path))


def _answer(exchange: Exchange, contract: Contract) -> Iterator[Check]:
    operation = contract.operations.get(exchange.operation_id)
    validator = operation.answers.get(_OK) if operation else None
    if operation is None or validator is None or operation.id == "getService":
        return
    value = exchange.value
    if value is None:
        yield shown(exchange, ANSWERS, Outcome.FAIL, say("What was read is not JSON"))
        return
    if not _JSON.fullmatch(exchange.media_type):
        yield shown(
            exchange,
            ANSWERS,
            Outcome.WARN,
            say(
                "What was read is JSON and is declared as {media_type}",
                media_type=exchange.media_type or say("nothing"),
            ),
            expected="application/json",
            got=exchange.media_type,
        )
    if operation.id == "getAssociations" and isinstance(value, list):
        return  # a bare list is the matter of base-associations-are-paged
    if wrapper := _wrapper(value, validator):
        yield shown(exchange, ANSWERS, Outcome.FAIL, say("Answers are wrapped in {name}", name=wrapper))
        return
    # Which attributes must come back is the matter of the rules about reading back; here it is their kind.
    found = [
        each
        for each in validator.violations(_without_nulls(value))
        if each.keyword != "required" and each.weight != "note"
    ]
    if found:
        first = found[0]
        yield shown(
            exchange,
            ANSWERS,
            Outcome.FAIL,
            say(
                "What was read breaks the contract at {pointer}: {message}",
                pointer=first.pointer or "/",
                message=first.message,
            ),
            expected=first.expected,
            got=first.got,
        )
    else:
        yield shown(
            exchange,
            ANSWERS,
            Outcome.PASS,
            say("What was read follows the contract"),
        )


def _wrapper(value: Json, validator: BodyValidator) -> str:
    """The name of the attribute in which an answer is wrapped; empty when it is not."""
    if not isinstance(value, dict) or validator.is_valid(value):
        return ""
    inside = ((name, _without_nulls(inner)) for name, inner in value.items() if isinstance(inner, dict))
    return next((name for name, inner in inside if validator.is_valid(inner)), "")


def _without_nulls(value: Json) -> Json:
    if isinstance(value, dict):
        return {name: _without_nulls(each) for name, each in value.items() if each is not None}
    if isinstance(value, list):
        return [_without_nulls(each) for each in value]
    return value
