"""The one sender: every request to the endpoint goes through here, and every one is recorded."""

from __future__ import annotations

import ssl
import threading
import time
from datetime import UTC, datetime
from functools import partial
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import httpx

from conformance.evidence.exchange import Exchange, Meaning
from conformance.evidence.recorder import Recorder
from conformance.settings import TargetSettings
from ooapi_toets import __version__, proxies
from ooapi_toets.calls import Call
from ooapi_toets.client_auth import Authenticator
from ooapi_toets.contract import Contract
from ooapi_toets.errors import EndpointError, UsageError
from ooapi_toets.strictjson import encode

LARGEST_ANSWER = 50_000_000
_PATIENCE = 3
"""How many requests in a row may go without any answer before the endpoint counts as gone."""
_LONGEST_WAIT = 30.0
_TRIES_WHEN_BUSY = 4
_TRIES_WHEN_CLOSED = 3
_IDLE_SECONDS = 2.0
"""How long an unused connection is kept: shorter than the 5 seconds after which many servers close theirs."""
_STALE = {"the connection was closed without an answer", "the connection broke (ReadError)"}


class EndpointGone(Exception):
    """The endpoint does not answer any more; what is left of the run cannot be done."""


class RequestLimitReached(Exception):
    """The run has made as many requests as it was allowed."""


class SuiteError(Exception):
    """A message of ours that was meant to be valid is not: the suite's fault, never the vendor's."""


class Target:
    """The endpoint under test.

    Args:
        settings: Where it is and how to talk to it.
        contract: What our own messages must satisfy.
        recorder: Where exchanges are kept.
        meaning: Decodes what is sent, for whoever follows the recording.
    """

    def __init__(self, settings: TargetSettings, contract: Contract, recorder: Recorder, meaning: Meaning) -> None:
        self.url = settings.url.rstrip("/")
        self.recorder = recorder
        self.settings = settings
        self._contract = contract
        self._meaning = meaning
        self._silent = 0
        self._sent = 0
        self._lock = threading.Lock()
        # Not httpx's own limit: threads that wait for a pooled connection are now and then given a closed one.
        self._slots = threading.BoundedSemaphore(settings.connections)
        self._stopped = threading.Event()
        self._client = _client(settings)
        self.auth = Authenticator(settings.auth, self._client)

    def send(
        self,
        call: Call,
        scenario: str,
        *,
        raw: bytes | None = None,
        meant_valid: bool = True,
        authenticate: bool = True,
        headers: tuple[tuple[str, str], ...] = (),
    ) -> Exchange:
        """Send a call and wait for the answer; whoever asks to come back later is heeded.

        Args:
            call: What to send.
            scenario: What it is part of.
            raw: The bytes of the body, instead of the call's JSON.
            meant_valid: Whether the call is meant to follow the contract; then it is checked first.
            authenticate: Whether to send the credentials.
            headers: Further header lines.

        Raises:
            EndpointGone: When the endpoint has stopped answering.
            RequestLimitReached: When no more requests may be made.
            SuiteError: When a call meant to be valid is not.
        """
        if meant_valid:
            self._check_own(call)
        body = raw if raw is not None else b"" if call.media_type is None else encode(call.body)
        lines = [("content-type", call.media_type)] if call.media_type else []
        lines += headers
        once = partial(self._once, call, scenario, body, lines, meant_valid=meant_valid, authenticate=authenticate)
        exchange = once()
        for _ in range(_TRIES_WHEN_CLOSED - 1):
            # A server may close an idle connection at the very moment at which it is used again. Every message of
            # ours may be sent twice: a report says what is, and a session that is posted bears its own id.
            if exchange.failure not in _STALE or self._stopped.is_set():
                break
            exchange = once()
        for _ in range(_TRIES_WHEN_BUSY - 1):
            if not exchange.busy or self._stopped.is_set():
                break
            wait = exchange.header("retry-after")
            self._stopped.wait(min(float(wait) if wait.isdigit() else 1.0, _LONGEST_WAIT))
            exchange = once()
        self._heard(exchange)
        return exchange

    def stop(self) -> None:
        """Send nothing more; whoever tries gets EndpointGone. Cleaning up may go on: see `revive`."""
        self._stopped.set()

    def revive(self) -> None:
        """Send again, for cleaning up after a stop."""
        self._stopped.clear()
        self._silent = 0

    @property
    def stopped(self) -> bool:
        """Whether the endpoint is gone or the run was stopped."""
        return self._stopped.is_set()

    @property
    def sent(self) -> int:
        """How many requests were made."""
        return self._sent

    def _check_own(self, call: Call) -> None:
        operation = self._contract.operations.get(call.operation_id)
        if operation is None or operation.body is None:
            return
        if found := operation.body.violations(call.body):
            raise SuiteError(f"{call.operation_id}: {found[0].pointer} {found[0].message}")

    def _once(
        self,
        call: Call,
        scenario: str,
        body: bytes,
        lines: list[tuple[str, str]],
        *,
        meant_valid: bool,
        authenticate: bool,
    ) -> Exchange:
        self._count()
        headers = httpx.Headers([*self._client.headers.multi_items(), *lines])
        if authenticate:
            for name, value in self.auth.headers():
                headers[name] = value
        request = self._client.build_request(
            call.method,
            self.url + call.path,
            params=list(call.query) or None,
            content=body or None,
            headers=headers,
        )
        self._slots.acquire()
        number = self.recorder.next_number()
        started, begun = datetime.now(UTC), time.perf_counter()
        status: int | None = None
        answered: tuple[tuple[str, str], ...] = ()
        content, failure = b"", ""
        try:
            response = self._client.send(request, stream=True)
            try:
                status, answered = response.status_code, tuple(response.headers.multi_items())
                content = _read(response)
            finally:
                response.close()
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            failure = in_words(error)
        finally:
            elapsed_ms = (time.perf_counter() - begun) * 1000
            self._slots.release()
        exchange = Exchange(
            number=number,
            scenario=scenario,
            operation_id=call.operation_id,
            method=call.method,
            url=str(request.url),
            request_headers=tuple(request.headers.multi_items()),
            request_body=body,
            started=started.isoformat(timespec="milliseconds"),
            elapsed_ms=elapsed_ms,
            status=None if failure else status,
            headers=answered,
            body=content,
            failure=failure,
            meant_valid=meant_valid,
            ids=call.ids,
            meaning=self._meaning,
        )
        return self.recorder.keep(exchange)

    def _count(self) -> None:
        with self._lock:
            if self._stopped.is_set():
                raise EndpointGone
            if self.settings.max_requests and self._sent >= self.settings.max_requests:
                raise RequestLimitReached
            self._sent += 1

    def _heard(self, exchange: Exchange) -> None:
        with self._lock:
            self._silent = self._silent + 1 if exchange.status is None else 0
            if self._silent >= _PATIENCE:
                self._stopped.set()

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _client(settings: TargetSettings) -> httpx.Client:
    parts = urlsplit(settings.url)
    if settings.url and (parts.scheme not in {"http", "https"} or not parts.hostname):
        raise UsageError(
            f"{settings.url!r} is not a URL of an endpoint.",
            "Write for instance https://test.example.org/ooapi.",
        )
    try:
        context = ssl.create_default_context()
        if settings.ca:
            context.load_verify_locations(cafile=settings.ca)
        if settings.client_cert:
            context.load_cert_chain(settings.client_cert)
    except (OSError, ssl.SSLError) as error:
        raise UsageError(f"A certificate file cannot be used: {error}.", "Give files in PEM form.") from error
    return httpx.Client(
        verify=context,
        timeout=settings.timeout,
        follow_redirects=False,
        limits=httpx.Limits(
            max_connections=None, max_keepalive_connections=settings.connections, keepalive_expiry=_IDLE_SECONDS
        ),
        headers=[
            ("user-agent", f"ooapi-toets/{__version__}"),
            ("accept", "application/json"),
            *settings.headers,
        ],
        trust_env=False,
        mounts=proxies.mounts(settings.url, settings.auth.token_url, verify=context),
    )


