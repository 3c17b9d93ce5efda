"""What a hostile or broken client sends, as bytes: each kind is a function of a dice to one attack."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ooapi_toets.samples import Maker

KNOWN = "7e570000-0000-4000-8000-0000000000aa"
"""A session that is registered before the first attack."""
OFFERING, PEOPLE = f"/ooapi/offerings/{KNOWN}", f"/ooapi/offerings/{KNOWN}/associations"
_LARGEST = 10_000_000
_make = Maker(7)


@dataclass(frozen=True)
class Attack:
    """Bytes for one connection.

    Attributes:
        parts: What is sent, piece by piece.
        leaves: Whether the client goes away without waiting for an answer.
        breaks: Whether it goes with a reset instead of in good order.
    """

    parts: tuple[bytes, ...]
    leaves: bool = False
    breaks: bool = False


Dice = random.Random
Kind = Callable[[Dice], Attack]


def request(
    method: str = "PUT",
    target: str | bytes = "/ooapi/offerings",
    body: bytes = b"",
    headers: tuple[tuple[str, str | bytes], ...] = (("Content-Type", "application/json"),),
    length: str | None = None,
) -> bytes:
    """A request with the framing that a client would give it; the connection closes after the answer."""
    lines = [method.encode("latin-1") + b" " + _bytes(target) + b" HTTP/1.1", b"Host: 127.0.0.1", b"Connection: close"]
    lines += [_bytes(name) + b": " + _bytes(value) for name, value in headers]
    lines.append(f"Content-Length: {len(body) if length is None else length}".encode())
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("latin-1")


def _target(dice: Dice) -> tuple[str, str]:
    return dice.choice((("PUT", "/ooapi/offerings"), ("PUT", PEOPLE), ("POST", "/ooapi/offerings")))


def deep(dice: Dice) -> Attack:
    """JSON nested without end, closed or not."""
    depth = dice.choice((10, 250, 254, 255, 256, 1000, 5000, 100_000))
    opening, closing = dice.choice(((b"[", b"]"), (b'{"a":', b"}"), (b'[{"consumers":', b"}]")))
    body = opening * depth + b"1" + (closing * depth if dice.random() < 0.7 else b"")
    method, target = _target(dice)
    return Attack((request(method, target, body),))


def huge(dice: Dice) -> Attack:
    """A body that is too large, or says so."""
    if dice.random() < 0.95:
        length = dice.choice((str(_LARGEST + 1), "99999999999", "9" * 30, "9" * 5000, "-1", "0x10", "1e9", "+5", " 7"))
        return Attack((request(length=length),), leaves=length in {" 7", "+5"})
    size = dice.choice((_LARGEST - 100, _LARGEST + 1, _LARGEST + 100_000))
    return Attack((request(body=b'{"name":"' + b"x" * (size - 11) + b'"}'),))


def truncated(dice: Dice) -> Attack:
    """A request that breaks off somewhere."""
    whole = request(body=json.dumps(_make.offering()).encode())
    return Attack((whole[: dice.randrange(1, len(whole))],), leaves=True, breaks=dice.random() < 0.5)


def encodings(dice: Dice) -> Attack:
    """Bytes that are no UTF-8, or something else than JSON says."""
    text = json.dumps(_make.offering())
    body = dice.choice(
        (
            dice.randbytes(dice.randrange(1, 2000)),
            text.encode("utf-16"),
            text.encode("utf-32"),
            b"\xef\xbb\xbf" + text.encode(),
            text.replace("Rekenen", "\\ud800").encode(),
            text.encode().replace(b"test", b"\xc3\x28"),
            text.encode().replace(b"test", b"\xed\xa0\x80"),
            text.encode().replace(b"test", b"\\u0000"),
            text.encode().replace(b"test", b"\x00"),
            b"\x1f\x8b\x08" + dice.randbytes(50),
        )
    )
    kind = dice.choice(
        (
            b"application/json",
            b"application/json; charset=utf-16",
            b"text/plain",
            b"\xff\xfe",
            b"application/json, text/html",
            b"multipart/form-data; boundary=" + b"x" * 100,
        )
    )
    headers: tuple[tuple[str, str | bytes], ...] = (("Content-Type", kind),)
    if dice.random() < 0.3:
        headers += (("Content-Encoding", dice.choice(("gzip", "br", "zstd", "identity, gzip"))),)
    method, target = _target(dice)
    return Attack((request(method, target, body, headers),))


def numbers(dice: Dice) -> Attack:
    """What parsers disagree about."""
    odd = dice.choice(
        (
            *(b"NaN", b"Infinity", b"-Infinity", b"1e999", b"-1e999", b"1" * 400, b"1" * 10_000, b"-0", b"01", b"1."),
            *(b"0x1F", b"true", b"null", b"undefined", b"[]", b"{}", b'"\\x41"', b"'x'", b"1,", b"1 2", b"/* */ 1"),
        )
    )
    text = json.dumps(_make.offering()).encode()
    body = dice.choice(
        (
            text.replace(b"true", odd, 1),
            text[:-1] + b', "resultExpected": false}',
            text[:-1] + b', "resultExpected\\u0000": ' + odd + b"}",
            text[:-1] + b", }",
            odd,
            b'{"offeringId": "' + KNOWN.encode() + b'", "offeringId": ' + odd + b"}",
            b"[" + odd + b"]",
        )
    )
    method, target = _target(dice)
    return Attack((request(method, target, body),))


def methods(dice: Dice) -> Attack:
    """Methods that nobody serves, or that are none."""
    method = dice.choice(
        (
            *(
                "TRACE",
                "CONNECT",
                "OPTIONS",
                "HEAD",
                "PROPFIND",
                "put",
                "PuT",
                "",
                " ",
                "\x00",
                "GET\t",
                "PRI",
                "QUERY",
            ),
            *("X" * 5000, "M-SEARCH", "PURGE", "LOCK", "\xff", "G E T"),
        )
    )
    return Attack((request(method, dice.choice(("/ooapi/offerings", OFFERING, PEOPLE, "*", "/"))),))


def paths(dice: Dice) -> Attack:
    """Paths that lead nowhere, or look as if they led elsewhere."""
    raw = "".join(chr(dice.randrange(33, 256)) for _ in range(dice.randrange(1, 60)))
    target = dice.choice(
        (
            *("/ooapi/offerings/%00", "/ooapi/offerings/%ff%fe", "/ooapi//offerings", "/ooapi/../../etc/passwd", "//"),
            *("/ooapi/offerings/" + "a" * 20_000, "http://elsewhere.example.org/ooapi/offerings", "*", "/ooapi/.."),
            *("/s//ooapi/offerings", "/s/../ooapi/", "/s/" + "n" * 200 + "/ooapi/offerings", "/s/a%2Fb/ooapi/", "/s/"),
            *("/ooapi/offerings/%E2%82%AC", f"{OFFERING}/", f"{OFFERING};x=1", f"{OFFERING}%20", f"{OFFERING}#x"),
            *(f"{PEOPLE}?pageNumber={'9' * 5000}", f"{PEOPLE}?pageSize=-1", f"{PEOPLE}?pageNumber=%C2%B2", "/%"),
            *(f"{PEOPLE}?pageNumber=2147483647&pageSize=250", f"{PEOPLE}?{'a=1&' * 5000}", f"{PEOPLE}?%00=%00&&&=;;"),
            *("/ooapi/documents/%00", "/ooapi/documents/%22", "/ooapi/documents/..%2f..", "/oauth2/token", "/%2e%2e/"),
            "/" + raw,
            f"/ooapi/offerings/{raw}",
            f"/s/{raw}/ooapi/offerings",
        )
    )
    return Attack((request(dice.choice(("GET", "PUT", "DELETE", "PATCH", "HEAD")), target),))


def headers(dice: Dice) -> Attack:
    """Floods of header lines, and lines that are none."""
    many = tuple((f"X-{number}", "v" * dice.randrange(50)) for number in range(dice.choice((50, 500, 5000))))
    odd: tuple[tuple[str, str | bytes], ...] = dice.choice(
        (
            many,
            (("X-Long", "v" * dice.choice((1000, 60_000, 70_000, 1_000_000))),),
            (("Transfer-Encoding", "chunked"),),
            (("Transfer-Encoding", "identity, chunked"),),
            (("Content-Length", "5"),),
            (("Host", "elsewhere.example.org"), ("Host", "")),
            (("Authorization", b"Bearer \xff\xfe\x00"),),
            (("Authorization", "Basic " + "!" * 500),),
            (("X", b"a\r\n folded"),),
            (("X", b"a\x00b"),),
            (("", "no name"),),
            (("Bad Name", "x"),),
            (("Expect", "100-continue"),),
            (("Expect", "999-nothing"),),
            (("Upgrade", "websocket"), ("Connection", "Upgrade"), ("Sec-WebSocket-Key", "x")),
            (("Ooapi-Toets-Sandbox", b"\xff\xfe"),),
            (("Ooapi-Toets-Sandbox", "../" * 20),),
            (("Range", "bytes=0-0,-1"), ("If-None-Match", "*"), ("TE", "trailers")),
        )
    )
    body = json.dumps(_make.offering()).encode()
    kind: tuple[tuple[str, str | bytes], ...] = (("Content-Type", "application/json"),)
    # Some of these leave it open where the message ends, and then nobody would say anything for a long time.
    return Attack((request(body=body, headers=kind + odd),), leaves=dice.random() < 0.5)


def chunks(dice: Dice) -> Attack:
    """Chunked bodies that are broken."""
    head = (
        b"PUT /ooapi/offerings HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
        b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    body = dice.choice(
        (
            *(
                b"-1\r\nx\r\n0\r\n\r\n",
                b"zz\r\nx\r\n",
                b"ffffffffffffffffffff\r\nx",
                b"5\r\n123\r\n0\r\n\r\n",
                b"0\r\n\r\n",
            ),
            *(
                b"1;" + b"e=1;" * 5000 + b"\r\n{\r\n0\r\n\r\n",
                b"1\r\n{\r\n" * 2000 + b"0\r\n\r\n",
                b"0\r\nX: y\r\n\r\n",
            ),
            *(
                b"7fffffffffffffff\r\n{",
                b"\r\n\r\n",
                b"1\n{\n0\n\n",
                b"1\r\n{" + b"x" * 50,
                b"0x5\r\nhello\r\n0\r\n\r\n",
            ),
        )
    )
    return Attack((head, body), leaves=True, breaks=dice.random() < 0.3)


def slow(dice: Dice) -> Attack:
    """A sender that dribbles and gives up."""
    whole = request(body=json.dumps(_make.offering()).encode())
    end = dice.randrange(1, min(200, len(whole)))
    return Attack(tuple(whole[at : at + 1] for at in range(end)), leaves=True, breaks=dice.random() < 0.5)


def pipelined(dice: Dice) -> Attack:
    """Good requests with rubbish between them, in one go."""
    good = request("GET", OFFERING).replace(b"Connection: close\r\n", b"")
    rubbish = dice.choice(
        (b"", b"\r\n\r\n", b"\x00" * 100, dice.randbytes(200), b"GET / HTTP/9.9\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n")
    )
    return Attack((good * dice.randrange(1, 40) + rubbish + request("GET", OFFERING),), leaves=dice.random() < 0.3)


def mutated(dice: Dice) -> Attack:
    """A good message in which one thing, or a few, are of another kind."""
    method, target, message = dice.choice(
        (
            ("PUT", "/ooapi/offerings", _make.offering()),
            ("PUT", PEOPLE, _make.students(dice.randrange(1, 4))),
            ("PUT", PEOPLE, _make.association("invigilator")),
            ("POST", "/ooapi/offerings", _make.minimal_offering()),
        )
    )
    for _ in range(dice.randrange(1, 4)):
        message = _changed(message, dice)
    return Attack((request(method, target, json.dumps(message).encode("utf-8", "surrogatepass")),))


_ODD: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 2**31, 2**63, 2**64, 1e308, "", " ", "\x00", "\ud83d\ude00", "a" * 5000, [], {}, [[]]),
    *(
        [None],
        {"": ""},
        {"consumerKey": None},
        "2026-13-45T99:99:99Z",
        "2026-01-01 09:00:00",
        "PT",
        "P1Y",
        "../..",
        "%00",
    ),
)


def _changed(value: Any, dice: Dice) -> Any:
    """The value with something odd somewhere in it."""
    if dice.random() < 0.25 or not value or not isinstance(value, dict | list):
        return dice.choice(_ODD)
    if isinstance(value, list):
        at = dice.randrange(len(value))
        return [_changed(each, dice) if index == at else each for index, each in enumerate(value)]
    name = dice.choice(sorted(value))
    if dice.random() < 0.2:
        return {key: each for key, each in value.items() if key != name}
    return {**value, name: _changed(value[name], dice)}


_CONTROL = (
    *("verify", "verify/sequence", "requests/find", "validate", "snapshots", "faults", "tokens"),
    *(
        "requests/find?limit=1000",
        "requests/1/replay",
        "seeds/basic",
        "snapshots/x/restore",
        "flows/2.1/run",
        "flows/9/run",
    ),
)
_READ = (
    *("requests", "requests/1", "requests/%C2%B2", "requests/" + "9" * 5000, "requests/1/curl", "requests/2/explain"),
    *("state/%00", "state/x/history", "faults/x", "flows/x", "runs/-1", "sandboxes/%00", "page/..%2fapp.py", "nowhere"),
    *(
        "requests?limit=-1",
        "requests?limit=" + "9" * 5000,
        "requests?since=x",
        "requests?nothing=1",
        "coverage",
        "report",
    ),
    *("requests?sandbox=../..", "requests?path=%FF", "requests?order=up", "requests?text=%00", "requests.har", "info"),
)


def control(dice: Dice) -> Attack:
    """Nonsense for the control API; nothing in it is a fault that the mock would then rightly play."""
    if dice.random() < 0.5:
        return Attack((request(dice.choice(("GET", "DELETE", "PATCH", "HEAD")), "/_mock/" + dice.choice(_READ)),))
    value: Any = dice.choice(
        (
            *_ODD,
            *({"criteria": _nonsense(dice)}, {"criteria": {}, "times": _nonsense(dice)}, [_nonsense(dice)]),
            *({"name": _nonsense(dice)}, {"preset": dice.choice(([], {}, 1, "none"))}, {"session": _nonsense(dice)}),
            *(
                {
                    "match": _nonsense(dice),
                    "action": dice.choice((1, [], {"drip": "x"}, {"delay": []}, {"status": 99})),
                },
            ),
            *({"method": _nonsense(dice), "path": _nonsense(dice), "body": _nonsense(dice)},),
            *({"scopes": _nonsense(dice), "ttl": _nonsense(dice)}, {"offerings": _nonsense(dice)}),
        )
    )
    target = "/_mock/" + dice.choice(_CONTROL)
    return Attack((request("POST", target, json.dumps(value).encode("utf-8", "surrogatepass")),))


def _nonsense(dice: Dice) -> Any:
    name = dice.choice(("method", "status", "since", "body", "headers", "text", "path", "exactly", "nothing"))
    return dice.choice((*_ODD, {name: dice.choice(_ODD)}, {name: {"matches": dice.choice(("(", "[", "a+", 1, None))}}))


KINDS: tuple[Kind, ...] = (
    deep, huge, truncated, encodings, numbers, methods, paths, headers, chunks, slow, pipelined, mutated, control,
)  # fmt: skip
"""Every kind of attack, one as likely as the other."""
