"""Long lists of participants, and the pages on which they are read."""

from __future__ import annotations

from conformance.evidence.exchange import Exchange
from conformance.evidence.findings import PrerequisiteFailed
from conformance.oracle.participants import Mismatch, after_list, by_id
from conformance.planning.scenario import scenario
from conformance.scenarios.toets.context import ToetsContext
from conformance.scenarios.toets.toetsafname.steps import first_list
from ooapi_toets import JsonObject
from ooapi_toets.texts import say, say_n


@scenario("2.2-long-list-is-kept-whole", sessions=2, people=512, alone=True)
def test_a_long_list_is_kept_whole(run: ToetsContext) -> None:
    """Keeps a list of 500 participants whole."""
    rule = "2.2-long-list-is-kept-whole"
    first_list(run, run.make.students(12))  # what a short list loses as well is no matter of length
    people = run.make.students(500)
    session = run.session()
    answer = run.put_list(session, people)
    if not answer.success:
        run.failed(
            rule,
            say("A list of 500 was refused with {status}", status=answer.status),
            answer,
        )
    read = run.people(session)
    wrong = after_list({}, by_id(people), read.members)
    run.verdict_on(
        rule,
        [Mismatch(rule, each.message, each.expected, each.got) for each in wrong],
        say_n(
            "All 500 participants are present, on 1 page",
            "All 500 participants are present, on {n} pages",
            len(read.exchanges),
        ),
        answer,
        *read.exchanges,
    )


@scenario("base-associations-are-paged", sessions=1, people=12)
def test_participants_come_in_pages(run: ToetsContext) -> None:
    """Gives participants as a page with items and hasNextPage, and the next page when asked."""
    rule = "base-associations-are-paged"
    people = run.make.students(12)
    session = run.session(people=people)
    page = run.send(run.calls.read_people(session, size=10, expand=False))
    _must_all_be_there(run, session, people, page)
    if page.success and isinstance(page.value, list):
        run.warned(
            rule,
            say("Participants are returned as a plain list, not as a page"),
            page,
        )
        return
    value = page.value if isinstance(page.value, dict) else {}
    absent = [name for name in ("pageSize", "pageNumber", "hasPreviousPage", "hasNextPage") if name not in value]
    if not page.success or absent:
        run.failed(
            rule,
            say("A page lacks {absent}", absent=", ".join(absent))
            if page.success
            else say("pageSize=10 was answered with {status}", status=page.status),
            page,
        )
    pages = [page]
    while isinstance(pages[-1].value, dict) and pages[-1].value.get("hasNextPage") is True and len(pages) < len(people):
        pages.append(run.send(run.calls.read_people(session, len(pages) + 1, size=10, expand=False)))
    shown = sorted(str(each.get("associationId")).lower() for one in pages for each in _items(one))
    sent = sorted(by_id(people))
    if shown != sent:
        run.failed(
            rule,
            say(
                "The pages show {found} of 12 participants, in {places} entries",
                found=len(set(sent) & set(shown)),
                places=len(shown),
            ),
            *pages,
            expected=sent,
            got=shown,
        )
    run.passed(rule, say("Participants are returned in pages"), *pages)


def _items(page: Exchange) -> list[JsonObject]:
    items = page.value.get("items") if isinstance(page.value, dict) else None
    return [each for each in items or [] if isinstance(each, dict)]


def _must_all_be_there(run: ToetsContext, session: str, people: list[JsonObject], page: Exchange) -> None:
    """Participants who do not appear however they are read were not kept: that is another rule's matter."""
    try:
        members = run.people(session).members
    except PrerequisiteFailed:
        if not page.success:
            raise
        return  # a first page can be read and the rest cannot: that is for this rule to say
    if not by_id(people).keys() <= by_id(members).keys():
        raise PrerequisiteFailed(
            say("Not all registered participants are present (see 2.2-registered-people-appear)."),
            page,
        )
