"""One front of a relay: takes the calls for one system, passes them on, and keeps what passed.

A mock of the system that it stands before hears every call that was accepted as well, and so judges
whoever calls. Nothing is rewritten but addresses.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from datetime import UTC, datetime
from functools import partial
from time import perf_counter
from urllib.parse import urlsplit

import httpx
import orjson
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from conformance.counterpart import client_findings
from conformance.counterpart.listener import Listener
from conformance.endpoint.target import in_words
from conformance.evidence.exchange import Exchange
from conformance.evidence.findings import Check
from conformance.evidence.recorder import Recorder
from conformance.joint.bystander import SCENARIO
from conformance.settings import ListenSettings
from ooapi_toets import editions, proxies
from ooapi_toets.contract import Role
from ooapi_toets.editions.kinds import Session
from ooapi_toets.errors import ServeError
from ooapi_toets.http_upgrade import DecliningProtocol
from ooapi_toets.outcomes import Outcome
from ooapi_toets.samples import Maker

BASE = "/ooapi"
_METHODS = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"]
_HOP_BY_HOP = {"connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "proxy-authorization",
               "host", "content-length", "content-encoding", "accept-encoding"}  # fmt: skip
_GATEWAY_FAILED = 502


class Front:
    """What stands in the place of one system.

    Args:
        role: The role of that system.
        upstream: Its base URL.
        address: Where to listen: host and port, 0 for any that is free.
        recorder: Numbers the exchanges of the whole relay.
        edition: The edition of the standard.
        verify: How to verify the certificate of the system.
    """

    def __init__(
        self,
        role: Role,
        upstream: str,
        address: tuple[str, int],
        recorder: Recorder,
        edition: str,
        verify: ssl.SSLContext,
    ) -> None:
        self.role = role
        self.upstream = upstream.rstrip("/")
        self.judge = Listener(ListenSettings(), editions.load(edition).caller(role), edition)
        self.judge.say = lambda _: None
        self.passed: list[Exchange] = []
        self.by_entry: dict[int, Exchange] = {}
        self.refused: list[Check] = []
        self._contract = editions.load(edition).contract
        self._meaning = partial(editions.load(edition).meaning, role)
        self._bases = sorted({BASE, urlsplit(self.upstream).path}, key=len, reverse=True)
        self._recorder = recorder
        self._known: set[str] = set()
        self._verify = verify
        self._order = threading.Lock()
        self._socket = _bound(*address)
        host = f"[{address[0]}]" if ":" in address[0] else address[0]
        self.url = f"http://{host}:{self._socket.getsockname()[1]}{BASE}"
        app = Starlette(routes=[Route("/{path:path}", self._take, methods=_METHODS)])
        self._server = uvicorn.Server(
            uvicorn.Config(
                app,
                http=DecliningProtocol,
                log_level="critical",
                access_log=False,
                lifespan="off",
                timeout_graceful_shutdown=2,
            )
        )
        self._thread = threading.Thread(target=self._run, name=f"relay-{role}", daemon=True)

    def start(self) -> None:
        """Begin to pass calls on."""
        self.judge.start()
        self._client = httpx.Client(
            timeout=60,
            follow_redirects=False,
            verify=self._verify,
            trust_env=False,
            mounts=proxies.mounts(self.upstream, verify=self._verify),
        )
        self._thread.start()

    def stop(self) -> None:
        """Pass nothing on any more; what was heard can still be read until `judge` is stopped."""
        self._server.should_exit = True
        if self._thread.ident is not None:
            self._thread.join(10)
            self._client.close()
        self._socket.close()

    def _run(self) -> None:
        self._server.run(sockets=[self._socket])

    async def _take(self, request: Request) -> Response:
        body = await request.body()
        return await asyncio.to_thread(self._pass_on, request, body)

    def _pass_on(self, request: Request, body: bytes) -> Response:
        inside = self._below_base(request.url.path)
        target = inside + (f"?{request.url.query}" if request.url.query else "")
        lines = [(name, value) for name, value in request.headers.items() if name not in _HOP_BY_HOP]
        with self._order:  # one at a time, so that what is known of a session is what was known when it passed
            exchange = self._forward(request.method, target, lines, body, inside)
            self._judge(exchange, target, request.headers.get("content-type", ""))
        if exchange.status is None:
            problem = {"status": str(_GATEWAY_FAILED), "title": "No answer", "detail": exchange.failure}
            return Response(orjson.dumps(problem), _GATEWAY_FAILED, media_type="application/problem+json")
        answer = Response(self._readdressed(exchange.body), exchange.status)
        for name, value in exchange.headers:
            if name.lower() not in _HOP_BY_HOP:
                answer.headers[name] = value.replace(self.upstream, self.url)
        return answer

    def _below_base(self, path: str) -> str:
        """A path below our base path, or below that of the system for a caller that changed only host and port."""
        for base in self._bases:
            if path == base or path.startswith(f"{base}/"):
                return path.removeprefix(base)
        return path

    def _readdressed(self, body: bytes) -> bytes:
        return body.replace(self.upstream.encode(), self.url.encode())

    def _forward(self, method: str, target: str, lines: list[tuple[str, str]], body: bytes, inside: str) -> Exchange:
        match = self._contract.find(self.role, method, inside)
        started, begun = datetime.now(UTC).isoformat(timespec="milliseconds"), perf_counter()
        answer: httpx.Response | None = None
        failure = ""
        try:
            answer = self._client.request(method, self.upstream + target, content=body or None, headers=lines)
        except httpx.HTTPError as error:
            failure = in_words(error)
        exchange = Exchange(
            number=self._recorder.next_number(),
            scenario=SCENARIO,
            operation_id=match.operation.id if match else "",
            method=method,
            url=self.upstream + target,
            request_headers=tuple(lines),
            request_body=body,
            started=started,
            elapsed_ms=(perf_counter() - begun) * 1000,
            status=answer.status_code if answer else None,
            headers=tuple(answer.headers.items()) if answer is not None else (),
            body=answer.content if answer is not None else b"",
            failure=failure,
            meant_valid=True,
            ids=match.ids if match else {},
            meaning=self._meaning,
        )
        self.passed.append(self._recorder.keep(exchange))
        return exchange

    def _judge(self, exchange: Exchange, target: str, media_type: str) -> None:
        """Let the mock hear a call that was accepted, or judge the words of one that was not."""
        if exchange.success:
            session = exchange.session
            if session and session not in self._known and not isinstance(exchange.about, Session):
                # It was registered before the relay began; whoever accepted the call knows it.
                self.judge.knows(Maker(session).offering(offeringId=session))
            self._known.add(session)
            entry = self.judge.hear(exchange.method, target, media_type, exchange.request_body)
            if entry is not None:
                self.by_entry[entry] = exchange
        elif exchange.refused:
            found = self.judge.validate(exchange.method, BASE + target, media_type, exchange.request_body)
            self.refused += [client_findings.violated(exchange, each["rule"], Outcome.FAIL, each) for each in found]


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise ServeError(f"Nothing can listen on {host}:{port}: {error.strerror}.", "Choose another port.") from error
    return listener
