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
from ooapi_toets.editions.toets import Calls
from ooapi_toets.register import Register


@dataclass(frozen=True)
class SharedContext:
    """What all scenarios of one run share.

    Attributes:
        settings: What the check was told.
        target: The endpoint.
        register: The rules.
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
    calls: Calls
    checks: CheckList = field(default_factory=CheckList)
    ledger: Ledger = field(default_factory=Ledger)
    borrowed: Borrowed = field(default_factory=Borrowed)
    measurements: list[Measurement] = field(default_factory=list)
    given: dict[str, queue.Queue[str]] = field(default_factory=dict)
    listener: Listener | None = None
