"""Liars about what texts, names, times and numbers become on their way through a system, in either role."""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import replace

from mock_server.handling.messages import Request
from mock_server.roles.toets import toetsafname, toetsplanning
from mock_server.state.stores.protocol import Transaction
from ooapi_toets import Json, JsonObject
from tests.liars.liar import AFNAME, PLANNING, handler, talks
from tests.liars.parts import Result, own_consumer, saying
from tests.liars.talk import Ask, Reply, Road

ANSWERS = "http-answers-follow-the-contract"
PEOPLE = "2.2-people-read-back-as-sent"


@handler(AFNAME, "putOffering", fails="2.1-reads-back-as-sent")
def texts_are_html_escaped(tx: Transaction, request: Request) -> Result:
    """An ampersand in the name of a session is kept as it is written in HTML.

    Names without one come back as sent.
    """
    names = [{**each, "value": html.escape(each["value"])} for each in request.value["name"]]
    return toetsafname.put_offering(tx, saying(request, {**request.value, "name": names}))


@handler(PLANNING, "patchOffering", fails="4.1-report-reads-back-as-sent")
def irregularities_are_html_escaped(tx: Transaction, request: Request) -> Result:
    """An ampersand in the irregularities is kept as it is written in HTML.

    Texts without one come back as sent.
    """
    report = own_consumer(request.value)
    if report.get("irregularities"):
        report["irregularities"] = html.escape(report["irregularities"])
    return toetsplanning.patch_offering(tx, saying(request, request.value))


@handler(PLANNING, "patchOffering", fails="4.1-report-reads-back-as-sent")
def document_names_are_tidied(tx: Transaction, request: Request) -> Result:
    """Blanks in the name of a document become underscores, as file systems like them.

    All else of a document is kept.
    """
    for each in own_consumer(request.value).get("documents") or []:
        each["documentName"] = each["documentName"].replace(" ", "_")
    return toetsplanning.patch_offering(tx, saying(request, request.value))


@handler(PLANNING, "patchOffering", fails="4.1-null-removes")
def null_becomes_a_word(tx: Transaction, request: Request) -> Result:
    """Irregularities sent as null read as the word null.

    Other words take their place.
    """
    report = own_consumer(request.value)
    if report.get("irregularities", "") is None:
        report["irregularities"] = "null"
    return toetsplanning.patch_offering(tx, saying(request, request.value))


@handler(AFNAME, "putAssociations", fails=PEOPLE)
def emoji_are_lost(tx: Transaction, request: Request) -> Result:
    """Letters beyond the first 65,536 become question marks, as in a database of three bytes a letter.

    Every other letter is kept.
    """
    return toetsafname.put_associations(tx, _people(request, lambda text: "".join(map(_basic, text))))


@handler(AFNAME, "putAssociations", fails=PEOPLE)
def long_names_are_cut(tx: Transaction, request: Request) -> Result:
    """Of a name the first hundred letters are kept; the contract allows 256.

    Shorter ones are kept whole.
    """
    return toetsafname.put_associations(tx, _people(request, lambda text: text[:100]))


@handler(AFNAME, "putAssociations", warns=PEOPLE)
def display_name_of_its_own(tx: Transaction, request: Request) -> Result:
    """The display name is made anew from the other names.

    These, and all else, come back as sent.
    """

    def renamed(member: JsonObject) -> JsonObject:
        person = member["person"]
        return {**member, "person": {**person, "displayName": f"{person['givenName']} {person['surname']}"[:256]}}

    return toetsafname.put_associations(tx, _each(request, renamed))


@talks(AFNAME, fails=ANSWERS)
async def times_without_seconds(ask: Ask, road: Road) -> Reply:
    """Times are read without seconds when these are zero, as some languages write them.

    They are the same moments, and RFC 3339 wants the seconds.
    """
    return _read(await road(ask), ask, lambda name, value: value.replace(":00+", "+") if "DateTime" in name else value)


times_without_seconds_at_planning = times_without_seconds.at(PLANNING, fails=ANSWERS)


@talks(AFNAME, fails=f"2.1-reads-back-as-sent {ANSWERS}")
async def duration_is_a_number(ask: Ask, road: Road) -> Reply:
    """The duration of a session is read as a number of minutes.

    It is another kind of value than the contract names, so that rule breaks with it.
    """
    return _read(await road(ask), ask, lambda name, value: int(value[2:-1]) if name == "duration" else value)


@talks(AFNAME, warns=ANSWERS)
async def answers_as_plain_text(ask: Ask, road: Road) -> Reply:
    """What is read is JSON and is declared as text/plain.

    All that it says is right.
    """
    reply = await road(ask)
    return reply.declared_as("text/plain") if ask.method == "GET" and reply.status == 200 else reply


answers_as_plain_text_at_planning = answers_as_plain_text.at(PLANNING, warns=ANSWERS)


@talks(AFNAME, fails=ANSWERS)
async def answers_in_latin_1(ask: Ask, road: Road) -> Reply:
    """What is read is written in Latin-1; JSON is UTF-8 (RFC 8259 section 8.1).

    Without accents there is no difference.
    """
    reply = await road(ask)
    if ask.operation != "getOffering" or reply.status != 200:
        return reply
    return replace(reply, body=reply.body.decode().encode("latin-1", "replace"))


def _people(request: Request, kept: Callable[[str], str]) -> Request:
    def renamed(member: JsonObject) -> JsonObject:
        names = ("givenName", "surname", "displayName")
        return {**member, "person": {**member["person"], **{name: kept(member["person"][name]) for name in names}}}

    return _each(request, renamed)


def _each(request: Request, changed: Callable[[JsonObject], JsonObject]) -> Request:
    value = request.value
    return saying(request, [changed(each) for each in value] if isinstance(value, list) else changed(value))


def _basic(letter: str) -> str:
    return letter if ord(letter) < 1 << 16 else "?"


def _read(reply: Reply, ask: Ask, told: Callable[[str, str], Json]) -> Reply:
    if ask.operation != "getOffering" or reply.status != 200:
        return reply
    session = reply.value
    for holder in (session, *session["consumers"]):
        holder.update({name: told(name, value) for name, value in holder.items() if isinstance(value, str)})
    return reply.saying(session)
