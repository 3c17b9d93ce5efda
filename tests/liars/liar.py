"""What a liar is: a mock with one defect, and what a check must say of it.

A liar is written as a function under a decorator of this module. Its docstring begins with the lie, in
one sentence; what follows says what stays true. Its name is that of the function.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from conformance.settings import AuthSettings, CheckSettings, TargetSettings
from mock_server.auth.schemes import BearerTokens, Grant
from mock_server.handling.endpoint import Handler
from mock_server.serving.server import MockServer
from mock_server.settings import MockSettings
from ooapi_toets.contract import Role
from ooapi_toets.outcomes import Outcome
from tests.liars.talk import Lie, talking

AFNAME: Role = "toetsafname"
PLANNING: Role = "toetsplanning"

WITH_REPORT = "7e570000-0000-4000-8000-000000000002"
ACTIVE = "7e570000-0000-4000-8000-000000000001"
CANCELLED = "7e570000-0000-4000-8000-000000000003"
"""Sessions of the seed data `basic`, with which every liar begins."""

TOKEN, OTHER_SCOPE = "token-of-the-suite", "token-for-results"
TOKENS = BearerTokens(
    {
        TOKEN: Grant("suite", frozenset({"nl-test-admin-flow-2-3-4"})),
        OTHER_SCOPE: Grant("suite", frozenset({"results"})),
    }
)

Handlers = dict[str, Handler]


@dataclass(frozen=True)
class Liar:
    """A deliberately wrong implementation.

    Attributes:
        name: What it is called, after its defect.
        role: The role it plays.
        lie: Its defect, in a sentence.
        truth: What stays as it should be.
        breaks: What a check must say: the outcome of every rule that does not pass.
        handlers: Makes the handlers by which it differs from the mock, afresh for each server.
        talk: Stands between the network and the mock, if it lies in HTTP.
        asks_for_token: Whether clients must authenticate.
    """

    name: str
    role: Role
    lie: str
    truth: str
    breaks: Mapping[str, Outcome]
    handlers: Callable[[], Handlers] = field(default=dict, repr=False)
    talk: Lie | None = field(default=None, repr=False)
    asks_for_token: bool = False

    @property
    def fails(self) -> bool:
        """Whether it is not conformant; one that only deviates in what a source merely recommends is."""
        return Outcome.FAIL in self.breaks.values()

    def at(self, role: Role, *, fails: str = "", warns: str = "") -> Liar:
        """The same lie at the other role, where it breaks these rules."""
        place = role.removeprefix("toets")
        return replace(self, name=f"{self.name}-at-{place}", role=role, breaks=_outcomes(fails, warns, ""))

    def server(self, port: int = 0) -> MockServer:
        """The liar on a socket; use it as a context manager."""
        return MockServer(
            MockSettings(role=self.role, port=port, seed_data="basic"),
            scheme=TOKENS if self.asks_for_token else None,
            handlers=self.handlers(),
            wrap=talking(self.talk) if self.talk else None,
        )

    def settings(self, url: str) -> CheckSettings:
        """How it is checked: with everything in hand that a vendor could give."""
        planning = self.role == "toetsplanning"
        return CheckSettings(
            role=self.role,
            target=TargetSettings(
                url=url,
                auth=AuthSettings(kind="bearer", token=TOKEN, wrong_scope_token=OTHER_SCOPE)
                if self.asks_for_token
                else AuthSettings(),
            ),
            given=(ACTIVE,) if planning else (WITH_REPORT,),
            given_cancelled=(CANCELLED,) if planning else (),
            examples=2,
        )


def handler(
    role: Role, operation: str, *, fails: str = "", warns: str = "", disputed: str = ""
) -> Callable[[Handler], Liar]:
    """A liar that answers one operation in its own way.

    Args:
        role: The role it plays.
        operation: The operation.
        fails: The ids of the rules that it breaks, with blanks between.
        warns: Those that it breaks in a way that is worth a warning.
        disputed: Those that it breaks and on which the sources differ.
    """

    def make(body: Handler) -> Liar:
        return _liar(body, role, _outcomes(fails, warns, disputed), handlers=lambda: {operation: body})

    return make


def handlers(
    role: Role, *, fails: str = "", warns: str = "", disputed: str = ""
) -> Callable[[Callable[[], Handlers]], Liar]:
    """A liar that answers several operations in its own way, or remembers something; see `handler`."""

    def make(body: Callable[[], Handlers]) -> Liar:
        return _liar(body, role, _outcomes(fails, warns, disputed), handlers=body)

    return make


def talks(
    role: Role,
    *,
    fails: str = "",
    warns: str = "",
    disputed: str = "",
    asks_for_token: bool = False,
) -> Callable[[Lie], Liar]:
    """A liar that changes what goes in or comes out of an honest mock; see `handler`."""

    def make(body: Lie) -> Liar:
        outcomes = _outcomes(fails, warns, disputed)
        return _liar(body, role, outcomes, talk=body, asks_for_token=asks_for_token)

    return make


def _outcomes(fails: str, warns: str, disputed: str) -> dict[str, Outcome]:
    return {
        rule: outcome
        for rules, outcome in ((fails, Outcome.FAIL), (warns, Outcome.WARN), (disputed, Outcome.DISPUTED))
        for rule in rules.split()
    }


def _liar(
    body: Callable[..., object],
    role: Role,
    breaks: Mapping[str, Outcome],
    *,
    handlers: Callable[[], Handlers] = dict,
    talk: Lie | None = None,
    asks_for_token: bool = False,
) -> Liar:
    text = inspect.getdoc(body) or ""
    lie, _, truth = text.partition("\n\n")
    name = body.__name__.strip("_").replace("_", "-")
    lie, truth = " ".join(lie.split()), " ".join(truth.split())
    return Liar(name, role, lie, truth, breaks, handlers, talk, asks_for_token)
