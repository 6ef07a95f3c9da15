"""What one covenant does differently: its own steps, ladders, reading conventions and send hour."""

from datetime import time
from pathlib import Path

import pytest

from cycle.domain.ladders import RungRule
from cycle.domain.model import LadderKind
from cycle.errors import Fault, SettingsError
from cycle.settings import Settings, load_settings, own_settings, with_overrides
from cycle.settings.overrides import MOST_KEPT


@pytest.fixture(scope="module")
def shipped() -> Settings:
    return load_settings(Path(__file__).parents[2] / "config.toml", {})


def overridden(settings: Settings, **overrides: object) -> Settings:
    return with_overrides(settings, overrides, "covenant.toml")


def test_a_covenant_without_differences_has_the_settings_themselves(shipped: Settings) -> None:
    assert overridden(shipped) is shipped
    assert overridden(shipped, steps={}, ladders={}, reading={}, send_hour=None) is shipped


def test_what_a_covenant_keeps_is_worked_out_once_until_it_or_the_settings_change(
    shipped: Settings, tmp_path: Path
) -> None:
    at_nine, at_ten = {"send_hour": "9:00"}, {"send_hour": "10:00"}
    own, moved = own_settings(shipped, at_nine, "a"), shipped.in_folder(tmp_path)

    assert own_settings(shipped, dict(at_nine), "a") is own
    assert own.model_dump() == with_overrides(shipped, at_nine, "a").model_dump()
    assert own_settings(shipped, at_ten, "a").mail.send_hour == time(10)
    assert (own_settings(moved, at_nine, "a").folder, own.folder) == (tmp_path, shipped.folder)
    for hour in range(MOST_KEPT):
        own_settings(shipped, {"letter": {"joint": False}}, str(hour))
    assert len(shipped.of_covenants) <= MOST_KEPT


def test_a_step_that_gets_another_moment_loses_the_one_it_had(shipped: Settings) -> None:
    own = overridden(shipped, steps={"uitnodigingsbrief": {"by": "15 maart"}})

    old = shipped.steps["uitnodigingsbrief"]
    assert own.steps["uitnodigingsbrief"] == old.model_copy(update={"before": None, "by": (3, 15)})
    assert {name: step for name, step in own.steps.items() if name != "uitnodigingsbrief"} == {
        name: step for name, step in shipped.steps.items() if name != "uitnodigingsbrief"
    }


def test_a_relative_step_that_gets_a_day_is_no_longer_relative(shipped: Settings) -> None:
    own = overridden(shipped, steps={"werkgroep": {"window": ["1 maart", "15 maart"]}})

    step = own.steps["werkgroep"]
    assert (step.window, step.weeks_before, step.relative_to) == (((3, 1), (3, 15)), None, ())


def test_a_step_that_only_gets_other_leads_keeps_its_moment(shipped: Settings) -> None:
    own = overridden(shipped, steps={"voorjaarsoverleg": {"leads": ["clavis"]}})

    step = own.steps["voorjaarsoverleg"]
    assert (step.window, step.leads) == (((4, 1), (4, 30)), ("clavis",))


def test_a_covenant_may_add_a_step(shipped: Settings) -> None:
    own = overridden(
        shipped, steps={"ministerie": {"title": "Naar de minister", "kind": "letter", "before": "15 december"}}
    )

    assert (*own.steps,) == (*shipped.steps, "ministerie")
    assert own.steps["ministerie"].before == (12, 15)


def test_the_ladder_of_one_kind_changes_and_the_others_stay(shipped: Settings) -> None:
    own = overridden(shipped, ladders={"letter": [{"weeks": -2}, {"days": 0}]})

    assert own.kind_ladders == shipped.kind_ladders | {LadderKind.LETTER: (RungRule(-14), RungRule(0))}


def test_a_covenant_reads_a_word_its_own_way_and_sends_at_its_own_hour(shipped: Settings) -> None:
    own = overridden(shipped, reading={"voorjaar": ["april", "juni"]}, send_hour="09:30")

    assert own.reading == shipped.reading.model_copy(update={"voorjaar": (4, 6)})
    assert own.mail == shipped.mail.model_copy(update={"send_hour": time(9, 30)})


def test_an_override_keeps_the_folder_and_the_rest(shipped: Settings) -> None:
    own = overridden(shipped, send_hour="09:30")

    assert (own.folder, own.database_url, own.web) == (shipped.folder, shipped.database_url, shipped.web)


@pytest.mark.parametrize(
    ("steps", "place", "what"),
    [
        (
            {"uitnodigingsbrief": {"before": "31 februari"}},
            "steps.uitnodigingsbrief.before",
            "'31 februari' bestaat niet.",
        ),
        (
            {"uitnodigingsbrief": {"before": "1 april", "by": "31 maart"}},
            "steps.uitnodigingsbrief",
            "De stap heeft before en by.",
        ),
        (
            {"uitnodigingsbrief": {"befor": "1 april"}},
            "steps.uitnodigingsbrief.befor",
            "De sleutel 'befor' is onbekend.",
        ),
        ({"ministerie": {"by": "1 mei", "kind": "letter"}}, "steps.ministerie.title", "De sleutel 'title' ontbreekt."),
        ({"wijkschouw": {"via": "overleg"}}, "steps.wijkschouw", "De stap 'overleg' bestaat niet."),
    ],
)
def test_a_fault_in_an_override_names_the_covenants_file(shipped: Settings, steps: dict, place: str, what: str) -> None:
    with pytest.raises(SettingsError) as caught:
        overridden(shipped, steps=steps)

    assert (f"covenant.toml, {place}", what) in [(fault.place, fault.what) for fault in caught.value.faults]


def test_only_the_covenants_own_fault_is_named(shipped: Settings) -> None:
    with pytest.raises(SettingsError) as caught:
        overridden(shipped, steps={"wijkschouw": {"every": "week"}})

    assert caught.value.faults == (
        Fault(
            "covenant.toml, steps.wijkschouw.every",
            "De waarde van 'every' kan niet.",
            "Kies uit: 'year', 'half-year', 'quarter', 'month'.",
        ),
    )
