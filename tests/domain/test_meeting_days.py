"""Days on which a meeting can be held: what rules a day out, what only warns, and which come first (domain.md 6)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from cycle.domain.meeting_days import SchoolHoliday, SchoolHolidays, away_on, options, warnings_of
from cycle.domain.model import Member, Role
from cycle.domain.workdays import QuietPeriod, WorkCalendar
from cycle.errors import SettingsError
from cycle.settings.schools import SHIPPED, school_holidays

CALENDAR = WorkCalendar(frozenset({date(2027, 4, 13)}), (QuietPeriod((4, 19), (4, 21)),))
SCHOOLS = SchoolHolidays(
    "zuid", date(2027, 1, 1), date(2027, 12, 31), (SchoolHoliday("meivakantie", date(2027, 4, 24), date(2027, 5, 2)),)
)
APRIL = (date(2027, 4, 1), date(2027, 4, 30))


def member(person: int, name: str, *away: tuple[date, date]) -> Member:
    return Member(person, name, f"{person}@x.example", "gemeente", Role.CONTACT, away=away)


def test_days_off_and_quiet_periods_are_never_offered() -> None:
    for one in options(*APRIL, CALENDAR, SCHOOLS, [], most=30):
        assert CALENDAR.is_mail_day(one.day)


def test_a_day_in_a_school_holiday_comes_last_and_says_so() -> None:
    found = options(*APRIL, CALENDAR, SCHOOLS, [], most=30)
    assert [one.day >= date(2027, 4, 24) for one in found] == [False] * (len(found) - 1) + [True]
    assert found[-1].warnings == ("Schoolvakantie in regio zuid: meivakantie (24 april tot en met 2 mei 2027).",)
    assert found[0].reasons == ("Gewone werkdag", "geen schoolvakantie")


def test_a_day_on_which_many_are_away_comes_after_the_others() -> None:
    three = [member(1, "Anna", APRIL), member(2, "Bert", (date(2027, 4, 1), date(2027, 4, 16))), member(3, "Cor")]
    found = options(*APRIL, CALENDAR, SchoolHolidays(), three, most=30)

    away = [len(away_on(one.day, three)) for one in found]
    assert away == sorted(away)
    assert found[-1].warnings == ("2 van de 3 mensen zijn afwezig: Anna en Bert.",)


def test_days_lie_apart_and_are_not_those_of_other_meetings() -> None:
    taken = {date(2027, 4, 15): "Werkgroep"}
    days = [one.day for one in options(*APRIL, CALENDAR, SCHOOLS, [], taken=taken)]
    assert date(2027, 4, 15) not in days
    assert min(abs((one - other).days) for one in days for other in days if one != other) >= 5


def test_an_address_that_does_not_work_is_no_absence() -> None:
    assert away_on(date(2027, 4, 8), [replace(member(1, "Anna"), unreachable=True)]) == []


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2027, 4, 13), ["Dit is een vrije dag of een weekend."]),
        (date(2027, 4, 20), ["Dit valt in een rustperiode."]),
        (
            date(2028, 4, 20),
            ["Dit valt in een rustperiode.", "De schoolvakanties van dit jaar zijn hier nog niet bekend."],
        ),
        (date(2027, 4, 15), []),
    ],
)
def test_a_day_that_somebody_chooses_is_warned_about(day: date, said: list[str]) -> None:
    assert warnings_of(day, CALENDAR, SCHOOLS, []) == said


def test_a_window_without_any_good_day_offers_nothing() -> None:
    assert options(date(2027, 4, 17), date(2027, 4, 18), CALENDAR, SCHOOLS, []) == ()
    assert options(date(2027, 4, 18), date(2027, 4, 17), CALENDAR, SCHOOLS, []) == ()


@pytest.mark.parametrize("region", ["noord", "midden", "zuid"])
def test_the_shipped_table_is_whole_and_of_whole_weeks(region: str) -> None:
    table = school_holidays(region)
    starts = [one.first for one in table.holidays]
    assert starts == sorted(starts)
    assert {one.first.weekday() for one in table.holidays} == {5}
    assert {one.last.weekday() for one in table.holidays} == {6}
    for name, weeks in (("kerstvakantie", 2), ("voorjaarsvakantie", 1), ("meivakantie", 1), ("zomervakantie", 6)):
        mine = [one for one in table.holidays if one.name == name]
        assert [one.last.year for one in mine] == [2026, 2027, 2028, 2029, 2030]
        assert {(one.last - one.first + timedelta(1)).days for one in mine} == {7 * weeks + 2}
    assert [one.first.year for one in table.holidays if one.name == "herfstvakantie"] == [2026, 2027, 2028, 2029]
    assert (table.first, table.last) == (date(2026, 1, 1), date(2030, 9, 1))


def test_the_regions_start_their_summers_apart() -> None:
    summers = {
        region: [one.first for one in school_holidays(region).holidays if one.name == "zomervakantie"]
        for region in ("noord", "midden", "zuid")
    }
    for three in zip(*summers.values(), strict=True):
        assert sorted((one - min(three)).days for one in three) == [0, 7, 14]


def test_the_table_names_its_source() -> None:
    assert "rijksoverheid.nl" in SHIPPED.read_text(encoding="utf-8")


def test_a_table_that_cannot_be_read_is_a_sentence(tmp_path) -> None:
    file = tmp_path / "eigen.toml"
    file.write_text("[zuid]\nmeivakantie = 3\n")
    with pytest.raises(SettingsError) as refused:
        school_holidays("zuid", file)
    assert [one.what for one in refused.value.faults] == ["De schoolvakanties van regio zuid zijn niet te lezen."]
