"""`cycle backup`: one file with all that this installation needs to live again, made while it works.

The database comes first and the send journal after it, so that the journal knows at least what the database does. What
is written is opened again and counted before it takes the place of an earlier file; until then that stays.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from cycle.actions.office.office import open_database
from cycle.actions.office.signing import FILE as SECRET
from cycle.actions.post.delivery.restored import FILE as JOURNAL
from cycle.actions.service.backup.belongings import BACKUP_LOCK, BACKUP_WORK, VAR, LeftOut, belongings
from cycle.archive import ArchiveWriter, Contents, read_archive
from cycle.errors import CycleError, Refused, reason_of
from cycle.private import make_folder, open_handle, sync_folder
from cycle.settings import Settings, read_toml
from cycle.store.database import revisions
from cycle.store.snapshots import DatabaseCopy, look_into, take_snapshot

DATABASE = "cycle.db"
UNFINISHED = ".onaf"


@dataclass(frozen=True, slots=True)
class Backup:
    """What is in a back-up, counted in the file itself: rows and lines are those of the copy."""

    made_at: datetime
    revision: str
    engine: str
    installation: str
    rows: dict[str, int]
    journal_lines: int
    files: tuple[str, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def has_secret(self) -> bool:
        """Whether links in mails that were sent open again on another machine."""
        return SECRET in self.files

    @property
    def total_rows(self) -> int:
        """The rows of all tables."""
        return sum(self.rows.values())


def make_backup(
    settings: Settings,
    settings_file: Path,
    file: Path,
    now: datetime,
    *,
    with_secret: bool = False,
    passphrase: str = "",
) -> Backup:
    """Writes a back-up, and returns what is in it once it was opened again.

    Raises Refused when there is nothing to keep, when another one is being made or no file can stand there; CycleError
    when it cannot be made. An earlier file of this name then stays as it was.
    """
    if file.is_dir():
        raise Refused(f"{file} is een map.", "Noem een bestand, zoals /var/backups/cycle.backup")
    draft = file.with_name(f"{file.name}{UNFINISHED}")
    with work_folder(settings) as work, _told_as_sentence(file):
        try:
            snapshot = _copied(settings, work)
            facts, going = _facts(settings, settings_file, snapshot, now, with_secret=with_secret)
            _write(draft, passphrase, work, going, facts)
            (work / DATABASE).unlink()
            made = open_backup(draft, work / "again", passphrase)
            _refuse_difference(made, snapshot, going)
            draft.replace(file)
            sync_folder(file.absolute().parent)
        finally:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
    return made


def open_backup(file: Path, into: Path, passphrase: str = "") -> Backup:
    """Lays a back-up down in a folder and looks whether it is whole: each member, and each row that it says it has.

    Raises WrongPassphrase, or Unreadable.
    """
    contents = read_archive(file, into, passphrase)
    known = look_into(into / DATABASE)
    made = _backup(contents)
    if known.rows != made.rows or (known.revision, known.installation) != (made.revision, made.installation):
        raise CycleError("De kopie heeft niet de rijen die zij zegt te hebben.", "Neem een andere kopie.")
    return made


class Migrated(NamedTuple):
    """From which revision to which, and the back-up that was made before; there is none when nothing was to be done."""

    before: str | None
    after: str
    copy: Path | None


def migrated(settings: Settings, settings_file: Path, now: datetime, *, with_copy: bool) -> Migrated:
    """Brings the database up to date, after a back-up in `var/`: there is no other way back.

    Raises CycleError when either cannot be done; then the database is as it was.
    """
    with closing(open_database(settings)) as database:
        before, newest, copy = database.known_version(), revisions()[-1], None
        if with_copy and before not in (None, newest):
            copy = settings.path(f"{VAR}/voor-{newest}-{now.astimezone(settings.zone):%Y-%m-%d-%H%M%S}.backup")
            make_backup(settings, settings_file, copy, now)
        database.migrate()
    return Migrated(before, newest, copy)


def journal_text(folder: Path) -> str:
    """The journal of a back-up that was laid down."""
    file = folder / JOURNAL
    return file.read_text(encoding="ascii", errors="replace") if file.exists() else ""


@contextmanager
def work_folder(settings: Settings) -> Iterator[Path]:
    """Where a copy of the database lies for a while. It is emptied of what a killed back-up left, and one works in it
    at a time: it holds all that the database does. Raises Refused while another does, CycleError when it cannot be."""
    var = settings.path(VAR)
    work = var / BACKUP_WORK
    with _told_as_sentence(work):
        make_folder(var)
        with os.fdopen(open_handle(var / BACKUP_LOCK, 0), "wb") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Refused("Er wordt al een kopie gemaakt.", "Wacht tot die klaar is.") from None
            shutil.rmtree(work, ignore_errors=True)
            make_folder(work)
            try:
                yield work
            finally:
                shutil.rmtree(work, ignore_errors=True)


def _copied(settings: Settings, work: Path) -> tuple[DatabaseCopy, str]:
    with closing(open_database(settings)) as database:
        return take_snapshot(database, work / DATABASE), "SQLite" if database.is_sqlite else "PostgreSQL"


def _facts(
    settings: Settings, settings_file: Path, copied: tuple[DatabaseCopy, str], now: datetime, *, with_secret: bool
) -> tuple[dict[str, Any], list[tuple[str, bytes]]]:
    """What the back-up says of itself, and its files with their bytes as they are now."""
    raw = read_toml(settings_file)[0] if settings_file.is_file() else {}
    named, left_out = belongings(settings, settings_file, raw, with_secret=with_secret)
    going = [(one.name, content) for one in named if (content := _content(one.path)) is not None]
    journal = next((content for name, content in going if name == JOURNAL), b"")
    facts = {
        "made_at": now.isoformat(),
        "revision": copied[0].revision,
        "engine": copied[1],
        "installation": copied[0].installation,
        "rows": copied[0].rows,
        "journal_lines": journal.count(b"\n"),
        "left_out": [tuple(one) for one in left_out],
    }
    return facts, going


def _content(path: Path) -> bytes | None:
    """None for a file that was thrown away meanwhile, as an upload is that somebody confirmed."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _write(draft: Path, passphrase: str, work: Path, going: list[tuple[str, bytes]], facts: dict[str, Any]) -> None:
    make_folder(draft.absolute().parent)
    with ArchiveWriter(draft, passphrase) as archive:
        archive.add_file(DATABASE, work / DATABASE)
        for name, content in going:
            archive.add(name, content)
        archive.finish(facts)


def _refuse_difference(made: Backup, copied: tuple[DatabaseCopy, str], going: list[tuple[str, bytes]]) -> None:
    if made.rows != copied[0].rows or list(made.files) != [name for name, _content in going]:
        raise CycleError("De kopie heeft niet alles wat erin moest.", "Probeer het opnieuw, en meld het.")


def _backup(contents: Contents) -> Backup:
    facts = contents.facts
    return Backup(
        datetime.fromisoformat(facts["made_at"]),
        facts["revision"],
        facts["engine"],
        facts["installation"],
        facts["rows"],
        facts["journal_lines"],
        tuple(name for name in contents.members if name != DATABASE),
        tuple(LeftOut(files, what) for files, what in facts["left_out"]),
    )


@contextmanager
def _told_as_sentence(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CycleError(
            f"De kopie is niet te maken: {reason_of(error)} ({error.filename or file}).",
            "Er is niets veranderd: een eerdere kopie staat er nog. Controleer de ruimte en de rechten.",
        ) from None
