"""Connections: a reading and a writing door to one database, SQLite or PostgreSQL.

Readers never block writers and cannot write. SQLite writers begin IMMEDIATE: a deferred begin loses updates without
any error (rule C5), and synchronous FULL keeps what was promised over a power cut.
"""

import importlib.util
import os
import sqlite3
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, tzinfo
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar
from uuid import uuid4

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, OperationalError, ProgrammingError
from sqlmodel import Session as Session
from sqlmodel import select

from cycle.errors import CycleError, DatabaseMismatch, DatabaseUnreachable, reason_of
from cycle.private import database_files, make_database_file, make_folder
from cycle.resources import HOW_TO_INSTALL
from cycle.store import facts, noticing, sentforms, touching
from cycle.store.feedkeeper import FeedKeeper
from cycle.store.in_use import share
from cycle.store.tables import Installation
from cycle.store.touching import WritingSession
from cycle.store.upgrading import MIGRATIONS, upgrade
from cycle.store.zone import ZONE

BUSY_TIMEOUT_MS = 10_000
PATIENCE = {
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
"""For PostgreSQL, unless its address says otherwise: how long a server that is not there any more is waited for (in
seconds; the last one in milliseconds). By itself that would be a quarter of an hour."""
Value = TypeVar("Value")
FOUND = "found in this moment"
TURN_SECONDS = 60.0
"""How long a writer waits for its turn among those of its own process; then SQLite's own patience begins."""


class Database:
    """One database address. Make it once per process; sessions come from `reading()` and `writing()`. `zone` is where
    the people are for whom a kept moment becomes a day. The lock file `in_use` is held until it is closed.

    Raises CycleError for an address that cannot be used, Refused while a copy is put back.
    """

    def __init__(self, url: str, zone: tzinfo = UTC, in_use: Path | None = None) -> None:
        self.url = normal_url(url)
        self._in_use = share(in_use) if in_use is not None else None
        self.is_sqlite = self.url.startswith("sqlite")
        if self.is_sqlite:
            _make_file(self.url)
        self._writer = _engine(self.url, read_only=False)
        self._reader = _engine(self.url, read_only=True)
        self.feeds = FeedKeeper(self.url)
        self.is_closed = False
        self._turn = Lock()
        self._known = {ZONE: zone}
        touching.watch(self._writer)
        noticing.watch(self._writer)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A snapshot to look at, within `one_moment` always that one; the database itself refuses to write in it."""
        held = _held.get()
        if held is not None and held[0] is self:
            yield held[1]
            return
        with Session(self._reader, expire_on_commit=False, info=self._known) as session:
            yield session

    @contextmanager
    def one_moment(self) -> Iterator[None]:
        """For who looks at much and changes nothing: all that is read meanwhile is of one and the same moment, and what
        `found_once` found is not looked up again. What is written meanwhile is not seen before the end."""
        with self.reading() as session:
            session.info.setdefault(FOUND, {})
            token = _held.set((self, session))
            try:
                yield
            finally:
                _held.reset(token)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction: committed at the end of the block, rolled back by an exception.

        The first one of a form that is being carried out takes its key. Raises SentBefore when another did.
        """
        form = sentforms.form_in_hand()
        new = WritingSession(self._writer, expire_on_commit=False, info=self._known)
        with self._in_turn(), new as session, session.begin():
            if form is not None and not form.is_taken:
                sentforms.take(session, form)
            yield session
        if form is not None:
            form.is_taken = True

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """All of it as it is at one moment, for who copies it."""
        with self._reader.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        """One writer of this process at a time for SQLite, which lets them ask again and again in no order: among
        fifty, some would never get in."""
        is_ours = self.is_sqlite and self._turn.acquire(timeout=TURN_SECONDS)
        try:
            yield
        finally:
            if is_ours:
                self._turn.release()

    def refuses_writing(self) -> str:
        """Why nothing can be written now, in words; empty when it can. It asks, and writes nothing itself."""
        if self.is_sqlite:
            files = [path for path in files_of(self.url) if path.exists()]
            locked = [path for path in files if not os.access(path, os.W_OK)]
            return f"alleen te lezen: {', '.join(map(str, locked))}" if locked else ""
        with self._reader.connect() as connection:
            is_standby, setting = connection.execute(
                text("SELECT pg_is_in_recovery(), current_setting('default_transaction_read_only')")
            ).one()
        if is_standby:
            return "dit is een reserveserver, die alleen te lezen is"
        return "de server laat alleen lezen toe" if setting == "on" else ""

    def damage(self) -> str:
        """What is broken in the file of an SQLite database, in SQLite's own words; empty when it is whole.

        It reads the whole file. PostgreSQL looks after its own files.
        """
        if not self.is_sqlite:
            return ""
        with self._reader.connect() as connection:
            answer = str(connection.execute(text("PRAGMA quick_check(1)")).scalar())
        return "" if answer == "ok" else answer

    @property
    def engine(self) -> Engine:
        """The writing engine, for migrations."""
        return self._writer

    def check_version(self) -> None:
        """Raises DatabaseMismatch unless the tables are those of this program."""
        version, known = self.version(), revisions()
        if version == known[-1]:
            return
        if version is None:
            raise DatabaseMismatch("De database is nog leeg.", "Draai eerst: cycle migrate")
        if version in known:
            raise DatabaseMismatch(
                "De database is ouder dan dit programma.", "Draai: cycle migrate (dat maakt eerst een kopie)"
            )
        raise DatabaseMismatch(
            "De database is van een nieuwere versie van cycle.",
            "Installeer die versie, of zet een kopie van vóór de nieuwe versie terug met: cycle restore BESTAND",
        )

    def known_version(self) -> str | None:
        """The revision that the tables have, an older one too. Raises DatabaseMismatch for one of a newer version."""
        version = self.version()
        if version is not None and version not in revisions():
            self.check_version()
        return version

    def version(self) -> str | None:
        """The revision that the tables have, or None for a database without tables."""
        try:
            with self._reader.connect() as connection:
                return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        except ProgrammingError:
            return None
        except OperationalError as error:
            if "no such table" in str(error.orig):
                return None
            raise unreachable(error) from None

    def migrate(self) -> tuple[str | None, str]:
        """Brings the tables up to date and says from which revision to which.

        Raises CycleError when that cannot be done; then nothing is changed.
        """
        before, known = self.known_version(), revisions()
        if before != known[-1]:
            upgrade(self._writer)
        self._name()
        with self.writing() as session:
            facts.begin_old_chains(session.connection())
            facts.name_old_actors(session.connection())
        return before, known[-1]

    def installation(self) -> str:
        """The random name of this database: two of them under one mail domain never make the same Message-ID."""
        with self.reading() as session:
            return session.exec(select(Installation.uid)).one()

    def _name(self) -> None:
        with self.writing() as session:
            if session.exec(select(Installation)).first() is None:
                session.add(Installation(id=1, uid=uuid4().hex))

    def close(self) -> None:
        """Gives all connections back."""
        self.is_closed = True
        self.feeds.close()
        self._reader.dispose()
        self._writer.dispose()
        if self._in_use is not None:
            self._in_use.close()


_held: ContextVar[tuple[Database, Session] | None] = ContextVar("what reads in this moment", default=None)


def found_once(session: Session, key: Hashable, find: Callable[[], Value]) -> Value:
    """What `find` finds; within `one_moment` what it found before under this key."""
    in_moment: dict[Hashable, Value] | None = session.info.get(FOUND)
    if in_moment is None:
        return find()
    if key not in in_moment:
        in_moment[key] = find()
    return in_moment[key]


def revisions() -> list[str]:
    """The known revisions in order: each file in versions/ begins with its number."""
    return sorted(file.name.split("_")[0] for file in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def unreachable(error: OperationalError) -> DatabaseUnreachable:
    """The sentence for a database that does not answer."""
    reason = str(error.orig).strip().split("\n")[0]
    return DatabaseUnreachable(f"De database is niet bereikbaar: {reason}.", "Controleer database.url in config.toml.")


def files_of(url: str) -> list[Path]:
    """The file of an SQLite database, and what lies beside it; nothing for a database that is no file."""
    path = make_url(url).database if url.startswith("sqlite") else None
    return database_files(Path(path)) if path else []


def normal_url(url: str) -> str:
    """The address with the driver we ship.

    Raises CycleError for an address of another kind, or a driver that is not installed.
    """
    hint = "Schrijf sqlite:///pad of postgresql://gebruiker@host/naam."
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise CycleError("Het databaseadres klopt niet.", hint) from None
    if parsed.drivername in ("postgres", "postgresql"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername not in ("sqlite", "postgresql+psycopg"):
        raise CycleError(f"Met een database van het soort {parsed.drivername!r} werkt cycle niet.", hint)
    if parsed.drivername != "sqlite" and importlib.util.find_spec("psycopg") is None:
        raise CycleError("Voor PostgreSQL ontbreekt het pakket psycopg.", f"{HOW_TO_INSTALL}.")
    return parsed.render_as_string(hide_password=False)


def _make_file(url: str) -> None:
    path = make_url(url).database
    if not path:
        raise CycleError("Een SQLite-database heeft een bestand nodig.", "Schrijf bijvoorbeeld sqlite:///var/cycle.db")
    try:
        make_folder(Path(path).parent)
    except OSError as error:
        raise CycleError(
            f"De map voor de database is niet te maken: {reason_of(error)}.", f"Kijk naar {path}."
        ) from None
    if path != ":memory:":
        make_database_file(Path(path))


def _engine(url: str, *, read_only: bool) -> Engine:
    is_sqlite = url.startswith("sqlite")
    waits = {} if is_sqlite else {key: value for key, value in PATIENCE.items() if key not in make_url(url).query}
    engine = create_engine(url, hide_parameters=True, pool_pre_ping=not is_sqlite, connect_args=waits)
    if is_sqlite:
        event.listen(engine, "connect", _sqlite_reader if read_only else _sqlite_writer)
        event.listen(engine, "begin", _begin_deferred if read_only else _begin_immediate)
    elif read_only:
        engine = engine.execution_options(postgresql_readonly=True, isolation_level="REPEATABLE READ")
    return engine


def _sqlite_writer(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # we begin transactions ourselves
    for pragma in (
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _sqlite_reader(connection: sqlite3.Connection, record: Any) -> None:
    _sqlite_writer(connection, record)
    connection.execute("PRAGMA query_only=ON")


def _begin_immediate(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin_deferred(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN")
