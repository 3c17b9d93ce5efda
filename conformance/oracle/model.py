"""The suite's own idea of the state of an endpoint: pure, and written apart from the mock's.

The rules of state are written twice on purpose, here and in `mock_server/domain/`: an error in one is
caught by the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ooapi_toets import JsonObject
from ooapi_toets.samples import consumer_of, with_consumer


@dataclass(frozen=True, slots=True)
class KnownSession:
    """A session as it should be.

    Attributes:
        offering: What was last sent of it.
        people: Who should take part, by id.
    """

    offering: JsonObject
    people: Mapping[str, JsonObject] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Afname:
    """What a Toetsafname endpoint should know; every step gives a new one.

    Attributes:
        sessions: The sessions by id.
    """

    sessions: Mapping[str, KnownSession] = field(default_factory=dict)

    def put(self, offering: JsonObject) -> Afname:
        """A session is created or replaced; its people stay."""
        key = offering["offeringId"]
        people = self.sessions[key].people if key in self.sessions else {}
        return self._with(key, KnownSession(offering, people))

    def put_list(self, key: str, people: list[JsonObject]) -> Afname:
        """A list is who takes part, whoever did before."""
        return self._with(key, replace(self.sessions[key], people={each["associationId"]: each for each in people}))

    def put_one(self, key: str, association: JsonObject) -> Afname:
        """One object is there afterwards; the others stay."""
        known = self.sessions[key]
        return self._with(key, replace(known, people={**known.people, association["associationId"]: association}))

    def delete(self, key: str) -> Afname:
        """A session is gone, with its people."""
        return Afname({name: each for name, each in self.sessions.items() if name != key})

    def as_read(self, key: str, people: Mapping[str, JsonObject]) -> Afname:
        """The endpoint has its own idea, which was reported; go on from there."""
        return self._with(key, replace(self.sessions[key], people=people))

    def _with(self, key: str, session: KnownSession) -> Afname:
        return Afname({**self.sessions, key: session})


def after_report(offering: JsonObject, report: JsonObject) -> JsonObject:
    """A session of Toetsplanning after a report: what it names is as it says, null and [] take away.

    What it does not name in the consumer stays; that reading is disputed
    (`other-consumer-attributes`), so a difference there is told apart by whoever compares.
    """
    named = consumer_of(report) or {}
    known = consumer_of(offering) or {}
    merged = {**known, **named}
    kept = {name: value for name, value in merged.items() if value is not None and value != []}
    cleared = {
        **offering,
        "consumers": [
            {"consumerKey": known["consumerKey"]} if each is known else each for each in offering["consumers"]
        ],
    }
    return with_consumer(cleared, **kept)
