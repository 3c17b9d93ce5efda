"""Keep sessions, people and their parts, with constraints of the database."""

from __future__ import annotations

from django.db import models


class Offering(models.Model):
    """A session."""

    offering_id = models.UUIDField(primary_key=True)
    code = models.CharField(max_length=250)
    start = models.DateTimeField()
    end = models.DateTimeField()
    result_expected = models.BooleanField()
    component = models.UUIDField(null=True)
    organization = models.UUIDField(null=True)
    name = models.JSONField()
    description = models.JSONField()
    mode_of_delivery = models.JSONField(null=True)
    other_codes = models.JSONField(null=True)
    consumers = models.JSONField()

    def __str__(self) -> str:
        return self.code


class Person(models.Model):
    """A person, kept once."""

    person_id = models.UUIDField(primary_key=True)
    code_type = models.CharField(max_length=100)
    code = models.CharField(max_length=250)
    given_name = models.CharField(max_length=256)
    surname_prefix = models.CharField(max_length=100, blank=True)
    surname = models.CharField(max_length=256)
    display_name = models.CharField(max_length=256)
    active_enrollment = models.BooleanField()
    affiliations = models.JSONField()
    mail = models.EmailField(max_length=256)
    other_codes = models.JSONField(null=True)

    def __str__(self) -> str:
        return self.display_name


class Association(models.Model):
    """A part of a person in a session."""

    offering = models.ForeignKey(Offering, on_delete=models.CASCADE, related_name="associations")
    association_id = models.UUIDField()
    role = models.CharField(max_length=30)
    state = models.CharField(max_length=30)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    consumers = models.JSONField(null=True)

    class Meta:
        """Keep an id once in a session."""

        constraints = (models.UniqueConstraint(fields=["offering", "association_id"], name="once_in_a_session"),)
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.person} as {self.role}"
