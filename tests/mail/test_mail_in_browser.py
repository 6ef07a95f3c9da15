"""Every kind of mail in a real browser: accessible, readable in the dark, narrow enough (rule B9)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cycle.mail.samples import MORE_SAMPLES, SAMPLES
from cycle.mail.templates import Wording

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")

CHROMIUM = Path("/usr/bin/chromium")
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


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("kind", "sample"), SHAPES, ids=[f"{kind}{n}" for n, (kind, _sample) in enumerate(SHAPES)])
def test_b9_axe_finds_nothing_and_a_phone_needs_no_sideways_scrolling(browser, kind, sample, scheme):
    html = Wording([SHIPPED]).render(kind, sample).html
    page = browser.new_page(color_scheme=scheme, viewport={"width": 320, "height": 800})
    requests = []
    page.on("request", lambda request: requests.append(request.url))
    page.set_content(html)
    found = axe.Axe().run(page)
    width = page.evaluate("document.documentElement.scrollWidth")
    page.close()
    assert [(violation["id"], violation["nodes"]) for violation in found.response["violations"]] == []
    assert (width, requests) == (320, [])
