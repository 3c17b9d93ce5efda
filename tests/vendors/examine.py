"""Examines a scripted vendor as a pipeline would: its client half alone, asked through the trigger URL."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from conformance.checking.session import without_pytest
from conformance.judging.finished import CheckOutcome
from conformance.settings import CheckSettings, TargetSettings
from mock_server.serving.server import MockServer
from ooapi_toets import register
from ooapi_toets.outcomes import Half
from tests.vendors.afname import Afname
from tests.vendors.catalogue import HONEST, LIARS, Vendor
from tests.vendors.planning import Planning
from tests.vendors.sending import Login, TriggerFailureError

Perform = Callable[[str, str, str], None]


@dataclass(frozen=True)
class Said:
    """What a check said of a vendor.

    Attributes:
        verdict: Its verdict.
        broken: The rules that were broken, and how loudly.
        unseen: The rules that were not exercised.
        reasons: What was said of each rule.
    """

    verdict: str
    broken: dict[str, str]
    unseen: list[str]
    reasons: dict[str, str]


def said_of(name: str) -> Said:
    """What a check says of a scripted vendor."""
    found = examine({**HONEST, **LIARS}[name])
    return Said(
        found.verdict.value,
        {
            each.rule.id: each.outcome.value
            for each in found.results
            if each.outcome.value not in {"pass", "not exercised", "not applicable"}
        },
        [each.rule.id for each in found.results if each.outcome.value == "not exercised"],
        {each.rule.id: each.reason.en for each in found.results},
    )


def examine(vendor: Vendor) -> CheckOutcome:
    """Check the client half of a vendor."""
    login = Login(vendor.listen.secret) if vendor.listen.auth == "oauth2" else None
    with ExitStack() as stack:
        url = ""
        system: Afname | Planning
        if issubclass(vendor.system, Afname):
            server = stack.enter_context(MockServer("toetsafname"))
            url, system = server.url, vendor.system(server, login)
        else:
            assert issubclass(vendor.system, Planning)
            system = vendor.system(login)
        stack.callback(system.sender.close)
        trigger = stack.enter_context(triggered(system.perform))
        rules = register.load().of(edition="toets", role=vendor.role, half=Half.CLIENT)
        return without_pytest(
            CheckSettings(
                role=vendor.role,
                target=TargetSettings(url=url),
                only=tuple(each.id for each in rules),
                listen=replace(vendor.listen, trigger_url=trigger),
            )
        )


@contextmanager
def triggered(perform: Perform) -> Iterator[str]:
    """A URL that makes a vendor perform what is posted to it."""

    class Handler(BaseHTTPRequestHandler):
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            about = json.loads(self.rfile.read(int(self.headers["content-length"])))
            try:
                perform(about["step"], about["session"], about["url"])
                self.send_response(204)
            except TriggerFailureError:
                self.send_response(500)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
