"""The year of the bod, lived in a browser: from a table without its steps to agreements that were sent."""

import socket
import threading
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
import uvicorn
from sqlmodel import select

from cycle.actions.deadlines.deciding.closing import release
from cycle.actions.office.signing import open_signer
from cycle.actions.register.reading_in.importing import import_folder
from cycle.actions.signin.signing_in import begin
from cycle.store.tables import Covenant, DeadlineRow, Message
from cycle.web import cookies
from cycle.web.app import create_app
from tests.actions.mailbox import act, at
from tests.looking import CHROMIUM, findings
from tests.web.conftest import make_office

from .conftest import SECRETARY
from .test_desk_browser import Place, browser

__all__ = ["browser"]
HERE = "/c/waarde"
COVENANT = f"""
slug = "waarde"
name = "Prestatieafspraken Waarde"
municipality = "Gemeente Waarde"
live_since = 2027-01-04
year = ["kwartaaloverleg"]
[[parties]]
slug = "gemeente"
name = "Gemeente Waarde"
kind = "municipality"
[[parties]]
slug = "kade"
name = "Wonen aan de Kade"
kind = "corporation"
[[parties]]
slug = "bond"
name = "Huurdersbond Waarde"
kind = "tenants"
[[people]]
name = "Secretaris"
email = "{SECRETARY}"
party = "gemeente"
roles = ["secretariat", "contact"]
[[people]]
name = "Beleid Kade"
email = "beleid@kade.example"
party = "kade"
roles = ["contact"]
[[people]]
name = "Bestuurder Kade"
email = "bestuur@kade.example"
party = "kade"
roles = ["director"]
[[people]]
name = "Bestuur Bond"
email = "bestuur@bond.example"
party = "bond"
roles = ["contact"]
"""
BOD_YEAR = (
    "Bod langs de raad van commissarissen",
    "Bod van de corporatie",
    "Overleg over het bod",
    "Afspraken langs de raad van commissarissen",
    "Prestatieafspraken ondertekenen",
    "Prestatieafspraken naar de minister",
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Debian's chromium is not installed"),
]


