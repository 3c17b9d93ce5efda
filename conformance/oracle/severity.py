"""How bad it is that an endpoint accepted a message that breaks the contract. Pure.

A receiver that is more generous than the contract in a detail harms nobody; one that takes a session
without times, or a role that nobody knows, does. Only the latter fails.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ooapi_toets.violations import Violation

_KINDS = {"required", "type", "enum", "format", "json"}
_CORE = {
    "putOffering": (
        r"",
        r"/(offeringId|offeringType|startDateTime|endDateTime|name|primaryCode|consumers)",
        r"/name/\d+",
        r"/consumers/\d+",
        r"/consumers/\d+/(consumerKey|offeringState)",
        r"/primaryCode/code",
    ),
    "putAssociations": (
        r"(/\d+)?",
        r"(/\d+)?/(associationId|role|state|person)",
        r"(/\d+)?/person/personId",
    ),
    "patchOffering": (
        r"",
        r"/(offeringType|consumers)",
        r"/consumers/\d+",
        r"/consumers/\d+/(irregularities|documents)",
        r"/consumers/\d+/documents/\d+",
        r"/consumers/\d+/documents/\d+/(documentId|documentType|documentName)",
    ),
}
"""The places, by operation, where a message must be right: what a session, a participant or a report is
made of. What OKE 1.0.1 calls required but unused is not among them."""

_COMPILED = {name: re.compile("|".join(f"(?:{each})" for each in places)) for name, places in _CORE.items()}


def serious(operation_id: str, violations: Iterable[Violation]) -> list[Violation]:
    """The violations that no receiver may let pass."""
    core = _COMPILED[operation_id]
    return [each for each in violations if each.keyword in _KINDS and core.fullmatch(each.pointer)]
