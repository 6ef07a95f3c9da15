"""What repeats is a rule: phrases whose day lies elsewhere in each year, compared with a reckoning of its own."""

import calendar
import csv
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from cycle.domain.dutch import Reference, find, read
from cycle.domain.model import Reading, ReadingKind
from cycle.domain.reading_rules import rule_of
from cycle.domain.rule_data import as_data, from_data
from cycle.domain.rules import occurrences, words_of
from cycle.domain.workdays import holidays

YEARS = range(2027, 2036)
CASES = Path(__file__).parents[1] / "cases" / "phrases.tsv"
# from a printed calendar, not from our formula
EASTER = dict(
    zip(YEARS, ("03-28", "04-16", "04-01", "04-21", "04-13", "03-28", "04-17", "04-09", "03-25"), strict=True)
)

Days = tuple[date | None, date]


def easter_day(year: int, days: int = 0) -> date:
    return date.fromisoformat(f"{year}-{EASTER[year]}") + timedelta(days)


def nth(year: int, month: int, weekday: int, number: int) -> date:
    weeks = calendar.Calendar().monthdatescalendar(year, month)
    days = [week[weekday] for week in weeks if week[weekday].month == month]
    return days[number - 1 if number > 0 else number]


def month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def workday(year: int, month: int, number: int) -> date:
    days = [day for day in calendar.Calendar().itermonthdates(year, month) if day.month == month]
    return [day for day in days if day.weekday() < 5 and day not in holidays(year)][
        number - 1 if number > 0 else number
    ]


def iso_week(year: int, week: int) -> Days:
    return date.fromisocalendar(year, week, 1), date.fromisocalendar(year, week, 7)


def back(day: date, days: int = 1) -> date:
    return day - timedelta(days)


MOVING: dict[str, Callable[[int], Days]] = {
    "jaarlijks vóór Pasen": lambda y: (None, easter_day(y, -1)),
    "elk jaar uiterlijk Goede Vrijdag": lambda y: (None, easter_day(y, -2)),
    "jaarlijks vóór Pinksteren": lambda y: (None, easter_day(y, 48)),
    "jaarlijks uiterlijk Hemelvaartsdag": lambda y: (None, easter_day(y, 39)),
    "ieder jaar tussen Pasen en Pinksteren": lambda y: (easter_day(y), easter_day(y, 49)),
    "elk jaar uiterlijk twee weken vóór Pasen": lambda y: (None, easter_day(y, -14)),
    "jaarlijks binnen acht weken na Pasen": lambda y: (easter_day(y, 1), easter_day(y, 56)),
    "jaarlijks, uiterlijk de vrijdag vóór Pasen": lambda y: (None, easter_day(y, -2)),
    "jaarlijks de dinsdag na Pinksteren": lambda y: (None, easter_day(y, 51)),
    "elk jaar de maandag na Pasen": lambda y: (None, easter_day(y, 1)),
    "jaarlijks vóór 1 maart": lambda y: (None, month_end(y, 2)),
    "jaarlijks eind februari": lambda y: (date(y, 2, 21), month_end(y, 2)),
    "jaarlijks uiterlijk ultimo februari": lambda y: (None, month_end(y, 2)),
    "jaarlijks in februari": lambda y: (date(y, 2, 1), month_end(y, 2)),
    "jaarlijks laatste week van februari": lambda y: (back(month_end(y, 2), 6), month_end(y, 2)),
    "elk jaar, vier weken voor 1 maart": lambda y: (None, back(date(y, 3, 1), 28)),
    "jaarlijks in week 12": lambda y: iso_week(y, 12),
    "jaarlijks in week 1": lambda y: iso_week(y, 1),
    "elk jaar vóór week 20": lambda y: (None, back(date.fromisocalendar(y, 20, 1))),
    "de eerste maandag van juni": lambda y: (nth(y, 6, 0, 1), nth(y, 6, 0, 1)),
    "elk jaar op de laatste vrijdag van september": lambda y: (nth(y, 9, 4, -1), nth(y, 9, 4, -1)),
    "derde dinsdag van september (Prinsjesdag)": lambda y: (nth(y, 9, 1, 3), nth(y, 9, 1, 3)),
    "jaarlijks vóór Prinsjesdag": lambda y: (None, back(nth(y, 9, 1, 3))),
    "jaarlijks de voorlaatste vrijdag van mei": lambda y: (nth(y, 5, 4, -2), nth(y, 5, 4, -2)),
    "jaarlijks uiterlijk de laatste werkdag van mei": lambda y: (None, workday(y, 5, -1)),
    "jaarlijks uiterlijk de vijfde werkdag van januari": lambda y: (None, workday(y, 1, 5)),
    "elk jaar op Koningsdag": lambda y: (None, date(y, 4, 26 if y == 2031 else 27)),
}


