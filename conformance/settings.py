"""What a check is told, parsed once and frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ooapi_toets.contract import DEFAULT_EDITION, Role
from ooapi_toets.credentials import AuthSettings as AuthSettings  # noqa: PLC0414 - part of these settings


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
