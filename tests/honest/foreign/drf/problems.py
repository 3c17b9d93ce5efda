"""Turn what DRF raises into an error answer."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from rest_framework.response import Response
from rest_framework.views import exception_handler


def as_problem(error: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """Give a problem body for what DRF would answer in its own form."""
    answer = exception_handler(error, context)
    if isinstance(error, IntegrityError):
        return problem(400, "The data contradicts what is known here.")
    if answer is None:
        return None
    made = problem(answer.status_code, json.dumps(answer.data, default=str)[:1000])
    for name, value in answer.headers.items():
        if name.lower() not in {"content-type", "content-length"}:
            made[name] = value
    return made


def as_drf(error: Exception, context: dict[str, Any]) -> Response | None:
    """Give DRF's own JSON, with the status and title that a problem needs, under application/json."""
    answer = exception_handler(error, context)
    if isinstance(error, IntegrityError):
        answer = Response({"non_field_errors": ["The data contradicts what is known here."]}, 400)
    if answer is not None:
        told = answer.data if isinstance(answer.data, dict) else {"errors": answer.data}
        answer.data = {"status": answer.status_code, "title": HTTPStatus(answer.status_code).phrase, **told}
    return answer


def problem(status: int, detail: str) -> HttpResponse:
    """Make a problem body."""
    body = {"status": str(status), "title": HTTPStatus(status).phrase, "detail": detail}
    return HttpResponse(json.dumps(body), status=status, content_type="application/problem+json")


def not_found(_request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Answer a path that nothing is served at."""
    return problem(404, "Nothing is served here.")


def failed(_request: HttpRequest) -> HttpResponse:
    """Answer when something went wrong."""
    return problem(500, "Something went wrong.")
