"""The honest implementations, how each is served, and what a tester would say of it to the check."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Any

from conformance.settings import AuthSettings, CheckSettings, TargetSettings
from mock_server.app import Layer
from mock_server.auth.schemes import Scheme
from mock_server.serving.server import MockServer
from mock_server.settings import MockSettings
from ooapi_toets import JsonObject
from ooapi_toets.contract import Role
from ooapi_toets.samples import CONSUMER_KEY, Maker, with_consumer
from tests.honest.habits import ByTheLetter, Contrary, Framework, Warned
from tests.honest.particular import Particular
from tests.honest.plain import OTHER_SCOPE as PLAIN_SCOPE
from tests.honest.plain import Handler, PlainServer, System
from tests.honest.wrapped import Wrapped
from tests.liars.liar import ACTIVE, AFNAME, CANCELLED, OTHER_SCOPE, PLANNING, TOKEN, TOKENS, WITH_REPORT
from tests.liars.talk import Ask, Reply, Road, problem, talking

Serve = Callable[[], AbstractContextManager[str]]


@dataclass(frozen=True)
class Honest:
    """An implementation that must not be accused of anything.

    Attributes:
        name: What it is called.
        role: The role it plays.
        serve: Serves it; gives its URL.
        offers: What a tester declares of it.
        auth: How a tester gets in.
    """

    name: str
    role: Role
    serve: Serve
    offers: Mapping[str, bool] = field(default_factory=dict)
    auth: AuthSettings = field(default_factory=AuthSettings)

    def settings(self, url: str, seed: int) -> CheckSettings:
        """How it is checked."""
        planning = self.role == PLANNING
        cancelled = planning and self.offers.get("cancelled-offering") is not False
        return CheckSettings(
            role=self.role,
            target=TargetSettings(url=url, auth=self.auth),
            given=(ACTIVE,) if planning else (WITH_REPORT,),
            given_cancelled=(CANCELLED,) if cancelled else (),
            offers=self.offers,
            seed=seed,
            examples=2,
        )


def _mock(role: Role, *, scheme: Scheme | None = None, wrap: Layer | None = None) -> Serve:
    @contextmanager
    def serve() -> Iterator[str]:
        settings = MockSettings(role=role, port=0, seed_data="basic")
        with MockServer(settings, scheme=scheme, wrap=wrap) as server:
            yield server.url

    return serve


def _plain(role: Role, make: type[System] = System, handler: type[Handler] = Handler, **options: Any) -> Serve:
    @contextmanager
    def serve() -> Iterator[str]:
        with PlainServer(make(role, _sessions(), **options), handler) as server:
            yield server.url

    return serve


def _sessions() -> list[JsonObject]:
    """One to come, one that was cancelled, and one with a report."""
    make = Maker("sessions")
    to_come, cancelled, done = (make.offering(offeringId=each) for each in (ACTIVE, CANCELLED, WITH_REPORT))
    cancelled["consumers"] = [{"consumerKey": CONSUMER_KEY, "offeringState": "canceled"}]
    report = {"irregularities": "Niets bijzonders (test)", "documents": [make.document()]}
    return [to_come, cancelled, with_consumer(done, **report)]


async def _busy(ask: Ask, road: Road) -> Reply:
    """Every fifth call is asked to come back: too many requests, or just now no service."""
    count = road.memory["count"] = road.memory.get("count", 0) + 1
    if count % 5:
        return await road(ask)
    busy = problem(429 if count % 2 else 503, "Come back later")
    return Reply(busy.status, busy.body, (*busy.headers, (b"retry-after", b"0")))


_BEARER = AuthSettings(kind="bearer", token=TOKEN, wrong_scope_token=OTHER_SCOPE)
_LESS = ("read-associations", "post-offerings", "documents", "service")
_BLIND = ("read-offering", "service")

HONEST: dict[str, Honest] = {
    each.name: each
    for each in (
        Honest("mock-afname", AFNAME, _mock(AFNAME)),
        Honest("mock-planning", PLANNING, _mock(PLANNING)),
        Honest("plain-afname", AFNAME, _plain(AFNAME)),
        Honest("plain-planning", PLANNING, _plain(PLANNING)),
        Honest("contrary-afname", AFNAME, _plain(AFNAME, Contrary)),
        Honest("contrary-planning", PLANNING, _plain(PLANNING, Contrary)),
        Honest("mock-afname-with-token", AFNAME, _mock(AFNAME, scheme=TOKENS), auth=_BEARER),
        Honest("mock-planning-with-token", PLANNING, _mock(PLANNING, scheme=TOKENS), auth=_BEARER),
        Honest(
            "plain-afname-with-token",
            AFNAME,
            _plain(AFNAME, token=TOKEN),
            auth=AuthSettings(kind="bearer", token=TOKEN, wrong_scope_token=PLAIN_SCOPE),
        ),
        Honest("afname-that-offers-less", AFNAME, _plain(AFNAME, lacks=_LESS), dict.fromkeys(_LESS, False)),
        Honest(
            "planning-that-shows-nothing",
            PLANNING,
            _plain(PLANNING, lacks=_BLIND),
            dict.fromkeys((*_BLIND, "cancelled-offering"), False),
        ),
        Honest("warned-afname", AFNAME, _plain(AFNAME, Warned)),
        Honest("warned-planning", PLANNING, _plain(PLANNING, Warned)),
        Honest("planning-by-the-letter", PLANNING, _plain(PLANNING, ByTheLetter)),
        Honest("warned-for-its-framework-afname", AFNAME, _plain(AFNAME, Framework)),
        Honest("warned-for-its-framework-planning", PLANNING, _plain(PLANNING, Framework)),
        Honest("particular-afname", AFNAME, _plain(AFNAME, Particular)),
        Honest("particular-planning", PLANNING, _plain(PLANNING, Particular)),
        Honest("wrapped-afname", AFNAME, _plain(AFNAME, handler=Wrapped)),
        Honest("wrapped-planning", PLANNING, _plain(PLANNING, handler=Wrapped)),
        Honest("busy-planning", PLANNING, _mock(PLANNING, wrap=talking(_busy))),
        Honest("busy-afname", AFNAME, _mock(AFNAME, wrap=talking(_busy))),
    )
}
"""Every honest implementation by its name."""
