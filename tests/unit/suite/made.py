"""Exchanges that never took place, for tests of what is judged by them."""

from __future__ import annotations

from functools import partial

from conformance.evidence.exchange import Exchange
from ooapi_toets import Json, editions
from ooapi_toets.calls import Call
from ooapi_toets.strictjson import encode

EDITION = editions.load()
AFNAME, PLANNING = EDITION.roles
BASE = "https://toets.example.org/ooapi"


def exchange(
    call: Call,
    status: int | None = 200,
    answer: Json | bytes = None,
    *,
    media_type: str = "application/json",
    role: str = AFNAME,
    number: int = 1,
    started: str = "2027-01-18T09:00:00.000+00:00",
    headers: tuple[tuple[str, str], ...] = (),
) -> Exchange:
    """A call and its answer, as a check or a relay records them."""
    return Exchange(
        number=number,
        scenario="made by hand",
        operation_id=call.operation_id,
        method=call.method,
        url=BASE + call.path + ("?" + "&".join(f"{name}={value}" for name, value in call.query) if call.query else ""),
        request_headers=(),
        request_body=b"" if call.media_type is None else encode(call.body),
        started=started,
        elapsed_ms=1.0,
        status=status,
        headers=((("content-type", media_type),) if media_type else ()) + headers,
        body=answer if isinstance(answer, bytes) else encode(answer) if answer is not None else b"",
        failure="" if status else "no answer in time",
        meant_valid=True,
        ids=call.ids,
        meaning=partial(EDITION.meaning, role),
    )
