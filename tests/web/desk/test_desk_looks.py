"""Every page of the desk in every look, in a real browser: accessible, and never wider than its window."""

from collections.abc import Iterator

import pytest

from tests.conftest import EXAMPLE
from tests.intake.founding.test_table_drafts import NUMBERED
from tests.looking import faults

from .test_desk_browser import LOOKS, PAGES, browser, open_page, place, pytestmark
from .test_desk_term import NEXT

__all__ = ["browser", "place", "pytestmark"]


@pytest.fixture(scope="module")
def page(browser, place) -> Iterator[object]:
    """The page of the secretary, who goes from one to the next as people do."""
    opened = open_page(browser, place)
    yield opened
    opened.context.close()


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_and_no_page_scrolls_sideways(page, place, path):
    page.goto(place.url + path)

    assert faults(page, LOOKS) == {}


def test_the_next_framework_is_laid_beside_in_every_look(page, place):
    page.goto(place.url + "/c/terneuzen/inlezen")
    document = {"name": "kader.md", "mimeType": "text/plain", "buffer": NEXT.encode()}
    page.get_by_label("Een of meer bestanden").set_input_files(document)
    page.get_by_role("button", name="Lees en laat zien").press("Enter")
    assert faults(page, LOOKS) == {}
    page.get_by_role("link", name="Dit is het volgende kader").press("Enter")
    page.get_by_role("button", name="Bewaar het volgende kader").press("Enter")

    assert page.get_by_role("alert").is_visible()
    assert faults(page, LOOKS) == {}


def test_a_covenant_folder_is_laid_beside_the_table_in_every_look(page, place):
    folder = (EXAMPLE / "covenant.toml").read_text(encoding="utf-8").replace("0115 - 00 00 00", "0115 - 22 22 22")
    page.goto(place.url + "/c/terneuzen/inlezen")
    document = {"name": "covenant.toml", "mimeType": "text/plain", "buffer": folder.encode()}
    page.get_by_label("Een of meer bestanden").set_input_files(document)
    page.get_by_role("button", name="Lees en laat zien").press("Enter")

    assert page.get_by_role("checkbox", name="de map telt voor Telefoon").is_visible()
    assert faults(page, LOOKS) == {}
    page.get_by_role("button", name="Gooi de bestanden weg").press("Enter")


def test_the_draft_of_a_new_table_is_looked_over_and_begun_by_keyboard_and_mouse_in_every_look(page, place):
    page.goto(place.url + "/nieuw")
    document = {"name": "afspraken.md", "mimeType": "text/plain", "buffer": NUMBERED.encode()}
    page.get_by_label("Een of meer bestanden").set_input_files(document)
    page.get_by_role("button", name="Maak een ontwerp").press("Enter")
    page.get_by_label("Naam", exact=True).fill("Woonafspraken Bergen")

    assert faults(page, LOOKS) == {}
    page.get_by_role("button", name="Begin deze tafel").click()
    assert page.url == place.url + "/c/bergen-op-zoom/jaar"
    assert page.get_by_text("De tafel is begonnen").is_visible()
