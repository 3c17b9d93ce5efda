"""Steps that several options begin with."""

from __future__ import annotations

from conformance.checks import MissingError
from conformance.people import after_list, by_id
from conformance.run import Run
from ooapi_toets import JsonObject
from ooapi_toets.register import Text


def first_list(run: Run, people: list[JsonObject]) -> str:
    """A new session in which these people take part; what follows rests on their being there.

    Raises:
        MissingError: When they are not.
    """
    session = run.session(people=people)
    read = run.people(session)
    for wrong in after_list({}, by_id(people), read.members):
        raise MissingError(
            Text(
                f"A first list is not kept as sent (see {wrong.rule}): {wrong.told.en}.",
                f"Een eerste lijst blijft niet zoals gestuurd (zie {wrong.rule}): {wrong.told.nl}.",
            ),
            read.exchanges[-1],
        )
    return session
