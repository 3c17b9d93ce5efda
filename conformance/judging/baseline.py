"""Known failures that a vendor has accepted for now, with the reason; stale entries are loud."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from conformance.judging.verdict import RuleResult
from ooapi_toets.errors import UsageError
from ooapi_toets.outcomes import Outcome
from ooapi_toets.register import Register
from ooapi_toets.userfiles import read_text

_SAYS_NOTHING = {Outcome.NOT_EXERCISED, Outcome.NOT_APPLICABLE, Outcome.ERROR}


@dataclass(frozen=True, slots=True)
class Baseline:
    """The known failures in a file.

    Attributes:
        file: Where they are written.
        known: The reason by rule id.
    """

    file: str
    known: Mapping[str, str]

    def excused(self, results: Iterable[RuleResult]) -> dict[str, str]:
        """The rules that failed as expected, with the reason."""
        return {
            each.rule.id: self.known[each.rule.id]
            for each in results
            if each.outcome is Outcome.FAIL and each.rule.id in self.known
        }

    def stale(self, results: Iterable[RuleResult]) -> list[str]:
        """The rules that are listed and do not fail any more.

        A rule that this run did not exercise is not stale: nothing is known about it.
        """
        return [
            each.rule.id
            for each in results
            if each.rule.id in self.known and each.outcome is not Outcome.FAIL and each.outcome not in _SAYS_NOTHING
        ]


def read(path: Path, register: Register) -> Baseline:
    """The baseline in a TOML file: a table `known` of rule ids and reasons.

    Raises:
        UsageError: When the file is not one, names a rule that is not there, or gives no reason.
    """
    try:
        data = tomllib.loads(read_text(path, "The baseline"))
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"The baseline {path} is not TOML: {error}.") from error
    known = data.get("known")
    if not isinstance(known, dict) or set(data) != {"known"}:
        raise UsageError(f"The baseline {path} must have one table, [known].", 'In it: "rule-id" = "why it is known".')
    for rule, reason in known.items():
        if rule not in register.rules:
            raise UsageError(f"The baseline {path} lists {rule!r}, which is no rule.", "See `ooapi-toets rules`.")
        if not isinstance(reason, str) or not reason.strip():
            raise UsageError(f"The baseline {path} gives no reason for {rule}.")
    return Baseline(str(path), known)
