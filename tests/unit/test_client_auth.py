"""How a client of ours authenticates: secrets of any letters, and token answers of any form."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from urllib.parse import unquote_plus

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mock_server.auth.authorization_server import Client, OAuth
from ooapi_toets.client_auth import Authenticator, AuthSettings
from ooapi_toets.errors import EndpointError

Answer = Callable[[httpx.Request], httpx.Response]


def fetching(answer: Answer, user: str = "toets", secret: str = "geheim") -> Authenticator:  # noqa: S107
    how = AuthSettings("oauth2", user=user, secret=secret, token_url="https://example.org/token")  # noqa: S106
    return Authenticator(how, httpx.Client(transport=httpx.MockTransport(answer)))


TEXT = st.text(st.characters(min_codepoint=0x20, exclude_categories=["Cs"]), min_size=1)


@settings(deadline=None, max_examples=25)  # each makes a key
@given(TEXT, TEXT)
def test_a_client_and_the_authorization_server_of_the_mock_agree_on_any_id_and_secret(user: str, secret: str) -> None:
    server = OAuth({user: Client(user, secret)}, "http://127.0.0.1")

    def answer(request: httpx.Request) -> httpx.Response:
        status, body = server.token_answer(request.headers["authorization"], request.content.decode())
        return httpx.Response(status, json=body)

    assert fetching(answer, user, secret).headers()[0][1].startswith("Bearer ")


def test_id_and_secret_are_form_encoded_before_they_are_joined() -> None:
    seen: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(base64.b64decode(request.headers["authorization"].removeprefix("Basic ")).decode())
        return httpx.Response(200, json={"access_token": "x"})

    fetching(answer, "a:b", "50% +é").headers()
    assert [unquote_plus(part) for part in seen[0].split(":")] == ["a:b", "50% +é"]


@pytest.mark.parametrize("lasts", ["soon", None, -1, True, [], 1e300, "²", "300"])
def test_a_lifetime_of_any_form_is_taken(lasts: object) -> None:
    body = '{"access_token": "x"' + ("" if lasts is None else f', "expires_in": {json.dumps(lasts)}') + "}"
    assert fetching(lambda _: httpx.Response(200, text=body)).headers() == [("authorization", "Bearer x")]


@pytest.mark.parametrize(
    "body", ["null", "5", "[]", "<html>", "", '{"access_token": null}', '{"access_token": "a\\nb"}']
)
def test_an_answer_without_a_token_is_told_as_such(body: str) -> None:
    with pytest.raises(EndpointError, match="it answered 200"):
        fetching(lambda _: httpx.Response(200, text=body)).headers()


def test_the_error_of_the_server_is_passed_on_unless_it_could_do_harm() -> None:
    with pytest.raises(EndpointError, match="with the error invalid_scope"):
        fetching(lambda _: httpx.Response(400, json={"error": "invalid_scope"})).headers()
    with pytest.raises(EndpointError, match=r"it answered 400\. "):
        fetching(lambda _: httpx.Response(400, json={"error": "\x1b[31mred"})).headers()
