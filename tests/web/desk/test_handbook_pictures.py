"""The walk that docs/handleiding.md tells, in a real browser: its pages say what the handbook says, and its pictures.

`HANDBOOK_PICTURES=1 pytest tests/web/desk/test_handbook_pictures.py` (make pictures) writes docs/beelden; otherwise the
pictures are taken in memory and nothing is written.
"""

import io
import os
import re
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import uvicorn
from docx import Document

from cycle.actions.mails.morning.reminding import plan_mails
from cycle.actions.office.office import Office
from cycle.actions.register.reading_in.importing import import_folder
from cycle.web.app import create_app
from tests.actions.mailbox import at, deliver, mails, text_of
from tests.looking import CHROMIUM
from tests.web.conftest import ROOT, Clock, beat, find, make_office

from .conftest import SECRETARY, TREKKER
from .test_desk_browser import Place, browser, newest_link
from .test_founding_journey import word_file

__all__ = ["browser"]
HANDBOOK = ROOT / "docs" / "handleiding.md"
SHOWN = re.findall(r"!\[([^\]]*)\]\(beelden/([\w-]+)\.png\)", HANDBOOK.read_text(encoding="utf-8"))
WIDTH, HEIGHT, MOST_HEIGHT, LEAST_BYTES, MOST_BYTES = 1000, 900, 1200, 10_000, 90_000
FIRST_DAY, MARCH = "2027-01-11", "2027-03-02"
ROUND = ("2027-02-24", "2027-02-25", "2027-03-01")
HERE = "/c/terneuzen"
AGENDA = (
    ("Nr.", "Onderwerp", "Actie", "Trekker", "Planning"),
    ("1.1.2", "Inzicht in de woningmarkt", "Maak een overzicht van verhuur en wachttijd", "Corporaties", "najaar 2027"),
    ("2.5", "Delen van data", "Leg vast welke gegevens wij delen", "Gemeente", "uiterlijk 1 juli 2027"),
    ("4.1", "Wijkplannen", "Maak een plan voor twee wijken", "Gemeente", "eind 2027"),
)

# What each picture shows: the heading of its page, and words that both the page and the handbook have.
PICTURES = {
    "aanmelden": ("Aanmelden", ["Stuur mij een link"]),
    "nieuw-convenant": ("Nieuw convenant", ["Maak een ontwerp", "Begin zonder document"]),
    "ontwerp": ("Ontwerp van een convenant", ["Doet niet mee", "Begin deze tafel", "Bewaar en ga later verder"]),
    "het-jaar": ("Het jaar 2027", ["Wat op u wacht", "Deze week gaat uit", "Nog niet vrijgegeven"]),
    "inlezen": ("Wat er is gelezen", ["In het kort", "Wat er verandert", "Bevestig en bewaar"]),
    "twijfel": ("Af te handelen", ["Hoe is dit bedoeld?", "Anders, namelijk", "Leg vast wat ik koos", "Open acties"]),
    "wie-krijgt-welke-mail": ("Wie krijgt welke mail", ["wijzigen"]),
    "vrijgeven": ("Eerst lezen, dan vrijgeven", ["Vrijgeven"]),
    "overleg": ("Voorjaarsoverleg 2027", ["Dagen die kunnen", "Leg de datum vast", "Besluiten"]),
    "brief": ("Uitnodigingsbrief 2027", ["De brief als PDF", "Verander de teksten"]),
    "brief-blad": ("", []),  # the first page of a file
    "voorzet-blad": ("", []),
    "mail": ("", ["Waarom deze mail", "Zoals hij eruitzag"]),
    "antwoord": ("Hoe staat het ermee?", ["Bewaar dit antwoord", "U hoeft niet in te loggen"]),
    "voortgang": ("Voortgang", ["Per thema", "Wie antwoordde", "Bewaar de stand"]),
    "vertrekt": ("Team Wijken vertrekt: wat er verandert", ["neemt over", "Draag alles over"]),
}

browser_only = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Debian's chromium is not installed"),
    pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="pdftoppm is not installed"),
]


