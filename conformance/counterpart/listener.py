"""Where the system under test calls us: a mock of the other role, and what it heard, over its control API."""

from __future__ import annotations

import os
import re
import secrets
import shlex
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from math import inf
from time import monotonic

import httpx
import orjson

from conformance.counterpart import mock_process
from conformance.endpoint.target import in_words
from conformance.evidence.findings import PrerequisiteFailed
from conformance.settings import ListenSettings
from ooapi_toets import JsonObject, console, editions, proxies
from ooapi_toets.contract import Role
from ooapi_toets.texts import Text, say

_ENTRY = re.compile(r"/requests/(\d+)>")
_POLL = 0.5
"""Seconds after which a wait looks whether it was told to stop."""
_LONGEST = 120.0
"""Seconds that a trigger may take."""


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

    def start(self) -> None:
        """Begin to listen.

        Raises:
            ServeError: When the mock does not come up, such as when the port is taken.
        """
        settings, token = self.settings, secrets.token_urlsafe(24)
        options = [
            *("--host", settings.host, "--port", str(settings.port), "--edition", self._edition),
            *("--seed-data", "none", "--auth", settings.auth, "--user", settings.user),
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
        self.say(self._said(say("A mock {role} listens at {url}", role=other, url=mock.url)))
        for name in ("user", "secret", "token", "tokenUrl"):
            if name in mock.told and not (settings.secret and name in {"secret", "token"}):
                self.say(f"  {name}: {mock.told[name]}")

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

    def misbehaves(self, preset: str, **match: str) -> None:
        """Plan a bad day for the calls that match."""
        self._call("POST", "/faults", {"preset": preset, "match": match})

    def expires_tokens(self) -> None:
        """Let every token that was given out be expired."""
        self._call("POST", "/tokens/expire")

    def behaves(self) -> None:
        """Plan no more bad days."""
        self._call("DELETE", "/faults")

    def session(self, key: str) -> JsonObject:
        """A session as the mock has it now."""
        found: JsonObject = self._call("GET", f"/state/{key}")["offering"]
        return found

    def sessions(self) -> list[str]:
        """The ids of the sessions that the mock has."""
        return [each["offeringId"] for each in self._call("GET", "/state")["offerings"]]

    # -- what it heard -------------------------------------------------------------------------------

    def steps(self) -> set[str]:
        """The steps of the flows that were seen so far."""
        return set(self._call("GET", "/coverage")["steps"])

    def report(self) -> JsonObject:
        """The role report of the mock: what the calls say about the client rules."""
        found: JsonObject = self._call("GET", "/report")
        return found

    def entries(self) -> list[JsonObject]:
        """Every call that was heard, explained."""
        assert self._client is not None  # noqa: S101 - it is asked before it is stopped
        lines = self._client.get("/requests.jsonl").raise_for_status().content.splitlines()
        return [entry for entry in map(orjson.loads, lines) if entry["direction"] == "in"]

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
        """What is wrong with a call by the contract alone, whatever is known."""
        about = {"method": method, "path": path}
        if media_type:
            about["contentType"] = media_type
        if body:
            about["body"] = body.decode("utf-8", "replace")
        found: list[JsonObject] = self._call("POST", "/validate", about).get("errors", [])
        return found

    # -- asking for a call ---------------------------------------------------------------------------

    def ask(self, step: str, words: Text, session: str = "") -> None:
        """Ask for a step: a person in words, a program by the trigger.

        Args:
            step: The step of the flow.
            words: What is asked, for people.
            session: The session that it is about.

        Raises:
            PrerequisiteFailed: When the trigger does not work.
        """
        self.say("→ " + words[self._language])
        about = {"step": step, "session": session, "url": self.url}
        if self.settings.trigger:
            _run(self.settings.trigger, about)
        if self.settings.trigger_url:
            _post(self.settings.trigger_url, about)

    def tell(self, call: JsonObject) -> None:
        """Say in a line what was heard."""
        broken = ", ".join(call["broken"])
        verdict = self._said(say("breaks {broken}", broken=broken)) if broken else ""
        effect = (call["effect"] or {}).get(self._language, "")
        said = "; ".join(each for each in (call["fault"] or "", effect, verdict) if each)
        answer = call["status"] or self._said(say("no answer"))
        self.say(f"  {'✗' if broken else '✓'} {call['method']} {call['path']} {answer}  {said}".rstrip())

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


def _run(command: str, about: dict[str, str]) -> None:
    words = [_filled(word, about) for word in shlex.split(command)]
    environment = {f"OOAPI_TOETS_{name.upper()}": value for name, value in about.items()}
    try:
        done = subprocess.run(  # noqa: S603 - the user's own command, without a shell
            words, check=False, capture_output=True, text=True, env={**os.environ, **environment}, timeout=_LONGEST
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _no_trigger(f"{words[0]}: {error}") from error
    if done.returncode:
        said = (done.stderr or done.stdout).strip()[-300:]
        raise _no_trigger(f"{words[0]}: exit code {done.returncode} {said}".rstrip())


def _post(url: str, about: dict[str, str]) -> None:
    try:
        filled = _filled(url, about)
        with httpx.Client(trust_env=False, mounts=proxies.mounts(filled), timeout=_LONGEST) as client:
            answer = client.post(filled, json=about)
    except httpx.HTTPError as error:
        raise _no_trigger(in_words(error)) from error
    if answer.is_error:
        raise _no_trigger(f"status {answer.status_code}")


def _no_trigger(why: str) -> PrerequisiteFailed:
    return PrerequisiteFailed(say("The trigger does not work ({why}).", why=why))


def _filled(text: str, about: dict[str, str]) -> str:
    for name, value in about.items():
        text = text.replace(f"{{{name}}}", value)
    return text
