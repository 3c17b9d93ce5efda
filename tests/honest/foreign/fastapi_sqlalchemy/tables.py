"""Keep sessions, people and their parts in SQLite through SQLAlchemy, people once each."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Engine, ForeignKey, create_engine, event
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship, sessionmaker


class Base(DeclarativeBase):
    """The tables of this system."""


class OfferingRow(Base):
    """A session; what is not searched for stays together as JSON."""

    __tablename__ = "offerings"
    id: Mapped[str] = mapped_column(primary_key=True)
    start: Mapped[str]
    end: Mapped[str]
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    associations: Mapped[list[AssociationRow]] = relationship(
        back_populates="offering", cascade="all, delete-orphan", order_by="AssociationRow.number"
    )


class PersonRow(Base):
    """A person, shared by all parts that this person has; kept when a session is deleted."""

    __tablename__ = "people"
    id: Mapped[str] = mapped_column(primary_key=True)
    given_name: Mapped[str]
    surname_prefix: Mapped[str | None]
    surname: Mapped[str]
    display_name: Mapped[str]
    active: Mapped[bool]
    mail: Mapped[str]
    affiliations: Mapped[list[str]] = mapped_column(JSON)
    codes: Mapped[dict[str, Any]] = mapped_column(JSON)


class AssociationRow(Base):
    """A part in a session."""

    __tablename__ = "associations"
    offering_id: Mapped[str] = mapped_column(ForeignKey("offerings.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int]
    role: Mapped[str]
    state: Mapped[str]
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    consumers: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON)
    offering: Mapped[OfferingRow] = relationship(back_populates="associations")
    person: Mapped[PersonRow] = relationship()


def _engine() -> Engine:
    folder = Path(tempfile.mkdtemp(prefix="fastapi-"))
    engine = create_engine(f"sqlite:///{folder / 'toets.db'}", connect_args={"timeout": 30})

    @event.listens_for(engine, "connect")
    def _settings(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = OFF")
        connection.isolation_level = None

    @event.listens_for(engine, "begin")
    def _one_writer(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    Base.metadata.create_all(engine)
    return engine


_Sessions = sessionmaker(_engine())


def database() -> Iterator[Session]:
    """Give a request its database session, committed by the handler itself."""
    with _Sessions() as session:
        yield session
