"""How many generated cases an endpoint can be asked, by how fast it answers. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from statistics import median

from conformance.evidence.exchange import Exchange

_SECONDS = 45.0
"""How long one kind of generated test may keep an endpoint busy, at its usual speed."""
_SAMPLE = 200


def cases(exchanges: Iterable[Exchange], wanted: int, requests_each: float, seconds: float = _SECONDS) -> int:
    """How many cases to generate: what was asked for, or fewer for a slow endpoint; at least 3.

    Args:
        exchanges: What the run has seen so far, from which the usual time of an answer is taken.
        wanted: How many were asked for (`--examples`).
        requests_each: How many requests one case makes, on average.
        seconds: How long all of them may take.
    """
    times = [each.elapsed_ms for each in exchanges if each.status is not None][-_SAMPLE:]
    usual = median(times) / 1000 if times else 0.0
    affordable = int(seconds / (usual * requests_each)) if usual else wanted
    return max(3, min(wanted, affordable))
