"""What a check is told, parsed once and frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from ooapi_toets.contract import DEFAULT_EDITION, Role

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


@dataclass(frozen=True, slots=True)
class TargetSettings:
    """Where the endpoint is and how to talk to it.

    Attributes:
        url: The base URL, with the base path.
        auth: How to authenticate.
        headers: Extra header lines for every request.
        ca: A file with extra CA certificates.
        client_cert: A file with a client certificate and its key.
        timeout: Seconds to wait for an answer.
        connections: How many requests may be under way at once.
        max_requests: How many requests the run may make in all; 0 for no limit.
        paths: Other path templates by operation id.
    """

    url: str
    auth: AuthSettings = field(default_factory=AuthSettings)
    headers: tuple[tuple[str, str], ...] = ()
    ca: Path | None = None
    client_cert: Path | None = None
    timeout: float = 10.0
    connections: int = 4
    max_requests: int = 0
    paths: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CheckSettings:
    """Everything that decides what a check does.

    Attributes:
        role: The role of the endpoint.
        target: Where it is.
        edition: The edition of the standard.
        only: Rule ids, flows or options; empty for all.
        given: Sessions that exist at a Toetsplanning endpoint.
        given_cancelled: Sessions that exist there and were cancelled.
        offers: Capabilities declared by the user, present (True) or absent (False).
        component: The id of a test that the endpoint knows.
        seed: Decides every choice of data.
        examples: How many generated cases or sequences per kind.
        keep_data: Whether to leave what was created.
        unmasked: Whether evidence keeps personal data.
        baseline: A file with known failures, or None.
    """

    role: Role
    target: TargetSettings
    edition: str = DEFAULT_EDITION
    only: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    given_cancelled: tuple[str, ...] = ()
    offers: Mapping[str, bool] = field(default_factory=dict)
    component: str | None = None
    seed: int = 1
    examples: int = 30
    keep_data: bool = False
    unmasked: bool = False
    baseline: Path | None = None
