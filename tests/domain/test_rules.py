"""Rules: worked out anew for each year, said in Dutch, and kept as JSON."""

import json
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from cycle.domain.easter import easter
from cycle.domain.rule_data import as_data, from_data
from cycle.domain.rules import (
    Anchored,
    EachPart,
    EachYear,
    Occurrence,
    Once,
    Relative,
    Rule,
    SeveralAYear,
    occurrences,
    parts_of,
    words_of,
)
from cycle.domain.workdays import holidays
from cycle.domain.year_days import (
    DayBefore,
    FromEaster,
    KingsDay,
    MonthEnd,
    NthWeekday,
    NthWorkday,
    OnDate,
    Shifted,
    WeekdayBeside,
    WeekOfYear,
    YearDay,
)


def days(day: YearDay, *years: int) -> list[date]:
    return [one.due for year in years for one in occurrences(EachYear(day), year)]


@pytest.mark.parametrize(
    ("day", "in_2026", "in_2027", "in_2028"),
    [
        (OnDate(7, 1), "07-01", "07-01", "07-01"),
        (OnDate(2, 29), "02-28", "02-28", "02-29"),
        (MonthEnd(2), "02-28", "02-28", "02-29"),
        (MonthEnd(5, is_working=True), "05-29", "05-31", "05-31"),
        (MonthEnd(12, is_working=True), "12-31", "12-31", "12-29"),
        (DayBefore(OnDate(4, 1)), "03-31", "03-31", "03-31"),
        (DayBefore(OnDate(3, 1)), "02-28", "02-28", "02-29"),
        (FromEaster(0), "04-05", "03-28", "04-16"),
        (DayBefore(FromEaster(0)), "04-04", "03-27", "04-15"),
        (FromEaster(49), "05-24", "05-16", "06-04"),
        (NthWeekday(6, 0, 1), "06-01", "06-07", "06-05"),
        (NthWeekday(9, 4, -1), "09-25", "09-24", "09-29"),
        (NthWeekday(10, 3, 3), "10-15", "10-21", "10-19"),
        (WeekOfYear(12, 4), "03-20", "03-26", "03-24"),
        (NthWeekday(5, 4, -2), "05-22", "05-21", "05-19"),
        (NthWorkday(1, 1), "01-02", "01-04", "01-03"),
        (NthWorkday(4, 5), "04-09", "04-07", "04-07"),
        (KingsDay(), "04-27", "04-27", "04-27"),
        (Shifted(OnDate(3, 1), -28), "02-01", "02-01", "02-02"),
        (Shifted(MonthEnd(12), 70, 1), "03-11", "03-11", "03-10"),
    ],
)
def test_a_day_of_the_year_is_worked_out_anew(day: YearDay, in_2026: str, in_2027: str, in_2028: str) -> None:
    wanted = [date.fromisoformat(one) for one in (f"2026-{in_2026}", f"2027-{in_2027}", f"2028-{in_2028}")]

    assert days(day, 2026, 2027, 2028) == wanted


def test_week_53_is_the_last_week_of_a_year_without_it() -> None:
    assert days(WeekOfYear(53, 0), 2026, 2027) == [date(2026, 12, 28), date(2027, 12, 27)]


def test_once_is_in_its_own_year_only() -> None:
    rule = Once(date(2027, 5, 31), date(2026, 12, 1))

    assert [occurrences(rule, year) for year in (2026, 2027, 2028)] == [
        [],
        [Occurrence("once", date(2026, 12, 1), date(2027, 5, 31))],
        [],
    ]


def test_a_period_may_begin_the_year_before() -> None:
    winter = EachYear(MonthEnd(2), OnDate(12, 1), starts_before=1, first=2027)

    assert occurrences(winter, 2026) == []
    assert occurrences(winter, 2028) == [Occurrence("2028", date(2027, 12, 1), date(2028, 2, 29))]


def test_each_so_many_years_keeps_step_with_the_first() -> None:
    rule = EachYear(OnDate(7, 1), first=2025, every=2, until=date(2029, 6, 30))

    assert [one.due for year in range(2024, 2031) for one in occurrences(rule, year)] == [
        date(2025, 7, 1),
        date(2027, 7, 1),
    ]


