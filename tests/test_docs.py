"""Words that agree with the code: every setting, command and make target is where a reader looks for it."""

import re
import tomllib

import pytest
import typer
from typer.core import TyperGroup

from cycle.cli.commands import app
from cycle.intake.covenant_words import KEYS, KINDS, ROLES
from cycle.settings import Settings, load_settings, read_toml
from cycle.settings.year_sections import RungSettings, StepSettings
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
CONFIG = (ROOT / "config.toml").read_text(encoding="utf-8")
SECTIONS = ("web", "database", "signin", "mail", "watch", "calendar", "reading", "progress", "letter", "ladders")


def keys_of(section: str) -> set[str]:
    return set(Settings.model_fields[section].annotation.model_fields)  # type: ignore[union-attr]


@pytest.mark.parametrize("section", SECTIONS)
def test_config_toml_is_complete(section: str) -> None:
    assert set(tomllib.loads(CONFIG)[section]) == keys_of(section)


@pytest.mark.parametrize("section", SECTIONS)
def test_operations_names_every_setting_and_no_other(section: str) -> None:
    [row] = re.findall(rf"^\| `{section}` \| (.+) \|$", OPERATIONS, re.MULTILINE)
    named = set(re.findall(r"`(\w+)`", row))
    rungs = set(RungSettings.model_fields) if section == "ladders" else set()
    assert named == keys_of(section) | rungs


def test_operations_names_every_key_of_a_step() -> None:
    [row] = re.findall(r"^\| `steps` \| (.+) \|$", OPERATIONS, re.MULTILINE)
    assert set(re.findall(r"`(\w+)`", row)) == set(StepSettings.model_fields)


def test_operations_names_every_word_of_a_covenant_folder_and_no_other() -> None:
    [section] = re.findall(r"^## The covenant folder$(.+?)^## ", OPERATIONS, re.MULTILINE | re.DOTALL)
    keys = re.findall(r"^\| [a-z(), ]+ \| `(\w+)` \| `(\w+)` \| ", section, re.MULTILINE)
    words = [(name, dutch) for name, dutch in re.findall(r"^\| `(\w+)` \| ([`\w, ]+) \|", section, re.MULTILINE)]
    known = {str(name): written for table in (KINDS, ROLES) for name, written in table.items()}

    assert {name: (dutch,) for name, dutch in keys} == KEYS
    assert {name: tuple(re.findall(r"`(\w+)`", dutch)) for name, dutch in words} == known


def test_the_default_year_names_no_agreement_and_each_step_of_the_example_its_own_or_none() -> None:
    example, _text = read_toml(ROOT / "examples" / "terneuzen" / "covenant.toml")
    steps = load_settings(ROOT / "config.toml", {}).steps

    assert [name for name, step in steps.items() if step.source] == []
    assert [name for name in steps if "source" not in example["steps"].get(name, {})] == ["themabijeenkomst"]


def test_readme_names_every_command_and_no_other() -> None:
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    [paragraph] = re.findall(r"## Commands\n\n(.+?)\. Listings", README, re.DOTALL)
    assert set(re.findall(r"`(\w+)`", paragraph)) == {
        name for name, command in group.commands.items() if not command.hidden
    }


def test_every_make_target_explains_itself() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    [phony] = re.findall(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    assert set(re.findall(r"^(\w+):.*## \w", makefile, re.MULTILINE)) == set(phony.split())


@pytest.mark.parametrize(
    "name",
    [
        "README.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "docs/operations.md",
        "docs/handleiding.md",
        "docs/architecture.md",
        "docs/upgrading.md",
        "docs/sizes.md",
    ],
)
def test_links_and_paths_in_prose_exist(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    links = [(ROOT / name).parent / link for link in re.findall(r"\]\(([^)#]+)\)", text)]
    paths = [ROOT / path for path in re.findall(r"`((?:cycle|tests|templates|examples|docs)/[\w./-]+)`", text)]
    assert [path for path in [*links, *paths] if not path.exists()] == []


def test_every_version_has_its_notes_for_who_upgrades() -> None:
    changes, notes = ((ROOT / name).read_text(encoding="utf-8") for name in ("CHANGELOG.md", "docs/upgrading.md"))
    versions = re.findall(r"^## (\d\S*)", changes, re.MULTILINE)
    assert re.findall(r"^## (\d\S*)", notes, re.MULTILINE) == versions


def test_no_requirement_names_a_registry() -> None:
    for file in ROOT.glob("requirements*.txt"):
        assert re.findall(r"https?://|--index|--find-links|file:", file.read_text(encoding="utf-8")) == []


def test_every_rule_that_is_cited_is_in_the_book_of_rules_and_each_of_those_is_held() -> None:
    rules = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    known = re.findall(r"^\| ([ABC]\d+) \| (.+) \|$", rules, re.MULTILINE)
    sources = [file for folder in ("cycle", "tests") for file in (ROOT / folder).rglob("*.py")]
    texts = [file.read_text(encoding="utf-8") for file in sources if file.name != "test_docs.py"]
    cited = {rule for text in texts for rule in re.findall(r"\brules? ([ABC]\d+)\b", text)}
    tested = {rule.upper() for text in texts for rule in re.findall(r"def test_([abc]\d+)_", text)}
    held_elsewhere = {rule for rule, words in known if re.search(r"`(tests|benchmarks)/", words)}

    assert cited | tested <= {rule for rule, _ in known}
    assert {rule for rule, _ in known} <= tested | held_elsewhere
