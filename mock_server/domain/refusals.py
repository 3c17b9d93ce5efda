"""Why a message is not taken; `handling/problems.py` turns a refusal into a status and a body."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from ooapi_toets.outcomes import Outcome
from ooapi_toets.violations import Violation


class Reason(Enum):
    """The kinds of refusal, by what was wrong."""

    MALFORMED = "malformed"
    INVALID = "invalid"
    UNKNOWN_SESSION = "unknown session"
    UNKNOWN_DOCUMENT = "unknown document"
    UNKNOWN_PATH = "unknown path"
    WRONG_METHOD = "wrong method"
    WRONG_MEDIA_TYPE = "wrong media type"
    TOO_LARGE = "too large"
    NOT_AUTHENTICATED = "not authenticated"
    NOT_ALLOWED = "not allowed"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class RuleViolation:
    """One violation and the rule that it breaks."""

    rule: str
    violation: Violation


class RefusalError(Exception):
    """A message is refused as a whole; nothing has changed.

    Args:
        reason: What kind of refusal it is.
        broken: Every violation found, each with its rule.
        detail: A sentence for people, where the violations do not say it all.
        extra: Header lines that the answer must carry, such as Allow.
        outcome: What the violations amount to; None where the call is not one of the client's.
    """

    def __init__(
        self,
        reason: Reason,
        broken: tuple[RuleViolation, ...] = (),
        detail: str = "",
        extra: tuple[tuple[str, str], ...] = (),
        outcome: Outcome | None = Outcome.FAIL,
    ) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.broken = broken
        self.detail = detail
        self.extra = extra
        self.outcome = outcome
