"""A database that was copied takes the place of the one that is there, which is put aside and never thrown away.

The copy is one SQLite file, brought to the newest revision and marked before it comes here. For SQLite it takes the
place of the old file in one rename. For PostgreSQL the old tables go to a schema of their own and the rows are copied
into new ones, in one transaction: all of it, or nothing.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import SQLModel

from cycle.errors import CycleError, Refused
from cycle.private import copy_file, database_files, make_folder, sync_folder
from cycle.store.database import normal_url, unreachable
from cycle.store.mishaps import NO_ANSWER
from cycle.store.snapshots import OURS, column_types, quoted, sequence_of
from cycle.store.upgrading import FORMER_TABLES, upgrade_within

WAIT_SECONDS = 5
NOBODY_ELSE = "Stop dat eerst, en doe het dan opnieuw. Er is niets veranderd."


def put_back(copy: Path, url: str, aside: str) -> str:
    """Puts a copy in the place of the database of an address; `aside` is the name for what was there. Says where that
    is now, or nothing when there was nothing.

    Raises Refused while somebody uses the database, CycleError when it cannot be done; then it is as it was.
    """
    url = normal_url(url)
    if url.startswith("sqlite"):
        return _put_file(copy, Path(str(make_url(url).database)).resolve(), aside)
    engine = create_engine(url, hide_parameters=True)
    try:
        with _told(), engine.begin() as connection:
            return _put_rows(copy, connection, aside.replace("-", "_"))
    finally:
        engine.dispose()


def refuse_while_used(url: str) -> None:
    """Raises Refused while somebody uses the database, CycleError when it does not answer."""
    url = normal_url(url)
    if url.startswith("sqlite"):
        with _alone(Path(str(make_url(url).database)).resolve()):
            return
    engine: Engine = create_engine(url, hide_parameters=True)
    try:
        with _told(), engine.begin() as connection:
            _refuse_others(connection)
    finally:
        engine.dispose()


def _put_file(copy: Path, place: Path, aside: str) -> str:
    beside = place.with_name(f"{place.name}.restoring")
    make_folder(place.parent)
    try:
        copy_file(copy, beside)
        with _alone(place) as is_whole:
            there = [file for file in database_files(place) if file.exists() and file.stat().st_size]
            for file in there[:1] if is_whole else there:
                make_folder(place.parent / aside)
                _move_aside(file, place.parent / aside / file.name)
            for file in database_files(place)[1:]:  # never to be taken for those of the copy
                file.unlink(missing_ok=True)
            beside.replace(place)
            sync_folder(place.parent)
    finally:
        beside.unlink(missing_ok=True)
    return str(place.parent / aside / place.name) if there else ""


def _move_aside(file: Path, place: Path) -> None:
    """A second name for it, so that there is a database at its own place at every moment; else another name."""
    try:
        os.link(file, place)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        file.rename(place)
    sync_folder(place.parent)


@contextmanager
def _alone(place: Path) -> Iterator[bool]:
    """Nobody else has this file open meanwhile, and what stood beside it is in it. Says whether it is whole: one that
    SQLite cannot read goes aside as it is.

    Raises Refused when somebody has it open.
    """
    if not place.exists() or not place.stat().st_size:
        yield False
        return
    with closing(sqlite3.connect(place, isolation_level=None, timeout=WAIT_SECONDS)) as connection:
        try:
            connection.execute("PRAGMA locking_mode=EXCLUSIVE")
            connection.execute("PRAGMA journal_mode=DELETE").fetchone()  # only who is alone may
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise Refused("De database is nog in gebruik.", NOBODY_ELSE) from None
            yield False
        except sqlite3.DatabaseError:
            yield False
        else:
            yield True


def _put_rows(copy: Path, connection: Connection, schema: str) -> str:
    _refuse_others(connection)
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{WAIT_SECONDS}s'")
    there = _our_tables(connection)
    if there:
        connection.exec_driver_sql(f'CREATE SCHEMA "{schema}"')
        for table in there:
            connection.exec_driver_sql(f'ALTER TABLE "{table}" SET SCHEMA "{schema}"')
    upgrade_within(connection)
    with closing(sqlite3.connect(copy, isolation_level=None)) as source:
        for table in [one.name for one in SQLModel.metadata.sorted_tables]:
            _fill(source, connection, table)
        _refuse_difference(source, connection)
    return f"het schema {schema}" if there else ""


def _our_tables(connection: Connection) -> list[str]:
    """Those of ours that are there, of whatever revision."""
    asked = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
    ours = {*SQLModel.metadata.tables, *FORMER_TABLES, "alembic_version"}
    return sorted(name for (name,) in connection.exec_driver_sql(asked) if name in ours)


def _fill(source: sqlite3.Connection, connection: Connection, table: str) -> None:
    types = column_types(connection, table)
    names = list(types)
    connection.exec_driver_sql(f'DELETE FROM "{table}"')  # what the migrations wrote
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f'COPY "{table}" ({quoted(names)}) FROM STDIN') as rows:
        for row in source.execute(f'SELECT {quoted(names)} FROM "{table}"'):
            rows.write_row([_value(value, types[name]) for value, name in zip(row, names, strict=True)])
    if sequence := sequence_of(connection, table):
        known = source.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()
        last = known[0] if known else 0
        connection.exec_driver_sql("SELECT setval(%s::regclass, %s, %s)", (sequence, max(last, 1), last > 0))


def _value(value: Any, kind: str) -> Any:
    """What SQLite has, as PostgreSQL takes it."""
    if value is None:
        return None
    if kind == "timestamp with time zone":
        return f"{value}+00"
    return bool(value) if kind == "boolean" else value


def _refuse_difference(source: sqlite3.Connection, connection: Connection) -> None:
    """Both sides are counted before anything is kept."""
    for (table,) in source.execute(OURS).fetchall():
        asked = f'SELECT count(*) FROM "{table}"'
        if source.execute(asked).fetchone()[0] != connection.exec_driver_sql(asked).scalar():
            raise CycleError(f"Niet alle rijen van {table} kwamen over.", "Er is niets veranderd; meld het.")


def _refuse_others(connection: Connection) -> None:
    """PostgreSQL knows who is connected, from whichever machine; a monitor with a role of its own harms nothing."""
    others = connection.exec_driver_sql(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
        "AND usename = current_user"
    ).scalar_one()
    if others:
        raise Refused(f"Er zijn nog {others} verbindingen van dezelfde gebruiker met de database.", NOBODY_ELSE)


@contextmanager
def _told() -> Iterator[None]:
    """A failure is a sentence, without anything of what stands in the rows."""
    try:
        yield
    except NO_ANSWER as error:
        if "lock timeout" in str(error):
            raise Refused("De database is nog in gebruik.", NOBODY_ELSE) from None
        raise unreachable(error) from None  # type: ignore[arg-type]
    except CycleError:
        raise
    except Exception as error:
        if not (isinstance(error, SQLAlchemyError) or type(error).__module__.startswith("psycopg")):
            raise
        reason = type(getattr(error, "orig", None) or error).__name__
        hint = "Er is niets veranderd."
        if reason == "InsufficientPrivilege":
            hint += " Geef de gebruiker van de database dit recht: GRANT CREATE ON DATABASE naam TO gebruiker"
        raise CycleError(f"Terugzetten in de database lukt niet ({reason}).", hint) from None
