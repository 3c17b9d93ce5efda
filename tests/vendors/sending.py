"""How a scripted vendor sends: with a token if one is asked for, and again when it fails."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import httpx

from tests.command import PATIENCE

_pause = threading.Event()
"""Never set: waiting for it is how a client waits."""


class TriggerFailureError(Exception):
    """A step did not succeed at once; the trigger says so."""


@dataclass
class Manners:
    """How a client takes a failure.

    Attributes:
        tries: How often it sends a message at the most.
        waits: Whether it waits as long as it is told to.
        refreshes: Whether it fetches a new token when the old one is refused.
        storms: Whether it floods the other side.
    """

    tries: int = 4
    waits: bool = True
    refreshes: bool = True
    storms: bool = False


@dataclass(frozen=True)
class Login:
    """An OAuth client, of a server whose token endpoint stands beside the API.

    Attributes:
        secret: Its secret.
    """

    secret: str


class Sender:
    """Sends messages to the other system.

    Args:
        manners: How it takes a failure.
        login: How it gets a token; None when it needs none.
    """

    def __init__(self, manners: Manners, login: Login | None = None) -> None:
        self.manners = manners
        self._login = login
        self._token = ""
        self._client = httpx.Client(timeout=PATIENCE)

    def send(self, method: str, url: str, body: object = None, media_type: str = "application/json") -> int:
        """Send a message, again if need be; returns the last status, 0 for none."""
        status = 0
        for _ in range(8 if self.manners.storms else self.manners.tries):
            answer = self._once(method, url, body, media_type)
            status = answer.status_code if answer is not None else 0
            if status == httpx.codes.UNAUTHORIZED and self._login and self.manners.refreshes:
                self._token = ""
            elif 0 < status < 500 and status != httpx.codes.TOO_MANY_REQUESTS:
                break
            wait = answer.headers.get("retry-after", "") if answer is not None else ""
            if wait.isdigit() and self.manners.waits:
                _pause.wait(int(wait))
        return status

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def _once(self, method: str, url: str, body: object, media_type: str) -> httpx.Response | None:
        if self._login and not self._token:
            form = {"grant_type": "client_credentials", "scope": "nl-test-admin-flow-2-3-4"}
            beside = httpx.URL(url).copy_with(path="/oauth2/token")
            given = self._client.post(beside, data=form, auth=("toets", self._login.secret))
            self._token = given.json()["access_token"]
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        request = self._client.build_request(method, url, json=body, headers=headers)
        if body is not None:
            request.headers["content-type"] = media_type
        try:
            return self._client.send(request)
        except httpx.TransportError:
            return None
