"""One set of behaviour for every store: memory, a SQLite file, a real PostgreSQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from mock_server.state.stores import open_store
from mock_server.state.stores.protocol import Store
from ooapi_toets.errors import ServeError

RECORD, OTHER = b'{"a":1}', b'{"a":2}'
PEOPLE = {"p2": b'{"p":2}', "p1": b'{"p":1}', "p3": b'{"p":3}'}


LASTING = ("sqlite", "postgresql")


@pytest.fixture(params=["memory", *LASTING])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    match request.param:
        case "sqlite":
            return str(tmp_path / "mock.sqlite")
        case "postgresql":
            url: str = request.getfixturevalue("postgresql")
            return url
        case _:
            return "memory"


@pytest.fixture
def store(where: str) -> Iterator[Store]:
    opened = open_store(where)
    with opened.begin(write=True) as tx:
        tx.clear()
    yield opened
    opened.close()


def test_what_is_put_is_there(store: Store) -> None:
    with store.begin(write=True) as tx:
        assert tx.offering("s1") is None
        tx.put_offering("s1", RECORD)
        tx.put_offering("s2", RECORD)
        tx.put_offering("s1", OTHER)
    with store.begin() as tx:
        assert tx.offering("s1") == OTHER
        assert list(tx.offerings()) == [("s1", OTHER), ("s2", RECORD)]
        assert tx.count_offerings() == 2


def test_a_list_is_swapped_and_keeps_its_order(store: Store) -> None:
    with store.begin(write=True) as tx:
        tx.put_offering("s1", RECORD)
        tx.replace_people("s1", {"old": b"{}"})
        tx.replace_people("s1", PEOPLE)
    with store.begin() as tx:
        assert list(tx.people("s1").items()) == list(PEOPLE.items())
        assert tx.count_people("s1") == 3
        assert tx.page("s1", 1, 1) == ([PEOPLE["p1"]], 3)
        assert tx.page("s1", 2, 10) == ([PEOPLE["p3"]], 3)
        assert tx.page("s1", 9, 10) == ([], 3)


def test_one_person_is_added_last_or_updated_in_place(store: Store) -> None:
    with store.begin(write=True) as tx:
        tx.put_offering("s1", RECORD)
        tx.replace_people("s1", PEOPLE)
        tx.put_person("s1", "p1", b'{"new":1}')
        tx.put_person("s1", "p9", b'{"p":9}')
        assert tx.person("s1", "p1") == b'{"new":1}'
        assert tx.person("s1", "p0") is None
    with store.begin() as tx:
        assert list(tx.people("s1")) == ["p2", "p1", "p3", "p9"]


def test_deleting_takes_the_people_along_and_leaves_the_others(store: Store) -> None:
    with store.begin(write=True) as tx:
        for session in ("s1", "s2"):
            tx.put_offering(session, RECORD)
            tx.replace_people(session, PEOPLE)
        tx.delete_offering("s1")
    with store.begin() as tx:
        assert tx.offering("s1") is None
        assert dict(tx.people("s1")) == {}
        assert tx.offering("s2") == RECORD
        assert dict(tx.people("s2")) == PEOPLE


def test_sandboxes_do_not_meet(store: Store) -> None:
    with store.begin(sandbox="a", write=True) as tx:
        tx.put_offering("s1", RECORD)
        tx.replace_people("s1", PEOPLE)
    with store.begin(sandbox="b", write=True) as tx:
        assert tx.offering("s1") is None
        assert dict(tx.people("s1")) == {}
        tx.put_offering("s1", OTHER)
        tx.clear()
    with store.begin(sandbox="a", write=True) as tx:
        assert tx.offering("s1") == RECORD
        tx.clear()
        assert tx.count_offerings() == 0
        assert dict(tx.people("s1")) == {}


def test_a_store_says_when_it_is_full(store: Store) -> None:
    with store.begin(write=True) as tx:
        assert not tx.is_full(2)
        tx.put_offering("s1", RECORD)
        tx.put_offering("s2", RECORD)
        assert tx.is_full(2)
        tx.delete_offering("s1")
        assert not tx.is_full(2)
        tx.put_offering("s2", OTHER)
        assert not tx.is_full(2)


@pytest.mark.parametrize("where", LASTING, indirect=True)  # memory is gone with the process, by design
def test_what_was_committed_is_there_after_opening_again(where: str) -> None:
    first = open_store(where)
    with first.begin(sandbox="again", write=True) as tx:
        tx.clear()
        tx.put_offering("s1", RECORD)
        tx.replace_people("s1", PEOPLE)
    first.close()
    second = open_store(where)
    with second.begin(sandbox="again", write=True) as tx:
        assert tx.offering("s1") == RECORD
        assert dict(tx.people("s1")) == PEOPLE
        tx.clear()
    second.close()


@pytest.mark.parametrize("where", LASTING, indirect=True)  # memory: see MemoryTransaction
def test_an_error_in_a_transaction_takes_all_of_it_back(where: str) -> None:
    opened = open_store(where)

    def half() -> None:
        with opened.begin(sandbox="half", write=True) as tx:
            tx.put_offering("s1", RECORD)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()
    with opened.begin(sandbox="half") as tx:
        assert tx.offering("s1") is None
    opened.close()


def test_a_sqlite_file_serves_one_mock_at_a_time(tmp_path: Path) -> None:
    path = str(tmp_path / "mock.sqlite")
    first = open_store(path)
    with pytest.raises(ServeError, match="in use by another mock"):
        open_store(path)
    first.close()
    open_store(path).close()


def test_a_store_of_another_format_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mock.sqlite"
    open_store(str(path)).close()
    connection = sqlite3.connect(path)
    with connection:
        connection.execute("UPDATE ooapi_toets_meta SET value = '99' WHERE name = 'format'")
    connection.close()
    with pytest.raises(ServeError, match="has format 99; this version reads format 1"):
        open_store(str(path))


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ("nowhere/at/all.sqlite", "cannot be opened"),
        ("postgresql://nobody@127.0.0.1:1/none", "cannot be used"),
    ],
)
def test_a_store_that_cannot_be_used_is_a_sentence(where: str, words: str) -> None:
    with pytest.raises(ServeError, match=words):
        open_store(where)


def test_a_file_that_is_no_database_is_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear mock, " * 200)
    with pytest.raises(ServeError, match="is no database"):
        open_store(str(path))
