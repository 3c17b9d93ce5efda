"""Which calls go through a proxy of the environment, and what is said of one that cannot be used."""

from __future__ import annotations

import importlib.util

import httpx
import pytest

from ooapi_toets.errors import UsageError
from ooapi_toets.proxies import async_mounts, is_this_machine, mounts, proxy_for

AWAY = "http://api.example.org/x"
_ALL = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in _ALL:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "localhost", "LOCALHOST.", "a.localhost", "[::1]", "[::]"])
def test_this_machine_is_never_reached_through_a_proxy(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for value in ("http://127.0.0.1:9", "socks5://x", "what is this"):
        monkeypatch.setenv("HTTP_PROXY", value)
        monkeypatch.setenv("ALL_PROXY", value)
        assert proxy_for(f"http://{host}:8080/ooapi") is None


@pytest.mark.parametrize("host", ["localhost.example.org", "10.0.0.1", "", "x", "128.0.0.1", "[fe80::1]"])
def test_others_are_not_this_machine(host: str) -> None:
    assert not is_this_machine(host)


def test_the_variable_of_the_scheme_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "http://all.example.org:1")
    assert proxy_for(AWAY) == "http://all.example.org:1"
    monkeypatch.setenv("HTTP_PROXY", "plain.example.org:2")
    assert proxy_for(AWAY) == "http://plain.example.org:2"
    assert proxy_for("https://api.example.org") == "http://all.example.org:1"


@pytest.mark.parametrize(
    "form",
    ["*", "api.example.org", ".example.org", "example.org", "*.example.org", " x , example.org ", "http://api.example.org",
     "EXAMPLE.ORG", "[::1,example.org", "10.0.0.0/8,api.example.org"],
)  # fmt: skip
def test_no_proxy_may_have_any_form(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example.org:3128")
    monkeypatch.setenv("NO_PROXY", form)
    assert proxy_for(AWAY) is None
    if form != "*":
        assert proxy_for("http://badexample.org/")


def test_no_proxy_may_name_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example.org:3128")
    monkeypatch.setenv("NO_PROXY", "10.0.0.0/8, fe80::/10, [fd00::1]")
    assert proxy_for("http://10.1.2.3/") is None
    assert proxy_for("http://[fe80::7]/") is None
    assert proxy_for("http://[fd00::1]/") is None
    assert proxy_for("http://11.1.2.3/")


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
@pytest.mark.parametrize(
    "value", ["gopher://me:open-sesame@x", "http://", "http://[::1", "http://x:99999", "socks4://x"]
)
def test_a_proxy_that_cannot_be_used_is_named_by_its_variable(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(UsageError, match=name) as refused:
        mounts(AWAY)
    assert "sesame" not in str(refused.value)


def test_a_socks_proxy_needs_a_package_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    monkeypatch.setenv("ALL_PROXY", "socks5://localhost:1080")
    with pytest.raises(UsageError, match="ALL_PROXY names a SOCKS proxy"):
        mounts(AWAY)


def test_only_what_is_called_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "what is this")
    assert mounts("", "http://127.0.0.1:8080") == {}


def test_each_url_goes_its_own_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example.org:3128")
    found = mounts("http://127.0.0.1:1/x", AWAY, "http://[fe80::1]:8/")
    assert set(found) == {"http://api.example.org", "http://[fe80::1]"}
    with httpx.Client(trust_env=False, mounts=found) as client:
        ways = [client._transport_for_url(httpx.URL(url)) for url in ("http://127.0.0.1:1/x", f"{AWAY}?y")]  # noqa: SLF001 - what decides
    assert ways[0] is not found["http://api.example.org"]
    assert ways[1] is found["http://api.example.org"]
    assert set(async_mounts(AWAY)) == {"http://api.example.org"}
