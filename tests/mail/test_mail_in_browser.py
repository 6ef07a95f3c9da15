"""Every kind of mail in a real browser: accessible, readable in the dark, narrow enough (rule B9)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cycle.mail.samples import MORE_SAMPLES, SAMPLES
from cycle.mail.templates import Wording
from tests.looking import CHROMIUM, Look, faults

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

SHIPPED = Path(__file__).parents[2] / "templates" / "email"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Debian's chromium is not installed"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield chromium
        chromium.close()


SHAPES = [(kind, sample) for kind in SAMPLES for sample in (SAMPLES[kind], *MORE_SAMPLES.get(kind, ())[:3])]


ON_A_PHONE: dict[str, Look] = {scheme: (scheme, 320, 800, 1) for scheme in ("light", "dark")}


@pytest.mark.parametrize(("kind", "sample"), SHAPES, ids=[f"{kind}{n}" for n, (kind, _sample) in enumerate(SHAPES)])
def test_b9_axe_finds_nothing_and_a_phone_needs_no_sideways_scrolling(browser, kind, sample):
    html = Wording([SHIPPED]).render(kind, sample).html
    page = browser.new_page(viewport={"width": 320, "height": 800})
    requests = []
    page.on("request", lambda request: requests.append(request.url))
    page.set_content(html)
    wrong = faults(page, ON_A_PHONE)
    page.close()
    assert (wrong, requests) == ({}, [])
