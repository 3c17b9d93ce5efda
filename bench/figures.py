"""Medians, spreads and ratios. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median


def middle(values: Sequence[float]) -> float:
    """The median."""
    return float(median(values))


def spread(values: Sequence[float]) -> float:
    """Half the distance between the quartiles, as a share of the median: how far to trust it.

    Args:
        values: What the rounds came to; at least one.
    """
    ordered = sorted(values)
    low, high = (_at(ordered, share) for share in (0.25, 0.75))
    return (high - low) / 2 / middle(ordered) if middle(ordered) else 0.0


def ratio(these: Sequence[float], those: Sequence[float]) -> float:
    """The median of the ratios round by round: what slows a whole round down is in both.

    Args:
        these: One value for each round.
        those: The same of whom it is compared with.
    """
    return middle([this / that for this, that in zip(these, those, strict=True)])


def _at(ordered: Sequence[float], share: float) -> float:
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)
