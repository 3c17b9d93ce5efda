"""One module per role: thin handlers, arguments in, one domain call, answer out."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mock_server.domain.effects import Effect
from mock_server.exchange import Answer, Request
from mock_server.stores.protocol import Transaction

Handler = Callable[[Transaction, Request], tuple[Answer, Effect | None]]
"""What serves one operation: state and a valid request in, answer and effect out; raises RefusalError."""

Handlers = Mapping[str, Handler]


def handlers_of(role: str) -> dict[str, Handler]:
    """The handlers of a role by operation id."""
    from mock_server.roles import toetsafname, toetsplanning  # noqa: PLC0415 - they need this module

    return dict(toetsafname.HANDLERS if role == "toetsafname" else toetsplanning.HANDLERS)


WRITES = frozenset({"putOffering", "postOffering", "deleteOffering", "patchOffering", "putAssociations"})
"""The operations that change state."""