def test_several_a_year_have_each_their_name() -> None:
    rule = SeveralAYear((EachYear(OnDate(4, 1)), EachYear(OnDate(10, 1))), first=2027, until=date(2028, 9, 1))

    assert [one for year in (2026, 2027, 2028) for one in occurrences(rule, year)] == [
        Occurrence("2027-1", None, date(2027, 4, 1)),
        Occurrence("2027-2", None, date(2027, 10, 1)),
        Occurrence("2028-1", None, date(2028, 4, 1)),
    ]


def test_parts_of_a_year_end_on_invented_days() -> None:
    assert occurrences(EachPart(2), 2027) == [
        Occurrence("2027-1", date(2027, 1, 1), date(2027, 6, 30), invented=True),
        Occurrence("2027-2", date(2027, 7, 1), date(2027, 12, 31), invented=True),
    ]
    assert occurrences(EachPart(), 2027) == [Occurrence("2027", date(2027, 1, 1), date(2027, 12, 31), invented=True)]


def test_what_hangs_on_something_follows_each_of_its_times() -> None:
    rule = Relative(("voorjaarsoverleg", "bouwtafel"), 14)
    anchors = {
        "voorjaarsoverleg": [Anchored("2027", date(2027, 4, 8))],
        "bouwtafel": [Anchored("2027-1", date(2027, 2, 1)), Anchored("2027-2", date(2027, 12, 27))],
    }

    assert occurrences(rule, 2027, anchors) == [
        Occurrence("2027-voorjaarsoverleg", None, date(2027, 4, 22), anchor="voorjaarsoverleg"),
        Occurrence("2027-1-bouwtafel", None, date(2027, 2, 15), anchor="bouwtafel"),
        Occurrence("2027-2-bouwtafel", None, date(2028, 1, 10), anchor="bouwtafel"),
    ]
    assert occurrences(rule, 2027) == []


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (Once(date(2027, 7, 1)), "uiterlijk 1 juli 2027"),
        (Once(date(2027, 11, 30), date(2027, 9, 1)), "1 september tot en met 30 november 2027"),
        (EachYear(OnDate(7, 1)), "elk jaar uiterlijk 1 juli"),
        (EachYear(DayBefore(OnDate(4, 1))), "elk jaar vóór 1 april"),
        (EachYear(DayBefore(FromEaster(0))), "elk jaar vóór Pasen"),
        (EachYear(FromEaster(7)), "elk jaar uiterlijk 1 week na Pasen"),
        (EachYear(NthWeekday(6, 0, 1)), "elk jaar uiterlijk de eerste maandag van juni"),
        (EachYear(NthWeekday(9, 4, -1)), "elk jaar uiterlijk de laatste vrijdag van september"),
        (EachYear(WeekOfYear(12, 4)), "elk jaar uiterlijk vrijdag in week 12"),
        (EachYear(MonthEnd(2)), "elk jaar uiterlijk de laatste dag van februari"),
        (EachYear(MonthEnd(6, is_working=True)), "elk jaar uiterlijk de laatste werkdag van juni"),
        (EachYear(OnDate(5, 31), OnDate(3, 1)), "elk jaar van 1 maart tot en met 31 mei"),
        (
            EachYear(OnDate(7, 1), every=2, until=date(2031, 7, 1)),
            "eens in de 2 jaar uiterlijk 1 juli tot en met 1 juli 2031",
        ),
        (
            SeveralAYear((EachYear(OnDate(4, 1)), EachYear(OnDate(10, 1)))),
            "elk jaar uiterlijk 1 april en uiterlijk 1 oktober",
        ),
        (EachYear(Shifted(NthWeekday(9, 1, 3), 14)), "elk jaar uiterlijk 2 weken na de derde dinsdag van september"),
        (EachYear(NthWorkday(1, 5)), "elk jaar uiterlijk de vijfde werkdag van januari"),
        (EachYear(KingsDay(), KingsDay()), "elk jaar op Koningsdag"),
        (EachYear(WeekOfYear(12, 6), WeekOfYear(12, 0)), "elk jaar in week 12"),
        (EachYear(MonthEnd(2), OnDate(2, 1)), "elk jaar in februari"),
        (
            SeveralAYear(tuple(EachYear(OnDate(month, 15)) for month in (1, 4, 7, 10))),
            "elk kwartaal uiterlijk de 15e van de eerste maand",
        ),
        (EachPart(4), "elk kwartaal"),
        (EachPart(), "elk jaar"),
        (Relative(("voorjaarsoverleg",), -28), "4 weken vóór voorjaarsoverleg"),
        (Relative(("voorjaarsoverleg",), 14), "2 weken na voorjaarsoverleg"),
        (Relative(("ondertekening",), 0), "op de dag van ondertekening"),
    ],
)
def test_a_rule_is_said_in_dutch(rule: Rule, words: str) -> None:
    assert words_of(rule) == words


