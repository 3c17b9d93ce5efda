"""Planned misbehaviour: which calls it strikes, how often, and what it does. Set by the control API only."""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Literal

from mock_server.journal import criteria
from mock_server.journal.entry import Entry
from ooapi_toets import Json, JsonObject
from ooapi_toets.errors import DataError
from ooapi_toets.strictjson import is_number, is_whole

Connection = Literal["reset", "empty", "truncate", "garbage"]
Body = Literal["not-json", "html", "wrong-content-type", "empty", "stale"]

_CONNECTIONS = ("reset", "empty", "truncate", "garbage")
_BODIES = ("not-json", "html", "wrong-content-type", "empty", "stale")
_LONGEST_DELAY = 120.0
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


@dataclass(frozen=True, slots=True)
class Delay:
    """How long to wait, in seconds.

    Attributes:
        kind: `fixed`, `uniform` or `lognormal`.
        low: The time, the shortest time, or the median.
        high: The longest time, or sigma.
    """

    kind: str
    low: float
    high: float = 0.0

    def draw(self, dice: random.Random) -> float:
        """A time."""
        match self.kind:
            case "uniform":
                seconds = dice.uniform(self.low, self.high)
            case "lognormal":
                seconds = self.low * dice.lognormvariate(0.0, self.high)
            case _:
                seconds = self.low
        return min(seconds, _LONGEST_DELAY)


@dataclass(frozen=True, slots=True)
class Action:
    """What a fault does.

    Attributes:
        status: Answer with this status and a problem body instead of handling the call.
        title: The title of that problem.
        headers: Further header lines of the answer.
        delay: Wait first.
        drip: Send the answer at so many bytes a second.
        connection: What happens to the connection.
        body: What happens to the body of the answer.
        after: Handle the call first, so that only the answer is lost or spoilt.
    """

    status: int | None = None
    title: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    delay: Delay | None = None
    drip: int = 0
    connection: Connection | None = None
    body: Body | None = None
    after: bool = False

    @property
    def words(self) -> str:
        """What it does, in a few words."""
        parts = []
        if self.delay:
            parts.append(f"wait about {self.delay.low:g} s")
        if self.status:
            parts.append(f"answer {self.status}")
        if self.connection:
            parts.append({"truncate": "break off the answer"}.get(self.connection, f"{self.connection} the connection"))
        if self.body:
            parts.append(f"{self.body} body")
        if self.drip:
            parts.append(f"drip {self.drip} bytes a second")
        return ", ".join(parts) or "nothing"


@dataclass
class Fault:
    """A planned misbehaviour.

    Attributes:
        id: Its number.
        criteria: Which calls it strikes; only what is known of a request counts.
        action: What it does.
        name: What it is called, for people.
        times: How often it strikes; None for always.
        probability: How likely it strikes a call that is meant.
        random_seed: Decides which calls those are.
        ttl: How many seconds it lives; None for ever.
        struck: How often it has struck.
    """

    id: int
    criteria: JsonObject
    action: Action
    name: str = ""
    times: int | None = None
    probability: float = 1.0
    random_seed: int = 1
    ttl: float | None = None
    struck: int = 0
    born: float = field(default_factory=monotonic)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.random_seed)  # noqa: S311 - a repeatable choice

    @property
    def over(self) -> bool:
        """Whether it will strike no more."""
        spent = self.times is not None and self.struck >= self.times
        return spent or (self.ttl is not None and monotonic() - self.born > self.ttl)

    def as_dict(self) -> JsonObject:
        """The fault as data, in the form that it is given in."""
        action = self.action
        shown: JsonObject = {
            "status": action.status,
            "problem": {"title": action.title} if action.title else None,
            "headers": dict(action.headers) or None,
            "delay": {"kind": action.delay.kind, "low": action.delay.low, "high": action.delay.high}
            if action.delay
            else None,
            "drip": action.drip or None,
            "connection": action.connection,
            "body": action.body,
            "after": action.after or None,
        }
        return {
            "id": self.id,
            "name": self.name or None,
            "match": self.criteria,
            "times": self.times,
            "probability": self.probability,
            "randomSeed": self.random_seed,
            "ttlSeconds": self.ttl,
            "action": {key: value for key, value in shown.items() if value is not None},
            "does": action.words,
            "struck": self.struck,
            "over": self.over,
        }


