"""Decides which proxy of the environment a call goes through; one to this machine never goes through any."""

from __future__ import annotations

import importlib.util
import ipaddress
import os
import urllib.request
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ooapi_toets.errors import UsageError
from ooapi_toets.redaction import RUN

if TYPE_CHECKING:
    import httpx

_SOCKS = frozenset({"socks5", "socks5h"})
_KNOWN = frozenset({"http", "https"}) | _SOCKS


def mounts(*urls: str, **transport: Any) -> dict[str, httpx.BaseTransport]:
    """The `mounts` of an `httpx.Client` that calls these URLs; give it `trust_env=False` as well.

    Args:
        urls: Every URL that it will call; empty ones are left out.
        transport: How a transport through a proxy is made, such as `verify` and `limits`.

    Raises:
        UsageError: When a variable that applies to one of them cannot be used.
    """
    import httpx  # noqa: PLC0415 - settings and help must not wait for it

    return {where: httpx.HTTPTransport(proxy=proxy, **transport) for where, proxy in _routes(urls)}


def async_mounts(*urls: str, **transport: Any) -> dict[str, httpx.AsyncBaseTransport]:
    """The same for an `httpx.AsyncClient`."""
    import httpx  # noqa: PLC0415 - settings and help must not wait for it

    return {where: httpx.AsyncHTTPTransport(proxy=proxy, **transport) for where, proxy in _routes(urls)}


def proxy_for(url: str) -> str | None:
    """The URL of the proxy that a call goes through, or None.

    Args:
        url: What is called.

    Raises:
        UsageError: When the variable that applies cannot be used.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    if not host or is_this_machine(host) or _bypassed(host, parts.port):
        return None
    proxies = urllib.request.getproxies()
    for kind in (parts.scheme, "all"):
        if proxies.get(kind):
            return _usable(kind, proxies[kind].strip())
    return None


def is_this_machine(host: str) -> bool:
    """Whether a host is this machine by its very name or address (RFC 6761 section 6.3, RFC 6890)."""
    name = host.lower().rstrip(".")
    address = _address(name)
    return (
        name == "localhost"
        or name.endswith(".localhost")
        or bool(address and (address.is_loopback or not int(address)))
    )


def _routes(urls: Iterable[str]) -> Iterable[tuple[str, str]]:
    for url in filter(None, urls):
        if proxy := proxy_for(url):
            parts = urlsplit(url)
            host = parts.hostname or ""
            yield f"{parts.scheme}://{f'[{host}]' if ':' in host else host}", proxy


def _usable(kind: str, value: str) -> str:
    RUN.learn_url(value)
    name = next((each for each in (f"{kind}_proxy", f"{kind}_proxy".upper()) if os.environ.get(each)), f"{kind}_proxy")
    url = value if "://" in value else f"http://{value}"
    try:
        parts = urlsplit(url)
        known = parts.scheme in _KNOWN and bool(parts.hostname) and parts.port != 0
    except ValueError:
        known = False
    if not known:
        raise UsageError(
            f"The variable {name} is not the URL of a proxy.",
            "Write for instance http://proxy.example.org:3128, or name the host in NO_PROXY.",
        )
    if parts.scheme in _SOCKS and importlib.util.find_spec("socksio") is None:
        raise UsageError(
            f"The variable {name} names a SOCKS proxy, and this installation cannot speak SOCKS.",
            "Install the package socksio beside ooapi-toets, or name the host in NO_PROXY.",
        )
    return url


def _bypassed(host: str, port: int | None) -> bool:
    """Whether NO_PROXY names a host: as a name, the end of one, an address, or a range of addresses."""
    if urllib.request.proxy_bypass(f"{host}:{port}" if port else host):
        return True
    address = _address(host)
    for each in urllib.request.getproxies().get("no", "").split(","):
        form = each.strip().partition("://")[2] or each.strip()
        if form == "*":
            return True
        if address is not None:
            try:
                if address in ipaddress.ip_network(form.strip("[]"), strict=False):
                    return True
            except (ValueError, TypeError):
                continue
        elif (name := form.lstrip("*.").lower()) and f".{host.lower()}".endswith(f".{name}"):
            return True
    return False


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        return None
