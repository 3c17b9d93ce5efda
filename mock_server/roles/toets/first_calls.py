"""Calls to begin with in the edition `toets`."""

from __future__ import annotations

from mock_server.roles.first_call import FirstCall
from ooapi_toets.contract import Role
from ooapi_toets.editions.toets import AFNAME, PLANNING
from ooapi_toets.texts import say

_READ = FirstCall(say("Read a session"), "getOffering")

FIRST_CALLS: dict[Role, tuple[FirstCall, ...]] = {
    AFNAME: (
        FirstCall(say("Create a session"), "putOffering", "minimal"),
        FirstCall(say("Register a student"), "putAssociations", "one"),
        _READ,
        FirstCall(say("Read the participants"), "getAssociations"),
        FirstCall(say("Delete the session"), "deleteOffering"),
    ),
    PLANNING: (_READ, FirstCall(say("Send the report of a session"), "patchOffering", "report")),
}
"""For each role what whoever calls it may try first, in order."""
