"""`cycle restore`: the copy comes back whole, the old state is put aside, and nobody gets a mail twice (rule C6)."""

import json
import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread

import pytest

from cycle.actions.office.office import Office, open_database, open_office
from cycle.actions.office.signing import open_signer
from cycle.actions.post.delivery.restored import SentSince, begin_sending, sent_journal
from cycle.actions.post.halts.outbox_decisions import resume
from cycle.actions.service.backup.backups import make_backup, open_backup
from cycle.actions.service.backup.restoring import Restored, check, restore
from cycle.archive import ArchiveWriter, WrongPassphrase
from cycle.errors import CycleError, DatabaseMismatch, Refused, Unreadable
from cycle.mail.deliver import Answer
from cycle.settings import Settings, load_settings
from cycle.store import in_use
from cycle.store.database import Database, revisions
from cycle.store.outbox import standstill
from cycle.store.tables import Person
from tests.actions.mailbox import OK, ScriptedWay, act, at, queue, send, states
from tests.conftest import ROOT
from tests.store.versions import Rows, load, rows_of, said

WEDNESDAY = at("2027-02-03")
LATER = WEDNESDAY + timedelta(hours=2)
MARKED = {"outbox_pause", "beat"}
"""What restoring itself writes."""


def backed_up(office: Office, **choices: bool | str) -> Path:
    file = office.settings.path("a.backup")
    make_backup(office.settings, office.settings.path("config.toml"), file, WEDNESDAY, **choices)  # type: ignore[arg-type]
    return file


def put_back(office: Office, file: Path, passphrase: str = "") -> Restored:
    office.database.close()
    return restore(office.settings, office.settings.path("config.toml"), file, LATER, passphrase)


def rows_but(rows: Rows, without: set[str] = MARKED) -> Rows:
    return {name: of_table for name, of_table in rows.items() if name not in without}


def state_of(office: Office) -> tuple[Rows, dict[str, bytes]]:
    """All rows, and all that lies beside them."""
    var = office.settings.path("var")
    files = {str(path): path.read_bytes() for path in var.rglob("*") if path.is_file() and "lock" not in path.name}
    database = Database(office.database.url)
    rows = rows_of(database)
    database.close()
    return rows, {name: content for name, content in files.items() if "-wal" not in name and "-shm" not in name}


def test_what_was_copied_comes_back_and_what_was_there_goes_aside(example: Office) -> None:
    act(example, WEDNESDAY)
    open_signer(example.settings)
    var = example.settings.path("var")
    (var / "brief.pdf").write_bytes(b"de eerste")
    file = backed_up(example, with_secret=True)
    rows, journal = rows_of(example.database), (var / "sent.journal").read_text()
    secret = (var / "secret").read_bytes()
    with example.database.writing() as session:
        session.add(Person(name="An", email="an@cycle.example"))
    newer = rows_of(example.database)
    (var / "brief.pdf").write_bytes(b"de tweede")
    (var / "secret").write_bytes(b"x" * 64)
    (var / "nieuw.txt").write_bytes(b"van daarna")

    restored = put_back(example, file)

    database = Database(example.database.url)
    assert rows_but(rows_of(database)) == rows_but(rows)
    assert people_aside(database, restored.database_aside) == [row["name"] for row in newer["person"]]
    database.close()
    assert {name: (var / name).read_bytes() for name in ("brief.pdf", "secret", "nieuw.txt")} == {
        "brief.pdf": b"de eerste",
        "secret": secret,
        "nieuw.txt": b"van daarna",
    }
    assert {path.name: path.read_bytes() for path in restored.aside.iterdir()} == {
        "brief.pdf": b"de tweede",
        "secret": b"x" * 64,
    }
    assert (set(restored.replaced), restored.files) == ({"var/brief.pdf", "var/secret"}, 2)
    assert ((var / "sent.journal").read_text(), restored.journal_lines) == (journal, 0)
    assert not (var / in_use.UNFINISHED).exists()


