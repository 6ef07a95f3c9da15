"""The year as data: when each form of step falls, what takes in what, and which readings of an agreement count."""

from dataclasses import replace
from datetime import date
from typing import NamedTuple

import pytest
from worlds import shipped_steps

from cycle.domain.agreement import Agreement, AgreementReading
from cycle.domain.model import Draft, LadderKind, Origin, Reading, ReadingKind
from cycle.domain.settled_readings import settled_readings
from cycle.domain.year import year_drafts
from cycle.domain.year_steps import Every, Step, belongs_to, linked


class Falls(NamedTuple):
    """When one occurrence of a step or reading falls."""

    occurrence: str
    start: date | None
    due: date | None
    invented: bool = False


def falls(drafts: tuple[Draft, ...], name: str) -> list[Falls]:
    return [
        Falls(one.occurrence, one.window_start, one.due, one.invented)
        for one in drafts
        if (one.step or one.slot) == name
    ]


def step(name: str = "stap", **moment: object) -> Step:
    return replace(Step(name, name.capitalize(), LadderKind.DOCUMENT), **moment)


def once(due: date | None, start: date | None = None, **more: object) -> Reading:
    return Reading(ReadingKind.ONCE, "", start, due, **more)


def yearly(due: date, start: date | None = None, per_year: float = 1, **more: object) -> Reading:
    return Reading(ReadingKind.YEARLY, "", start, due, per_year, **more)


def agreement(*readings: AgreementReading, number: str = "1.1", topic: str = "") -> Agreement:
    return Agreement(number, number[0], topic or f"Onderwerp {number}", "Doe het.", ("clavis",), readings)


def entry(number: str, phrase: str, reading: Reading, topic: str = "") -> Agreement:
    one = AgreementReading(f"{number}/1", phrase, reading, slot=f"{number}/1")
    return agreement(one, number=number, topic=topic)


def reading_falls(reading: Reading, *years: int) -> list[Falls]:
    """What one reading makes of some years."""
    of = agreement(AgreementReading("1.1/a", "de termijn", reading, slot="1.1/a"))
    return [one for year in years for one in falls(year_drafts(year, (), (of,)), "1.1/a")]


# -- steps ------------------------------------------------------------------------------------------------------------


def test_before_is_in_time_until_the_day_before() -> None:
    steps = (step(before=(4, 1)),)

    assert falls(year_drafts(2027, steps, ()), "stap") == [Falls("2027", None, date(2027, 3, 31))]


def test_before_1_march_keeps_the_leap_day() -> None:
    steps = (step(before=(3, 1)),)

    assert falls(year_drafts(2028, steps, ()), "stap") == [Falls("2028", None, date(2028, 2, 29))]


def test_by_counts_its_own_day() -> None:
    steps = (step(by=(7, 1)),)

    assert falls(year_drafts(2027, steps, ()), "stap") == [Falls("2027", None, date(2027, 7, 1))]


def test_29_february_is_the_last_day_of_february_in_another_year() -> None:
    steps = (step(by=(2, 29)),)

    assert falls(year_drafts(2027, steps, ()), "stap") == [Falls("2027", None, date(2027, 2, 28))]
    assert falls(year_drafts(2028, steps, ()), "stap") == [Falls("2028", None, date(2028, 2, 29))]


def test_a_window_runs_from_its_first_to_its_last_day() -> None:
    steps = (step(window=((4, 1), (4, 30))),)

    assert falls(year_drafts(2027, steps, ()), "stap") == [Falls("2027", date(2027, 4, 1), date(2027, 4, 30))]


@pytest.mark.parametrize(
    ("every", "expected"),
    [
        (Every.YEAR, [Falls("2027", date(2027, 1, 1), date(2027, 12, 31), invented=True)]),
        (
            Every.HALF_YEAR,
            [
                Falls("2027-1", date(2027, 1, 1), date(2027, 6, 30), invented=True),
                Falls("2027-2", date(2027, 7, 1), date(2027, 12, 31), invented=True),
            ],
        ),
        (
            Every.QUARTER,
            [
                Falls("2027-1", date(2027, 1, 1), date(2027, 3, 31), invented=True),
                Falls("2027-2", date(2027, 4, 1), date(2027, 6, 30), invented=True),
                Falls("2027-3", date(2027, 7, 1), date(2027, 9, 30), invented=True),
                Falls("2027-4", date(2027, 10, 1), date(2027, 12, 31), invented=True),
            ],
        ),
    ],
)
def test_a_standing_duty_falls_once_in_each_period_and_its_last_day_is_invented(
    every: Every, expected: list[Falls]
) -> None:
    assert falls(year_drafts(2027, (step(every=every),), ()), "stap") == expected