PRESETS: Mapping[str, list[JsonObject]] = {
    "500-then-ok": [{"times": 1, "action": {"status": 500}}],
    "500-twice": [{"times": 2, "action": {"status": 500}}],
    "503-with-retry-after": [{"times": 1, "action": {"status": 503, "headers": {"Retry-After": "2"}}}],
    "429-twice": [{"times": 2, "action": {"status": 429, "headers": {"Retry-After": "2"}}}],
    "slow": [{"action": {"delay": {"kind": "uniform", "low": 2, "high": 5}}}],
    "sometimes-slow": [{"probability": 0.2, "action": {"delay": {"kind": "lognormal", "low": 1, "high": 0.8}}}],
    "drip": [{"action": {"drip": 50}}],
    "reset": [{"times": 1, "action": {"connection": "reset"}}],
    "answer-lost": [{"times": 1, "action": {"connection": "reset", "after": True}}],
    "no-answer": [{"times": 1, "action": {"connection": "empty"}}],
    "broken-off": [{"times": 1, "action": {"connection": "truncate"}}],
    "garbage": [{"times": 1, "action": {"connection": "garbage"}}],
    "html-error": [{"times": 1, "action": {"status": 502, "body": "html"}}],
    "not-json": [{"times": 1, "match": {"method": "GET"}, "action": {"body": "not-json"}}],
    "wrong-content-type": [{"times": 1, "action": {"body": "wrong-content-type"}}],
    "stale-read": [{"times": 1, "match": {"kind": "read-session"}, "action": {"body": "stale"}}],
    "flaky": [{"probability": 0.2, "action": {"status": 500}}],
}
"""Bad days by name."""