class Walk:
    """A secretary at a server whose clock the test moves."""

    def __init__(self, place: Place, clock: Clock, page) -> None:
        self.place, self.clock, self.page, self.album = place, clock, page, {}

    @property
    def office(self) -> Office:
        return self.place.office

    def go(self, path: str) -> None:
        assert self.page.goto(self.place.url + path).status == 200, path

    def press(self, words: str) -> None:
        """Presses a button and waits for the page that answers."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=words).first.click()

    def follow(self, words: str) -> None:
        """Follows a link and waits for its page."""
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=words).first.click()

    def shoot(self, name: str, last: str = "main", first: str = "main") -> None:
        """Keeps a picture from the top of one thing to the bottom of another, after its words were found."""
        heading, words = PICTURES[name]
        shown = " ".join(self.page.inner_text("main").split())
        assert heading in ("", " ".join(self.page.inner_text("h1").split())), name
        assert [one for one in words if one not in shown] == [], name
        self.page.evaluate("document.activeElement.blur(), scrollTo(0, 0)")
        top = self.page.locator(first).first.bounding_box()["y"]
        box = self.page.locator(last).last.bounding_box()
        height = min(box["y"] + box["height"] + 12 - top, MOST_HEIGHT)
        clip = {"x": 0, "y": top, "width": WIDTH, "height": height}
        self.album[name] = small(self.page.screenshot(full_page=True, clip=clip))

    def shoot_file(self, name: str, words: str) -> None:
        """Keeps a picture of the first page of the PDF behind a link."""
        path = self.page.get_by_role("link", name=words).first.get_attribute("href")
        pdf = self.page.context.request.get(self.place.url + path).body()
        command = ["pdftoppm", "-png", "-r", "76", "-f", "1", "-l", "1", "-singlefile", "-"]
        self.album[name] = small(subprocess.run(command, input=pdf, capture_output=True, check=True).stdout)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[tuple[Place, Clock]]:
    """A server with the example covenant that nobody has released yet, on the secretary's first day."""
    office, clock = make_office(tmp_path / "cycle.db", CYCLE__SIGNIN__FOUNDERS=f'["{SECRETARY}"]'), Clock()
    clock.at = at(FIRST_DAY, 10)
    import_folder(office, ROOT / "examples" / "terneuzen", at("2026-11-21"))
    beat(office, clock.at)
    listener = socket.create_server(("127.0.0.1", 0))
    app = create_app(office, clock, on_mail=lambda: deliver(office, clock.at))
    server = uvicorn.Server(uvicorn.Config(app, access_log=False, log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield Place(office, f"http://127.0.0.1:{listener.getsockname()[1]}"), clock
    server.should_exit = True
    thread.join()
    office.database.close()


@pytest.fixture
def walk(browser, place: tuple[Place, Clock]) -> Iterator[Walk]:
    context = browser.new_context(color_scheme="light", viewport={"width": WIDTH, "height": HEIGHT}, locale="nl-NL")
    context.set_default_timeout(10_000)
    yield Walk(*place, context.new_page())
    context.close()


class TestTheWalk:
    pytestmark = browser_only

    def test_a_new_secretary_walks_the_first_day_and_a_year_as_the_handbook_tells(self, walk, tmp_path):
        sign_in(walk, is_first=True)
        draft_a_table(walk)
        read_in(walk, tmp_path)
        settle_a_doubt(walk)
        look_who_gets_what(walk)
        release(walk)
        spring_comes(walk)
        answer_from_the_mail(walk)
        sign_in(walk)
        look_at_a_mail(walk)
        choose_a_day(walk)
        send_the_letter(walk)
        look_at_the_progress(walk)
        somebody_leaves(walk)

        assert set(walk.album) == set(PICTURES)
        assert {name: len(png) for name, png in walk.album.items() if len(png) >= MOST_BYTES} == {}
        if os.environ.get("HANDBOOK_PICTURES"):
            keep(walk.album)


def test_the_handbook_shows_every_picture_once_with_words_for_who_cannot_see_it() -> None:
    folder = ROOT / "docs" / "beelden"
    assert sorted(name for _, name in SHOWN) == sorted(PICTURES)
    assert sorted(path.name for path in folder.iterdir()) == sorted(f"{name}.png" for name in PICTURES)
    assert [name for alt, name in SHOWN if len(alt.split()) < 5] == []


def test_the_handbook_calls_things_as_the_pages_call_them() -> None:
    text = " ".join(HANDBOOK.read_text(encoding="utf-8").split())
    missing = {name: [one for one in words if one not in text] for name, (_, words) in PICTURES.items()}
    assert {name: words for name, words in missing.items() if words} == {}


def sign_in(walk: Walk, *, is_first: bool = False) -> None:
    walk.go("/aanmelden")
    walk.page.get_by_label("Uw mailadres").fill(SECRETARY)
    if is_first:
        walk.shoot("aanmelden", "main form", "header")
    walk.press("Stuur mij een link")
    assert re.search(r"\d{3} \d{3}", walk.page.inner_text("main"))
    walk.go(newest_link(walk.place))
    walk.press("Aanmelden")
    walk.go("/bureau")
    assert walk.page.url.endswith(f"{HERE}/jaar")
    if is_first:
        walk.shoot("het-jaar", ".wheel", "header")


def draft_a_table(walk: Walk) -> None:
    """Another table, of another shape; its draft is thrown away."""
    walk.go("/nieuw")
    walk.shoot("nieuw-convenant", "section[aria-labelledby=kies]", "header")
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    file = {"name": "woonakkoord.docx", "mimeType": word, "buffer": word_file()}
    walk.page.get_by_label("Een of meer bestanden").set_input_files(file)
    walk.press("Maak een ontwerp")
    walk.shoot("ontwerp", "form[aria-label=Ontwerp] fieldset.card >> nth=0")
    walk.press("Gooi dit ontwerp weg")


def read_in(walk: Walk, folder: Path) -> None:
    file = agenda(folder / "uitvoeringsagenda-2027.docx")
    walk.go(f"{HERE}/inlezen")
    walk.page.get_by_label("Een of meer bestanden").set_input_files(str(file))
    walk.press("Lees en laat zien")
    walk.shoot("inlezen", "section[aria-labelledby=twijfel] tbody tr:nth-child(1)")
    for box in walk.page.query_selector_all("input[name=overnemen]"):
        box.check()
    walk.press("Bevestig en bewaar")
    assert "Er is niemand gemaild." in walk.page.inner_text(".flash")


def agenda(file: Path) -> Path:
    """A Word document with the rows of a new agenda."""
    document = Document()
    document.add_heading("Uitvoeringsagenda 2027-2028")
    table = document.add_table(len(AGENDA), len(AGENDA[0]))
    for row, words in zip(table.rows, AGENDA, strict=True):
        for cell, text in zip(row.cells, words, strict=True):
            cell.text = text
    document.save(str(file))
    return file


def settle_a_doubt(walk: Walk) -> None:
    assert walk.page.url.endswith("/termijnen/afhandelen")
    doubts = walk.page.locator("article.doubt")
    many = doubts.count()
    doubts.nth(0).get_by_role("radio").first.check()
    walk.shoot("twijfel", "article.doubt:nth-of-type(2)")
    walk.press("Leg vast wat ik koos")
    assert walk.page.locator("article.doubt").count() == many - 1


def look_who_gets_what(walk: Walk) -> None:
    walk.go(f"{HERE}/mensen")
    walk.follow("Wie krijgt welke mail")
    walk.shoot("wie-krijgt-welke-mail", "tbody tr:nth-child(5)")


def release(walk: Walk) -> None:
    walk.go(f"{HERE}/jaar")
    walk.follow("Bekijk en geef vrij")
    walk.shoot("vrijgeven")
    walk.follow("mail aan Team Wonen")
    assert walk.page.frame_locator("iframe.mail").locator("h1").inner_text() == "Kies een datum: Voorjaarsoverleg"
    walk.page.go_back()
    walk.press("Vrijgeven")
    walk.press("Vrijgeven")
    assert "is vrijgegeven" in walk.page.inner_text(".flash")


def spring_comes(walk: Walk) -> None:
    """The spring round has asked everybody; it is the second of March."""
    for day in ROUND:
        beat(walk.office, at(day))  # the clock stood still in between, and is right
        plan_mails(walk.office, at(day))
        deliver(walk.office, at(day))
    walk.clock.at = at(MARCH, 10)
    beat(walk.office, walk.clock.at)


def answer_from_the_mail(walk: Walk) -> None:
    """A trekker opens the link under a line of the round, signed in nowhere."""
    mail = [one for one in mails(walk.office) if TREKKER in str(one["To"])][-1]
    link = re.search(r"/antwoord/[^\s#]+", text_of(mail))
    assert link
    walk.page.context.clear_cookies()
    walk.go(link[0])
    line = walk.page.locator("section.answer").nth(1)
    line.locator("summary").first.click()
    line.locator("input[value=oranje]").check()
    line.get_by_label("In één zin").fill("Wij wachten nog op de inbreng van de huurders.")
    walk.shoot("antwoord", "section.answer >> nth=1", "section.answer >> nth=1")
    line.get_by_role("button").click()
    walk.page.wait_for_selector(".is-kept")
    assert "oranje" in walk.page.inner_text(".is-kept")


def look_at_a_mail(walk: Walk) -> None:
    walk.go(f"{HERE}/post?staat=verstuurd")
    walk.follow("Uitnodigingsbrief 2027")
    walk.page.frame_locator("iframe.mail").locator("h1").wait_for()
    walk.page.set_viewport_size({"width": WIDTH, "height": 2000})  # what lies below the fold is not painted in a frame
    walk.page.wait_for_timeout(1000)
    walk.shoot("mail", "iframe.mail", "section[aria-labelledby=zoals]")
    walk.page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    assert len(walk.album["mail"]) > LEAST_BYTES, "the frame is empty"


def choose_a_day(walk: Walk) -> None:
    walk.go(f"{HERE}/overleggen/{find(walk.office, 'Voorjaarsoverleg', date(2027, 1, 1))}")
    walk.follow("donderdag 15 april 2027")
    walk.page.get_by_label("Begin").fill("14:00")
    walk.page.get_by_label("Plaats").fill("Stadhuis, Terneuzen")
    walk.page.get_by_label("Online meedoen").fill("https://vergaderen.terneuzen.example/voorjaar")
    walk.shoot("overleg", "section.card[aria-labelledby=plannen]")
    walk.press("Leg de datum vast")
    assert "15 april 2027" in walk.page.inner_text("main")


def send_the_letter(walk: Walk) -> None:
    walk.go(f"{HERE}/uitnodigingsbrief")
    walk.shoot("brief", "section[aria-labelledby=teksten]")
    walk.shoot_file("brief-blad", "De brief als PDF")
    walk.shoot_file("voorzet-blad", "Voorzet voor de uitvoeringsagenda (PDF)")
    for sender in ("Clavis", "Woongoed Zeeuws-Vlaanderen"):
        walk.page.get_by_text(f"Akkoord op papier vastleggen van {sender}").click()
        walk.page.get_by_label(f"namens {sender}?").fill("D. Directeur")
        walk.press("Leg de goedkeuring vast")
    walk.press("Naar versturen")
    assert "Dit verstuurt 3 mails aan" in walk.page.inner_text("main")
    walk.press("Verstuur 3 mails")
    walk.go(f"{HERE}/uitnodigingsbrief?jaar=2027")
    assert walk.page.locator("section[aria-labelledby=proef]").inner_text().count("Verstuurd") == 3


def look_at_the_progress(walk: Walk) -> None:
    walk.go(f"{HERE}/voortgang")
    assert "oranje" in walk.page.locator("section[aria-labelledby=themas]").inner_text()
    walk.shoot("voortgang", "section[aria-labelledby=wie] tbody tr:nth-child(4)")


def somebody_leaves(walk: Walk) -> None:
    walk.go(f"{HERE}/mensen")
    walk.follow("Team Wijken")
    walk.follow("Vertrekt")
    walk.page.get_by_label("Laatste dag").fill("2027-03-31")
    walk.page.get_by_label("Wie neemt het over").select_option("nieuw")
    walk.page.get_by_label("Naam").fill("Noor de Wit")
    walk.page.get_by_label("Mailadres").fill("noor@terneuzen.example")
    walk.press("Kijk wat er verandert")
    walk.shoot("vertrekt", "section[aria-labelledby=termijnen] tbody tr:nth-child(6)")
    walk.press("Draag alles over")


def small(png: bytes) -> bytes:
    """The same picture in 64 colours, where Pillow is installed."""
    image = pytest.importorskip("PIL.Image", reason="Pillow is not installed")
    picture = image.open(io.BytesIO(png)).convert("RGB").quantize(64, dither=image.Dither.NONE)
    kept = io.BytesIO()
    picture.save(kept, "PNG", optimize=True)
    return kept.getvalue()


def keep(album: dict[str, bytes]) -> None:
    """Writes docs/beelden."""
    folder = ROOT / "docs" / "beelden"
    folder.mkdir(exist_ok=True)
    for name, png in album.items():
        (folder / f"{name}.png").write_bytes(png)
