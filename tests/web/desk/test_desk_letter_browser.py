"""Two journeys in a real browser: a letter from draft to proof by keyboard alone, and an import with doubts.

And axe on the pages that those journeys pass, which have an id or a state of their own.
"""

import re
import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import uvicorn
from sqlmodel import select

from cycle.actions.deadlines.meeting.meetings import Effect, Resolved, decide
from cycle.actions.deadlines.meeting.planned_meetings import set_meeting
from cycle.actions.letters import approve, draft_of, send, state_of
from cycle.actions.letters.approval.directors import approve_path, ask_directors
from cycle.actions.mails.morning.reminding import plan_mails
from cycle.actions.office.signing import open_signer
from cycle.actions.signin.signing_in import begin
from cycle.store.tables import AgreementRow, Letter, LetterApproval, Person, ReminderRow
from cycle.web import cookies
from cycle.web.app import create_app
from tests.actions.mailbox import at, deliver, mails, text_of
from tests.lasting_names import numbered
from tests.looking import CHROMIUM, faults, findings, in_each_look
from tests.web.conftest import find, make_office

from .conftest import SECRETARY
from .test_desk_browser import LOOKS, Place, browser

__all__ = ["browser"]
MARCH = datetime(2027, 3, 2, 10, 0, tzinfo=UTC)
LETTER = "/c/terneuzen/uitnodigingsbrief"
DOUBTFUL = """# Uitvoeringsagenda 2028-2029

| Nr. | Onderwerp | Actie | Trekker | Planning |
|---|---|---|---|---|
| 1.1.2 | Inzicht in de woningmarkt | Maak een kaart | Gemeente | begin of eind 2028 |
| 2.1 | Betaalbaarheid | Reken de huren door | Clavis | uiterlijk 1 juli 2028 |
"""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Debian's chromium is not installed"),
]


