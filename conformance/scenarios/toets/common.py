"""What holds for every operation of either role: the same steps, on a call of that role's own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from conformance.evidence.exchange import Exchange
from conformance.evidence.findings import PrerequisiteFailed, ScenarioAborted
from conformance.oracle import every_exchange
from conformance.scenarios.toets.context import ToetsContext
from ooapi_toets.calls import Call
from ooapi_toets.evidence import WORTHLESS
from ooapi_toets.samples import report
from ooapi_toets.strictjson import encode
from ooapi_toets.texts import Text, say

_METHOD_NOT_ALLOWED, _UNSUPPORTED, _UNAUTHORIZED, _FORBIDDEN = 405, 415, 401, 403
_NOT_OFFERED = {404, 405, 501}


def wrong_method(run: ToetsContext, call: Call) -> None:
    """Say whether a method that nobody serves at a path is answered with 405 and Allow."""
    rule = "http-wrong-method-is-405"
    answer = run.send(call, valid=False)
    if answer.status != _METHOD_NOT_ALLOWED:
        run.failed(
            rule,
            say("{method} {path} was answered with {status}", method=call.method, path=call.path, status=answer.status),
            answer,
            expected=_METHOD_NOT_ALLOWED,
            got=answer.status,
        )
    if not answer.header("allow"):
        run.warned(rule, say("405 without an Allow header"), answer)
        return
    run.passed(rule, say("405 with Allow: {allow}", allow=answer.header("allow")), answer)


def wrong_media_type(run: ToetsContext, call: Call) -> None:
    """Say whether a body that is declared as XML, and is XML, is refused."""
    rule = "http-unsupported-media-type"
    xml = replace(call, media_type="application/xml")
    answer = run.send(xml, raw=b"<offering/>", valid=False)
    if answer.status == _UNSUPPORTED:
        run.passed(rule, say("XML was refused with 415"), answer)
    elif answer.refused:
        run.warned(
            rule,
            say("XML was refused with {status} instead of 415", status=answer.status),
            answer,
        )
    else:
        run.failed(
            rule,
            say("XML was answered with {status}", status=answer.status),
            answer,
            expected=_UNSUPPORTED,
            got=answer.status,
        )


UTF8 = "application/json; charset=utf-8"


def extra_is_taken(run: ToetsContext, rule: str, answer: Exchange, sent: Text) -> None:
    """Say whether a message was taken that differs from an ordinary one only in what a receiver must not mind.

    No source says with so many words that it is taken, so refusing it is a warning.
    """
    if answer.success:
        run.passed(rule, say("{sent} was accepted", sent=sent), answer)
    else:
        run.warned(
            rule,
            say("{sent} was refused with {status}", sent=sent, status=answer.status),
            answer,
        )


NUL = "Nul\u0000 (test)"
"""A text that is like any other but for one character, which some databases take for its end."""
_LONG = 70_000


def hostile_sessions(call: Call) -> Iterator[tuple[Call, bytes | None]]:
    """Sessions that break careless receivers: a call with its body, or with raw bytes instead."""
    valid = call.body
    for body in (
        {**valid, "name": "\u0000"},
        {**valid, "description": [{"language": "nl-NL", "value": NUL}]},
        {**valid, "primaryCode": {"codeType": "offeringCode", "code": "x" * _LONG}, "name": []},
        {**valid, "consumers": [{}], "startDateTime": "9999-99-99T99:99:99Z"},
        {**valid, "consumers": {}, "startDateTime": -1},
        {**valid, "offeringType": {"$ne": None}, "consumers": [[[]]]},
    ):
        yield replace(call, body=body), None
    yield from _broken(call)


def hostile_reports(call: Call) -> Iterator[tuple[Call, bytes | None]]:
    """Reports that break careless receivers. Only what a report is made of varies: the session is not ours."""
    valid = call.body
    document = {"documentId": "7e57", "documentType": "other", "documentName": NUL}
    for body in (
        report(irregularities="\u0000"),
        report(irregularities=NUL),
        report(irregularities="x" * _LONG, documents=[document]),
        report(irregularities=[], documents={}),
        report(irregularities=-1, documents=[None]),
        report(irregularities={"$ne": None}, documents=[[[]]]),
        {**valid, "offeringType": {"$ne": None}},
    ):
        yield replace(call, body=body), None
    yield from _broken(call)


def _broken(call: Call) -> Iterator[tuple[Call, bytes | None]]:
    """Bytes that are no JSON, or hardly."""
    yield replace(call, body=None), b"\xff\xfe{"
    yield replace(call, body=None), b"[" * 5_000 + b"]" * 5_000
    yield replace(call, body=None), encode(call.body)[:-1] + b',"x":' + b"9" * 5_000 + b',"offeringType":7}'
    yield replace(call, body=None), b'{"offeringId":"\\ud800"}'


def all_survive(run: ToetsContext, messages: Iterable[tuple[Call, bytes | None]]) -> None:
    """Send messages and say of each whether its answer is not the endpoint's failure.

    All of them are sent, whatever becomes of one: whoever mends a failure wants to know the others as well.

    Raises:
        ScenarioAborted: When the endpoint failed on one.
    """
    failed = False
    for call, raw in messages:
        try:
            survives(run, run.send(call, raw=raw, valid=False))
        except ScenarioAborted:
            failed = True
    if failed:
        raise ScenarioAborted


def survives(run: ToetsContext, answer: Exchange) -> None:
    """Say whether an answer is not the endpoint's failure; problem bodies are judged over the whole run."""
    rule = "http-no-5xx-on-any-input"
    if every_exchange.failed(answer):
        run.failed(
            rule,
            say("A malformed message was answered with {status}", status=answer.status),
            answer,
        )
    run.passed(rule, say("Answered with {status}", status=answer.status), answer)


