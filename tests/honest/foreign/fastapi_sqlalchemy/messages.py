"""Describe the messages as pydantic models, with pydantic's own conversions (UUID, timedelta, UTC)."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    EmailStr,
    Field,
    Tag,
)


def _only_text(value: Any) -> Any:
    """Refuse the numbers that pydantic would read as seconds since 1970."""
    if isinstance(value, str) and "T" in value.upper():
        return value
    raise ValueError("a date and time in RFC 3339 is expected")


Instant = Annotated[AwareDatetime, BeforeValidator(_only_text), AfterValidator(lambda value: value.astimezone(UTC))]


class Code(BaseModel):
    """A code and its kind."""

    codeType: str = Field(min_length=1)
    code: str = Field(min_length=1)


class OfferingCode(Code):
    """The code of a session."""

    codeType: Literal["offeringCode"]


class Text(BaseModel):
    """A text in one language."""

    language: str
    value: str


class Document(BaseModel):
    """A document that a report mentions."""

    documentId: str = Field(min_length=1)
    documentType: Literal["sessionReport", "attendanceReport", "assessmentModel", "other"]
    documentName: str


class Open(BaseModel):
    """A model that keeps the attributes which it does not know."""

    model_config = ConfigDict(extra="allow")


class OtherConsumer(Open):
    """Attributes for another consumer."""

    consumerKey: str = Field(min_length=1)


class OfferingConsumer(Open):
    """What OOAPI has no place for in a session."""

    consumerKey: Literal["nl-test-admin"]
    offeringState: Literal["active", "canceled"]
    duration: timedelta | None = None
    lastPossibleStartDateTime: Instant | None = None
    startOptions: Literal["individualStart", "triggeredStart"] | None = None
    durationFrom: Literal["startDateTime", "individualStartDateTime", "triggeredStartDateTime"] | None = None
    durationUntil: Literal["testDuration", "endDateTime"] | None = None
    safety: list[Literal["securedComputer", "fixedLocation", "surveillance"]] | None = None
    locationCode: str | None = None
    finalResultsAllowed: bool | None = None
    irregularities: str | None = None
    documents: list[Document] | None = None


class ReportConsumer(Open):
    """The report itself."""

    consumerKey: Literal["nl-test-admin"]
    irregularities: str | None = None
    documents: list[Document] | None = None


class AssociationConsumer(Open):
    """Extra time and aids."""

    consumerKey: Literal["nl-test-admin"]
    additionalTimeInMin: int | None = Field(default=None, ge=0)
    personalNeeds: list[Literal["extraTime", "spoken", "spell-checker-on-screen"]] | None = None


def _whose(value: Any) -> str:
    key = value.get("consumerKey") if isinstance(value, dict) else getattr(value, "consumerKey", None)
    return "ours" if key == "nl-test-admin" else "other"


_Other = Annotated[OtherConsumer, Tag("other")]


class Offering(BaseModel):
    """A session."""

    offeringId: UUID
    primaryCode: OfferingCode
    offeringType: Literal["component"]
    name: list[Text] = Field(min_length=1)
    description: list[Text] = Field(min_length=1)
    teachingLanguage: Literal["nld"]
    modeOfDelivery: list[Literal["distance-learning", "online", "situated"]] | None = None
    resultExpected: bool
    otherCodes: list[Code] | None = None
    startDateTime: Instant
    endDateTime: Instant
    component: UUID | dict[str, Any] | None = None
    organization: UUID | dict[str, Any] | None = None
    consumers: list[Annotated[Annotated[OfferingConsumer, Tag("ours")] | _Other, Discriminator(_whose)]] = Field(
        min_length=1
    )


class Report(BaseModel):
    """A report of a session; whatever else is in it is not looked at."""

    offeringType: Literal["component"]
    consumers: list[Annotated[Annotated[ReportConsumer, Tag("ours")] | _Other, Discriminator(_whose)]] | None = None


class PersonIn(BaseModel):
    """Somebody who takes part."""

    personId: UUID
    primaryCode: Code
    givenName: str = Field(max_length=256)
    surnamePrefix: str | None = None
    surname: str = Field(max_length=256)
    displayName: str = Field(max_length=256)
    activeEnrollment: bool
    affiliations: list[Literal["student", "employee", "guest"]]
    mail: EmailStr
    otherCodes: list[Code] | None = None


class AssociationIn(BaseModel):
    """A part in a session."""

    associationId: UUID
    associationType: Literal["componentOfferingAssociation"]
    role: Literal["student", "invigilator", "coordinator", "assessor", "lecturer", "teaching assistant", "guest"]
    state: Literal["associated", "canceled", "pending", "denied", "queued", "finished"]
    person: PersonIn
    consumers: list[Annotated[Annotated[AssociationConsumer, Tag("ours")] | _Other, Discriminator(_whose)]] | None = (
        None
    )
