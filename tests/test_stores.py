"""One set of behaviour for every store: memory, a SQLite file, a real PostgreSQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from mock_server.state.stores import open_store
from mock_server.state.stores.protocol import Store
from ooapi_toets.editions.toets import PARTICIPATION, SESSION
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
        assert tx.get(SESSION, "s1") is None
        tx.put(SESSION, "s1", RECORD)
        tx.put(SESSION, "s2", RECORD)
        tx.put(SESSION, "s1", OTHER)
    with store.begin() as tx:
        assert tx.get(SESSION, "s1") == OTHER
        assert list(tx.records(SESSION)) == [("s1", OTHER), ("s2", RECORD)]
        assert tx.count(SESSION) == 2


def test_a_list_is_swapped_and_keeps_its_order(store: Store) -> None:
    with store.begin(write=True) as tx:
        tx.put(SESSION, "s1", RECORD)
        tx.replace_children(PARTICIPATION, "s1", {"old": b"{}"})
        tx.replace_children(PARTICIPATION, "s1", PEOPLE)
    with store.begin() as tx:
        assert list(tx.children(PARTICIPATION, "s1").items()) == list(PEOPLE.items())
        assert tx.count(PARTICIPATION, "s1") == 3
        assert tx.page(PARTICIPATION, "s1", 1, 1) == ([PEOPLE["p1"]], 3)
        assert tx.page(PARTICIPATION, "s1", 2, 10) == ([PEOPLE["p3"]], 3)
        assert tx.page(PARTICIPATION, "s1", 9, 10) == ([], 3)


def test_one_person_is_added_last_or_updated_in_place(store: Store) -> None:
    with store.begin(write=True) as tx:
        tx.put(SESSION, "s1", RECORD)
        tx.replace_children(PARTICIPATION, "s1", PEOPLE)
        tx.put(PARTICIPATION, "p1", b'{"new":1}', "s1")
        tx.put(PARTICIPATION, "p9", b'{"p":9}', "s1")
        assert tx.get(PARTICIPATION, "p1", "s1") == b'{"new":1}'
        assert tx.get(PARTICIPATION, "p0", "s1") is None
    with store.begin() as tx:
        assert list(tx.children(PARTICIPATION, "s1")) == ["p2", "p1", "p3", "p9"]


def test_deleting_takes_the_people_along_and_leaves_the_others(store: Store) -> None:
    with store.begin(write=True) as tx:
        for session in ("s1", "s2"):
            tx.put(SESSION, session, RECORD)
            tx.replace_children(PARTICIPATION, session, PEOPLE)
        tx.delete(SESSION, "s1")
    with store.begin() as tx:
        assert tx.get(SESSION, "s1") is None
        assert dict(tx.children(PARTICIPATION, "s1")) == {}
        assert tx.get(SESSION, "s2") == RECORD
        assert dict(tx.children(PARTICIPATION, "s2")) == PEOPLE


def test_sandboxes_do_not_meet(store: Store) -> None:
    with store.begin(sandbox="a", write=True) as tx:
        tx.put(SESSION, "s1", RECORD)
        tx.replace_children(PARTICIPATION, "s1", PEOPLE)
    with store.begin(sandbox="b", write=True) as tx:
        assert tx.get(SESSION, "s1") is None
        assert dict(tx.children(PARTICIPATION, "s1")) == {}
        tx.put(SESSION, "s1", OTHER)
        tx.clear()
    with store.begin(sandbox="a", write=True) as tx:
        assert tx.get(SESSION, "s1") == RECORD
        tx.clear()
        assert tx.count(SESSION) == 0
        assert dict(tx.children(PARTICIPATION, "s1")) == {}


def test_a_store_says_when_it_is_full(store: Store) -> None:
    with store.begin(write=True) as tx:
        assert not tx.is_full(SESSION, 2)
        tx.put(SESSION, "s1", RECORD)
        tx.put(SESSION, "s2", RECORD)
        assert tx.is_full(SESSION, 2)
        tx.delete(SESSION, "s1")
        assert not tx.is_full(SESSION, 2)
        tx.put(SESSION, "s2", OTHER)
        assert not tx.is_full(SESSION, 2)


@pytest.mark.parametrize("where", LASTING, indirect=True)  # memory is gone with the process, by design
def test_what_was_committed_is_there_after_opening_again(where: str) -> None:
    first = open_store(where)
    with first.begin(sandbox="again", write=True) as tx:
        tx.clear()
        tx.put(SESSION, "s1", RECORD)
        tx.replace_children(PARTICIPATION, "s1", PEOPLE)
    first.close()
    second = open_store(where)
    with second.begin(sandbox="again", write=True) as tx:
        assert tx.get(SESSION, "s1") == RECORD
        assert dict(tx.children(PARTICIPATION, "s1")) == PEOPLE
        tx.clear()
    second.close()


@pytest.mark.parametrize("where", LASTING, indirect=True)  # memory: see MemoryTransaction
def test_an_error_in_a_transaction_takes_all_of_it_back(where: str) -> None:
    opened = open_store(where)

    def half() -> None:
        with opened.begin(sandbox="half", write=True) as tx:
            tx.put(SESSION, "s1", RECORD)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()
    with opened.begin(sandbox="half") as tx:
        assert tx.get(SESSION, "s1") is None
    opened.close()


def test_a_sqlite_file_serves_one_mock_at_a_time(tmp_path: Path) -> None:
    path = str(tmp_path / "mock.sqlite")
    first = open_store(path)
    with pytest.raises(ServeError, match="in use by another mock"):
        open_store(path)
    first.close()
    open_store(path).close()


def test_a_record_of_one_kind_is_none_of_another(store: Store) -> None:
    with store.begin(write=True) as tx:
        tx.put(SESSION, "s1", RECORD)
        tx.put("test", "s1", OTHER)
        assert (tx.get(SESSION, "s1"), tx.get("test", "s1"), tx.get("person", "s1")) == (RECORD, OTHER, None)
        assert (tx.count(SESSION), tx.count("test"), tx.is_full("test", 2)) == (1, 1, False)


def test_a_record_is_found_by_its_key_alone(store: Store) -> None:
    with store.begin(write=True) as tx:
        assert tx.find(PARTICIPATION, "p1") is None
        tx.put(SESSION, "s1", RECORD)
        tx.put(PARTICIPATION, "p1", OTHER, "s1")
        assert tx.find(PARTICIPATION, "p1") == ("s1", OTHER)
        tx.replace_children(PARTICIPATION, "s1", PEOPLE)
        assert tx.find(PARTICIPATION, "p3") == ("s1", PEOPLE["p3"])
        tx.delete(PARTICIPATION, "p3", "s1")
        assert tx.find(PARTICIPATION, "p3") is None
        assert tx.find(PARTICIPATION, "p1") == ("s1", PEOPLE["p1"])
        tx.delete(SESSION, "s1")
        assert tx.find(PARTICIPATION, "p1") is None
        assert tx.find(SESSION, "s1") is None


def test_a_store_of_the_form_before_is_refused_and_left_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "mock.sqlite"
    connection = sqlite3.connect(path)
    with connection:
        connection.execute("CREATE TABLE ooapi_toets_meta (name TEXT PRIMARY KEY, value TEXT NOT NULL)")
        connection.execute("INSERT INTO ooapi_toets_meta VALUES ('format', '1')")
        connection.execute("CREATE TABLE ooapi_toets_offerings (session TEXT, record BLOB)")
    with pytest.raises(ServeError, match="has format 1; this version reads format 2") as refused:
        open_store(str(path))
    assert "begin with a new store" in refused.value.do
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert tables == {"ooapi_toets_meta", "ooapi_toets_offerings"}
    connection.close()


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
