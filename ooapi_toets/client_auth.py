"""How a client of ours authenticates: bearer, basic, or OAuth 2.0 client credentials with a token that is renewed."""

from __future__ import annotations

import base64
import re
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal
from urllib.parse import quote_plus

from ooapi_toets import Json
from ooapi_toets.errors import EndpointError, UsageError
from ooapi_toets.redaction import RUN
from ooapi_toets.strictjson import is_number, lenient, number_in

if TYPE_CHECKING:
    import httpx

AuthKind = Literal["none", "bearer", "basic", "oauth2"]


@dataclass(frozen=True, slots=True)
class AuthSettings:
    """How the suite authenticates; secrets never show in a representation.

    Attributes:
        kind: Which scheme.
        token: The bearer token.
        user: The user for basic authentication, or the OAuth client id.
        secret: The password for basic authentication, or the OAuth client secret.
        token_url: Where an OAuth token is fetched.
        scope: The OAuth scope asked for.
        wrong_scope: Another scope that the same client may ask for, to see it refused.
        wrong_scope_token: A bearer token for another scope, to see it refused.
    """

    kind: AuthKind = "none"
    token: str = field(default="", repr=False)
    user: str = ""
    secret: str = field(default="", repr=False)
    token_url: str = ""
    scope: str = "nl-test-admin-flow-2-3-4"
    wrong_scope: str = ""
    wrong_scope_token: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        given = (self.wrong_scope_token, self.token if self.kind == "bearer" else "")
        if not all(_TOKEN.fullmatch(each) for each in given if each):
            raise UsageError(
                "A bearer token holds blanks or letters that a header cannot carry.",
                "Look for a second line, or for what an editor put around it.",
            )


_MARGIN = 10.0
"""Seconds before its end at which a token is renewed."""
_LIFETIME = 300.0
"""Seconds that a token is taken to last when the server does not say."""
_LONGEST_LIFETIME = 10 * 365 * 86_400
_TOKEN = re.compile(r"[\x21-\x7e]+")
"""What a header line can carry (RFC 6749 appendix A.12)."""
_ERROR = re.compile(r"[\x20-\x21\x23-\x5b\x5d-\x7e]{1,100}")
"""What an error code may be made of (RFC 6749 section 5.2)."""


class Authenticator:
    """Makes the Authorization header of each request.

    Args:
        settings: Which scheme, with its secrets.
        client: Used to fetch tokens, so that TLS settings hold there too.
    """

    def __init__(self, settings: AuthSettings, client: httpx.Client) -> None:
        self._settings = settings
        self._client = client
        self._lock = threading.Lock()
        self._token = ""
        self._until = 0.0
        RUN.learn(settings.token, settings.secret, settings.wrong_scope_token, quote_plus(settings.secret))
        RUN.learn_basic(settings.user, settings.secret)
        RUN.learn_basic(quote_plus(settings.user), quote_plus(settings.secret))
        RUN.learn_url(settings.token_url)

    def headers(self) -> list[tuple[str, str]]:
        """The header lines that authenticate a request.

        Raises:
            EndpointError: When no token can be had.
        """
        match self._settings.kind:
            case "bearer":
                return [("authorization", f"Bearer {self._settings.token}")]
            case "basic":
                pair = f"{self._settings.user}:{self._settings.secret}".encode()
                return [("authorization", f"Basic {base64.b64encode(pair).decode()}")]
            case "oauth2":
                return [("authorization", f"Bearer {self._fresh()}")]
            case _:
                return []

    def wrong_scope(self) -> list[tuple[str, str]] | None:
        """Header lines with a token for another scope, or None when none was given."""
        if self._settings.wrong_scope_token:
            return [("authorization", f"Bearer {self._settings.wrong_scope_token}")]
        if self._settings.kind == "oauth2" and self._settings.wrong_scope:
            token, _ = self._fetch(self._settings.wrong_scope)
            return [("authorization", f"Bearer {token}")]
        return None

    def _fresh(self) -> str:
        with self._lock:
            if time.monotonic() >= self._until:
                self._token, lasts = self._fetch(self._settings.scope)
                self._until = time.monotonic() + max(lasts - _MARGIN, lasts / 2)
            return self._token

    def _fetch(self, scope: str) -> tuple[str, float]:
        """A token and how many seconds it lasts (RFC 6749 section 4.4)."""
        import httpx  # noqa: PLC0415 - the settings above are in the way of every --help

        where = self._settings.token_url
        # The id and the secret are form-encoded before they are joined (RFC 6749 section 2.3.1).
        pair = (quote_plus(self._settings.user), quote_plus(self._settings.secret))
        try:
            response = self._client.post(where, data={"grant_type": "client_credentials", "scope": scope}, auth=pair)
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise EndpointError(
                f"No token could be fetched at {where}: {type(error).__name__}.", "Is the token URL right?"
            ) from error
        data = lenient(response.content)
        answer = data if isinstance(data, dict) else {}
        token = answer.get("access_token")
        if not response.is_success or not isinstance(token, str) or not _TOKEN.fullmatch(token):
            reason = answer.get("error")
            told = f" with the error {reason}" if isinstance(reason, str) and _ERROR.fullmatch(reason) else ""
            raise EndpointError(
                f"No token could be fetched at {where}: it answered {response.status_code}{told}.",
                f"Are client id and secret right, and may this client ask for the scope {scope}?",
            )
        RUN.learn(token)
        return token, _lifetime(answer.get("expires_in"))


def _lifetime(value: Json) -> float:
    """How many seconds a token lasts; a form that nobody can read counts as not said."""
    number = number_in(value) if isinstance(value, str) else value
    if not is_number(number) or not 0 <= number < _LONGEST_LIFETIME:
        return _LIFETIME
    return float(number)
