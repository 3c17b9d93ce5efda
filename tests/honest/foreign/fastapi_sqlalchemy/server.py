"""Serve a role with FastAPI, pydantic and SQLAlchemy: errors as problems (400), or as FastAPI gives them (422).

python server.py --role toetsafname --port 8000 [--stock-errors]
"""

from __future__ import annotations

import argparse
import math
from http import HTTPStatus
from typing import Annotated, Any, Literal
from uuid import UUID

import uvicorn
from fastapi import APIRouter, Body, Depends, FastAPI, HTTPException, Query, Request
from fastapi.exception_handlers import http_exception_handler
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from messages import AssociationIn, Offering, Report
from sqlalchemy import delete
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException as StarletteHTTPException
from tables import AssociationRow, OfferingRow, PersonRow, database

Database = Annotated[Session, Depends(database)]
SESSIONS = {
    "fa570000-0000-4000-8000-000000000001": "active",
    "fa570000-0000-4000-8000-000000000002": "active",
    "fa570000-0000-4000-8000-000000000003": "canceled",
}
"""The sessions that a planning system has to begin with."""

afname, planning, service = APIRouter(), APIRouter(), APIRouter()


class Problem(JSONResponse):
    """An error answer as the base standard has it."""

    media_type = "application/problem+json"


def _found(db: Session, offering_id: UUID) -> OfferingRow:
    row = db.get(OfferingRow, str(offering_id))
    if row is None:
        raise HTTPException(404, "No session has this id.")
    return row


def _keep(db: Session, offering: Offering) -> None:
    sent = offering.model_dump(mode="json", exclude_none=True)
    row = OfferingRow(
        id=sent.pop("offeringId"), start=sent.pop("startDateTime"), end=sent.pop("endDateTime"), details=sent
    )
    if known := db.get(OfferingRow, row.id):
        known.start, known.end, known.details = row.start, row.end, row.details
    else:
        db.add(row)


def _shown(row: OfferingRow) -> dict[str, Any]:
    return {"offeringId": row.id, "startDateTime": row.start, "endDateTime": row.end} | row.details


@afname.put("/offerings")
def put_offering(offering: Offering, db: Database) -> dict[str, Any]:
    """Create or replace a session."""
    _keep(db, offering)
    db.commit()
    return _shown(_found(db, offering.offeringId))


@afname.delete("/offerings/{offering_id}")
def delete_offering(offering_id: UUID, db: Database) -> dict[str, str]:
    """Delete a session with everybody's part in it."""
    db.delete(_found(db, offering_id))
    db.commit()
    return {"message": "deleted"}


@afname.get("/offerings/{offering_id}")
@planning.get("/offerings/{offering_id}")
def get_offering(offering_id: UUID, db: Database) -> dict[str, Any]:
    """Show a session."""
    return _shown(_found(db, offering_id))


@afname.put("/offerings/{offering_id}/associations")
def put_associations(
    offering_id: UUID, sent: Annotated[list[AssociationIn] | AssociationIn, Body()], db: Database
) -> dict[str, int]:
    """Replace everybody (a list), or add or update one (an object)."""
    offering = _found(db, offering_id)
    everybody = sent if isinstance(sent, list) else [sent]
    if len({each.associationId for each in everybody}) < len(everybody):
        raise HTTPException(400, "One associationId stands in the list twice.")
    if isinstance(sent, list):
        db.execute(delete(AssociationRow).where(AssociationRow.offering_id == offering.id))
    people: dict[str, PersonRow] = {}
    for number, each in enumerate(everybody):
        person = each.person.model_dump(mode="json")
        people[person["personId"]] = db.merge(
            PersonRow(
                id=person["personId"],
                given_name=person["givenName"],
                surname_prefix=person["surnamePrefix"],
                surname=person["surname"],
                display_name=person["displayName"],
                active=person["activeEnrollment"],
                mail=person["mail"],
                affiliations=person["affiliations"],
                codes={"primaryCode": person["primaryCode"], "otherCodes": person["otherCodes"]},
            )
        )
        plain = each.model_dump(mode="json", exclude_none=True)
        db.merge(
            AssociationRow(
                offering_id=offering.id,
                id=plain["associationId"],
                number=number,
                role=each.role,
                state=each.state,
                person_id=person["personId"],
                consumers=plain.get("consumers"),
            )
        )
    db.commit()
    return {"associations": len(everybody)}


@afname.get("/offerings/{offering_id}/associations")
def get_associations(
    offering_id: UUID,
    db: Database,
    size: Annotated[Literal["10", "20", "50", "100", "250"], Query(alias="pageSize")] = "10",
    page: Annotated[int, Query(alias="pageNumber", ge=1, le=2**31 - 1)] = 1,
    expand: str = "",
) -> dict[str, Any]:
    """Show a page of those who take part."""
    everybody = _found(db, offering_id).associations
    length = int(size)
    items = everybody[(page - 1) * length : page * length]
    return {
        "pageSize": length,
        "pageNumber": page,
        "hasPreviousPage": page > 1,
        "hasNextPage": page * length < len(everybody),
        "totalPages": math.ceil(len(everybody) / length),
        "items": [_association(each, whole="person" in expand.split(",")) for each in items],
    }


