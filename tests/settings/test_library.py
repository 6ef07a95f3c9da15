"""The library of steps: what it holds, and the year that a covenant chooses from it."""

from datetime import date
from pathlib import Path

import pytest

from cycle.domain.model import Party, PartyKind
from cycle.domain.parties import all_slugs
from cycle.domain.year import year_drafts
from cycle.domain.year_steps import Step
from cycle.errors import Fault, SettingsError
from cycle.settings import Settings, load_settings, with_overrides
from cycle.settings.library import library

PARTIES = (
    Party("gemeente", "Gemeente", PartyKind.MUNICIPALITY),
    Party("wonen", "Wonen", PartyKind.CORPORATION),
    Party("huurders", "Huurders", PartyKind.TENANTS),
)


@pytest.fixture(scope="module")
def shipped() -> Settings:
    return load_settings(Path(__file__).parents[2] / "config.toml", {})


def chosen(settings: Settings, *year: str, **overrides: object) -> Settings:
    return with_overrides(settings, {"year": list(year), **overrides}, "covenant.toml")


def steps_of(settings: Settings) -> tuple[Step, ...]:
    def slugs(names: tuple[str, ...]) -> tuple[str, ...]:
        return all_slugs(names, PARTIES, ())[0]

    running = settings.running_steps
    return tuple(entry.step(name, slugs(entry.leads), slugs(entry.participants)) for name, entry in running.items())


def dues(settings: Settings, year: int) -> dict[str, date | None]:
    return {one.step: one.due for one in year_drafts(year, steps_of(settings), ())}


def test_each_set_names_steps_that_exist_each_step_stands_in_one_set_and_none_in_two_places(shipped: Settings) -> None:
    offered = [name for step_set in library().sets.values() for name in step_set.steps]

    assert sorted(offered) == sorted({*shipped.steps, *library().steps})
    assert not set(shipped.steps) & set(library().steps)


def test_each_step_of_the_library_says_where_it_comes_from_and_when_that_was_looked_up() -> None:
    assert [name for name, step in library().steps.items() if step.checked_on < date(2026, 1, 1) or step.source] == []


@pytest.mark.parametrize("name", library().sets)
def test_each_set_is_a_year_by_itself_with_one_neighbour_that_it_counts_from(shipped: Settings, name: str) -> None:
    more = ["najaarsoverleg"] if name == "cijfers" else []
    year = chosen(shipped, *library().sets[name].steps, *more)

    assert tuple(year.steps) == (*library().sets[name].steps, *more)
    assert set(dues(year, 2027)) == set(year.steps)
    unknown = [all_slugs((*step.leads, *step.participants), PARTIES, ())[1] for step in year.steps.values()]
    assert [names for names in unknown if names] == []


def test_the_year_of_the_bod_falls_as_the_law_says(shipped: Settings) -> None:
    assert dues(chosen(shipped, *library().sets["bod"].steps), 2027) == {
        "bod-rvc": date(2027, 6, 10),
        "bod": date(2027, 7, 1),
        "bod-overleg": date(2027, 10, 31),
        "afspraken-rvc": date(2027, 11, 23),
        "afspraken-vast": date(2027, 12, 14),
        "afspraken-verzonden": date(2027, 12, 14),
    }


def test_a_table_that_keeps_1_december_says_so_and_what_counts_back_from_it_follows(shipped: Settings) -> None:
    steps = {"afspraken-vast": {"before": "1 december"}}
    due = dues(chosen(shipped, *library().sets["bod"].steps, steps=steps), 2027)

    assert (due["afspraken-vast"], due["afspraken-rvc"]) == (date(2027, 11, 30), date(2027, 11, 9))


def test_a_law_that_holds_from_a_day_asks_nothing_before_it_and_nothing_after_its_end(shipped: Settings) -> None:
    year = chosen(shipped, "volkshuisvestingsprogramma")

    assert [dues(year, number) for number in (2026, 2027, 2028)] == [
        {},
        {"volkshuisvestingsprogramma": date(2027, 7, 1)},
        {},
    ]


def test_a_step_can_be_left_out_for_a_year_with_what_counts_back_from_it(shipped: Settings) -> None:
    steps = {"bod": {"skipped": [2028]}}
    year = chosen(shipped, "bod", "bod-rvc", "bod-overleg", steps=steps)

    assert [set(dues(year, number)) for number in (2027, 2028, 2029)] == [
        {"bod", "bod-rvc", "bod-overleg"},
        {"bod-overleg"},
        {"bod", "bod-rvc", "bod-overleg"},
    ]


def test_a_step_can_be_switched_off_for_good_with_what_only_counts_back_from_it(shipped: Settings) -> None:
    year = with_overrides(shipped, {"steps": {"voorjaarsoverleg": {"off": True}}}, "covenant.toml")

    assert set(shipped.steps) - set(dues(year, 2027)) == {"voorjaarsoverleg"}
    assert [one.due for one in year_drafts(2027, steps_of(year), ()) if one.step == "werkgroep"] == [date(2027, 9, 3)]
    assert year.progress.meetings == ("najaarsoverleg",)
    assert year.running_steps["wijkschouw"].via == ""


def test_without_the_meetings_of_the_default_year_progress_is_asked_at_those_that_there_are(shipped: Settings) -> None:
    year = chosen(shipped, "bod", "bod-overleg")

    assert (year.progress.meetings, year.reading.asked_at) == (("bod-overleg",), "bod-overleg")


def test_a_step_that_nobody_knows_is_named_with_the_one_that_was_meant(shipped: Settings) -> None:
    with pytest.raises(SettingsError) as refused:
        chosen(shipped, "bod", "huuradvis")

    assert refused.value.faults == (
        Fault("covenant.toml, year", "De stap 'huuradvis' bestaat niet.", "Bedoelt u 'huuradvies'?"),
    )


def test_what_counts_from_a_step_that_was_not_chosen_is_refused_with_its_name(shipped: Settings) -> None:
    with pytest.raises(SettingsError) as refused:
        chosen(shipped, "bod", "huuradvies")

    assert [fault.what for fault in refused.value.faults] == ["De stap 'huurbrief' bestaat niet."]


def test_a_step_of_its_own_stands_in_the_year_by_its_name(shipped: Settings) -> None:
    own = {"dorpsronde": {"title": "Dorpsronde", "kind": "meeting", "window": ["1 mei", "31 mei"]}}

    assert (*chosen(shipped, "bod", "dorpsronde", steps=own).steps,) == ("bod", "dorpsronde")
