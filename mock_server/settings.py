"""What a mock is told at its start, parsed once and frozen."""

from __future__ import annotations

from dataclasses import dataclass, field

from ooapi_toets import editions
from ooapi_toets.client_auth import AuthSettings
from ooapi_toets.contract import Role

CONTROL = "/_mock"
"""Where the control API stands."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds that keep a hostile or broken client from taking the mock down.

    Attributes:
        body_bytes: The largest body taken.
        journal_entries: How many exchanges the journal keeps.
        journal_bytes: How many bytes of bodies the journal keeps in all.
        journal_body_bytes: How much of one body the journal keeps.
        offerings: How many sessions one sandbox holds.
        sandboxes: How many sandboxes there may be.
        sandbox_idle_seconds: How long a sandbox stays that nobody uses.
        header_bytes: The largest request head taken.
        idle_seconds: How long a client may pause in the middle of a request.
    """

    body_bytes: int = 10_000_000
    journal_entries: int = 1_000
    journal_bytes: int = 32_000_000
    journal_body_bytes: int = 256_000
    offerings: int = 1_000_000
    sandboxes: int = 100
    sandbox_idle_seconds: float = 86_400.0
    header_bytes: int = 65_536
    idle_seconds: float = 15.0


@dataclass(frozen=True, slots=True)
class MockSettings:
    """Everything that decides how a mock behaves.

    Attributes:
        role: Which role it plays.
        edition: Which edition of the standard.
        host: The address it binds.
        port: The port it binds; 0 for any that is free.
        base_path: What stands before the operations.
        store: `memory`, a SQLite file, or a PostgreSQL URL.
        sandbox_by_client: Whether each OAuth client, or token, gets a sandbox of its own.
        control_token: What the control API asks for; empty for nothing, which only loopback allows.
        peer: The base URL of the other system, for the flows that the mock performs itself.
        peer_auth: How to authenticate there.
        unmasked: Whether the control API shows personal data.
        seed_data: The name of a set of sessions to begin with, a file with one, or empty.
        limits: Bounds on what it takes.
    """

    role: Role
    edition: str = editions.DEFAULT
    host: str = "127.0.0.1"
    port: int = 8080
    base_path: str = "/ooapi"
    store: str = "memory"
    seed_data: str = ""
    sandbox_by_client: bool = False
    control_token: str = field(default="", repr=False)
    peer: str = ""
    peer_auth: AuthSettings = field(default_factory=AuthSettings)
    unmasked: bool = False
    limits: Limits = field(default_factory=Limits)
