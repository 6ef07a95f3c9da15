"""What tests share: a real database of either engine, an office with the example covenant, and a moment to start at.

PostgreSQL is Debian's own, started by the session on loopback with fsync off; where it is absent its tests skip with
a reason, and in CI (where `.ci/run` installs it) they fail.
"""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from cycle.actions.importing import import_folder
from cycle.actions.office import Office, open_office
from cycle.actions.settling import release
from cycle.settings import Settings, load_settings
from cycle.store.database import Database

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples" / "terneuzen"
SEEDS = ROOT.parent / "shared" / "seeds"
NOVEMBER = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def pytest_configure(config: pytest.Config) -> None:
    """Nothing of the person who runs the tests leaks into the settings under test."""
    for name in [name for name in os.environ if name.startswith("CYCLE_")]:
        del os.environ[name]


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database, once of each engine."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'test.db'}"
        return
    new_database: Callable[[], str] = request.getfixturevalue("postgresql")
    yield new_database()


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A database with all tables, once of each engine."""
    database = Database(database_url)
    database.migrate()
    yield database
    database.close()


@pytest.fixture
def make_settings(tmp_path: Path) -> Callable[..., Settings]:
    """Settings as shipped, in a folder of the test's own; `changes` are as environment variables."""

    def make(**changes: str) -> Settings:
        file = tmp_path / "config.toml"
        if not file.exists():
            shutil.copy(ROOT / "config.toml", file)
        return load_settings(file, {f"CYCLE__{name.upper()}": value for name, value in changes.items()})

    return make


@pytest.fixture
def office(make_settings: Callable[..., Settings], database: Database) -> Iterator[Office]:
    """An office on either engine, with nothing in it."""
    opened = open_office(make_settings(database__url=database.url))
    yield opened
    opened.database.close()


@pytest.fixture
def example(office: Office) -> Office:
    """An office with the example covenant, released in November 2026."""
    import_folder(office, EXAMPLE, NOVEMBER)
    release(office, "terneuzen", NOVEMBER)
    return office


@pytest.fixture
def quick_office(make_settings: Callable[..., Settings], tmp_path: Path) -> Iterator[Office]:
    """An empty office on SQLite only, for what does not depend on the engine."""
    settings = make_settings(database__url=f"sqlite:///{tmp_path / 'quick.db'}")
    Database(settings.database_url).migrate()
    opened = open_office(settings)
    yield opened
    opened.database.close()


@pytest.fixture
def quick_example(quick_office: Office) -> Office:
    """The same with the example covenant, released."""
    import_folder(quick_office, EXAMPLE, NOVEMBER)
    release(quick_office, "terneuzen", NOVEMBER)
    return quick_office


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], str]]:
    """A function that makes an empty database in a server of our own; its names never repeat."""
    programs = _programs()
    if programs is None:
        reason = "PostgreSQL is not installed (Debian: postgresql); its half of the tests did not run"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    data = Path(tempfile.mkdtemp(prefix="cycle-pg-"))
    port = _free_port()
    _as_postgres(data, [programs / "initdb", "-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync"])
    options = f"-p {port} -h 127.0.0.1 -k {data} -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    _as_postgres(data, [programs / "pg_ctl", "-D", data, "-l", data / "log", "-w", "-o", options, "start"])
    address = f"postgresql://postgres@127.0.0.1:{port}"
    made = iter(range(10_000))

    def new_database() -> str:
        name = f"test{next(made)}"
        with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return f"{address}/{name}"

    yield new_database
    _as_postgres(data, [programs / "pg_ctl", "-D", data, "-m", "immediate", "stop"])
    shutil.rmtree(data, ignore_errors=True)


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
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL, cwd="/", timeout=60)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
