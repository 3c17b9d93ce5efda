"""Habits of honest planning systems, each of which was once accused or never conformant."""

from __future__ import annotations

import threading
import unicodedata

from ooapi_toets import JsonObject
from tests.vendors.planning import OK, Planning
from tests.vendors.sending import Login, Manners, Sender, TriggerFailureError


class Twins(Planning):
    """Plans one class in two sessions at once: while one waits to be sent again, the other is sent."""

    def option_1(self) -> None:
        self.offering, self.people = self.make.offering(), []
        twin = {**self.offering, "offeringId": self.make.new_id()}
        hasty = Sender(Manners(tries=1))
        first = hasty.send("PUT", f"{self.url}/offerings", self.offering)
        self.put_session(twin)
        hasty.close()
        if first != OK:
            self.put_session(self.offering)
        self.put_session(self.offering)


class OnePersonLoosely(Planning):
    """Says the same of somebody in two roles in other ways."""

    def option_2(self) -> None:
        person = self.make.person("employee", givenName="Zoë", surname="Café-Müller")
        other = {
            **person,
            "personId": person["personId"].upper(),
            "givenName": unicodedata.normalize("NFD", person["givenName"]),
            "affiliations": ["guest"],
            "otherCodes": [],
            "x-payroll": 12,
        }
        other.setdefault("surnamePrefix", "")
        staff = [self.make.association("invigilator", person), self.make.association("coordinator", other)]
        staff[1]["consumers"] = [{"consumerKey": "nl-test-admin"}]
        self.put_people([*self.make.students(3), *staff])


class SharedCode(Planning):
    """Gives two people of one household the same code."""

    def option_2(self) -> None:
        one = self.make.person()
        other = self.make.person(primaryCode=one["primaryCode"])
        self.put_people([self.make.association(person=each) for each in (one, other)])


class AddsAsObjects(Planning):
    """Registers and adds people one by one, as objects."""

    def option_2(self) -> None:
        for each in self.make.students(3):
            self.put_one(each)

    def option_3(self) -> None:
        self.put_one(self.make.association())

    def put_one(self, association: JsonObject) -> None:
        """Send one participant."""
        self.people = [*self.people, association]
        self.sender.send("PUT", f"{self.url}/offerings/{self.offering['offeringId']}/associations", association)


class Refills(Planning):
    """Empties the list and fills it anew whenever somebody is added."""

    def option_3(self) -> None:
        everybody = [*self.people, self.make.association()]
        self.put_people([])
        self.put_people(everybody)


class RegistersOnce(Planning):
    """Registers each session once, and nobody in two roles."""

    def option_1(self) -> None:
        self.offering, self.people = self.make.offering(), []
        self.put_session(self.offering)

    def option_2(self) -> None:
        self.put_people(self.make.students(3))


class DeletesAsWritten(Planning):
    """Deletes at the path that flow 2 writes, without an id."""

    def option_5(self) -> None:
        self.sender.send("DELETE", f"{self.url}/ziting")


class AmongStrangers(Planning):
    """Is called by a browser and a load balancer as well, whose calls are not its own."""

    def option_1(self) -> None:
        super().option_1()
        origin = self.url.removesuffix("/ooapi")
        for method, url in (
            ("GET", f"{origin}/favicon.ico"),
            ("GET", f"{origin}/health"),
            ("HEAD", f"{origin}/"),
            ("OPTIONS", f"{self.url}/offerings"),
        ):
            self.sender.send(method, url)


class Leisurely(Planning):
    """Answers its trigger at once and sends people one by one afterwards."""

    def __init__(self, login: Login | None = None) -> None:
        super().__init__(login)
        self._pause = threading.Event()

    def option_2(self) -> None:
        threading.Thread(target=self._loop, args=(self.offering["offeringId"], self.make.students(4))).start()

    def option_3(self) -> None:
        self.put_people([*self.people, self.make.association()])

    def _loop(self, session: str, people: list[JsonObject]) -> None:
        for each in people:
            self.people = [*self.people, each]
            self.sender.send("PUT", f"{self.url}/offerings/{session}/associations", each)
            self._pause.wait(0.1)


class SaysThatItFailed(Planning):
    """Reports through its trigger that a call did not succeed at once, and sends it again by itself."""

    def put_session(self, offering: JsonObject) -> int:
        hasty = Sender(Manners(tries=1))
        status = hasty.send("PUT", f"{self.url}/offerings", offering)
        hasty.close()
        if status == OK:
            return status
        threading.Thread(target=super().put_session, args=(offering,)).start()
        raise TriggerFailureError
