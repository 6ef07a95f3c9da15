"""A whole database as one SQLite file, and back: every row of every table, of either engine, and to either engine."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import text
from sqlmodel import SQLModel, col, select

from cycle.errors import CycleError, DatabaseMismatch, Refused, Unreadable
from cycle.store.chains import erase
from cycle.store.database import Database, revisions
from cycle.store.putting_back import put_back, refuse_while_used
from cycle.store.snapshots import DatabaseCopy, look_into, make_single, take_snapshot
from cycle.store.tables import Beat, Fact, Person
from tests.conftest import NOVEMBER
from tests.store.versions import Rows, load, rows_of

NEWEST = revisions()[-1]
ASIDE = "opzij-2026-11-27-033100"


@pytest.fixture
def empty(database_url: str) -> Iterator[Database]:
    """A database without any table, of either engine."""
    opened = Database(database_url)
    yield opened
    opened.close()


def copied_rows(file: Path) -> Rows:
    database = Database(f"sqlite:///{file}")
    rows = rows_of(database)
    database.close()
    return rows


def counts(rows: Rows) -> dict[str, int]:
    return {name: len(of_table) for name, of_table in rows.items()}


@pytest.mark.parametrize("revision", ["0001", "0013", "0021"])
def test_a_copy_has_every_row_of_a_database_of_any_version(empty: Database, revision: str, tmp_path: Path) -> None:
    load(empty, revision)

    copy = take_snapshot(empty, tmp_path / "copy.db")

    assert copied_rows(tmp_path / "copy.db") == rows_of(empty)
    assert copy == DatabaseCopy(revision, copy.installation, {"alembic_version": 1, **counts(rows_of(empty))})


def test_a_copy_goes_back_into_either_engine_with_every_row_and_goes_on_counting(
    empty: Database, tmp_path: Path, database_url: str
) -> None:
    source = Database(f"sqlite:///{tmp_path}/old.db")
    load(source, "0021")
    source.migrate()
    rows, file = rows_of(source, SQLModel.metadata.sorted_tables), tmp_path / "copy.db"
    take_snapshot(source, file)
    source.close()
    empty.migrate()
    with empty.writing() as session:
        session.add(Person(name="An", email="an@cycle.example"))
    before = rows_of(empty)
    empty.close()

    where = put_back(file, database_url, ASIDE)

    restored = Database(database_url)
    assert rows_of(restored, SQLModel.metadata.sorted_tables) == rows
    with restored.writing() as session:
        session.add(person := Person(name="Bo", email="bo@cycle.example"))
        session.flush()
        assert (person.id or 0) > max(row["id"] for row in rows["person"])
    assert rows_aside(restored, where) == before["person"]
    again = take_snapshot(restored, tmp_path / "again.db")
    assert again.rows["person"] == len(rows["person"]) + 1
    restored.close()


def rows_aside(database: Database, where: str) -> list[dict[str, object]]:
    """What became of the old table of people."""
    if database.is_sqlite:
        return copied_rows(Path(where))["person"]
    schema = where.removeprefix("het schema ")
    with database.engine.connect() as connection:
        return [dict(row) for row in connection.execute(text(f"SELECT * FROM {schema}.person")).mappings()]


def test_a_copy_is_of_one_moment_while_others_write(database: Database, tmp_path: Path) -> None:
    """Each transaction writes a person and a beat, or takes both away: a copy never has one without the other."""
    stop, written = Event(), 0

    def hammer() -> None:
        nonlocal written
        while not stop.is_set():
            written += 1
            with database.writing() as session:
                session.add(Person(name=f"{written}", email=f"{written}@cycle.example"))
                session.flush()
                session.add(Beat(name=f"{written}", at=NOVEMBER))
            if written % 5 == 0:
                with database.writing() as session:
                    session.connection().exec_driver_sql("DELETE FROM person")
                    session.connection().exec_driver_sql("DELETE FROM beat")

    writer = Thread(target=hammer)
    writer.start()
    try:
        copies = [take_snapshot(database, tmp_path / f"{number}.db") for number in range(3)]
    finally:
        stop.set()
        writer.join()

    assert written > 3
    assert [copy.rows["person"] - copy.rows["beat"] for copy in copies] == [0] * 3
    assert [look_into(tmp_path / f"{number}.db") for number in range(3)] == copies


def test_nothing_that_was_wiped_goes_along(tmp_path: Path) -> None:
    """Rule C15: what was erased is in no back-up made after it, not even between the rows."""
    database = Database(f"sqlite:///{tmp_path}/cycle.db")
    database.migrate()
    with database.writing() as session:
        session.add(Person(name="Wisselaar", email="wisselaar@cycle.example"))
    with database.writing() as session:
        session.connection().exec_driver_sql("DELETE FROM person")
        erase(session, list(session.exec(select(col(Fact.id)))), NOVEMBER, "proef")
    take_snapshot(database, tmp_path / "copy.db")
    database.close()

    assert b"isselaar" not in (tmp_path / "copy.db").read_bytes()


def test_an_empty_database_has_nothing_to_keep_and_a_newer_one_is_not_understood(
    empty: Database, tmp_path: Path
) -> None:
    with pytest.raises(Refused, match="leeg"):
        take_snapshot(empty, tmp_path / "copy.db")
    empty.migrate()
    with empty.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(DatabaseMismatch) as newer:
        take_snapshot(empty, tmp_path / "copy.db")
    assert "cycle restore" in newer.value.hint


def test_nothing_is_put_back_while_somebody_uses_the_database(database: Database, tmp_path: Path) -> None:
    take_snapshot(database, tmp_path / "copy.db")
    with database.reading() as session:
        session.connection()
    before = rows_of(database)

    for act in (lambda: refuse_while_used(database.url), lambda: put_back(tmp_path / "copy.db", database.url, ASIDE)):
        with pytest.raises(Refused, match="nog"):
            act()

    assert rows_of(database) == before
    assert not list(tmp_path.glob("*.restoring"))


def test_what_waits_in_the_wal_of_the_old_database_goes_aside_with_it(tmp_path: Path, sqlite_tables: Path) -> None:
    place, copy = tmp_path / "cycle.db", tmp_path / "copy.db"
    shutil.copy(sqlite_tables, copy)
    left = tmp_path / "left"
    left.mkdir()
    living = Database(f"sqlite:///{left}/cycle.db")
    living.migrate()
    with living.writing() as session:
        session.add(Person(name="An", email="an@cycle.example"))
    for name in ("cycle.db", "cycle.db-wal", "cycle.db-shm"):  # as a process leaves them that was killed
        shutil.copy(left / name, tmp_path / name)
    living.close()
    assert (tmp_path / "cycle.db-wal").stat().st_size

    where = put_back(copy, f"sqlite:///{place}", ASIDE)

    assert [row["name"] for row in copied_rows(Path(where))["person"]] == ["An"]
    assert copied_rows(place)["person"] == []


def test_a_database_that_nobody_can_read_goes_aside_as_it_is(tmp_path: Path, sqlite_tables: Path) -> None:
    place, copy = tmp_path / "cycle.db", tmp_path / "copy.db"
    shutil.copy(sqlite_tables, copy)
    place.write_bytes(b"geen database" * 1000)
    (tmp_path / "cycle.db-wal").write_bytes(b"ook niet")

    where = put_back(copy, f"sqlite:///{place}", ASIDE)

    assert Path(where).read_bytes() == b"geen database" * 1000
    assert Path(f"{where}-wal").read_bytes() == b"ook niet"
    assert copied_rows(place)["person"] == []


def test_a_copy_that_is_damaged_is_told(tmp_path: Path, sqlite_example: Path) -> None:
    copy = tmp_path / "copy.db"
    shutil.copy(sqlite_example, copy)
    make_single(copy)
    content = bytearray(copy.read_bytes())
    content[3 * 4096 : 9 * 4096] = b"\xff" * (6 * 4096)
    copy.write_bytes(content)

    with pytest.raises(Unreadable):
        look_into(copy)


def test_a_failure_halfway_leaves_postgresql_as_it_was(
    postgresql: Callable[..., str], postgresql_example: str, tmp_path: Path, sqlite_example: Path
) -> None:
    url, copy = postgresql(postgresql_example), tmp_path / "copy.db"
    before = Database(url)
    rows = rows_of(before)
    before.close()
    shutil.copy(sqlite_example, copy)
    with closing(sqlite3.connect(copy)) as connection, connection:
        connection.execute("PRAGMA foreign_keys=OFF")
        connection.execute("UPDATE deadline_party SET party_id = party_id + 9000")  # the last but a few tables

    with pytest.raises(CycleError) as failed:
        put_back(copy, url, ASIDE)

    after = Database(url)
    assert "Er is niets veranderd" in failed.value.hint
    assert rows_of(after) == rows
    after.close()