def people_aside(database: Database, where: str) -> list[str]:
    if database.is_sqlite:
        with closing(sqlite3.connect(where)) as connection:
            return [name for (name,) in connection.execute("SELECT name FROM person ORDER BY id")]
    schema = where.removeprefix("het schema ")
    with database.engine.connect() as connection:
        return list(connection.exec_driver_sql(f"SELECT name FROM {schema}.person ORDER BY id").scalars())


def test_a_new_machine_needs_nothing_but_the_file(quick_example: Office, tmp_path: Path) -> None:
    act(quick_example, WEDNESDAY)
    open_signer(quick_example.settings)
    config = tmp_path / "config.toml"
    config.write_text(config.read_text().replace("sqlite:///var/cycle.db", "sqlite:///gegevens/mijn.db"))
    file, rows = backed_up(quick_example, with_secret=True), rows_of(quick_example.database)
    new = tmp_path / "nieuw"
    new.mkdir()
    shipped = load_settings(ROOT / "config.toml", {}).in_folder(new)

    restored = restore(shipped, ROOT / "config.toml", file, LATER)

    assert (restored.database_aside, restored.replaced, restored.beside, restored.has_secret) == ("", (), (), True)
    office = open_office(load_settings(new / "config.toml", {}))
    assert rows_but(rows_of(office.database)) == rows_but(rows)
    assert (new / "gegevens" / "mijn.db").exists()
    assert (new / "var/secret").read_bytes() == (tmp_path / "var/secret").read_bytes()
    assert len(sent_journal(office).after(None)) == 3
    office.database.close()


def test_what_the_operator_wrote_stays_and_that_of_the_copy_is_laid_apart(quick_office: Office) -> None:
    file, config = backed_up(quick_office), quick_office.settings.path("config.toml")
    of_copy = config.read_text()
    config.write_text(f"{of_copy}\n# van hier\n")

    restored = put_back(quick_office, file)

    assert config.read_text().endswith("# van hier\n")
    assert [path.read_text() for path in restored.beside] == [of_copy]


def test_c6_nothing_goes_twice_whatever_was_sent_since_and_what_is_not_known_is_said(office: Office) -> None:
    """A copy that is made while a sender sends: each mail arrives once, before or after."""
    queue(office, 40, WEDNESDAY)
    is_copied = Event()
    way, slow = ScriptedWay(), ScriptedWay(lambda _key: slowly(is_copied))
    sender = Thread(target=lambda: send(office, slow, WEDNESDAY))
    sender.start()
    while len(slow.taken) < 3:
        time.sleep(0.01)
    file = backed_up(office)
    is_copied.set()
    sender.join()

    sent = put_back(office, file).sent

    again = open_office(office.settings)
    assert begin_sending(again, LATER) is False  # it stands still already
    send(again, way, LATER)
    assert way.taken == []  # the alarm is a file
    resume(again, LATER)
    send(again, way, LATER + timedelta(minutes=16))  # what was in hand has lost its sender
    assert Counter(key for key, _to, _from in [*slow.taken, *way.taken]) == Counter(dict.fromkeys(keys(again), 1))
    assert set(states(again)) == {"sent"}
    assert 0 < sent.left == sent.waiting <= 40
    assert (sent.is_known, sent.told, sent.unsure) == (True, (), 0)
    again.database.close()


def slowly(is_copied: Event) -> Answer:
    """Half a second a mail until there is a copy, so that the sender is not done before it."""
    is_copied.wait(0.5)
    return OK


def keys(office: Office) -> list[str]:
    return [row["key"] for row in rows_of(office.database)["message"] if row["kind"] == "digest"]


def test_c6_who_may_be_told_again_is_named(quick_example: Office) -> None:
    file = backed_up(quick_example)
    act(quick_example, WEDNESDAY)
    told = sorted(row["to"] for row in rows_of(quick_example.database)["message"])

    sent = put_back(quick_example, file).sent

    assert (sent.left, sent.waiting, sent.told_mails, sorted(sent.told)) == (3, 0, 3, told)
    assert sent.last == WEDNESDAY


