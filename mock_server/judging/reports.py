"""What a report that was accepted shows besides its form. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mock_server.domain.effects import Effect
from mock_server.journal.entry import Finding
from mock_server.judging.sessions import other_session
from ooapi_toets import Json
from ooapi_toets.outcomes import Outcome


@dataclass(frozen=True, slots=True)
class Reports:
    """Judges reports.

    Attributes:
        valid: The rule about their form.
        types: The rule about the types of documents.
    """

    valid: str
    types: str

    def findings(self, value: Json, effect: Effect | None) -> Iterator[Finding]:
        """What a report says about further rules."""
        yield from other_session(self.valid, value, effect)
        if any(entry.get("documents") for entry in value.get("consumers") or ()):
            yield Finding(self.types, Outcome.PASS)
