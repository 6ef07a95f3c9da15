"""A database of each earlier version, with rows in every table, comes to the newest one whole; on both engines.

The rows are in `tests/store/versions`, which says how a new revision gets its own.
"""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Row, text
from sqlmodel import SQLModel, col, select

from cycle.actions.deadlines.upkeep.year_upkeep import keep_year
from cycle.actions.mails.morning.reminding import plan_mails
from cycle.actions.mails.rehearsal.rehearsing import rehearse
from cycle.actions.office.office import open_office
from cycle.actions.post.halts.outbox_decisions import resume
from cycle.domain.model import ChainFault
from cycle.errors import CycleError
from cycle.settings import Settings
from cycle.store import guards
from cycle.store.chains import walk
from cycle.store.database import Database, revisions
from cycle.store.tables import Covenant, FeedLink, MeetingRow, Membership, MessageCovenant, Person
from cycle.store.upgrading import FORMER_TABLES
from tests.conftest import ROOT
from tests.decided import decided
from tests.once_a_run import Run
from tests.store import versions
from tests.store.versions import Rows, file_of, load, rows_of, said
from tests.store.versions.laid import Laid

THURSDAY = datetime(2027, 2, 4, 9, 0, tzinfo=UTC)
EARLIER = revisions()[:-1]
BEFORE_MAILS_NAMED_COVENANTS = [one for one in EARLIER if one < "0007"]


STRUCTURE = {
    "sqlite": ["SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name"],
    "postgresql": [
        "SELECT table_name, column_name, data_type, character_maximum_length, is_nullable, column_default "
        "FROM information_schema.columns WHERE table_schema = 'public' ORDER BY table_name, column_name",
        "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1, 2",
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2",
    ],
}
"""All that a comparison with the code looks at, and more."""
COMPARED: dict[str, list[object]] = {}

Make = Callable[[str], Database]
Kept = Callable[[str], Rows]


@pytest.fixture(params=["sqlite", "postgresql"])
def laid(request: pytest.FixtureRequest, run: Run) -> Laid:
    """Databases of earlier versions, once of each engine."""
    return Laid(run, request.param, request)


@pytest.fixture
def copied(request: pytest.FixtureRequest, laid: Laid, tmp_path: Path) -> Iterator[Make]:
    """A function that opens a copy of what was laid somewhere."""
    databases = []

    def copy_of(source: str) -> Database:
        if laid.engine == "sqlite":
            url = f"sqlite:///{shutil.copy(source, tmp_path / f'{len(databases)}.db')}"
        else:
            url = request.getfixturevalue("postgresql")(source)
        databases.append(Database(url))
        return databases[-1]

    yield copy_of
    for database in databases:
        database.close()


@pytest.fixture
def old(laid: Laid, copied: Make) -> Make:
    """A function that gives a database of an earlier version, with its rows."""
    return lambda revision: copied(laid.old(revision))


@pytest.fixture
def renewed(laid: Laid, copied: Make) -> Make:
    """A function that gives a database that had the rows of an earlier version, and was brought to the newest."""
    return lambda revision: copied(laid.renewed(revision))


