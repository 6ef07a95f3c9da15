"""The ids that the database gives out: each one once, whatever becomes of its row, its table or the whole database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from sqlalchemy import Connection, Table, inspect
from sqlmodel import Session

from cycle.store.tables import ID_TABLES

ROOM = 1_000_000


class Stored(Protocol):
    """A row of a table that gives out ids."""

    id: int | None


def id_of(row: Stored) -> int:
    """The id of a row that is in the database. Raises ValueError for one that is not there yet, and so has none."""
    if row.id is None:
        raise ValueError(f"{type(row).__name__} has no id: it was not stored yet")
    return row.id


@contextmanager
def counters_kept(connection: Connection) -> Iterator[None]:
    """SQLite forgets how far the ids of a table were when the table is made anew; PostgreSQL does not."""
    if connection.dialect.name != "sqlite":
        yield
        return
    before = _given(connection)
    yield
    after = _given(connection)
    there = set(inspect(connection).get_table_names())
    for name, last in before.items():
        if name in there and last > after.get(name, 0):
            _set(connection, name, last)


def leave_room(session: Session) -> None:
    """For a database that turns out to be an older copy: what was given out after the copy was made stands in mails."""
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        given = _given(connection)
        for table in ID_TABLES:
            _set(connection, table.name, given.get(table.name, 0) + ROOM)
        return
    for table in ID_TABLES:
        _skip(connection, table)


def _given(connection: Connection) -> dict[str, int]:
    """The last id of each table that gave any, on SQLite."""
    there = connection.exec_driver_sql("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'").first()
    if there is None:
        return {}
    return {name: int(last or 0) for name, last in connection.exec_driver_sql("SELECT name, seq FROM sqlite_sequence")}


def _set(connection: Connection, name: str, last: int) -> None:
    connection.exec_driver_sql("DELETE FROM sqlite_sequence WHERE name = ?", (name,))
    connection.exec_driver_sql("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (name, last))


def _skip(connection: Connection, table: Table) -> None:
    connection.exec_driver_sql(
        "SELECT setval(given::regclass, nextval(given::regclass) + %s) FROM pg_get_serial_sequence(%s, 'id') AS given",
        (ROOM, table.name),
    )