def test_a_monthly_duty_ends_on_the_last_day_of_each_month() -> None:
    drafts = year_drafts(2028, (step(every=Every.MONTH),), ())

    assert [one.due.day for one in drafts if one.due] == [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    assert [one.occurrence for one in drafts] == [f"2028-{month}" for month in range(1, 13)]


def test_a_relative_step_counts_back_from_the_start_of_each_window() -> None:
    spring = step("voorjaar", window=((4, 1), (4, 30)))
    autumn = step("najaar", window=((10, 1), (10, 31)))
    group = step("werkgroep", weeks_before=4, relative_to=("voorjaar", "najaar"))

    drafts = year_drafts(2027, (spring, autumn, group), ())

    assert falls(drafts, "werkgroep") == [
        Falls("2027-voorjaar", None, date(2027, 3, 4)),
        Falls("2027-najaar", None, date(2027, 9, 3)),
    ]
    assert [one.via for one in drafts if one.step == "werkgroep"] == ["voorjaar", "najaar"]


def test_a_relative_step_follows_the_planned_day_of_its_meeting_only() -> None:
    spring = step("voorjaar", window=((4, 1), (4, 30)))
    group = step("werkgroep", weeks_before=4, relative_to=("voorjaar",))
    planned = {("voorjaar", "2027"): date(2027, 4, 22)}

    assert falls(year_drafts(2027, (spring, group), (), planned), "werkgroep") == [
        Falls("2027-voorjaar", None, date(2027, 3, 25))
    ]
    assert falls(year_drafts(2028, (spring, group), (), planned), "werkgroep") == [
        Falls("2028-voorjaar", None, date(2028, 3, 4))
    ]


def test_a_relative_step_counts_back_from_a_last_day_and_from_another_relative_step() -> None:
    letter = step("brief", before=(4, 1))
    draft = step("concept", weeks_before=3, relative_to=("brief",))
    start = step("begin", weeks_before=1, relative_to=("concept",))

    drafts = year_drafts(2027, (letter, draft, start), ())

    assert falls(drafts, "concept") == [Falls("2027-brief", None, date(2027, 3, 10))]
    assert falls(drafts, "begin") == [Falls("2027-brief-concept", None, date(2027, 3, 3))]


def test_a_step_becomes_a_deadline_with_all_it_says() -> None:
    letter = Step(
        "brief",
        "Uitnodigingsbrief",
        LadderKind.LETTER,
        before=(4, 1),
        leads=("clavis", "wzv"),
        participants=("gemeente",),
        todo="Nodig uit.",
        via="voorjaarsoverleg",
        joint=True,
        source="afspraak 5.9",
        agreements=("5.9", "5.10"),
    )

    assert year_drafts(2027, (letter,), ()) == (
        Draft(
            Origin.STEP,
            "2027",
            "Uitnodigingsbrief",
            LadderKind.LETTER,
            ("clavis", "wzv"),
            ("gemeente",),
            "Nodig uit.",
            number="5.9",
            theme="5",
            due=date(2027, 3, 31),
            via="voorjaarsoverleg",
            joint=True,
            source="afspraak 5.9",
            agreements=("5.9", "5.10"),
            phrase="vóór 1 april",
            step="brief",
        ),
    )


# -- what a step takes in ---------------------------------------------------------------------------------------------


def test_a_step_takes_in_the_readings_of_its_source_that_say_its_own_moment() -> None:
    letter = step("brief", before=(4, 1), agreements=("5.9",))
    framework = AgreementReading("5.9/kader/1", "Voor 1 april", yearly(date(2027, 3, 31)))
    agenda = AgreementReading("5.9/agenda/1", "Uiterlijk 1 april", yearly(date(2027, 4, 1)), from_agenda=True)
    other = AgreementReading("5.8/1", "eind 2027", once(date(2027, 12, 31), date(2027, 10, 1)), slot="5.8/1")

    drafts = year_drafts(
        2027, (letter,), (agreement(framework, agenda, number="5.9", topic="De brief"), agreement(other, number="5.8"))
    )

    assert [(one.step or one.slot, one.due) for one in drafts] == [
        ("brief", date(2027, 3, 31)),
        ("5.8/1", date(2027, 12, 31)),
    ]


def test_another_date_under_the_number_of_a_step_stands_beside_it() -> None:
    meeting = step("najaarsoverleg", window=((10, 1), (10, 31)), agreements=("5.4",))
    table = step("wijkschouw", every="year", via="najaarsoverleg", agreements=("4.2",))
    spring = once(date(2027, 5, 31), date(2027, 3, 1))
    beside = {
        "a day after it": entry("5.4", "", once(date(2027, 11, 15)), "Najaarsoverleg"),
        "a day within it": entry("5.4", "", once(date(2027, 10, 12)), "Najaarsoverleg"),
        "a day before it": entry("5.4", "", once(date(2027, 9, 1)), "Najaarsoverleg"),
        "another period": entry("5.4", "", spring, "Najaarsoverleg"),
        "a month of a yearly duty": entry("4.2", "", once(date(2027, 6, 30), date(2027, 6, 1)), "Wijkschouw"),
        "something else under its number": entry("5.4", "", once(date(2027, 10, 31), date(2027, 10, 1)), "Labels"),
        "a year of something else": entry("4.2", "", once(date(2027, 12, 31), date(2027, 1, 1)), "Isolatie"),
    }
    taken_in = {
        "the same period": entry("5.4", "", once(date(2027, 10, 31), date(2027, 10, 1)), "Najaarsoverleg"),
        "a wider one": entry("5.4", "", once(date(2027, 11, 30), date(2027, 9, 1)), "Overleg in het najaar"),
        "each year": entry("4.2", "", yearly(date(2027, 12, 31), date(2027, 1, 1)), "Wijkschouw"),
        "when its meeting is": entry("4.2", "", once(date(2027, 11, 30), date(2027, 9, 1)), "Wijkschouw"),
    }

    def own(one: Agreement) -> int:
        return sum(draft.origin is Origin.AGREEMENT for draft in year_drafts(2027, (meeting, table), (one,)))

    assert {what: own(one) for what, one in (beside | taken_in).items()} == dict.fromkeys(beside, 1) | dict.fromkeys(
        taken_in, 0
    )


def test_what_a_person_tied_to_a_step_asks_nothing_beside_it_at_its_own_moment_whatever_its_words() -> None:
    table = step("kerntafel", by=(6, 1), agreements=("2.8",))
    letter = step("brief", before=(4, 1), agreements=("2.9",))
    said = {
        "the same day": entry("2.8", "", once(date(2027, 6, 1)), "Isolatie van woningen"),
        "another day": entry("2.8", "", once(date(2027, 6, 2)), "Isolatie van woningen"),
        "a wider frame": entry("2.8", "", once(date(2027, 12, 31), date(2027, 1, 1)), "Isolatie van woningen"),
        "the day that counts with": entry("2.9", "", once(date(2027, 4, 1)), "Isolatie van woningen"),
    }

    def deadlines(steps: tuple[Step, ...]) -> dict[str, int]:
        tied = linked(steps, {}, list(said.values()))
        return {what: len(year_drafts(2027, tied, (one,))) for what, one in said.items()}

    assert deadlines((table, letter)) == dict.fromkeys(said, 3)
    assert deadlines((replace(table, tied=("2.8",)), replace(letter, tied=("2.9",)))) == {
        "the same day": 2,
        "another day": 3,
        "a wider frame": 3,
        "the day that counts with": 2,
    }


def test_a_word_of_the_name_of_a_step_in_passing_does_not_make_it_speak_of_it() -> None:
    meeting = step("najaarsoverleg", window=((10, 1), (10, 31)), agreements=("5.4",))
    one = entry("5.4", "", once(date(2027, 11, 30), date(2027, 9, 1)), "Taakstelling, in overleg met de gemeente")

    assert len(year_drafts(2027, (meeting,), (one,))) == 2


def test_two_steps_may_share_a_source_and_both_fall() -> None:
    steps = (
        step("voorjaar", window=((4, 1), (4, 30)), agreements=("5.1",)),
        step("najaar", window=((10, 1), (10, 31)), agreements=("5.1", "5.4")),
    )
    reading = AgreementReading("5.4/a", "in oktober", yearly(date(2022, 10, 31), date(2022, 10, 1)))

    drafts = year_drafts(2027, steps, (agreement(reading, number="5.4", topic="Overleg in najaar"),))

    assert [one.step for one in drafts] == ["voorjaar", "najaar"]


def test_the_shipped_year_2027_has_fifteen_deadlines_from_its_steps() -> None:
    drafts = year_drafts(2027, shipped_steps(), ())

    assert [(one.due.isoformat() if one.due else "", one.step, one.occurrence) for one in drafts] == [
        ("2027-03-04", "werkgroep", "2027-voorjaarsoverleg"),
        ("2027-03-31", "kwartaaloverleg", "2027-1"),
        ("2027-03-31", "uitnodigingsbrief", "2027"),
        ("2027-04-30", "voorjaarsoverleg", "2027"),
        ("2027-06-30", "kwartaaloverleg", "2027-2"),
        ("2027-07-01", "uitvoeringsagenda", "2027"),
        ("2027-09-03", "werkgroep", "2027-najaarsoverleg"),
        ("2027-09-30", "kwartaaloverleg", "2027-3"),
        ("2027-10-31", "najaarsoverleg", "2027"),
        ("2027-12-31", "themabijeenkomst", "2027"),
        ("2027-12-31", "bouwtafel", "2027"),
        ("2027-12-31", "zorgtafel", "2027"),
        ("2027-12-31", "wijkschouw", "2027"),
        ("2027-12-31", "kwartaaloverleg", "2027-4"),
        ("2027-12-31", "looptijd", "2027"),
    ]


def test_a_register_like_terneuzen_adds_only_what_no_step_takes_in() -> None:
    in_2022, all_2022 = date(2022, 1, 1), date(2022, 12, 31)
    register = (
        entry("1.1.2", "najaar 2022", once(date(2022, 11, 30), date(2022, 9, 1))),
        entry("1.1.3", "eens per jaar", yearly(all_2022, in_2022), "Bouwtafel"),  # its step takes it in
        entry("1.1.4", "vanaf 1 mei 2022", Reading(ReadingKind.FROM_DATE, "", date(2022, 5, 1))),
        entry("1.1.8", "jaarlijks", yearly(all_2022, in_2022)),
        entry("2.5", "jaarlijks", yearly(all_2022, in_2022)),
        entry("2.9", "eind 2027", once(date(2027, 12, 31), date(2027, 10, 1))),
        entry("5.1", "per kwartaal", yearly(date(2022, 3, 31), in_2022, 4), "Overleg"),  # and so on: 5.1, 5.3 and 5.9
        entry("5.3", "uiterlijk 1 juli", yearly(date(2022, 7, 1)), "Uitvoeringsagenda"),
        entry("5.9", "Voor 1 april", yearly(date(2022, 3, 31)), "De uitnodigingsbrief"),
    )

    drafts = year_drafts(2027, shipped_steps(), register)

    own = [(one.number, one.kind, one.invented) for one in drafts if one.origin is Origin.AGREEMENT]
    assert own == [
        ("1.1.8", LadderKind.YEARLY, True),
        ("2.5", LadderKind.YEARLY, True),
        ("2.9", LadderKind.ACTION, False),
    ]
    assert len(drafts) == 15 + 3


def test_an_agreement_comes_up_at_the_step_that_its_text_names() -> None:
    names = ("voorjaarsoverleg", "bouwtafel", "zorgtafel")

    assert belongs_to("Wij bespreken dit in de Bouwtafel.", names) == "bouwtafel"
    assert belongs_to("Wij bespreken dit.", names) == ""


# -- which readings count ---------------------------------------------------------------------------------------------

AUTUMN = once(date(2027, 11, 30), date(2027, 9, 1))
OCTOBER = once(date(2027, 10, 31), date(2027, 10, 1))
EXACT = once(date(2027, 10, 15))
EXACT_IN_SPRING = once(date(2027, 4, 15))


def framework(reading: Reading, ref: str = "kader") -> AgreementReading:
    return AgreementReading(ref, "", reading)


def agenda(reading: Reading, ref: str = "agenda") -> AgreementReading:
    return AgreementReading(ref, "", reading, from_agenda=True)


def kept(*readings: AgreementReading) -> list[str]:
    return [one.ref for one in settled_readings(readings)]


def test_the_agenda_wins_from_the_framework() -> None:
    assert kept(framework(AUTUMN), agenda(OCTOBER)) == ["agenda"]
    assert kept(framework(OCTOBER), agenda(AUTUMN)) == ["agenda"]


def test_an_exact_day_in_the_framework_settles_a_vaguer_phrase_in_the_agenda() -> None:
    assert kept(framework(EXACT), agenda(AUTUMN)) == ["kader"]


def test_an_exact_day_outside_the_agendas_period_settles_nothing() -> None:
    assert kept(framework(EXACT_IN_SPRING), agenda(AUTUMN)) == ["agenda"]


def test_an_exact_day_in_the_agenda_stays() -> None:
    assert kept(framework(EXACT), agenda(once(date(2027, 10, 20)))) == ["agenda"]


def test_one_exact_day_settles_two_vague_phrases_once() -> None:
    assert kept(framework(EXACT), agenda(AUTUMN, "agenda 1"), agenda(OCTOBER, "agenda 2")) == ["kader"]


def test_within_one_text_a_narrower_period_replaces_the_wider_one_around_it() -> None:
    assert kept(framework(AUTUMN, "najaar"), framework(OCTOBER, "oktober")) == ["oktober"]
    assert kept(framework(OCTOBER, "oktober"), framework(AUTUMN, "najaar")) == ["oktober"]


def test_of_two_twins_the_first_stays() -> None:
    assert kept(agenda(AUTUMN, "eerste"), agenda(AUTUMN, "tweede")) == ["eerste"]


def test_periods_that_only_overlap_or_follow_both_stay() -> None:
    first, second = once(date(2023, 12, 31), date(2023, 1, 1)), once(date(2024, 12, 31), date(2024, 1, 1))

    assert kept(agenda(first, "in 2023"), agenda(second, "in 2024")) == ["in 2023", "in 2024"]


def test_once_and_yearly_are_settled_apart() -> None:
    every_year = yearly(date(2027, 12, 31), date(2027, 1, 1))

    assert kept(framework(every_year, "jaarlijks"), agenda(OCTOBER, "oktober")) == ["oktober", "jaarlijks"]


def test_what_has_no_last_day_makes_no_deadline() -> None:
    from_date = Reading(ReadingKind.FROM_DATE, "", date(2027, 5, 1))

    assert kept(framework(from_date), framework(Reading(ReadingKind.NONE, ""), "geen")) == []


# -- readings over the years ------------------------------------------------------------------------------------------


def test_a_single_date_falls_in_its_own_year_only() -> None:
    assert reading_falls(AUTUMN, 2026, 2027, 2028) == [Falls("once", date(2027, 9, 1), date(2027, 11, 30))]


def test_a_yearly_day_comes_back_from_its_first_year_on() -> None:
    assert reading_falls(yearly(date(2026, 7, 1)), 2025, 2026, 2027) == [
        Falls("2026", None, date(2026, 7, 1)),
        Falls("2027", None, date(2027, 7, 1)),
    ]


def test_a_yearly_reading_stops_after_its_last_day() -> None:
    reading = yearly(date(2022, 7, 1), until=date(2024, 12, 31))

    assert reading_falls(reading, 2023, 2024, 2025) == [
        Falls("2023", None, date(2023, 7, 1)),
        Falls("2024", None, date(2024, 7, 1)),
    ]


def test_twice_a_year_without_dates_is_each_half_of_the_year() -> None:
    assert reading_falls(yearly(date(2026, 6, 30), date(2026, 1, 1), 2), 2027) == [
        Falls("2027-1", date(2027, 1, 1), date(2027, 6, 30), invented=True),
        Falls("2027-2", date(2027, 7, 1), date(2027, 12, 31), invented=True),
    ]


def test_twice_a_year_in_named_months_keeps_those_months() -> None:
    october = once(date(2026, 10, 31), date(2026, 10, 1))
    reading = yearly(date(2026, 4, 30), date(2026, 4, 1), 2, others=(october,))

    assert reading_falls(reading, 2027) == [
        Falls("2027-1", date(2027, 4, 1), date(2027, 4, 30)),
        Falls("2027-2", date(2027, 10, 1), date(2027, 10, 31)),
    ]


def test_every_two_years_is_a_period_of_two_years_that_keeps_step_with_the_first() -> None:
    reading = yearly(date(2023, 12, 31), date(2022, 1, 1), 0.5)

    assert reading_falls(reading, *range(2021, 2029)) == [
        Falls(str(year), date(year - 1, 1, 1), date(year, 12, 31), invented=True) for year in (2023, 2025, 2027)
    ]


def test_every_three_years_keeps_step_with_the_first() -> None:
    reading = yearly(date(2023, 7, 1), None, 1 / 3)

    assert [one.occurrence for one in reading_falls(reading, *range(2022, 2031))] == ["2023", "2026", "2029"]


def test_the_last_day_of_february_stays_the_last() -> None:
    reading = yearly(date(2027, 2, 28), date(2027, 2, 1))

    assert reading_falls(reading, 2028, 2029) == [
        Falls("2028", date(2028, 2, 1), date(2028, 2, 29)),
        Falls("2029", date(2029, 2, 1), date(2029, 2, 28)),
    ]


def test_a_yearly_29_february_is_the_28th_in_another_year_and_comes_back() -> None:
    assert [one.due for one in reading_falls(yearly(date(2028, 2, 29)), 2028, 2029, 2032)] == [
        date(2028, 2, 29),
        date(2029, 2, 28),
        date(2032, 2, 29),
    ]


def test_a_yearly_28_february_never_moves_to_the_29th() -> None:
    assert reading_falls(yearly(date(2026, 2, 28)), 2028) == [Falls("2028", None, date(2028, 2, 28))]


def test_a_winter_keeps_its_start_in_the_year_before() -> None:
    reading = yearly(date(2027, 2, 28), date(2026, 12, 1))

    assert reading_falls(reading, 2028) == [Falls("2028", date(2027, 12, 1), date(2028, 2, 29))]


@pytest.mark.parametrize(
    ("reading", "invented"),
    [
        (yearly(date(2027, 12, 31), date(2027, 1, 1)), True),  # "jaarlijks"
        (yearly(date(2027, 3, 31), date(2027, 1, 1), 4), True),  # "per kwartaal"
        (yearly(date(2027, 12, 31)), False),  # "jaarlijks uiterlijk 31 december"
        (yearly(date(2027, 11, 30), date(2027, 9, 1)), False),  # "jaarlijks in het najaar"
        (once(date(2027, 12, 31), date(2027, 1, 1)), False),  # "2027" stands in the document
    ],
)
def test_a_last_day_that_no_document_names_is_invented_and_asked_about_only(reading: Reading, invented: bool) -> None:
    drafts = year_drafts(2027, (), (agreement(AgreementReading("1.1/a", "", reading)),))

    assert {(one.invented, one.kind) for one in drafts} == {
        (invented, LadderKind.YEARLY if invented else LadderKind.ACTION)
    }


def test_an_agreement_becomes_a_deadline_with_all_it_says() -> None:
    reading = AgreementReading("1.1/agenda/1", "eind 2027", once(date(2027, 12, 31), date(2027, 10, 1)), True, "rij 3")
    of = replace(agreement(replace(reading, slot="3")), via="bouwtafel", id=7, action=12)

    assert year_drafts(2027, (), (of,)) == (
        Draft(
            Origin.AGREEMENT,
            "once",
            "Onderwerp 1.1",
            LadderKind.ACTION,
            ("clavis",),
            todo="Doe het.",
            number="1.1",
            theme="1",
            window_start=date(2027, 10, 1),
            due=date(2027, 12, 31),
            via="bouwtafel",
            source="rij 3",
            agreements=(7,),
            phrase="eind 2027",
            action=12,
            slot="3",
        ),
    )


def test_a_doubtful_reading_stays_doubtful() -> None:
    reading = replace(AUTUMN, doubtful=True)

    (draft,) = year_drafts(2027, (), (agreement(framework(reading)),))

    assert draft.doubtful


def test_the_order_of_the_register_does_not_matter() -> None:
    register = tuple(
        agreement(AgreementReading(f"1.{number}", "", once(date(2027, 12, 31 - number % 3))), number=f"1.{number}")
        for number in range(1, 9)
    )

    assert year_drafts(2027, shipped_steps(), register) == year_drafts(2027, shipped_steps(), register[::-1])
