"""What every exchange of a run says about the rules that hold everywhere. Pure, over the recording."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from conformance.checks import Check
from conformance.exchange import Exchange
from ooapi_toets import Json
from ooapi_toets.contract import Contract
from ooapi_toets.outcomes import Outcome
from ooapi_toets.register import Text

PROBLEM = "http-problem-body"
ANSWERS = "http-answers-follow-the-contract"
SURVIVES = "http-no-5xx-on-any-input"

_BY_THE_APPLICATION = {400, 404, 409, 422}
"""Refusals that come from the application itself and not from a gateway before it."""
_UNAVAILABLE = {502, 503, 504}
"""Failures that speak of the surroundings of an endpoint, not of the input."""
_OK = 200


def judge(exchanges: Iterable[Exchange], contract: Contract) -> list[Check]:
    """Every check that the recording of a run allows by itself."""
    return [check for each in exchanges if each.status is not None for check in _of(each, contract)]


def _of(exchange: Exchange, contract: Contract) -> Iterator[Check]:
    status = exchange.status or 0
    if status >= 500:  # noqa: PLR2004 - RFC 9110 section 15.6
        outcome = Outcome.WARN if status in _UNAVAILABLE else Outcome.FAIL
        yield _check(
            exchange,
            SURVIVES,
            outcome,
            f"{exchange.method} was answered with {status}",
            f"{exchange.method} werd beantwoord met {status}",
        )
    if status >= 400 and exchange.method != "HEAD":  # noqa: PLR2004 - RFC 9110 section 15.5
        yield _problem(exchange, status)
    if status == _OK and exchange.method == "GET":
        yield from _answer(exchange, contract)


def _problem(exchange: Exchange, status: int) -> Check:
    by_gateway = status not in _BY_THE_APPLICATION
    wrong = _wrong_problem(exchange, status)
    if wrong is None:
        declared = exchange.media_type
        if declared == "application/problem+json":
            return _check(
                exchange,
                PROBLEM,
                Outcome.PASS,
                f"{status} with a problem body",
                f"{status} met probleembericht",
            )
        return _check(
            exchange,
            PROBLEM,
            Outcome.WARN,
            f"The problem body of {status} is declared as {declared or 'nothing'}",
            f"Het probleembericht bij {status} is aangeduid als {declared or 'niets'}",
        )
    return _check(
        exchange,
        PROBLEM,
        Outcome.WARN if by_gateway else Outcome.FAIL,
        f"The answer {status} {wrong.en}",
        f"Het antwoord {status} {wrong.nl}",
        expected={"status": str(status), "title": "…"},
    )


def _wrong_problem(exchange: Exchange, status: int) -> Text | None:
    if not exchange.body:
        return Text("has no body", "heeft geen inhoud")
    value = exchange.value
    if not isinstance(value, dict):
        what = exchange.media_type or "something without a media type"
        return Text(f"is {what} and not a problem body", f"is {what} en geen probleembericht")
    absent = [name for name in ("status", "title") if value.get(name) in (None, "")]
    if absent:
        return Text(f"lacks {' and '.join(absent)}", f"mist {' en '.join(absent)}")
    if str(value["status"]) != str(status):
        return Text("names another status in its body", "noemt een andere status in de inhoud")
    return None


def _answer(exchange: Exchange, contract: Contract) -> Iterator[Check]:
    operation = contract.operations.get(exchange.operation_id)
    validator = operation.answers.get(_OK) if operation else None
    if operation is None or validator is None or operation.id == "getService":
        return
    value = exchange.value
    if value is None:
        yield _check(exchange, ANSWERS, Outcome.FAIL, "What was read is not JSON", "Wat gelezen is, is geen JSON")
        return
    if operation.id == "getAssociations" and isinstance(value, list):
        return  # a bare list is the matter of base-associations-are-paged
    # Which attributes must come back is the matter of the rules about reading back; here it is their kind.
    found = [each for each in validator.violations(_without_nulls(value)) if each.keyword != "required"]
    if found:
        first = found[0]
        yield _check(
            exchange,
            ANSWERS,
            Outcome.FAIL,
            f"What was read breaks the contract at {first.pointer or '/'}: {first.message}",
            f"Wat gelezen is, wijkt af van het contract op {first.pointer or '/'}: {first.message_nl}",
            expected=first.expected,
            got=first.got,
        )
    else:
        yield _check(
            exchange,
            ANSWERS,
            Outcome.PASS,
            "What was read follows the contract",
            "Wat gelezen is, volgt het contract",
        )


def _without_nulls(value: Json) -> Json:
    if isinstance(value, dict):
        return {name: _without_nulls(each) for name, each in value.items() if each is not None}
    if isinstance(value, list):
        return [_without_nulls(each) for each in value]
    return value


def _check(
    exchange: Exchange,
    rule: str,
    outcome: Outcome,
    en: str,
    nl: str,
    expected: Json = None,
    got: Json = None,
) -> Check:
    return Check(rule, outcome, Text(en, nl), exchange.scenario, (exchange.number,), expected, got)
