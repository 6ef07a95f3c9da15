"""A quick run says what it left out, and the files that start first are there."""

import subprocess
import sys

from tests.choosing import HEAVIEST_FIRST
from tests.conftest import ROOT


def test_a_quick_run_leaves_out_the_browser_and_the_second_engine_and_says_how_many() -> None:
    files = ["tests/store/test_ids.py", "tests/mail/test_mail_in_browser.py"]
    words = [sys.executable, "-m", "pytest", "--quick", "--collect-only", "-p", "no:cacheprovider", "-n", "0", *files]
    told = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True).stdout
    listed = [line for line in told.splitlines() if "::" in line]

    assert [line for line in listed if "postgresql" in line or "in_browser" in line] == []
    assert any("sqlite" in line for line in listed)
    assert "in a browser" in told.splitlines()[-2] + told.splitlines()[-1]


def test_the_files_that_start_first_are_there() -> None:
    assert [name for name in HEAVIEST_FIRST if not (ROOT / name).is_file()] == []
