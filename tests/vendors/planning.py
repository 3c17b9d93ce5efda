"""A scripted Toetsplanning: the five options of flow 2, right, and wrong in one way each."""

from __future__ import annotations

from typing import Any

from ooapi_toets import JsonObject
from ooapi_toets.samples import Maker, without
from tests.vendors.sending import Login, Manners, Sender

OK = 200


class Planning:
    """A Toetsplanning that does as the flows ask.

    Args:
        login: How it gets a token.
    """

    manners = Manners()

    def __init__(self, login: Login | None = None) -> None:
        self.sender = Sender(self.manners, login)
        self.make = Maker("a scripted planning system")
        self.url = ""
        self.offering: JsonObject = {}
        self.people: list[JsonObject] = []

    def perform(self, step: str, _session: str, url: str) -> None:
        """Perform a step."""
        self.url = url
        if step in {"2.1", "2.2", "2.3", "2.4", "2.5"}:
            getattr(self, f"option_{step[-1]}")()

    def option_1(self) -> None:
        """A session, and the same one again after it moved."""
        self.offering, self.people = self.make.offering(), []
        if self.put_session(self.offering) == OK:
            self.offering = {**self.offering, "endDateTime": "2031-03-04T13:00:00+01:00"}
            self.put_session(self.change(self.offering))

    def option_2(self) -> None:
        """Three students, and somebody who is invigilator and coordinator."""
        person = self.make.person("employee")
        staff = [self.make.association("invigilator", person), self.make.association("coordinator", self.again(person))]
        self.put_people([*self.make.students(3), *staff])

    def option_3(self) -> None:
        """The list, longer."""
        self.put_people([*self.people, self.make.association()])

    def option_4(self) -> None:
        """The list, shorter."""
        self.put_people(self.people[1:])

    def option_5(self) -> None:
        """The session goes."""
        self.sender.send("DELETE", f"{self.url}/offerings/{self.offering['offeringId']}")

    # -- what an erring one does otherwise -------------------------------------------------------------

    def put_session(self, offering: JsonObject) -> int:
        """Send a session; returns what was answered."""
        return self.sender.send("PUT", f"{self.url}/offerings", offering)

    def put_people(self, people: list[JsonObject]) -> None:
        """Send the list and remember it."""
        self.people = people
        self.sender.send("PUT", f"{self.url}/offerings/{self.offering['offeringId']}/associations", people)

    def change(self, offering: JsonObject) -> JsonObject:
        """A changed session, as it is sent."""
        return offering

    def again(self, person: JsonObject) -> JsonObject:
        """Somebody in another role."""
        return person


class SendsDeltas(Planning):
    """Adds by a list of only those who are new."""

    def option_3(self) -> None:
        self.put_people([self.make.association()])


class AssociatesFirst(Planning):
    """Registers students before the session."""

    def option_1(self) -> None:
        self.offering = self.make.offering()
        url = f"{self.url}/offerings/{self.offering['offeringId']}/associations"
        self.sender.send("PUT", url, self.make.students(1))
        self.put_session(self.offering)
        self.put_session(self.offering)


class NewIdsOnRetry(Planning):
    """Makes a new session of every try."""

    def put_session(self, offering: JsonObject) -> int:
        while (status := super().put_session(offering)) != OK:
            offering["offeringId"] = self.make.new_id()
        return status

    manners = Manners(tries=1)


class TwoOfOnePerson(Planning):
    """Sends somebody with other data in another role."""

    def again(self, person: JsonObject) -> JsonObject:
        return {**person, "surname": "Iemand-anders"}


class NewPersonPerRole(Planning):
    """Makes a new person id of the same person in another role."""

    def again(self, person: JsonObject) -> JsonObject:
        return {**person, "personId": self.make.new_id()}


class ChangesWithoutId(Planning):
    """Leaves the id out when a session has changed."""

    def change(self, offering: JsonObject) -> JsonObject:
        return without(offering, "offeringId")


class NoUuid(Planning):
    """Numbers its sessions."""

    def option_1(self) -> None:
        super().option_1()
        self.put_session(self.make.offering(offeringId="4711"))


class NoCode(Planning):
    """Leaves out what must be there."""

    def change(self, offering: JsonObject) -> JsonObject:
        return without(offering, "primaryCode")


class BlankInDate(Planning):
    """Writes a date and a time with a blank between them."""

    def change(self, offering: JsonObject) -> JsonObject:
        return {**offering, "endDateTime": offering["endDateTime"].replace("T", " ")}


class NoMail(Planning):
    """Sends people without mail."""

    def option_3(self) -> None:
        super().option_3()
        one = self.make.association()
        nameless = {**one, "person": without(one["person"], "mail")}
        url = f"{self.url}/offerings/{self.offering['offeringId']}/associations"
        self.sender.send("PUT", url, [*self.people, nameless])


class NewAssociationIds(Planning):
    """Makes new association ids of every list."""

    def option_3(self) -> None:
        renamed = [{**each, "associationId": self.make.new_id()} for each in self.people[1:]]
        self.put_people([self.people[0], *renamed, self.make.association()])
        super().option_3()


class GivesUp(Planning):
    """Never sends a message again."""

    manners = Manners(tries=1)


class Storms(Planning):
    """Sends again at once, over and over."""

    manners = Manners(storms=True, waits=False)


class Impatient(Planning):
    """Does not wait as long as it is told to."""

    manners = Manners(waits=False)


class KeepsItsToken(Planning):
    """Goes on with a token that has expired."""

    manners = Manners(refreshes=False)


class WrongPath(Planning):
    """Leaves a slash behind the path."""

    def option_1(self) -> None:
        super().option_1()
        self.sender.send("PUT", f"{self.url}/offerings/", self.offering)


class WrongMediaType(Planning):
    """Says that its JSON is text."""

    def option_1(self) -> None:
        super().option_1()
        self.sender.send("PUT", f"{self.url}/offerings", self.offering, "text/plain")


class CancelsInstead(Planning):
    """Cancels a session by a change where it should delete it."""

    def option_5(self) -> None:
        consumers: list[Any] = [{**each, "offeringState": "canceled"} for each in self.offering["consumers"]]
        self.put_session({**self.offering, "consumers": consumers})


class RemovesAsPublished(Planning):
    """Cancels somebody's part, as the published agreement has it."""

    def option_4(self) -> None:
        gone = {"associationType": "componentOfferingAssociation", "state": "canceled"}
        self.sender.send("PATCH", f"{self.url}/associations/{self.people[0]['associationId']}", gone)


class WithdrawsAsPublished(Planning):
    """Cancels a session by a patch, as the published agreement has it."""

    def option_5(self) -> None:
        consumers = [{"consumerKey": "nl-test-admin", "offeringState": "canceled"}]
        gone = {"offeringType": "component", "consumers": consumers}
        self.sender.send("PATCH", f"{self.url}/offerings/{self.offering['offeringId']}", gone)


class DeletesPeople(Planning):
    """Deletes somebody's part."""

    def option_4(self) -> None:
        session, one = self.offering["offeringId"], self.people[0]["associationId"]
        self.sender.send("DELETE", f"{self.url}/offerings/{session}/associations/{one}")
