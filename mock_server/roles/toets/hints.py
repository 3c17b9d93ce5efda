"""Calls by which a Toetsplanning says in another way what this edition says in its own: recognised, so that it is told.

Most are those of the published agreement, edition oke-1.0.1, which many systems speak already. Pure.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl

from mock_server.domain.refusals import RuleViolation
from mock_server.handling.path_hints import Meant, Recognise
from ooapi_toets import Json
from ooapi_toets.contract import Role
from ooapi_toets.editions.toets import AFNAME, EDITION
from ooapi_toets.samples import CONSUMER_KEY
from ooapi_toets.strictjson import lenient
from ooapi_toets.texts import say
from ooapi_toets.violations import Violation, pointer

REMOVES, WITHDRAWS = EDITION.rule("client.participants.removes"), EDITION.rule("client.session.cancels")

_ID = "offeringId"
_ONE = re.compile(r"/associations/[^/]+")
_PARTICIPANTS = re.compile(r"/associations/[^/]+|/offerings/[^/]+/associations(/[^/]+)?")
_SESSION = re.compile(r"/offerings/[^/]+")
_AS_WRITTEN = re.compile(r"/zitt?ing(?:en)?(?:/(?P<id>[^/]+))?/?", re.IGNORECASE)
_TAKES_PART = say("In this edition participants are registered with PUT /offerings/{offeringId}/associations.")
_LEAVES = say(
    "In this edition a participant is removed by sending the list without that participant: "
    "PUT /offerings/{offeringId}/associations."
)
_READ = say("In this edition participants are read with GET /offerings/{offeringId}/associations.")
_GOES = say("In this edition a session is withdrawn with DELETE /offerings/{offeringId}.")


def recognised(method: str, path: str, body: bytes, query: str = "") -> Meant | None:
    """What a call of a Toetsplanning means that this edition does not know; None where that is not plain.

    A participant leaves by PATCH of the association to `canceled`, and a session is withdrawn by PATCH of the
    session to `canceled`, in OKE 1.0.1 (chapter 4); to delete an association is in neither edition, and plain.

    Args:
        method: The HTTP method.
        path: The path below the base path.
        body: The body as sent.
        query: The query as sent.
    """
    if method == "DELETE" and (written := _AS_WRITTEN.fullmatch(path)):
        return _as_flow_2_writes_it(written["id"] or _id_in(lenient(body)) or dict(parse_qsl(query)).get(_ID, ""))
    if _PARTICIPANTS.fullmatch(path):
        return _about_participants(method, path, body)
    if method == "PATCH" and _SESSION.fullmatch(path) and (at := _cancelled(lenient(body))):
        told = say("has no effect here: use DELETE to withdraw a session")
        return Meant(_GOES, (RuleViolation(WITHDRAWS, Violation("body", at, "otherwise", told, hint=_GOES)),))
    return None


def _as_flow_2_writes_it(session: str) -> Meant:
    """The path of option 5 to the letter, with the id wherever it is given (interpretation `delete-path`)."""
    told = say("is what flow 2 writes under option 5; where a session is deleted is disputed (delete-path)")
    goes = say("Here a session is deleted with DELETE /offerings/{session}.", session=session or "{offeringId}")
    broken = RuleViolation(WITHDRAWS, Violation("path", "", "path", told, hint=goes))
    return Meant(goes, (broken,), disputed=True)


def _id_in(value: Json) -> str:
    found = value.get(_ID) if isinstance(value, dict) else None
    return found if isinstance(found, str) else ""


def _about_participants(method: str, path: str, body: bytes) -> Meant | None:
    if method == "DELETE":
        told = say("must be PUT, with the list without the removed participant")
        return Meant(_LEAVES, (RuleViolation(REMOVES, Violation("header", "", "method", told, hint=_LEAVES)),))
    if method == "PATCH":
        value = lenient(body)
        if isinstance(value, dict) and value.get("state") == "canceled":
            told = say("does not remove a participant: send the list without that participant")
            broken = RuleViolation(REMOVES, Violation("body", pointer("state"), "otherwise", told, hint=_LEAVES))
            return Meant(_LEAVES, (broken,))
        return Meant(_TAKES_PART)
    if _ONE.fullmatch(path):
        return Meant(_READ if method in {"GET", "HEAD"} else _TAKES_PART)
    return None


def _cancelled(value: Json) -> str:
    """Where a session is said to be cancelled; empty where it is not."""
    entries = value.get("consumers") if isinstance(value, dict) else None
    for index, each in enumerate(entries if isinstance(entries, list) else ()):
        if (
            isinstance(each, dict)
            and each.get("consumerKey") == CONSUMER_KEY
            and each.get("offeringState") == "canceled"
        ):
            return pointer("consumers", index, "offeringState")
    return ""


HINTS: dict[Role, Recognise] = {AFNAME: recognised}
"""For each role what recognises calls that say in another way what it serves."""
