"""Who may call: the contract's security requirements, compiled once per operation."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from mock_server.domain.refusals import Reason, RefusalError
from mock_server.journal.entry import Entry
from ooapi_toets.contract import Message, Operation


@dataclass(frozen=True, slots=True)
class Grant:
    """What a credential stands for.

    Attributes:
        client: A short name for the journal.
        scopes: What it covers; None for everything.
    """

    client: str
    scopes: frozenset[str] | None = None


class ExpiredTokenError(RefusalError):
    """A token of ours that has expired: refused like any other, and remembered to see it refreshed.

    Args:
        refusal: The refusal.
        client: Whose token it was.
    """

    def __init__(self, refusal: RefusalError, client: str) -> None:
        super().__init__(refusal.reason, refusal.broken, refusal.detail, refusal.extra)
        self.client = client


class Scheme(Protocol):
    """One way to authenticate."""

    @property
    def challenge(self) -> str:
        """What WWW-Authenticate says of it."""

    def grant(self, credentials: str) -> Grant | None:
        """What an Authorization header's value is worth, or None when it is none of this scheme.

        Raises:
            RefusalError: When it is of this scheme and not valid, with the reason.
        """


@dataclass(frozen=True)
class BearerTokens:
    """Tokens agreed on beforehand.

    Attributes:
        tokens: The grant of each token.
    """

    tokens: Mapping[str, Grant]
    challenge: str = 'Bearer realm="ooapi-toets mock"'

    def grant(self, credentials: str) -> Grant | None:
        """See `Scheme`."""
        scheme, _, token = credentials.partition(" ")
        if scheme.lower() != "bearer":
            return None
        for known, grant in self.tokens.items():
            if hmac.compare_digest(known.encode(), token.strip().encode()):
                return grant
        raise unauthenticated(f'{self.challenge}, error="invalid_token"', "The token is not valid here.")


@dataclass(frozen=True)
class BasicUsers:
    """Users with passwords, for closed test environments.

    Attributes:
        passwords: The password of each user.
    """

    passwords: Mapping[str, str] = field(repr=False)
    challenge: str = 'Basic realm="ooapi-toets mock", charset="UTF-8"'

    def grant(self, credentials: str) -> Grant | None:
        """See `Scheme`."""
        scheme, _, encoded = credentials.partition(" ")
        if scheme.lower() != "basic":
            return None
        try:
            user, _, password = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            user = password = ""
        expected = self.passwords.get(user, "")
        if user and hmac.compare_digest(expected.encode(), password.encode()) and expected:
            return Grant(user)
        raise unauthenticated(self.challenge, "User and password are not valid here.")


_UNFIT = re.compile(r"[^A-Za-z0-9._-]+")


def sandbox_of(scheme: Scheme, authorization: bytes) -> str:
    """The sandbox of the client that an Authorization header is of; the default, without a name, for a stranger."""
    try:
        grant = scheme.grant(authorization.decode("latin-1"))
    except ExpiredTokenError as expired:
        client = expired.client
    except RefusalError:
        return ""
    else:
        client = grant.client if grant else ""
    name = _UNFIT.sub("-", client).lstrip("._-")[:48]
    if name == client:
        return name
    # Clients whose names differ in what a sandbox cannot be called must not meet.
    return f"{name or 'client'}-{hashlib.sha256(client.encode()).hexdigest()[:12]}"


class OperationGuard:
    """Lets requests for one operation in; one of the scopes of a message is enough.

    Args:
        operation: The operation.
        scheme: How clients authenticate.
    """

    def __init__(self, operation: Operation, scheme: Scheme) -> None:
        self._scheme = scheme
        needed = [frozenset(each.scopes) for each in operation.messages]
        # Who may send any of its messages gets in, and where one needs no scope everybody does.
        self._any: frozenset[str] = frozenset().union(*needed) if all(needed) else frozenset()

    def enter(self, headers: Mapping[bytes, bytes], entry: Entry) -> frozenset[str] | None:
        """See `Guard`."""
        credentials = headers.get(b"authorization")
        if credentials is None:
            raise unauthenticated(self._scheme.challenge, "There is no Authorization header.")
        try:
            grant = self._scheme.grant(credentials.decode("latin-1"))
        except ExpiredTokenError as expired:
            entry.authenticated(expired.client, expired=True)
            raise
        if grant is None:
            raise unauthenticated(self._scheme.challenge, "The Authorization header is of another scheme.")
        entry.authenticated(grant.client)
        _must_cover(grant.scopes, self._any)
        return grant.scopes

    @staticmethod
    def allow(scopes: frozenset[str] | None, message: Message) -> None:
        """See `Guard`."""
        _must_cover(scopes, message.scopes)


def _must_cover(scopes: frozenset[str] | None, needed: Collection[str]) -> None:
    if scopes is None or not needed or not scopes.isdisjoint(needed):
        return
    raise RefusalError(
        Reason.NOT_ALLOWED,
        detail=f"The token lacks the scope {' or '.join(sorted(needed))}.",
        extra=(("WWW-Authenticate", f'Bearer error="insufficient_scope", scope="{" ".join(sorted(needed))}"'),),
    )


def unauthenticated(challenge: str, detail: str) -> RefusalError:
    """A refusal with 401 and its WWW-Authenticate header (RFC 9110 section 11.6.1)."""
    return RefusalError(Reason.NOT_AUTHENTICATED, detail=detail, extra=(("WWW-Authenticate", challenge),))
