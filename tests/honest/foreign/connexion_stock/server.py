"""Serve a role with a stock Connexion AsyncApp made from the OpenAPI document, over a dictionary.

Connexion validates with the schemas of the document and answers errors with its own problem bodies.

python server.py --role toetsafname --port 8000
"""

from __future__ import annotations

import argparse
import json
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import connexion
import yaml
from connexion.exceptions import BadRequestProblem, ProblemException
from connexion.lifecycle import ConnexionRequest, ConnexionResponse
from connexion.resolver import Resolver
from jsonschema import Draft4Validator

SPEC = Path(__file__).parents[4] / "spec" / "ooapi-toets.yaml"
SESSIONS = {
    "c0570000-0000-4000-8000-000000000001": "active",
    "c0570000-0000-4000-8000-000000000002": "active",
    "c0570000-0000-4000-8000-000000000003": "canceled",
}
Json = dict[str, Any]

Answer = tuple[Any, int, dict[str, str]]

offerings: dict[str, Json] = {}
people: dict[str, dict[str, Json]] = {}


@Draft4Validator.FORMAT_CHECKER.checks("uuid", raises=ValueError)
def _is_uuid(value: Any) -> bool:
    return not isinstance(value, str) or UUID(value).version is not None


@Draft4Validator.FORMAT_CHECKER.checks("date-time", raises=ValueError)
def _is_date_time(value: Any) -> bool:
    return not isinstance(value, str) or ("T" in value and datetime.fromisoformat(value).tzinfo is not None)


def _json(body: Any) -> Answer:
    """Say the media type: Connexion asks for it where the document names several."""
    return body, 200, {"Content-Type": "application/json"}


def _find(offering_id: str) -> str:
    key = offering_id.lower()
    if key not in offerings:
        raise ProblemException(status=404, title="Not Found", detail="No such session.")
    return key


async def get_service() -> Answer:
    """Say what is served here."""
    return _json(
        {
            "contactEmail": "beheer@example.org",
            "specification": "https://example.org/openapi.yaml",
            "documentation": "https://example.org/docs",
        }
    )


async def put_offering(body: Json) -> Answer:
    """Create or replace a session."""
    key = body["offeringId"].lower()
    offerings[key] = body
    people.setdefault(key, {})
    return _json(body)


async def get_offering(offering_id: str) -> Answer:
    """Show a session."""
    return _json(offerings[_find(offering_id)])


async def delete_offering(offering_id: str) -> tuple[object, int]:
    """Delete a session and everybody's part in it."""
    key = _find(offering_id)
    del offerings[key], people[key]
    return connexion.NoContent, 200


async def put_associations(offering_id: str, body: Any) -> Answer:
    """Replace everybody (a list), or add or update one (an object)."""
    key = _find(offering_id)
    sent = {each["associationId"].lower(): each for each in (body if isinstance(body, list) else [body])}
    if isinstance(body, list):
        if len(sent) < len(body):
            raise BadRequestProblem(detail="An associationId occurs twice.")
        people[key] = sent
    else:
        people[key].update(sent)
    return _json({"count": len(people[key])})


async def get_associations(offering_id: str, page_size: int = 10, page_number: int = 1, expand: str = "") -> Answer:
    """Show a page of those who take part."""
    everybody = list(people[_find(offering_id)].values())
    end = page_number * page_size
    page = everybody[end - page_size : end]
    shown = {
        "pageSize": page_size,
        "pageNumber": page_number,
        "hasPreviousPage": page_number > 1,
        "hasNextPage": end < len(everybody),
        "items": page if expand else [{**each, "person": each["person"]["personId"]} for each in page],
    }
    return _json(shown)


async def patch_offering(offering_id: str, body: Json) -> Answer:
    """Take the report of a session."""
    offering = offerings[_find(offering_id)]
    for sent in body.get("consumers", []):
        known = next((each for each in offering["consumers"] if each["consumerKey"] == sent["consumerKey"]), None)
        if known is None:
            offering["consumers"].append(sent)
        else:
            known.update(sent)
            for name in [name for name, value in known.items() if value is None]:
                del known[name]
    return _json(offering)


OPERATIONS = {
    "getService": get_service,
    "putOffering": put_offering,
    "getOffering": get_offering,
    "deleteOffering": delete_offering,
    "putAssociations": put_associations,
    "getAssociations": get_associations,
    "patchOffering": patch_offering,
}


def _document(role: str) -> Json:
    """Read the document, with what this role serves and without the security of another deployment."""
    document: Json = yaml.safe_load(SPEC.read_text())
    document.pop("security")
    document["servers"] = [{"url": "/ooapi"}]
    for path in list(document["paths"]):
        item = document["paths"][path]
        for method in [name for name in item if name != "parameters"]:
            if role not in item[method]["x-roles"] or item[method]["operationId"] not in OPERATIONS:
                del item[method]
        if set(item) <= {"parameters"}:
            del document["paths"][path]
    return document


def _not_readable(_request: ConnexionRequest, _error: Exception) -> ConnexionResponse:
    body = json.dumps({"status": 400, "title": "Bad Request", "detail": "The body cannot be read."})
    return ConnexionResponse(status_code=400, mimetype="application/problem+json", body=body)


def _begin() -> None:
    example = yaml.safe_load(SPEC.read_text())["components"]["examples"]["offeringMinimal"]["value"]
    for key, state in SESSIONS.items():
        ours = {"consumerKey": "nl-test-admin", "offeringState": state, "safety": ["fixedLocation"]}
        offerings[key] = {**example, "offeringId": key, "consumers": [ours]}
        people[key] = {}


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--role", choices=["toetsafname", "toetsplanning"], default="toetsafname")
    parser.add_argument("--port", type=int, default=8000)
    told = parser.parse_args()
    if told.role == "toetsplanning":
        _begin()
    app = connexion.AsyncApp("toets", pythonic_params=True)
    app.add_api(_document(told.role), resolver=Resolver(OPERATIONS.__getitem__), pythonic_params=True)
    for error in (ValueError, RecursionError):
        app.add_error_handler(error, _not_readable)
    app.run(port=told.port, log_level="warning")
