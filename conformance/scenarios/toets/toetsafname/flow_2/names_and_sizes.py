"""Names that people really have, and lists of every size."""

from __future__ import annotations

from collections.abc import Iterable

from conformance.evidence.findings import PrerequisiteFailed
from conformance.oracle.participants import after_list, by_id
from conformance.planning.scenario import scenario
from conformance.scenarios.toets.common import extra_is_taken
from conformance.scenarios.toets.context import ToetsContext
from conformance.scenarios.toets.toetsafname.steps import first_list
from ooapi_toets import JsonObject
from ooapi_toets.texts import number, say

_NAMES = (
    ("Zoë", "Çelik-Øster"),
    ("Ångström", "d'Ëxemple"),
    ("Łucja", "Šumić-Ağaoğlu"),
)
"""Latin letters with the marks that a Dutch municipality registers."""
_OTHER_NAMES = (
    ("Αθηνά", "Παράδειγμα"),
    ("Тест", "Примеров"),
    ("تجربة", "مثال"),
    ("測試", "範例"),
    ("Tëst́", "Combinerend"),
    ("Smiley 🙂", "Buiten de BMP \N{MATHEMATICAL FRAKTUR CAPITAL X}"),
    ("X" * 200, "Y" * 256),
    ('Aan"halings\\teken', "<b>Geen opmaak</b> & zo"),
)
_SIZES = (1, 500, 5000)


@scenario("2.2-association-list-answers-200", "2.2-people-read-back-as-sent", sessions=2, people=15)
def test_names_of_every_kind(run: ToetsContext) -> None:
    """Takes and keeps names in any script, with any accent, and as long as the contract allows."""
    rule = "2.2-association-list-answers-200"
    first_list(run, run.make.students(1))
    session = run.session()
    accented = run.put_list(session, _named(run, _NAMES))
    run.accepted(rule, accented, say("Names with accents were accepted"))
    people = _named(run, (*_NAMES, *_OTHER_NAMES))
    answer = run.put_list(session, people)
    extra_is_taken(run, rule, answer, say("A list with names in six scripts"))
    if not answer.success:
        people = _named(run, _NAMES)
        answer = run.needs(run.put_list(session, people), rule)
    read = run.people(session)
    run.verdict_on(
        "2.2-people-read-back-as-sent",
        after_list({}, by_id(people), read.members),
        say("{people} uncommon names read back as sent", people=len(people)),
        answer,
        *read.exchanges,
    )


def _named(run: ToetsContext, names: Iterable[tuple[str, str]]) -> list[JsonObject]:
    return [
        run.make.association(
            person=run.make.person(givenName=given, surname=surname, displayName=f"{surname}, {given}"[:256])
        )
        for given, surname in names
    ]


@scenario("2.2-long-list-is-kept-whole", sessions=2, people=sum(_SIZES) + 12, alone=True)
def test_growing_lists_are_measured(run: ToetsContext) -> None:
    """Takes lists of 1, 500 and 5,000; how long that takes is measured and decides nothing."""
    first_list(run, run.make.students(12))  # what a short list loses as well is no matter of length
    session = run.session()
    for size in _SIZES:
        people = run.make.students(size)
        try:
            answer = run.put_list(session, people)
        except PrerequisiteFailed:
            break  # no answer in time: said below by the sizes that are missing
        if not answer.success:
            break
        run.measured(
            f"list-of-{size}",
            say("Response time for a list of {size} participants", size=number(size)),
            answer.elapsed_ms,
            "ms",
        )
        if size == _SIZES[1]:
            read = run.people(session)
            lost = by_id(people).keys() - by_id(read.members).keys()
            if lost:
                run.failed(
                    "2.2-long-list-is-kept-whole",
                    say("Of a list of {size} participants, {lost} are missing", size=size, lost=len(lost)),
                    answer,
                    *read.exchanges[-1:],
                )
            run.passed("2.2-long-list-is-kept-whole", say("All {size} participants are present", size=size), answer)