@pytest.fixture
def place(desk_template: Path, tmp_path: Path) -> Iterator[Place]:
    """A server in March, while the spring round is under way."""
    file = tmp_path / "cycle.db"
    file.write_bytes(desk_template.read_bytes())
    office = make_office(file)
    for day in ("2027-02-24", "2027-02-25"):
        plan_mails(office, at(day))
        deliver(office, at(day))
    listener = socket.create_server(("127.0.0.1", 0))
    app = create_app(office, lambda: MARCH, on_mail=lambda: deliver(office, MARCH))
    server = uvicorn.Server(uvicorn.Config(app, access_log=False, log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield Place(office, f"http://127.0.0.1:{listener.getsockname()[1]}")
    server.should_exit = True
    thread.join()
    office.database.close()


def open_page(browser, place: Place):
    context = browser.new_context(color_scheme="light", viewport={"width": 1200, "height": 900}, bypass_csp=True)
    session = begin(place.office, SECRETARY, MARCH, how="test")
    value = cookies.session_value(open_signer(place.office.settings), session.token, MARCH)
    context.add_cookies([{"name": cookies.SESSION, "value": value, "url": place.url}])
    return context.new_page()


def focused(page) -> str:
    """What a reader hears of the element that has the focus."""
    return page.evaluate(
        "(e => e.labels && e.labels.length ? e.labels[0].innerText : e.innerText || e.value || '')"
        "(document.activeElement)"
    )


def tab_to(page, words: str) -> None:
    """Goes on by Tab until what has the focus is called so; a sign that the focus shows is asked of each."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if words in " ".join(focused(page).split()):
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none", words
            return
    raise AssertionError(f"{words} is not reached by keyboard")


def test_a_letter_from_draft_to_proof_by_keyboard_alone(browser, place):
    page = open_page(browser, place)
    page.goto(place.url + LETTER)

    tab_to(page, "Verander de teksten")
    page.keyboard.press("Enter")
    page.wait_for_selector("form.texts")
    tab_to(page, "Tekst van Slot")
    page.keyboard.press("Control+A")
    page.keyboard.type("Tot in april!")
    tab_to(page, "Bewaar de teksten")
    page.keyboard.press("Enter")
    page.wait_for_selector(".flash")
    for sender in ("Clavis", "Woongoed Zeeuws-Vlaanderen"):
        tab_to(page, f"Akkoord op papier vastleggen van {sender}")
        page.keyboard.press("Enter")
        tab_to(page, f"namens {sender}?")
        page.keyboard.press("Control+A")
        page.keyboard.type("D. Directeur")
        tab_to(page, "Leg de goedkeuring vast")
        page.keyboard.press("Enter")
        page.wait_for_selector(".flash")
    tab_to(page, "Naar versturen")
    page.keyboard.press("Enter")
    page.wait_for_selector(".recipients")
    assert "Dit verstuurt 3 mails aan" in page.inner_text("main")
    tab_to(page, "Verstuur 3 mails")
    page.keyboard.press("Enter")
    page.wait_for_selector(".flash")
    page.goto(place.url + LETTER + "?jaar=2027")

    assert "Bewijs per ontvanger" in page.inner_text("main")
    assert page.inner_text("main").count("bewaard in") == 3
    assert state_of(place.office, "terneuzen", 2027).state == "sent"
    page.context.close()


def test_an_import_with_doubts_is_looked_at_confirmed_and_settled(browser, place, tmp_path):
    file = tmp_path / "uitvoeringsagenda-2028.md"
    file.write_text(DOUBTFUL, encoding="utf-8")
    page = open_page(browser, place)
    page.goto(place.url + "/c/terneuzen/inlezen")
    page.set_input_files("#veld-bestanden", str(file))
    page.click("text=Lees en laat zien")
    said = page.inner_text("main")
    assert "uitvoeringsagenda-2028.md: 2 agendarijen" in said
    assert "begin of eind 2028" in said
    assert findings(page) == []
    for box in page.query_selector_all("input[name=overnemen]"):
        box.check()
    page.click("text=Bevestig en bewaar")

    assert page.url.endswith("/termijnen/afhandelen")
    assert "Er is niemand gemaild." in page.inner_text(".flash")
    assert "begin of eind 2028" in page.inner_text("main")
    with place.office.database.reading() as session:
        assert session.exec(select(AgreementRow.agenda_year).where(AgreementRow.number == "2.1")).one() == 2028
    page.goto(place.url + "/c/terneuzen/inlezen")
    page.click("section[aria-labelledby=eerder] a >> nth=0")
    assert "Wat deze inlezing deed" in page.inner_text("h1")
    assert findings(page) == []
    page.context.close()


def test_axe_finds_nothing_on_pages_with_a_state_of_their_own(browser, place):
    office = place.office
    spring = find(office, "Voorjaarsoverleg", date(2027, 1, 1))
    set_meeting(office, spring, date(2027, 3, 1), MARCH, by=SECRETARY)
    for effect, day in ((Effect.NOTHING, None), (Effect.NEW, date(2027, 9, 1))):
        decide(
            office, spring, Resolved(numbered(office, "5.1"), "Een besluit.", effect, None, day), MARCH, by=SECRETARY
        )
    approve(office, "terneuzen", 2027, MARCH, by=SECRETARY, name="D. Directeur", party="clavis")
    with office.database.reading() as session:
        line = session.exec(
            select(ReminderRow).where(ReminderRow.rung == "ask", ReminderRow.reason == "trekker")
        ).first()
    page = open_page(browser, place)
    for path in (
        LETTER,
        f"/c/terneuzen/overleggen/{spring}",
        "/c/terneuzen/overleggen?jaar=2027",
        "/c/terneuzen/voortgang",
        f"/c/terneuzen/voortgang/antwoord/{line.deadline_id}/{line.party}",
    ):
        page.goto(place.url + path)
        assert faults(page, LOOKS) == {}, path
    page.goto(place.url + f"/c/terneuzen/overleggen/{spring}")
    page.fill("#veld-dag", "31-2-2027")
    page.click("text=Verplaats het overleg")
    assert re.search("Dit is geen datum", page.inner_text("main"))
    assert {look: findings(page) for look in in_each_look(page, LOOKS)} == {look: [] for look in LOOKS}
    page.context.close()


LONG_LINK = "https://vergader.example/l/19%3ameeting_NzQ@thread.v2/0?context=" + "%7b%22Tid%22%3a" * 12


def test_axe_finds_nothing_on_the_pages_around_a_letter_nor_on_what_is_wrong_there(browser, place):
    office, page = place.office, open_page(browser, place)
    spring = find(office, "Voorjaarsoverleg", date(2027, 1, 1))
    set_meeting(office, spring, date(2027, 4, 22), MARCH, by=SECRETARY, online=LONG_LINK)
    room = "/c/terneuzen"

    def refuse_faults(where: str) -> None:
        assert faults(page, LOOKS) == {}, where

    for path, wrong, button in (
        (f"{room}/huisstijl/clavis", {"#veld-kleur": "#ffffff"}, "Bewaren"),
        (f"{room}/huisstijl/gezamenlijk", {"#veld-kenmerk": "{dag}"}, "Bewaren"),
        (f"{LETTER}/2027/gegevens", {"#veld-datum": "31-2-2027", "#veld-plaats": "Axel"}, "Bewaren"),
        (f"{LETTER}/2027/teksten", {"textarea >> nth=0": "{onbekend}"}, "Bewaar de teksten"),
        (f"{room}/overleggen/{spring}", {"#veld-online": "kamer 2"}, "Verplaats het overleg"),
    ):
        page.goto(place.url + path)
        refuse_faults(path)
        for field, words in wrong.items():
            page.fill(field, words)
        page.get_by_role("button", name=button, exact=True).first.click()
        assert page.get_by_role("alert").count() == 1, path
        refuse_faults(f"{path}, wrong")
    page.goto(f"{place.url}{LETTER}/2027/teksten")
    page.click("text=Bekijk zonder te bewaren >> nth=0")
    refuse_faults("texts as they would be")

    approve(office, "terneuzen", 2027, MARCH, by=SECRETARY)
    send(office, "terneuzen", 2027, MARCH, by=SECRETARY)
    deliver(office, MARCH)
    set_meeting(office, spring, date(2027, 4, 29), MARCH, by=SECRETARY)
    page.goto(place.url + LETTER)
    refuse_faults("a meeting that changed")
    page.click("text=Naar melden")
    assert "Dit verstuurt 3 mails aan" in page.inner_text("main")
    refuse_faults("overleg-melden")
    page.context.close()


def test_details_and_the_decision_of_a_director_are_given_by_keyboard_alone(browser, place):
    office, page = place.office, open_page(browser, place)
    page.goto(f"{place.url}{LETTER}/2027/gegevens")
    tab_to(page, "Plaats")
    page.keyboard.type("Terneuzen")
    tab_to(page, "Ter attentie van")
    page.keyboard.type("mevrouw A. de Boer")
    tab_to(page, "Bewaren")
    page.keyboard.press("Enter")
    page.wait_for_selector(".flash")
    facts = draft_of(office, "terneuzen", 2027, MARCH).facts
    assert (facts.place, facts.addressees[0].attention) == ("Terneuzen", "mevrouw A. de Boer")

    [(_name, address), *_others] = ask_directors(office, "terneuzen", 2027, MARCH, by=SECRETARY)
    with office.database.reading() as session:
        director = session.exec(select(Person).where(Person.email == address)).one()
        letter = session.exec(select(Letter.id)).one()
    page.context.clear_cookies()
    page.goto(place.url + approve_path(office, letter, director, MARCH.date()))
    assert faults(page, LOOKS) == {}
    tab_to(page, "Stuur mij een code")
    page.keyboard.press("Enter")
    page.wait_for_selector("input[name=code]")
    assert faults(page, LOOKS) == {}
    tab_to(page, "ode")
    page.keyboard.type(next(code for mail in mails(office) for code in re.findall(r"\b\d{3} \d{3}\b", text_of(mail))))
    page.keyboard.press("Enter")
    page.wait_for_selector("#akkoord")
    assert faults(page, LOOKS) == {}
    tab_to(page, "Leg mijn besluit vast")
    page.keyboard.press("Enter")
    page.wait_for_selector("[role=alert]")
    assert faults(page, LOOKS) == {}
    tab_to(page, "Ja, deze brief mag weg")
    page.keyboard.press("Space")
    tab_to(page, "Leg mijn besluit vast")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Dank u wel")
    with office.database.reading() as session:
        said = session.exec(select(LetterApproval)).all()
    assert [(one.way, one.is_sent_back) for one in said] == [("link", False)]
    page.context.close()
