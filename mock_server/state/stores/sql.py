"""State in a SQLite file or a PostgreSQL database, through SQLAlchemy Core.

A write is committed before it is answered. SQLite keeps a write-ahead log: what was committed survives
the end of the process, however it ends (not of the machine: that would cost a disk flush for each
request, and this is a mock). Several processes may share a PostgreSQL database: a request that writes
locks the record it is about, so that racing lists follow one another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DatabaseError, NoSuchModuleError, OperationalError

from ooapi_toets.errors import ServeError

FORMAT = "2"
"""The version of the tables; a store of another one is refused rather than guessed at."""

_metadata = sa.MetaData()
_meta = sa.Table(
    "ooapi_toets_meta",
    _metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)
_records = sa.Table(
    "ooapi_toets_records",
    _metadata,
    sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), sa.Identity(), primary_key=True),
    sa.Column("sandbox", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("parent", sa.Text, nullable=False),
    sa.Column("record", sa.LargeBinary, nullable=False),
    sa.UniqueConstraint("sandbox", "kind", "key", "parent"),
    sa.Index("ooapi_toets_families", "sandbox", "parent", "kind", "number"),
)

# Built once: SQLAlchemy compiles a statement once per object, and looks it up by the object after that.
_HERE = _records.c.sandbox == sa.bindparam("sandbox")
_NAMED = (_HERE, _records.c.kind == sa.bindparam("kind"), _records.c.key == sa.bindparam("key"))
_THIS = (*_NAMED, _records.c.parent == sa.bindparam("parent"))
_FAMILY = (_HERE, _records.c.parent == sa.bindparam("parent"), _records.c.kind == sa.bindparam("kind"))
_GET = sa.select(_records.c.record).where(*_THIS)
_LOCK = _GET.with_for_update()
_FIND = sa.select(_records.c.parent, _records.c.record).where(*_NAMED).limit(1)
_DELETE = sa.delete(_records).where(*_THIS)
_ALL = sa.select(_records.c.key, _records.c.record).where(*_FAMILY).order_by(_records.c.number)
_PAGE = _ALL.limit(sa.bindparam("most")).offset(sa.bindparam("start"))
_COUNT = sa.select(sa.func.count()).select_from(_records).where(*_FAMILY)
_ADD = sa.insert(_records)
_NO_FAMILY = sa.delete(_records).where(*_FAMILY)
_NO_CHILDREN = sa.delete(_records).where(_HERE, _records.c.parent == sa.bindparam("parent"))
_NOTHING = sa.delete(_records).where(_HERE)


def _upsert(dialect: str) -> Any:
    """An insert that replaces the record where it is there already, keeping its place."""
    module: Any = postgresql if dialect == "postgresql" else sqlite
    statement = module.insert(_records)
    return statement.on_conflict_do_update(
        index_elements=["sandbox", "kind", "key", "parent"], set_={"record": statement.excluded.record}
    )


class SqlTransaction:
    """One request's view of one sandbox.

    Args:
        connection: In a transaction.
        sandbox: The sandbox.
        write: Whether reading a record locks it.
        store: Whose upsert and counts to use.
    """

    def __init__(self, connection: Connection, sandbox: str, store: SqlStore, *, write: bool) -> None:
        self._connection = connection
        self._sandbox = sandbox
        self._store = store
        self._write = write

    def get(self, kind: str, key: str, parent: str = "") -> bytes | None:
        """See `Transaction`."""
        found = self._run(_LOCK if self._write else _GET, kind=kind, key=key, parent=parent).scalar_one_or_none()
        return None if found is None else bytes(found)

    def find(self, kind: str, key: str) -> tuple[str, bytes] | None:
        """See `Transaction`."""
        found = self._run(_FIND, kind=kind, key=key).one_or_none()
        return None if found is None else (found.parent, bytes(found.record))

    def put(self, kind: str, key: str, record: bytes, parent: str = "") -> None:
        """See `Transaction`."""
        self._run(self._store.put, kind=kind, key=key, record=record, parent=parent)
        if not parent:
            self._store.grew(self._sandbox, kind)

    def delete(self, kind: str, key: str, parent: str = "") -> None:
        """See `Transaction`."""
        self._run(_DELETE, kind=kind, key=key, parent=parent)
        self._run(_NO_CHILDREN, parent=key)
        if not parent:
            self._store.shrank(self._sandbox, kind)

    def records(self, kind: str) -> Iterator[tuple[str, bytes]]:
        """See `Transaction`."""
        for key, record in self._run(_ALL, kind=kind, parent=""):
            yield key, bytes(record)

    def children(self, kind: str, parent: str) -> Mapping[str, bytes]:
        """See `Transaction`."""
        return {key: bytes(record) for key, record in self._run(_ALL, kind=kind, parent=parent)}

    def page(self, kind: str, parent: str, start: int, count: int) -> tuple[list[bytes], int]:
        """See `Transaction`."""
        rows = self._run(_PAGE, kind=kind, parent=parent, start=start, most=count)
        return [bytes(record) for _, record in rows], self.count(kind, parent)

    def count(self, kind: str, parent: str = "") -> int:
        """See `Transaction`."""
        return int(self._run(_COUNT, kind=kind, parent=parent).scalar_one())

    def is_full(self, kind: str, most: int) -> bool:
        """See `Transaction`."""
        return self._store.is_full(self._sandbox, kind, most, lambda: self.count(kind))

    def replace_children(self, kind: str, parent: str, records: Mapping[str, bytes]) -> None:
        """See `Transaction`."""
        self._run(_NO_FAMILY, kind=kind, parent=parent)
        if records:
            rows = [
                {"sandbox": self._sandbox, "kind": kind, "key": key, "parent": parent, "record": record}
                for key, record in records.items()
            ]
            self._connection.execute(_ADD, rows)

    def clear(self) -> None:
        """See `Transaction`."""
        self._run(_NOTHING)
        self._store.forget_counts(self._sandbox)

    def _run(self, statement: Any, **values: object) -> Any:
        return self._connection.execute(statement, {"sandbox": self._sandbox, **values})


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
        self.put = _upsert(engine.dialect.name)
        self._counts: dict[tuple[str, str], int] = {}
        try:
            self._prepare()
        except ServeError:
            engine.dispose()  # else a file that is refused stays locked
            raise

    @contextmanager
    def begin(self, *, sandbox: str = "", write: bool = False) -> Iterator[SqlTransaction]:
        """See `Store`."""
        with self._engine.begin() as connection:
            yield SqlTransaction(connection, sandbox, self, write=write)

    def close(self) -> None:
        """See `Store`."""
        self._engine.dispose()

    # How many records of a kind there are is counted once and then kept up roughly: counting for each new
    # one would make the store slower as it fills. It is counted again before anybody is refused.

    def grew(self, sandbox: str, kind: str) -> None:
        """A record was put; perhaps a new one."""
        if (sandbox, kind) in self._counts:
            self._counts[sandbox, kind] += 1

    def shrank(self, sandbox: str, kind: str) -> None:
        """A record was deleted."""
        if (sandbox, kind) in self._counts:
            self._counts[sandbox, kind] -= 1

    def forget_counts(self, sandbox: str) -> None:
        """Everything was deleted."""
        self._counts = {each: count for each, count in self._counts.items() if each[0] != sandbox}

    def is_full(self, sandbox: str, kind: str, most: int, count: Callable[[], int]) -> bool:
        """Whether a sandbox holds as many records of a kind as it may."""
        key = sandbox, kind
        if key not in self._counts or self._counts[key] >= most:
            self._counts[key] = count()
        return self._counts[key] >= most

    def _prepare(self) -> None:
        where = self._engine.url.render_as_string(hide_password=True)
        try:
            with self._engine.begin() as connection:
                if self._engine.dialect.name == "postgresql":
                    # Two mocks that start at once must not both create the tables.
                    connection.execute(sa.text("SELECT pg_advisory_xact_lock(hashtext('ooapi_toets'))"))
                _meta.create(connection, checkfirst=True)
                found = connection.execute(
                    sa.select(_meta.c.value).where(_meta.c.name == "format")
                ).scalar_one_or_none()
                if found not in {None, FORMAT}:
                    # Nothing is made in it: the version that wrote it finds it as it left it.
                    raise ServeError(
                        f"The store {where} has format {found}; this version reads format {FORMAT}.",
                        "Use the version that wrote it, or begin with a new store.",
                    )
                _metadata.create_all(connection)
                if found is None:
                    connection.execute(sa.insert(_meta), {"name": "format", "value": FORMAT})
        except OperationalError as error:
            raise _unusable(where, error) from error
        except DatabaseError as error:
            raise ServeError(f"The store {where} is no database of this mock.", "Give another file.") from error


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
