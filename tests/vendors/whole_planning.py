"""A scripted Toetsplanning with both halves: what its client registers elsewhere, its server knows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import orjson

from mock_server.serving.server import MockServer
from ooapi_toets import JsonObject
from ooapi_toets.editions.toets import SESSION
from tests.vendors.planning import Planning


class WholePlanning(Planning):
    """A Toetsplanning that takes reports as well.

    Args:
        server: What takes them.
    """

    def __init__(self, server: MockServer) -> None:
        super().__init__()
        self._server = server
        self.own_url = server.url

    def put_session(self, offering: JsonObject) -> int:
        with self._server.mock.store.begin(write=True) as tx:
            tx.put(SESSION, offering["offeringId"], orjson.dumps(offering))
        return super().put_session(offering)

    def option_5(self) -> None:
        super().option_5()
        self.option_1()  # and plans another one, which stays


@contextmanager
def served() -> Iterator[WholePlanning]:
    """Such a system, running."""
    with MockServer("toetsplanning") as server:
        vendor = WholePlanning(server)
        try:
            yield vendor
        finally:
            vendor.sender.close()
