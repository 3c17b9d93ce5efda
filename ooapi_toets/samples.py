"""Builders for valid messages, with people who are plainly made up.

Every id that is made here starts with `7e57`, every person is called something like *Testa
Voorbeeld-0007* and has a mail address at example.org, so that whatever is left behind anywhere can be
recognised and removed.
"""

from __future__ import annotations

import random
import re
import secrets
import uuid
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta, timezone

from ooapi_toets import JsonObject

ID_PREFIX = "7e57"
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
"""The form of an id (RFC 9562 section 4), wherever it stands in a text."""

CONSUMER_KEY = "nl-test-admin"
DOCUMENT_TYPES = ("sessionReport", "attendanceReport", "assessmentModel", "other")
ROLES = ("student", "invigilator", "coordinator", "assessor", "lecturer", "teaching assistant", "guest")

_GIVEN = ("Testa", "Probeer", "Nep", "Fictief", "Zogenaamd", "Denkbeeldig", "Verzonnen", "Quasi")
_SURNAMES = ("Voorbeeld", "Nepnaam", "Bestaatniet", "Proefpersoon", "Schijn", "Verzinsel")
_PREFIXES = (None, None, "van", "de", "van der", "in 't")
_SUBJECTS = ("Rekenen 3F", "Nederlands 2F", "Engels B1", "Burgerschap", "Keuzedeel Proef")
_AMSTERDAM_WINTER = timezone(timedelta(hours=1))


def new_id() -> str:
    """A fresh UUID (version 4) that starts with `7e57`."""
    return str(uuid.UUID(ID_PREFIX + secrets.token_hex(14), version=4))


