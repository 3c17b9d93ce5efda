"""Keeps exchanges in a ring: the newest stay, the oldest go, and it says so."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from mock_server.journal.entry import Entry
from mock_server.settings import Limits


class Journal:
    """The ring of exchanges; the only writer is the examiner.

    Args:
        limits: How much to keep.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._entries: deque[Entry] = deque()
        self._weights: deque[int] = deque()
        self._bytes = 0
        self.evicted = 0

    def add(self, entry: Entry) -> None:
        """Keep an exchange that has ended, and let the oldest go where there is no room."""
        entry.cut(self._limits.journal_body_bytes)
        weight = entry.kept_bytes
        self._entries.append(entry)
        self._weights.append(weight)
        self._bytes += weight
        # The newest stays whatever it weighs: its number was in the answer.
        while len(self._entries) > 1 and self._over():
            self._entries.popleft()
            self._bytes -= self._weights.popleft()
            self.evicted += 1

    def _over(self) -> bool:
        return len(self._entries) > self._limits.journal_entries or self._bytes > self._limits.journal_bytes

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries)

    def get(self, entry_id: int) -> Entry | None:
        """The exchange with this number, or None when it never was or is gone."""
        if not self._entries:
            return None
        # Numbers are handed out in order but kept in the order of ending, so a direct look may miss.
        return next((each for each in reversed(self._entries) if each.id == entry_id), None)

    def clear(self) -> None:
        """Forget every exchange; numbers go on."""
        self._entries.clear()
        self._weights.clear()
        self._bytes = 0
        self.evicted = 0
