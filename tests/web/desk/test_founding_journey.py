"""From a Word file to the first rehearsed mail, in the browser: by keyboard, with a pause, and without a file.

The document has another shape than Terneuzen's: articles in a text, parties introduced one by one, a table of
signatures. A page load is every page that the browser asked for after the secretary had signed in.
"""

import io
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from docx import Document
from sqlmodel import select

from cycle.actions.office.covenant_view import view_of
from cycle.actions.office.signing import open_signer
from cycle.actions.signin.signing_in import begin
from cycle.store.tables import Message
from cycle.web import cookies
from cycle.web.app import create_app
from tests.looking import CHROMIUM, faults
from tests.web.conftest import make_office

from .test_desk_browser import LOOKS, MAY, Place, browser
from .test_desk_letter_browser import tab_to

__all__ = ["browser"]
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Debian's chromium is not installed"),
]
FOUNDER = "wonen@waterdal.example"
MOST_LOADS = 15
PARAGRAPHS = (
    "Woonakkoord Waterdal",
    "De ondergetekenden:",
    "1. de gemeente Waterdal, vertegenwoordigd door de wethouder wonen, hierna: de gemeente;",
    "2. Stichting Thuis aan Zee, gevestigd te Waterdal, hierna: Thuis aan Zee;",
    "3. Huurdersvereniging De Dijk, hierna: De Dijk;",
    "komen het volgende overeen.",
    "Dit akkoord heeft een looptijd van vier jaar, ingaande op 1 januari 2027, en wordt telkens met een jaar verlengd.",
    "Artikel 1. Thuis aan Zee bouwt voor 1 oktober 2027 twintig woningen. Trekker: Thuis aan Zee",
    "Artikel 2. De gemeente wijst uiterlijk 1 maart 2028 een locatie aan. Trekker: gemeente",
    "Artikel 3. De corporatie brengt voor 1 juli een bod uit. Trekker: Thuis aan Zee",
    "Artikel 4. Het bestuurlijk overleg is in maart, juni en november. Trekker: gemeente",
)
SIGNED = (
    ("Namens", "Naam", "Handtekening"),
    ("Gemeente Waterdal", "A. Duin", ""),
    ("Stichting Thuis aan Zee", "B. Wad", ""),
)
PEOPLE = (
    "Team Bouwen; bouwen@thuisaanzee.example; Thuis aan Zee; trekker",
    "Team Ruimte; ruimte@waterdal.example; gemeente; trekker",
    "Het bestuur; bestuur@dedijk.example; De Dijk; bestuurder",
)


def word_file() -> bytes:
    """The agreement as a Word file."""
    document, content = Document(), io.BytesIO()
    for words in PARAGRAPHS:
        document.add_paragraph(words)
    document.add_paragraph("Aldus overeengekomen te Waterdal op 14 december 2026")
    table = document.add_table(len(SIGNED), len(SIGNED[0]))
    for row, words in zip(table.rows, SIGNED, strict=True):
        for cell, text in zip(row.cells, words, strict=True):
            cell.text = text
    document.save(content)
    return content.getvalue()


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """A server at which nobody has a table yet."""
    office = make_office(tmp_path / "cycle.db", CYCLE__SIGNIN__FOUNDERS='["@waterdal.example"]')
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(create_app(office, lambda: MAY), access_log=False, log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield Place(office, f"http://127.0.0.1:{listener.getsockname()[1]}")
    server.should_exit = True
    thread.join()
    office.database.close()


@pytest.fixture
def page(browser, place: Place):
    context = browser.new_context(color_scheme="light", viewport={"width": 1200, "height": 900}, bypass_csp=True)
    session = begin(place.office, FOUNDER, MAY, how="test")
    value = cookies.session_value(open_signer(place.office.settings), session.token, MAY)
    context.add_cookies([{"name": cookies.SESSION, "value": value, "url": place.url}])
    yield context.new_page()
    context.close()


def press(page, words: str) -> None:
    """Goes to a button or link by Tab, presses it, and waits for its page."""
    tab_to(page, words)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_from_a_word_file_to_the_first_rehearsed_mail_by_keyboard_with_a_night_in_between(page, place: Place) -> None:
    loads: list[str] = []
    page.on("framenavigated", lambda frame: loads.append(frame.url) if frame == page.main_frame else None)
    page.goto(place.url + "/nieuw")
    name = "woonakkoord.docx"
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    page.get_by_label("Een of meer bestanden").set_input_files({"name": name, "mimeType": kind, "buffer": word_file()})
    press(page, "Maak een ontwerp")
    asked = page.locator("p.notice").all_inner_texts()
    tab_to(page, "Naam")
    page.keyboard.press("Control+A")
    page.keyboard.type("Woonakkoord Waterdal")
    press(page, "Bewaar en ga later verder")
    page.goto(place.url + "/nieuw")
    press(page, "Woonakkoord Waterdal")

    assert faults(page, LOOKS) == {}
    assert page.get_by_label("Naam", exact=True).input_value() == "Woonakkoord Waterdal"
    assert page.get_by_label("Getekend op").input_value() == "2026-12-14"
    assert [one.split("?")[0] for one in asked if "partij" in one] == ["Wat voor partij is Stichting Thuis aan Zee"]
    press(page, "Begin deze tafel")
    assert page.url == place.url + "/c/waterdal/jaar"
    page.goto(place.url + "/c/waterdal/mensen/lijst")
    tab_to(page, "Mensen, elk op een regel")
    for line in PEOPLE:
        page.keyboard.type(line)
        page.keyboard.press("Enter")
    press(page, "Laat zien wat elke regel doet")
    press(page, "Voeg 3 regels toe")
    page.goto(place.url + "/c/waterdal/vrijgeven")
    press(page, "mail aan")
    mail = page.frame_locator("iframe.mail").locator("body").inner_text()

    assert len(mail.split()) > 20
    assert len(loads) <= MOST_LOADS, loads
    with place.office.database.reading() as session:
        view = view_of(session, place.office.settings, "waterdal")
        assert session.exec(select(Message)).all() == []
    people = ["Het bestuur", "Secretariaat prestatieafspraken", "Team Bouwen", "Team Ruimte"]
    assert sorted(member.name for member in view.members) == people
    assert [view.settings.steps[name].window for name in ("voorjaarsoverleg", "overleg-juni", "najaarsoverleg")] == [
        ((3, 1), (3, 31)),
        ((6, 1), (6, 30)),
        ((11, 1), (11, 30)),
    ]


def test_a_table_begins_without_a_file_by_keyboard(page, place: Place) -> None:
    page.goto(place.url + "/nieuw")
    press(page, "Begin zonder document")
    typed = {"Naam": "Afspraken Waterdal", "Korte naam": "waterdal", "Naam van partij 1": "Gemeente Waterdal"}
    for label, words in typed.items():
        tab_to(page, label)
        page.keyboard.press("Control+A")
        page.keyboard.type(words)
    tab_to(page, "Soort")
    page.keyboard.type("gemeente")
    press(page, "Begin deze tafel")

    assert page.url == place.url + "/c/waterdal/jaar"
