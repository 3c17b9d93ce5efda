"""The outcome and verdict words, defined once (product.md), and the exit codes they lead to."""

from __future__ import annotations

from enum import Enum, IntEnum


class Level(Enum):
    """How strong the source's word is (RFC 2119 sense)."""

    MUST = "MUST"
    SHOULD = "SHOULD"
    MAY = "MAY"


class Half(Enum):
    """Which half of a role a rule is about."""

    SERVER = "server"
    CLIENT = "client"


class Outcome(Enum):
    """What became of one rule. The order is precedence: of several checks the latest here counts."""

    NOT_APPLICABLE = "not applicable"
    NOT_EXERCISED = "not exercised"
    PASS = "pass"  # noqa: S105 - not a password
    DISPUTED = "disputed"
    WARN = "warn"
    FAIL = "fail"
    ERROR = "error"

    @property
    def rank(self) -> int:
        """The place in the order of precedence."""
        return _RANK[self]


_RANK = {outcome: rank for rank, outcome in enumerate(Outcome)}


class Verdict(Enum):
    """The one answer for a run."""

    CONFORMANT = "conformant"
    NOT_CONFORMANT = "not conformant"
    INCOMPLETE = "incomplete"
    NO_VERDICT = "no verdict"


class Exit(IntEnum):
    """Exit codes of every command."""

    OK = 0
    NOT_CONFORMANT = 1
    USAGE = 2
    INCOMPLETE = 3
    NO_VERDICT = 4


EXIT_OF: dict[Verdict, Exit] = {
    Verdict.CONFORMANT: Exit.OK,
    Verdict.NOT_CONFORMANT: Exit.NOT_CONFORMANT,
    Verdict.INCOMPLETE: Exit.INCOMPLETE,
    Verdict.NO_VERDICT: Exit.NO_VERDICT,
}
