"""What this distribution is called, and that nobody is told to fetch the stranger's that bears its old name."""

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from cycle.errors import CycleError, Refused
from cycle.resources import HOW_TO_INSTALL, shipped
from tests.conftest import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PLACES = ("cycle", "templates", "examples", "docs", "tests", "benchmarks", ".ci")
STRANGERS = (
    r"\bcycle\[[\w,-]+\]['\"`.) ]",  # an optional part under the name of before
    r"\b(?:pipx?|uv|uvx|poetry|pip3)\s+(?:pip\s+)?(?:install|add|run|download|-U)\b[^\n|;&]*?[\s'\"`]cycle(?![\w./:-])",
    r"(?:distribution|version|metadata|requires|files)\(\s*['\"]cycle['\"]\s*\)",  # a look-up by the name of before
)


def words_of_ours() -> Iterator[tuple[Path, int, str]]:
    """Each line of the sources, tests and documents; not of this file, which must name what it forbids."""
    trees = [file for place in PLACES for file in (ROOT / place).rglob("*") if file.is_file()]
    for file in sorted([*trees, *(file for file in ROOT.iterdir() if file.is_file())]):
        if file == Path(__file__) or "__pycache__" in file.parts or not is_text(file):
            continue
        for number, line in enumerate(file.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            yield file.relative_to(ROOT), number, line


def is_text(file: Path) -> bool:
    """Whether somebody reads the file; the lists of pinned packages are looked at by themselves below."""
    return file.suffix not in (".png", ".pdf", ".docx", ".xlsx", ".gz", ".db") and "requirements" not in file.name


def test_nobody_is_told_to_install_a_package_with_the_name_of_a_stranger() -> None:
    told = [
        f"{file}:{number}: {line.strip()}"
        for file, number, line in words_of_ours()
        if any(re.search(pattern, line) for pattern in STRANGERS)
    ]
    assert told == []


@pytest.mark.parametrize(
    "words",
    [
        "pip install cycle",
        "pip install 'cycle[oidc]'",
        "Installeer cycle[documents].",
        "uv pip install -U cycle",
        "pipx install cycle",
        "version('cycle')",
        "pip install cycle==0.1.0",
    ],
)
def test_the_words_that_are_looked_for_would_be_seen(words: str) -> None:
    assert any(re.search(pattern, words) for pattern in STRANGERS)


def test_the_distribution_has_a_name_of_its_own_and_the_command_keeps_its_name() -> None:
    assert PROJECT["name"] == "prestatiecyclus"
    assert PROJECT["scripts"] == {"cycle": "cycle.__main__:main"}


def test_the_pinned_packages_hold_every_optional_part_by_hash_and_no_package_of_ours() -> None:
    pinned = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    names = re.findall(r"^([\w.-]+)(?:\[\w+\])?==[^\n]+\\\n\s+--hash=", pinned, re.MULTILINE)
    optional = [one for part, wanted in PROJECT["optional-dependencies"].items() if part != "dev" for one in wanted]
    asked = re.findall(r"^[\w.-]+", "\n".join([*PROJECT["dependencies"], *optional]), re.MULTILINE)
    assert {name.lower() for name in asked} - {name.lower() for name in names} == set()
    for file in ROOT.glob("requirements*.txt"):
        assert re.findall(r"^(?:cycle|prestatiecyclus)\b.*", file.read_text(encoding="utf-8"), re.MULTILINE) == []


def test_the_hint_names_a_file_that_is_there() -> None:
    assert HOW_TO_INSTALL.endswith("pip install --require-hashes -r requirements.txt")
    assert shipped("requirements.txt").is_file()


def test_every_part_that_misses_its_package_gives_that_hint(monkeypatch: pytest.MonkeyPatch) -> None:
    from cycle.letter.word_letter import NOT_HERE
    from cycle.sheets import workbook
    from cycle.store.database import Database

    monkeypatch.setitem(sys.modules, "openpyxl", None)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(Refused) as no_workbook:
        workbook([])
    with pytest.raises(CycleError) as no_postgres:
        Database("postgresql://iemand@localhost/x")
    hints = [NOT_HERE[1], no_workbook.value.hint, no_postgres.value.hint]
    assert hints == [f"{HOW_TO_INSTALL}; of kies PDF.", f"{HOW_TO_INSTALL}; of kies CSV.", f"{HOW_TO_INSTALL}."]
