"""The desk, on either engine: the example covenant, people who are signed in, and a second covenant of others."""

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import event
from starlette.testclient import TestClient

from cycle.actions.deadlines.deciding import closing
from cycle.actions.office.office import Office
from cycle.actions.office.sentforms import new_key
from cycle.actions.office.signing import open_signer
from cycle.actions.register.reading_in.importing import import_folder
from cycle.actions.signin.signing_in import begin
from cycle.domain.model import Role
from cycle.store.tables import Covenant, Membership, PartyRow, Person
from cycle.web import cookies
from cycle.web.app import create_app
from cycle.web.formkeys import FIELD
from tests.once_a_run import Run
from tests.postgresql_server import name_of, new_database
from tests.web.conftest import HTML, NOW, OURS, ROOT, Clock, make_office, office_at

SECRETARY, DIRECTOR = "secretariaat@terneuzen.example", "wethouder@terneuzen.example"
TREKKER, OTHER_TREKKER = "strategie@clavis.example", "bestuur@shb.example"
STRANGER = "secretariaat@hulst.example"


class Desk(TestClient):
    """A browser in which somebody is signed in. `submit` posts a form as our own pages do."""

    form = ""
    new_key: Callable[[], str] = str
    last: httpx2.Response

    def submit(self, path: str, data: dict[str, object] | None = None, **more: object) -> httpx2.Response:
        """A form with the token of this session, and a key of its own unless one is given."""
        hidden = {"form": self.form, FIELD: self.new_key()}
        return self.post(path, data=hidden | (data or {}), headers=HTML, **more)  # type: ignore[arg-type]

    def page(self, path: str) -> str:
        """A page as a browser gets it; it has to be there."""
        answer = self.get(path, headers=HTML)
        assert answer.status_code == 200, (answer.status_code, path, answer.text[-300:])
        return answer.text


@pytest.fixture(scope="session")
def desk_template(run: Run) -> Path:
    """The example covenant, released, and a covenant of other people; never open it, copy it."""
    return run.sqlite("desk", _lay_both)


@pytest.fixture(scope="session")
def desk_template_postgresql(run: Run, server: str, postgresql_tables: str) -> str:
    """The same in a PostgreSQL database."""
    return run.postgresql("desk-pg", lambda: new_database(server, name_of(postgresql_tables)), _lay_both)


def _lay_both(url: str, _folder: Path) -> None:
    office = make_office(url)
    fill(office)
    office.database.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    """An office for this test alone, once of each engine."""
    if request.param == "sqlite":
        url = f"sqlite:///{shutil.copy(request.getfixturevalue('desk_template'), tmp_path / 'desk.db')}"
    else:
        new: Callable[..., str] = request.getfixturevalue("postgresql")
        url = new(request.getfixturevalue("desk_template_postgresql"))
    made = office_at(url)
    yield made
    made.database.close()


@pytest.fixture
def sign_in(office: Office, clock: Clock) -> Callable[[str], Desk]:
    """A function that gives the browser of somebody who is signed in."""
    app = create_app(office, clock)

    def signed_in(email: str = SECRETARY) -> Desk:
        return signed(Desk(app, base_url=OURS, follow_redirects=False), office, email, clock)

    return signed_in


@pytest.fixture
def desk(sign_in: Callable[[str], Desk]) -> Desk:
    """The secretary's browser."""
    return sign_in(SECRETARY)


def signed(browser: Desk, office: Office, email: str, clock: Callable[[], object]) -> Desk:
    """A browser with a session of this address."""
    session = begin(office, email, clock(), how="test")  # type: ignore[arg-type]
    assert session is not None, email
    value = cookies.session_value(open_signer(office.settings), session.token, clock())  # type: ignore[arg-type]
    browser.cookies.set(cookies.SESSION, value)
    browser.form = cookies.form_token(session.token)
    browser.new_key = lambda: new_key(office.settings, clock())  # type: ignore[arg-type]
    return browser


def fill(office: Office) -> None:
    """Terneuzen as the example, released; and Hulst, of other people. Both have their public page on."""
    import_folder(office, ROOT / "examples" / "terneuzen", NOW)
    closing.release(office, "terneuzen", NOW)
    with office.database.writing() as session:
        other = Covenant(
            slug="hulst", name="Prestatieafspraken Hulst", live_since=date(2026, 1, 1), released_at=NOW, is_public=True
        )
        session.add(other)
        session.flush()
        party = PartyRow(covenant_id=other.id, slug="gemeente", name="Gemeente Hulst", kind="municipality")
        person = Person(name="Secretariaat Hulst", email=STRANGER)
        session.add_all([party, person])
        session.flush()
        session.add(Membership(person_id=person.id, party_id=party.id, role=Role.SECRETARIAT.value))


def words_of(html: str) -> str:
    """A page without its tags, spaces once."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@contextmanager
def queries(office: Office) -> Iterator[list[str]]:
    """The statements that pages send to the database meanwhile."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            asked.append(statement)

    engine = office.database._reader
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)
