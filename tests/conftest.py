"""What tests share: a real database of either engine, an office with the example covenant, and a moment to start at.

Where PostgreSQL is absent its tests skip with a reason, and in CI (where `.ci/run` installs it) they fail.
"""

import os
import shutil
from collections.abc import Callable, Generator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cycle.actions.deadlines.deciding.closing import release
from cycle.actions.office.office import Office, open_office
from cycle.actions.office.signing import Signer, open_signer
from cycle.actions.register.reading_in.importing import import_folder
from cycle.settings import Settings, load_settings
from cycle.store.database import Database
from cycle.store.tables import Person
from tests import choosing, once_a_run, postgresql_server
from tests.once_a_run import Run
from tests.postgresql_server import name_of, new_database
from tests.remembered import forget, pass_over_what_stays, remember

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples" / "terneuzen"
SEEDS = ROOT.parent / "shared" / "seeds"
NOVEMBER = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
SERVER = "server"
USUAL_MASK = 0o022


def pytest_addoption(parser: pytest.Parser) -> None:
    choosing.add_option(parser)


def pytest_configure(config: pytest.Config) -> None:
    """Nothing of the person who runs the tests leaks into the settings under test."""
    for name in [name for name in os.environ if name.startswith("CYCLE_")]:
        del os.environ[name]
    remember()
    once_a_run.begin(config)
    choosing.keep_the_order(config)
    choosing.note_where_asked(config)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    choosing.choose(config, items)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """Each test begins under the usual mask: a command run within the tests before it closes that of the process."""
    os.umask(USUAL_MASK)


def pytest_collection_finish() -> None:
    pass_over_what_stays()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: who drives a browser or a command waits for it half of the time."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    with choosing.measured(item):
        return (yield)


def pytest_sessionfinish(session: pytest.Session) -> None:
    choosing.tell_the_run(session)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    choosing.hear(node)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    choosing.say(config, terminalreporter.write_line)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Each worker is told which run it belongs to."""
    node.workerinput["run"] = str(node.config.stash[once_a_run.KEY].folder)


def pytest_unconfigure(config: pytest.Config) -> None:
    """The server and all that was laid down end with the run, and not with one of its workers."""
    forget()
    run = config.stash.get(once_a_run.KEY, None)
    if run is not None and not hasattr(config, "workerinput"):
        postgresql_server.stop(run.folder / SERVER)
        shutil.rmtree(run.folder, ignore_errors=True)


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


@pytest.fixture
def contents(request: pytest.FixtureRequest) -> str:
    """What `database` is a copy of: `sqlite_` and `postgresql_` with this name; a file of tests may have its own."""
    return "example" if "example" in request.fixturenames else "tables"


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, contents: str, tmp_path: Path) -> Iterator[Database]:
    """A database with all tables, once of each engine; with the example in it where the test asks for that."""
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
def run(pytestconfig: pytest.Config) -> Run:
    """What the workers of this run share."""
    return pytestconfig.stash[once_a_run.KEY]


@pytest.fixture(scope="session")
def sqlite_tables(run: Run) -> Path:
    """An SQLite file with all tables and nothing in them; never open it, copy it."""
    return run.sqlite("tables", lay_tables_anew)


@pytest.fixture(scope="session")
def sqlite_example(run: Run) -> Path:
    """The same with the example covenant, released in November 2026."""
    return run.sqlite("example", lay_example)


@pytest.fixture(scope="session")
def postgresql_tables(run: Run, server: str) -> str:
    """A PostgreSQL database with all tables; never open it, copy it."""
    return run.postgresql("tables-pg", lambda: new_database(server), lay_tables_anew)


@pytest.fixture(scope="session")
def postgresql_example(run: Run, server: str, postgresql_tables: str) -> str:
    """The same with the example covenant, released in November 2026."""
    return run.postgresql("example-pg", lambda: new_database(server, name_of(postgresql_tables)), lay_example)


def lay_tables(url: str) -> None:
    """All tables, in a database that may have them already: a new SQLite file is a copy of one that was made once."""
    file = url.removeprefix("sqlite:///")
    if file == url:
        lay_tables_anew(url)
    elif not Path(file).exists():
        run = once_a_run.of_this_process()
        shutil.copy(run.sqlite("tables", lay_tables_anew), file) if run else lay_tables_anew(url)


def lay_tables_anew(url: str, _place: Path | None = None) -> None:
    """By all revisions. The database is closed again: an open one keeps rows that no copy would have."""
    database = Database(url)
    database.migrate()
    database.close()


def lay_example(url: str, folder: Path) -> None:
    """The example covenant, in a database that has nothing."""
    lay_tables(url)
    settings = load_settings(ROOT / "config.toml", {"CYCLE__DATABASE__URL": url})
    office = open_office(settings.in_folder(folder))
    import_folder(office, EXAMPLE, NOVEMBER)
    release(office, "terneuzen", NOVEMBER)
    office.database.close()


@pytest.fixture(scope="session")
def server(run: Run) -> str:
    """The address of the run's own PostgreSQL server."""
    if postgresql_server.programs() is None:
        reason = "PostgreSQL is not installed (Debian: postgresql); its half of the tests did not run"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    return run.once(SERVER, postgresql_server.start)


@pytest.fixture
def postgresql(server: str) -> Iterator[Callable[..., str]]:
    """A function that makes a database for this test, empty or a copy of another, in a server of our own."""
    made = []

    def new(like: str = "template1") -> str:
        made.append(new_database(server, name_of(like)))
        return made[-1]

    yield new
    for url in made:
        postgresql_server.drop(url)
