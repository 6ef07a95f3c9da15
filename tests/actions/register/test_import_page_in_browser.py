"""The report of an import as a page, in a real browser: accessible, in the dark, narrow enough, nothing fetched."""

from pathlib import Path

import pytest

from cycle.actions.office.office import Office
from cycle.actions.register.reading_in.import_page import write_report_page
from cycle.actions.register.reading_in.importing import import_files
from tests.actions.mailbox import at
from tests.conftest import EXAMPLE
from tests.looking import CHROMIUM, Look, faults

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

DOUBTFUL = "nr;onderwerp;afspraak;trekker;datum\n9.1;Proef;Wij maken een plan.;Gemeent;voor 2028 of 2029\n"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Debian's chromium is not installed"),
]


LOOKS: dict[str, Look] = {
    f"{scheme}, {width}": (scheme, width, 800, 1) for scheme in ("light", "dark") for width in (320, 1200)
}


def test_axe_finds_nothing_on_the_report_and_it_fits(quick_example: Office, tmp_path: Path) -> None:
    strange = tmp_path / "proef.csv"
    strange.write_text(DOUBTFUL, encoding="utf-8")
    files = [EXAMPLE / "agreements.csv", strange]
    report = import_files(quick_example, files, "terneuzen", at("2027-02-03"), check=True)
    write_report_page(quick_example.settings, report, "Er is niets bewaard.", tmp_path / "verslag.html")

    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        page = chromium.new_page()
        requests: list[str] = []
        page.on("request", lambda request: requests.append(request.url))
        page.goto((tmp_path / "verslag.html").as_uri())
        wrong = faults(page, LOOKS)
        headings = page.locator("h1").count()
        chromium.close()

    assert (wrong, headings, len(requests)) == ({}, 1, 1)
