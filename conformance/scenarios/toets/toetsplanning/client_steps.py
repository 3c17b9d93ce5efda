"""What one step did to the participants, by the calls in it: who was there, who is, and how that came. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from conformance.scenarios.toets.calls_heard import body_of, taken
from ooapi_toets import JsonObject

Who = tuple[str, str]
"""Somebody in a role: the id of the person in lower case, and the role."""

Parts = Mapping[Who, str]
"""The id of everybody's part, in lower case."""


@dataclass
class Step:
    """What one step did to one session.

    Attributes:
        before: Who took part before it.
        after: Who takes part after it.
        adding_lists: For each list that added somebody, who it left out of those that took part then.
        objects: How many participants were added as objects.
        canceled: Whether a list named somebody with the state canceled.
        apart: How many participants were lost to a list that shares nobody with the one before it.
    """

    before: dict[Who, str]
    after: dict[Who, str] = field(default_factory=dict)
    adding_lists: list[set[Who]] = field(default_factory=list)
    objects: int = 0
    canceled: bool = False
    apart: int = 0

    @property
    def added(self) -> set[Who]:
        """Who is new."""
        return set(self.after) - set(self.before)

    @property
    def lost(self) -> set[Who]:
        """Who was there and was left out by a list that added somebody else, and is not there in the end."""
        left_out = set().union(*self.adding_lists) if self.adding_lists else set()
        return (left_out & set(self.before)) - set(self.after)

    @property
    def grew(self) -> bool:
        """Whether somebody was added to those who were there."""
        return bool(self.before and self.added)

    @property
    def kept_everybody(self) -> bool:
        """Whether lists added somebody and everybody else is still there."""
        return self.grew and bool(self.adding_lists) and set(self.before) <= set(self.after)

    @property
    def kept_ids(self) -> bool:
        """Whether everybody who was there and is has the same id."""
        return all(self.before[who] == self.after[who] for who in self.before.keys() & self.after.keys())


def parts_of(members: Iterable[JsonObject]) -> dict[Who, str]:
    """Participants in the form in which steps compare them."""
    return {
        (str(each["person"]["personId"]).lower(), str(each["role"])): str(each["associationId"]).lower()
        for each in members
    }


def followed(before: Mapping[str, Parts], entries: Iterable[JsonObject]) -> dict[str, Step]:
    """What the calls of a step did to each session that they were about.

    Args:
        before: Who took part in each session before the step.
        entries: The calls of the step, in order, explained.
    """
    steps: dict[str, Step] = {}
    for entry in entries:
        session = entry["session"]
        if entry["operation"] != "putAssociations" or not session or not taken(entry):
            continue
        step = steps.get(session)
        if step is None:
            known = dict(before.get(session, {}))
            step = steps[session] = Step(known, dict(known))
        _apply(step, entry)
    return steps


def _apply(step: Step, entry: JsonObject) -> None:
    value = body_of(entry)
    if isinstance(value, dict):
        one = parts_of([value])
        step.objects += not one.keys() <= step.after.keys()
        step.after.update(one)
    elif isinstance(value, list):
        now, listed = set(step.after), parts_of(value)
        if set(listed) - now - set(step.before):
            step.adding_lists.append(now - set(listed))
        if now and listed and not now & set(listed):
            step.apart += len(now)
        step.canceled = step.canceled or any(each.get("state") == "canceled" for each in value)
        step.after = listed
