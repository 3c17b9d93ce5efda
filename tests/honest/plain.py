"""A system of either role on the standard library alone, as a vendor might write it in an afternoon.

It shares no code with the mock, on purpose, and differs from it where the contract leaves room: a person
is known once and keeps the name under which it came first, a problem's status is a number, and a
session that nobody knows is looked for before the message is read.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, unquote, urlsplit

from tests.honest.faults import in_participant, in_report, in_session

Value = Any
BASE = "/ooapi"
JSON, PROBLEM = "application/json", "application/problem+json"
OTHER_SCOPE = "other-scope"
"""A token that is known and covers nothing here."""


@dataclass
class Reply(Exception):
    """What goes back.

    Attributes:
        status: The status.
        value: The body, as a value or as bytes; None for none.
        media_type: What it is declared as.
        headers: Further header lines.
    """

    status: int
    value: Value = None
    media_type: str = JSON
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Call:
    """A request, read as far as it can be."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes


def refusal(status: int, title: str, **headers: str) -> Reply:
    """A problem (RFC 9457)."""
    lines = {name.replace("_", "-"): text for name, text in headers.items()}
    return Reply(status, {"type": "about:blank", "status": status, "title": title}, PROBLEM, lines)


class System:
    """The state and the answers of one system.

    Args:
        role: The role it plays.
        sessions: The sessions that it knows from the start.
        token: The token that clients must send; empty for none.
        lacks: What it does not offer.
    """

    def __init__(
        self, role: str, sessions: Iterable[Value] = (), *, token: str = "", lacks: Iterable[str] = ()
    ) -> None:
        self._sessions: dict[str, Value] = {each["offeringId"].lower(): each for each in sessions}
        self._people: dict[str, dict[str, Value]] = {}
        self._persons: dict[str, Value] = {}
        self._token = token
        self._lock = threading.RLock()
        self._routes: list[tuple[str, re.Pattern[str], Callable[..., Reply]]] = []
        served = {
            "toetsafname": (
                ("PUT", "/offerings", self.put_session, ""),
                ("POST", "/offerings", self.post_session, "post-offerings"),
                ("GET", "/offerings/([^/]+)", self.get_session, ""),
                ("DELETE", "/offerings/([^/]+)", self.delete_session, ""),
                ("PUT", "/offerings/([^/]+)/associations", self.put_people, ""),
                ("GET", "/offerings/([^/]+)/associations", self.get_people, "read-associations"),
                ("GET", "/documents/([^/]+)", self.get_document, "documents"),
                ("GET", "/", self.get_service, "service"),
            ),
            "toetsplanning": (
                ("PATCH", "/offerings/([^/]+)", self.patch_session, ""),
                ("GET", "/offerings/([^/]+)", self.get_session, "read-offering"),
                ("GET", "/", self.get_service, "service"),
            ),
        }
        for method, path, answer, capability in served[role]:
            if capability not in set(lacks):
                self._routes.append((method, re.compile(path), answer))

    def answer(self, call: Call) -> Reply:
        """The answer to a call; one call at a time, so that nobody sees half a change."""
        with self._lock:
            try:
                return self._routed(call)
            except Reply as reply:
                return reply

    def _routed(self, call: Call) -> Reply:
        path = call.path.removeprefix(BASE) or "/"
        found = [(method, match, answer) for method, each, answer in self._routes if (match := each.fullmatch(path))]
        if not found or not call.path.startswith(BASE):
            raise refusal(404, "Nothing is here")
        self.let_in(call)
        for method, match, answer in found:
            if method == call.method:
                return answer(call, *match.groups())
        raise refusal(405, "That is not done here", Allow=", ".join(method for method, *_ in found))

    def let_in(self, call: Call) -> None:
        """Refuse a call that does not carry the token."""
        sent = call.headers.get("authorization", "")
        if self._token and not sent.startswith("Bearer "):
            raise refusal(401, "Who are you?", WWW_Authenticate="Bearer")
        if self._token and sent == f"Bearer {OTHER_SCOPE}":
            raise refusal(403, "Not with this token")
        if self._token and sent != f"Bearer {self._token}":
            raise refusal(401, "Who are you?", WWW_Authenticate='Bearer error="invalid_token"')

    # -- operations ----------------------------------------------------------------------------------

    def put_session(self, call: Call) -> Reply:
        """Create a session, or replace it; its people stay."""
        message = self.message(call)
        self.must_be_right(in_session(message))
        key = message["offeringId"].lower()
        new = key not in self._sessions
        self._sessions[key] = message
        return self.written(message, new=new)

    def post_session(self, call: Call) -> Reply:
        """Create a session with POST; one that is there is not created again."""
        message = self.message(call)
        self.must_be_right(in_session(message))
        if message["offeringId"].lower() in self._sessions:
            raise refusal(409, "It is there already")
        self._sessions[message["offeringId"].lower()] = message
        return Reply(201, message)

    def get_session(self, _call: Call, identifier: str) -> Reply:
        """Show a session."""
        return Reply(200, self.shown(self._sessions[self.known(identifier)]))

    def delete_session(self, _call: Call, identifier: str) -> Reply:
        """Forget a session and who takes part in it."""
        key = self.known(identifier)
        del self._sessions[key]
        self._people.pop(key, None)
        return Reply(200)

    def put_people(self, call: Call, identifier: str) -> Reply:
        """A list replaces everybody, an object adds or updates one."""
        key = self.known(identifier)
        message = self.message(call)
        members = message if isinstance(message, list) else [message]
        self.must_be_right(fault for each in members for fault in in_participant(each))
        sent = {each["associationId"].lower(): each for each in members}
        if len(sent) != len(members):
            raise refusal(400, "One participant is there twice")
        for each in members:
            person = self._persons.setdefault(each["person"]["personId"].lower(), each["person"])
            sent[each["associationId"].lower()] = {**each, "person": person}
        there = {} if isinstance(message, list) else self._people.get(key, {})
        self._people[key] = {**there, **sent}
        return self.written(message)

    def get_people(self, call: Call, identifier: str) -> Reply:
        """Show one page of those who take part."""
        key = self.known(identifier)
        size, number = self.page_asked(call)
        people = list(self._people.get(key, {}).values())
        shown = people[(number - 1) * size : number * size]
        if call.query.get("expand") != "person":
            shown = [{**each, "person": each["person"]["personId"]} for each in shown]
        page = {
            "pageSize": size,
            "pageNumber": number,
            "hasPreviousPage": number > 1,
            "hasNextPage": number * size < len(people),
            "items": shown,
        }
        return Reply(200, self.shown(page))

    def page_asked(self, call: Call) -> tuple[int, int]:
        """How large a page, and which."""
        size, number = call.query.get("pageSize", "10"), call.query.get("pageNumber", "1")
        if size not in {"10", "20", "50", "100", "250"} or not re.fullmatch("[1-9][0-9]{0,8}", number):
            raise refusal(400, "There is no such page")
        return int(size), int(number)

    def get_document(self, _call: Call, identifier: str) -> Reply:
        """Show a document that a report mentions."""
        wanted = unquote(identifier).lower()
        for session in self._sessions.values():
            for entry in session["consumers"]:
                if any(each["documentId"].lower() == wanted for each in entry.get("documents") or []):
                    return Reply(200, b"%PDF-1.4 (made up)", "application/pdf")
        raise refusal(404, "There is no such document")

    def get_service(self, _call: Call) -> Reply:
        """Say whom to contact."""
        return Reply(
            200,
            {
                "contactEmail": "plain@example.org",
                "specification": "https://example.org/plain/spec",
                "documentation": "https://example.org/plain",
            },
        )

    def patch_session(self, call: Call, identifier: str) -> Reply:
        """Take a report."""
        key = self.known(identifier)
        message = self.message(call, "application/merge-patch+json")
        self.must_be_right(in_report(message))
        session = self._sessions[key]
        named = {each["consumerKey"]: each for each in message["consumers"]}
        known = [each["consumerKey"] for each in session["consumers"]]
        entries = [self.merged(each, named.get(each["consumerKey"], {})) for each in session["consumers"]]
        entries += [each for name, each in named.items() if name not in known]
        self._sessions[key] = {**session, "consumers": entries}
        return self.written(self._sessions[key])

    # -- habits, which another system may have otherwise -------------------------------------------------

    def merged(self, entry: Value, report: Value) -> Value:
        """A consumer with a report in it."""
        return {name: value for name, value in {**entry, **report}.items() if value is not None}

    def written(self, value: Value, *, new: bool = False) -> Reply:
        """The answer to a message that was taken."""
        del new
        return Reply(200, value)

    def shown(self, value: Value) -> Value:
        """What is read, in the words of this system."""
        return value

    # -- common ----------------------------------------------------------------------------------------

    def known(self, identifier: str) -> str:
        """The key of a session that is there."""
        key = unquote(identifier).lower()
        if key not in self._sessions:
            raise refusal(404, "There is no such session")
        return key

    def message(self, call: Call, *also: str) -> Value:
        """The body, as JSON."""
        if call.headers.get("content-type", "").split(";")[0].strip().lower() not in {JSON, *also}:
            raise refusal(415, "JSON, please")
        try:
            return json.loads(call.body)
        except (ValueError, RecursionError):
            raise refusal(400, "That is not JSON") from None

    def must_be_right(self, faults: Iterable[str]) -> None:
        """Refuse a message with faults."""
        for fault in faults:
            raise refusal(400, f"Not right: {fault}")