def day_of(reading: Reading, year: int) -> list[Days]:
    rule = rule_of(reading)
    assert rule is not None
    return [(time.start, time.due) for time in occurrences(rule, year)]


@pytest.mark.parametrize("phrase", MOVING)
def test_a_day_that_moves_is_worked_out_in_each_year(phrase: str) -> None:
    reading = read(phrase, Reference(2027))

    assert (reading.kind, reading.doubtful) == (ReadingKind.YEARLY, False)
    assert [day_of(reading, year) for year in YEARS] == [[MOVING[phrase](year)] for year in YEARS]


SEVERAL: dict[str, Callable[[int], list[date]]] = {
    "tweemaal per jaar, vóór Pasen en vóór Kerst": lambda y: [easter_day(y, -1), date(y, 12, 24)],
    "halfjaarlijks, de eerste maandag van maart en oktober": lambda y: [nth(y, 3, 0, 1), nth(y, 10, 0, 1)],
    "halfjaarlijks, uiterlijk 1 april en 1 oktober": lambda y: [date(y, 4, 1), date(y, 10, 1)],
    "elk kwartaal, uiterlijk de laatste werkdag": lambda y: [workday(y, month, -1) for month in (3, 6, 9, 12)],
    "iedere eerste dinsdag van het kwartaal": lambda y: [nth(y, month, 1, 1) for month in (1, 4, 7, 10)],
    "maandelijks op de eerste dinsdag": lambda y: [nth(y, month, 1, 1) for month in range(1, 13)],
    "elke maand uiterlijk de laatste werkdag": lambda y: [workday(y, month, -1) for month in range(1, 13)],
    "elke maand uiterlijk op de 15e": lambda y: [date(y, month, 15) for month in range(1, 13)],
    "maandelijks vóór de 10e": lambda y: [date(y, month, 9) for month in range(1, 13)],
}


@pytest.mark.parametrize("phrase", SEVERAL)
def test_several_moments_a_year_are_all_worked_out(phrase: str) -> None:
    reading = read(phrase, Reference(2027))

    assert (reading.kind, reading.doubtful) == (ReadingKind.YEARLY, False)
    assert [[due for _start, due in day_of(reading, year)] for year in YEARS] == [
        SEVERAL[phrase](year) for year in YEARS
    ]


def test_after_the_end_of_each_quarter_is_four_times_a_year() -> None:
    reading = read("binnen zes weken na afloop van elk kwartaal", Reference(2027))

    wanted = [(2, 11), (5, 12), (8, 11), (11, 11)]
    assert [(due.month, due.day) for _start, due in day_of(reading, 2028)] == wanted


@pytest.mark.parametrize(
    "phrase",
    [
        "jaarlijks de vijfde maandag van maart",
        "op de laatste werkdag van een maand",
        "per kwartaal, uiterlijk de 15e",
        "ieder kwartaal, uiterlijk de 15e van de maand erna",
        "jaarlijks tien werkdagen voor Pasen",
        "elk jaar in de week na Pasen",
    ],
)
def test_a_moving_day_without_a_sure_rule_is_a_doubt(phrase: str) -> None:
    assert read(phrase, Reference(2027)).doubtful


def test_where_the_month_is_open_the_other_months_are_offered() -> None:
    reading = read("per kwartaal, uiterlijk de 15e", Reference(2027))

    assert [one.due for one in (reading, *reading.others)] == [date(2027, 1, 15), date(2027, 3, 15), date(2027, 4, 15)]
    assert [one.rule is not None for one in (reading, *reading.others)] == [True, True, True]


def test_a_year_in_which_it_begins_or_ends_bounds_the_rule() -> None:
    until = read("jaarlijks vóór Pasen, tot en met 2029", Reference(2027))
    since = read("jaarlijks vanaf 2029 vóór Pasen", Reference(2027))
    seldom = read("eens in de twee jaar vóór Pasen", Reference(2027))

    def years(reading: Reading) -> list[int]:
        return [year for year in YEARS if day_of(reading, year)]

    assert years(until) == [2027, 2028, 2029]
    assert years(since) == [*range(2029, 2036)]
    assert years(seldom) == [2027, 2029, 2031, 2033, 2035]


