"""`cycle restore`: a back-up takes the place of what is there, which is put aside and never thrown away.

All that can go wrong with the file is found before anything is touched. From the first thing that is replaced until the
last a mark lies in `var/`, and while it does nobody works on what is neither the old state nor the new one; the command
can be given again. What was restored mails nobody until a person says so (rule C6).
"""

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from cycle.actions.office.signing import FILE as SECRET
from cycle.actions.post.delivery.restored import FILE as JOURNAL
from cycle.actions.post.delivery.restored import SentSince, hold_restored, journal_of
from cycle.actions.service.backup.backups import DATABASE, Backup, journal_text, open_backup, work_folder
from cycle.actions.service.backup.belongings import (
    ASIDE,
    FROM_COPY,
    HALF_WRITTEN,
    OWN,
    RESTORE_WORK,
    SETTINGS,
    VAR,
    has_settings,
)
from cycle.errors import CycleError, DatabaseMismatch, reason_of
from cycle.private import copy_file, make_folder, new_folder, sync_folder, write_file
from cycle.settings import Settings, load_settings
from cycle.store import in_use
from cycle.store.database import Database, revisions
from cycle.store.journal import JournalLine
from cycle.store.putting_back import put_back, refuse_while_used
from cycle.store.snapshots import look_into, make_single


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back. `database_aside` is where the old database is now, empty when there was none; of the files
    those in `replaced` lie in `aside`. What the operator wrote stays: `beside` are the files of the copy that differ.

    `has_secret` says whether there is a key of links now, and `is_upgraded` whether the tables were older ones.
    """

    backup: Backup
    sent: SentSince
    database_aside: str
    aside: Path
    files: int
    replaced: tuple[str, ...]
    beside: tuple[Path, ...]
    journal_lines: int
    has_secret: bool
    is_upgraded: bool


def restore(settings: Settings, settings_file: Path, file: Path, now: datetime, passphrase: str = "") -> Restored:
    """Puts a back-up in the place of what is there.

    Raises Refused while anything runs here, WrongPassphrase, Unreadable, DatabaseMismatch for a back-up of a newer
    version, CycleError when it cannot be done: then everything is as it was, unless its sentence says otherwise.
    """
    with _alone(settings) as work:
        backup = open_backup(file, work, passphrase)
        _refuse_newer(backup)
        settings = _settings_of_copy(settings, settings_file, work)
        refuse_while_used(settings.database_url)
        lines, is_known = _journal(settings, backup, work)
        sent = _made_ready(work / DATABASE, settings, backup, lines, now, is_known=is_known)
        return _Replacing(settings, settings_file, file, work, now).run(backup, sent)


def check(settings: Settings, file: Path, passphrase: str = "") -> Backup:
    """Whether a back-up is whole, and what is in it; nothing is changed. It raises what `restore` does."""
    with work_folder(settings) as work:
        backup = open_backup(file, work, passphrase)
    _refuse_newer(backup)
    return backup


def _refuse_newer(backup: Backup) -> None:
    if backup.revision not in revisions():
        raise DatabaseMismatch(
            f"Deze kopie is van een nieuwere versie van cycle (tabellen {backup.revision}).",
            "Er is niets veranderd. Installeer die versie, en zet de kopie daarmee terug.",
        )


def _settings_of_copy(settings: Settings, settings_file: Path, work: Path) -> Settings:
    """Those that are here; where there are none yet, those of the copy, which say where its database belongs."""
    theirs = work / SETTINGS
    if has_settings(settings, settings_file) or not theirs.exists():
        return settings
    return load_settings(theirs).in_folder(settings.folder)


def _journal(settings: Settings, backup: Backup, work: Path) -> tuple[list[JournalLine], bool]:
    """What left as far as anybody knows, and whether the journal that is here goes on from the copy."""
    journal, theirs = journal_of(settings, backup.installation), journal_text(work)
    ours, of_copy = journal.after(None), journal.lines_in(theirs)
    known = {*ours}
    is_known = bool(ours) and {*of_copy[-1:]} <= known
    return [*ours, *(line for line in of_copy if line not in known)], is_known


def _made_ready(
    file: Path, settings: Settings, backup: Backup, lines: list[JournalLine], now: datetime, *, is_known: bool
) -> SentSince:
    """The database of the copy, brought to this version and marked as restored."""
    with closing(Database(f"sqlite:///{file}", settings.zone)) as database:
        database.migrate()
        with database.writing() as session:
            sent = hold_restored(
                session, settings, database.installation(), lines, backup.made_at, now, is_known=is_known
            )
    make_single(file)
    look_into(file)
    return sent


class _Replacing:
    """The part that changes something."""

    def __init__(self, settings: Settings, settings_file: Path, file: Path, work: Path, now: datetime) -> None:
        self._settings, self._settings_file, self._file, self._work = settings, settings_file, file, work
        self._stamp = f"{now.astimezone(settings.zone):%Y-%m-%d-%H%M%S}"
        self._var = settings.path(VAR)
        self._aside = new_folder(self._var / f"{ASIDE}{self._stamp}")  # its name is nobody else's, also as a schema
        self._mark = settings.path(in_use.FILE).with_name(in_use.UNFINISHED)

    def run(self, backup: Backup, sent: SentSince) -> Restored:
        """Replaces the database, and then the files."""
        was_unfinished = self._mark.exists()
        try:
            write_file(self._mark, f"{self._file.absolute()}\n".encode())
            sync_folder(self._var)
            database_aside = put_back(self._work / DATABASE, self._settings.database_url, self._aside.name)
        except Exception:
            if not was_unfinished:  # the files may be those of an earlier try
                self._mark.unlink(missing_ok=True)
            with suppress(OSError):  # unless something is in it
                self._aside.rmdir()
            raise
        try:
            restored = self._put_files(backup, sent, database_aside)
        except OSError as error:
            raise CycleError(
                f"De database is teruggezet, maar nog niet alle bestanden: {reason_of(error)} ({error.filename}).",
                "Verhelp dat, en geef hetzelfde commando opnieuw; tot dan start cycle niet.",
            ) from None
        self._mark.unlink()
        sync_folder(self._var)
        return restored

    def _put_files(self, backup: Backup, sent: SentSince, database_aside: str) -> Restored:
        journal = journal_of(self._settings, backup.installation)
        added = journal.take_over(journal_text(self._work)) if JOURNAL in backup.files else 0
        of_var = [name for name in backup.files if name.startswith(f"{VAR}/") and name != JOURNAL]
        replaced = [name for name in of_var if self._put(name)]
        beside = [self._put_own(name) for name in backup.files if name.startswith(f"{OWN}/")]
        return Restored(
            backup,
            sent,
            database_aside,
            self._aside,
            len(of_var),
            tuple(replaced),
            tuple(path for path in beside if path is not None),
            added,
            self._settings.path(SECRET).exists(),
            backup.revision != revisions()[-1],
        )

    def _put(self, name: str) -> bool:
        """One file of `var/`; whether another one had to go aside for it."""
        inside = PurePosixPath(name).relative_to(VAR)
        place = self._var / inside
        if place.is_file() and place.read_bytes() == (self._work / name).read_bytes():
            return False
        was_there = place.exists() or place.is_symlink()
        if was_there:
            make_folder((self._aside / inside).parent)
            place.rename(self._aside / inside)
        _lay(self._work / name, place)
        return was_there

    def _put_own(self, name: str) -> Path | None:
        """One file of the operator. What is here stays, and the other one is laid apart; says where."""
        inside = PurePosixPath(name).relative_to(OWN)
        is_settings = name == SETTINGS and has_settings(self._settings, self._settings_file)
        place = self._settings_file if is_settings else self._settings.folder / inside
        if not place.exists():
            _lay(self._work / name, place)
            return None
        if place.is_file() and place.read_bytes() == (self._work / name).read_bytes():
            return None
        apart = self._var / f"{FROM_COPY}{self._stamp}" / inside
        _lay(self._work / name, apart)
        return apart


def _lay(source: Path, place: Path) -> None:
    """Whole or not at all."""
    make_folder(place.parent)
    draft = place.with_name(f"{place.name}{HALF_WRITTEN}")
    copy_file(source, draft)
    draft.replace(place)


@contextmanager
def _alone(settings: Settings) -> Iterator[Path]:
    """A folder to lay the copy down in, while nobody else works here."""
    var = settings.path(VAR)
    try:
        make_folder(var)
        lock = in_use.take_whole(settings.path(in_use.FILE))
    except OSError as error:
        raise CycleError(f"In {var} is niet te schrijven: {reason_of(error)}.", "Controleer de rechten.") from None
    with lock, _folder(var / RESTORE_WORK) as work:
        yield work


@contextmanager
def _folder(work: Path) -> Iterator[Path]:
    """An empty folder, which is gone afterwards."""
    try:
        shutil.rmtree(work, ignore_errors=True)
        make_folder(work)
        yield work
    except OSError as error:
        raise CycleError(
            f"Terugzetten lukt niet: {reason_of(error)} ({error.filename or work}).",
            "Er is niets veranderd. Controleer de ruimte en de rechten.",
        ) from None
    finally:
        shutil.rmtree(work, ignore_errors=True)
