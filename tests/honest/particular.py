"""A system that knows what makes sense: it refuses what could never be planned, and people who are two at once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta, timezone

from tests.honest.faults import in_participant, in_session
from tests.honest.plain import Call, Reply, System, Value, refusal

_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}")
_MINUTES = re.compile(r"PT(\d+)M")
_SUMMER = timezone(timedelta(hours=2))


class Particular(System):
    """A system that looks at what a message means, and keeps it in a form of its own.

    A session must end after it begins and last as long as it says; nobody's code or mail may be somebody
    else's, because people log in with these. Texts are kept in composed letters, times shown in summer time
    to the microsecond, numbers with a decimal point, and another consumer comes first. What was deleted is
    gone (410), and pages are as large as the system likes: `expand` it does not know.
    """

    def __init__(self, role: str, sessions: Iterable[Value] = ()) -> None:
        super().__init__(role, sessions)
        self._deleted: set[str] = set()
        self._logins: dict[Value, str] = {}

    def put_session(self, call: Call) -> Reply:
        """Create a session or replace it, if it makes sense."""
        message = self.message(call)
        self.must_be_right(in_session(message))
        self.must_be_right(_senseless(message))
        self._deleted.discard(message["offeringId"].lower())
        return super().put_session(call)

    def put_people(self, call: Call, identifier: str) -> Reply:
        """Take participants, if each of them is one person."""
        message = self.message(call)
        self.known(identifier)
        members = message if isinstance(message, list) else [message]
        self.must_be_right(fault for each in members for fault in in_participant(each))
        for person in (each["person"] for each in members):
            code = person["primaryCode"]
            for login in (person["mail"], (code["codeType"], code["code"])):
                if self._logins.setdefault(login, person["personId"].lower()) != person["personId"].lower():
                    raise refusal(409, "Somebody else logs in with this")
        return super().put_people(call, identifier)

    def delete_session(self, call: Call, identifier: str) -> Reply:
        """Forget a session, but for its id."""
        reply = super().delete_session(call, identifier)
        self._deleted.add(identifier.lower())
        return reply

    def known(self, identifier: str) -> str:
        """The key of a session that is there."""
        if identifier.lower() in self._deleted:
            raise refusal(410, "This session was deleted")
        return super().known(identifier)

    def page_asked(self, call: Call) -> tuple[int, int]:
        """Five, and the page that was asked for."""
        unknown = call.query.keys() - {"pageNumber", "pageSize"}
        number = call.query.get("pageNumber", "1")
        if unknown or not re.fullmatch("[1-9][0-9]{0,8}", number):
            raise refusal(400, "There is no such page")
        call.query["expand"] = "person"
        return 5, int(number)

    def shown(self, value: Value) -> Value:
        """The same in the forms of this system."""
        if isinstance(value, dict):
            said = {name: self.shown(each) for name, each in value.items()}
            if isinstance(said.get("consumers"), list):
                said["consumers"] = [{"consumerKey": "x-own", "seen": True}, *said["consumers"]]
            return said
        if isinstance(value, list):
            return [self.shown(each) for each in value]
        if isinstance(value, int) and not isinstance(value, bool):
            return float(value)
        return _kept(value) if isinstance(value, str) else value


def _senseless(message: Value) -> Iterator[str]:
    begins, ends = (datetime.fromisoformat(message[name]) for name in ("startDateTime", "endDateTime"))
    if ends <= begins:
        yield "a session ends after it begins"
    ours = next(each for each in message["consumers"] if each["consumerKey"] == "nl-test-admin")
    latest = ours.get("lastPossibleStartDateTime")
    if latest and not begins <= datetime.fromisoformat(latest) <= ends:
        yield "the last moment to begin is during the session"
    minutes = _MINUTES.fullmatch(ours.get("duration") or "")
    if minutes and begins + timedelta(minutes=int(minutes[1])) > ends:
        yield "a session lasts as long as it says"


def _kept(text: str) -> str:
    if _TIME.match(text):
        return datetime.fromisoformat(text).astimezone(_SUMMER).isoformat(timespec="microseconds")
    return unicodedata.normalize("NFC", text)
