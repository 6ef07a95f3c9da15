"""The report of an import as a page, in a real browser: accessible, in the dark, narrow enough, nothing fetched."""

from pathlib import Path

import pytest

from cycle.actions.office.office import Office
from cycle.actions.register.import_page import write_report_page
from cycle.actions.register.importing import import_files
from tests.actions.mailbox import at
from tests.conftest import EXAMPLE

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")

CHROMIUM = Path("/usr/bin/chromium")
DOUBTFUL = "nr;onderwerp;afspraak;trekker;datum\n9.1;Proef;Wij maken een plan.;Gemeent;voor 2028 of 2029\n"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Debian's chromium is not installed"),
]


@pytest.mark.parametrize("width", [320, 1200])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_report_and_it_fits(quick_example: Office, tmp_path: Path, scheme, width) -> None:
    strange = tmp_path / "proef.csv"
    strange.write_text(DOUBTFUL, encoding="utf-8")
    files = [EXAMPLE / "agreements.csv", strange]
    report = import_files(quick_example, files, "terneuzen", at("2027-02-03"), check=True)
    write_report_page(quick_example.settings, report, "Er is niets bewaard.", tmp_path / "verslag.html")

    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        page = chromium.new_page(color_scheme=scheme, viewport={"width": width, "height": 800})
        requests: list[str] = []
        page.on("request", lambda request: requests.append(request.url))
        page.goto((tmp_path / "verslag.html").as_uri())
        found = axe.Axe().run(page)
        sideways = page.evaluate("document.documentElement.scrollWidth") - width
        headings = page.locator("h1").count()
        chromium.close()

    assert [one["id"] for one in found.response["violations"]] == []
    assert (sideways, headings, len(requests)) == (0, 1, 1)
