"""What a judge says of one exchange, and what we say ourselves.

Ours is put together from the parts that the mock refuses by and the suite judges by, so that another
judge who disagrees disagrees with them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from conformance.evidence.exchange import Exchange
from ooapi_toets import JsonObject, strictjson
from ooapi_toets.contract import Contract, Operation
from ooapi_toets.schemas import resolve
from ooapi_toets.violations import Violation

JSON_TYPES = ("application/json", "application/merge-patch+json", "application/problem+json")


class Reason(NamedTuple):
    """Why a message is not accepted: the keyword that was broken, where, and what it asked for."""

    keyword: str
    place: str = ""
    wanted: str = ""


@dataclass(frozen=True)
class Judgement:
    """What one judge says of one exchange; None where the contract has no such operation.

    Attributes:
        request: Why the request breaks the contract; empty when it does not.
        answer: The same of the answer.
    """

    request: tuple[Reason, ...] | None
    answer: tuple[Reason, ...] | None


OUTSIDE = Judgement(None, None)


class Ourselves:
    """Our own judgement.

    Args:
        contract: The contract.
        role: The role of the endpoint.
        base_url: What stands before the paths of the contract.
    """

    def __init__(self, contract: Contract, role: str, base_url: str) -> None:
        self._document = contract.document
        self._operations: Mapping[str, Operation] = contract.served_by(role)
        self._base = urlsplit(base_url).path

    def judge(self, exchange: Exchange) -> Judgement:
        """What is wrong with an exchange."""
        operation = self._operations.get(exchange.operation_id)
        if operation is None or operation.method != exchange.method:
            return OUTSIDE
        return Judgement(tuple(self._request(operation, exchange)), tuple(self._answer(operation, exchange)))

    def _request(self, operation: Operation, exchange: Exchange) -> Iterator[Reason]:
        url = urlsplit(exchange.url)
        for parameter in operation.path_parameters.values():
            template = self._base + operation.path
            found = re.fullmatch(re.sub(r"\{.*?\}", "([^/]*)", template), url.path)
            key = unquote(found[1]) if found else ""
            yield from _reasons(parameter.validator.violations(key, "path"))
        yield from _reasons(operation.query_violations(parse_qsl(url.query, keep_blank_values=True)))
        if operation.body is not None:
            declared = next((value for name, value in exchange.request_headers if name.lower() == "content-type"), "")
            if declared.split(";")[0].strip().lower() not in operation.media_types:
                yield Reason("mediaType")
            try:
                decoded = strictjson.decode(exchange.request_body)
            except strictjson.NotJsonError as error:
                yield Reason("json", wanted=error.message.en)
            else:
                yield from _reasons(operation.body.violations(decoded.value))

    def _answer(self, operation: Operation, exchange: Exchange) -> Iterator[Reason]:
        status = exchange.status or 0
        if status not in operation.answers:
            yield Reason("status")
            return
        answers = self._document["paths"][operation.path][operation.method.lower()]["responses"]
        described: JsonObject = resolve(self._document, answers[str(status)])
        if "content" not in described:
            return
        if exchange.media_type not in described["content"]:
            yield Reason("mediaType")
        elif not exchange.body:
            yield Reason("empty")
        elif exchange.media_type in JSON_TYPES:
            validator = operation.answers[status]
            if exchange.value is None:
                yield Reason("json")
            elif validator is not None:
                yield from _reasons(validator.violations(exchange.value))


def _reasons(found: list[Violation]) -> Iterator[Reason]:
    return (Reason(each.keyword, each.pointer, each.expected) for each in found)
