"""Every page of the desk in every look, in a real browser: accessible, and never wider than its window."""

from collections.abc import Iterator

import pytest

from tests.looking import faults

from .test_desk_browser import LOOKS, PAGES, browser, open_page, place, pytestmark

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
