"""The flows as steps for people (`spec/flows.yaml`): what the calling system sends, is answered, is judged by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from ooapi_toets import JsonObject, resources
from ooapi_toets.texts import Text, say


@dataclass(frozen=True, slots=True)
class Step:
    """One call that a flow asks of the calling system.

    Attributes:
        name: The step that such a call is recognised as, such as `2.3`.
        operation: The id of its operation.
        sends: What the calling system does, for people.
        rules: The client rules that it is judged by.
    """

    name: str
    operation: str
    sends: Text
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Flow:
    """An option or a report flow.

    Attributes:
        id: Such as `2.3`.
        client: The role that calls.
        server: The role that answers.
        title: What it is called, for people.
        steps: Its calls, in order.
    """

    id: str
    client: str
    server: str
    title: Text
    steps: tuple[Step, ...]


@cache
def documents() -> tuple[JsonObject, ...]:
    """The flows as they are written, with every text."""
    found: list[JsonObject] = resources.read_yaml(resources.spec("flows.yaml"))["flows"]
    return tuple(found)


@cache
def load() -> Mapping[str, Flow]:
    """Every flow by its id, in the order of the sources."""
    return {
        each["id"]: Flow(
            each["id"],
            each["client"],
            each["server"],
            Text(**each["title"]),
            tuple(
                Step(step["step"], step["operation"], Text(**step["sends"]), tuple(step.get("rules", ())))
                for step in each["steps"]
            ),
        )
        for each in documents()
    }


def performed_by(role: str) -> tuple[Flow, ...]:
    """The flows that a role calls."""
    return tuple(each for each in load().values() if each.client == role)


def unseen(rule: str, client: str) -> Text:
    """Why a client rule was not exercised, and what the calling system should do next to be seen keeping it.

    Args:
        rule: The id of the rule.
        client: The role of the calling system.
    """
    for flow in performed_by(client):
        for step in reversed(flow.steps):
            if rule in step.rules:
                return say("Not tested yet. Next: {title}. {step}", title=flow.title, step=step.sends)
    return say("Not tested yet.")