def test_a_fixed_day_needs_no_rule_of_its_own() -> None:
    phrases = ("jaarlijks uiterlijk 1 juli", "jaarlijks in mei", "jaarlijks in de winter", "jaarlijks", "elk kwartaal")

    assert [read(phrase, Reference(2027)).rule for phrase in phrases] == [None] * len(phrases)


@pytest.mark.parametrize(
    ("phrase", "words"),
    [
        ("jaarlijks vóór Pasen", "elk jaar vóór Pasen"),
        ("jaarlijks in week 12", "elk jaar in week 12"),
        ("elk jaar uiterlijk week 12", "elk jaar uiterlijk in week 12"),
        ("elk jaar vóór week 20", "elk jaar vóór week 20"),
        ("eerste maandag van juni", "elk jaar op de eerste maandag van juni"),
        ("jaarlijks uiterlijk de laatste werkdag van mei", "elk jaar uiterlijk de laatste werkdag van mei"),
        ("eens in de twee jaar vóór Pinksteren", "eens in de 2 jaar vóór Pinksteren"),
        ("elk jaar twee weken vóór Pasen", "elk jaar uiterlijk 2 weken vóór Pasen"),
        ("jaarlijks laatste week van februari", "elk jaar in de laatste week van februari"),
        ("maandelijks op de eerste dinsdag", "elke maand op de eerste dinsdag van de maand"),
        ("maandelijks voor de 10e", "elke maand vóór de 10e van de maand"),
        ("elk kwartaal, uiterlijk de laatste werkdag", "elk kwartaal uiterlijk de laatste werkdag van de derde maand"),
        ("jaarlijks de vrijdag voor Pinksteren", "elk jaar uiterlijk de vrijdag vóór Pinksteren"),
        ("binnen tien weken na afloop van het jaar", "elk jaar binnen 10 weken na afloop van het jaar"),
        ("binnen zes weken na afloop van elk kwartaal", "elk kwartaal binnen 6 weken na afloop"),
        ("halfjaarlijks, uiterlijk 1 april en 1 oktober", "elk jaar uiterlijk 1 april en uiterlijk 1 oktober"),
    ],
)
def test_a_rule_that_was_read_is_said_in_dutch_and_kept(phrase: str, words: str) -> None:
    rule = rule_of(read(phrase, Reference(2027)))

    assert rule is not None
    assert words_of(rule) == words
    assert from_data(as_data(rule)) == rule


def test_in_a_sentence_too() -> None:
    [found] = find("Partijen evalueren jaarlijks vóór Pasen de afspraken.", Reference(2027))

    assert day_of(found.reading, 2028) == [(None, date(2028, 4, 15))]


def sure_yearly_phrases() -> list[str]:
    with CASES.open(encoding="utf-8", newline="") as file:
        phrases = [row["phrase"] for row in csv.DictReader(file, delimiter="\t")]
    readings = ((phrase, read(phrase, Reference(2027))) for phrase in (*phrases, *MOVING, *SEVERAL))
    return [phrase for phrase, one in readings if one.kind is ReadingKind.YEARLY and not one.doubtful]


def test_each_sure_yearly_phrase_read_again_in_a_later_year_says_what_its_rule_says() -> None:
    wrong = []
    for phrase in sure_yearly_phrases():
        first = read(phrase, Reference(2027))
        for year in YEARS:
            later = read(phrase, Reference(year))
            assert later.due is not None
            is_over = (first.per_year or 1) < 1 or (first.until and later.due > first.until)
            if not is_over and (later.window_start, later.due) not in day_of(first, later.due.year):
                wrong.append((phrase, year))

    assert wrong == []


@pytest.mark.parametrize("phrase", ["eens per drie jaar, in april", "tweejaarlijks in april", "om het jaar in april"])
def test_of_what_skips_years_the_first_year_is_asked(phrase: str) -> None:
    reading = read(phrase, Reference(2027))

    assert (reading.due, reading.doubtful) == (date(2027, 4, 30), True)
    assert [other.due for other in reading.others] == [date(2028, 4, 30)]


@pytest.mark.parametrize("phrase", ["tweejaarlijks, voor het eerst in april 2028", "vanaf 2028 tweejaarlijks in april"])
def test_of_what_skips_years_a_first_year_that_is_said_is_not_asked(phrase: str) -> None:
    assert (read(phrase, Reference(2027)).due or date.min).year == 2028
