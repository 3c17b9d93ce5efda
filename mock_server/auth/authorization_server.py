"""OAuth 2.0 as in the field: client credentials, signed tokens with scopes, keys and discovery to check them by.

Tokens are JSON Web Tokens (RFC 7519) signed with a key that is made when the mock starts. They can be made
to expire, revoked, or issued with a wrong scope or audience, to see what a client does then.
"""

from __future__ import annotations

import base64
import hmac
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from time import time
from typing import Any
from urllib.parse import parse_qs, unquote_plus

import orjson
from joserfc import jwt
from joserfc.errors import ExpiredTokenError as ExpiredError
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from mock_server.auth.schemes import ExpiredTokenError, Grant, unauthenticated
from mock_server.domain.refusals import RefusalError

LIFETIME = 300
"""Seconds that a token lasts unless asked otherwise."""
AUDIENCE = "ooapi-toets"
_OVER = "The token has expired."
_CHALLENGE = 'Bearer realm="ooapi-toets mock"'
_SCOPES = ("nl-test-admin-flow-0", "nl-test-admin-flow-1-5", "nl-test-admin-flow-2-3-4", "nl-test-admin-flow-6")
_MOST_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Client:
    """A client that may ask for tokens.

    Attributes:
        id: Its id.
        secret: Its secret.
        scopes: What it may ask for.
    """

    id: str
    secret: str = field(repr=False)
    scopes: frozenset[str] = frozenset(_SCOPES)


