"""Canaries: credentials and people are planted wherever they can be, and no output of a run holds one.

The endpoint is a mock that says everything it hears and knows in as many places and forms as it can.
"""

from __future__ import annotations

import base64
import html
import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, unquote, unquote_plus

import httpx
import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mock_server.serving.server import MockServer
from mock_server.settings import MockSettings
from ooapi_toets import Json, JsonObject
from ooapi_toets.samples import Maker
from tests.command import COMMAND

CREDENTIALS = {
    "token": "canary-token.A1b2_C3d4",
    "other token": "canary-other-token-77",
    "secret": "canary-secret+/=x",
    "header": "canary-header-key-1",
    "gateway": "canary-gateway-key-2",
    "user": "canary-user",
    "url": "canary-url-pass:wörd",
}
"""What the user gives to the run."""
ECHOED = {
    "cookie": "canary-cookie first",
    "access_token": "canary-answered-token",
    "sig": "canary-signature-0",
    "x-auth-token": "canary-x-auth-token",
}
"""What the endpoint itself gives away of its own."""
PEOPLE = {
    "givenName": "Kanariëlla",
    "surname": "Vogelvrij & Zoon",
    "displayName": "Kanariëlla Vogelvrij",
    "mail": "kanariella.vogelvrij@school.example",
    "irregularities": "Kanarie ontsnapt tijdens deel twee",
}
"""Somebody real who takes part in every session there."""
_ALL = [*CREDENTIALS.values(), *(value.split(maxsplit=1)[0] for value in ECHOED.values()), *PEOPLE.values()]
_SHOWN = re.compile("canary-user")  # a user name is no secret by itself
_PERSON = {
    "associationId": "7e57ca4a-0000-4000-8000-000000000001",
    "associationType": "componentOfferingAssociation",
    "role": "student",
    "state": "associated",
    "person": {
        "personId": "7e57ca4a-0000-4000-8000-000000000002",
        "primaryCode": {"codeType": "studentNumber", "code": "77123456"},
        **{name: PEOPLE[name] for name in ("givenName", "surname", "displayName", "mail")},
        "activeEnrollment": True,
        "affiliations": ["guest"],
    },
}


