"""The recording of a run as HAR: what each call was part of, and whether it was meant to be valid."""

from __future__ import annotations

from collections.abc import Iterable

from conformance.evidence.exchange import Exchange
from ooapi_toets import har
from ooapi_toets.masking import Masker


def render(exchanges: Iterable[Exchange], masker: Masker | None) -> str:
    """The exchanges that got an answer, people and credentials masked unless there is no masker."""
    return har.render(exchanges, masker, _comment)


def _comment(exchange: Exchange) -> str:
    return f"{exchange.number} {exchange.scenario} {'valid' if exchange.meant_valid else 'invalid on purpose'}"
