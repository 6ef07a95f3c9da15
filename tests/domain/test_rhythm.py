"""Own rhythm: fewer mails, on the days somebody chose, without losing a line or passing a day.

The worlds are those of `test_promises`, with a rhythm for some people.
"""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import hypothesis.strategies as st
import pytest
from hypothesis import given
from test_promises import FIRST, LAST, check, check_twice_as_many, is_up, outages, worlds
from worlds import CALENDAR, action, days, person, rehearsal, run_daily, situation

from cycle.domain.addressing import Members
from cycle.domain.mail_plan import Digest
from cycle.domain.model import Role
from cycle.domain.rhythm import EVERY_DAY, MailWeek, Rhythm, Rhythms
from cycle.domain.situation import Situation

MONDAYS = Rhythm(weekdays=frozenset({0}))
TWICE = Rhythm(per_week=2)
TODAY = date(2027, 7, 7)

some_rhythm = st.builds(
    Rhythm,
    weekdays=st.frozensets(st.integers(0, 4), min_size=1),
    per_week=st.integers(1, 5),
)


@st.composite
def rhythms_of(draw: st.DrawFn, world: Situation) -> Rhythms:
    own = draw(st.dictionaries(st.integers(1, 8), some_rhythm, max_size=6))
    usual, day = draw(st.one_of(st.just(Rhythm()), some_rhythm)), draw(st.one_of(st.none(), st.integers(0, 4)))
    return Rhythms(world.policy.calendar, usual, own, day, draw(st.sampled_from([frozenset(), frozenset({1})])))


worlds_in_rhythm = worlds().flatmap(lambda world: st.tuples(st.just(world), rhythms_of(world)))


def weeks(mails: list[Digest]) -> Counter:
    return Counter((mail.person, mail.on.isocalendar()[:2]) for mail in mails)


# -- promises ---------------------------------------------------------------------------------------------------------


@check
@given(worlds_in_rhythm)
def test_c10_the_rehearsal_in_rhythm_is_what_running_every_single_day_sends(both: tuple[Situation, Rhythms]) -> None:
    world, rhythms = both
    assert list(rehearsal([world], FIRST, LAST, rhythms=rhythms)) == run_daily(world, FIRST, LAST, rhythms=rhythms)[0]


@check
@given(worlds_in_rhythm, outages, st.dates(FIRST, LAST))
def test_c10_a_rehearsal_from_the_middle_knows_the_mails_of_this_week(both, outage, today: date) -> None:
    world, rhythms = both
    whole, _ledger = run_daily(world, FIRST, LAST, lambda day: day >= today or is_up(outage)(day), rhythms=rhythms)
    before = [mail for mail in whole if mail.on < today]
    ledger = {line.told: mail.on for mail in before for line in mail.reminders}
    monday = today - timedelta(today.weekday())
    had: dict[int, list[date]] = {}
    for mail in before:
        if mail.on >= monday:
            had.setdefault(mail.person, []).append(mail.on)

    rest = list(rehearsal([replace(world, ledger=ledger)], today, LAST, rhythms=rhythms, had=had))

    assert rest == [mail for mail in whole if mail.on >= today]


@check_twice_as_many
@given(worlds_in_rhythm, outages)
def test_only_what_cannot_wait_comes_above_the_mails_and_outside_the_days_that_somebody_chose(both, outage) -> None:
    world, rhythms = both
    sent = run_daily(world, FIRST, LAST, is_up(outage), rhythms=rhythms)[0]

    nobody_gets_more_mails_a_week_than_chosen_but_for_what_cannot_wait(sent, rhythms)
    a_mail_on_another_day_than_chosen_holds_something_that_could_not_wait(sent, rhythms)


def nobody_gets_more_mails_a_week_than_chosen_but_for_what_cannot_wait(sent: list[Digest], rhythms: Rhythms) -> None:
    assert len({(mail.person, mail.on) for mail in sent}) == len(sent)
    for (who, week), number in weeks(sent).items():
        mine = [mail for mail in sent if mail.person == who and mail.on.isocalendar()[:2] == week]
        forced = [mail for mail in mine if mail.has_overview or any(line.goes_by for line in mail.reminders)]
        assert number <= max(rhythms.of(who).per_week, 0) + len(forced)


