"""The page of somebody's own rhythm in a browser: accessible, on a phone, in the dark, and without a script."""

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn

from cycle.actions.rhythm import rhythm_page_url
from cycle.web.app import create_app

from .conftest import NOW, make_office
from .test_web_browser import CHROMIUM, SIZES, axe, browser, open_page

__all__ = ["browser"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Debian's chromium is not installed"),
]


@pytest.fixture(scope="module")
def address(example_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
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
    yield rhythm_page_url(office, "secretariaat@terneuzen.example", NOW)
    server.should_exit = True
    thread.join()
    office.database.close()


def test_without_a_script_one_chooses_and_notes_days_away(browser, address):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
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


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_nothing_and_a_phone_needs_no_sideways_scrolling(browser, address, size, scheme):
    page = open_page(browser, size, scheme)
    page.goto(address)
    found = axe.Axe().run(page)
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    page.context.close()
    assert [(one["id"], one["nodes"]) for one in found.response["violations"]] == []
    assert width == 0
