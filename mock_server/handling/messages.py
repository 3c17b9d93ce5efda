"""The plain data that travels the road: a request as the handlers see it, and the answer to it."""

from __future__ import annotations

from dataclasses import dataclass, field

from ooapi_toets import Json
from ooapi_toets.strictjson import encode

Headers = tuple[tuple[bytes, bytes], ...]

JSON_TYPE = (b"content-type", b"application/json")


@dataclass(slots=True)
class Request:
    """A request that was routed, let in and found valid.

    Attributes:
        operation_id: The operation of the contract.
        ids: The ids in the path by the name of their parameter; a UUID in lower case.
        query: The query parameters that the operation knows.
        value: The decoded body.
        text: The same as compact JSON.
        kind: The kind of message it is.
    """

    operation_id: str
    ids: dict[str, str] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    value: Json = None
    text: bytes = b""
    kind: str = ""

    @property
    def key(self) -> str:
        """The first id in the path; empty where the path has none."""
        return next(iter(self.ids.values()), "")


@dataclass(slots=True)
class Answer:
    """What goes back.

    Attributes:
        status: The HTTP status.
        body: The bytes of the body.
        headers: Header lines without content-length, which the road adds.
    """

    status: int
    body: bytes = b""
    headers: Headers = ()


def json_answer(text: bytes, status: int = 200) -> Answer:
    """An answer with a JSON body."""
    return Answer(status, text, (JSON_TYPE,))


def value_answer(value: Json, status: int = 200) -> Answer:
    """An answer with a value as JSON."""
    return json_answer(encode(value), status)
