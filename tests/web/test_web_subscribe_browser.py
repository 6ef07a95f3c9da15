"""The subscribe page in a browser: accessible, on a phone, in the dark, and from form to link without a script."""

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn

from cycle.actions.feeds import new_link
from cycle.actions.feeds.calendar_page import page_url
from cycle.actions.office.office import Office
from cycle.actions.signin import codes
from cycle.store import covenants
from cycle.web import cookies
from cycle.web.app import create_app
from tests.looking import CHROMIUM, faults

from .conftest import NOW, code_in_outbox, make_office
from .test_web_browser import browser, open_page

__all__ = ["browser"]

WHO = "strategie@clavis.example"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Debian's chromium is not installed"),
]


@pytest.fixture(scope="module")
def place(example_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, str]]:
    """The page of somebody who has a link."""
    file = tmp_path_factory.mktemp("subscribe") / "cycle.db"
    file.write_bytes(example_file.read_bytes())
    listener = socket.create_server(("127.0.0.1", 0))
    base = f"http://127.0.0.1:{listener.getsockname()[1]}"
    office = make_office(file, CYCLE__WEB__BASE_URL=base)
    new_link(office, WHO, NOW, name="telefoon")
    server = uvicorn.Server(uvicorn.Config(create_app(office, lambda: NOW), access_log=False, log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield office, page_url(office, WHO, NOW)
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


def test_axe_finds_nothing_on_the_page_and_on_the_new_link(browser, address, place):
    page = open_page(browser)
    page.goto(address)
    before = faults(page)
    may_change(page, place)
    page.goto(address)
    form = faults(page)
    page.get_by_label("Waarvoor is de koppeling?").fill("een brede, lichte laptop")
    page.get_by_role("button", name="Maak de koppeling").click()
    page.wait_for_selector("#url")
    made = faults(page)
    page.context.close()

    assert (before, form, made) == ({}, {}, {})


def test_without_a_script_one_makes_a_link_and_ends_it(browser, address, place):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(address)
    type_code(page, place)
    page.get_by_label("Waarvoor is de koppeling?").fill("proef zonder script")
    page.get_by_label("Wat wilt u zien?").select_option(label="alle termijnen van mijn partij")
    page.get_by_role("button", name="Maak de koppeling").click()
    url = page.get_by_role("textbox", name="Adres van uw agenda").input_value()
    page.get_by_role("link", name="Terug naar uw agenda").click()
    page.get_by_role("button", name="Intrekken van proef zonder script").click()
    ended = page.get_by_role("listitem").filter(has_text="proef zonder script").inner_text()
    context.close()

    assert url.endswith("/termijnen.ics")
    assert "beëindigd vandaag" in ended
    assert complaints == []