class Faults:
    """The faults of one sandbox."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._numbers = itertools.count(1)

    def __bool__(self) -> bool:
        return bool(self._faults)

    def __iter__(self) -> Iterator[Fault]:
        return iter(list(self._faults))

    def add(self, given: Json) -> Fault:
        """Plan a fault.

        Raises:
            DataError: When it is not one.
        """
        fault = _parsed(next(self._numbers), given)
        self._faults.append(fault)
        return fault

    def preset(self, name: Json, match: Json = None) -> list[Fault]:
        """Plan the faults of a preset.

        Args:
            name: One of `PRESETS`.
            match: Which calls they strike, instead of those that the preset names.

        Raises:
            DataError: When there is no such preset.
        """
        if not isinstance(name, str) or name not in PRESETS:
            raise DataError(f"There is no preset {name!r}.", f"There are: {', '.join(PRESETS)}.")
        instead = {} if match is None else {"match": match}
        return [self.add({"name": name, **each, **instead}) for each in PRESETS[name]]

    def remove(self, number: int) -> bool:
        """Forget a fault; whether it was there."""
        before = len(self._faults)
        self._faults = [each for each in self._faults if each.id != number]
        return len(self._faults) < before

    def clear(self) -> None:
        """Forget all faults."""
        self._faults.clear()

    def strike(self, entry: Entry) -> Fault | None:
        """The fault that strikes a request, counted; None when it is spared."""
        for fault in self._faults:
            if fault.over or not criteria.matches(fault.criteria, entry):
                continue
            if fault.probability < 1 and fault.dice.random() >= fault.probability:
                continue
            fault.struck += 1
            return fault
        return None


_KEYS = {"name", "match", "times", "probability", "randomSeed", "ttlSeconds", "action"}
_ACTION_KEYS = {"status", "problem", "headers", "delay", "drip", "connection", "body", "after"}


def _parsed(number: int, given: Json) -> Fault:
    if not isinstance(given, dict) or set(given) - _KEYS or not isinstance(given.get("action"), dict):
        raise DataError("A fault is {match, times, probability, randomSeed, ttlSeconds, action}.")
    times, probability = given.get("times"), given.get("probability", 1.0)
    if times is not None and (not is_whole(times) or times < 1):
        raise DataError("times is a whole number from 1.")
    if not is_number(probability) or not 0 <= probability <= 1:
        raise DataError("probability is a number from 0 to 1.")
    seed, lives = given.get("randomSeed", 1), given.get("ttlSeconds")
    if not is_whole(seed):
        raise DataError("randomSeed is a whole number.")
    if lives is not None and (not is_number(lives) or lives < 0):
        raise DataError("ttlSeconds is a number of seconds.")
    match = criteria.checked(given.get("match", {}))
    if unknown := set(match) - criteria.BEFOREHAND:
        raise DataError(
            f"A fault cannot go by {min(unknown)!r}: it strikes before the call is handled.",
            f"It can go by: {', '.join(sorted(criteria.BEFOREHAND))}.",
        )
    return Fault(
        id=number,
        criteria=match,
        action=_action(given["action"]),
        name=str(given.get("name", "")),
        times=times,
        probability=float(probability),
        random_seed=seed,
        ttl=lives,
    )


def _action(given: JsonObject) -> Action:
    unknown = set(given) - _ACTION_KEYS
    if unknown:
        raise DataError(f"An action has no {min(unknown)!r}.", f"It may have: {', '.join(sorted(_ACTION_KEYS))}.")
    status, connection, body = given.get("status"), given.get("connection"), given.get("body")
    if status is not None and (not is_whole(status) or not 200 <= status <= 599):  # noqa: PLR2004 - RFC 9110
        raise DataError("status is a number from 200 to 599.")
    if connection not in (None, *_CONNECTIONS):
        raise DataError(f"connection is one of: {', '.join(_CONNECTIONS)}.")
    if body not in (None, *_BODIES):
        raise DataError(f"body is one of: {', '.join(_BODIES)}.")
    problem = given.get("problem") or {}
    headers = given.get("headers") or {}
    if not isinstance(problem, dict) or set(problem) - {"title"}:
        raise DataError("problem is {title}.")
    if not isinstance(headers, dict) or not all(_is_line(*each) for each in headers.items()):
        raise DataError("headers is an object of names and values, each fit for one header line.")
    drip = given.get("drip", 0)
    if not is_whole(drip) or drip < 0:
        raise DataError("drip is a number of bytes a second.")
    return Action(
        status=status,
        title=str(problem.get("title", "")),
        headers=tuple(headers.items()),
        delay=_delay(given.get("delay")),
        drip=drip,
        connection=connection,
        body=body,
        after=bool(given.get("after")),
    )


def _delay(given: Json) -> Delay | None:
    if given is None:
        return None
    if is_number(given) and given >= 0:
        return Delay("fixed", float(given))
    if not isinstance(given, dict) or given.get("kind") not in ("fixed", "uniform", "lognormal"):
        raise DataError("delay is a number of seconds, or {kind: fixed|uniform|lognormal, low, high}.")
    low, high = given.get("low"), given.get("high", 0)
    if not is_number(low) or not is_number(high) or low < 0 or high < 0:
        raise DataError("The low and high of a delay are numbers of seconds.")
    return Delay(given["kind"], float(low), float(high))


def _is_line(name: str, value: Json) -> bool:
    """Whether this can be sent as a header line: a token, and printable text (RFC 9110 sections 5.1 and 5.5)."""
    return bool(_TOKEN.fullmatch(name)) and isinstance(value, str) and value.isascii() and value.isprintable()
