"""The kinds of messages that editions share: what was said, whatever the wire form.

A kind is frozen and knows the ids that it is about, in lower case. An edition encodes a kind as a call, and
decodes a request to a kind, so that whoever follows a conversation (the relay, the receipt) need not know
methods, paths or bodies.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ooapi_toets import JsonObject


@dataclass(frozen=True, slots=True)
class Session:
    """A session is created or changed."""

    session: str
    value: JsonObject


@dataclass(frozen=True, slots=True)
class CancelSession:
    """A session is withdrawn."""

    session: str


@dataclass(frozen=True, slots=True)
class Participants:
    """Everybody who takes part in a session, instead of whoever did."""

    session: str
    members: tuple[JsonObject, ...]


@dataclass(frozen=True, slots=True)
class Participation:
    """One person takes part in a session, or does so in another way."""

    session: str
    participation: str
    value: JsonObject


@dataclass(frozen=True, slots=True)
class CancelParticipation:
    """One person does not take part any more."""

    participation: str


@dataclass(frozen=True, slots=True)
class Report:
    """The report of a session."""

    session: str
    value: JsonObject


@dataclass(frozen=True, slots=True)
class Result:
    """The result of one participation."""

    participation: str
    value: JsonObject


@dataclass(frozen=True, slots=True)
class ReadSession:
    """A session is read."""

    session: str


@dataclass(frozen=True, slots=True)
class ReadParticipants:
    """The participants of a session are read.

    Attributes:
        session: The session.
        query: The query parameters by name.
    """

    session: str
    query: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ReadParticipation:
    """One participation is read."""

    participation: str


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """A document is fetched."""

    document: str


@dataclass(frozen=True, slots=True)
class ReadService:
    """The service metadata is read."""


Kind = (
    Session
    | CancelSession
    | Participants
    | Participation
    | CancelParticipation
    | Report
    | Result
    | ReadSession
    | ReadParticipants
    | ReadParticipation
    | ReadDocument
    | ReadService
)
