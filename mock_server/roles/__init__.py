"""The handlers of the roles: thin, arguments in, one domain call, answer out."""

from __future__ import annotations

from mock_server.handling.endpoint import Handler
from mock_server.roles.toets import toetsafname, toetsplanning


def handlers_of(role: str) -> dict[str, Handler]:
    """The handlers of a role by operation id."""
    return dict(toetsafname.HANDLERS if role == "toetsafname" else toetsplanning.HANDLERS)


WRITES = frozenset({"putOffering", "postOffering", "deleteOffering", "patchOffering", "putAssociations"})
"""The operations that change state."""

CREATES = frozenset({"putOffering", "postOffering"})
"""The operations that may create a session."""
