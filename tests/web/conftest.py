"""A real office on a real SQLite file with the example covenant, and the application on top of it."""

import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from sqlmodel import col, select
from starlette.testclient import TestClient

from cycle.actions.deadlines.deciding import closing
from cycle.actions.office.office import Office, open_office
from cycle.actions.register.reading_in.importing import import_folder
from cycle.actions.signin import codes
from cycle.settings import load_settings
from cycle.store import covenants
from cycle.store.outbox import beating, lookups
from cycle.store.outbox.labels import SIGN_IN
from cycle.store.tables import DeadlineRow, Message
from cycle.web import cookies
from cycle.web.app import create_app
from tests.conftest import lay_tables
from tests.once_a_run import Run, of_this_process

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
HTML = {"accept": "text/html"}
OURS = "http://127.0.0.1:8700"


class Clock:
    """A `now` that tests set."""

    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> datetime:
        return self.at


def make_office(place: Path | str, **environ: str) -> Office:
    """An office on this database file or address, with the settings of the checkout; a file that is there is a copy of
    one with all tables."""
    url = f"sqlite:///{place}" if isinstance(place, Path) else place
    if not isinstance(place, Path) or not place.exists():
        lay_tables(url)
    return office_at(url, **environ)


def office_at(url: str, **environ: str) -> Office:
    """An office on a database that has all tables."""
    settings = load_settings(ROOT / "config.toml", {"CYCLE__DATABASE__URL": url, **environ})
    file = url.removeprefix("sqlite:///")
    folder = Path(file).parent if file != url else Path(tempfile.mkdtemp(prefix="cycle-web-", dir=_folder_of_the_run()))
    return open_office(settings.in_folder(folder))  # what is kept in var/ stays out of the checkout


def _folder_of_the_run() -> Path | None:
    """Which ends with the run, and so does all that is in it."""
    run = of_this_process()
    return run.folder if run else None


def hidden_of(html: str, *names: str) -> dict[str, str]:
    """The first value of each of these hidden fields of a page, or of a piece of one."""
    return {name: re.findall(rf'name="{name}" value="([^"]+)"', html)[0] for name in names}


def find(office: Office, title: str, due: date | None = None) -> int:
    """The first deadline of this title that is due from a day on, of the covenant that was made first."""
    query = select(DeadlineRow.id).where(DeadlineRow.title == title, col(DeadlineRow.due) >= (due or date(2000, 1, 1)))
    with office.database.reading() as session:
        return session.exec(query.order_by(col(DeadlineRow.due), col(DeadlineRow.id))).first() or 0


def beat(office: Office, now: datetime) -> None:
    """Both jobs have just come round."""
    with office.database.writing() as session:
        beating.beat(session, "plan", now)
        beating.beat(session, "deliver", now)


def may_change(client: TestClient, office: Office, email: str, now: datetime = NOW) -> None:
    """A browser in which the code from a mail was typed, for the first person of this address."""
    with office.database.reading() as session:
        person = covenants.persons_at(session, email)[0]
    client.cookies.set(cookies.PROOF, codes.proof(office, person.id or 0, person.seal_mark, now))


def code_in_outbox(office: Office) -> str:
    """The code in the newest mail, which nobody delivered yet."""
    [row, *_more] = _signing(office)
    part = message_from_bytes(row.body, policy=policy.default).get_body(("plain",))
    return re.findall(r"\d{3} \d{3}", part.get_content() if part else "")[0]


def _signing(office: Office) -> Sequence[Message]:
    with office.database.reading() as session:
        return lookups.messages(session, col(Message.kind) == SIGN_IN)


@pytest.fixture(scope="session")
def example_file(run: Run) -> Path:
    """The example covenant, imported and released; never open it, copy it."""
    return run.sqlite("web", _lay_example)


def _lay_example(url: str, _folder: Path) -> None:
    office = make_office(url)
    import_folder(office, ROOT / "examples" / "terneuzen", NOW)
    closing.release(office, "terneuzen", NOW)
    office.database.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def office(example_file: Path, tmp_path: Path) -> Iterator[Office]:
    """An office with the example, for this test alone."""
    file = tmp_path / "cycle.db"
    shutil.copy(example_file, file)
    made = make_office(file)
    yield made
    made.database.close()


@pytest.fixture
def empty_office(sqlite_tables: Path, tmp_path: Path) -> Iterator[Office]:
    """An office without any covenant."""
    made = make_office(Path(shutil.copy(sqlite_tables, tmp_path / "empty.db")))
    yield made
    made.database.close()


@pytest.fixture
def client(office: Office, clock: Callable[[], datetime]) -> TestClient:
    return TestClient(create_app(office, clock), base_url=OURS, follow_redirects=False)
