"""openapi-core, a validator that shares no code with ours, as the judge of a HAR recording."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

from jsonschema.exceptions import ValidationError
from openapi_core import Config, OpenAPI
from openapi_core.datatypes import RequestParameters
from openapi_core.templating.paths.exceptions import PathError
from werkzeug.datastructures import Headers, ImmutableMultiDict

from ooapi_toets import Json, JsonObject
from tests.judges.judgement import JSON_TYPES, OUTSIDE, Judgement, Reason


class OpenApiCore:
    """The judge.

    Args:
        document: The OpenAPI document.
        base_url: Where the endpoint is.
    """

    def __init__(self, document: JsonObject, base_url: str) -> None:
        # Whoever may call is told by the endpoint: `security` lets everybody try. openapi-core knows no
        # OAuth 2.0 and warns of it at every request.
        spec = {name: part for name, part in document.items() if name != "security"}
        spec["servers"] = [{"url": base_url}]
        config = Config(extra_media_type_deserializers=dict.fromkeys(JSON_TYPES, _json))
        self._api = OpenAPI.from_dict(spec, config=config)

        self._known: dict[str, tuple[Reason, ...] | None] = {}

    def judge(self, entry: JsonObject) -> Judgement:
        """What is wrong with one entry of a HAR file; what is the same is judged once."""
        request, response = entry["request"], entry["response"]
        headers = [each for each in response["headers"] if each["name"] != "date"]
        sent = json.dumps(request)
        answered = json.dumps([request["method"], request["url"], response["status"], headers, response["content"]])
        if sent not in self._known:
            self._known[sent] = self._request(request)
        if self._known[sent] is None:
            return OUTSIDE
        if answered not in self._known:
            self._known[answered] = self._answer(request, response)
        return Judgement(self._known[sent], self._known[answered])

    def _request(self, recorded: JsonObject) -> tuple[Reason, ...] | None:
        wrong = list(self._api.iter_request_errors(_Request(recorded)))
        return None if any(isinstance(each, PathError) for each in wrong) else tuple(_reasons(wrong))

    def _answer(self, request: JsonObject, response: JsonObject) -> tuple[Reason, ...]:
        return tuple(_reasons(self._api.iter_response_errors(_Request(request), _Answer(response))))


class _Request:
    """A request of a HAR file in the form that openapi-core asks for."""

    def __init__(self, recorded: JsonObject) -> None:
        url = urlsplit(recorded["url"])
        headers = _headers(recorded)
        self.host_url = f"{url.scheme}://{url.netloc}"
        self.path = url.path
        self.method = recorded["method"].lower()
        self.content_type = headers.get("content-type", "")
        self.body = recorded["postData"]["text"].encode() if "postData" in recorded else None
        query = [(each["name"], each["value"]) for each in recorded["queryString"]]
        self.parameters = RequestParameters(query=ImmutableMultiDict(query), header=headers)


class _Answer:
    """The same of an answer."""

    def __init__(self, recorded: JsonObject) -> None:
        self.status_code = recorded["status"]
        self.headers = _headers(recorded)
        self.content_type = self.headers.get("content-type", "")
        self.data = recorded["content"].get("text", "").encode()


def _headers(recorded: JsonObject) -> Headers:
    return Headers([(each["name"], each["value"]) for each in recorded["headers"]])


def _json(raw: bytes, **_parameters: str) -> Json:
    """Python's own reader, held to RFC 8259: no NaN, and a body nested without end is an error like any other."""

    def never(word: str) -> Json:
        raise ValueError(word)

    try:
        return json.loads(raw, parse_constant=never)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _reasons(errors: Iterable[Any]) -> Iterator[Reason]:
    for error in errors:
        cause = error.__cause__ or error
        found = list(getattr(cause, "schema_errors", ()))
        if found:
            yield from (reason for each in found for reason in _innermost(each))
        else:
            yield Reason(type(cause).__name__)


def _innermost(error: ValidationError) -> Iterator[Reason]:
    if error.context:
        for each in error.context:
            yield from _innermost(each)
    else:
        place = "".join(f"/{part}" for part in error.absolute_path)
        yield Reason(str(error.validator), place, str(error.validator_value))
