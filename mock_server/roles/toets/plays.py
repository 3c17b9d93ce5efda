"""The flows of the edition `toets` as they are performed: what is sent, in which order, and what is kept of it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import orjson

from mock_server.domain.toets import associations
from mock_server.roles.stage import Move, Play, Stage
from ooapi_toets import JsonObject
from ooapi_toets.editions.toets import PARTICIPATION, SESSION
from ooapi_toets.errors import UsageError
from ooapi_toets.samples import Maker, consumer_of, report, with_consumer
from ooapi_toets.texts import Text, say


async def put_session(stage: Stage, session: str | None) -> AsyncIterator[Move]:
    """Create a session, and change it (flow 2, options 1 and 2)."""
    offering = _known(stage, session) or stage.make.offering()
    yield _put(stage, offering)
    offering = with_consumer(offering, locationCode="Aula (test)")
    _keep(stage, offering)
    key = offering["offeringId"]
    yield Move(say("Change the room of the session"), stage.calls.create_session(offering), "session.accepted", key)


async def register(stage: Stage, session: str | None) -> AsyncIterator[Move]:
    """Say who takes part (flow 2, option 2)."""
    if session is None:
        begun = _put(stage, stage.make.offering())
        yield begun
        session = begun.session
    people = _people(stage, session) or _participants(stage.make)
    yield _listed(stage, session, say("Register participants"), people)


async def add(stage: Stage, session: str | None) -> AsyncIterator[Move]:
    """Let students take part who are new (flow 2, option 3)."""
    key = session or ""
    async for move in _with_people(stage, session):
        key = move.session
        yield move
    people = [*_people(stage, key), *stage.make.students(2)]
    yield _listed(stage, key, say("Add students"), people)


async def remove(stage: Stage, session: str | None) -> AsyncIterator[Move]:
    """Let somebody not take part any more (flow 2, option 4)."""
    key = session or ""
    async for move in _with_people(stage, session):
        key = move.session
        yield move
    yield _listed(stage, key, say("Remove a student"), _people(stage, key)[1:])


async def cancel(stage: Stage, session: str | None) -> AsyncIterator[Move]:
    """Withdraw a session (flow 2, option 5)."""
    if session is None:
        begun = _put(stage, stage.make.offering())
        yield begun
        session = begun.session
    with stage.writing() as tx:
        tx.delete(SESSION, associations.key_of(session))
    yield Move(say("Delete the session"), stage.calls.delete_session(session), "session.cancelled", session)


async def read(stage: Stage, session: str | None) -> AsyncIterator[Move]:
    """Read a session with its report (flow 4.2)."""
    if session is None:
        begun = _put(stage, stage.make.offering())
        yield begun
        session = begun.session
    words = say("Read the session and its report")
    yield Move(words, stage.calls.read_session(session), "session.read", session)


async def send_report(stage: Stage, session: str | None) -> AsyncIterator[Move]:
    """Send the report of a session (flow 4.1)."""
    with stage.writing() as tx:
        key = session or next((each for each, _ in tx.records(SESSION)), None)
        record = tx.get(SESSION, associations.key_of(key)) if key else None
        if key is None or record is None:
            raise UsageError(
                f"No session {key or ''} is registered here to report on.".replace("  ", " "),
                "Register one first, or name one that is.",
            )
        offering: JsonObject = orjson.loads(record)
        consumer = consumer_of(offering) or {}
        found = {
            "irregularities": consumer.get("irregularities") or "Brandalarm om 09:40, twaalf minuten extra (test)",
            "documents": consumer.get("documents") or [stage.make.document(), stage.make.document("attendanceReport")],
        }
        # What is sent in 4.1 is what reading in 4.2 shows: it is kept before it is sent.
        tx.put(SESSION, associations.key_of(key), orjson.dumps(with_consumer(offering, **found)))
    key = offering["offeringId"]
    yield Move(say("Send the session report"), stage.calls.send_report(key, report(**found)), "report.accepted", key)


PLAYS = {
    "2.1": Play(put_session),
    "2.2": Play(register),
    "2.3": Play(add),
    "2.4": Play(remove),
    "2.5": Play(cancel),
    "4.1": Play(send_report, on_known=True),
    "4.2": Play(read),
}
"""How each flow is performed."""


def suppose(stage: Stage, session: str) -> None:
    """Make up what a session may be that the other side knows and this one does not."""
    _keep(stage, stage.make.offering(offeringId=session))


def _put(stage: Stage, offering: JsonObject) -> Move:
    _keep(stage, offering)
    call = stage.calls.create_session(offering)
    return Move(say("Create a session"), call, "session.accepted", offering["offeringId"])


async def _with_people(stage: Stage, session: str | None) -> AsyncIterator[Move]:
    """What must be sent before there is a session in which somebody takes part."""
    if session is None or not _people(stage, session):
        async for move in register(stage, session):
            yield move


def _listed(stage: Stage, key: str, words: Text, people: list[JsonObject]) -> Move:
    with stage.writing() as tx:
        tx.replace_children(PARTICIPATION, associations.key_of(key), associations.records(people))
    return Move(words, stage.calls.register_list(key, people), "participants.accepted", key)


def _participants(make: Maker) -> list[JsonObject]:
    """Students, and one person in two roles: the same person in both (flow 2, option 2, last remark)."""
    invigilator = make.association("invigilator")
    coordinator = make.association("coordinator", person=invigilator["person"])
    return [*make.students(3), invigilator, coordinator]


def _known(stage: Stage, session: str | None) -> JsonObject | None:
    if session is None:
        return None
    with stage.reading() as tx:
        record = tx.get(SESSION, associations.key_of(session))
    if record is None:
        raise UsageError(f"No session {session} is known here.", "Leave it out to make a new one.")
    known: JsonObject = orjson.loads(record)
    return known


def _keep(stage: Stage, offering: JsonObject) -> None:
    with stage.writing() as tx:
        tx.put(SESSION, associations.key_of(offering["offeringId"]), orjson.dumps(offering))


def _people(stage: Stage, session: str) -> list[JsonObject]:
    with stage.reading() as tx:
        return [orjson.loads(each) for each in tx.children(PARTICIPATION, associations.key_of(session)).values()]
