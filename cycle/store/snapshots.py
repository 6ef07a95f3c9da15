"""A copy of a whole database as one SQLite file, whatever engine it is of, while others write.

SQLite copies its own pages and then packs them, so that nothing of what was wiped goes along. PostgreSQL is read in one
REPEATABLE READ transaction into the tables of the same revision, laid by the same migrations. Rows are counted in the
transaction that is copied, and again in the copy.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection, create_engine
from sqlalchemy.exc import SQLAlchemyError

from cycle.errors import CycleError, Refused, Unreadable
from cycle.private import make_database_file
from cycle.store.database import Database, unreachable
from cycle.store.mishaps import NO_ANSWER
from cycle.store.upgrading import upgrade

OURS = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
AS_SQLITE_HAS_IT = {
    "timestamp with time zone": "to_char({0} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')",
    "time without time zone": "to_char({0}::interval, 'HH24:MI:SS.US')",
    "date": "to_char({0}, 'YYYY-MM-DD')",
    "boolean": "{0}::int",
    "json": "{0}::text",
}
"""By the type of a column in PostgreSQL; other types are the same in both."""


class DatabaseCopy(NamedTuple):
    """What was copied: the revision of the tables, the random name of the database, and the rows of each table."""

    revision: str
    installation: str
    rows: dict[str, int]


def take_snapshot(database: Database, file: Path) -> DatabaseCopy:
    """Copies all that is in a database into a new file, as it was at one moment.

    Raises Refused for an empty database, DatabaseMismatch for one of a newer version, CycleError when it fails.
    """
    revision = database.known_version()
    if revision is None:
        raise Refused("De database is nog leeg: er is niets om te bewaren.", "Begin met: cycle migrate")
    make_database_file(file)
    try:
        with database.snapshot() as connection, _told():
            copy = _copy_sqlite if database.is_sqlite else _copy_postgresql
            counted = copy(connection, file, revision)
    except NO_ANSWER as error:
        raise unreachable(error) from None  # type: ignore[arg-type]
    copied = look_into(file)
    if copied.rows != counted:
        raise CycleError("De kopie heeft niet evenveel rijen als de database.", "Probeer het opnieuw, en meld het.")
    return copied


def look_into(file: Path) -> DatabaseCopy:
    """What a copy holds, once SQLite finds nothing wrong with it. Raises Unreadable."""
    try:
        with closing(sqlite3.connect(file, isolation_level=None)) as connection:
            if connection.execute("PRAGMA quick_check").fetchall() != [("ok",)]:
                raise Unreadable("De database in de kopie is beschadigd.", "Neem een andere kopie.")
            rows = _counts(connection.execute, _names(connection.execute(OURS)))
            [revision] = _names(connection.execute("SELECT version_num FROM alembic_version"))
            named = "installation" in rows and connection.execute("SELECT uid FROM installation").fetchone()
    except (sqlite3.Error, ValueError):
        raise Unreadable("De database in de kopie is niet te lezen.", "Neem een andere kopie.") from None
    return DatabaseCopy(revision, named[0] if named else "", rows)


def make_single(file: Path) -> None:
    """A database of SQLite that nobody has open becomes one file: nothing of it stands beside it any more."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE").fetchone()


def _copy_sqlite(connection: Connection, file: Path, _revision: str) -> dict[str, int]:
    counted = _counts(connection.exec_driver_sql, _names(connection.exec_driver_sql(OURS)))
    source: Any = connection.connection.driver_connection
    with closing(sqlite3.connect(file, isolation_level=None)) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE").fetchone()
        target.execute("VACUUM")
    return counted


def _copy_postgresql(connection: Connection, file: Path, revision: str) -> dict[str, int]:
    engine = create_engine(f"sqlite:///{file}")
    upgrade(engine, revision)
    engine.dispose()
    with closing(sqlite3.connect(file, isolation_level=None)) as target:
        target.execute("PRAGMA foreign_keys=OFF")
        target.execute("BEGIN")
        tables = _names(target.execute(OURS))
        for table in tables:
            target.execute(f'DELETE FROM "{table}"')  # what the migrations wrote
            _copy_table(connection, target, table)
        _copy_numbers(connection, target, tables)
        target.execute("COMMIT")
    return _counts(connection.exec_driver_sql, tables)


def _copy_table(source: Connection, target: sqlite3.Connection, table: str) -> None:
    types = column_types(source, table)
    names = [row[1] for row in target.execute(f'PRAGMA table_info("{table}")')]
    asked = ", ".join(AS_SQLITE_HAS_IT.get(types[name], "{0}").format(f'"{name}"') for name in names)
    marks = ", ".join("?" for _ in names)
    # from a cursor of the server: the whole ledger does not fit in memory
    streamed = source.execution_options(stream_results=True, max_row_buffer=2000)
    rows = streamed.exec_driver_sql(f'SELECT {asked} FROM "{table}"')
    target.executemany(f'INSERT INTO "{table}" ({quoted(names)}) VALUES ({marks})', map(tuple, rows))


def _copy_numbers(source: Connection, target: sqlite3.Connection, tables: Iterable[str]) -> None:
    """How far the ids of each table were given out."""
    if not target.execute("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'").fetchone():
        return  # of before revision 0015
    target.execute("DELETE FROM sqlite_sequence")
    for table in tables:
        sequence = sequence_of(source, table)
        if sequence is not None:
            last, is_given = source.exec_driver_sql(f"SELECT last_value, is_called FROM {sequence}").one()
            target.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table, last if is_given else 0))


def column_types(source: Connection, table: str) -> dict[str, str]:
    """The columns of a table in PostgreSQL with their types, in the words of the standard."""
    asked = "SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = current_schema()"
    rows = source.exec_driver_sql(f"{asked} AND table_name = %s", (table,))
    return {row[0]: row[1] for row in rows}


def sequence_of(source: Connection, table: str) -> str | None:
    """What PostgreSQL gives the ids of a table out with, if it does."""
    if "id" not in column_types(source, table):
        return None
    name: str | None = source.exec_driver_sql("SELECT pg_get_serial_sequence(%s, 'id')", (table,)).scalar()
    return name


def quoted(names: Iterable[str]) -> str:
    """The names of columns for a statement."""
    return ", ".join(f'"{name}"' for name in names)


def _counts(execute: Callable[[str], Any], tables: Iterable[str]) -> dict[str, int]:
    return {table: execute(f'SELECT count(*) FROM "{table}"').fetchone()[0] for table in tables}


def _names(rows: Iterable[Any]) -> list[str]:
    return [row[0] for row in rows]


@contextmanager
def _told() -> Iterator[None]:
    """A copy that cannot be made is a sentence, without anything of what stands in it."""
    try:
        yield
    except NO_ANSWER:
        raise
    except (sqlite3.Error, SQLAlchemyError) as error:
        reason = str(error).split("\n")[0] if isinstance(error, sqlite3.Error) else type(error).__name__
        raise CycleError(f"De database is niet te kopiëren: {reason}.", "Is er ruimte genoeg op de schijf?") from None
