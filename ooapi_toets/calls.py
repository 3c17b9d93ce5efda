"""One request of an edition, as data: what to send, before it is known to whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from ooapi_toets import Json
from ooapi_toets.contract import Operation

JSON = "application/json"
MERGE_PATCH = "application/merge-patch+json"


@dataclass(frozen=True)
class Call:
    """One request, before it is known to whom it goes.

    Attributes:
        operation_id: The operation of the contract.
        method: The HTTP method.
        path: The path below the base path, ids filled in.
        query: Query parameters in order.
        body: The JSON body, or None for a request without one.
        media_type: What the body is declared as.
        ids: The ids in the path, as they are and not as they are written, by the name of their parameter.
    """

    operation_id: str
    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    body: Json = None
    media_type: str | None = None
    ids: Mapping[str, str] = field(default_factory=dict)


def make(
    operation: Operation,
    template: str,
    *ids: str,
    body: Json = None,
    media_type: str | None = None,
) -> Call:
    """A call of an operation.

    Args:
        operation: The operation.
        template: Its path template, or another one for an endpoint that deviates.
        ids: The ids in its path, in order.
        body: The JSON body, or None.
        media_type: What the body is declared as.
    """
    named = dict(zip(operation.path_parameters, ids, strict=True))
    path = template
    for name, value in named.items():
        path = path.replace("{" + name + "}", quote(value, safe=""))
    return Call(operation.id, operation.method, path, body=body, media_type=media_type, ids=named)
