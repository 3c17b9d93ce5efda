"""What a Toetsplanning (test planning) system serves: receiving the report in flow 4.1."""

from __future__ import annotations

from mock_server.domain.effects import Effect
from mock_server.domain.toets import reports
from mock_server.handling.endpoint import Handling
from mock_server.handling.messages import Answer, Request, json_answer
from mock_server.roles.toets import common
from mock_server.state.stores.protocol import Transaction
from ooapi_toets.editions.toets import SESSION


def patch_offering(tx: Transaction, request: Request) -> tuple[Answer, Effect | None]:
    """Merge a report into the session, also into a cancelled one (flow 4.1)."""
    before = common.known_session(tx, request.key)
    effect = reports.merge(request.key, before, request.value)
    after = effect.after or before
    tx.put(SESSION, request.key, after)
    return json_answer(after), effect


HANDLINGS = {
    ("getService", "read-service"): Handling(common.get_service),
    ("getOffering", "read-session"): Handling(common.get_offering),
    ("patchOffering", "report"): Handling(patch_offering, writes=True),
}
"""How each message is handled, by operation id and kind."""
