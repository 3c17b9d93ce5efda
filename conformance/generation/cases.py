"""Messages that schemathesis makes from the contract, as plain data: the one module that knows it.

`iter_coverage_cases` and the strategies are not yet promised interfaces of schemathesis, so its version
is bounded in pyproject.toml and nothing else here depends on it. Sending and judging are ours: its own
checks take any refusal of odd but valid data for a failure, and cannot see state at all (a list that is
appended passes), so here it only generates.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from random import Random
from typing import Any

import orjson
from hypothesis import HealthCheck, Phase, given, seed, settings

from ooapi_toets import Json
from ooapi_toets.contract import Contract, Operation
from ooapi_toets.strictjson import encode

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # its dependencies announce removals that are no matter of a user's
    import schemathesis
    from schemathesis import GenerationMode
    from schemathesis.specs.openapi.schemas import OpenApiSchema


@dataclass(frozen=True, slots=True)
class Message:
    """One generated body.

    Attributes:
        raw: The bytes to send.
        body: What they say, when they are JSON.
        about: What was varied, in schemathesis's words.
    """

    raw: bytes
    body: Json
    about: str


def schema_of(contract: Contract, role: str) -> OpenApiSchema:
    """The document of one role as schemathesis reads it, without what slows it down or confuses it.

    Examples and links are left out (they are tested as they are), and so are our own extensions.
    """
    document = deepcopy(contract.document_for(role))
    document["components"].pop("examples", None)
    document["components"].pop("links", None)
    _strip(document)
    return schemathesis.openapi.from_dict(document)


def coverage(schema: OpenApiSchema, operation: Operation, *, valid: bool) -> list[Message]:
    """Bodies that vary one thing at a time, each attribute in turn; always the same ones.

    Args:
        schema: The document.
        operation: The operation.
        valid: Whether they follow the contract or break it.
    """
    mode = GenerationMode.POSITIVE if valid else GenerationMode.NEGATIVE
    found = []
    for case in schema.iter_coverage_cases(
        schema[operation.path][operation.method],
        generation_modes=[mode],
        generation_config=schema.config.generation,
    ):
        data: Any = case.meta.phase.data if case.meta else None
        place = getattr(data.parameter_location, "value", None)
        if case.method != operation.method or place != "body":
            continue  # undeclared methods and header games have scenarios of their own
        message = _message(case, data.description or "valid")
        if message is not None:
            found.append(message)
    return found


def fuzz(
    schema: OpenApiSchema, operation: Operation, *, valid: bool, count: int, salt: int, tried: Callable[[Message], None]
) -> None:
    """Call `tried` with bodies that vary everything at once; when it raises, with ever smaller ones.

    Args:
        schema: The document.
        operation: The operation.
        valid: Whether they follow the contract or break it.
        count: How many.
        salt: Decides which.
        tried: Sends one; raises when the answer is wrong.
    """
    mode = GenerationMode.POSITIVE if valid else GenerationMode.NEGATIVE
    strategy = schema[operation.path][operation.method].as_strategy(generation_mode=mode)

    def body(case: Any) -> None:
        message = _message(case, "generated")
        if message is not None:
            tried(message)

    seed(salt)(
        settings(
            max_examples=count,
            phases=(Phase.generate, Phase.shrink),
            database=None,
            deadline=None,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        )(given(case=strategy)(body))
    )()


def sample(messages: list[Message], count: int, salt: int) -> Iterator[Message]:
    """So many of some messages, spread over all of them, in their order."""
    if count >= len(messages):
        return iter(messages)
    chosen = sorted(Random(salt).sample(range(len(messages)), count))  # noqa: S311 - a choice of tests
    return iter([messages[index] for index in chosen])


def _message(case: Any, about: str) -> Message | None:
    if isinstance(case.body, bytes):
        return Message(case.body, None, about)
    try:
        return Message(encode(case.body), case.body, about)
    except (TypeError, orjson.JSONEncodeError):
        return None  # numbers and surrogates that JSON cannot hold


def _strip(node: Json) -> None:
    if isinstance(node, dict):
        for key in [key for key in node if key in {"examples", "example", "links"} or key.startswith("x-")]:
            del node[key]
        for value in node.values():
            _strip(value)
    elif isinstance(node, list):
        for value in node:
            _strip(value)
