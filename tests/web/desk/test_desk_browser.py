"""The desk in a real browser: accessible in every look, by keyboard, without a script; and the first sign-in."""

import re
import socket
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
import uvicorn
from sqlmodel import col, select

from cycle.actions.deadlines.deciding import closing
from cycle.actions.mails.morning.reminding import plan_mails
from cycle.actions.office.office import Office
from cycle.actions.office.signing import open_signer
from cycle.actions.signin.signing_in import begin
from cycle.domain.model import State
from cycle.store.outbox.labels import DRAFT, FAILED, HELD, QUEUED
from cycle.store.tables import MeetingDecision, Message
from cycle.web import cookies
from cycle.web.app import create_app
from tests.actions.mailbox import deliver
from tests.looking import CHROMIUM, LAUNCH, Look, findings
from tests.web.conftest import beat, find, make_office
from tests.web.test_web_browser import MAY

from .conftest import DIRECTOR, SECRETARY, TREKKER
from .test_the_walk import GETS

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

LOOKS: dict[str, Look] = {
    "light": ("light", 1200, 900, 1),
    "dark": ("dark", 1200, 900, 1),
    "320 px": ("dark", 320, 800, 1),
    "200 %": ("light", 640, 480, 2),
}
PAGES = [
    path.replace("{slug}", "terneuzen")
    for path in GETS
    if path.count("{") == path.count("{slug}") and not path.endswith(".zip")  # a file is no page to look at
]
PAGES += ["/c/terneuzen/post/1", "/c/terneuzen/post?staat=verstuurd", "/c/terneuzen/jaar?jaar=2028", "/aanmelden/x"]
PAGES += ["/c/terneuzen/logboek?van=gisteren"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Debian's chromium is not installed"),
]


class Place:
    """A server with its office."""

    def __init__(self, office: Office, url: str) -> None:
        self.office, self.url = office, url


