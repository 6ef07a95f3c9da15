"""What this distribution is called, and that nobody is told to fetch the stranger's that bears its old name."""

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions, requires
from pathlib import Path

import pytest
from packaging.markers import Environment, default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from cycle import __version__
from cycle.errors import CycleError, Refused
from cycle.resources import HOW_TO_INSTALL, shipped
from tests.conftest import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PLACES = ("cycle", "templates", "examples", "docs", "deploy", "tests", "benchmarks", ".ci")
PARTS = {name: part for name, part in PROJECT["optional-dependencies"].items() if name not in ("build", "dev")}
"""The optional parts of the program itself."""
DOCUMENTS = {"docx", "docxtpl", "openpyxl", "pdfplumber", "python_calamine", "typst"}
SUPPORTED = ("3.11", "3.12", "3.13")
COMPILE = """
import pathlib, sys
for file in pathlib.Path("cycle").rglob("*.py"):
    compile(file.read_bytes(), str(file), "exec", dont_inherit=True)
"""
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


def test_the_version_stands_in_one_place_and_the_changelog_has_its_heading() -> None:
    from hatchling.metadata.core import ProjectMetadata
    from hatchling.plugin.manager import PluginManager

    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert ProjectMetadata(str(ROOT), PluginManager()).version == __version__
    assert re.findall(r"^## (\S+)", changes, re.MULTILINE)[0] == __version__


def test_what_the_program_imports_comes_along_when_it_is_installed() -> None:
    """Nothing is there only because something else wants it."""
    assert (
        not_brought(imported(), [*PROJECT["dependencies"], *(line for part in PARTS.values() for line in part)]) == {}
    )


def test_reading_and_writing_documents_is_no_optional_part() -> None:
    asked_for = {name: file for name, file in imported().items() if name in DOCUMENTS}
    assert set(asked_for) == DOCUMENTS
    assert not_brought(asked_for, PROJECT["dependencies"]) == {}


def not_brought(wanted: dict[str, str], asked: list[str]) -> dict[str, str]:
    """Which of these packages no requirement brings along, and a file that wants each."""
    ours, homes = brought_along(asked), packages_distributions()
    return {name: file for name, file in wanted.items() if not {canonicalize_name(one) for one in homes[name]} & ours}


def imported() -> dict[str, str]:
    """Each package of others that the program imports, anywhere in a file, and one file that does."""
    ours = {*sys.stdlib_module_names, "cycle"}
    return {
        name: str(file.relative_to(ROOT))
        for file in (ROOT / "cycle").rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        for name in names_in(node)
        if name not in ours
    }


def names_in(node: ast.AST) -> list[str]:
    """The packages that an import names."""
    if isinstance(node, ast.Import):
        return [alias.name.partition(".")[0] for alias in node.names]
    return [node.module.partition(".")[0]] if isinstance(node, ast.ImportFrom) and node.module else []


def brought_along(asked: list[str]) -> set[str]:
    """The distributions that these requirements bring, with what those require in turn."""
    brought: set[str] = set()
    waiting = [Requirement(line) for line in asked]
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        if name not in brought:
            brought.add(name)
            waiting += [
                inner for line in requires(name) or () if counts(inner := Requirement(line), requirement.extras)
            ]
    return brought


def counts(requirement: Requirement, extras: set[str]) -> bool:
    """Whether it is asked for here, with these optional parts of the one that asks."""
    here: Environment = default_environment()
    return requirement.marker is None or any(
        requirement.marker.evaluate({**here, "extra": extra}) for extra in ("", *extras)
    )


def test_what_is_pinned_is_what_the_project_asks_for() -> None:
    """One source of truth: `make requirements` writes the pins from pyproject.toml, and nobody by hand."""
    lists = {file.name: pins_of(file) for file in ROOT.glob("requirements*.txt")}
    optional = PROJECT["optional-dependencies"]
    server = [Requirement(line) for part in (*PARTS, "build") for line in optional[part]]
    asked = {"requirements.txt": server, "requirements-dev.txt": [*server, *map(Requirement, optional["dev"])]}
    outside = [
        (file, str(requirement), lists[file].get(canonicalize_name(requirement.name)))
        for file, requirements in asked.items()
        for requirement in [*requirements, *map(Requirement, PROJECT["dependencies"])]
        if lists[file].get(canonicalize_name(requirement.name), "") not in requirement.specifier
    ]
    assert outside == []
    assert lists["requirements.txt"].items() <= lists["requirements-dev.txt"].items()


def pins_of(file: Path) -> dict[str, str]:
    """The version of each package in a list of pins."""
    pins = re.findall(r"^([\w.-]+)(?:\[[\w,]+\])?==([^\s;\\]+)", file.read_text(encoding="utf-8"), re.MULTILINE)
    return {canonicalize_name(name): version for name, version in pins}


def test_the_classifiers_name_the_versions_of_python_that_are_supported() -> None:
    named = [line.rpartition(" ")[2] for line in PROJECT["classifiers"] if re.search(r":: 3\.\d+$", line)]
    assert (named, PROJECT["requires-python"]) == ([*SUPPORTED], f">={SUPPORTED[0]}")


@pytest.mark.parametrize("version", SUPPORTED)
def test_every_supported_python_reads_the_sources_without_a_warning(version: str) -> None:
    python = shutil.which(f"python{version}")
    named = os.environ | {"PYENV_VERSION": version}  # where pyenv keeps several side by side
    if python is None or subprocess.run([python, "--version"], env=named, capture_output=True).returncode:
        pytest.skip(f"Python {version} is not on this machine")
    read = subprocess.run([python, "-I", "-W", "error", "-c", COMPILE], cwd=ROOT, env=named, capture_output=True)
    assert (read.returncode, read.stderr.decode()) == (0, "")
