"""Planning systems that get one thing wrong which only the step that was asked for, or time, can show."""

from __future__ import annotations

from ooapi_toets.samples import without
from tests.vendors.planning import Planning
from tests.vendors.planning_habits import AddsAsObjects
from tests.vendors.sending import Manners, Sender


class InvalidThenList(Planning):
    """Registers a session without its code, and its students after it."""

    def option_1(self) -> None:
        super().option_1()
        broken = without(self.make.offering(), "primaryCode")
        self.put_session(broken)
        self.sender.send("PUT", f"{self.url}/offerings/{broken['offeringId']}/associations", self.make.students(1))


class LosesStaff(Planning):
    """Drops the staff when a student is added."""

    def option_3(self) -> None:
        students = [each for each in self.people if each["role"] == "student"]
        self.put_people([*students, self.make.association()])


class SwapsOne(Planning):
    """Drops one and adds another."""

    def option_3(self) -> None:
        self.put_people([*self.people[1:], self.make.association()])


class SendsPages(Planning):
    """Sends a longer list in pages, each as a list."""

    def option_3(self) -> None:
        everybody = [*self.people, self.make.association()]
        self.put_people(everybody[:3])
        self.put_people(everybody[3:])
        self.people = everybody


class ListsOfOne(Planning):
    """Sends every student as a list of one."""

    def option_2(self) -> None:
        for each in self.make.students(3):
            self.put_people([each])


class OtherPersonPerObject(AddsAsObjects):
    """Sends somebody with other data in another role, one by one."""

    def option_2(self) -> None:
        person = self.make.person("employee")
        self.put_one(self.make.association("invigilator", person))
        self.put_one(self.make.association("coordinator", {**person, "surname": "Iemand-anders"}))


class NewIdPerObject(AddsAsObjects):
    """Makes a new associationId for somebody who takes part already."""

    def option_3(self) -> None:
        super().option_3()
        self.put_one({**self.people[0], "associationId": self.make.new_id()})


class CancelsMembers(Planning):
    """Lets students leave by a list of those who leave, with state canceled."""

    def option_4(self) -> None:
        self.put_people([{**self.people[0], "state": "canceled"}])


class SameIdTwice(Planning):
    """Gives two participants of one list the same id."""

    def option_3(self) -> None:
        super().option_3()
        double = {**self.make.association(), "associationId": self.people[0]["associationId"]}
        self.sender.send(
            "PUT", f"{self.url}/offerings/{self.offering['offeringId']}/associations", [*self.people, double]
        )


class TokenInQuery(Planning):
    """Sends a token in the query."""

    def put_people(self, people: list[dict[str, object]]) -> None:
        self.people = people
        path = f"{self.url}/offerings/{self.offering['offeringId']}/associations"
        self.sender.send("PUT", f"{path}?access_token=fake-token", people)


class DeletesStrangers(Planning):
    """Deletes a session that it never sent."""

    def option_5(self) -> None:
        super().option_5()
        self.sender.send("DELETE", f"{self.url}/offerings/{self.make.new_id()}")


class GivesUpOne(Planning):
    """Sends two sessions, and never comes back for the one that failed."""

    def option_1(self) -> None:
        hasty = Sender(Manners(tries=1))
        hasty.send(
            "PUT",
            f"{self.url}/offerings",
            self.make.offering(primaryCode={"codeType": "offeringCode", "code": "other"}),
        )
        hasty.close()
        super().option_1()
