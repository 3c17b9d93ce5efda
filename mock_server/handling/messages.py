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
        key: The id in the path, in lower case; empty where the path has none.
        query: The query parameters that the operation knows.
        value: The decoded body.
        text: The same as compact JSON.
    """

    operation_id: str
    key: str = ""
    query: dict[str, str] = field(default_factory=dict)
    value: Json = None
    text: bytes = b""


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