class Life:
    """A secretary at a browser, on one day after the other."""

    def __init__(self, place: Place, chromium, clock: list[datetime]) -> None:
        self.place, self.clock = place, clock
        self.context = chromium.new_context(
            color_scheme="light", viewport={"width": 1200, "height": 900}, bypass_csp=True
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(8000)

    def on(self, day: str) -> None:
        """It is another day: the clock has acted, and the secretary signed in."""
        self.clock[0] = now = at(day)
        act(self.place.office, now)
        session = begin(self.place.office, SECRETARY, now, how="test")
        value = cookies.session_value(open_signer(self.place.office.settings), session.token, now)
        self.context.add_cookies([{"name": cookies.SESSION, "value": value, "url": self.place.url}])

    def go(self, path: str) -> None:
        assert self.page.goto(f"{self.place.url}{HERE}/{path}").status == 200, path

    def press(self, words: str) -> None:
        self.page.get_by_role("button", name=words, exact=True).click()

    def done(self, title: str) -> None:
        """Opens the step of this year from the page of the year, and says that it is done."""
        self.go(f"termijnen/{self.id_of(title)}")
        self.page.get_by_label("gedaan", exact=True).check()
        self.press("Vastleggen")
        self.page.wait_for_selector(".flash")

    def id_of(self, title: str) -> int:
        return next(row.id for row in rows(self.place) if (row.title, row.due.year) == (title, 2027))

    def told(self, title: str) -> set[str]:
        """Who got a mail with this title in it."""
        with self.place.office.database.reading() as session:
            return {row.to for row in session.exec(select(Message)) if row.body and title.encode() in row.body}


def rows(place: Place) -> list[DeadlineRow]:
    with place.office.database.reading() as session:
        here = session.exec(select(Covenant.id).where(Covenant.slug == "waarde")).one()
        return list(session.exec(select(DeadlineRow).where(DeadlineRow.covenant_id == here)))


@pytest.fixture
def life(browser, desk_template: Path, tmp_path: Path) -> Iterator[Life]:
    """A table that meets each quarter and has no other step, in January."""
    file = tmp_path / "cycle.db"
    file.write_bytes(desk_template.read_bytes())
    office, clock = make_office(file), [at("2027-01-11")]
    (tmp_path / "waarde").mkdir()
    (tmp_path / "waarde" / "covenant.toml").write_text(COVENANT, encoding="utf-8")
    import_folder(office, tmp_path / "waarde", clock[0], by=SECRETARY)
    release(office, "waarde", clock[0], by=SECRETARY)
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(create_app(office, lambda: clock[0]), access_log=False, log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    while not server.started:
        time.sleep(0.01)
    lived = Life(Place(office, f"http://127.0.0.1:{listener.getsockname()[1]}"), browser, clock)
    yield lived
    lived.context.close()
    server.should_exit = True
    thread.join()
    office.database.close()


def test_the_year_of_the_bod_is_chosen_and_lived_from_bod_to_signing_and_dispatch(life: Life) -> None:
    page = life.page
    life.on("2027-01-11")
    life.go("jaar/stappen")
    assert "Woningwet, artikelen 43 en 44 (nagekeken op 21 november 2026)" in page.inner_text("main")
    page.locator("button[name=verzameling][value=bod]").click()
    assert "10 juni 2027" in page.inner_text("main")
    life.press("Bewaren")
    life.go("jaar/stappen/afspraken-vast")
    assert "een brief van de minister (16 juni 2023) noemt 1 december" in page.inner_text("main")
    page.get_by_label("Dag", exact=True).fill("1 december")
    life.press("Kijk wat er verandert")
    assert findings(page) == []
    assert "vóór 15 december werd vóór 1 december" in page.inner_text("main")
    life.press("Bewaren")
    days = {
        row.title: row.due.isoformat() for row in rows(life.place) if row.due.year == 2027 and row.title in BOD_YEAR
    }
    assert list(days) == sorted(days, key=lambda title: days[title])

    life.on("2027-06-03")
    life.done("Bod langs de raad van commissarissen")
    life.on("2027-06-28")
    life.go("uitnodigingsbrief?jaar=2027")
    page.get_by_text("De brief is al buiten cycle om verstuurd").click()
    page.get_by_label("Verstuurd op").fill("28-6-2027")
    page.get_by_label("Hoe is hij verstuurd?").fill("Per mail aan gemeente en huurdersbond, door de corporatie zelf.")
    life.press("Leg vast dat de brief is verstuurd")
    page.wait_for_selector(".flash")

    life.on("2027-08-04")
    life.go(f"overleggen/{life.id_of('Overleg over het bod')}")
    page.get_by_label("Dag", exact=True).fill("16-9-2027")
    life.press("Leg de datum vast")
    life.on("2027-08-19")
    life.on("2027-08-26")  # who leads much is told together, a week later at most
    life.on("2027-09-17")
    life.go(f"overleggen/{life.id_of('Overleg over het bod')}")
    life.press("Ja, het overleg is geweest")
    life.on("2027-11-03")
    life.done("Afspraken langs de raad van commissarissen")
    life.on("2027-11-29")
    life.done("Prestatieafspraken ondertekenen")
    life.on("2027-12-07")
    life.done("Prestatieafspraken naar de minister")
    life.go("jaar?jaar=2027")

    stands = {row.title: row.state for row in rows(life.place) if row.due.year == 2027 and row.title in BOD_YEAR}
    assert stands == dict.fromkeys(BOD_YEAR, "done")
    assert life.told(BOD_YEAR[0]) == {"beleid@kade.example"}
    assert life.told(BOD_YEAR[2]) >= {"beleid@kade.example", "bestuur@kade.example", "bestuur@bond.example", SECRETARY}
    assert findings(page) == []