def test_c6_without_a_journal_it_says_that_nobody_knows(quick_office: Office) -> None:
    queue(quick_office, 3, WEDNESDAY)
    file = backed_up(quick_office)
    send(quick_office, ScriptedWay(), WEDNESDAY)
    quick_office.settings.path("var/sent.journal").unlink()

    sent = put_back(quick_office, file).sent

    assert sent == SentSince(WEDNESDAY, False, 0, None, 0, (), 0, 3)
    office = open_office(quick_office.settings)
    with office.database.reading() as session:
        reason = standstill.pause(session)
    assert reason is not None
    assert reason.reason == "een kopie van 03-02-2027 om 09.00 uur is teruggezet"
    office.database.close()


def test_it_refuses_while_anything_runs_and_nothing_starts_meanwhile(quick_office: Office) -> None:
    file = backed_up(quick_office)
    before = state_of(quick_office)

    with pytest.raises(Refused, match="loopt nog iets"):
        restore(quick_office.settings, quick_office.settings.path("config.toml"), file, LATER)
    quick_office.database.close()
    with in_use.take_whole(quick_office.settings.path(in_use.FILE)), pytest.raises(Refused, match="teruggezet"):
        open_database(quick_office.settings)

    assert state_of(quick_office) == before


def test_a_program_that_knows_no_lock_is_seen_too(quick_office: Office) -> None:
    """Such as `cycle serve` of an earlier version, or the shell of SQLite."""
    file = backed_up(quick_office)
    quick_office.database.close()
    with closing(sqlite3.connect(quick_office.settings.database_url.removeprefix("sqlite:///"))) as other:
        other.execute("SELECT count(*) FROM person").fetchone()

        with pytest.raises(Refused, match="nog in gebruik"):
            restore(quick_office.settings, quick_office.settings.path("config.toml"), file, LATER)


def with_facts(file: Path, folder: Path, **facts: object) -> Path:
    """The same back-up as it lies in a folder, that says something else of itself."""
    known = json.loads((folder / "inhoud.json").read_text())
    with ArchiveWriter(other := file.with_name("other.backup")) as archive:
        for member in known.pop("members"):
            archive.add(member["name"], (folder / member["name"]).read_bytes())
        archive.finish({**known, **facts})
    return other


def test_what_cannot_be_put_back_is_a_sentence_and_leaves_everything_as_it_was(
    quick_example: Office, tmp_path: Path
) -> None:
    file = backed_up(quick_example, passphrase="geheim-van-de-wacht")
    plain = tmp_path / "plain.backup"
    make_backup(quick_example.settings, tmp_path / "config.toml", plain, WEDNESDAY)
    damaged = tmp_path / "damaged.backup"
    damaged.write_bytes(plain.read_bytes()[:-1000])
    open_backup(plain, tmp_path / "uit")
    fewer = with_facts(plain, tmp_path / "uit", rows={"person": 1})
    quick_example.database.close()
    before = state_of(quick_example)

    faults = [
        (file, WrongPassphrase),
        (damaged, Unreadable),
        (fewer, CycleError),
        (tmp_path / "config.toml", Unreadable),
    ]
    for given, error in faults:
        with pytest.raises(error) as told:
            restore(quick_example.settings, tmp_path / "config.toml", given, LATER, "iets-heel-anders")
        assert told.value.hint

    assert state_of(quick_example) == before


