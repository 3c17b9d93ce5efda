"""Reads how long an answer asks to wait: Retry-After, in both of its forms (RFC 9110 section 10.2.3)."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def seconds_of(retry_after: str, now: datetime | None = None) -> float | None:
    """The seconds that a Retry-After header asks to wait; None when there is none, or it says something else.

    Args:
        retry_after: The value of the header: a number of seconds, or a date.
        now: The moment to count from; this one unless given.
    """
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - (now or datetime.now(UTC))).total_seconds())
