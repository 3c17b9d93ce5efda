"""Where the time of a message goes: the steps of the mock's road, called one by one in this process."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from typing import Any

import orjson

from bench import cases
from mock_server.domain.toets import associations, offerings
from mock_server.roles import judge_of
from ooapi_toets import editions, strictjson

_TIMES = 500


def measure() -> dict[str, Any]:
    """Microseconds of each step, for an offering that changes and a list in which one member does.

    Each step gets a message that was parsed for it alone: a second look at the same objects would be cheaper.
    """
    edition = editions.load()
    operations, judge = edition.contract.operations, judge_of(edition)
    session, everybody = cases.offering(), cases.people(31)
    moved = orjson.dumps({**session, "startDateTime": "2027-02-03T09:00:00+01:00"})
    whole, other = orjson.dumps(everybody[:30]), orjson.dumps(everybody[1:])
    was = associations.records(everybody[1:])
    now = associations.records(everybody[:30])
    key = session["offeringId"]
    text = orjson.dumps(session)
    put, people = operations["putOffering"].body, operations["putAssociations"].body
    assert put is not None and people is not None  # noqa: S101, PT018 - the contract has them; for the type checker
    list_effect = associations.replace_all(key, was, now)
    put_effect = offerings.put(key, moved, text)
    return {
        "offering": _steps(
            moved,
            {
                "parse": lambda raw, _: orjson.loads(raw),
                "refuse what is ambiguous (a key twice, too deep)": lambda raw, _: strictjson.decode(raw),
                "validate": lambda _, value: put.is_valid(value),
                "compare with what was there": lambda raw, _: offerings.put(key, text, raw),
                "judge": lambda _, value: judge.accepted("session", value, put_effect),
                "say in words": lambda *_: put_effect.words,
            },
        ),
        "list": _steps(
            whole,
            {
                "parse": lambda raw, _: orjson.loads(raw),
                "refuse what is ambiguous (a key twice, too deep)": lambda raw, _: strictjson.decode(raw),
                "validate": lambda _, value: people.is_valid(value),
                "take apart into participants": lambda _, value: associations.records(value),
                "compare with who was there": lambda *_: associations.replace_all(key, was, now),
                "judge": lambda _, value: judge.accepted("participants", value, list_effect),
                "say in words": lambda *_: list_effect.words,
            },
        ),
        "bytes": {"offering": len(moved), "list": len(other)},
    }


def _steps(raw: bytes, steps: dict[str, Callable[[bytes, Any], object]]) -> dict[str, float]:
    times: dict[str, list[float]] = {name: [] for name in steps}
    for _ in range(_TIMES):
        for name, step in steps.items():
            value = orjson.loads(raw)
            begun = time.perf_counter()
            step(raw, value)
            times[name].append((time.perf_counter() - begun) * 1e6)
    found = {name: round(median(each), 1) for name, each in times.items()}
    # Decoding strictly parses as well; what it adds is the rest.
    strict = next(name for name in steps if name.startswith("refuse"))
    found[strict] = max(0.0, round(found[strict] - found["parse"], 1))
    return found
