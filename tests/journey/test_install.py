"""The wheel carries templates, settings and example: it runs far from the checkout; one list installs it by hash."""

import json
import os
import re
import subprocess
import sys
import venv
from collections.abc import Callable
from pathlib import Path

import pytest

from cycle import __version__
from tests.conftest import ROOT
from tests.intake.test_document_formats import as_docx, as_pdf, as_xlsx

INSIDE = {"templates": "_data/templates", "examples": "_data/examples", "config.toml": "_data/config.toml", "cycle": ""}
"""What the product is in a checkout, and where that lies in the installed package."""


PIP = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `make dist` lays out, with the environment that runs these tests."""
    folder = tmp_path_factory.mktemp("dist") / "dist"
    make = ["make", "-o", ".venv/ready", "dist", f"DIST={folder}", f"BIN={Path(sys.executable).parent}"]
    subprocess.run(make, cwd=ROOT, check=True, capture_output=True, timeout=120)
    return folder


@pytest.fixture(scope="module")
def installed(dist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel unpacked in it, without the checkout."""
    site = tmp_path_factory.mktemp("wheel") / "site"
    [wheel] = dist.glob("prestatiecyclus-*.whl")
    target = [*PIP, "install", "--no-deps", "--no-index", "--target", str(site), str(wheel)]
    subprocess.run(target, check=True, capture_output=True, timeout=120)
    return site


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


def test_the_wheel_has_every_file_of_the_product_and_no_other(installed: Path) -> None:
    ours = {
        Path(INSIDE[name], file.relative_to(ROOT / name))
        for name in INSIDE
        for file in [ROOT / name, *(ROOT / name).rglob("*")]
        if file.is_file() and "__pycache__" not in file.parts
    }
    theirs = {file.relative_to(installed / "cycle") for file in (installed / "cycle").rglob("*") if file.is_file()}
    assert {file for file in theirs if "__pycache__" not in file.parts} == ours
    assert Path("py.typed") in ours


@pytest.mark.slow
def test_an_installed_cycle_reads_the_formats_of_documents(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(as_docx())
    (tmp_path / "a.xlsx").write_bytes(as_xlsx())
    (tmp_path / "a.pdf").write_bytes(as_pdf(tagged=True, stroke="1pt"))
    cycle(installed, tmp_path, "migrate")
    cycle(installed, tmp_path, "import", str(installed / "cycle" / "_data" / "examples" / "terneuzen"))
    read = json.loads(cycle(installed, tmp_path, "import", "a.docx", "a.xlsx", "a.pdf", "--check", "--json"))
    assert [(one["file"], bool(one["agreements"])) for one in read["documents"]] == [
        ("a.docx", True),
        ("a.xlsx", True),
        ("a.pdf", True),
    ]


def test_an_installed_cycle_tells_its_version(installed: Path, tmp_path: Path) -> None:
    assert cycle(installed, tmp_path, "--version") == f"cycle {__version__}\n"


@pytest.fixture(scope="module")
def server(dist: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], "subprocess.CompletedProcess[str]"]:
    """Installs from a list as a server does, into an environment of its own that finds the other packages here."""
    environment = tmp_path_factory.mktemp("server")
    venv.create(environment, symlinks=True)
    [site] = environment.glob("lib/python*/site-packages")
    (site / "here.pth").write_text(f"{next(path for path in sys.path if path.endswith('site-packages'))}\n")

    def install(pins: str) -> "subprocess.CompletedProcess[str]":
        (dist / "of-ours.txt").write_text(pins, encoding="utf-8")
        python = [*PIP, "--python", str(environment), "install", "--no-index", "--no-deps", "--force-reinstall"]
        words = [*python, "--require-hashes", "-r", "of-ours.txt"]
        done = subprocess.run(words, cwd=dist, capture_output=True, text=True, timeout=120)
        if done.returncode:
            return done
        return subprocess.run([environment / "bin" / "cycle", "--version"], cwd=dist, capture_output=True, text=True)

    return install


def test_one_list_of_hashes_installs_the_wheel_with_what_it_needs(
    dist: Path, server: Callable[[str], "subprocess.CompletedProcess[str]"]
) -> None:
    """`pip install --require-hashes -r requirements.txt` in that folder; what comes from an index is left out here."""
    whole = (dist / "requirements.txt").read_text(encoding="utf-8")
    pinned, ours = whole[: whole.index("./")], whole[whole.index("./") :]

    assert pinned == (ROOT / "requirements.txt").read_text(encoding="utf-8")
    assert re.fullmatch(r"\./prestatiecyclus-[\w.]+-py3-none-any\.whl \\\n    --hash=sha256:[0-9a-f]{64}\n", ours)
    assert server(ours).stdout == f"cycle {__version__}\n"


def test_a_wheel_that_was_changed_on_the_way_is_refused(
    dist: Path, server: Callable[[str], "subprocess.CompletedProcess[str]"]
) -> None:
    ours = re.findall(r"^\./.*\n.*\n", (dist / "requirements.txt").read_text(encoding="utf-8"), re.MULTILINE)[-1]
    refused = server(ours[:-65] + "0" * 64 + "\n")
    assert (refused.returncode, "DO NOT MATCH THE HASHES" in refused.stderr) == (1, True)


def test_what_a_server_gets_has_the_samples_for_it(dist: Path) -> None:
    laid = {str(file.relative_to(dist / "deploy")) for file in (dist / "deploy").rglob("*") if file.is_file()}
    assert laid == {str(file.relative_to(ROOT / "deploy")) for file in (ROOT / "deploy").rglob("*") if file.is_file()}
