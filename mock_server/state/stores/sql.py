"""State in a SQLite file or a PostgreSQL database, through SQLAlchemy Core.

A write is committed before it is answered. SQLite keeps a write-ahead log: what was committed survives
the end of the process, however it ends (not of the machine: that would cost a disk flush for each
request, and this is a mock). Several processes may share a PostgreSQL database: a request that writes
locks the row of its session, so that racing lists follow one another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DatabaseError, NoSuchModuleError, OperationalError

from ooapi_toets.errors import ServeError

FORMAT = "1"
"""The version of the tables; a store of another one is refused rather than guessed at."""

_metadata = sa.MetaData()
_number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_meta = sa.Table(
    "ooapi_toets_meta",
    _metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)
_offerings = sa.Table(
    "ooapi_toets_offerings",
    _metadata,
    sa.Column("number", _number, sa.Identity(), primary_key=True),
    sa.Column("sandbox", sa.Text, nullable=False),
    sa.Column("session", sa.Text, nullable=False),
    sa.Column("record", sa.LargeBinary, nullable=False),
    sa.UniqueConstraint("sandbox", "session"),
)
_people = sa.Table(
    "ooapi_toets_people",
    _metadata,
    sa.Column("number", _number, sa.Identity(), primary_key=True),
    sa.Column("sandbox", sa.Text, nullable=False),
    sa.Column("session", sa.Text, nullable=False),
    sa.Column("person", sa.Text, nullable=False),
    sa.Column("record", sa.LargeBinary, nullable=False),
    sa.UniqueConstraint("sandbox", "session", "person"),
)

# Built once: SQLAlchemy compiles a statement once per object, and looks it up by the object after that.
_MINE = (_offerings.c.sandbox == sa.bindparam("sandbox"), _offerings.c.session == sa.bindparam("session"))
_THEIRS = (_people.c.sandbox == sa.bindparam("sandbox"), _people.c.session == sa.bindparam("session"))
_GET = sa.select(_offerings.c.record).where(*_MINE)
_LOCK = _GET.with_for_update()
_DELETE = sa.delete(_offerings).where(*_MINE)
_ALL = (
    sa.select(_offerings.c.session, _offerings.c.record)
    .where(_offerings.c.sandbox == sa.bindparam("sandbox"))
    .order_by(_offerings.c.number)
)
_COUNT = sa.select(sa.func.count()).select_from(_offerings).where(_offerings.c.sandbox == sa.bindparam("sandbox"))
_PEOPLE = sa.select(_people.c.person, _people.c.record).where(*_THEIRS).order_by(_people.c.number)
_PAGE = _PEOPLE.limit(sa.bindparam("most")).offset(sa.bindparam("start"))
_PERSON = sa.select(_people.c.record).where(*_THEIRS, _people.c.person == sa.bindparam("person"))
_COUNT_PEOPLE = sa.select(sa.func.count()).select_from(_people).where(*_THEIRS)
_NOBODY = sa.delete(_people).where(*_THEIRS)
_ADD_PERSON = sa.insert(_people)
_NO_OFFERINGS = sa.delete(_offerings).where(_offerings.c.sandbox == sa.bindparam("sandbox"))
_NO_PEOPLE = sa.delete(_people).where(_people.c.sandbox == sa.bindparam("sandbox"))


def _upsert(dialect: str, table: sa.Table, keys: list[str]) -> Any:
    """An insert that replaces the record where the keys are there already, keeping its place."""
    module: Any = postgresql if dialect == "postgresql" else sqlite
    statement = module.insert(table)
    return statement.on_conflict_do_update(index_elements=keys, set_={"record": statement.excluded.record})


class SqlTransaction:
    """One request's view of one sandbox.

    Args:
        connection: In a transaction.
        sandbox: The sandbox.
        write: Whether reading a session locks it.
        store: Whose upserts and counts to use.
    """

    def __init__(self, connection: Connection, sandbox: str, store: SqlStore, *, write: bool) -> None:
        self._connection = connection
        self._sandbox = sandbox
        self._store = store
        self._write = write

    def offering(self, session: str) -> bytes | None:
        """See `Transaction`."""
        return self._one(_LOCK if self._write else _GET, session=session)

    def put_offering(self, session: str, record: bytes) -> None:
        """See `Transaction`."""
        self._run(self._store.put_offering, session=session, record=record)
        self._store.grew(self._sandbox)

    def delete_offering(self, session: str) -> None:
        """See `Transaction`."""
        self._run(_DELETE, session=session)
        self._run(_NOBODY, session=session)
        self._store.shrank(self._sandbox)

    def offerings(self) -> Iterator[tuple[str, bytes]]:
        """See `Transaction`."""
        for session, record in self._run(_ALL):
            yield session, bytes(record)

    def count_offerings(self) -> int:
        """See `Transaction`."""
        return int(self._run(_COUNT).scalar_one())

    def is_full(self, most: int) -> bool:
        """See `Transaction`."""
        return self._store.is_full(self._sandbox, most, self.count_offerings)

    def people(self, session: str) -> Mapping[str, bytes]:
        """See `Transaction`."""
        return {person: bytes(record) for person, record in self._run(_PEOPLE, session=session)}

    def page(self, session: str, start: int, count: int) -> tuple[list[bytes], int]:
        """See `Transaction`."""
        rows = self._run(_PAGE, session=session, start=start, most=count)
        return [bytes(record) for _, record in rows], self.count_people(session)

    def person(self, session: str, key: str) -> bytes | None:
        """See `Transaction`."""
        return self._one(_PERSON, session=session, person=key)

    def count_people(self, session: str) -> int:
        """See `Transaction`."""
        return int(self._run(_COUNT_PEOPLE, session=session).scalar_one())

    def replace_people(self, session: str, people: Mapping[str, bytes]) -> None:
        """See `Transaction`."""
        self._run(_NOBODY, session=session)
        if people:
            rows = [
                {"sandbox": self._sandbox, "session": session, "person": key, "record": record}
                for key, record in people.items()
            ]
            self._connection.execute(_ADD_PERSON, rows)

    def put_person(self, session: str, key: str, record: bytes) -> None:
        """See `Transaction`."""
        self._run(self._store.put_person, session=session, person=key, record=record)

    def clear(self) -> None:
        """See `Transaction`."""
        self._run(_NO_PEOPLE)
        self._run(_NO_OFFERINGS)
        self._store.forget_count(self._sandbox)

    def _run(self, statement: Any, **values: object) -> Any:
        return self._connection.execute(statement, {"sandbox": self._sandbox, **values})

    def _one(self, statement: Any, **values: object) -> bytes | None:
        found = self._run(statement, **values).scalar_one_or_none()
        return None if found is None else bytes(found)


class SqlStore:
    """Sandboxes in one database.

    Args:
        engine: The database.
        blocking: Whether it may keep one waiting.

    Raises:
        ServeError: When the database cannot be used.
    """

    def __init__(self, engine: Engine, *, blocking: bool) -> None:
        self.blocking = blocking
        self._engine = engine
        dialect = engine.dialect.name
        self.put_offering = _upsert(dialect, _offerings, ["sandbox", "session"])
        self.put_person = _upsert(dialect, _people, ["sandbox", "session", "person"])
        self._counts: dict[str, int] = {}
        self._prepare()

    @contextmanager
    def begin(self, *, sandbox: str = "", write: bool = False) -> Iterator[SqlTransaction]:
        """See `Store`."""
        with self._engine.begin() as connection:
            yield SqlTransaction(connection, sandbox, self, write=write)

    def close(self) -> None:
        """See `Store`."""
        self._engine.dispose()

    # How many sessions there are is counted once and then kept up roughly: counting for each new one
    # would make the store slower as it fills. It is counted again before anybody is refused.

    def grew(self, sandbox: str) -> None:
        """A session was put; perhaps a new one."""
        if sandbox in self._counts:
            self._counts[sandbox] += 1

    def shrank(self, sandbox: str) -> None:
        """A session was deleted."""
        if sandbox in self._counts:
            self._counts[sandbox] -= 1

    def forget_count(self, sandbox: str) -> None:
        """Everything was deleted."""
        self._counts.pop(sandbox, None)

    def is_full(self, sandbox: str, most: int, count: Any) -> bool:
        """Whether a sandbox holds as many sessions as it may."""
        if sandbox not in self._counts or self._counts[sandbox] >= most:
            self._counts[sandbox] = count()
        return self._counts[sandbox] >= most

    def _prepare(self) -> None:
        where = self._engine.url.render_as_string(hide_password=True)
        try:
            with self._engine.begin() as connection:
                if self._engine.dialect.name == "postgresql":
                    # Two mocks that start at once must not both create the tables.
                    connection.execute(sa.text("SELECT pg_advisory_xact_lock(hashtext('ooapi_toets'))"))
                _metadata.create_all(connection)
                found = connection.execute(
                    sa.select(_meta.c.value).where(_meta.c.name == "format")
                ).scalar_one_or_none()
                if found is None:
                    connection.execute(sa.insert(_meta), {"name": "format", "value": FORMAT})
        except OperationalError as error:
            raise _unusable(where, error) from error
        except DatabaseError as error:
            raise ServeError(f"The store {where} is no database of this mock.", "Give another file.") from error
        if found not in {None, FORMAT}:
            raise ServeError(
                f"The store {where} has format {found}; this version reads format {FORMAT}.",
                "Use the version that wrote it, or begin with a new store.",
            )


def open_sqlite(path: str) -> SqlStore:
    """The store in a SQLite file, made if it is not there; one mock at a time.

    Raises:
        ServeError: When the file cannot be used, or another mock uses it.
    """
    engine = sa.create_engine(
        sa.URL.create("sqlite", database=path),
        poolclass=sa.pool.StaticPool,
        connect_args={"check_same_thread": False, "timeout": 1.0},
    )

    @sa.event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: object) -> None:
        # The driver's own transactions begin too late to hold a lock; SQLAlchemy begins ours.
        connection.isolation_level = None
        for pragma in ("locking_mode=EXCLUSIVE", "journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=OFF"):
            connection.execute(f"PRAGMA {pragma}").fetchall()

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    # A local file answers in a fraction of the time that a thread would take to be woken.
    return SqlStore(engine, blocking=False)


def open_postgresql(url: str) -> SqlStore:
    """The store in a PostgreSQL database, shared by as many mocks as use it.

    Raises:
        ServeError: When the database cannot be reached, or its driver is not installed.
    """
    try:
        parsed = sa.make_url(url).set(drivername="postgresql+psycopg")
        engine = sa.create_engine(parsed, pool_size=10, max_overflow=20, pool_pre_ping=True)
    except (sa.exc.ArgumentError, NoSuchModuleError) as error:
        raise ServeError(f"{url.rsplit('@', maxsplit=1)[-1]} is no URL of a PostgreSQL database.") from error
    except ModuleNotFoundError as error:
        raise ServeError(
            "The driver for PostgreSQL is not installed.", "Install it with: pip install 'ooapi-toets[postgres]'."
        ) from error
    return SqlStore(engine, blocking=True)


def _unusable(where: str, error: OperationalError) -> ServeError:
    detail = str(error.orig).splitlines()[0] if error.orig else str(error)
    if "locked" in detail:
        return ServeError(f"The store {where} is in use by another mock.", "Stop that one, or give another file.")
    if "unable to open" in detail:
        return ServeError(f"The store {where} cannot be opened.", "Does its folder exist, and may you write there?")
    return ServeError(f"The store {where} cannot be used: {detail}.", "Is the database running, and is the URL right?")
