"""One request and what came back, frozen: all evidence is made of these."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from ooapi_toets import Json
from ooapi_toets.editions.kinds import Kind
from ooapi_toets.strictjson import lenient

_TOO_MANY, _UNAVAILABLE = 429, 503  # RFC 6585 section 4; RFC 9110 section 15.6.4

Pairs = tuple[tuple[str, str], ...]
Meaning = Callable[[str, Mapping[str, str], Json], Kind | None]
"""What a request says, by its operation, the ids in its path and its body."""


@dataclass(frozen=True)
class Exchange:
    """One request and what came back.

    Attributes:
        number: Its place in the run, from 1 up.
        scenario: What it was part of.
        operation_id: The operation that was meant; empty for a request outside the contract.
        method: The HTTP method.
        url: The whole URL.
        request_headers: The header lines sent, credentials included; masked on the way out.
        request_body: The body sent.
        started: When it began, ISO 8601 in UTC.
        elapsed_ms: How long it took.
        status: The status answered, or None when there was no answer.
        headers: The header lines answered.
        body: The body answered, as far as it was read.
        failure: Why there was no answer, in words; empty when there was one.
        meant_valid: Whether the request was meant to follow the contract.
        heard: Whether the system under test sent it to us, instead of us to it.
        ids: The ids in its path, by the name of their parameter.
        meaning: Decodes what it says, in its edition; None for a request outside every edition.
    """

    number: int
    scenario: str
    operation_id: str
    method: str
    url: str
    request_headers: Pairs
    request_body: bytes
    started: str
    elapsed_ms: float
    status: int | None
    headers: Pairs
    body: bytes
    failure: str
    meant_valid: bool
    heard: bool = False
    ids: Mapping[str, str] = field(default_factory=dict)
    meaning: Meaning | None = field(default=None, repr=False, compare=False)

    @property
    def success(self) -> bool:
        """Whether the answer says that the request was taken."""
        return self.status is not None and 200 <= self.status < 300  # noqa: PLR2004 - RFC 9110 section 15.3

    @property
    def refused(self) -> bool:
        """Whether the answer puts the fault with the request."""
        return self.status is not None and 400 <= self.status < 500  # noqa: PLR2004 - RFC 9110 section 15.5

    @property
    def busy(self) -> bool:
        """Whether the answer asks to come back later, and so says nothing about the request."""
        return self.status == _TOO_MANY or (self.status == _UNAVAILABLE and bool(self.header("retry-after")))

    @cached_property
    def sent(self) -> Json:
        """The request's body as JSON; None when there is none, or it is not JSON."""
        return lenient(self.request_body)

    @cached_property
    def about(self) -> Kind | None:
        """What the request says, as its edition decodes it; None where that cannot be told."""
        return self.meaning(self.operation_id, self.ids, self.sent) if self.meaning else None

    @property
    def session(self) -> str:
        """The id of the session that this is about, in lower case; empty when it names none."""
        found: str = getattr(self.about, "session", "")
        return found

    @property
    def named(self) -> frozenset[str]:
        """The ids that it names, in lower case: those in its path, and that of its session."""
        return frozenset(each.lower() for each in (*self.ids.values(), self.session) if each)

    def header(self, name: str) -> str:
        """The value of a header of the answer, empty when it is not there."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")

    @property
    def media_type(self) -> str:
        """The media type of the answer, without parameters."""
        return self.header("content-type").split(";")[0].strip().lower()

    @cached_property
    def value(self) -> Json:
        """The answer's body as JSON, whatever it is declared as; None when it is not JSON.

        More forgiving than our own strict reading: a byte order mark may be ignored (RFC 8259 section
        8.1), and an attribute given twice is no reason to see nothing at all.
        """
        return lenient(self.body.removeprefix(b"\xef\xbb\xbf"))

    @property
    def answer(self) -> str:
        """What was answered, in two or three words."""
        return self.failure or f"status {self.status}"
