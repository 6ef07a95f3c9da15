"""Days and times as people write them, and how far a day may lie from today."""

from datetime import date, time

import pytest

from cycle.domain import days
from cycle.errors import Refused

TODAY = date(2026, 11, 21)
REACHES = (
    days.DEADLINE,
    days.MEETING,
    days.SEAT,
    days.ABSENCE,
    days.LEAVING,
    days.TERM,
    days.LOOK_BACK,
    days.KEPT_YEAR,
    days.REHEARSED,
)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("31-3-2027", date(2027, 3, 31)),
        ("31/03/2027", date(2027, 3, 31)),
        (" 31 maart 2027 ", date(2027, 3, 31)),
        ("2027-03-31", date(2027, 3, 31)),
        ("31-3-0027", date(27, 3, 31)),  # a day, but no rule allows it
        ("31-12-9999", date(9999, 12, 31)),
        ("31-3-27", None),
        ("31-2-2027", None),
        ("٣١-٣-٢٠٢٧", None),
        ("1_0-3-2027", None),
        ("+1-3-2027", None),
        ("2027-W13-3", None),
        ("20270331", None),
        ("0000-01-01", None),
        ("morgen", None),
        ("", None),
    ],
)
def test_a_day_is_read_as_people_type_it_and_nothing_else_is(typed, day):
    assert days.parse_day(typed) == day


@pytest.mark.parametrize(
    ("typed", "at"),
    [
        ("14:00", time(14)),
        ("9.30", time(9, 30)),
        ("09:30", time(9, 30)),
        ("14", time(14)),
        ("14 uur", time(14)),
        ("14.30u", time(14, 30)),
        ("14:00:00", time(14)),
        ("0:00", time(0)),
        ("24:00", None),
        ("14:60", None),
        ("14:00+02:00", None),
        ("14:00Z", None),
        ("14:00:30", None),
        ("14:00:00.5", None),
        ("T14:00", None),
        ("1400", None),
        ("١٤:٠٠", None),
        ("-1:00", None),
        ("", None),
    ],
)
def test_a_time_is_read_from_the_clock_on_the_wall_without_a_zone(typed, at):
    assert days.parse_time(typed) == at


@pytest.mark.parametrize("reach", REACHES)
def test_each_kind_of_day_has_a_rule_that_holds_today_and_none_of_the_slips(reach):
    around = reach.around(TODAY)

    assert around.holds(TODAY)
    for slip in (date.min, date(27, 3, 31), date(1899, 12, 31), date(2999, 1, 1), date.max):
        assert not around.holds(slip)
        with pytest.raises(Refused):
            around.refuse(slip)
    around.refuse(None, TODAY)


@pytest.mark.parametrize("today", [date.min, date(1, 6, 1), date(9999, 6, 1), date.max])
def test_a_rule_can_be_asked_for_on_any_day(today):
    for reach in REACHES:
        around = reach.around(today)
        assert (around.first.year >= 1900, around.last.year <= 2199) == (True, True)


def test_a_refusal_says_which_days_can_be():
    with pytest.raises(Refused) as day:
        days.SEAT.around(TODAY).refuse(date(9999, 12, 31))
    with pytest.raises(Refused) as year:
        days.KEPT_YEAR.around(TODAY).refuse_year(0)

    assert (day.value.what, day.value.hint) == (
        "De datum 31 december 9999 kan niet kloppen.",
        "Kies een dag van 1 januari 1966 tot en met 31 december 2056. Is er geen einde? Laat de dag dan leeg.",
    )
    assert (year.value.what, year.value.hint) == (
        "Het jaar 0 kan niet kloppen.",
        "Kies een jaar van 2001 tot en met 2056.",
    )
    assert days.EVER.fault(date(2027, 1, 1)) == ""
    assert days.EVER.fault(date(1, 1, 1)) == (
        "De datum 1 januari 1 kan niet kloppen. Kies een dag van 1 januari 1900 tot en met 31 december 2199."
    )


def test_a_day_that_was_kept_before_the_rule_is_taken_as_the_nearest_possible_one():
    assert [days.possible(day) for day in (date.min, date(2027, 3, 31), date.max)] == [
        date(1900, 1, 1),
        date(2027, 3, 31),
        date(2199, 12, 31),
    ]


def test_an_end_at_the_end_of_all_days_is_no_end():
    ends = [None, date(2027, 3, 31), days.possible(date.max)]
    assert [days.end_of(day) for day in ends] == [None, date(2027, 3, 31), None]


@pytest.mark.parametrize("typed", ["2027-04-22", "22-4-2027", "22 april 2027", "donderdag 22 april 2027", "22/4/2027"])
def test_a_command_takes_a_day_in_any_dutch_way(typed):
    assert days.read_day(typed) == date(2027, 4, 22)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("22 april", "bij 22 april staat geen jaar."),
        ("29-2", "bij 29-2 staat geen jaar."),
        ("vrijdag 22 april 2027", "22 april 2027 is een donderdag, geen vrijdag."),
        ("2027-02-30", "'2027-02-30' is geen dag."),
        ("eind april", "'eind april' is geen dag."),
    ],
)
def test_a_command_asks_on_where_a_day_leaves_a_doubt(typed, said):
    with pytest.raises(Refused) as refused:
        days.read_day(typed)
    assert refused.value.what == said
