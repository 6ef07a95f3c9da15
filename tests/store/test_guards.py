"""The triggers that guard facts are there after any upgrade, also one that makes their table anew."""

from datetime import UTC, datetime

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection, String, text
from sqlalchemy.exc import DatabaseError

from cycle.store import upgrading
from cycle.store.database import Database, revisions
from cycle.store.noticing import say
from cycle.store.upgrading import upgrade
from tests.store.versions import load

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def refuses(database: Database) -> list[bool]:
    """Whether a fact can be changed, and removed."""
    found = []
    for statement in ("UPDATE fact SET verb = 'anders'", "DELETE FROM fact"):
        try:
            with database.engine.begin() as connection:
                connection.execute(text(statement))
            found.append(False)
        except DatabaseError as error:
            found.append("a fact is only added" in str(error))
    return found


def test_a_database_of_before_there_were_facts_guards_them_after_its_upgrade(database_url: str) -> None:
    database = Database(database_url)
    load(database, revisions()[-2])
    database.migrate()

    assert refuses(database) == [True, True]
    database.close()


def test_a_revision_that_makes_the_table_anew_and_changes_every_fact_leaves_them_guarded(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On SQLite the old table is dropped, with its triggers."""
    with database.writing() as session:
        say(session, NOW, "an@gemeente.example", "gezegd", "register")

    def change(connection: Connection, _target: str) -> None:
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("fact", recreate="always" if database.is_sqlite else "auto") as batch:
            batch.alter_column("verb", existing_type=String(), nullable=True)
        connection.execute(text("UPDATE fact SET verb = 'anders'"))

    monkeypatch.setattr(upgrading, "_alembic", change)
    upgrade(database.engine)

    assert refuses(database) == [True, True]
    with database.reading() as session:
        assert set(session.connection().execute(text("SELECT verb FROM fact")).scalars()) == {"anders"}