class Handler(BaseHTTPRequestHandler):
    """Reads a call, asks the system, and sends its answer."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one packet
    system: System

    def _any(self) -> None:
        parts = urlsplit(self.path)
        call = Call(
            self.command,
            parts.path,
            {name: values[-1] for name, values in parse_qs(parts.query).items()},
            {name.lower(): value for name, value in self.headers.items()},
            self.rfile.read(int(self.headers.get("content-length") or 0)),
        )
        reply = self.system.answer(call)
        body = b"" if reply.value is None else reply.value
        self.say(reply, body if isinstance(body, bytes) else self.in_bytes(body))

    def in_bytes(self, value: Value) -> bytes:
        """A value as JSON."""
        return json.dumps(value).encode()

    def say(self, reply: Reply, body: bytes) -> None:
        """Send an answer."""
        self.send_response(reply.status)
        for name, text in reply.headers.items():
            self.send_header(name, text)
        if body:
            self.send_header("content-type", reply.media_type)
        if reply.status != 204:
            self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_PUT = do_POST = do_PATCH = do_DELETE = _any

    def log_message(self, *_: object) -> None:
        """Be silent."""


class PlainServer:
    """A system on a socket; use it as a context manager.

    Args:
        system: The system.
        handler: How it speaks HTTP.
    """

    def __init__(self, system: System, handler: type[Handler] = Handler) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (handler,), {"system": system}))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self.url = f"http://127.0.0.1:{self._server.server_port}{BASE}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
