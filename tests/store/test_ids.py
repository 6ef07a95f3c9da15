"""An id is given out once: on both engines, and whatever becomes of its row, its table or the database."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import delete, inspect
from sqlmodel import SQLModel, col

from cycle.store import ids
from cycle.store.database import Database
from cycle.store.noticing import untold
from cycle.store.tables import ID_TABLES, Absence, Person
from cycle.store.upgrading import upgrade
from tests.store.versions import load

PERSON = {"name": "An", "email": "an@cycle.example"}


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Database]:
    """On SQLite only: PostgreSQL makes no table anew, and asks nothing for this."""
    opened = Database(f"sqlite:///{tmp_path}/small.db")
    opened.migrate()
    yield opened
    opened.close()


def new_id(database: Database, row: SQLModel) -> int:
    with database.writing() as session:
        session.add(row)
        session.flush()
        return int(row.id)  # type: ignore[attr-defined]


def test_a_row_has_an_id_once_it_is_stored(small: Database) -> None:
    person = Person(**PERSON)
    with pytest.raises(ValueError, match="Person has no id"):
        ids.id_of(person)

    with small.writing() as session:
        session.add(person)
        session.flush()
        assert ids.id_of(person) == person.id


def away(database: Database) -> int:
    return new_id(database, Absence(person_id=1, first=date(2027, 1, 1), last=date(2027, 1, 2)))


def remove(database: Database, number: int) -> None:
    with database.writing() as session:
        session.connection().execute(
            delete(Absence).where(col(Absence.id) == number), execution_options=untold("a test")
        )


def test_the_id_of_a_row_that_is_gone_does_not_come_back(database: Database) -> None:
    assert new_id(database, Person(**PERSON)) == 1
    first = away(database)
    remove(database, first)

    assert away(database) > first


def test_sqlite_gives_no_table_the_id_of_a_row_that_is_gone(small: Database) -> None:
    with small.engine.connect() as connection:
        query = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%AUTOINCREMENT%'"
        made = set(connection.exec_driver_sql(query).scalars())

    assert made == {table.name for table in ID_TABLES}
    assert "installation" not in made


def test_a_table_that_is_made_anew_goes_on_where_its_ids_were(small: Database) -> None:
    new_id(small, Person(**PERSON))
    first = away(small)
    remove(small, first)
    with small.engine.begin() as connection, ids.counters_kept(connection):
        operations = Operations(MigrationContext.configure(connection))
        once = {"sqlite_autoincrement": True}
        with operations.batch_alter_table("absence", recreate="always", table_kwargs=once):
            pass

    assert away(small) > first


def test_a_copy_that_is_restored_gives_no_id_that_was_given_after_it_was_made(database: Database) -> None:
    first = new_id(database, Person(**PERSON))
    with database.writing() as session:
        ids.leave_room(session)

    assert new_id(database, Person(name="Bo", email="bo@cycle.example")) > first + 100_000
    assert away(database) > 100_000


def test_ids_that_are_still_named_somewhere_are_not_given_out_after_an_upgrade(database_url: str) -> None:
    database = Database(database_url)
    load(database, "0011")  # its handover names seat 12, its logbook reading 1
    with database.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM membership WHERE id > 10")
        connection.exec_driver_sql("UPDATE decision SET about = 'lezing 57' WHERE id = 2")
    upgrade(database.engine)
    with database.engine.begin() as connection:
        seat = connection.exec_driver_sql(
            "INSERT INTO membership (person_id, party_id, role, awaited, themes) "
            "VALUES (6, 2, 'reader', '[]', '[]') RETURNING id"
        ).scalar_one()
    names = {row["name"] for row in inspect(database.engine).get_columns("absence")}
    if database.is_sqlite:
        with database.engine.connect() as connection:
            last = dict(connection.exec_driver_sql("SELECT name, seq FROM sqlite_sequence").all())
        assert (last["reading"], last["person"]) == (57, 9)
    database.close()

    assert (seat > 12, "uid" in names) == (True, True)
