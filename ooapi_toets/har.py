"""Recorded exchanges as HAR 1.2, so that others can judge them too."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable
from datetime import datetime
from io import StringIO
from typing import TypeVar
from urllib.parse import parse_qsl

import harfile

from ooapi_toets import __version__
from ooapi_toets.evidence import Recorded, masked_text, shown
from ooapi_toets.masking import Masker
from ooapi_toets.redaction import RUN

R = TypeVar("R", bound=Recorded)


def render(exchanges: Iterable[R], masker: Masker | None, comment: Callable[[R], str]) -> str:
    """The exchanges that got an answer.

    Args:
        exchanges: What was recorded.
        masker: Masks people, or None to leave them; credentials are hidden in any case.
        comment: What to say of each.
    """
    out = StringIO()
    with harfile.HarFile.open(out, creator=harfile.Creator(name="ooapi-toets", version=__version__)) as har:
        for each in exchanges:
            if each.status is not None:
                har.add_entry(
                    startedDateTime=datetime.fromisoformat(each.started),
                    time=each.elapsed_ms,
                    request=_request(each, masker),
                    response=_response(each, each.status, masker),
                    timings=harfile.Timings(send=0, wait=each.elapsed_ms, receive=0),
                    comment=RUN.hide(comment(each)),
                )
    return out.getvalue()


def _request(each: Recorded, masker: Masker | None) -> harfile.Request:
    declared = shown(_header(each.request_headers, "content-type"), masker)
    url = shown(each.url, masker)
    query = parse_qsl(url.partition("?")[2].partition("#")[0], keep_blank_values=True)
    sent = masked_text(each.request_body, masker).decode("utf-8", "replace")
    return harfile.Request(
        method=each.method,
        url=url,
        httpVersion="HTTP/1.1",
        headers=_headers(each.request_headers, masker),
        queryString=[harfile.Record(name=name, value=value) for name, value in query],
        postData=harfile.PostData(mimeType=declared, text=sent) if each.request_body else None,
        bodySize=len(each.request_body),
    )


def _content(body: bytes, masker: Masker | None) -> tuple[str, str | None]:
    """The text of a body and how it is encoded; HAR holds text, so other bytes are base64."""
    shown = masked_text(body, masker)
    try:
        return shown.decode("utf-8"), None
    except UnicodeDecodeError:
        return base64.b64encode(shown).decode(), "base64"


def _response(each: Recorded, status: int, masker: Masker | None) -> harfile.Response:
    text, encoding = _content(each.body, masker)
    return harfile.Response(
        status=status,
        statusText="",
        httpVersion="HTTP/1.1",
        headers=_headers(each.headers, masker),
        content=harfile.Content(
            size=len(each.body),
            mimeType=shown(_header(each.headers, "content-type"), masker),
            text=text,
            encoding=encoding,
        ),
        redirectURL=shown(_header(each.headers, "location"), masker),
        bodySize=len(each.body),
    )


def _headers(pairs: Iterable[tuple[str, str]], masker: Masker | None) -> list[harfile.Record]:
    kept = masker.headers(pairs) if masker else Masker.hide_credentials(pairs)
    return [harfile.Record(name=name, value=value) for name, value in kept]


def _header(pairs: Iterable[tuple[str, str]], name: str) -> str:
    return next((value for key, value in pairs if key.lower() == name), "")
