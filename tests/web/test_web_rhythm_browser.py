"""The page of somebody's own rhythm in a browser: accessible, on a phone, in the dark, and without a script."""

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn

from cycle.actions.office.office import Office
from cycle.actions.people.rhythms.rhythm import rhythm_page_url
from cycle.actions.signin import codes
from cycle.store import covenants
from cycle.web import cookies
from cycle.web.app import create_app
from tests.looking import CHROMIUM, faults, findings

from .conftest import NOW, code_in_outbox, make_office
from .test_web_browser import browser, open_page

__all__ = ["browser"]

WHO, OTHER = "secretariaat@terneuzen.example", "beleid@woongoed.example"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Debian's chromium is not installed"),
]


@pytest.fixture(scope="module")
def place(example_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, str]]:
    """The page of the secretariat, which has all there is on it."""
    file = tmp_path_factory.mktemp("rhythm") / "cycle.db"
    file.write_bytes(example_file.read_bytes())
    listener = socket.create_server(("127.0.0.1", 0))
    base = f"http://127.0.0.1:{listener.getsockname()[1]}"
    office = make_office(file, CYCLE__WEB__BASE_URL=base)
    server = uvicorn.Server(uvicorn.Config(create_app(office, lambda: NOW), access_log=False, log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield office, rhythm_page_url(office, WHO, NOW)
    server.should_exit = True
    thread.join()
    office.database.close()


@pytest.fixture
def address(place: tuple[Office, str]) -> str:
    return place[1]


def may_change(page, place: tuple[Office, str]) -> None:
    """A browser in which the code was typed."""
    office, address = place
    with office.database.reading() as session:
        [person] = covenants.persons_at(session, WHO)
    value = codes.proof(office, person.id or 0, person.seal_mark, NOW)
    page.context.add_cookies([{"name": cookies.PROOF, "value": value, "url": address}])


def type_code(page, place: tuple[Office, str]) -> None:
    """Asks for a code, reads it in the mail, and types it."""
    page.get_by_role("button", name="Stuur mij een code").click()
    page.get_by_label("Code van zes cijfers").fill(code_in_outbox(place[0]))
    page.get_by_role("button", name="Verder").click()


def test_without_a_script_one_chooses_and_notes_days_away(browser, address, place):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    type_code(page, place)
    for day in ("dinsdag", "woensdag", "donderdag", "vrijdag"):
        page.get_by_label(day).uncheck()
    page.get_by_label("Hoe laat?").select_option(label="14.00 uur")
    page.get_by_role("button", name="Bewaar").click()
    page.get_by_label("Eerste dag dat u er niet bent").fill("2027-02-01")
    page.get_by_label("Laatste dag").fill("2027-02-12")
    page.get_by_role("button", name="Meld afwezig").click()
    text = page.locator("main").inner_text()
    context.close()

    assert "op maandag om 14.00 uur" in text
    assert "1 februari 2027 tot en met 12 februari 2027" in text


def test_axe_finds_nothing_and_a_phone_needs_no_sideways_scrolling(browser, address, place):
    """Before the code, where it is typed (also when it is wrong), and with all that may be changed."""
    page = open_page(browser)
    page.context.add_cookies([{"name": cookies.BROWSER, "value": "a browser", "url": address}])
    form = f"{address}/bevestig"
    for step in (address, f"{address}/code", form, address):
        if step == form:
            page.get_by_label("Code van zes cijfers").fill("000000")
            page.get_by_role("button", name="Verder").click()
            may_change(page, place)
        else:
            page.goto(step)
        assert faults(page) == {}, step
    assert page.get_by_role("button", name="Maak al mijn links ongeldig").count() == 1
    page.context.close()


def test_axe_finds_nothing_where_all_links_were_ended(browser, place):
    page = open_page(browser)
    page.goto(rhythm_page_url(place[0], OTHER, NOW))
    type_code(page, place)
    page.get_by_role("button", name="Maak al mijn links ongeldig").click()
    page.wait_for_selector("text=Uw links werken niet meer")
    found = findings(page)
    page.context.close()
    assert found == []