class Maker:
    """Makes messages; the same seed makes the same shapes and texts.

    Args:
        seed: Decides names, texts and which optional attributes are there.
        ids: Makes ids; fresh ones unless a test wants to know them.
        today: The day from which sessions are planned ahead; today unless given.
        component: The id of a test that the receiver knows. Without one sessions name no test: the
            attribute is optional, and a receiver may rightly refuse a test it has never heard of.
    """

    def __init__(
        self,
        seed: int | str = 0,
        ids: Callable[[], str] = new_id,
        today: date | None = None,
        component: str | None = None,
    ) -> None:
        self._random = random.Random(seed)  # noqa: S311 - test data, no secret
        self._today = today or datetime.now(UTC).date()
        self._number = 0
        self._component = component
        self.new_id = ids

    def offering(self, **changes: object) -> JsonObject:
        """A session with every attribute of the contract; keyword arguments replace attributes."""
        start = datetime.combine(
            self._today + timedelta(days=self._random.randrange(20, 60)), time(9), _AMSTERDAM_WINTER
        )
        minutes = self._random.choice((60, 90, 120))
        session = self.minimal_offering()
        session |= {
            "modeOfDelivery": ["online", "situated"],
            "otherCodes": [{"codeType": "systemId", "code": "FAO-0001"}],
            "startDateTime": start.isoformat(),
            "endDateTime": (start + timedelta(minutes=minutes)).isoformat(),
        }
        session["consumers"][0] |= {
            "duration": f"PT{minutes}M",
            "lastPossibleStartDateTime": (start + timedelta(minutes=15)).isoformat(),
            "startOptions": "triggeredStart",
            "durationFrom": "triggeredStartDateTime",
            "durationUntil": "testDuration",
            "safety": ["securedComputer", "surveillance"],
            "locationCode": f"{self._random.randrange(5)}.{self._random.randrange(1, 40):02}",
            "finalResultsAllowed": True,
        }
        return session | changes

    def minimal_offering(self, **changes: object) -> JsonObject:
        """A session with the required attributes only."""
        subject = self._random.choice(_SUBJECTS)
        start = datetime.combine(self._today + timedelta(days=30), time(13), _AMSTERDAM_WINTER)
        session: JsonObject = {
            "offeringId": self.new_id(),
            "primaryCode": {"codeType": "offeringCode", "code": f"TEST-{self._random.randrange(10**6):06}"},
            "offeringType": "component",
            "name": [{"language": "nl-NL", "value": f"{subject} (test)"}],
            "description": [{"language": "nl-NL", "value": f"{subject}, gemaakt door ooapi-toets"}],
            "teachingLanguage": "nld",
            "resultExpected": True,
            "startDateTime": start.isoformat(),
            "endDateTime": (start + timedelta(minutes=90)).isoformat(),
            "consumers": [{"consumerKey": CONSUMER_KEY, "offeringState": "active"}],
        }
        if self._component:
            session["component"] = self._component
        return session | changes

    def person(self, affiliation: str = "student", **changes: object) -> JsonObject:
        """A person who does not exist."""
        self._number += 1
        given = self._random.choice(_GIVEN)
        surname = f"{self._random.choice(_SURNAMES)}-{self._number:04}"
        prefix = self._random.choice(_PREFIXES)
        kind = "studentNumber" if affiliation == "student" else "organizationId"
        identifier = self.new_id()
        # A system may know people by their code, with which they log in, or by their mail: neither is used twice.
        own = int(identifier.replace("-", "")[-14:], 16) % 10**11
        person: JsonObject = {
            "personId": identifier,
            "primaryCode": {"codeType": kind, "code": f"9{own:011}"},
            "givenName": given,
            "surname": surname,
            "displayName": f"{surname}, {given}" + (f" {prefix}" if prefix else ""),
            "activeEnrollment": True,
            "affiliations": [affiliation],
            "mail": f"{given}.{surname}.{own:011}@example.org".lower(),
        }
        if prefix:
            person["surnamePrefix"] = prefix
        return person | changes

    def association(self, role: str = "student", person: JsonObject | None = None, **changes: object) -> JsonObject:
        """A person's part in a session; a student gets the attributes that only students have."""
        association: JsonObject = {
            "associationId": self.new_id(),
            "associationType": "componentOfferingAssociation",
            "role": role,
            "state": "associated",
            "person": person or self.person("student" if role == "student" else "employee"),
        }
        if role == "student":
            extra = self._random.choice((0, 15, 30))
            association["consumers"] = [
                {
                    "consumerKey": CONSUMER_KEY,
                    "additionalTimeInMin": extra,
                    "personalNeeds": ["extraTime"] if extra else ["spoken"],
                }
            ]
        return association | changes

    def students(self, count: int) -> list[JsonObject]:
        """So many students."""
        return [self.association() for _ in range(count)]

    def document(self, document_type: str = "sessionReport", **changes: object) -> JsonObject:
        """A document that a report mentions."""
        document: JsonObject = {
            "documentId": self.new_id(),
            "documentType": document_type,
            "documentName": f"Test {document_type} {self._random.randrange(1000)}.pdf",
        }
        return document | changes


def report(**attributes: object) -> JsonObject:
    """A session report whose nl-test-admin consumer has the given attributes."""
    return {"offeringType": "component", "consumers": [{"consumerKey": CONSUMER_KEY, **attributes}]}


def without(message: JsonObject, *names: str) -> JsonObject:
    """A copy of a message that lacks some attributes."""
    return {key: value for key, value in message.items() if key not in names}


def consumer_of(message: JsonObject) -> JsonObject | None:
    """The nl-test-admin entry of a message's consumers, or None."""
    entries: Iterable[object] = message.get("consumers") or ()
    for entry in entries:
        if isinstance(entry, dict) and entry.get("consumerKey") == CONSUMER_KEY:
            return entry
    return None


def with_consumer(message: JsonObject, **attributes: object) -> JsonObject:
    """A copy of a message whose nl-test-admin consumer has further attributes."""
    consumers = [
        {**entry, **attributes} if entry.get("consumerKey") == CONSUMER_KEY else entry for entry in message["consumers"]
    ]
    return {**message, "consumers": consumers}
