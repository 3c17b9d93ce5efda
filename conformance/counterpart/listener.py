"""Where the system under test calls us: a mock of the other role, and what it heard, over its control API."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from math import inf
from time import monotonic

import httpx
import orjson

from conformance.counterpart import mock_process, trigger
from conformance.settings import ListenSettings
from ooapi_toets import JsonObject, console, editions
from ooapi_toets.contract import Role
from ooapi_toets.samples import Maker
from ooapi_toets.texts import Text, say

_ENTRY = re.compile(r"/requests/(\d+)>")
_POLL = 0.5
"""Seconds after which a wait looks whether it was told to stop."""
_REFUSED = 400


class Listener:
    """A mock that the system under test calls.

    Args:
        settings: Where it listens, and how the system is asked to call.
        role: The role of the system under test.
        edition: The edition of the standard.
        language: In which language people are spoken to.
    """

    def __init__(self, settings: ListenSettings, role: Role, edition: str, language: str = "en") -> None:
        self.settings = settings
        self.role = role
        self.url = ""
        self.say: Callable[[str], None] = lambda line: console.echo(line, err=True)
        self._edition = edition
        self._language = language
        self._stack = ExitStack()
        self._client: httpx.Client | None = None
        self._last = 0
        self._stopped = False
        self._asked = False

    def start(self) -> None:
        """Begin to listen.

        Raises:
            ServeError: When the mock does not come up, such as when the port is taken.
        """
        settings, token = self.settings, secrets.token_urlsafe(24)
        options = [
            *("--host", settings.host, "--port", str(settings.port), "--edition", self._edition),
            *("--seed-data", settings.seed_data, "--auth", settings.auth, "--user", settings.user),
            *("--token-lifetime", str(settings.token_lifetime), "--unmasked", "--config", os.devnull),
        ]
        # Unmasked, because what arrives is compared; this process alone has the token, and masks what it writes.
        environment = {"OOAPI_TOETS_CONTROL_TOKEN": token}
        if settings.secret:
            environment["OOAPI_TOETS_TOKEN" if settings.auth == "bearer" else "OOAPI_TOETS_SECRET"] = settings.secret
        other = editions.load(self._edition).called_by(self.role)[0]
        mock = self._stack.enter_context(mock_process.running(other, *options, environment=environment))
        self.url = mock.url
        self._client = self._stack.enter_context(
            httpx.Client(
                base_url=mock.control, headers={"Authorization": f"Bearer {token}"}, timeout=30, trust_env=False
            )
        )
        for each in settings.sessions:
            self.knows(Maker(each).offering(offeringId=each))
        self.say(self._said(say("The mock {role} listens at {url}", role=other, url=mock.url)))
        for name in ("user", "secret", "token", "tokenUrl"):
            if name in mock.ready and not (settings.secret and name in {"secret", "token"}):
                self.say(f"  {name}: {mock.ready[name]}")

        if known := self.sessions():
            self.say(self._said(say("It knows these sessions: {sessions}", sessions=", ".join(known))))

    def stop(self) -> None:
        """Stop listening."""
        self._client = None
        self._stack.close()

    def interrupt(self) -> None:
        """Wait for nothing any more; what was heard is kept."""
        self._stopped = True

    # -- what the mock should know and do ------------------------------------------------------------

    def knows(self, offering: JsonObject) -> None:
        """Let the mock know a session, as if it had registered it itself."""
        self._call("PATCH", "/state", {"offerings": [offering]})

    def plan_fault(self, preset: str, **match: str) -> None:
        """Plan a fault for the calls that match."""
        self._call("POST", "/faults", {"preset": preset, "match": match})

    def expires_tokens(self) -> None:
        """Let every token that was given out be expired."""
        self._call("POST", "/tokens/expire")

    def clear_faults(self) -> None:
        """Plan no more faults."""
        self._call("DELETE", "/faults")

    def session(self, key: str) -> JsonObject:
        """A session as the mock has it now."""
        found: JsonObject = self._call("GET", f"/state/{key}")["offering"]
        return found

    def sessions(self) -> list[str]:
        """The ids of the sessions that the mock has."""
        return [each["offeringId"] for each in self._call("GET", "/state")["offerings"]]

    def people(self, key: str) -> list[JsonObject]:
        """The participants of a session as the mock has them now."""
        found: list[JsonObject] = self._call("GET", f"/state/{key}")["associations"]
        return found

    # -- what it heard -------------------------------------------------------------------------------

    def steps(self) -> set[str]:
        """The steps of the flows that were seen so far."""
        return set(self._call("GET", "/coverage")["steps"])

    def rules(self) -> set[str]:
        """The client rules that were seen so far."""
        return set(self._call("GET", "/coverage")["rules"])

    @property
    def last(self) -> int:
        """The number of the last call that was heard."""
        return self._last

    def report(self) -> JsonObject:
        """The role report of the mock: what the calls say about the client rules."""
        found: JsonObject = self._call("GET", "/report")
        return found

    def entries(self, after: int = 0) -> list[JsonObject]:
        """Every call that was heard, explained.

        Args:
            after: Only those with a higher number than this.
        """
        assert self._client is not None  # noqa: S101 - it is asked before it is stopped
        lines = self._client.get("/requests.jsonl", params={"since": after}).raise_for_status().content.splitlines()
        found = [entry for entry in map(orjson.loads, lines) if entry["direction"] == "in"]
        return [entry for entry in found if entry["id"] > after]

    def calls(self) -> Iterator[list[JsonObject]]:
        """The calls that come in from now on, in short and as many at a time as there are, and said as they come.

        It ends when none came for as long as the settings say.
        """
        return calls_to([self], self.settings.patience, lambda: self._stopped)

    def next_calls(self, seconds: float) -> list[JsonObject]:
        """The calls that were not yet returned, in short; if there are none, those that come in so many seconds."""
        assert self._client is not None  # noqa: S101 - it is asked before it is stopped
        body = {"criteria": {"since": self._last}, "timeoutSeconds": seconds}
        answer = self._client.post("/requests/wait", json=body)
        if answer.status_code == httpx.codes.REQUEST_TIMEOUT:
            return []
        found = [each for each in answer.raise_for_status().json()["items"] if each["direction"] == "in"]
        self._last = max((each["id"] for each in found), default=self._last)
        return found

    # -- judging what passed elsewhere ---------------------------------------------------------------

    def hear(self, method: str, target: str, media_type: str, body: bytes) -> int | None:
        """Let the mock hear a call as if it had been made to it; returns the number of its entry."""
        headers = {"content-type": media_type} if media_type else {}
        answer = httpx.request(
            method, self.url + target, content=body or None, headers=headers, timeout=30, trust_env=False
        )
        found = _ENTRY.search(answer.headers.get("link", ""))
        return int(found.group(1)) if found else None

    def validate(self, method: str, path: str, media_type: str, body: bytes) -> list[JsonObject]:
        """What is wrong with a call by the contract alone, whatever is known, and what that amounts to."""
        about = {"method": method, "path": path}
        if media_type:
            about["contentType"] = media_type
        if body:
            about["body"] = body.decode("utf-8", "replace")
        judged = self._call("POST", "/validate", about)
        return [{"outcome": judged.get("outcome", "fail"), **each} for each in judged.get("errors", [])]

    # -- asking for a call ---------------------------------------------------------------------------

    def ask(self, step: str, words: Text, session: str = "") -> None:
        """Ask for a step: a person in words, a program by the trigger, once the calls of the last step are over.

        Args:
            step: The step of the flow.
            words: What is asked, for people.
            session: The session that it is about.

        Raises:
            TriggerFailed: When the trigger does not work.
        """
        triggered = bool(self.settings.trigger or self.settings.trigger_url)
        if triggered and self._asked:
            self.settle()
        self._asked = True
        self.say("→ " + words[self._language])
        try:
            trigger.pull(self.settings, {"step": step, "session": session, "url": self.url})
        except trigger.TriggerFailed as failed:
            if not failed.ran or not self._heard_by_now():
                raise
            # It ran, and calls came: what it reports is how they were answered, which we know.
            self.explain(say("The trigger reports a failure, and your system did call; going on"))

    def _heard_by_now(self) -> bool:
        calls = self.next_calls(_POLL)
        for call in calls:
            self.tell(call)
        return bool(calls)

    def settle(self) -> None:
        """Wait until no call came for so long as the settings call quiet: then a step is over."""
        quiet = min(self.settings.quiet, self.settings.patience)
        for _ in calls_to([self], quiet, lambda: self._stopped):
            pass

    def tell(self, call: JsonObject) -> None:
        """Say in a line what was heard, and whether it was taken."""
        broken = ", ".join(call["broken"])
        fails, refused = call["verdict"] == "fail", (call["status"] or 0) >= _REFUSED
        verdict = ""
        if broken:
            told = say("violates {broken}", broken=broken) if fails else say("deviates from {broken}", broken=broken)
            verdict = self._said(told)
        elif not call["operation"]:
            verdict = self._said(say("not taken for a call of your system"))
        effect = (call["effect"] or {}).get(self._language, "")
        parts = "; ".join(each for each in (call["fault"] or "", effect, verdict) if each)
        answer = call["status"] or self._said(say("no response"))
        if call["fault"] and (refused or not call["status"]):
            mark = "~"
        elif fails or (refused and (broken or call["operation"])):
            mark = "✗"
        else:
            mark = "!" if broken else "✓" if call["operation"] else "·"
        self.say(f"  {mark} {call['method']} {call['path']} {answer}  {parts}".rstrip())

    def explain(self, told: Text) -> None:
        """Say something about what was heard."""
        self.say("  " + self._said(told))

    def _said(self, text: Text) -> str:
        return text[self._language]

    def _call(self, method: str, path: str, body: JsonObject | None = None) -> JsonObject:
        assert self._client is not None  # noqa: S101 - it is asked before it is stopped
        answer = self._client.request(method, path, json=body).raise_for_status()
        found: JsonObject = answer.json() if answer.content else {}
        return found


def calls_to(
    listeners: Sequence[Listener], patience: float | None, stopped: Callable[[], bool]
) -> Iterator[list[JsonObject]]:
    """The calls that come in from now on, in short and as many at a time as one has, and said as they come.

    Args:
        listeners: Who listens.
        patience: Seconds without a call anywhere after which it ends; None for never.
        stopped: Whether it is to end at once.
    """
    heard = monotonic()
    while not stopped():
        left = inf if patience is None else patience - (monotonic() - heard)
        if left <= 0:
            return
        for listener in listeners:
            if found := listener.next_calls(min(_POLL, left) / len(listeners)):
                heard = monotonic()
                for call in found:
                    listener.tell(call)
                yield found
