"""Is this message what the contract says? Pure: from the parts of a request to a valid one, or a refusal."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl

from mock_server.domain.refusals import Reason, RefusalError, RuleViolation
from mock_server.handling.messages import Request
from mock_server.judging.judge import Judge
from ooapi_toets import strictjson
from ooapi_toets.contract import Message, Operation
from ooapi_toets.texts import one_of, say
from ooapi_toets.violations import Violation

_NOTHING = strictjson.Decoded(None, b"")


def read(
    operation: Operation, content_type: bytes | None, body: bytes, rule: str
) -> tuple[Message, strictjson.Decoded]:
    """Which message of its operation a request is, and its body.

    Args:
        operation: The operation it was routed to.
        content_type: What the body is declared as, if anything.
        body: The body; not looked at where the operation has none.
        rule: The rule that is broken by a body that cannot be read.

    Raises:
        RefusalError: When the body is not declared as what it should be, or is no JSON.
    """
    if operation.body is None:
        return operation.messages[-1], _NOTHING
    _must_be_declared(operation, content_type, rule)
    decoded = _decoded(body, rule)
    return operation.message_of(decoded.value), decoded


def admit(
    operation: Operation,
    message: Message,
    ids: Mapping[str, str],
    query_string: bytes,
    decoded: strictjson.Decoded,
    judge: Judge,
) -> Request:
    """The request, if every part of it follows the contract.

    Args:
        operation: The operation it was routed to.
        message: Which of its messages it is.
        ids: The ids in its path, as sent, by the name of their parameter.
        query_string: The query, undecoded.
        decoded: The body.
        judge: Tells which rule a violation breaks.

    Raises:
        RefusalError: With every violation at once, in path, query and body.
    """
    request = Request(operation.id, value=decoded.value, text=decoded.text, kind=message.kind)
    found: list[Violation] = []
    for name, parameter in operation.path_parameters.items():
        text = ids[name]
        if not parameter.validator.is_valid(text):
            found += parameter.validator.violations(text, "path", (name,))
        request.ids[name] = text.lower() if parameter.uuid else text
    if query_string:
        pairs = parse_qsl(query_string.decode("latin-1"), keep_blank_values=True)
        found += operation.query_violations(pairs)
        request.query = {name: text for name, text in pairs if name in operation.query}
    if message.body is not None and not message.body.is_valid(decoded.value):
        found += message.body.violations(decoded.value)
    if found:
        raise RefusalError(
            Reason.INVALID, tuple(RuleViolation(judge.rule_for(request.kind, each), each) for each in found)
        )
    return request


def _must_be_declared(operation: Operation, content_type: bytes | None, rule: str) -> None:
    declared = content_type.decode("latin-1") if content_type else ""
    if declared.split(";", 1)[0].strip().lower() in operation.media_types:
        return
    accepted = ", ".join(operation.media_types)
    violation = Violation(
        "header",
        "/content-type",
        "mediaType",
        say("must be {media_types}", media_types=one_of(operation.media_types)),
        accepted,
        declared[:100] or "nothing",
    )
    raise RefusalError(Reason.WRONG_MEDIA_TYPE, (RuleViolation(rule, violation),), extra=(("Accept", accepted),))


def _decoded(body: bytes, rule: str) -> strictjson.Decoded:
    try:
        return strictjson.decode(body)
    except strictjson.NotJsonError as error:
        violation = Violation("body", "", "json", error.message, "one JSON value in UTF-8")
        raise RefusalError(Reason.MALFORMED, (RuleViolation(rule, violation),)) from None