@pytest.fixture(scope="module")
def place(desk_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A running year in which every state of a term and of a mail occurs."""
    file = tmp_path_factory.mktemp("desk-browser") / "cycle.db"
    file.write_bytes(desk_template.read_bytes())
    office = make_office(file, CYCLE__SIGNIN__FOUNDERS=f'["{SECRETARY}"]')
    prepare(office)
    listener = socket.create_server(("127.0.0.1", 0))
    app = create_app(office, lambda: MAY, on_mail=lambda: deliver(office, MAY))
    server = uvicorn.Server(uvicorn.Config(app, access_log=False, log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield Place(office, f"http://127.0.0.1:{listener.getsockname()[1]}")
    server.should_exit = True
    thread.join()
    office.database.close()


def prepare(office: Office) -> None:
    first = MAY.date().replace(month=1, day=1)
    plan_mails(office, MAY - timedelta(days=7))
    deliver(office, MAY - timedelta(days=7))
    closing.settle(office, find(office, "Uitnodigingsbrief", first), State.DONE, MAY, by=SECRETARY)
    closing.settle(office, find(office, "Wijkschouw", first), State.DROPPED, MAY, by=SECRETARY)
    with office.database.writing() as session:
        rows = session.exec(select(Message).where(Message.kind == "digest").order_by(col(Message.id))).all()
        states = (FAILED, HELD, QUEUED, DRAFT)
        for row, state in zip(rows[1:], states, strict=False):
            row.state, row.last_answer = state, "550 5.1.1 User unknown" if state == FAILED else ""
            row.next_try_at = MAY + timedelta(hours=8) if state == DRAFT else row.next_try_at
            session.add(row)
    beat(office, MAY)


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=str(CHROMIUM), args=LAUNCH)
        yield chromium
        chromium.close()


def open_page(browser, place: Place, email: str = SECRETARY, *, is_tested: bool = True):
    """A page of somebody who is signed in; with `is_tested` axe may put its script into it."""
    context = browser.new_context(color_scheme="light", viewport={"width": 1200, "height": 900}, bypass_csp=is_tested)
    session = begin(place.office, email, MAY, how="test")
    value = cookies.session_value(open_signer(place.office.settings), session.token, MAY)
    context.add_cookies([{"name": cookies.SESSION, "value": value, "url": place.url}])
    return context.new_page()


@pytest.mark.parametrize("email", [DIRECTOR, TREKKER])
def test_axe_finds_nothing_on_what_others_see(browser, place, email):
    page = open_page(browser, place, email)
    for path in ("/c/terneuzen/jaar", "/mij"):
        page.goto(place.url + path)
        assert findings(page) == [], path
    page.context.close()


def test_the_pages_ask_nothing_elsewhere_and_break_no_rule_of_their_own(browser, place):
    page = open_page(browser, place, is_tested=False)
    asked, complaints = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    for path in [path for path in PAGES if "gisteren" not in path]:
        page.goto(place.url + path, wait_until="networkidle")
    page.context.close()

    assert [url for url in asked if not url.startswith(place.url + "/")] == []
    assert [one for one in complaints if "404" not in one and "410" not in one] == []


def test_a_mail_is_to_be_read_in_its_frame(browser, place):
    page = open_page(browser, place, is_tested=False)
    page.goto(f"{place.url}/c/terneuzen/post/1")
    words = page.frame_locator("iframe.mail").locator("h1").inner_text()
    page.context.close()

    assert words


def test_a_first_sign_in_by_keyboard_alone(browser, place):
    """Ask, read the mail, open the link, press the button: and the page that was wanted is there."""
    context = browser.new_context(viewport={"width": 1000, "height": 800})
    page = context.new_page()
    page.goto(f"{place.url}/c/terneuzen/post?staat=verstuurd")
    tab_to(page, "veld-adres")
    page.keyboard.type(SECRETARY)
    page.keyboard.press("Enter")
    page.wait_for_url("**/aanmelden/onderweg")
    told = page.locator("main").inner_text()
    link = newest_link(place)
    page.goto(place.url + link)
    tab_to(page, "", "Aanmelden")
    page.keyboard.press("Enter")
    page.wait_for_url("**/c/terneuzen/post?staat=verstuurd")
    heading, who = page.locator("h1").inner_text(), page.locator(".account .who").inner_text()
    tab_to(page, "", "Afmelden")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{place.url}/")
    page.goto(f"{place.url}/c/terneuzen/post")
    left = page.url
    context.close()

    assert re.search(r"\d{3} \d{3}", told)
    assert str(place.office.settings.path("var/mail")) in told
    assert (heading, "secretariaat" in who) == ("Post", True)
    assert "/aanmelden?naar=" in left


def test_what_was_typed_as_the_session_ran_out_is_kept_on_the_way_and_stands_there_again(browser, place):
    page = open_page(browser, place)
    page.goto(f"{place.url}/c/terneuzen/mensen/toevoegen")
    page.fill("#veld-naam", "Noor & <Zoon>")
    page.select_option("#veld-partij", "clavis")
    [good] = [one for one in page.context.cookies() if one["name"] == cookies.SESSION]
    late = cookies.session_value(
        open_signer(place.office.settings), good["value"].split(".")[0], MAY - timedelta(minutes=61)
    )
    page.context.add_cookies([good | {"value": late}])
    page.get_by_role("button", name="Toevoegen").click()
    page.wait_for_url("**/aanmelden?naar=**")
    on_the_way, found = page.locator("main").inner_text(), [findings(page)]
    page.context.add_cookies([good])
    page.goto(f"{place.url}/c/terneuzen/mensen/toevoegen")
    said, name = page.get_by_role("status").inner_text(), page.input_value("#veld-naam")
    party = page.input_value("#veld-partij")
    found.append(findings(page))
    page.context.close()

    assert "Wat u invulde, is bewaard." in on_the_way
    assert ("Wat u invulde, staat er weer." in said, name, party) == (True, "Noor & <Zoon>", "clavis")
    assert found == [[], []]


def test_the_keyboard_reaches_menu_content_and_a_decision(browser, place):
    page = open_page(browser, place, is_tested=False)
    page.goto(f"{place.url}/c/terneuzen/post/2")
    reached = []
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.textContent.trim()"))
        assert page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)") >= 2, reached
        if reached[-1].startswith("Wegleggen"):
            break
    with page.expect_navigation():
        page.keyboard.press("Enter")
    asked = page.locator("h1").inner_text()
    page.context.close()

    assert reached[:2] == ["Naar de inhoud", "Termijnen prestatieafspraken"]
    assert "Post" in reached
    assert asked.startswith("Wegleggen:")


def tab_to(page, identity: str, words: str = "") -> None:
    """Presses Tab until a field, or a button with these words, has the focus."""
    for _ in range(40):
        page.keyboard.press("Tab")
        found = page.evaluate("[document.activeElement.id, document.activeElement.textContent.trim()]")
        if (identity and found[0] == identity) or (words and found[1] == words):
            return
    raise AssertionError(f"Tab never came to {identity or words}")


def newest_link(place: Place) -> str:
    """The path of the link in the mail that was delivered last."""
    files = sorted((place.office.settings.path("var/mail") / "new").iterdir(), key=lambda file: file.stat().st_mtime_ns)
    for file in reversed(files):
        mail = message_from_bytes(file.read_bytes(), policy=policy.default)
        if found := re.search(r"/aanmelden/\S+", mail.get_body(("plain",)).get_content()):
            return found[0]
    raise AssertionError("no mail with a link")


def test_back_and_send_again_asks_first_and_a_double_click_is_one_decision(browser, place):
    page = open_page(browser, place, is_tested=False)
    autumn = find(place.office, "Najaarsoverleg", MAY.date())

    def fill(words: str) -> None:
        page.fill("#veld-besluit", words)
        page.select_option("#veld-afspraak", index=3)

    def decided() -> list[str]:
        with place.office.database.reading() as session:
            return list(session.exec(select(MeetingDecision.text).order_by(col(MeetingDecision.id))))

    page.goto(f"{place.url}/c/terneuzen/overleggen/{autumn}")
    fill("Er komt een plan.")
    page.click("text=Leg het besluit vast")
    page.go_back()
    page.click("text=Leg het besluit vast")
    asked = page.inner_text("h1")
    before = decided()
    page.click("text=Nee, ga terug")
    page.goto(f"{place.url}/c/terneuzen/overleggen/{autumn}")
    fill("En nog een plan.")
    page.dblclick("text=Leg het besluit vast", no_wait_after=True)
    page.wait_for_selector(".flash")
    said = page.inner_text(".flash")
    page.context.close()

    assert (asked, before) == ("Dit hebt u al verstuurd", ["Er komt een plan."])
    assert (decided(), said.endswith("besluit 2.")) == (["Er komt een plan.", "En nog een plan."], True)
