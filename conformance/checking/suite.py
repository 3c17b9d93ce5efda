"""What all scenarios of one run share."""

from __future__ import annotations

import queue
from dataclasses import dataclass, field

from conformance.counterpart.listener import Listener
from conformance.endpoint.cleanup import Ledger
from conformance.endpoint.restoring import Borrowed
from conformance.endpoint.target import Target
from conformance.evidence.findings import CheckList, Measurement
from conformance.settings import CheckSettings
from ooapi_toets.calls import Call
from ooapi_toets.editions import Edition, MakesCalls
from ooapi_toets.editions.kinds import Kind
from ooapi_toets.register import Register


@dataclass(frozen=True)
class SharedContext:
    """What all scenarios of one run share.

    Attributes:
        settings: What the check was told.
        target: The endpoint.
        register: The rules.
        edition: The edition.
        calls: Makes the calls of the edition.
        checks: What the scenarios that have ended said.
        ledger: What was created so far.
        borrowed: Sessions of somebody else that reports are sent for, and how they read at first.
        measurements: What was measured so far.
        given: Sessions at a Toetsplanning endpoint, by `active` and `canceled`; one user at a time.
        listener: Where calls of the system under test are heard; None when nobody listens.
    """

    settings: CheckSettings
    target: Target
    register: Register
    edition: Edition
    calls: MakesCalls
    checks: CheckList = field(default_factory=CheckList)
    ledger: Ledger = field(default_factory=Ledger)
    borrowed: Borrowed = field(default_factory=Borrowed)
    measurements: list[Measurement] = field(default_factory=list)
    given: dict[str, queue.Queue[str]] = field(default_factory=dict)
    listener: Listener | None = None

    def encode(self, kind: Kind) -> Call:
        """The call that carries a message.

        Raises:
            ValueError: When the edition has no such message.
        """
        return self.edition.encode(self.calls, kind)

    def rule_of(self, aspect: str) -> str:
        """The id of the rule that speaks of an aspect; scenarios of an edition may say the rule itself."""
        return aspect if aspect in self.register.rules else self.edition.rule(aspect)
