"""The handlers of the roles: thin, arguments in, one domain call, answer out."""

from __future__ import annotations

from mock_server.handling.endpoint import Handler
from mock_server.judging.judge import Judge
from mock_server.roles.toets import judging, toetsafname, toetsplanning
from ooapi_toets.editions import Edition


def handlers_of(role: str) -> dict[str, Handler]:
    """The handlers of a role by operation id."""
    return dict(toetsafname.HANDLERS if role == "toetsafname" else toetsplanning.HANDLERS)


def judge_of(edition: Edition) -> Judge:
    """Judges what the roles of an edition are called with."""
    return judging.judge_of(edition)


WRITES = frozenset({"putOffering", "postOffering", "deleteOffering", "patchOffering", "putAssociations"})
"""The operations that change state."""

CREATES = frozenset({"putOffering", "postOffering"})
"""The operations that may create a session."""
