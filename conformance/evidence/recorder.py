"""Numbers and keeps the exchanges of one run; passed in, never global."""

from __future__ import annotations

import threading
from collections.abc import Iterator

from conformance.evidence.exchange import Exchange


class Recorder:
    """Every exchange of a run, in the order of their numbers; safe to share between threads."""

    def __init__(self) -> None:
        self._exchanges: dict[int, Exchange] = {}
        self._last = 0
        self._lock = threading.Lock()

    def next_number(self) -> int:
        """A number for a request that is about to be sent."""
        with self._lock:
            self._last += 1
            return self._last

    def keep(self, exchange: Exchange) -> Exchange:
        """Keep an exchange; returns it."""
        with self._lock:
            self._exchanges[exchange.number] = exchange
        return exchange

    def __iter__(self) -> Iterator[Exchange]:
        with self._lock:
            ordered = sorted(self._exchanges.items())
        return iter([exchange for _, exchange in ordered])

    def __len__(self) -> int:
        return len(self._exchanges)

    def __getitem__(self, number: int) -> Exchange:
        return self._exchanges[number]
