"""Every exchange of a run as HAR 1.2, so that others can judge them too."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from io import StringIO
from urllib.parse import parse_qsl, urlsplit

import harfile
import orjson

from conformance.exchange import Exchange
from ooapi_toets import __version__
from ooapi_toets.masking import Masker, hide_secrets


def render(exchanges: Iterable[Exchange], masker: Masker | None) -> str:
    """The exchanges that got an answer, people and credentials masked unless there is no masker."""
    out = StringIO()
    creator = harfile.Creator(name="ooapi-toets", version=__version__)
    with harfile.HarFile.open(out, creator=creator) as har:
        for each in exchanges:
            if each.status is None:
                continue
            sent, answered = _body(each.request_body, masker), _body(each.body, masker)
            har.add_entry(
                startedDateTime=datetime.fromisoformat(each.started),
                time=each.elapsed_ms,
                request=harfile.Request(
                    method=each.method,
                    url=hide_secrets(each.url),
                    httpVersion="HTTP/1.1",
                    headers=_headers(each.request_headers, masker),
                    queryString=[
                        harfile.Record(name=name, value=value)
                        for name, value in parse_qsl(urlsplit(each.url).query, keep_blank_values=True)
                    ],
                    postData=harfile.PostData(mimeType=_sent_type(each), text=sent) if each.request_body else None,
                    bodySize=len(each.request_body),
                ),
                response=harfile.Response(
                    status=each.status,
                    statusText="",
                    httpVersion="HTTP/1.1",
                    headers=_headers(each.headers, masker),
                    content=harfile.Content(size=len(each.body), mimeType=each.header("content-type"), text=answered),
                    redirectURL=each.header("location"),
                    bodySize=len(each.body),
                ),
                timings=harfile.Timings(send=0, wait=each.elapsed_ms, receive=0),
                comment=f"{each.number} {each.scenario} {'valid' if each.meant_valid else 'invalid on purpose'}",
            )
    return out.getvalue()


def _headers(pairs: Iterable[tuple[str, str]], masker: Masker | None) -> list[harfile.Record]:
    kept = masker.headers(pairs) if masker else Masker.hide_credentials(pairs)
    return [harfile.Record(name=name, value=value) for name, value in kept]


def _sent_type(exchange: Exchange) -> str:
    return next((value for name, value in exchange.request_headers if name.lower() == "content-type"), "")


def _body(body: bytes, masker: Masker | None) -> str:
    if masker is not None:
        try:
            return orjson.dumps(masker.body(orjson.loads(body))).decode()
        except orjson.JSONDecodeError:
            pass
    return body.decode("utf-8", "replace")