class Gossip:
    """Tells everything it knows in every answer: in objects, errors, header lines, and in other encodings."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._turn = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Change every answer of the conversation."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        parts: list[bytes] = []
        start: list[Message] = []

        async def hold(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.append(message)
            else:
                parts.append(message.get("body", b""))
                if not message.get("more_body"):
                    await self._answer(scope, start[0], b"".join(parts), send)

        await self._app(scope, receive, hold)

    async def _answer(self, scope: Scope, start: Message, body: bytes, send: Send) -> None:
        self._turn += 1
        heard = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        tale = {"heard": heard, "about": " / ".join(PEOPLE.values()), "access_token": ECHOED["access_token"],
                PEOPLE["displayName"]: "somebody", "credentials": list(CREDENTIALS.values())}  # fmt: skip
        changed = self._told(json.loads(body) if body else {}, tale)
        lines = [
            (name, value) for name, value in start["headers"] if name not in {b"content-length", b"content-encoding"}
        ]
        query = "&".join(f"{name}={quote(value)}" for name, value in {**ECHOED, "surname": PEOPLE["surname"]}.items())
        lines += [
            (b"location", f"/people/{quote(PEOPLE['displayName'])}?{query}&q={quote(CREDENTIALS['token'])}".encode()),
            (b"set-cookie", f"sid={ECHOED['cookie']}; Path=/".encode()),
            (b"x-auth-token", ECHOED["x-auth-token"].encode()),
            (b"x-seen", f"{CREDENTIALS['header']} {quote(PEOPLE['mail'])}".encode()),
        ]
        if start["status"] in {200, 201} and scope["method"] == "GET":
            encoded = json.dumps(changed).encode()
        else:
            told = json.dumps(changed, ensure_ascii=False)
            forms = [
                told.encode(),
                told.encode("latin-1", "replace"),
                told.encode("utf-16"),
                (told[:-1] + ",}").encode(),
            ]
            encoded = forms[self._turn % len(forms)]
        await send({**start, "headers": [*lines, (b"content-length", str(len(encoded)).encode())]})
        await send({"type": "http.response.body", "body": encoded})

    def _told(self, value: Json, tale: JsonObject) -> Json:
        if isinstance(value, list):
            return [*value, {**_PERSON, "tale": tale}]
        if isinstance(value, dict) and "items" in value:
            return {**value, "items": [*value["items"], {**_PERSON, "tale": tale}], "tale": tale}
        if isinstance(value, dict) and "consumers" in value:
            consumers = [{**each, "irregularities": PEOPLE["irregularities"]} for each in value["consumers"]]
            return {**value, "consumers": consumers, "tale": tale}
        if isinstance(value, dict):
            return {
                **value,
                "detail": f"{tale['about']} was not pleased: {' '.join(CREDENTIALS.values())}",
                "tale": tale,
            }
        return value


def forms_of(text: str) -> Iterator[str]:
    """A text, and what somebody would read in it who undoes what outputs do to texts."""
    yield from (text, unquote(text), unquote_plus(text), html.unescape(text), html.unescape(html.unescape(text)))
    unescaped = re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text).replace('\\"', '"')
    yield from (unescaped, unquote(unescaped), html.unescape(unescaped))
    for found in re.findall(r"[A-Za-z0-9+/]{16,}={0,2}", text):
        try:
            raw = base64.b64decode(found + "=" * (-len(found) % 4))
        except ValueError:
            continue
        for encoding in ("utf-8", "latin-1", "utf-16-le", "utf-16-be"):
            yield raw.decode(encoding, "replace")


def canaries_in(texts: dict[str, str], canaries: list[str] = _ALL) -> list[str]:
    """Where a canary is seen: the name of the text, and the canary."""
    return sorted(
        {
            f"{name}: {canary}"
            for name, text in texts.items()
            for form in forms_of(text)
            for canary in canaries
            if canary in form and not _SHOWN.fullmatch(canary)
        }
    )


def run(folder: Path, *options: str) -> dict[str, str]:
    """Everything that a check of the gossip writes and prints."""
    (folder / "token.txt").write_text(CREDENTIALS["token"] + "\r\n", encoding="utf-16")
    summary = folder / "summary.md"
    with MockServer("toetsafname", wrap=Gossip) as server:
        address = server.url.removeprefix("http://")
        done = subprocess.run(
            [COMMAND, "check", "toetsafname", "--auth", "bearer", "--token-file", "token.txt",
             "--url", f"http://{CREDENTIALS['user']}:{quote(CREDENTIALS['url'])}@{address}",
             "--header", f"X-Partner: {CREDENTIALS['user']}", "--header", f"X-Api-Key: {CREDENTIALS['header']}",
             "--header", f"Ocp-Apim-Subscription-Key: {CREDENTIALS['gateway']}", "--examples", "1",
             "--only", "2.1-reads-back-as-sent", "--only", "2.2-list-replaces-the-complete-list",
             "--only", "2.1-invalid-offering-is-refused", "--only", "http-problem-body",
             *options],
            cwd=folder,
            env={
                **os.environ,
                "OOAPI_TOETS_SECRET": CREDENTIALS["secret"],
                "OOAPI_TOETS_WRONG_SCOPE_TOKEN": CREDENTIALS["other token"],
                "GITHUB_ACTIONS": "true",
                "GITHUB_STEP_SUMMARY": str(summary),
                "HTTP_PROXY": "http://127.0.0.1:9",
                "ALL_PROXY": "socks5://127.0.0.1:9",
            },
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )  # fmt: skip
    assert done.returncode == 1, done.stderr
    texts = {"stdout": done.stdout, "stderr": done.stderr, "summary": summary.read_text("utf-8")}
    return texts | {each.name: each.read_text("utf-8") for each in (folder / "reports").iterdir()}


def test_no_output_of_a_check_holds_a_canary(tmp_path: Path) -> None:
    texts = run(tmp_path)
    assert set(texts) >= {"result.json", "exchanges.har", "report.html", "report.md", "junit.xml", "pytest.html"}
    assert canaries_in(texts) == []
    # They were there: what hides them has left its marks, and the run failed by what the endpoint added.
    assert "[masked]" in texts["exchanges.har"]
    assert "masked-" in texts["result.json"]


def test_the_scan_can_fail(tmp_path: Path) -> None:
    texts = run(tmp_path, "--unmasked")
    found = canaries_in(texts)
    for name in ("result.json", "exchanges.har"):
        assert f"{name}: {PEOPLE['mail']}" in found
    assert [each for each in found if each.partition(": ")[2] in CREDENTIALS.values()] == []


@pytest.mark.parametrize("canary", _ALL)
def test_the_scan_sees_a_canary_in_every_form(canary: str) -> None:
    if _SHOWN.fullmatch(canary):
        return
    plain = f"x{canary}y"
    for text in (plain, quote(plain), html.escape(plain), json.dumps(plain), base64.b64encode(plain.encode()).decode()):
        assert f"x: {canary}" in canaries_in({"x": text})


def test_no_answer_of_the_control_api_holds_a_canary() -> None:
    settings = MockSettings("toetsafname", port=0)
    person = {**_PERSON, "remark": f"{CREDENTIALS['header']} {PEOPLE['displayName']}"}
    session = Maker("canaries").offering()
    key = session["offeringId"]
    headers = {"X-Api-Key": CREDENTIALS["header"], "Cookie": f"sid={ECHOED['cookie']}", "X-Seen": quote(PEOPLE["mail"])}
    with MockServer(settings) as server, httpx.Client(headers=headers, trust_env=False) as client:
        client.put(f"{server.url}/offerings", json=session)
        client.put(f"{server.url}/offerings/{key}/associations", json=[person])
        wrong = {**person, "state": PEOPLE["displayName"], PEOPLE["surname"]: 1}
        client.put(f"{server.url}/offerings/{key}/associations", json=[wrong])
        for body in (
            json.dumps([person], ensure_ascii=False).encode("latin-1"),
            json.dumps([person], ensure_ascii=False).encode("utf-16"),
            json.dumps([person])[:-1].encode(),
        ):
            client.put(f"{server.url}/offerings/{key}/associations?surname={quote(PEOPLE['surname'])}", content=body)
        client.get(f"{server.url}/people/{quote(PEOPLE['displayName'])}?access_token={ECHOED['access_token']}")
        client.get(f"{server.url}/offerings/{key}/associations")
        control = f"{server.origin}/_mock"
        numbers = [each["id"] for each in client.get(f"{control}/requests").json()["items"]]
        paths = [
            "/info",
            "/requests",
            "/requests.har",
            "/requests.jsonl",
            "/report",
            "/coverage",
            "/state",
            f"/state/{key}",
        ]
        paths += [f"/requests/{each}{view}" for each in numbers for view in ("", "/explain", "/curl", "/har")]
        texts = {path: httpx.get(control + path, trust_env=False).raise_for_status().text for path in paths}
    known = [value for value in _ALL if value not in CREDENTIALS.values()]
    assert canaries_in(texts, known) == []
