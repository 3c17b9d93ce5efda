"""A scripted Toetsafname: the mock serves its half, and it sends its reports itself, right or wrong in one way."""

from __future__ import annotations

import threading

import orjson

from mock_server.serving.server import MockServer
from ooapi_toets import JsonObject
from ooapi_toets.editions.toets import SESSION
from ooapi_toets.samples import Maker, report, with_consumer, without
from tests.vendors.sending import Login, Manners, Sender


class Afname:
    """A Toetsafname that does as the flows ask.

    Args:
        server: What serves its half.
        login: How it gets a token.
    """

    manners = Manners()

    def __init__(self, server: MockServer, login: Login | None = None) -> None:
        self.server = server
        self.sender = Sender(self.manners, login)
        self.make = Maker("a scripted test-taking system")

    def perform(self, _step: str, session: str, url: str) -> None:
        """Send the report of a session."""
        kinds = ("sessionReport", "attendanceReport")
        found: JsonObject = {
            "irregularities": "Een leerling kwam te laat (test)",
            "documents": [self.make.document(each) for each in kinds],
        }
        self.keep(session, found)
        self.send(url, session, self.message(found))

    def keep(self, session: str, found: JsonObject) -> None:
        """Show in its own reading what it is about to send."""
        with self.server.mock.store.begin(write=True) as tx:
            record = tx.get(SESSION, session.lower())
            assert record is not None
            tx.put(SESSION, session.lower(), orjson.dumps(with_consumer(orjson.loads(record), **found)))

    def message(self, found: JsonObject) -> JsonObject:
        """The report as it is sent."""
        return report(**found)

    def send(self, url: str, session: str, message: JsonObject) -> None:
        """Send it."""
        self.sender.send("PATCH", f"{url}/offerings/{session}", message)


class UnknownType(Afname):
    """Sends a document of a type of its own."""

    def message(self, found: JsonObject) -> JsonObject:
        return report(**{**found, "documents": [{**found["documents"][0], "documentType": "procesVerbaal"}]})


class NoOfferingType(Afname):
    """Leaves out the offeringType."""

    def message(self, found: JsonObject) -> JsonObject:
        return without(report(**found), "offeringType")


class NamelessDocument(Afname):
    """Leaves out the name of a document."""

    def message(self, found: JsonObject) -> JsonObject:
        return report(**{**found, "documents": [without(found["documents"][0], "documentName")]})


class SaysOtherwise(Afname):
    """Sends another text than it shows."""

    def message(self, found: JsonObject) -> JsonObject:
        return report(**{**found, "irregularities": "Geen bijzonderheden (test)"})


class ShowsOtherDocument(Afname):
    """Sends another document than it shows."""

    def message(self, found: JsonObject) -> JsonObject:
        return report(**{**found, "documents": [self.make.document()]})


class UnknownSession(Afname):
    """Reports on a session that nobody registered as well."""

    def send(self, url: str, session: str, message: JsonObject) -> None:
        super().send(url, session, message)
        super().send(url, self.make.new_id(), message)


class PutsIt(Afname):
    """Puts the report besides patching it."""

    def send(self, url: str, session: str, message: JsonObject) -> None:
        super().send(url, session, message)
        self.sender.send("PUT", f"{url}/offerings/{session}", message)


class GivesUp(Afname):
    """Never sends a report again."""

    manners = Manners(tries=1)


class Storms(Afname):
    """Sends again at once, over and over."""

    manners = Manners(storms=True, waits=False)


class NoDocuments(Afname):
    """Never has documents."""

    def perform(self, _step: str, session: str, url: str) -> None:
        found: JsonObject = {"irregularities": "Een leerling kwam te laat (test)"}
        self.keep(session, found)
        self.send(url, session, self.message(found))


class AttributesOfItsOwn(Afname):
    """Sends an attribute of its own that it does not show, and shows one that it does not send."""

    def keep(self, session: str, found: JsonObject) -> None:
        shown = [{**each, "size": 4711} for each in found["documents"]]
        super().keep(session, {**found, "documents": shown, "reportedBy": "somebody"})

    def message(self, found: JsonObject) -> JsonObject:
        sent = [{**each, "pages": 2} for each in found["documents"]]
        return report(**{**found, "documents": sent, "reportNumber": 12})


class ShowsLater(Afname):
    """Shows a second later in its own read what it has sent."""

    def keep(self, session: str, found: JsonObject) -> None:
        threading.Timer(1.0, super().keep, (session, found)).start()


class FirstDocumentOnly(Afname):
    """Sends the first of its documents."""

    def message(self, found: JsonObject) -> JsonObject:
        return report(**{**found, "documents": found["documents"][:1]})


class EmptyDocuments(Afname):
    """Sends an empty list of documents while its own read shows some."""

    def message(self, found: JsonObject) -> JsonObject:
        return report(**{**found, "documents": []})


class OneDocumentAMessage(Afname):
    """Sends each document in a report of its own."""

    def send(self, url: str, session: str, message: JsonObject) -> None:
        consumer = message["consumers"][0]
        for each in consumer["documents"]:
            one = report(irregularities=consumer["irregularities"], documents=[each])
            super().send(url, session, one)
