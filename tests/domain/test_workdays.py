"""Holidays, the last working day, quiet periods, and one moment per day (domain.md sections 5 and 6, rule C8)."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from worlds import days

from cycle.domain.easter import easter
from cycle.domain.workdays import QuietPeriod, WorkCalendar, holidays, kings_day, local_day, moment

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
YEARS = range(2020, 2041)


# -- holidays ---------------------------------------------------------------------------------------------------------


def test_the_holidays_of_2027_are_those_of_the_algemene_termijnenwet() -> None:
    assert holidays(2027) == {
        date(2027, 1, 1): "Nieuwjaarsdag",
        date(2027, 3, 26): "Goede Vrijdag",
        date(2027, 3, 28): "Eerste Paasdag",
        date(2027, 3, 29): "Tweede Paasdag",
        date(2027, 4, 27): "Koningsdag",
        date(2027, 5, 5): "Bevrijdingsdag",
        date(2027, 5, 6): "Hemelvaartsdag",
        date(2027, 5, 16): "Eerste Pinksterdag",
        date(2027, 5, 17): "Tweede Pinksterdag",
        date(2027, 12, 25): "Eerste Kerstdag",
        date(2027, 12, 26): "Tweede Kerstdag",
    }


def test_the_holidays_of_2028_are_those_of_the_algemene_termijnenwet() -> None:
    assert holidays(2028) == {
        date(2028, 1, 1): "Nieuwjaarsdag",
        date(2028, 4, 14): "Goede Vrijdag",
        date(2028, 4, 16): "Eerste Paasdag",
        date(2028, 4, 17): "Tweede Paasdag",
        date(2028, 4, 27): "Koningsdag",
        date(2028, 5, 5): "Bevrijdingsdag",
        date(2028, 5, 25): "Hemelvaartsdag",
        date(2028, 6, 4): "Eerste Pinksterdag",
        date(2028, 6, 5): "Tweede Pinksterdag",
        date(2028, 12, 25): "Eerste Kerstdag",
        date(2028, 12, 26): "Tweede Kerstdag",
    }


def test_kings_day_on_a_sunday_is_kept_on_the_saturday() -> None:
    on_the_26th = [year for year in YEARS if kings_day(year) == date(year, 4, 26)]

    assert on_the_26th == [2025, 2031, 2036]
    assert all(kings_day(year) == date(year, 4, 27) for year in YEARS if year not in on_the_26th)


@pytest.mark.parametrize("year", YEARS)
def test_5_may_and_goede_vrijdag_are_free_every_year(year: int) -> None:
    calendar = WorkCalendar()

    assert not calendar.is_working(date(year, 5, 5))
    assert not calendar.is_working(easter(year) - timedelta(2))


@pytest.mark.parametrize(
    "sunday",
    [
        date(1961, 4, 2),
        date(2000, 4, 23),
        date(2008, 3, 23),
        date(2011, 4, 24),
        date(2016, 3, 27),
        date(2018, 4, 1),
        date(2019, 4, 21),
        date(2024, 3, 31),
        date(2025, 4, 20),
        date(2026, 4, 5),
        date(2027, 3, 28),
        date(2028, 4, 16),
        date(2029, 4, 1),
        date(2030, 4, 21),
        date(2038, 4, 25),
        date(2076, 4, 19),
    ],
)
def test_easter_falls_where_the_almanac_has_it(sunday: date) -> None:
    assert easter(sunday.year) == sunday


# -- working days and mail days ---------------------------------------------------------------------------------------


def test_the_days_off_in_the_weeks_around_easter_2027() -> None:
    calendar = WorkCalendar()

    off = [day for day in days(date(2027, 3, 22), date(2027, 4, 2)) if not calendar.is_working(day)]

    assert off == [date(2027, 3, 26), date(2027, 3, 27), date(2027, 3, 28), date(2027, 3, 29)]


def test_an_extra_free_day_is_no_working_day() -> None:
    calendar = WorkCalendar(free_days=frozenset({date(2027, 5, 7)}))

    assert not calendar.is_working(date(2027, 5, 7))
    assert calendar.shown(date(2027, 5, 9)) == date(2027, 5, 4)


@pytest.mark.parametrize(
    ("due", "shown"),
    [
        (date(2027, 3, 31), date(2027, 3, 31)),  # Wednesday, vóór 1 april 2027
        (date(2029, 4, 1), date(2029, 3, 29)),  # Easter Sunday, after Goede Vrijdag
        (date(2029, 3, 31), date(2029, 3, 29)),  # vóór 1 april 2029
        (date(2028, 4, 1), date(2028, 3, 31)),  # Saturday
        (date(2028, 7, 1), date(2028, 6, 30)),  # Saturday
        (date(2028, 4, 30), date(2028, 4, 28)),  # Sunday after Koningsdag: rent letters by Friday
        (date(2027, 12, 26), date(2027, 12, 24)),  # a quiet day is still a working day
        (date(2027, 1, 3), date(2026, 12, 31)),  # over New Year
    ],
)
def test_a_due_date_is_shown_as_the_last_working_day_on_or_before_it(due: date, shown: date) -> None:
    assert WorkCalendar().shown(due) == shown


def test_no_due_date_is_ever_shown_later_or_on_a_free_day() -> None:
    calendar = WorkCalendar()

    shown = [(due, calendar.shown(due)) for due in days(date(2020, 1, 1), date(2040, 12, 31))]

    assert [pair for pair in shown if pair[1] > pair[0] or not calendar.is_working(pair[1])] == []
    assert max(due - day for due, day in shown) == timedelta(5)  # 2038: Easter against Koningsdag


def test_the_quiet_period_runs_over_new_year() -> None:
    calendar = WorkCalendar()

    without_mail = [day for day in days(date(2026, 12, 21), date(2027, 1, 6)) if not calendar.is_mail_day(day)]

    assert without_mail == list(days(date(2026, 12, 24), date(2027, 1, 3)))  # 3 January is a Sunday


def test_a_quiet_period_within_one_year_counts_both_its_ends() -> None:
    calendar = WorkCalendar(quiet=(QuietPeriod((7, 26), (8, 6)),))

    without_mail = [day for day in days(date(2027, 7, 20), date(2027, 8, 11)) if not calendar.is_mail_day(day)]

    assert without_mail == [date(2027, 7, 24), date(2027, 7, 25), *days(date(2027, 7, 26), date(2027, 8, 8))]


def test_without_a_quiet_period_every_working_day_gets_mail() -> None:
    calendar = WorkCalendar(quiet=())

    assert calendar.is_mail_day(date(2027, 12, 24))
    assert calendar.is_mail_day(date(2027, 12, 31))


@pytest.mark.parametrize(
    ("day", "before", "after"),
    [
        (date(2027, 3, 25), date(2027, 3, 25), date(2027, 3, 25)),  # a mail day itself
        (date(2027, 3, 26), date(2027, 3, 25), date(2027, 3, 30)),  # Goede Vrijdag
        (date(2027, 5, 5), date(2027, 5, 4), date(2027, 5, 7)),  # Bevrijdingsdag against Hemelvaartsdag
        (date(2026, 12, 31), date(2026, 12, 23), date(2027, 1, 4)),  # the quiet period
    ],
)
def test_the_mail_days_around_a_day(day: date, before: date, after: date) -> None:
    calendar = WorkCalendar()

    assert (calendar.mail_day_before(day), calendar.mail_day_after(day)) == (before, after)


# -- one moment per day (rule C8) -------------------------------------------------------------------------------------


@pytest.mark.parametrize("at", [time(0), time(2), time(2, 30), time(3), time(9)], ids=str)
def test_c8_every_day_has_exactly_one_moment_and_they_only_go_forward(at: time) -> None:
    dates = list(days(date(2026, 1, 1), date(2030, 12, 31)))

    moments = [moment(day, at, AMSTERDAM) for day in dates]

    assert [local_day(one, AMSTERDAM) for one in moments] == dates
    assert all(earlier < later for earlier, later in pairwise(moments))
    assert {one.tzinfo for one in moments} == {UTC}


@pytest.mark.parametrize(
    ("at", "utc"),
    [
        (time(0), datetime(2027, 3, 27, 23, tzinfo=UTC)),
        (time(1, 59), datetime(2027, 3, 28, 0, 59, tzinfo=UTC)),
        (time(2), datetime(2027, 3, 28, 1, tzinfo=UTC)),  # 02.00 does not exist: 03.00 summer time
        (time(2, 30), datetime(2027, 3, 28, 1, tzinfo=UTC)),
        (time(3), datetime(2027, 3, 28, 1, tzinfo=UTC)),
        (time(9), datetime(2027, 3, 28, 7, tzinfo=UTC)),
    ],
)
def test_c8_in_the_night_that_the_clock_goes_forward_a_lost_time_is_the_first_minute_after(
    at: time, utc: datetime
) -> None:
    assert moment(date(2027, 3, 28), at, AMSTERDAM) == utc


@pytest.mark.parametrize(
    ("at", "utc"),
    [
        (time(0), datetime(2026, 10, 24, 22, tzinfo=UTC)),
        (time(2), datetime(2026, 10, 25, 0, tzinfo=UTC)),  # the first of the two, still summer time
        (time(2, 30), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        (time(2, 30, fold=1), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        (time(3), datetime(2026, 10, 25, 2, tzinfo=UTC)),
        (time(9), datetime(2026, 10, 25, 8, tzinfo=UTC)),
    ],
)
def test_c8_in_the_night_that_the_clock_goes_back_a_double_time_is_the_first(at: time, utc: datetime) -> None:
    assert moment(date(2026, 10, 25), at, AMSTERDAM) == utc
