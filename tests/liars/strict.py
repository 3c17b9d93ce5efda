"""Liars that ask for more than the contract does, in either role."""

from __future__ import annotations

from mock_server.handling.messages import Request
from mock_server.roles.toets import toetsafname, toetsplanning
from mock_server.state.stores.protocol import Transaction
from ooapi_toets import editions
from ooapi_toets.editions.toets import SESSION
from ooapi_toets.samples import CONSUMER_KEY
from tests.liars.liar import AFNAME, PLANNING, Handlers, handler, handlers, talks
from tests.liars.parts import Result, own_consumer, refused
from tests.liars.talk import Ask, Reply, Road, problem

CREATED, TAKEN, LIST = "2.1-create-answers-200", "4.1-report-answers-200", "2.2-association-list-answers-200"
_KNOWN = frozenset(editions.load().contract.document["components"]["schemas"]["Offering"]["properties"])
_LATIN = 0x250
_LARGEST = 100_000


@talks(AFNAME, warns=CREATED)
async def charset_is_refused(ask: Ask, road: Road) -> Reply:
    """A body that is declared as JSON with a charset is refused with 415.

    Without a charset it is taken.
    """
    return problem(415, "JSON is expected") if "charset" in ask.header("content-type") else await road(ask)


charset_is_refused_at_planning = charset_is_refused.at(PLANNING, warns=TAKEN)


@handler(AFNAME, "putOffering", warns=CREATED)
def other_consumers_are_refused(tx: Transaction, request: Request) -> Result:
    """A session with attributes for another consumer as well is refused.

    With those for nl-test-admin alone it is taken.
    """
    if any(each["consumerKey"] != CONSUMER_KEY for each in request.value["consumers"]):
        return refused("There is one consumer only")
    return toetsafname.put_offering(tx, request)


@handler(PLANNING, "patchOffering", warns=TAKEN)
def other_consumers_of_a_report_are_refused(tx: Transaction, request: Request) -> Result:
    """A report with attributes for another consumer as well is refused.

    With those for nl-test-admin alone it is taken.
    """
    if any(each["consumerKey"] != CONSUMER_KEY for each in request.value["consumers"]):
        return refused("There is one consumer only")
    return toetsplanning.patch_offering(tx, request)


@handler(AFNAME, "putOffering", warns=CREATED)
def unknown_attributes_are_refused(tx: Transaction, request: Request) -> Result:
    """A session with an attribute that is not used here is refused.

    With those that are used it is taken.
    """
    if request.value.keys() - _KNOWN:
        return refused("There is an attribute too many")
    return toetsafname.put_offering(tx, request)


@handler(PLANNING, "patchOffering", warns="4.1-other-attributes-are-accepted")
def report_with_other_attributes_is_refused(tx: Transaction, request: Request) -> Result:
    """A report that names anything but offeringType and consumers is refused.

    With these two it is taken.
    """
    if request.value.keys() - {"offeringType", "consumers"}:
        return refused("There is an attribute too many")
    return toetsplanning.patch_offering(tx, request)


@talks(AFNAME, warns="2.1-sender-makes-the-id")
async def id_in_capitals_is_unknown(ask: Ask, road: Road) -> Reply:
    """A session is not found when its id is written in capitals.

    Written as it was sent, it is found.
    """
    identifier = [*ask.path.split("/"), "", ""][2]
    if ask.operation == "getOffering" and identifier != identifier.lower():
        return problem(404, "Unknown session")
    return await road(ask)


@handlers(AFNAME, fails="2.1-second-put-replaces-the-offering 2.1-repeat-changes-nothing")
def change_needs_a_version() -> Handlers:
    """A known session is refused with 428 unless the sender names the version that it knows.

    No source speaks of versions, so no sender does; both rules about sending again rest on its being taken.
    """

    def put(tx: Transaction, request: Request) -> Result:
        if tx.get(SESSION, request.value["offeringId"].lower()) is not None:
            return refused("If-Match is required", 428)
        return toetsafname.put_offering(tx, request)

    return {"putOffering": put}


@handler(AFNAME, "putAssociations", warns=LIST)
def only_latin_names_are_taken(tx: Transaction, request: Request) -> Result:
    """A name in another script than the Latin one is refused.

    Every accent is taken.
    """
    if not all(ord(letter) < _LATIN for name in _names(request) for letter in name):
        return refused("This name cannot be printed")
    return toetsafname.put_associations(tx, request)


@handler(AFNAME, "putAssociations", fails=LIST)
def accents_are_refused(tx: Transaction, request: Request) -> Result:
    """A name with an accent is refused.

    Names in plain letters are taken.
    """
    if not all(map(str.isascii, _names(request))):
        return refused("Letters from A to Z, please")
    return toetsafname.put_associations(tx, request)


@talks(AFNAME, warns="2.2-long-list-is-kept-whole")
async def large_body_is_413(ask: Ask, road: Road) -> Reply:
    """A body of more than 100 kB is refused, as some frameworks do until told otherwise.

    Smaller ones are taken.
    """
    return problem(413, "Too large") if len(ask.body) > _LARGEST else await road(ask)


@handler(PLANNING, "patchOffering", fails="4.1-many-documents")
def one_document_per_type(tx: Transaction, request: Request) -> Result:
    """Of several documents of one type the last is kept.

    Documents of different types are all kept.
    """
    report = own_consumer(request.value)
    if report.get("documents"):
        report["documents"] = list({each["documentType"]: each for each in report["documents"]}.values())
    return toetsplanning.patch_offering(tx, request)


def _names(request: Request) -> list[str]:
    people = request.value if isinstance(request.value, list) else [request.value]
    return [each["person"][name] for each in people for name in ("givenName", "surname")]