def a_mail_on_another_day_than_chosen_holds_something_that_could_not_wait(sent: list[Digest], rhythms: Rhythms) -> None:
    for mail in sent:
        is_own = rhythms.of(mail.person).is_own_day(mail.on, rhythms.calendar)
        assert is_own or mail.has_overview or any(line.goes_by for line in mail.reminders)


@check
@given(worlds_in_rhythm)
def test_the_last_rung_before_the_day_always_goes_and_never_later_than_the_day(both) -> None:
    world, rhythms = both
    steady = replace(world, members=[replace(one, since=None, until=None) for one in world.members])
    usual = {line.told: line for mail in run_daily(steady, FIRST, LAST)[0] for line in mail.reminders if line.goes_by}
    chosen = {line.told: line for mail in run_daily(steady, FIRST, LAST, rhythms=rhythms)[0] for line in mail.reminders}

    def is_told_in_time(line) -> bool:
        """By itself, or by a later rung of the same question that took its place while it waited."""
        same = [
            other.on
            for other in chosen.values()
            if (other.deadline, other.party, other.counted_from) == (line.deadline, line.party, line.counted_from)
        ]
        return any(line.on <= on <= max(line.on, line.goes_by) for on in same)

    assert [line for line in usual.values() if line.goes_by <= LAST and not is_told_in_time(line)] == []


@check
@given(worlds_in_rhythm)
def test_what_waits_is_told_within_two_weeks_or_by_a_later_rung(both) -> None:
    world, rhythms = both
    rhythms = replace(rhythms, calendar=CALENDAR)  # without a summer stop of six weeks
    steady = replace(
        world,
        policy=replace(world.policy, calendar=CALENDAR),
        members=[replace(one, since=None, until=None) for one in world.members],
    )
    usual = [line for mail in run_daily(steady, FIRST, LAST)[0] for line in mail.reminders]
    chosen = run_daily(steady, FIRST, LAST + timedelta(60), rhythms=rhythms)[0]

    told = {(line.deadline, line.party, line.counted_from) for mail in chosen for line in mail.reminders}
    assert [line for line in usual if (line.deadline, line.party, line.counted_from) not in told] == []


@check
@given(st.dates(FIRST, LAST), some_rhythm)
def test_every_rhythm_has_a_day_in_every_fortnight_outside_quiet_periods(day: date, rhythm: Rhythm) -> None:
    week = MailWeek(Rhythms(CALENDAR, rhythm))
    assert (week.next_day(1, day) - day).days <= 21


# -- examples ---------------------------------------------------------------------------------------------------------

ANNA, SUUS = person(2, "clavis"), person(1, "gemeente", Role.SECRETARIAT)


def told(world: Situation, rhythm: Rhythm, first: date, last: date) -> list[tuple[str, str]]:
    rhythms = Rhythms(CALENDAR, own={2: rhythm})
    mails = rehearsal([world], first, last, rhythms=rhythms)
    return [(mail.on.isoformat(), line.rung) for mail in mails for line in mail.reminders if mail.person == 2]


def test_who_wants_mail_on_mondays_gets_it_on_mondays_and_on_the_last_day_itself() -> None:
    world = situation([action(1, date(2027, 7, 15), "clavis")], [ANNA, SUUS])

    assert told(world, MONDAYS, date(2027, 6, 1), date(2027, 8, 3)) == [
        ("2027-06-21", "-30"),
        ("2027-07-05", "-14"),
        ("2027-07-12", "-7"),
        ("2027-07-15", "0"),
        ("2027-07-26", "7"),
        ("2027-08-02", "14"),
    ]


def test_a_monday_that_is_free_moves_to_the_first_mail_day_after_it() -> None:
    easter_monday = date(2027, 3, 29)
    assert [MONDAYS.is_own_day(easter_monday + timedelta(number), CALENDAR) for number in range(3)] == [
        False,
        True,
        False,
    ]


def test_a_day_without_mail_by_choice_was_not_missed() -> None:
    world = situation([action(1, date(2027, 7, 15), "clavis")], [ANNA, SUUS])
    mails = rehearsal([world], date(2027, 6, 1), date(2027, 8, 3), rhythms=Rhythms(CALENDAR, own={2: MONDAYS}))
    assert {line.missed for mail in mails for line in mail.reminders} == {()}