some_dates = some.builds(OnDate, some.integers(1, 12), some.integers(1, 31))
some_days = some.one_of(
    some_dates,
    some.builds(MonthEnd, some.integers(1, 12), some.booleans()),
    some.builds(FromEaster, some.integers(-60, 60)),
    some.builds(NthWeekday, some.integers(1, 12), some.integers(0, 6), some.sampled_from([1, 2, 3, 4, -1])),
    some.builds(WeekOfYear, some.integers(1, 53), some.integers(0, 6)),
    some.builds(NthWorkday, some.integers(1, 12), some.integers(1, 10)),
    some.builds(KingsDay),
    some.builds(WeekdayBeside, some_dates, some.integers(0, 6), some.booleans()),
    some.builds(Shifted, some_dates, some.integers(-60, 60)),
    some.builds(Shifted, some.just(MonthEnd(12)), some.integers(1, 300), some.just(1)),
)
all_days = some.one_of(some_days, some.builds(DayBefore, some_days))
some_ends = some.none() | some.dates(date(2020, 1, 1), date(2040, 12, 31))
each_years = some.builds(
    EachYear,
    all_days,
    some.none() | some_dates,
    some.integers(0, 1),
    some.integers(2020, 2030),
    some.integers(1, 4),
    some_ends,
)
some_rules = some.one_of(
    some.builds(Once, some.dates(date(2020, 1, 1), date(2040, 12, 31)), some_ends),
    each_years,
    some.builds(
        SeveralAYear, some.lists(each_years, min_size=2, max_size=3).map(tuple), some.just(2020), until=some_ends
    ),
    some.builds(EachPart, some.sampled_from([1, 2, 3, 4, 6, 12]), some.integers(2020, 2030), until=some_ends),
    some.builds(Relative, some.just(("a", "b")), some.integers(-100, 100)),
)


@given(some_rules, some.integers(2019, 2041))
def test_a_rule_comes_back_from_json_as_it_was(rule: Rule, year: int) -> None:
    kept = from_data(json.loads(json.dumps(as_data(rule))))

    assert kept == rule
    assert occurrences(kept, year) == occurrences(rule, year)
    assert words_of(kept) == words_of(rule)


@given(all_days, some.integers(1990, 2100))
def test_each_year_has_each_day_once(day: YearDay, year: int) -> None:
    found = day.in_year(year)

    assert abs(found.year - year) <= 1
    if isinstance(day, NthWeekday):
        assert (found.month, found.weekday()) == (day.month, day.weekday)
    if isinstance(day, MonthEnd):
        later = [found + timedelta(days=ahead) for ahead in range(1, 8)]
        assert not any(one.month == day.month and one.weekday() < 5 and one not in holidays(year) for one in later)
    if isinstance(day, FromEaster):
        assert (found - easter(year)).days == day.days


@given(some.integers(1990, 2100), some.sampled_from([1, 2, 3, 4, 6, 12]))
def test_parts_cover_a_year_without_gap_or_overlap(year: int, parts: int) -> None:
    spans = parts_of(year, parts)

    assert (spans[0][0], spans[-1][1]) == (date(year, 1, 1), date(year, 12, 31))
    assert [last + timedelta(days=1) for _first, last in spans[:-1]] == [first for first, _last in spans[1:]]
