"""The wheel carries templates, settings and example: it runs far from the checkout."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel unpacked in it, without the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    build = [*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True, timeout=120)
    [wheel] = folder.glob("prestatiecyclus-*.whl")
    target = [*pip, "install", "--no-deps", "--no-index", "--target", str(folder / "site"), str(wheel)]
    subprocess.run(target, check=True, capture_output=True, timeout=120)
    return folder / "site"


def cycle(site: Path, folder: Path, *words: str) -> str:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("CYCLE_")}
    command = [sys.executable, "-m", "cycle", *words]
    done = subprocess.run(
        command,
        cwd=folder,
        env=clean | {"PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout


@pytest.mark.slow
def test_an_installed_cycle_makes_the_year_of_its_own_example(installed: Path, tmp_path: Path) -> None:
    where = cycle_file(installed, tmp_path)
    example = installed / "cycle" / "_data" / "examples" / "terneuzen"

    cycle(installed, tmp_path, "migrate")
    cycle(installed, tmp_path, "import", str(example))
    cycle(installed, tmp_path, "release")
    sent = cycle(installed, tmp_path, "send", "--on", "2027-02-03")
    cycle(installed, tmp_path, "letter", "2027", "preview")

    assert where.startswith(str(installed))
    assert sent == "3 mails gepland met 4 regels; 3 verstuurd.\n"
    assert len(json.loads(cycle(installed, tmp_path, "plan", "2027", "--json"))["items"]) == 20
    assert (tmp_path / "var" / "uitnodigingsbrief-2027.pdf").read_bytes().startswith(b"%PDF-")


def cycle_file(site: Path, folder: Path) -> str:
    """Where the package is imported from."""
    words = [sys.executable, "-c", "import cycle; print(cycle.__file__)"]
    return subprocess.check_output(words, cwd=folder, env=os.environ | {"PYTHONPATH": str(site)}, text=True)
