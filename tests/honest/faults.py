"""What is wrong with a message, found by hand: for the plain system, which shares no code with the mock."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Iterator
from datetime import datetime
from typing import Any

Value = Any
OURS = "nl-test-admin"
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_DURATION = re.compile(r"P(?=.)(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+S)?)?")
_MAIL = re.compile(r"[^@\s]+@[^@\s]+")
_ROLES = {"student", "invigilator", "coordinator", "assessor", "lecturer", "teaching assistant", "guest"}
_STATES = {"associated", "canceled", "pending", "denied", "queued", "finished"}
_TYPES = {"sessionReport", "attendanceReport", "assessmentModel", "other"}


def in_session(message: Value) -> Iterator[str]:
    """The faults of a session."""
    if not isinstance(message, dict):
        yield "a session is an object"
        return
    yield from _unless(_uuid(message.get("offeringId")), "offeringId")
    yield from _unless(message.get("offeringType") == "component", "offeringType")
    yield from _unless(message.get("teachingLanguage") == "nld", "teachingLanguage")
    yield from _unless(isinstance(message.get("resultExpected"), bool), "resultExpected")
    yield from _code(message.get("primaryCode"), {"offeringCode"})
    for name in ("name", "description"):
        texts = message.get(name)
        yield from _unless(isinstance(texts, list) and texts and all(map(_is_text, texts)), name)
    for name in ("startDateTime", "endDateTime"):
        yield from _unless(_instant(message.get(name)), name)
    for name in ("modeOfDelivery", "otherCodes"):
        yield from _unless(message.get(name) is None or isinstance(message[name], list), name)
    for each in _objects(message.get("otherCodes") or []):
        yield from _code(each)
    for name in ("component", "organization"):
        value = message.get(name)
        yield from _unless(value is None or _uuid(value) or isinstance(value, dict), name)
    ours = yield from _consumers(message.get("consumers"))
    if ours is not None:
        yield from _unless(ours.get("offeringState") in ("active", "canceled"), "offeringState")
        yield from _optional(ours)
        yield from in_documents(ours.get("documents"))


def in_participant(message: Value) -> Iterator[str]:
    """The faults of a participant."""
    if not isinstance(message, dict):
        yield "a participant is an object"
        return
    yield from _unless(_uuid(message.get("associationId")), "associationId")
    yield from _unless(message.get("associationType") == "componentOfferingAssociation", "associationType")
    yield from _unless(_among(message.get("role"), _ROLES), "role")
    yield from _unless(_among(message.get("state"), _STATES), "state")
    person = message.get("person")
    if not isinstance(person, dict):
        yield "person"
        return
    yield from _unless(_uuid(person.get("personId")), "personId")
    yield from _code(person.get("primaryCode"))
    for name in ("givenName", "surname", "displayName"):
        yield from _unless(isinstance(person.get(name), str) and len(person[name]) <= 256, name)
    mail = person.get("mail")
    yield from _unless(isinstance(mail, str) and _MAIL.fullmatch(mail), "mail")
    yield from _unless(isinstance(person.get("activeEnrollment"), bool), "activeEnrollment")
    affiliations = person.get("affiliations")
    yield from _unless(
        isinstance(affiliations, list) and all(_among(each, {"student", "employee", "guest"}) for each in affiliations),
        "affiliations",
    )


def in_report(message: Value) -> Iterator[str]:
    """The faults of a report."""
    if not isinstance(message, dict):
        yield "a report is an object"
        return
    yield from _unless(message.get("offeringType") == "component", "offeringType")
    ours = yield from _consumers(message.get("consumers"))
    if ours is not None:
        words = ours.get("irregularities")
        yield from _unless(words is None or isinstance(words, str), "irregularities")
        yield from in_documents(ours.get("documents"))


def in_documents(documents: Value) -> Iterator[str]:
    """The faults of a list of documents."""
    if documents is None:
        return
    yield from _unless(isinstance(documents, list), "documents")
    for each in documents if isinstance(documents, list) else ():
        right = isinstance(each, dict) and _among(each.get("documentType"), _TYPES)
        right = right and isinstance(each.get("documentId"), str) and bool(each["documentId"])
        yield from _unless(right and isinstance(each.get("documentName"), str), "a document")


def _consumers(entries: Value) -> Generator[str, None, Value]:
    """The faults of a list of consumers; returns the one that is ours."""
    if not isinstance(entries, list) or not entries:
        yield "consumers"
        return None
    ours = None
    for each in entries:
        key = each.get("consumerKey") if isinstance(each, dict) else None
        yield from _unless(isinstance(key, str) and key, "consumerKey")
        if key == OURS:
            yield from _unless(ours is None, f"{OURS} twice")
            ours = each
    yield from _unless(ours is not None, OURS)
    return ours


def _optional(ours: Value) -> Iterator[str]:
    duration, latest = ours.get("duration"), ours.get("lastPossibleStartDateTime")
    yield from _unless(duration is None or (isinstance(duration, str) and _DURATION.fullmatch(duration)), "duration")
    yield from _unless(latest is None or _instant(latest), "lastPossibleStartDateTime")
    words = ours.get("irregularities")
    yield from _unless(words is None or isinstance(words, str), "irregularities")


def _code(code: Value, kinds: set[str] | None = None) -> Iterator[str]:
    right = isinstance(code, dict) and isinstance(code.get("code"), str) and bool(code["code"])
    right = right and isinstance(code.get("codeType"), str) and (kinds is None or code["codeType"] in kinds)
    yield from _unless(right, "a code")


def _objects(entries: Value) -> list[Value]:
    return entries if isinstance(entries, list) else []


def _is_text(text: Value) -> bool:
    return isinstance(text, dict) and isinstance(text.get("language"), str) and isinstance(text.get("value"), str)


def _uuid(value: Value) -> bool:
    return isinstance(value, str) and bool(_UUID.fullmatch(value))


def _instant(value: Value) -> bool:
    try:
        return isinstance(value, str) and len(value) > 10 and datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


def _among(value: Value, allowed: Iterable[str]) -> bool:
    return isinstance(value, str) and value in allowed


def _unless(right: object, what: str) -> Iterator[str]:
    if not right:
        yield what