def test_a_mail_too_many_in_a_week_waits_for_the_next_and_folds_in() -> None:
    world = situation([action(number, date(2027, 8, 16 + number), "clavis") for number in range(2)], [ANNA, SUUS])
    lines = told(world, Rhythm(per_week=1), date(2027, 7, 5), date(2027, 8, 16))
    days_told = Counter(day for day, _rung in lines if day >= "2027-08-09")  # a week before the days, each on its own
    assert days_told == {"2027-08-09": 1, "2027-08-16": 2}  # one waited, and both are near


@pytest.mark.parametrize("weekday", EVERY_DAY)
def test_b6_the_overview_comes_on_its_day_with_or_without_reminders(weekday: int) -> None:
    world = situation([action(1, date(2027, 7, 15), "clavis")], [ANNA, SUUS])
    rhythms = Rhythms(CALENDAR, overview_day=weekday)
    mails = [mail for mail in rehearsal([world], TODAY, TODAY + timedelta(13), rhythms=rhythms) if mail.person == 1]
    assert [(mail.on.weekday(), mail.has_overview, mail.reminders) for mail in mails] == [(weekday, True, ())] * 2


def test_b6_who_stopped_the_overview_gets_none() -> None:
    rhythms = Rhythms(CALENDAR, overview_day=0, no_overview=frozenset({1}))
    assert list(rehearsal([situation([], [SUUS])], TODAY, TODAY + timedelta(60), rhythms=rhythms)) == []


def test_b6_who_stops_the_overview_leaves_it_to_who_keeps_the_secretariat_beside_them() -> None:
    second = replace(SUUS, person=7, name="Tweede", since=date(2026, 12, 1))
    world = situation([], [SUUS, second])

    def readers(*stopped: int) -> list[tuple[int, tuple[int, ...]]]:
        rhythms = Rhythms(CALENDAR, overview_day=0, no_overview=frozenset(stopped))
        mails = rehearsal([world], TODAY, TODAY + timedelta(6), rhythms=rhythms)
        return [(mail.person, mail.overview_of) for mail in mails if mail.has_overview]

    assert [readers(), readers(SUUS.person), readers(SUUS.person, 7)] == [[(SUUS.person, (0,))], [(7, (0,))], []]


def test_a_named_deputy_gets_the_mail_while_somebody_is_away_and_not_longer() -> None:
    stretch = (date(2027, 7, 1), date(2027, 7, 10))
    away = replace(ANNA, away=(stretch,), stand_ins=((*stretch, 3),))
    other = person(3, "wzv", Role.READER)
    world = situation([action(1, date(2027, 7, 15), "clavis")], [away, other, SUUS])
    mails = rehearsal([world], date(2027, 6, 1), date(2027, 7, 16))
    assert [(mail.on.isoformat(), mail.person) for mail in mails] == [
        ("2027-06-15", 2),
        ("2027-07-01", 3),
        ("2027-07-08", 3),
        ("2027-07-14", 2),
        ("2027-07-15", 2),
    ]


def test_a_director_who_is_away_is_replaced_and_never_written_to() -> None:
    away = ((TODAY, TODAY),)
    dirk = person(4, "clavis", Role.DIRECTOR, away=away)
    deputy, colleague = person(5, "clavis", Role.DEPUTY), person(6, "clavis", Role.DIRECTOR)
    named = replace(dirk, stand_ins=((TODAY, TODAY, 2),))
    found = [
        Members(people, TODAY).director("clavis")
        for people in ([dirk, colleague], [named, ANNA], [dirk, deputy], [dirk, ANNA], [ANNA])
    ]
    assert [one.person if one else None for one in found] == [6, 2, 5, None, None]


def test_days_are_counted_to_the_fifth_of_five() -> None:
    week = MailWeek(Rhythms(CALENDAR, Rhythm(per_week=1)), {1: {date(2027, 7, 5)}})
    assert [week.may_have(1, day) for day in days(date(2027, 7, 6), date(2027, 7, 12))] == [False] * 6 + [True]
