"""Where the fixtures live: SQLite in a temporary folder, and a PostgreSQL of our own on loopback, where there is one.

A database is filled once and copied, so that worlds that differ in one thing can be measured by turns.
"""

import os
import pwd
import shutil
import socket
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg

PATIENCE = 60  # seconds


class Sqlite:
    """Files in one folder."""

    name = "SQLite"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count()

    def empty(self) -> str:
        """The address of a new database."""
        return f"sqlite:///{self._folder / f'{next(self._numbers)}.db'}"

    def copy(self, url: str) -> str:
        """The address of a copy; nobody may be writing."""
        new = self.empty()
        with sqlite3.connect(path_of(url)) as source, sqlite3.connect(path_of(new)) as target:
            source.backup(target)
        source.close()
        target.close()
        return new


class Postgres:
    """Databases in one server."""

    name = "PostgreSQL"

    def __init__(self, address: str) -> None:
        self._address = address
        self._numbers = count()

    def empty(self) -> str:
        """The address of a new database."""
        return self._create("template0")

    def copy(self, url: str) -> str:
        """The address of a copy; nobody may be connected."""
        return self._create(url.rpartition("/")[2])

    def _create(self, template: str) -> str:
        name = f"bench{next(self._numbers)}"
        with psycopg.connect(f"{self._address}/postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
        return f"{self._address}/{name}"


Engine = Sqlite | Postgres


def path_of(url: str) -> Path:
    """The file of a SQLite address."""
    return Path(url.removeprefix("sqlite:///"))


@contextmanager
def sqlite() -> Iterator[Sqlite]:
    """SQLite in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="cycle-bench-") as folder:
        yield Sqlite(Path(folder))


@contextmanager
def postgres() -> Iterator[Postgres | None]:
    """A server with its usual promises about the disk, gone afterwards; nothing where PostgreSQL is not installed."""
    programs = _programs()
    if programs is None:
        yield None
        return
    data = Path(tempfile.mkdtemp(prefix="cycle-bench-pg-"))
    port = free_port()
    try:
        _as_postgres(data, [programs / "initdb", "-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8"])
        options = f"-p {port} -h 127.0.0.1 -k {data}"
        _as_postgres(data, [programs / "pg_ctl", "-D", data, "-l", data / "log", "-w", "-o", options, "start"])
        try:
            yield Postgres(f"postgresql://postgres@127.0.0.1:{port}")
        finally:
            _as_postgres(data, [programs / "pg_ctl", "-D", data, "-m", "immediate", "stop"])
    finally:
        shutil.rmtree(data, ignore_errors=True)


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _programs() -> Path | None:
    """Where Debian keeps the server's programs: the newest version."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    return found[-1].parent if found else None


def _as_postgres(data: Path, command: list[object]) -> None:
    """PostgreSQL refuses to run as root, so root runs it as Debian's postgres user."""
    words = [str(word) for word in command]
    if os.geteuid() == 0:
        user = pwd.getpwnam("postgres")
        os.chown(data, user.pw_uid, user.pw_gid)
        words = ["runuser", "-u", "postgres", "--", *words]
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL, cwd="/", timeout=PATIENCE)
