"""Who has much to do gets one mail where three would go, and loses nothing by it."""

from dataclasses import replace
from datetime import date

from test_planning import ANNA, SUUS
from worlds import CALENDAR, action, person, rehearsal, run_daily, situation

from cycle.domain.ladders import Answered, OpenItem, What
from cycle.domain.model import LadderKind, Role
from cycle.domain.planning import reminders_due
from cycle.domain.rhythm import Rhythms

FIRST, LAST = date(2027, 5, 3), date(2027, 9, 30)
DAYS = {1: date(2027, 7, 15), 2: date(2027, 7, 16), 3: date(2027, 8, 10)}


def lines_of(mails, person):
    return [line for mail in mails for line in mail.reminders if line.person == person]


def test_who_leads_three_deadlines_gets_them_together_and_each_a_week_before_and_at_the_last() -> None:
    few = situation([action(number, DAYS[number], "clavis") for number in (1, 2)], [ANNA, SUUS])
    many = replace(few, items=[action(number, day, "clavis") for number, day in DAYS.items()])

    apart, together = ([mail for mail in run_daily(world, FIRST, LAST)[0] if mail.person == 1] for world in (few, many))

    assert (len(apart), len(together)) == (13, 5)
    lines = lines_of(together, 1)
    before = {one: [line.days_left for line in lines if line.deadline == one and line.days_left >= 0] for one in DAYS}
    assert {one: (max(days) >= 7, min(days) <= 1) for one, days in before.items()} == dict.fromkeys(DAYS, (True, True))
    assert [line for line in lines if line.missed] == []


def test_what_is_rehearsed_of_it_is_what_goes() -> None:
    world = situation([action(number, day, "clavis") for number, day in DAYS.items()], [ANNA, SUUS])

    assert list(rehearsal([world], FIRST, LAST)) == run_daily(world, FIRST, LAST)[0]


def test_what_waited_while_nothing_could_go_says_since_when_it_should_have() -> None:
    world = situation([action(number, day, "clavis") for number, day in DAYS.items()], [ANNA, SUUS])

    mails, _ledger = run_daily(
        world, FIRST, LAST, can_send=lambda day: not date(2027, 7, 5) <= day <= date(2027, 7, 13)
    )

    first = next(line for line in lines_of(mails, 1) if line.on > date(2027, 7, 5))
    assert (first.on, first.deadline, first.missed) == (date(2027, 7, 14), 1, (date(2027, 7, 8),))


def test_what_the_secretariat_is_told_waits_for_its_overview_and_a_week_at_most() -> None:
    world = situation([action(1, date(2027, 7, 15), "clavis")], [ANNA, SUUS])

    told = {}
    for day in (None, 0, 3):
        mails = list(rehearsal([world], FIRST, LAST, rhythms=Rhythms(CALENDAR, overview_day=day)))
        told[day] = [line.on for line in lines_of(mails, SUUS.person) if line.what is What.ESCALATE]

    assert told == {None: [date(2027, 8, 5)], 0: [date(2027, 8, 9)], 3: [date(2027, 8, 5)]}


def test_who_sits_at_a_meeting_puts_off_no_reminder_of_another_of_the_party() -> None:
    day, until = date(2027, 9, 15), date(2027, 9, 20)
    colleague = person(5, "clavis", Role.READER)
    meeting = OpenItem(1, LadderKind.MEETING, day, open_leads=("clavis",), meeting_day=day, members=(5,))
    said = {who: (Answered("clavis", who, not_before=until),) for who in (1, 5)}

    told = {}
    for who, answers in ({0: ()} | said).items():
        world = situation([meeting._replace(answers=answers)], [ANNA, colleague, SUUS])
        told[who] = [(line.person, line.what) for line in reminders_due(world, date(2027, 9, 16))]

    assert (1, What.HELD) in told[0]
    assert told[5] == told[0]
    assert told[1] == [one for one in told[0] if one[0] != 1]