class OAuth:
    """An authorization server and the scheme that checks its tokens.

    Args:
        clients: Who may ask for tokens.
        issuer: What the tokens name as their issuer; the mock's origin.
        lifetime: How many seconds a token lasts.
        clock: Tells the time, in seconds since the epoch.
    """

    challenge = _CHALLENGE

    def __init__(
        self,
        clients: Mapping[str, Client],
        issuer: str,
        lifetime: int = LIFETIME,
        clock: Callable[[], float] = time,
    ) -> None:
        self._clients = dict(clients)
        self.issuer = issuer
        self.lifetime = lifetime
        self._clock = clock
        self._key = RSAKey.generate_key(2048, {"kid": secrets.token_hex(8), "use": "sig", "alg": "RS256"})
        # In the order in which claims are looked at: a token for another audience is told as that, expired or not.
        self._registry = jwt.JWTClaimsRegistry(
            now=lambda: int(clock()), aud={"essential": True, "value": AUDIENCE}, exp={"essential": True}
        )
        self._grants: dict[str, tuple[Grant, float, str]] = {}
        self._revoked: set[str] = set()
        self._generation = 1

    # -- issuing -------------------------------------------------------------------------------------

    def token_answer(self, authorization: str, form: str) -> tuple[int, dict[str, Any]]:
        """The answer of the token endpoint (RFC 6749 section 4.4): a status and a JSON body."""
        fields = {name: values[0] for name, values in parse_qs(form, keep_blank_values=True).items()}
        client = self._authenticated(authorization, fields)
        if client is None:
            return 401, {"error": "invalid_client"}
        if "grant_type" not in fields:
            return 400, {"error": "invalid_request", "error_description": "grant_type is missing"}
        if fields["grant_type"] != "client_credentials":
            return 400, {"error": "unsupported_grant_type"}
        wanted = frozenset(fields.get("scope", "").split()) or client.scopes
        if not wanted <= client.scopes:
            return 400, {"error": "invalid_scope"}
        token, _ = self.issue(client.id, wanted)
        return 200, {
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": self.lifetime,
            "scope": " ".join(sorted(wanted)),
        }

    def issue(
        self, client: str, scopes: frozenset[str], *, ttl: int | None = None, audience: str = AUDIENCE
    ) -> tuple[str, str]:
        """A fresh token and its id; every one is different, so that reuse can be told from renewal."""
        now, jti = int(self._clock()), secrets.token_hex(12)
        claims = {
            "iss": self.issuer,
            "sub": client,
            "aud": audience,
            "scope": " ".join(sorted(scopes)),
            "iat": now,
            "exp": now + (self.lifetime if ttl is None else ttl),
            "generation": self._generation,
            "jti": jti,
        }
        return jwt.encode({"alg": "RS256", "kid": self._key.kid}, claims, self._key), jti

    def expire_all(self) -> None:
        """Let every token issued so far be expired from now on."""
        self._generation += 1
        self._grants.clear()

    def revoke(self, jti: str) -> None:
        """Let one token be refused from now on."""
        self._revoked.add(jti)
        self._grants.clear()

    def clients(self) -> list[Client]:
        """Who may ask for tokens."""
        return list(self._clients.values())

    def keys(self) -> dict[str, Any]:
        """The public keys that tokens are checked by (RFC 7517)."""
        return {"keys": [self._key.as_dict(private=False)]}

    def discovery(self) -> dict[str, Any]:
        """Where everything is (RFC 8414)."""
        return {
            "issuer": self.issuer,
            "token_endpoint": f"{self.issuer}/oauth2/token",
            "jwks_uri": f"{self.issuer}/oauth2/jwks",
            "grant_types_supported": ["client_credentials"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "scopes_supported": list(_SCOPES),
            "response_types_supported": [],
        }

    def _authenticated(self, authorization: str, fields: Mapping[str, str]) -> Client | None:
        name, secret = fields.get("client_id", ""), fields.get("client_secret", "")
        if authorization.lower().startswith("basic "):
            try:
                pair = base64.b64decode(authorization[6:].strip(), validate=True).decode()
            except ValueError:
                return None
            name, _, secret = (unquote_plus(part) for part in pair.partition(":"))
        client = self._clients.get(name)
        expected = client.secret if client else ""
        known = hmac.compare_digest(expected.encode(), secret.encode())
        return client if client and known and expected else None

    # -- checking ------------------------------------------------------------------------------------

    def grant(self, credentials: str) -> Grant | None:
        """See `Scheme`."""
        scheme, _, token = credentials.partition(" ")
        if scheme.lower() != "bearer":
            return None
        token = token.strip()
        known = self._grants.get(token)
        if known is None:
            known = self._checked(token)
            if len(self._grants) >= _MOST_REMEMBERED:
                self._grants.clear()
            self._grants[token] = known
        grant, until, _ = known
        if until <= self._clock():
            raise ExpiredTokenError(_invalid(_OVER), grant.client)
        return grant

    def _checked(self, token: str) -> tuple[Grant, float, str]:
        try:
            claims = jwt.decode(token, self._key, algorithms=["RS256"]).claims
        except (JoseError, ValueError) as error:
            raise _invalid("The token is not one of this mock.") from error
        client = str(claims.get("sub"))
        try:
            self._registry.validate(claims)
        except ExpiredError as error:
            raise ExpiredTokenError(_invalid(_OVER), client) from error
        except JoseError as error:
            raise _invalid("The token is for another audience.") from error
        if claims["jti"] in self._revoked:
            raise _invalid("The token was revoked.")
        if claims["generation"] != self._generation:
            raise ExpiredTokenError(_invalid(_OVER), client)
        return Grant(client, frozenset(str(claims.get("scope", "")).split())), float(claims["exp"]), claims["jti"]


def clients_from(text: str) -> dict[str, Client]:
    """The clients in a JSON text: `{"id": {"secret": "…", "scopes": ["…"]}}`.

    Raises:
        ValueError: When it is not of that form.
    """
    data = orjson.loads(text)
    if not isinstance(data, dict):
        raise TypeError("not an object")
    return {
        name: Client(name, str(each["secret"]), frozenset(each.get("scopes", _SCOPES))) for name, each in data.items()
    }


def _invalid(detail: str) -> RefusalError:
    return unauthenticated(f'{_CHALLENGE}, error="invalid_token", error_description="{detail}"', detail)
