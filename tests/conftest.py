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

from cycle.actions.deadlines.closing import release
from cycle.actions.office.office import Office, open_office
from cycle.actions.office.signing import Signer, open_signer
from cycle.actions.register.importing import import_folder
from cycle.settings import Settings, load_settings
from cycle.store.database import Database
from cycle.store.tables import Person
from tests.remembered import remember

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples" / "terneuzen"
SEEDS = ROOT.parent / "shared" / "seeds"
NOVEMBER = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def pytest_configure(config: pytest.Config) -> None:
    """Nothing of the person who runs the tests leaks into the settings under test."""
    for name in [name for name in os.environ if name.startswith("CYCLE_")]:
        del os.environ[name]
    remember()


def own_signer(office: Office, person: int) -> Signer:
    """Seals links of one person, as mails to them have."""
    with office.database.reading() as session:
        return open_signer(office.settings).of(session.get_one(Person, person).seal_mark)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database, once of each engine."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'test.db'}"
        return
    new_database: Callable[..., str] = request.getfixturevalue("postgresql")
    yield new_database()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database with all tables, once of each engine; with the example in it where the test asks for that."""
    contents = "example" if "example" in request.fixturenames else "tables"
    if request.param == "sqlite":
        database = Database(_copied_file(request, contents, tmp_path / "test.db"))
    else:
        new_database: Callable[..., str] = request.getfixturevalue("postgresql")
        database = Database(new_database(request.getfixturevalue(f"postgresql_{contents}")))
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
    """An office with the example covenant, released in November 2026 (`database` laid it down)."""
    return office


@pytest.fixture
def quick_office(
    request: pytest.FixtureRequest, make_settings: Callable[..., Settings], tmp_path: Path
) -> Iterator[Office]:
    """An empty office on SQLite only, for what does not depend on the engine."""
    contents = "example" if "quick_example" in request.fixturenames else "tables"
    opened = open_office(make_settings(database__url=_copied_file(request, contents, tmp_path / "quick.db")))
    yield opened
    opened.database.close()


@pytest.fixture
def quick_example(quick_office: Office) -> Office:
    """The same with the example covenant, released (`quick_office` laid it down)."""
    return quick_office


def _copied_file(request: pytest.FixtureRequest, contents: str, place: Path) -> str:
    """The address of a copy of an SQLite file that was made once."""
    shutil.copy(request.getfixturevalue(f"sqlite_{contents}"), place)
    return f"sqlite:///{place}"


@pytest.fixture(scope="session")
def sqlite_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with all tables and nothing in them, made once; never open it, copy it."""
    file = tmp_path_factory.mktemp("tables") / "tables.db"
    _lay_tables(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def sqlite_example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with the example covenant, released in November 2026."""
    file = tmp_path_factory.mktemp("example") / "example.db"
    _lay_example(f"sqlite:///{file}", file.parent)
    return file


@pytest.fixture(scope="session")
def postgresql_tables(postgresql: Callable[..., str]) -> str:
    """A PostgreSQL database with all tables, made once; never open it, copy it."""
    url = postgresql()
    _lay_tables(url)
    return url


@pytest.fixture(scope="session")
def postgresql_example(postgresql: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """The same with the example covenant, released in November 2026."""
    url = postgresql()
    _lay_example(url, tmp_path_factory.mktemp("example-pg"))
    return url


def _lay_tables(url: str) -> None:
    database = Database(url)
    database.migrate()
    database.close()


def _lay_example(url: str, folder: Path) -> None:
    _lay_tables(url)
    shutil.copy(ROOT / "config.toml", folder)
    office = open_office(load_settings(folder / "config.toml", {"CYCLE__DATABASE__URL": url}))
    import_folder(office, EXAMPLE, NOVEMBER)
    release(office, "terneuzen", NOVEMBER)
    office.database.close()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Callable[..., str]]:
    """A function that makes a database in a server of our own, empty or a copy of another; names never repeat."""
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

    def new_database(like: str = f"{address}/template1") -> str:
        name = f"test{next(made)}"
        with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {like.rpartition('/')[2]}".encode())
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
