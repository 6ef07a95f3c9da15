"""The config.toml that comes with the program: it loads, and says what the design says."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from cycle.domain.ladders import RungRule, To, What
from cycle.domain.model import Conventions, LadderKind
from cycle.settings import Settings, find_settings_file, load_settings

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def shipped() -> Settings:
    return load_settings(ROOT / "config.toml", {})


@pytest.mark.parametrize("section", ["web", "database", "signin", "watch", "mail", "calendar", "reading"])
def test_what_the_file_says_is_what_holds_without_it(shipped: Settings, section: str) -> None:
    """One place for each default: the commented file and the code may not drift apart."""
    sections = {"mail": {"sender": shipped.mail.sender}, "reading": {"asked_at": shipped.reading.asked_at}}
    model = type(getattr(shipped, section))

    assert model(**sections.get(section, {})).model_dump() == getattr(shipped, section).model_dump()


def test_its_reading_conventions_are_the_designs(shipped: Settings) -> None:
    assert shipped.reading.conventions() == Conventions()


def test_its_ladders_are_the_designs(shipped: Settings) -> None:
    leads = [RungRule(number) for number in (-30, -14, -7, -1, 0, 7, 14)]

    assert shipped.kind_ladders == {
        LadderKind.MEETING: (
            RungRule(-84, To.LEADS, What.FIX_DATE),
            RungRule(-28, To.ALL, What.INPUT),
            RungRule(-14, To.LEADS, What.PAPERS),
            RungRule(1, To.LEADS, What.HELD),
        ),
        LadderKind.LETTER: (
            *(RungRule(number) for number in (-56, -28, -14, -7, 0, 7)),
            RungRule(10, To.SECRETARIAT, What.ESCALATE),
        ),
        LadderKind.DOCUMENT: (
            RungRule(-56),
            RungRule(-28),
            RungRule(-28, To.PARTICIPANTS, What.INPUT),
            RungRule(-14),
            RungRule(-7),
            RungRule(0),
            RungRule(7),
            RungRule(10, To.SECRETARIAT, What.ESCALATE),
        ),
        LadderKind.ACTION: (
            *leads,
            RungRule(21, To.SECRETARIAT, What.ESCALATE),
            RungRule(28, To.LEADS, What.ANNOUNCE),
            RungRule(35, To.DIRECTOR, What.DIRECTOR),
        ),
        LadderKind.YEARLY: (RungRule(-35, To.LEADS, What.ASK),),
    }


def test_its_steps_with_a_ladder_of_their_own_are_the_working_group_and_the_quarterly_meeting(
    shipped: Settings,
) -> None:
    assert shipped.step_ladders == {
        "werkgroep": (RungRule(-42, To.LEADS, What.FIX_DATE), RungRule(-7, To.LEADS, What.PAPERS)),
        "kwartaaloverleg": (),
    }


def test_its_steps_are_the_eleven_of_the_year_and_none_names_an_agreement_of_one_municipality(
    shipped: Settings,
) -> None:
    assert {name: step.source for name, step in shipped.steps.items()} == dict.fromkeys(
        (
            "uitnodigingsbrief",
            "voorjaarsoverleg",
            "uitvoeringsagenda",
            "najaarsoverleg",
            "werkgroep",
            "kwartaaloverleg",
            "bouwtafel",
            "zorgtafel",
            "wijkschouw",
            "themabijeenkomst",
            "looptijd",
        ),
        (),
    )


def test_relative_paths_count_from_the_folder_of_the_file(shipped: Settings) -> None:
    assert shipped.path("var/mail") == ROOT / "var/mail"
    assert shipped.database_url == f"sqlite:///{ROOT}/var/cycle.db"
    assert shipped.zone == ZoneInfo("Europe/Amsterdam")


def test_the_file_is_the_one_given_else_the_one_named_in_the_environment_else_the_one_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert find_settings_file().resolve() == ROOT / "config.toml"

    (tmp_path / "config.toml").touch()
    assert find_settings_file() == Path("config.toml")

    monkeypatch.setenv("CYCLE_CONFIG", "/etc/cycle.toml")
    assert find_settings_file() == Path("/etc/cycle.toml")
    assert find_settings_file(Path("given.toml")) == Path("given.toml")
