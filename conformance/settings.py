"""Settings of a check, parsed once and frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ooapi_toets import editions
from ooapi_toets.client_auth import AuthKind
from ooapi_toets.client_auth import AuthSettings as AuthSettings  # noqa: PLC0414 - part of these settings
from ooapi_toets.contract import Role
from ooapi_toets.outcomes import Half


@dataclass(frozen=True, slots=True)
class TargetSettings:
    """Where the endpoint is and how to talk to it.

    Attributes:
        url: The base URL, with the base path; empty when nothing is called.
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


FAULTS = ("500-then-ok", "429-twice", "503-with-retry-after", "reset", "slow")
"""Ways to fail on purpose, by the name that the mock has for them."""


@dataclass(frozen=True, slots=True)
class ListenSettings:
    """Where the client half of the system under test calls, and how it is asked to.

    Attributes:
        host: The address to listen on.
        port: The port; 0 for any that is free.
        patience: Seconds to wait for the next call.
        quiet: Seconds without a call after which a step is over, and the next trigger may come.
        trigger: A command that makes the system perform a step; empty when a person does.
        trigger_url: A URL to post the same to; empty when there is none.
        auth: What the system must authenticate with here.
        user: The user for basic, or the client id for oauth2.
        secret: The token, password or client secret; empty to have one made up.
        token_lifetime: Seconds that an OAuth token lasts.
        sessions: Sessions that the mock knows from the beginning, as if it had registered them.
        seed_data: A set or a file of sessions that it begins with.
        own_url: Where the own read of the system is, for comparing it with its reports; empty to compare nothing.
        faults: In which ways to fail on purpose, to see how the system takes it.
    """

    host: str = "127.0.0.1"
    port: int = 0
    patience: float = 120.0
    quiet: float = 2.0
    trigger: str = ""
    trigger_url: str = ""
    auth: AuthKind = "none"
    user: str = "toets"
    secret: str = field(default="", repr=False)
    token_lifetime: int = 300
    sessions: tuple[str, ...] = ()
    seed_data: str = "none"
    own_url: str = ""
    faults: tuple[str, ...] = FAULTS


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
        listen: Where the client half is awaited; None when it is not.
    """

    role: Role
    target: TargetSettings
    edition: str = editions.DEFAULT
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
    listen: ListenSettings | None = None

    @property
    def halves(self) -> tuple[Half, ...]:
        """Which halves of the role are examined: the one that is called, the one that calls, or both."""
        server = (Half.SERVER,) if self.target.url else ()
        return (*server, Half.CLIENT) if self.listen else server