def credentials(run: ToetsContext, calls: Iterable[Call]) -> None:
    """Say whether each of some calls, which would be taken otherwise, needs valid credentials that cover it."""
    calls = tuple(calls)
    wrong = (("authorization", WORTHLESS),)
    other = run.suite.target.auth.wrong_scope()
    failed = False
    for call in calls:
        for what, headers in (
            (say("without credentials"), ()),
            (say("with an invalid token"), wrong),
        ):
            try:
                _not_let_in(run, call, what, headers)
            except ScenarioAborted:
                failed = True
    for call in calls if other is not None else ():
        run.refused(
            "auth-wrong-scope-is-403",
            run.send(call, authenticate=False, headers=tuple(other or ())),
            say("{method} with a token for another scope", method=call.method),
            _FORBIDDEN,
        )
    if failed:
        raise ScenarioAborted
    if other is None:
        raise PrerequisiteFailed(say("No token for another scope was given, so its refusal was not tested."))


def _not_let_in(run: ToetsContext, call: Call, what: Text, headers: tuple[tuple[str, str], ...]) -> None:
    rule = "auth-missing-token-is-401"
    answer = run.send(call, authenticate=False, headers=headers)
    run.refused(rule, answer, say("{method} {what}", method=call.method, what=what), _UNAUTHORIZED)
    if answer.status == _UNAUTHORIZED and not answer.header("www-authenticate"):
        run.warned(rule, say("401 without a WWW-Authenticate header"), answer)


def service_metadata(run: ToetsContext) -> None:
    """Say whether the service metadata are there and complete."""
    rule = "base-service-metadata"
    answer = run.send(run.calls.read_service())
    if answer.status in _NOT_OFFERED:
        raise PrerequisiteFailed(
            say("Service metadata are not supported. If that is right, declare service = false."),
            answer,
        )
    value = answer.value if isinstance(answer.value, dict) else {}
    absent = [name for name in ("contactEmail", "specification", "documentation") if not value.get(name)]
    if absent:
        run.failed(
            rule,
            say("The service metadata lack {absent}", absent=", ".join(absent)),
            answer,
            expected=["contactEmail", "specification", "documentation"],
            got=sorted(value),
        )
    run.passed(rule, say("The service metadata are complete"), answer)
