"""Sandboxes: pipelines that share one mock without meeting. Each has state, journal and tally of its own."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from mock_server.domain.refusals import Reason, RefusalError
from mock_server.journal.entry import Entry
from mock_server.journal.journal import Journal
from mock_server.judging.coverage import Tally
from mock_server.judging.identity import Identity
from mock_server.judging.judge import Judge
from mock_server.judging.membership import Membership
from mock_server.judging.recovery import Recovery
from mock_server.judging.sequels import Sequels, credential_in_query
from mock_server.settings import Limits
from mock_server.state.faults import Faults
from ooapi_toets import JsonObject

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
"""What a sandbox may be called."""


@dataclass(slots=True)
class Sandbox:
    """One sandbox, the nameless default among them.

    Attributes:
        name: Its name; empty for the default.
        journal: What passed in it.
        judge: Judges what passes.
        tally: What its client has shown.
        faults: What is planned to go wrong.
        recovery: How the client takes what went wrong.
        identity: What its sessions look like.
        membership: Who takes part in them.
        sequels: What was tried and refused.
        snapshots: States that were set aside, by name.
        used: When it was last used, in seconds of a clock that only goes forward.
    """

    name: str
    journal: Journal
    judge: Judge
    tally: Tally = field(init=False)
    faults: Faults = field(default_factory=Faults)
    recovery: Recovery = field(init=False)
    identity: Identity = field(init=False)
    membership: Membership = field(init=False)
    sequels: Sequels = field(init=False)
    snapshots: dict[str, JsonObject] = field(default_factory=dict)
    used: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self._begin()

    def _begin(self) -> None:
        rule = self.judge.edition.rule
        self.tally = Tally(self.judge)
        self.recovery = Recovery(rule)
        self.identity = Identity(rule("client.session.keeps-id"))
        self.membership = Membership(rule("client.participants.one-person"), rule("client.participants.keep-ids"))
        self.sequels = Sequels(rule)

    def note(self, entry: Entry) -> None:
        """Add what an exchange shows in the light of those before it."""
        self.sequels.note(entry)
        entry.shows(self.recovery.note(entry) + self.identity.note(entry) + self.membership.note(entry))
        if "?" in entry.path:
            entry.shows(credential_in_query(self.judge.follows, entry))

    def changed(self) -> None:
        """The state was changed from outside the conversation."""
        self.identity.clear()
        self.membership.clear()

    def keep(self, entry: Entry) -> None:
        """Keep an exchange that has ended."""
        self.journal.add(entry)
        self.tally.add(entry)

    def forget(self) -> None:
        """Forget what passed and what was planned, not the state."""
        self.journal.clear()
        self.faults.clear()
        self._begin()


class Sandboxes:
    """Every sandbox of a mock.

    Args:
        limits: How many there may be, and how long they stay unused.
        judge: Judges what passes in them.
        opened: Fills the state of a sandbox that is used for the first time.
        closed: Forgets the state of one that has expired.
    """

    def __init__(
        self, limits: Limits, judge: Judge, opened: Callable[[str], object], closed: Callable[[str], object]
    ) -> None:
        self._limits = limits
        self._judge = judge
        self._opened = opened
        self._closed = closed
        self._sandboxes: dict[str, Sandbox] = {}
        self._last_entry = 0
        self.ended = 0
        self.heard: list[Callable[[Sandbox, Entry], None]] = []

    def next_entry(self) -> int:
        """A number for an exchange that begins, unique in the whole mock."""
        self._last_entry += 1
        return self._last_entry

    def get(self, name: str = "") -> Sandbox:
        """The sandbox of a name, opened if it is used for the first time.

        Raises:
            RefusalError: When the name will not do, or there are too many already.
        """
        found = self._sandboxes.get(name)
        if found is None:
            found = self._open(name)
        found.used = time.monotonic()
        return found

    def note(self, entry: Entry) -> None:
        """Add what an exchange shows in the light of those before it in its sandbox."""
        self.get(entry.sandbox).note(entry)

    def keep(self, entry: Entry) -> None:
        """Keep an exchange in its sandbox, and tell whoever listens."""
        sandbox = self.get(entry.sandbox)
        sandbox.keep(entry)
        self.ended += 1
        for each in self.heard:
            each(sandbox, entry)

    def close(self, name: str) -> bool:
        """Forget a sandbox with all that is in it; whether it was there. The default is emptied instead."""
        if name not in self._sandboxes:
            return False
        self._closed(name)
        if name:
            del self._sandboxes[name]
        else:
            self._sandboxes[name].forget()
            self._opened(name)
        return True

    def __iter__(self) -> Iterator[Sandbox]:
        return iter(list(self._sandboxes.values()))

    def __len__(self) -> int:
        return len(self._sandboxes)

    def expire(self) -> list[str]:
        """Close sandboxes that have not been used for too long; returns their names."""
        oldest = time.monotonic() - self._limits.sandbox_idle_seconds
        old = [each.name for each in self if each.name and each.used < oldest]
        for name in old:
            self.close(name)
        return old

    def _open(self, name: str) -> Sandbox:
        self.expire()
        if name and not NAME.fullmatch(name):
            raise RefusalError(
                Reason.UNKNOWN_PATH, detail="A sandbox is called by letters, digits, dots and dashes, 64 at most."
            )
        if name and len(self._sandboxes) >= self._limits.sandboxes:
            raise RefusalError(
                Reason.FULL,
                detail=f"There are {len(self._sandboxes)} sandboxes, the limit; close one first.",
                extra=(("Retry-After", "60"),),
            )
        sandbox = self._sandboxes[name] = Sandbox(name, Journal(self._limits), self._judge)
        self._opened(name)
        return sandbox
