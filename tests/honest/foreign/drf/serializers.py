"""Check and show the messages with serializers of the REST framework."""

from __future__ import annotations

from typing import Any

from django.utils.dateparse import parse_datetime, parse_duration
from rest_framework import serializers
from zittingen.models import Association, Offering, Person

OURS = "nl-test-admin"


class CodeSerializer(serializers.Serializer):
    """A code and its kind."""

    codeType = serializers.CharField()
    code = serializers.CharField()


class OfferingCodeSerializer(CodeSerializer):
    """The code of a session."""

    codeType = serializers.ChoiceField(["offeringCode"])


class TextSerializer(serializers.Serializer):
    """A text in one language."""

    language = serializers.CharField()
    value = serializers.CharField(allow_blank=True)


class DocumentSerializer(serializers.Serializer):
    """A document of a report."""

    documentId = serializers.CharField()
    documentType = serializers.ChoiceField(["sessionReport", "attendanceReport", "assessmentModel", "other"])
    documentName = serializers.CharField()


class ZonedDateTimeField(serializers.DateTimeField):
    """A date and time that says its zone; DRF itself would take it to be in UTC."""

    def to_internal_value(self, value: Any) -> Any:
        """Read it."""
        try:
            read = parse_datetime(value) if isinstance(value, str) else None
        except ValueError:
            read = None
        if read is None or read.tzinfo is None:
            self.fail("invalid", format="RFC 3339, with a zone")
        return super().to_internal_value(value)


class IdField(serializers.UUIDField):
    """An id, as text; DRF itself would make one of a number."""

    def to_internal_value(self, data: Any) -> Any:
        """Read it."""
        if not isinstance(data, str):
            self.fail("invalid", value=data)
        return super().to_internal_value(data)


class IdOrObjectField(IdField):
    """Another thing by its id, or as an object of which the id is kept."""

    def to_internal_value(self, data: Any) -> Any:
        """Read the id."""
        if isinstance(data, dict):
            data = next((value for name, value in data.items() if name.endswith("Id")), None)
        return None if data is None else super().to_internal_value(data)


class ConsumerSerializer(serializers.Serializer):
    """An entry of `consumers`: only ours is looked into, and all of it is kept."""

    consumerKey = serializers.CharField()

    def to_internal_value(self, data: Any) -> Any:
        """Check it, and keep it as it is."""
        read = super().to_internal_value(data)
        if read["consumerKey"] == OURS:
            inner = self.ours(data=data, context=self.context)
            inner.is_valid(raise_exception=True)
        return data


class OfferingAdminSerializer(serializers.Serializer):
    """What a session has in the consumer of ours."""

    offeringState = serializers.ChoiceField(["active", "canceled"])
    duration = serializers.CharField(required=False, allow_null=True)
    lastPossibleStartDateTime = ZonedDateTimeField(required=False, allow_null=True)
    safety = serializers.ListField(
        child=serializers.ChoiceField(["securedComputer", "fixedLocation", "surveillance"]),
        required=False,
        allow_null=True,
    )
    locationCode = serializers.CharField(required=False, allow_null=True, allow_blank=True)
    finalResultsAllowed = serializers.BooleanField(required=False, allow_null=True)
    irregularities = serializers.CharField(required=False, allow_null=True, allow_blank=True)
    documents = serializers.ListField(child=DocumentSerializer(), required=False, allow_null=True)

    def validate_duration(self, value: str | None) -> str | None:
        """Refuse what is no duration."""
        if value is not None and (parse_duration(value) is None or not value.startswith("P")):
            raise serializers.ValidationError("Not an ISO 8601 duration.")
        return value


class OfferingConsumerSerializer(ConsumerSerializer):
    """A consumer of a session."""

    ours = OfferingAdminSerializer


class ReportAdminSerializer(serializers.Serializer):
    """The report."""

    irregularities = serializers.CharField(required=False, allow_null=True, allow_blank=True)
    documents = serializers.ListField(child=DocumentSerializer(), required=False, allow_null=True)


class ReportConsumerSerializer(ConsumerSerializer):
    """A consumer of a report."""

    ours = ReportAdminSerializer


class AssociationAdminSerializer(serializers.Serializer):
    """Extra time and aids."""

    additionalTimeInMin = serializers.IntegerField(min_value=0, required=False, allow_null=True)
    personalNeeds = serializers.ListField(child=serializers.CharField(), required=False, allow_null=True)


class AssociationConsumerSerializer(ConsumerSerializer):
    """A consumer of a part in a session."""

    ours = AssociationAdminSerializer


