"""The answer page in a browser: accessible, on a phone, in the dark, by keyboard, and without a script (rule B8)."""

import socket
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import uvicorn

from cycle.web.app import create_app
from tests.actions.mailbox import act, at
from tests.looking import CHROMIUM, faults

from .conftest import make_office
from .test_web_answer import ASKED_ON, links_in
from .test_web_browser import browser, open_page

__all__ = ["browser"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Debian's chromium is not installed"),
]


@pytest.fixture(scope="module")
def site(example_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The page of each reader of the spring round, by mail address."""
    file = tmp_path_factory.mktemp("answer") / "cycle.db"
    file.write_bytes(example_file.read_bytes())
    listener = socket.create_server(("127.0.0.1", 0))
    base = f"http://127.0.0.1:{listener.getsockname()[1]}"
    office = make_office(file, CYCLE__WEB__BASE_URL=base)
    act(office, at(ASKED_ON))
    now = at(ASKED_ON, 14) + timedelta(minutes=5)
    server = uvicorn.Server(uvicorn.Config(create_app(office, lambda: now), access_log=False, log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield {to: base + paths[0] for to, paths in links_in(office).items()}
    server.should_exit = True
    thread.join()
    office.database.close()


def test_axe_finds_nothing_on_the_page_with_all_its_fields_its_faults_and_its_thanks(browser, site):
    page = open_page(browser)
    page.goto(site["beleid@woongoed.example"])
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
    seen = [faults(page)]
    page.get_by_label("Datum van de volgende stap").first.fill("31-2-2027")
    page.get_by_role("button", name="Bewaar dit antwoord").first.click()
    page.wait_for_selector("#klopt-niet")
    seen.append(faults(page))
    page.get_by_label("Datum van de volgende stap").first.fill("31-5-2027")
    page.get_by_label("oranje").first.check()
    page.get_by_role("button", name="Bewaar dit antwoord").first.click()
    page.wait_for_selector("#bewaard")
    seen.append(faults(page))
    page.context.close()

    assert seen == [{}] * 3


def test_by_keyboard_alone_one_answers_a_round_and_every_focus_is_seen(browser, site):
    page = browser.new_page()
    page.goto(site["zorg@terneuzen.example"])
    reached: list[str] = []
    while not (reached and reached[-1].startswith("Bewaar")):
        page.keyboard.press("Tab")
        width = page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)")
        name = page.evaluate("document.activeElement.name || document.activeElement.textContent.trim()")
        reached.append(name.partition("-")[0])
        assert width >= 2, reached
        if reached.count("stand") == 1 and reached[-1] == "stand":
            page.keyboard.press("ArrowRight")
        if reached[-1] == "zin":
            page.keyboard.type("Wacht op de aannemer")
    page.keyboard.press("Enter")
    page.wait_for_selector("#bewaard")
    kept, latest = page.get_by_role("status").inner_text(), page.inner_text("main")
    page.close()

    assert reached[:4] == ["Naar de inhoud", "Termijnen prestatieafspraken", "stand", "zin"]
    assert {*reached[4:-1]} == {"stand"}
    assert "Bewaard: 1 antwoord" in kept
    assert "oranje “Wacht op de aannemer”" in " ".join(latest.split())


def test_without_a_script_on_a_phone_a_round_is_answered_in_a_tap_for_each_agreement_and_one_more(browser, site):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(site["wonen@clavis.example"])
    rows = page.locator("form.round li")
    asked = rows.count()
    for place in range(asked):
        rows.nth(place).get_by_label("groen").click()
    shown = rows.first.locator("textarea").is_visible()
    page.get_by_role("button", name="Bewaar alles").click()
    kept = page.get_by_role("status").inner_text()
    latest = page.get_by_role("region", name="1.2.3").inner_text()
    context.close()

    assert asked >= 2
    assert f"Bewaard: {asked} antwoorden" in kept
    assert (shown, "groen" in latest) == (False, True)
    assert complaints == []
