"""The journal is a ring: the newest stay, the oldest go, it says how many, and its weight stays within bounds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mock_server.journal.entry import Entry
from mock_server.journal.journal import Journal
from mock_server.settings import Limits

SIZES = st.lists(st.tuples(st.integers(0, 400), st.integers(0, 400), st.integers(0, 5)), max_size=60)


def entry(number: int, sent: int, answered: int, lines: int) -> Entry:
    return Entry(
        number,
        0.0,
        "PUT",
        "/",
        "127.0.0.1",
        [(b"name", b"value")] * lines,
        body=b"x" * sent,
        response_body=b"y" * answered,
    )


@given(SIZES, st.integers(1, 20), st.integers(1, 3_000), st.integers(1, 300))
def test_the_newest_stay_within_bounds_and_the_rest_is_counted(
    sizes: list[tuple[int, int, int]], entries: int, weight: int, body: int
) -> None:
    journal = Journal(Limits(journal_entries=entries, journal_bytes=weight, journal_body_bytes=body))
    for number, size in enumerate(sizes, 1):
        journal.add(entry(number, *size))
        kept = list(journal)
        assert [each.id for each in kept] == list(range(number - len(kept) + 1, number + 1))
        assert len(journal) + journal.evicted == number
        assert 1 <= len(journal) <= entries
        assert len(journal) == 1 or sum(each.kept_bytes for each in kept) <= weight
        assert all(len(each.body) <= body and len(each.response_body) <= body for each in kept)
        assert journal.get(number) is kept[-1]
        assert journal.get(kept[0].id - 1) is None
    journal.clear()
    assert (len(journal), journal.evicted) == (0, 0)


def test_nothing_goes_that_has_room() -> None:
    journal = Journal(Limits(journal_entries=3))
    for number in (1, 2, 3):
        journal.add(entry(number, 10, 10, 1))
    assert (len(journal), journal.evicted) == (3, 0)


def test_a_flood_of_header_lines_weighs_what_it_takes() -> None:
    light, heavy = entry(1, 0, 0, 0).kept_bytes, entry(2, 0, 0, 5_000).kept_bytes
    assert heavy - light > 5_000 * 100