def _association(row: AssociationRow, *, whole: bool) -> dict[str, Any]:
    person = row.person
    shown = {
        "personId": person.id,
        "givenName": person.given_name,
        "surnamePrefix": person.surname_prefix,
        "surname": person.surname,
        "displayName": person.display_name,
        "activeEnrollment": person.active,
        "affiliations": person.affiliations,
        "mail": person.mail,
    } | person.codes
    return {
        "associationId": row.id,
        "associationType": "componentOfferingAssociation",
        "role": row.role,
        "state": row.state,
        "person": shown if whole else person.id,
        "consumers": row.consumers,
    }


@planning.patch("/offerings/{offering_id}")
def patch_offering(offering_id: UUID, report: Report, db: Database) -> dict[str, Any]:
    """Take the report of a session: what it names is replaced, the rest stays."""
    row = _found(db, offering_id)
    consumers = [dict(each) for each in row.details["consumers"]]
    for sent in report.model_dump(mode="json", exclude_unset=True).get("consumers") or []:
        known = next((each for each in consumers if each["consumerKey"] == sent["consumerKey"]), None)
        if known is None:
            consumers.append(sent)
        else:
            known.update(sent)
    row.details = row.details | {"consumers": consumers}
    db.commit()
    return _shown(row)


@service.get("/")
def get_service() -> dict[str, str]:
    """Say what is served here."""
    return {
        "contactEmail": "beheer@example.org",
        "specification": "https://example.org/openapi.json",
        "documentation": "https://example.org/docs",
    }


def _problem(status: int, detail: Any, headers: Any = None) -> Problem:
    body = {"status": str(status), "title": HTTPStatus(status).phrase, "detail": str(detail)}
    return Problem(body, status, headers=headers)


def _map_errors(app: FastAPI) -> None:
    @app.exception_handler(StarletteHTTPException)
    def _http(_request: Request, error: StarletteHTTPException) -> Problem:
        return _problem(error.status_code, error.detail, error.headers)

    @app.exception_handler(RequestValidationError)
    def _invalid(_request: Request, error: RequestValidationError) -> Problem:
        where = ("/".join(map(str, each["loc"])) + ": " + each["msg"] for each in error.errors())
        return _problem(400, "; ".join(where).encode("utf-8", "replace").decode()[:2000])


def _nearly_stock_errors(app: FastAPI) -> None:
    """Give FastAPI's own 422 and error list, with the status and title that a problem must have."""

    @app.exception_handler(StarletteHTTPException)
    async def _http(request: Request, error: StarletteHTTPException) -> Response:
        if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            return await http_exception_handler(request, error)
        body = {"status": error.status_code, "title": HTTPStatus(error.status_code).phrase, "detail": error.detail}
        return JSONResponse(body, error.status_code, headers=error.headers)

    @app.exception_handler(RequestValidationError)
    def _invalid(_request: Request, error: RequestValidationError) -> JSONResponse:
        errors = [{name: each[name] for name in ("type", "loc", "msg")} for each in error.errors()]
        return JSONResponse({"status": 422, "title": "Unprocessable Entity", "errors": errors}, 422)


def build(role: str, base: str, *, stock_errors: bool) -> FastAPI:
    """Build the application of a role under a base path."""
    app = FastAPI(title="Toets", docs_url=None, redoc_url=None)
    (_nearly_stock_errors if stock_errors else _map_errors)(app)
    for router in (afname if role == "toetsafname" else planning, service):
        app.include_router(router, prefix=base)
    if role == "toetsplanning":
        db = next(database())
        for offering_id, state in SESSIONS.items():
            _keep(db, _to_begin_with(offering_id, state))
        db.commit()
        db.close()
    return app


def _to_begin_with(offering_id: str, state: str) -> Offering:
    return Offering.model_validate(
        {
            "offeringId": offering_id,
            "primaryCode": {"codeType": "offeringCode", "code": f"FA-{offering_id[-2:]}"},
            "offeringType": "component",
            "name": [{"language": "nl-NL", "value": "Rekenen 3F"}],
            "description": [{"language": "nl-NL", "value": "Rekenen 3F, eerste kans"}],
            "teachingLanguage": "nld",
            "modeOfDelivery": ["online"],
            "resultExpected": True,
            "startDateTime": "2027-02-01T09:00:00+01:00",
            "endDateTime": "2027-02-01T11:00:00+01:00",
            "consumers": [
                {"consumerKey": "nl-test-admin", "offeringState": state, "duration": "PT90M", "locationCode": "B2"},
                {"consumerKey": "x-rooster", "slot": 3},
            ],
        }
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--role", choices=["toetsafname", "toetsplanning"], default="toetsafname")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--stock-errors", action="store_true")
    told = parser.parse_args()
    uvicorn.run(build(told.role, "/ooapi", stock_errors=told.stock_errors), port=told.port, log_level="warning")
