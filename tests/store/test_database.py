"""The promises of the store, on both engines: moments, sessions, versions, migrations, foreign keys (rule C5)."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Date, inspect, text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError
from sqlmodel import SQLModel, select

from cycle.domain.model import PartyKind
from cycle.errors import CycleError, DatabaseMismatch
from cycle.store.database import Database, found_once, revisions
from cycle.store.tables import Beat, Covenant, PartyRow, Term

SUMMER, WINTER = timezone(timedelta(hours=2)), timezone(timedelta(hours=1))


def test_c5_the_two_half_past_twos_of_an_autumn_night_stay_two_moments(database: Database) -> None:
    first = datetime(2026, 10, 25, 2, 30, tzinfo=SUMMER)
    second = datetime(2026, 10, 25, 2, 30, tzinfo=WINTER)
    with database.writing() as session:
        session.add(Beat(name="first", at=first))
        session.add(Beat(name="second", at=second))

    with database.reading() as session:
        found = {row.name: row.at for row in session.exec(select(Beat))}

    assert found == {"first": first, "second": second}
    assert {at.tzinfo for at in found.values()} == {UTC}


def test_a_moment_without_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="without time zone"), database.writing() as session:
        session.add(Beat(name="naive", at=datetime(2026, 10, 25, 2, 30)))  # noqa: DTZ001 - the point of the test


def test_a_word_of_an_enum_is_kept_as_its_text_and_read_as_its_member(database: Database) -> None:
    with database.writing() as session:
        session.add(Covenant(id=1, slug="a", name="A", live_since=date(2027, 1, 1)))
        session.add(PartyRow(covenant_id=1, slug="b", name="B", kind=PartyKind.TENANTS))

    with database.reading() as session:
        [kind] = session.exec(select(PartyRow.kind).where(PartyRow.kind == PartyKind.TENANTS))
        raw = session.connection().execute(text("SELECT kind FROM party")).scalar_one()

    assert (type(kind), kind, type(raw), raw) == (PartyKind, PartyKind.TENANTS, str, "tenants")


def test_a_word_that_is_in_no_enum_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="huurders"), database.writing() as session:
        session.add(PartyRow(covenant_id=1, slug="b", name="B", kind="huurders"))


def test_a_reading_session_cannot_write(database: Database) -> None:
    with database.reading() as session:
        session.add(Beat(name="x", at=datetime(2027, 1, 1, tzinfo=UTC)))
        with pytest.raises(DBAPIError):
            session.flush()


def test_who_looks_at_one_moment_sees_nothing_of_what_is_written_meanwhile(database: Database) -> None:
    def seen(name: str) -> list[str]:
        with database.reading() as session:
            return found_once(session, name, lambda: [beat.name for beat in session.exec(select(Beat))])

    def write(name: str) -> None:
        with database.writing() as session:
            session.add(Beat(name=name, at=datetime(2027, 1, 1, tzinfo=UTC)))

    write("a")
    with database.one_moment():
        first = seen("one")
        write("b")
        meanwhile = seen("one"), seen("two")  # found again, and looked up

    assert (first, meanwhile, seen("one")) == (["a"], (["a"], ["a"]), ["a", "b"])


def test_a_moment_is_of_one_database_and_of_one_thread_and_ends_with_an_exception(
    database: Database, tmp_path: Path
) -> None:
    def sessions() -> list[int]:
        with database.reading() as one, database.reading() as two:
            return [id(one), id(two)]

    other = Database(f"sqlite:///{tmp_path / 'other.db'}")
    with database.one_moment(), other.reading() as elsewhere, database.reading() as held, ThreadPoolExecutor(1) as pool:
        assert [id(held)] * 2 == sessions()
        assert {id(held), id(elsewhere)} & set(pool.submit(sessions).result()) == set()
    other.close()
    with suppress(ZeroDivisionError), database.one_moment():
        raise ZeroDivisionError

    assert len(set(sessions())) == 2


def test_an_exception_leaves_nothing_half_written(database: Database) -> None:
    def fail() -> None:
        with database.writing() as session:
            session.add(Beat(name="x", at=datetime(2027, 1, 1, tzinfo=UTC)))
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    with database.reading() as session:
        assert session.exec(select(Beat)).all() == []


def test_a_party_of_no_covenant_is_refused(database: Database) -> None:
    with pytest.raises(IntegrityError), database.writing() as session:
        session.add(PartyRow(covenant_id=404, slug="x", name="X", kind="tenants"))


def test_c5_no_update_is_lost_when_four_threads_count(database: Database) -> None:
    with database.writing() as session:
        session.add(Covenant(slug="a", name="0", live_since=date(2027, 1, 1)))

    def count() -> None:
        for _ in range(25):
            with database.writing() as session:
                row = session.exec(select(Covenant).with_for_update()).one()
                row.name = str(int(row.name) + 1)
                session.add(row)

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with database.reading() as session:
        assert session.exec(select(Covenant.name)).one() == "100"


def test_migrations_make_exactly_the_tables_of_the_code(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_migrating_twice_changes_nothing(database: Database) -> None:
    assert database.migrate() == (revisions()[-1], revisions()[-1])


def test_an_empty_database_is_refused_with_what_to_do(database_url: str) -> None:
    database = Database(database_url)
    with pytest.raises(DatabaseMismatch) as refused:
        database.check_version()
    database.close()

    assert (refused.value.what, refused.value.hint) == ("De database is nog leeg.", "Draai eerst: cycle migrate")


def test_a_database_of_a_newer_version_is_refused_and_not_migrated(database: Database) -> None:
    with database.writing() as session:
        session.connection().execute(text("UPDATE alembic_version SET version_num = '9999'"))

    for attempt in (database.check_version, database.migrate):
        with pytest.raises(DatabaseMismatch, match="nieuwere versie"):
            attempt()


def test_a_database_that_is_behind_is_refused(database: Database) -> None:
    known = revisions()
    with database.writing() as session:
        session.connection().execute(text(f"UPDATE alembic_version SET version_num = '{known[0]}'"))
    if len(known) == 1:
        pytest.skip("there is only one revision yet, so nothing can be behind")

    with pytest.raises(DatabaseMismatch, match="ouder dan dit programma"):
        database.check_version()


def test_sqlite_keeps_what_was_promised_over_a_power_cut(tmp_path: object) -> None:
    database = Database(f"sqlite:///{tmp_path}/a.db")
    with database.writing() as session:
        values = [session.connection().exec_driver_sql(f"PRAGMA {name}").scalar() for name in PRAGMAS]
    database.close()

    assert dict(zip(PRAGMAS, values, strict=True)) == PRAGMAS


PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000}


@pytest.mark.parametrize("address", ["nonsense", "sqlite://", "mysql://x"])
def test_an_address_that_is_no_database_gets_a_sentence(address: str) -> None:
    with pytest.raises(CycleError) as refused:
        Database(address)

    assert refused.value.hint


def test_every_table_of_a_covenant_bears_its_id_or_hangs_on_one_that_does(database: Database) -> None:
    free = {
        "alembic_version",
        "beat",
        "outbox_pause",
        "covenant",
        "person",
        "absence",
        "feed_link",
        "actor",
        "fact_head",
        "installation",
        "sign_in",
        "desk_session",
        "sent_form",
        "typed_form",
    }
    free |= {"rhythm"}
    tables = inspect(database.engine)
    loose = {
        name
        for name in tables.get_table_names()
        if name not in free and not any(key["referred_table"] != "person" for key in tables.get_foreign_keys(name))
    }
    assert loose == set()


def test_every_column_for_a_day_reads_one_that_no_calendar_reaches_as_the_nearest_possible(database: Database) -> None:
    columns = [column for table in SQLModel.metadata.tables.values() for column in table.columns]
    bare = [str(column) for column in columns if isinstance(column.type, Date)]
    with database.writing() as session:
        session.add(old := Covenant(slug="oud", name="Oud", live_since=date.min, signed_on=date(2020, 5, 1)))
        session.flush()
        session.add(Term(covenant_id=old.id, start=date(2020, 5, 1), end=date.max))

    with database.reading() as session:
        row, term = session.exec(select(Covenant)).one(), session.exec(select(Term)).one()
        kept = session.connection().execute(text('SELECT CAST("end" AS VARCHAR) FROM term')).scalar_one()

    assert bare == []
    assert (row.live_since, row.signed_on, term.end) == (date(1900, 1, 1), date(2020, 5, 1), date(2199, 12, 31))
    assert kept == "9999-12-31"
