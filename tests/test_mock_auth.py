"""Authentication as in the field, over real sockets; time is a number that the test moves."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import joserfc.jwt
import pytest
from joserfc.jwk import KeySet

from mock_server.auth.authorization_server import Client, OAuth, clients_from
from mock_server.auth.schemes import BasicUsers, BearerTokens, Grant
from mock_server.serving.server import MockServer
from ooapi_toets.samples import Maker
from tests.control_client import control_of

SCOPE, RESULTS = "nl-test-admin-flow-2-3-4", "nl-test-admin-flow-6"
START = 1_800_000_000.0


@dataclass
class Clock:
    now: float = START

    def __call__(self) -> float:
        return self.now


@dataclass
class Field:
    """A mock with an authorization server, and its clock."""

    server: MockServer
    clock: Clock

    def token(self, scope: str = SCOPE, client: str = "school", secret: str = "s3cret") -> httpx.Response:  # noqa: S107
        form = {"grant_type": "client_credentials", "scope": scope}
        return httpx.post(f"{self.server.origin}/oauth2/token", data=form, auth=(client, secret))

    def call(self, token: str) -> httpx.Response:
        headers = {"authorization": f"Bearer {token}"}
        return httpx.get(f"{self.server.url}/offerings/{Maker().new_id()}", headers=headers)


@pytest.fixture(scope="module")
def running() -> Iterator[Field]:
    clock = Clock()
    clients = {"school": Client("school", "s3cret"), "narrow": Client("narrow", "s3cret", frozenset({RESULTS}))}
    scheme = OAuth(clients, "http://mock.example.org", lifetime=300, clock=clock)
    with MockServer("toetsafname", scheme=scheme) as server:
        yield Field(server, clock)


@pytest.fixture
def field(running: Field) -> Field:
    running.clock.now = START
    running.server.reset()
    return running


def test_a_token_opens_the_door(field: Field) -> None:
    answer = field.token()
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    data = answer.json()
    assert (data["token_type"], data["expires_in"], data["scope"]) == ("Bearer", 300, SCOPE)
    assert field.call(data["access_token"]).status_code == 404
    with control_of(field.server) as control:
        (item,) = control.get("/requests").json()["items"]
        assert item["credential"] == "school"
        assert data["access_token"] not in control.get(f"/requests/{item['id']}").text
        assert "$OOAPI_TOETS_TOKEN" in control.get(f"/requests/{item['id']}/curl").text


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({"client_id": "school", "client_secret": "s3cret", "grant_type": "client_credentials"}, 200, None),
        ({"client_id": "school", "client_secret": "wrong", "grant_type": "client_credentials"}, 401, "invalid_client"),
        ({"client_id": "nobody", "client_secret": "", "grant_type": "client_credentials"}, 401, "invalid_client"),
        ({"client_id": "school", "client_secret": "s3cret", "grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"client_id": "school", "client_secret": "s3cret"}, 400, "invalid_request"),
        (
            {"client_id": "narrow", "client_secret": "s3cret", "grant_type": "client_credentials", "scope": SCOPE},
            400,
            "invalid_scope",
        ),
    ],
)
def test_the_token_endpoint_says_what_is_wrong(
    form: dict[str, str], status: int, error: str | None, field: Field
) -> None:
    answer = httpx.post(f"{field.server.origin}/oauth2/token", data=form)
    assert (answer.status_code, answer.json().get("error")) == (status, error)
    assert ("www-authenticate" in answer.headers) == (status == 401)


def test_a_call_without_a_token_or_with_one_of_somebody_else(field: Field) -> None:
    nothing = httpx.get(f"{field.server.url}/offerings/x")
    assert (nothing.status_code, nothing.headers["www-authenticate"]) == (401, 'Bearer realm="ooapi-toets mock"')
    wrong = field.call("e30.e30.e30")
    assert wrong.status_code == 401
    assert 'error="invalid_token"' in wrong.headers["www-authenticate"]
    assert wrong.headers["content-type"] == "application/problem+json"


def test_a_token_for_another_scope(field: Field) -> None:
    answer = field.call(field.token(RESULTS).json()["access_token"])
    assert answer.status_code == 403
    assert f'scope="{SCOPE}"' in answer.headers["www-authenticate"]


def test_a_token_expires_and_is_refreshed(field: Field) -> None:
    token = field.token().json()["access_token"]
    field.clock.now += 299
    assert field.call(token).status_code == 404
    field.clock.now += 1
    expired = field.call(token)
    assert (expired.status_code, "has expired" in expired.text) == (401, True)
    assert field.call(field.token().json()["access_token"]).status_code == 404
    with control_of(field.server) as control:
        assert control.get("/coverage").json()["rules"]["client-refreshes-its-token"]["outcome"] == "pass"


def test_keys_and_discovery_let_anybody_check_a_token(field: Field) -> None:
    origin = field.server.origin
    for name in ("oauth-authorization-server", "openid-configuration"):
        found = httpx.get(f"{origin}/.well-known/{name}").json()
        assert found["jwks_uri"] == "http://mock.example.org/oauth2/jwks"
        assert SCOPE in found["scopes_supported"]
    keys = httpx.get(f"{origin}/oauth2/jwks").json()
    assert not {"d", "p", "q"} & set(keys["keys"][0])
    claims = joserfc.jwt.decode(field.token().json()["access_token"], KeySet.import_key_set(keys)).claims
    assert (claims["sub"], claims["aud"], claims["scope"]) == ("school", "ooapi-toets", SCOPE)
    assert (claims["iat"], claims["exp"]) == (int(START), int(START) + 300)


def test_tokens_on_demand(field: Field) -> None:
    with control_of(field.server) as control:

        def issued(**wanted: object) -> tuple[str, str]:
            data = control.post("/tokens", json={"scopes": [SCOPE], **wanted}).raise_for_status().json()
            return data["access_token"], data["jti"]

        good, jti = issued(client="school")
        assert field.call(good).status_code == 404
        assert field.call(issued(audience="somebody-else")[0]).status_code == 401
        assert field.call(issued(scopes=["other"])[0]).status_code == 403
        assert field.call(issued(ttl=-1)[0]).status_code == 401
        assert control.delete(f"/tokens/{jti}").status_code == 204
        assert "revoked" in field.call(good).text
        other, _ = issued()
        assert control.post("/tokens/expire").status_code == 204
        assert "expired" in field.call(other).text
        assert field.call(issued()[0]).status_code == 404
        listed = {each["id"]: each["scopes"] for each in control.get("/clients").json()}
        assert listed["narrow"] == [RESULTS]
        for wrong in ({"scopes": "x"}, {"ttl": True}, {"colour": 1}):
            assert control.post("/tokens", json=wrong).status_code == 400


def test_a_mock_without_oauth_issues_no_tokens(toetsafname: MockServer) -> None:
    with control_of(toetsafname) as control:
        assert control.post("/tokens", json={}).status_code == 409
        assert control.get("/clients").json() == []


def test_bearer_tokens_that_were_agreed_on() -> None:
    scheme = BearerTokens({"t0ken": Grant("school", frozenset({SCOPE})), "other": Grant("school", frozenset())})
    with MockServer("toetsafname", scheme=scheme) as server:
        url = f"{server.url}/offerings/{Maker().new_id()}"
        statuses = [
            httpx.get(url, headers={"authorization": each}).status_code
            for each in ("Bearer t0ken", "bearer t0ken", "Bearer other", "Bearer wrong", "Basic t0ken")
        ]
        assert statuses == [404, 404, 403, 401, 401]


def test_basic() -> None:
    with MockServer("toetsafname", scheme=BasicUsers({"toets": "geh:eim"})) as server, control_of(server) as control:
        url = f"{server.url}/offerings/{Maker().new_id()}"
        assert httpx.get(url, auth=("toets", "geh:eim")).status_code == 404
        assert [httpx.get(url, auth=each).status_code for each in (("toets", "x"), ("", ""))] == [401, 401]
        assert httpx.get(url, headers={"authorization": "Basic !"}).status_code == 401
        assert httpx.get(url).headers["www-authenticate"].startswith("Basic")
        shown = control.get("/requests/1").text
        assert base64.b64encode(b"toets:geh:eim").decode() not in shown
        assert "$OOAPI_TOETS_SECRET" in control.get("/requests/1/curl").text


def test_clients_come_from_a_file() -> None:
    found = clients_from('{"a": {"secret": "x", "scopes": ["one"]}, "b": {"secret": "y"}}')
    assert (found["a"].scopes, SCOPE in found["b"].scopes) == (frozenset({"one"}), True)
    assert "x" not in repr(found["a"])
    with pytest.raises(TypeError):
        clients_from("[]")