def test_a_copy_of_a_newer_version_is_refused_with_the_way_on(quick_office: Office, tmp_path: Path) -> None:
    file = backed_up(quick_office)
    open_backup(file, tmp_path / "uit")
    with closing(sqlite3.connect(tmp_path / "uit/cycle.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    newer = with_facts(file, tmp_path / "uit", revision="9999")
    quick_office.database.close()
    before = state_of(quick_office)

    for act_on in (lambda: check(quick_office.settings, newer), lambda: put_back(quick_office, newer)):
        with pytest.raises(DatabaseMismatch) as refused:
            act_on()
        assert "Installeer die versie" in refused.value.hint

    assert state_of(quick_office) == before


def test_a_copy_of_an_earlier_version_is_brought_up_to_date_with_every_row(
    database_url: str, make_settings: Callable[..., Settings], tmp_path: Path
) -> None:
    old = Database(database_url)
    load(old, "0017")
    rows = rows_of(old)
    old.close()
    settings, file = make_settings(database__url=database_url), tmp_path / "a.backup"
    made = make_backup(settings, tmp_path / "config.toml", file, WEDNESDAY)

    restored = restore(settings, tmp_path / "config.toml", file, LATER)

    assert (made.revision, restored.is_upgraded) == ("0017", True)
    office = open_office(settings)
    after = rows_of(office.database)
    assert office.database.version() == revisions()[-1]
    assert rows_but(said(after, rows)) == rows_but(said(rows, rows))
    office.database.close()


def test_a_copy_of_one_engine_comes_back_on_the_other(
    example: Office,
    postgresql: Callable[..., str],
    make_settings: Callable[..., Settings],
    tmp_path: Path,
) -> None:
    act(example, WEDNESDAY)
    file, rows = backed_up(example), rows_of(example.database)
    other = postgresql() if example.database.is_sqlite else f"sqlite:///{tmp_path}/ander.db"
    example.database.close()

    restore(make_settings(database__url=other), tmp_path / "config.toml", file, LATER)

    office = open_office(make_settings(database__url=other))
    assert rows_but(rows_of(office.database)) == rows_but(rows)
    with office.database.writing() as session:
        session.add(person := Person(name="An", email="an@cycle.example"))
        session.flush()
        assert (person.id or 0) > 1_000_000
    office.database.close()


def test_after_a_restore_that_stopped_halfway_nothing_starts_until_it_was_done_again(quick_office: Office) -> None:
    file = backed_up(quick_office)
    quick_office.database.close()
    quick_office.settings.path(f"var/{in_use.UNFINISHED}").write_text(f"{file}\n")

    with pytest.raises(Refused, match="halverwege") as refused:
        open_office(quick_office.settings)
    assert refused.value.hint == f"Doe het opnieuw met: cycle restore {file}"

    put_back(quick_office, file)
    open_office(quick_office.settings).database.close()


def test_c6_a_copy_of_a_restored_database_still_knows_what_was_sent_before(quick_office: Office) -> None:
    queue(quick_office, 1, WEDNESDAY)
    file = backed_up(quick_office)
    send(quick_office, ScriptedWay(), WEDNESDAY)
    put_back(quick_office, file)
    office = open_office(quick_office.settings)
    send(office, ScriptedWay(), LATER)  # the alarm alone, which is newer than what was sent before
    again = backed_up(office)
    sent_journal(office).add(LATER + timedelta(minutes=20), "<later@cycle.example>")

    put_back(office, again)

    way, last = ScriptedWay(), open_office(quick_office.settings)
    resume(last, LATER + timedelta(hours=1))
    send(last, way, LATER + timedelta(hours=1))
    assert way.taken == []
    last.database.close()


def test_settings_behind_a_link_belong_to_it_and_stay(quick_office: Office, tmp_path: Path) -> None:
    config, elsewhere = quick_office.settings.path("config.toml"), tmp_path / "etc" / "cycle.toml"
    elsewhere.parent.mkdir()
    config.rename(elsewhere)
    config.symlink_to(elsewhere)

    file = backed_up(quick_office)
    restored = put_back(quick_office, file)

    assert "own/config.toml" in restored.backup.files
    assert (config.is_symlink(), restored.beside) == (True, ())


@pytest.mark.parametrize("is_unfinished", [False, True])
def test_what_fails_at_the_database_leaves_it_as_it_was_and_an_earlier_mark_too(
    quick_example: Office, tmp_path: Path, is_unfinished: bool
) -> None:
    file, mark = backed_up(quick_example), quick_example.settings.path(f"var/{in_use.UNFINISHED}")
    quick_example.database.close()
    (tmp_path / "opzij-2027-02-03-110000").write_bytes(b"geen map")  # where the old database would go
    if is_unfinished:
        mark.write_text(f"{file}\n")
    before = state_of(quick_example)

    with pytest.raises(CycleError, match="Terugzetten lukt niet") as told:
        put_back(quick_example, file)

    assert told.value.hint.startswith("Er is niets veranderd.")
    assert state_of(quick_example) == before
    assert list(tmp_path.glob("*.restoring")) + list(tmp_path.glob("var/opzij-*")) == []
