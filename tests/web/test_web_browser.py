"""The pages in a real browser, from a real server: accessible, own requests only, reached by keyboard."""

import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from datetime import time as hour
from pathlib import Path

import pytest
import uvicorn

from cycle.actions.deadlines.deciding import closing
from cycle.actions.deadlines.meeting import planned_meetings
from cycle.actions.deadlines.upkeep.year_upkeep import keep_year
from cycle.domain.model import State
from cycle.web.app import create_app
from tests.looking import CHROMIUM, EVERY_LOOK, LAUNCH, SIZES, faults, findings

from .conftest import beat, find, make_office

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

MAY = datetime(2027, 5, 10, 9, 0, tzinfo=UTC)
PAGES = ["/", "/?jaar=2028", "/c/terneuzen", "/nergens"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Debian's chromium is not installed"),
]


@pytest.fixture(scope="module")
def address(example_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with a year in which every state occurs."""
    file = tmp_path_factory.mktemp("browser") / "cycle.db"
    file.write_bytes(example_file.read_bytes())
    office = make_office(file)
    keep_year(office, MAY)
    first = MAY.date().replace(month=1, day=1)
    closing.settle(office, find(office, "Uitnodigingsbrief"), State.DONE, MAY)
    closing.settle(office, find(office, "Wijkschouw", first), State.DROPPED, MAY)
    closing.settle(office, find(office, "Vrije toewijzingsruimte", first), State.DONE, MAY, party="clavis")
    planned_meetings.set_meeting(
        office, find(office, "Najaarsoverleg"), first.replace(month=10, day=14), MAY, start=hour(14), place="stadhuis"
    )
    beat(office, MAY)
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(create_app(office, lambda: MAY), access_log=False, log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join()
    office.database.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=str(CHROMIUM), args=LAUNCH)
        yield chromium
        chromium.close()


def open_page(browser, size: str = "wide"):
    width, height, zoom = SIZES[size]
    context = browser.new_context(
        color_scheme="light", viewport={"width": width, "height": height}, device_scale_factor=zoom, bypass_csp=True
    )
    return context.new_page()


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_and_no_page_scrolls_sideways(browser, address, path):
    page = open_page(browser)
    page.goto(address + path)

    wrong = faults(page)
    page.context.close()

    assert wrong == {}


def test_a_walk_over_the_pages_asks_only_our_own_host(browser, address):
    page = browser.new_page()
    asked, complaints = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    for path in PAGES[:3]:
        page.goto(address + path)
    page.close()

    assert [url for url in asked if not url.startswith(address + "/")] == []
    assert complaints == []
    assert any("/static/cycle.css?v=" in url for url in asked)


def test_the_keyboard_reaches_everything(browser, address):
    page = browser.new_page()
    page.goto(address + "/?jaar=2028")
    reached = []
    for _ in range(page.locator("a").count()):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.textContent.trim()"))
        width = page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)")
        assert width >= 2, reached
    page.keyboard.press("Tab")
    page.close()

    assert reached[:3] == ["Naar de inhoud", "Termijnen prestatieafspraken", "Aanmelden"]
    assert reached[3:] == ["← 2027", "Naar dit jaar", "2029 →"]


def test_the_skip_link_leads_to_the_content(browser, address):
    page = browser.new_page()
    page.goto(address + "/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    focused = page.evaluate("document.activeElement.id")
    page.close()

    assert focused == "inhoud"


def test_a_page_has_one_heading_landmarks_and_a_language(browser, address):
    page = browser.new_page()
    for path in PAGES:
        page.goto(address + path)
        counts = [page.locator(tag).count() for tag in ("h1", "header", "main", "footer", "html[lang=nl]")]
        assert counts == [1, 1, 1, 1, 1], path
    page.close()


def test_a_stacked_table_is_still_a_table_to_a_screen_reader(browser, address):
    page = open_page(browser, "320 px")
    page.goto(address + "/")
    table = page.get_by_role("table", name="De stappen van het jaar")
    cells = table.get_by_role("row").filter(has_text="Uitnodigingsbrief").get_by_role("cell").all_inner_texts()
    headers = table.get_by_role("columnheader").count()
    page.context.close()

    assert [" ".join(cell.split()) for cell in cells] == [
        "vóór 1 april (uiterlijk woensdag 31 maart 2027)",
        "Uitnodigingsbrief afspraak 5.9",
        "Clavis en Woongoed Zeeuws-Vlaanderen",
        "gedaan",
    ]
    assert headers == 4


def test_what_is_wrong_in_one_look_alone_is_seen_in_that_look(browser):
    page = browser.new_page()
    dark = "@media (prefers-color-scheme: dark) { p { color: #777; background: #666 } }"
    wide = "@media (min-width: 1000px) { p { width: 1300px } }"
    page.set_content(
        f"<!doctype html><html lang=nl><title>x</title><style>{dark}{wide}</style><main><h1>x</h1><p>woorden"
    )

    wrong = {name: ([rule for rule, _where in found], many) for name, (found, many) in faults(page).items()}
    page.close()

    assert {name for name, (rules, _many) in wrong.items() if rules == ["color-contrast"]} == {
        name for name in EVERY_LOOK if name.endswith("dark")
    }
    assert {name for name, (_rules, many) in wrong.items() if many} == {"wide, light", "wide, dark"}


def test_among_many_that_are_painted_alike_a_pale_one_is_found(browser):
    rows = "".join(
        f"<tr><td>rij {number}</td><td class='{'mat' if number == 70 else ''}'>een woord</td>" for number in range(99)
    )
    dim = "<div style='opacity: 0.3'><p>weinig</p></div><p>veel</p>"
    page = open_page(browser)
    page.set_content(
        f"<html lang=nl><title>x</title><style>.mat {{color: #bbb}}</style><main><table>{rows}</table>{dim}"
    )

    found = dict(findings(page))

    assert found["color-contrast"] == ['<td class="mat">een woord</td>', "<p>weinig</p>"]
    page.context.close()
