"""Other habits than the plain system has, all of them within the contract."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime

from tests.honest.plain import PROBLEM, Call, Reply, System, Value, refusal

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}")
_MINUTES = re.compile(r"PT(\d+)M")


class Contrary(System):
    """A system that says everything in another way.

    It pages by ten whatever is asked, gives people as ids even when they are asked for, tells times in UTC
    with milliseconds, UUIDs in upper case and durations in hours, adds attributes of its own everywhere,
    says null where there is nothing, gives lists backwards, and answers what it takes with an empty body.
    """

    def page_asked(self, call: Call) -> tuple[int, int]:
        """Ten, and the page that was asked for."""
        call.query.pop("expand", None)
        number = call.query.get("pageNumber", "1")
        return 10, int(number) if number.isdigit() and 0 < len(number) < 9 and int(number) else 1

    def written(self, value: Value, *, new: bool = False) -> Reply:
        """Nothing."""
        del value, new
        return Reply(200)

    def shown(self, value: Value) -> Value:
        """The same in other words."""
        if isinstance(value, dict):
            said = {name: self.shown(each) for name, each in reversed(value.items())}
            if "offeringId" in value:
                said = {"modeOfDelivery": None, "otherCodes": None, "component": None, "organization": None} | said
            if "consumerKey" in value:
                said = {"documents": None, "irregularities": None, "personalNeeds": None} | said
            return {**said, "x-changed": "2027-01-01", "xOwn": {"list": [1, "two", None]}}
        if isinstance(value, list):
            return [self.shown(each) for each in reversed(value)]
        return _in_other_words(value) if isinstance(value, str) else value


class Warned(System):
    """A system that deviates wherever that is worth a warning and no more."""

    def let_in(self, call: Call) -> None:
        """Everybody; a method that is not served is simply not found."""
        if not any(method == call.method and path.fullmatch(call.path[6:]) for method, path, _ in self._routes):
            raise refusal(404, "Not found")

    def page_asked(self, call: Call) -> tuple[int, int]:
        """One page is enough."""
        del call
        return 1_000_000, 1

    def get_people(self, call: Call, identifier: str) -> Reply:
        """Everybody, as a bare list."""
        return Reply(200, super().get_people(call, identifier).value["items"])

    def delete_session(self, call: Call, identifier: str) -> Reply:
        """Gone is gone, whether it was there or not."""
        if identifier.lower() in self._sessions:
            super().delete_session(call, identifier)
        return Reply(204)

    def written(self, value: Value, *, new: bool = False) -> Reply:
        """201 for what is new, 204 for what is not."""
        return Reply(201, value) if new else Reply(204)

    def answer(self, call: Call) -> Reply:
        """Problems as plain JSON, and 422 for what is not right."""
        reply = super().answer(call)
        if reply.media_type == PROBLEM:
            status = {400: 422, 404: 410, 415: 400}.get(reply.status, reply.status)
            return Reply(status, {**reply.value, "status": str(status)}, "application/json; charset=utf-8")
        return reply


class Framework(System):
    """A system whose framework speaks before it does, and which is warned for that.

    Where nothing is served, or an id is no UUID, a web page says so; a method that is not known is not
    implemented. It serves no more than it must, never uses the id of a deleted session again, and makes
    the display name of a person itself.
    """

    def __init__(self, role: str, sessions: Iterable[Value] = ()) -> None:
        super().__init__(role, sessions, lacks=("post-offerings", "documents", "service"))
        self._deleted: set[str] = set()

    def answer(self, call: Call) -> Reply:
        """The framework's answer, or the system's."""
        place = call.path[6:]
        found = [method for method, path, _ in self._routes if path.fullmatch(place)]
        identifier = [*place.split("/"), "", ""][2]
        if not found or (identifier and not _UUID.fullmatch(identifier)):
            return _page(404)
        return super().answer(call) if call.method in found else _page(501)

    def put_session(self, call: Call) -> Reply:
        """Create a session or replace it; never under an id that was deleted."""
        message = self.message(call)
        if isinstance(message, dict) and str(message.get("offeringId")).lower() in self._deleted:
            raise refusal(409, "This session was deleted")
        return super().put_session(call)

    def delete_session(self, call: Call, identifier: str) -> Reply:
        """Forget a session, but for its id."""
        reply = super().delete_session(call, identifier)
        self._deleted.add(identifier.lower())
        return reply

    def shown(self, value: Value) -> Value:
        """The same, with another display name."""
        if isinstance(value, dict):
            said = {name: self.shown(each) for name, each in value.items()}
            return (
                {**said, "displayName": f"{value['givenName']} {value['surname']}"[:256]}
                if "surname" in value
                else said
            )
        return [self.shown(each) for each in value] if isinstance(value, list) else value


def _page(status: int) -> Reply:
    return Reply(status, b"<html><body>The framework speaks</body></html>", "text/html")


class ByTheLetter(System):
    """A system that takes a report for a merge patch by the letter of RFC 7396: consumers as a whole."""

    def merged(self, entry: Value, report: Value) -> Value:
        """The report, without what was there."""
        return {name: value for name, value in report.items() if value is not None} if report else entry


def _in_other_words(text: str) -> str:
    if _UUID.fullmatch(text):
        return text.upper()
    if _TIME.match(text):
        moment = datetime.fromisoformat(text).astimezone(UTC)
        return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    if minutes := _MINUTES.fullmatch(text):
        hours, rest = divmod(int(minutes[1]), 60)
        return f"PT{hours}H{rest}M"
    return text