class OfferingSerializer(serializers.ModelSerializer):
    """A session."""

    offeringId = IdField(source="offering_id")
    primaryCode = OfferingCodeSerializer()
    offeringType = serializers.ChoiceField(["component"], write_only=True)
    name = TextSerializer(many=True, allow_empty=False)
    description = TextSerializer(many=True, allow_empty=False)
    teachingLanguage = serializers.ChoiceField(["nld"], write_only=True)
    modeOfDelivery = serializers.ListField(
        child=serializers.ChoiceField(["distance-learning", "online", "situated"]),
        source="mode_of_delivery",
        required=False,
        allow_null=True,
        default=None,
    )
    resultExpected = serializers.BooleanField(source="result_expected")
    otherCodes = serializers.ListField(
        child=CodeSerializer(), source="other_codes", required=False, allow_null=True, default=None
    )
    startDateTime = ZonedDateTimeField(source="start")
    endDateTime = ZonedDateTimeField(source="end")
    component = IdOrObjectField(required=False, allow_null=True, default=None)
    organization = IdOrObjectField(required=False, allow_null=True, default=None)
    consumers = OfferingConsumerSerializer(many=True, allow_empty=False)

    class Meta:
        """Which attributes a session has."""

        model = Offering
        fields = (
            "offeringId",
            "primaryCode",
            "offeringType",
            "name",
            "description",
            "teachingLanguage",
            "modeOfDelivery",
            "resultExpected",
            "otherCodes",
            "startDateTime",
            "endDateTime",
            "component",
            "organization",
            "consumers",
        )

    def create(self, validated: dict[str, Any]) -> Offering:
        """Create the session, or replace it."""
        values = {name: validated[name] for name in validated if name not in {"offeringType", "teachingLanguage"}}
        values["code"] = values.pop("primaryCode")["code"]
        return Offering.objects.update_or_create(offering_id=values.pop("offering_id"), defaults=values)[0]

    def to_representation(self, instance: Offering) -> dict[str, Any]:
        """Show it, with the attributes that are the same for every session."""
        instance.primaryCode = {"codeType": "offeringCode", "code": instance.code}
        shown = dict(super().to_representation(instance))
        shown["consumers"] = instance.consumers
        return {**shown, "offeringType": "component", "teachingLanguage": "nld"}


class PersonSerializer(serializers.ModelSerializer):
    """Somebody who takes part."""

    personId = IdField(source="person_id")
    primaryCode = CodeSerializer()
    givenName = serializers.CharField(source="given_name", max_length=256)
    surnamePrefix = serializers.CharField(
        source="surname_prefix", max_length=100, required=False, allow_null=True, allow_blank=True
    )
    displayName = serializers.CharField(source="display_name", max_length=256)
    activeEnrollment = serializers.BooleanField(source="active_enrollment")
    affiliations = serializers.ListField(child=serializers.ChoiceField(["student", "employee", "guest"]))
    otherCodes = serializers.ListField(child=CodeSerializer(), source="other_codes", required=False, allow_null=True)

    class Meta:
        """Which attributes a person has."""

        model = Person
        fields = (
            "personId",
            "primaryCode",
            "givenName",
            "surnamePrefix",
            "surname",
            "displayName",
            "activeEnrollment",
            "affiliations",
            "mail",
            "otherCodes",
        )

    def create(self, validated: dict[str, Any]) -> Person:
        """Create the person or bring it up to date."""
        values = dict(validated)
        code = values.pop("primaryCode")
        values.update(code_type=code["codeType"], code=code["code"])
        values["surname_prefix"] = values.get("surname_prefix") or ""
        return Person.objects.update_or_create(person_id=values.pop("person_id"), defaults=values)[0]

    def to_representation(self, instance: Person) -> dict[str, Any]:
        """Show it."""
        instance.primaryCode = {"codeType": instance.code_type, "code": instance.code}
        return super().to_representation(instance)


ROLES = ["student", "invigilator", "coordinator", "assessor", "lecturer", "teaching assistant", "guest"]
STATES = ["associated", "canceled", "pending", "denied", "queued", "finished"]


class AssociationSerializer(serializers.ModelSerializer):
    """A part in a session."""

    associationId = IdField(source="association_id")
    associationType = serializers.ChoiceField(["componentOfferingAssociation"], write_only=True)
    role = serializers.ChoiceField(ROLES)
    state = serializers.ChoiceField(STATES)
    person = PersonSerializer()
    consumers = serializers.ListField(child=AssociationConsumerSerializer(), required=False, allow_null=True)

    class Meta:
        """Which attributes a part has."""

        model = Association
        fields = ("associationId", "associationType", "role", "state", "person", "consumers")

    def create(self, validated: dict[str, Any]) -> Association:
        """Create the part, or bring it up to date."""
        person = PersonSerializer().create(validated["person"])
        defaults = {
            "role": validated["role"],
            "state": validated["state"],
            "person": person,
            "consumers": validated.get("consumers"),
        }
        return Association.objects.update_or_create(
            offering=validated["offering"], association_id=validated["association_id"], defaults=defaults
        )[0]

    def to_representation(self, instance: Association) -> dict[str, Any]:
        """Show it, with the person in full or as its id."""
        shown = dict(super().to_representation(instance))
        if not self.context.get("expand"):
            shown["person"] = str(instance.person_id)
        return {**shown, "consumers": instance.consumers, "associationType": "componentOfferingAssociation"}


class ReportSerializer(serializers.Serializer):
    """A report of a session."""

    offeringType = serializers.ChoiceField(["component"])
    consumers = ReportConsumerSerializer(many=True, required=False)
