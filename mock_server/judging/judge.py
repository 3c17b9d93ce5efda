"""Judges an exchange by a table: what a message of each kind is judged by stands with the role, as data.

Made once per mock, so that nothing is looked up by name while a request waits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from mock_server.domain.effects import Effect
from mock_server.domain.refusals import RuleViolation
from mock_server.journal.entry import Finding
from ooapi_toets import Json
from ooapi_toets.editions import Edition
from ooapi_toets.outcomes import Outcome
from ooapi_toets.violations import Violation

Check = Callable[[Json, Effect | None], Iterable[Finding]]
"""What a message that was accepted says about further rules, from its body and what it changed."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a message that a rule of its own speaks of.

    Attributes:
        ending: How its JSON Pointer ends.
        rule: The rule.
        keyword: The keyword of the schema that is broken there; any where it is empty.
    """

    ending: str
    rule: str
    keyword: str = ""

    def is_at(self, violation: Violation) -> bool:
        """Whether a violation is of this place."""
        return violation.pointer.endswith(self.ending) and self.keyword in {"", violation.keyword}


@dataclass(frozen=True, slots=True)
class Judging:
    """What messages of one kind are judged by.

    Attributes:
        invalid: The rule that a body breaks which breaks the schema; empty for the rule about every call.
        places: Places in the body that other rules speak of, the first that fits counts.
        passes: The rules that an accepted message keeps.
        unknown: The rule that is broken when the id in the path is not known; empty where none is.
        step: The step of a flow that an accepted message is; empty for none.
        step_by_effect: Tells the step by what the message changed instead.
        check: Says what else an accepted message shows.
    """

    invalid: str = ""
    places: tuple[Place, ...] = ()
    passes: tuple[str, ...] = ()
    unknown: str = ""
    step: str = ""
    step_by_effect: Callable[[Effect | None], str] | None = None
    check: Check | None = None


@dataclass(frozen=True)
class Judge:
    """Judges every message that a role receives.

    Args:
        edition: The edition of the standard; it knows the rules by what they are about.
        kinds: What each kind of message is judged by.
    """

    edition: Edition
    kinds: Mapping[str, Judging]
    follows: str = field(init=False)
    _passes: Mapping[str, tuple[Finding, ...]] = field(init=False)
    _followed: tuple[Finding, ...] = field(init=False)

    def __post_init__(self) -> None:
        follows = self.edition.rule("client.follows")
        passed = {
            kind: tuple(Finding(rule, Outcome.PASS) for rule in (follows, *judging.passes))
            for kind, judging in self.kinds.items()
        }
        object.__setattr__(self, "follows", follows)
        object.__setattr__(self, "_passes", passed)
        object.__setattr__(self, "_followed", (Finding(follows, Outcome.PASS),))

    def rule_for(self, kind: str, violation: Violation) -> str:
        """The rule that one violation in a message of a kind breaks."""
        judging = self.kinds.get(kind)
        if judging is None or violation.where != "body" or violation.keyword == "json" or not judging.invalid:
            return self.follows
        return next((each.rule for each in judging.places if each.is_at(violation)), judging.invalid)

    def accepted(self, kind: str, value: Json, effect: Effect | None) -> tuple[Finding, ...]:
        """The findings for a message that was accepted.

        Args:
            kind: Its kind.
            value: Its decoded body.
            effect: What it changed.
        """
        findings = self._passes.get(kind, self._followed)
        judging = self.kinds.get(kind)
        if judging is None or judging.check is None:
            return findings
        more = tuple(judging.check(value, effect))
        said = {each.rule for each in more if each.outcome is not Outcome.PASS}
        return (*(each for each in findings if each.rule not in said), *more) if said else findings + more

    def unknown(self, kind: str) -> str:
        """The rule that a message of a kind breaks when the id in its path is not known; empty for none."""
        judging = self.kinds.get(kind)
        return judging.unknown if judging else ""

    def step_of(self, kind: str, effect: Effect | None, status: int) -> str | None:
        """The step of a flow that an accepted message is; None for any other."""
        judging = self.kinds.get(kind)
        if judging is None or status not in _ACCEPTED:
            return None
        return judging.step_by_effect(effect) if judging.step_by_effect else judging.step or None


_ACCEPTED = {200, 201}


def refused(broken: Iterable[RuleViolation], outcome: Outcome | None = Outcome.FAIL) -> tuple[Finding, ...]:
    """The findings for a request that was refused: each broken rule once.

    Args:
        broken: What was wrong with it.
        outcome: What that amounts to; None where the call is not one of the client's.
    """
    if outcome is None:
        return ()
    by_rule: dict[str, list[RuleViolation]] = {}
    for each in broken:
        by_rule.setdefault(each.rule, []).append(each)
    return tuple(Finding(rule, outcome, tuple(found)) for rule, found in by_rule.items())