def _read(response: httpx.Response) -> bytes:
    parts, size = [], 0
    for part in response.iter_bytes():
        size += len(part)
        if size > LARGEST_ANSWER:
            break
        parts.append(part)
    return b"".join(parts)


def in_words(error: Exception) -> str:
    """A failure to get an answer, for people."""
    match error:
        case httpx.ConnectTimeout():
            return "no connection in time"
        case httpx.TimeoutException():
            return "no answer in time"
        case httpx.ConnectError():
            return _not_connected(str(error))
        case httpx.RemoteProtocolError() if "without sending a response" in str(error):
            return "the connection was closed without an answer"
        case httpx.RemoteProtocolError():
            return f"what came back is not HTTP ({error})"
        case _:
            return f"the connection broke ({type(error).__name__})"


def _not_connected(text: str) -> str:
    detail = text.rsplit("] ", maxsplit=1)[-1].split(" (_ssl", maxsplit=1)[0]
    for sign, words in (
        ("CERTIFICATE_VERIFY_FAILED", f"the certificate is not trusted ({detail})"),
        ("SSL", f"TLS failed ({detail})"),
        ("Name or service not known", "the host name is not known"),
        ("nodename", "the host name is not known"),
        ("resolution", "the host name is not known"),
        ("refused", "the connection was refused"),
    ):
        if sign in text:
            return words
    return f"no connection ({text})"


def probe_failure(exchange: Exchange) -> EndpointError | None:
    """Why the first answers of an endpoint show that it cannot be checked, or None."""
    if exchange.failure:
        advice = {
            "the certificate": "Give its CA with --ca.",
            "TLS failed": "Does this port speak TLS? Try http:// or https://.",
            "the host name": "Check the spelling of the URL.",
            "what came back": "Does this port speak HTTP? Try https:// or http://.",
            "the connection was closed": "Does this port speak HTTP? Try https:// or http://.",
        }
        do = next(
            (text for start, text in advice.items() if exchange.failure.startswith(start)),
            "Is it running, and is the URL right?",
        )
        return EndpointError(f"{exchange.url} cannot be reached: {exchange.failure}.", do)
    if exchange.status in {301, 302, 303, 307, 308}:
        return EndpointError(
            f"{exchange.url} redirects to {exchange.header('location') or 'somewhere else'}.",
            "Give the URL it leads to; a check follows no redirects, because a client may lose its message on the way.",
        )
    if exchange.status == httpx.codes.UNAUTHORIZED:
        return EndpointError(
            f"{exchange.url} asks for credentials (401).",
            "Give them with --auth and the environment; see `ooapi-toets check --help`.",
        )
    if exchange.status == httpx.codes.FORBIDDEN:
        return EndpointError(f"{exchange.url} does not let these credentials in (403).", "Do they cover its scope?")
    return None
