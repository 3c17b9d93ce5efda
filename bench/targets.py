"""What was aimed at, and whether it was reached. Pure: from stored results to rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bench.figures import middle, ratio

Results = Mapping[str, Any]


@dataclass(frozen=True)
class Target:
    """One target and what came of it.

    Attributes:
        what: What is measured.
        unit: What stands after the numbers.
        wanted: The bound.
        least: Whether the bound is the least that will do, rather than the most.
        measured: What was measured; None when it was not.
    """

    what: str
    unit: str
    wanted: float
    least: bool
    measured: float | None

    @property
    def met(self) -> bool | None:
        """Whether it was reached; None when it was not measured."""
        if self.measured is None:
            return None
        return self.measured >= self.wanted if self.least else self.measured <= self.wanted

    @property
    def missed_by(self) -> float:
        """How far it is from the bound, as a share of the bound."""
        return abs((self.measured or 0.0) - self.wanted) / self.wanted


_AGAINST_PRISM = (
    ("put", "PUT of an offering", 3.0),
    ("get", "GET of an offering", 3.0),
    ("list-30", "PUT of a list of 30", 1.5),
)
_OF_BARE = 0.6


def of(sections: Results) -> list[Target]:
    """Every target, with what the sections of the stored results say of it.

    Args:
        sections: The data of the parts that were measured, by part.
    """
    return [*_speed(sections.get("speed")), *_size(sections), *_suite(sections)]


def _speed(data: Results | None) -> Iterator[Target]:
    for other, bound in (("prism", None), ("bare", _OF_BARE)):
        for key, title, against_prism in _AGAINST_PRISM:
            rates = data["rates"][key] if data else {}
            found = ratio(rates["mock"], rates[other]) if other in rates else None
            name = "Prism" if other == "prism" else "the bare route"
            yield Target(f"{title}, beside {name}", "times", bound or against_prism, least=True, measured=found)


def _size(sections: Results) -> Iterator[Target]:
    start, memory, many, lists, reset = (
        sections.get(key) for key in ("start", "memory", "offerings", "lists", "reset")
    )
    yield Target("Start to the first session taken", "s", 1.5, least=False, measured=start and middle(start["seconds"]))
    after = memory and memory["after"]
    yield Target("Memory after 100,000 requests", "MB", 150, least=False, measured=after)
    cost = many and ratio(many["rates"]["one"], many["rates"]["many"])
    yield Target("Cost of a request at 100,000 sessions, beside at 1", "times", 1.1, least=False, measured=cost)
    times = lists and lists["milliseconds"]
    growth = times and middle(times["5000"]) / middle(times["500"])
    yield Target("Time of a list of 5,000, beside one of 500", "times", 11, least=False, measured=growth)
    reset_time = reset and middle(reset["milliseconds"])
    yield Target("Reset from test code", "ms", 5, least=False, measured=reset_time)


def _suite(sections: Results) -> Iterator[Target]:
    roles = (sections.get("suite") or {}).get("roles", {})
    for role in ("toetsafname", "toetsplanning"):
        found = roles[role]["seconds"] if role in roles else None
        yield Target(f"Check of {role}", "s", 20, least=False, measured=found)
    slow = sections.get("slow")
    title = "Check of toetsafname when each answer takes 200 ms"
    yield Target(title, "s", 300, least=False, measured=slow and slow["seconds"])
