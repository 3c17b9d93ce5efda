"""Secrets are hidden by their place and by value, in every form in which outputs write them."""

from __future__ import annotations

import base64
import html
import json
import time
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ooapi_toets.redaction import HIDDEN, MOST, Redactor, header, hide_by_place, is_secret_header

AWKWARD = 'pä/ss+wörd "<&> \\x'


@pytest.fixture
def redactor() -> Redactor:
    return Redactor()


@pytest.mark.parametrize(
    "write",
    [
        str,
        quote,
        quote_plus,
        lambda text: quote(text, safe=""),
        json.dumps,
        lambda text: json.dumps(text, ensure_ascii=False),
        html.escape,
    ],
)
def test_a_secret_is_hidden_however_it_is_written(redactor: Redactor, write: object) -> None:
    redactor.learn(AWKWARD)
    assert callable(write)
    assert redactor.hide(f"before {str(write(AWKWARD)).strip(chr(34))} after") == f"before {HIDDEN} after"


@given(st.text(min_size=6).filter(lambda text: len(text.strip()) >= 6), st.text(), st.text())
def test_a_text_never_holds_a_secret_that_is_known(secret: str, before: str, after: str) -> None:
    redactor = Redactor()
    redactor.learn(secret)
    assert secret.strip() not in redactor.hide(before + secret + after).replace(HIDDEN, "")


def test_a_short_secret_is_hidden_by_its_place_only(redactor: Redactor) -> None:
    redactor.learn("abc", "     abc  ")
    assert redactor.hide("abc?token=abc&x=abc") == f"abc?token={HIDDEN}&x=abc"


@pytest.mark.parametrize(
    "name", ["access_token", "api_key", "apikey", "token", "sig", "signature", "code", "password", "client_secret"]
)
def test_parameters_that_bear_the_name_of_a_secret_are_hidden(name: str) -> None:
    assert hide_by_place(f"https://x/?a=1&{name}=ab%20c&b=2#f") == f"https://x/?a=1&{name}={HIDDEN}&b=2#f"
    assert hide_by_place(f"{name.upper()}=x") == f"{name.upper()}={HIDDEN}"


def test_other_parameters_stay() -> None:
    text = "https://x/?zip-code=1&primaryCode=7&tokens=3&q=code"
    assert hide_by_place(text) == text


@pytest.mark.parametrize("user", ["user:pa%40ss", "user:p@ss", "only-a-key", ":pw"])
def test_user_and_password_of_a_url_are_hidden(user: str) -> None:
    assert hide_by_place(f"see postgresql+psycopg://{user}@db.example.org/x") == (
        "see postgresql+psycopg://masked@db.example.org/x"
    )


def test_the_secrets_of_a_url_are_known_from_then_on(redactor: Redactor) -> None:
    redactor.learn_url("https://someone:s3cret%2Fword@x/y?password=another-one")
    basic = base64.b64encode(b"someone:s3cret/word").decode()
    told = redactor.hide(f"s3cret/word s3cret%2Fword another-one {basic} someone")
    assert told == f"{HIDDEN} {HIDDEN} {HIDDEN} {HIDDEN} someone"
    redactor.learn_url("http://[::1/x")


def test_what_header_lines_carry_is_known_from_then_on(redactor: Redactor) -> None:
    redactor.learn_headers(
        [
            ("Authorization", "Basic " + base64.b64encode(b"me:open-sesame").decode()),
            ("Proxy-Authorization", "Bearer ticket-0001"),
            ("Cookie", "sid=cookie-0001; other=cookie-0002"),
            ("Set-Cookie", "sid=cookie-0003; Path=/somewhere"),
            ("X-Api-Key", "key-000001"),
            ("Accept", "application/json"),
        ]
    )
    told = redactor.hide(
        "open-sesame ticket-0001 cookie-0001 cookie-0002 cookie-0003 key-000001 application/json /somewhere"
    )
    assert told == " ".join([HIDDEN] * 6) + " application/json /somewhere"


@pytest.mark.parametrize(
    "name",
    ["Cookie", "Set-Cookie", "Ocp-Apim-Subscription-Key", "X-Functions-Key", "X-Auth-Token", "apikey", "X-Api-Key",
     "X-CSRF-Token", "x-amz-security-token", "X-Mock-Token", "Proxy-Authorization"],
)  # fmt: skip
def test_headers_of_credentials_are_hidden_whole(name: str) -> None:
    assert header(name, "first second") == HIDDEN


def test_an_authorization_keeps_its_scheme_and_nothing_else() -> None:
    assert header("authorization", "Bearer abc def") == f"Bearer {HIDDEN}"
    assert header("authorization", "abc def") == HIDDEN
    assert header("authorization", "abc") == HIDDEN


@pytest.mark.parametrize(
    "name",
    ["Accept", "Idempotency-Key", "WWW-Authenticate", "Location", "ooapi-toets-rules", "ooapi-toets-sandbox", "ETag"],
)
def test_other_headers_stay(name: str) -> None:
    assert not is_secret_header(name)
    assert header(name, "first second") == "first second"


def test_words_of_the_outputs_themselves_stay(redactor: Redactor) -> None:
    redactor.learn("toetsafname", "not conformant")
    assert redactor.hide("toetsafname: not conformant, token=toetsafname") == (
        f"toetsafname: not conformant, token={HIDDEN}"
    )


def test_data_keeps_its_shape(redactor: Redactor) -> None:
    redactor.learn("the-secret")
    given = {"access_token": "x", "code": "7", "token": None, "a the-secret": ["the-secret", 1, {"b": "ok"}]}
    assert redactor.data(given) == {
        "access_token": HIDDEN,
        "code": "7",
        "token": None,
        f"a {HIDDEN}": [HIDDEN, 1, {"b": "ok"}],
    }


def test_what_is_known_is_bounded_and_can_be_forgotten(redactor: Redactor) -> None:
    for number in range(MOST + 1):
        redactor.learn(f"secret-{number:05}")
    later = MOST // 2
    assert redactor.hide(f"secret-{later:05} secret-00000") == f"secret-{later:05} {HIDDEN}"
    redactor.forget()
    assert redactor.hide("secret-00001") == "secret-00001"


@pytest.mark.parametrize("text", ["a." * 50_000, "x://" * 50_000, "token=" * 50_000, "a://b" * 50_000, "=" * 200_000])
def test_no_text_takes_long(redactor: Redactor, text: str) -> None:
    begun = time.perf_counter()
    redactor.hide(text)
    assert time.perf_counter() - begun < 2