@pytest.fixture(scope="session")
def kept(run: Run, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """A function that gives the rows of a version, as SQLite has them."""

    @cache
    def read(revision: str) -> Rows:
        file = shutil.copy(Laid(run, "sqlite", request).old(revision), tmp_path_factory.mktemp("kept"))
        database = Database(f"sqlite:///{file}")
        rows = rows_of(database)
        database.close()
        return rows

    return lambda revision: deepcopy(read(revision))


@pytest.mark.parametrize("revision", EARLIER)
def test_every_revision_but_the_newest_has_a_row_in_each_of_its_tables(kept: Kept, revision: str) -> None:
    assert versions.file_of(revision).exists(), "python -m tests.store.versions writes it"

    assert [name for name, rows in kept(revision).items() if not rows] == []


@pytest.mark.parametrize("revision", EARLIER)
def test_a_revision_that_has_rows_is_released_and_stays_as_it_is(revision: str) -> None:
    first = versions.file_of(revision).read_text(encoding="utf-8").split("\n")[0]

    assert first == f"-- {revision} {versions.fingerprint(revision)}"


def test_rows_are_written_as_they_are_kept(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/old.db")
    load(database, EARLIER[-1])

    assert versions.written(database, EARLIER[-1]) == versions.file_of(EARLIER[-1]).read_text(encoding="utf-8")
    database.close()


@pytest.mark.parametrize("revision", EARLIER)
def test_a_database_of_any_version_keeps_every_row_with_its_meaning(
    old: Make, renewed: Make, kept: Kept, revision: str
) -> None:
    before, database = kept(revision), renewed(revision)
    if not database.is_sqlite:  # of which `kept` is
        assert rows_of(old(revision)) == before

    after = rows_of(database, SQLModel.metadata.sorted_tables)  # by the types of the code
    assert said(after, before) == said(before, before)
    with database.engine.connect() as connection:
        assert differs_from_the_code(connection) == []
        if database.is_sqlite:
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
            assert connection.exec_driver_sql("PRAGMA integrity_check").all() == [("ok",)]
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def differs_from_the_code(connection: Connection) -> list[object]:
    """What is in the database and not in the code, or the other way round; the same structure is compared once."""
    queries = map(text, STRUCTURE[connection.dialect.name])
    structure = "\n".join(_in_order(row) for query in queries for row in connection.execute(query))
    if structure not in COMPARED:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        COMPARED[structure] = compare_metadata(context, SQLModel.metadata)
    return COMPARED[structure]


def _in_order(row: Row[Any]) -> str:
    """What is told of a table: its constraints stand in any order."""
    return " ".join(line for value in row for line in sorted(part.strip("\t ,") for part in str(value).split("\n")))


@pytest.mark.parametrize("revision", [EARLIER[0], "0020"])
def test_no_covenant_of_before_is_public_until_somebody_says_so(renewed: Make, revision: str) -> None:
    with renewed(revision).reading() as session:
        assert set(session.exec(select(Covenant.is_public))) == {False}


@pytest.mark.parametrize("revision", BEFORE_MAILS_NAMED_COVENANTS)
def test_mails_from_before_they_named_their_covenants_get_them_from_what_they_told(
    renewed: Make, revision: str
) -> None:
    with renewed(revision).reading() as session:
        found = session.exec(select(MessageCovenant.covenant_id, MessageCovenant.message_id)).all()
    assert sorted(found) == [(1, 1), (1, 3), (1, 6)]


def test_what_the_first_version_did_not_know_is_as_if_nobody_chose_anything(renewed: Make) -> None:
    with renewed("0001").reading() as session:
        links = session.exec(select(FeedLink).order_by(col(FeedLink.id))).all()
        told = [
            (one.covenant_id, one.scope, one.banners, one.alarm_days, one.version, one.leaked, one.uid) for one in links
        ]
        called_off = session.exec(select(MeetingRow.called_off_at)).all()
    assert told == [
        (None, "mine", False, None, "", False, "11112222333344445555666677778888"),
        (None, "mine", False, None, "", False, "99990000aaaabbbbccccddddeeeeffff"),
    ]
    assert called_off == [None]


@pytest.mark.parametrize("revision", [EARLIER[0], EARLIER[-1]])
def test_after_an_upgrade_new_rows_get_ids_that_nobody_had(renewed: Make, revision: str) -> None:
    database = renewed(revision)
    with database.writing() as session:
        person = Person(name="Nieuw", email="nieuw@duinstede.example")
        session.add(person)
        session.flush()
        session.add(Membership(person_id=person.id or 0, party_id=1, role="reader"))

    assert (person.id or 0) > 9


def test_after_an_upgrade_the_year_goes_on_and_nothing_is_told_a_second_time(
    renewed: Make, kept: Kept, make_settings: Callable[..., Settings]
) -> None:
    database, before = renewed("0001"), kept("0001")
    office = open_office(make_settings(database__url=database.url))
    resume(office, THURSDAY)
    keep_year(office, THURSDAY)
    plan_mails(office, THURSDAY)
    planned = rehearse(office, date(2027, 2, 5), date(2027, 4, 1), THURSDAY)
    office.database.close()

    after = rows_of(database)
    told = [(row["deadline_id"], row["person_id"], row["rung"]) for row in after["reminder"]]
    known = [{name: row[name] for name in before["reminder"][0]} for row in after["reminder"][:3]]
    assert known == before["reminder"]
    assert (len(told) > 3, len(set(told))) == (True, len(told))
    assert (len(after["deadline"]) > 50, len(planned) > 10) == (True, True)


@pytest.mark.parametrize("revision", [EARLIER[0], "0023"])
def test_what_was_decided_before_there_were_chains_is_sealed_by_their_beginning(
    renewed: Make, kept: Kept, revision: str
) -> None:
    database, before = renewed(revision), kept(revision)
    database.migrate()

    with database.reading() as session:
        walked = walk(session)
        said = decided(session)
    assert [(one.covenant_id, one.broken) for one in walked] == [(0, None), (1, None)]
    who = len({row["by"] for row in before["decision"]})  # facts say that of each
    assert sum(one.facts for one in walked) == len(before["decision"]) + 2 + who
    assert [(one.id, one.by, one.detail) for one in said] == [
        (row["id"], row["by"], row["detail"]) for row in before["decision"]
    ]
    with database.engine.begin() as connection:
        guards.take_away(connection)
        connection.execute(text("UPDATE fact SET verb = 'anders' WHERE covenant_id = 1 AND seq = -1"))
        guards.lay(connection)
    with database.reading() as session:
        assert [one.broken and one.broken.fault for one in walk(session)] == [None, ChainFault.OLDER]


def test_an_upgrade_that_would_leave_a_row_pointing_at_nothing_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/old.db")
    load(database, "0001")
    with database.engine.connect() as connection:
        connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
        with connection.begin():
            connection.execute(text("DELETE FROM message WHERE id = 1"))
            connection.execute(text("DELETE FROM party WHERE id = 5"))
        connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")
    before = rows_of(database)

    with pytest.raises(CycleError) as refused:
        database.migrate()

    assert refused.value.what == (
        "Bijwerken lukt niet: er zijn rijen die verwijzen naar iets dat er niet is: 1 in deadline_party (naar party); "
        "1 in membership (naar party); 1 in message_covenant (naar message); 2 in reminder (naar message)."
    )
    assert refused.value.hint.startswith("Er is niets veranderd")
    assert (database.version(), rows_of(database)) == ("0001", before)
    database.close()


def test_an_upgrade_that_is_killed_anywhere_changed_nothing_and_can_be_done_again(old: Make, kept: Kept) -> None:
    database, before = old("0001"), kept("0001")
    database.engine.dispose()
    program = [sys.executable, "-m", "tests.store.killed_upgrade", database.url]
    done = subprocess.run(program, capture_output=True, text=True, cwd=ROOT, timeout=120, check=True)
    *killed, (last, version) = json.loads(done.stdout)

    assert [one for one in killed if one not in ([-9, "0001"], [-9, revisions()[-1]])] == []
    assert (killed.count([-9, "0001"]) > 3, last, version) == (True, 0, revisions()[-1])
    assert said(rows_of(database, SQLModel.metadata.sorted_tables), before) == said(before, before)


def test_every_table_that_ever_was_is_known_as_ours() -> None:
    ever = {
        table
        for revision in EARLIER
        for table in re.findall(r"INSERT INTO \"?(\w+)", file_of(revision).read_text("utf-8"))
    }

    assert ever - SQLModel.metadata.tables.keys() == FORMER_TABLES


@pytest.mark.parametrize("revision", [EARLIER[0], "0027"])
def test_what_was_agreed_before_there_were_terms_of_agreements_was_agreed_in_the_first_one(
    renewed: Make, revision: str
) -> None:
    rows = rows_of(renewed(revision))

    firsts: dict[int, int] = {}
    for term in sorted(rows["term"], key=lambda term: (term["start"] is not None, term["start"] or date.min)):
        firsts.setdefault(term["covenant_id"], term["id"])
    assert firsts.keys() == {row["id"] for row in rows["covenant"]}
    assert {row["term_id"] == firsts[row["covenant_id"]] for row in rows["agreement"]} == {True}
    assert (rows["indicator"], rows["figure"]) == ([], [])


@pytest.mark.parametrize("revision", ["0023", "0029"])
def test_steps_of_before_keep_the_agreements_that_they_stood_for(renewed: Make, revision: str) -> None:
    """The default steps name no agreements any more: what was linked by them is said by the covenant itself."""
    with renewed(revision).reading() as session:
        overrides = session.exec(select(Covenant.overrides).order_by(col(Covenant.id))).all()

    assert [one.get("steps", {}) for one in overrides] == [
        {"wijkschouw": {"title": "Wijkschouw – de buurt in"}, "uitnodigingsbrief": {"source": ["5.9"]}},
        {},
    ]


def test_nothing_of_before_was_put_away_or_ended_and_no_body_names_its_people(renewed: Make) -> None:
    rows = rows_of(renewed("0030"))

    assert {(row["archived_at"], row["archived_by"]) for row in rows["covenant"]} == {(None, "")}
    assert {row["until"] for row in rows["party"]} == {None}
    assert {row["is_named"] for row in rows["body"]} == {False}


@pytest.mark.parametrize("revision", ["0028", "0031"])
def test_the_term_that_agreements_belong_to_is_the_one_at_work(renewed: Make, revision: str) -> None:
    rows = rows_of(renewed(revision))

    assert {row["id"]: row["state"] for row in rows["term"]} == {1: "running", 2: "running", 6: "past"}
    assert (rows["agreement_succession"], rows["action_succession"]) == ([], [])


def test_answers_of_before_bear_no_more_than_they_said_and_every_agreement_is_asked_about(renewed: Make) -> None:
    rows = rows_of(renewed("0032"))

    more = ("points", "colleague", "start", "place", "link")
    assert {tuple(row[name] for name in more) for row in rows["answer"]} == {("", "", None, "", "")}
    assert {row["standing"] for row in rows["agreement"]} == {""}
    assert rows["answer_file"] == []


def test_no_sentence_of_before_goes_to_the_parties_by_itself_and_no_reply_is_known_yet(renewed: Make) -> None:
    rows = rows_of(renewed("0033"))

    assert {(row["released_at"], row["released_by"]) for row in rows["answer"]} == {(None, "")}
    assert [row["name"] for row in rows["answer_file"]] == ["plan 'concept'.pdf"]
    assert rows["mail_reply"] == []
