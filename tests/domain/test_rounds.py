"""Progress rounds and what people let know, in the plan: who is asked, when, and who is left in peace."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from worlds import CALENDAR, action, person, rehearsal, run_daily, situation

from cycle.domain.answering import common_light, days_to_choose
from cycle.domain.days import parse_day
from cycle.domain.ladders import Answered, OpenItem, What
from cycle.domain.model import LadderKind, Light, Role
from cycle.domain.rounds import Round
from cycle.domain.situation import Situation

SPRING = Round("voorjaarsoverleg", 2027, date(2027, 4, 1), date(2027, 4, 1))
AUTUMN = Round("najaarsoverleg", 2027, date(2027, 10, 1), date(2027, 10, 1))
MEETINGS = {("voorjaarsoverleg", 2027): SPRING.day, ("najaarsoverleg", 2027): AUTUMN.day}
PEOPLE = [person(1, "gemeente", Role.SECRETARIAT), person(2, "clavis"), person(3, "wzv")]
ASK, AGAIN = date(2027, 2, 25), date(2027, 3, 8)
UNDATED = OpenItem(1, LadderKind.YEARLY, None, open_leads=("clavis",), invented=True, agreements=("1.1",))
YEARLY = UNDATED._replace(id=2, due=date(2027, 12, 31), via="najaarsoverleg")
LETTER = OpenItem(3, LadderKind.LETTER, date(2027, 3, 31), open_leads=("clavis",), agreements=("5.9",))


def world(*items: OpenItem, rounds: tuple[Round, ...] = (SPRING, AUTUMN)) -> Situation:
    return situation(items, PEOPLE, meetings=MEETINGS, rounds=rounds)


def told(
    start: Situation, first: date = date(2027, 1, 4), last: date = date(2027, 12, 31)
) -> list[tuple[str, str, int]]:
    """Day, rung and person of every line of a year; rehearsed and run day by day alike."""
    rehearsed = list(rehearsal([start], first, last))
    assert rehearsed == run_daily(start, first, last)[0]
    return [(str(mail.on), line.rung, line.person) for mail in rehearsed for line in mail.reminders]


def test_what_has_no_date_is_asked_about_before_each_meeting_and_once_more() -> None:
    assert told(world(UNDATED)) == [
        ("2027-02-25", "ask", 2),
        ("2027-03-08", "again", 2),
        ("2027-08-27", "ask", 2),
        ("2027-09-06", "again", 2),
    ]


def test_a_yearly_agreement_that_its_ladder_asks_about_too_is_asked_once_for_a_meeting() -> None:
    assert told(world(YEARLY)) == told(world(UNDATED))
    assert told(world(YEARLY, rounds=())) == [("2027-08-27", "ask", 2)]


def test_a_meeting_that_gets_another_day_does_not_ask_all_over_again() -> None:
    start = world(UNDATED, rounds=(SPRING,))
    _sent, ledger = run_daily(start, date(2027, 1, 4), date(2027, 3, 10))

    moved = replace(start, ledger=ledger, rounds=(SPRING._replace(day=date(2027, 4, 22)),))

    assert told(moved, date(2027, 3, 11)) == []


@pytest.mark.parametrize(
    ("planned_on", "lines"),
    [
        ("2027-03-10", [("2027-03-10", "ask", 2, ()), ("2027-03-22", "again", 2, ())]),
        ("2027-03-26", [("2027-03-30", "ask", 2, ())]),  # after Easter; a repeat would come after the meeting
        ("2027-03-01", [("2027-03-01", "ask", 2, ()), ("2027-03-08", "again", 2, ())]),
    ],
)
def test_of_a_meeting_that_gets_its_day_late_nobody_is_asked_from_before_that_day(
    planned_on: str, lines: list[tuple[object, ...]]
) -> None:
    known = date.fromisoformat(planned_on)
    start = world(UNDATED, rounds=(SPRING._replace(known_since=known),))
    sent = [
        (str(mail.on), line.rung, line.person, line.missed)
        for mail in run_daily(start, known, date(2027, 4, 30))[0]
        for line in mail.reminders
    ]
    assert sent == lines


@pytest.mark.parametrize(("first", "missed"), [(date(2027, 3, 1), [ASK]), (date(2027, 3, 12), [ASK, AGAIN])])
def test_who_was_never_asked_is_not_told_that_we_heard_nothing(first: date, missed: list[date]) -> None:
    """Where nothing could be sent until the repeat is due too, that is the question, and it is not repeated at once."""
    start = world(UNDATED, rounds=(SPRING,))
    sent = [
        (mail.on, line.what, line.missed) for mail in run_daily(start, first, SPRING.day)[0] for line in mail.reminders
    ]
    rest = [(AGAIN, What.AGAIN, ())] if first < AGAIN else []
    assert sent == [(first, What.ASK, tuple(missed)), *rest]


def test_a_meeting_that_moves_after_the_round_began_repeats_what_was_not_answered() -> None:
    start = world(UNDATED, rounds=(SPRING,))
    _sent, ledger = run_daily(start, date(2027, 1, 4), date(2027, 3, 2))
    moved = SPRING._replace(day=date(2027, 4, 22), known_since=date(2027, 3, 3))

    assert told(replace(start, ledger=ledger, rounds=(moved,)), date(2027, 3, 3)) == [("2027-03-30", "again", 2)]


def test_after_the_meeting_nobody_is_asked_about_it_any_more() -> None:
    assert told(world(UNDATED, rounds=(SPRING,)), date(2027, 4, 2)) == []


@pytest.mark.parametrize(
    ("said_on", "rungs"),
    [(ASK - timedelta(1), ["ask", "again"]), (ASK, ["ask"]), (ASK + timedelta(5), ["ask"])],
)
def test_who_answered_since_the_question_is_not_asked_again(said_on: date, rungs: list[str]) -> None:
    item = UNDATED._replace(answers=(Answered("clavis", 2, said_on),))
    assert [rung for _day, rung, _person in told(world(item, rounds=(SPRING,)))] == rungs


def test_an_answer_of_one_lead_does_not_answer_for_the_other() -> None:
    item = UNDATED._replace(open_leads=("clavis", "wzv"), answers=(Answered("clavis", 2, ASK),))
    assert told(world(item, rounds=(SPRING,))) == [
        ("2027-02-25", "ask", 2),
        ("2027-02-25", "ask", 3),
        ("2027-03-08", "again", 3),
    ]


@pytest.mark.parametrize(
    "item",
    [
        UNDATED._replace(open_leads=(), had_leads=False),
        UNDATED._replace(agreements=()),
        UNDATED._replace(doubtful=True, due=date(2027, 5, 1)),
        UNDATED._replace(kind=LadderKind.MEETING, due=None),
        UNDATED._replace(window_start=date(2028, 1, 1)),
        YEARLY._replace(due=date(2028, 12, 31)),
    ],
)
def test_a_round_does_not_ask_about(item: OpenItem) -> None:
    assert [rung for _day, rung, _person in told(world(item)) if rung in ("ask", "again")] == []


def test_an_action_of_a_later_year_that_comes_only_once_is_asked_about_too() -> None:
    later = action(1, date(2028, 6, 1), "clavis", agreements=("2.3",), once=True)
    assert [rung for _day, rung, _person in told(world(later, rounds=(SPRING,)))] == ["ask", "again"]


def test_a_postponed_reminder_comes_on_the_chosen_day_and_the_rest_of_the_ladder_after_it() -> None:
    item = LETTER._replace(answers=(Answered("clavis", 2, not_before=date(2027, 3, 15)),))
    assert told(world(item, rounds=()), date(2027, 2, 4)) == [
        ("2027-03-15", "-16", 2),
        ("2027-03-24", "-7", 2),
        ("2027-03-31", "0", 2),
        ("2027-04-07", "7", 2),
        ("2027-04-12", "escalate", 1),
    ]


def test_the_last_reminder_goes_whatever_was_postponed() -> None:
    item = LETTER._replace(answers=(Answered("clavis", 2, not_before=date(2027, 5, 3)),))
    assert [day for day, rung, _person in told(world(item, rounds=()), date(2027, 2, 4)) if rung == "0"] == [
        "2027-03-31"
    ]


def test_a_postponement_of_one_lead_does_not_touch_the_other() -> None:
    both = LETTER._replace(open_leads=("clavis", "wzv"))
    item = both._replace(answers=(Answered("clavis", 2, not_before=date(2027, 3, 15)),))
    other = [line for line in told(world(both, rounds=())) if line[2] == 3]
    assert [line for line in told(world(item, rounds=())) if line[2] == 3] == other


def test_the_newest_answer_of_a_party_decides_when_it_hears_again() -> None:
    item = LETTER._replace(answers=(Answered("clavis", 4, not_before=date(2027, 3, 15)), Answered("clavis", 2, ASK)))
    assert told(world(item, rounds=())) == told(world(LETTER, rounds=()))


def test_what_is_not_theirs_goes_to_the_secretariat_from_then_on() -> None:
    item = UNDATED._replace(answers=(Answered("clavis", 2, ASK, declined=True),))
    assert told(world(item, rounds=(AUTUMN,))) == [("2027-08-27", "ask", 1), ("2027-09-06", "again", 1)]


@pytest.mark.parametrize(
    ("item", "today", "first", "last"),
    [
        (LETTER, date(2027, 2, 3), date(2027, 2, 4), date(2027, 3, 3)),  # four weeks
        (LETTER, date(2027, 3, 17), date(2027, 3, 18), date(2027, 3, 24)),  # up to the last but one
        (LETTER, date(2027, 3, 24), None, None),
        (LETTER, date(2027, 4, 2), None, None),  # the day is past
        (UNDATED, date(2027, 3, 8), date(2027, 3, 9), date(2027, 3, 25)),  # a week before the meeting
    ],
)
def test_the_days_to_choose(item: OpenItem, today: date, first: date | None, last: date | None) -> None:
    rungs = world(item).rungs_of(item)
    days = days_to_choose(item, rungs, today, CALENDAR)
    assert (days[0] if days else None, days[-1] if days else None) == (first, last)
    assert [day for day in days if not CALENDAR.is_mail_day(day)] == []


@pytest.mark.parametrize(
    ("lights", "together"),
    [
        ([], Light.GREY),
        ([Light.GREEN], Light.GREEN),
        ([Light.GREEN, Light.GREY], Light.GREY),
        ([Light.GREEN, Light.ORANGE], Light.ORANGE),
        ([Light.GREY, Light.RED, Light.ORANGE], Light.RED),
    ],
)
def test_one_light_for_several_leads_is_the_worst_that_anybody_gave(lights: list[Light], together: Light) -> None:
    assert common_light(lights) is together


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("31-3-2027", date(2027, 3, 31)),
        (" 31/03/2027 ", date(2027, 3, 31)),
        ("31 maart 2027", date(2027, 3, 31)),
        ("2027-03-31", date(2027, 3, 31)),
        ("1.5.2027", date(2027, 5, 1)),
        ("31-2-2027", None),
        ("31-3-27", None),
        ("maart 2027", None),
        ("", None),
        ("①-1-2027", None),
        ("1-1-1-2027", None),
    ],
)
def test_a_day_is_read_as_people_type_it(typed: str, day: date | None) -> None:
    assert parse_day(typed) == day


@pytest.mark.parametrize("kind", [LadderKind.LETTER, LadderKind.DOCUMENT, LadderKind.MEETING])
def test_what_has_a_running_ladder_of_its_own_is_not_asked_for_a_colour(kind: LadderKind) -> None:
    item = LETTER._replace(kind=kind)
    assert {rung for _day, rung, _person in told(world(item))} & {"ask", "again"} == set()


def test_what_is_yet_to_begin_is_asked_about_before_it_does() -> None:
    later = action(1, date(2027, 11, 30), "clavis", agreements=("2.3",), once=True, window_start=date(2027, 9, 1))
    assert [(day, rung) for day, rung, _person in told(world(later, rounds=(SPRING,)))][:2] == [
        ("2027-02-25", "ask"),
        ("2027-03-08", "again"),
    ]


@pytest.mark.parametrize(
    ("beside", "days"),
    [
        ((), ["2027-02-25", "2027-03-08", "2027-08-27", "2027-09-06"]),
        ((2028,), ["2027-02-25", "2027-03-08", "2027-08-27", "2027-09-06"]),
        ((2027, 2028), []),
        ((0,), []),
    ],
)
def test_what_another_deadline_asks_is_not_asked_twice(beside: tuple[int, ...], days: list[str]) -> None:
    assert [day for day, _rung, _person in told(world(UNDATED._replace(not_asked_in=beside)))] == days


@pytest.mark.parametrize(
    ("answer", "days"),
    [
        (Answered("clavis", 2, date(2027, 3, 16), said="groen"), ["2027-03-24", "2027-03-31"]),
        (
            Answered("clavis", 2, date(2027, 3, 16), said="oranje"),
            ["2027-03-11", "2027-03-17", "2027-03-24", "2027-03-31"],
        ),
        (
            Answered("clavis", 2, date(2027, 3, 10), date(2027, 3, 15), said="groen"),
            ["2027-03-15", "2027-03-24", "2027-03-31"],
        ),
        (
            Answered("clavis", 2, date(2027, 3, 10), said="oranje", next_on=date(2027, 3, 22)),
            ["2027-03-22", "2027-03-31"],
        ),
        (Answered("clavis", 2, date(2027, 3, 10), said="oranje", next_on=date(2027, 7, 15)), ["2027-03-31"]),
    ],
    ids=["green", "orange", "later", "a next step", "a step after the day"],
)
def test_what_was_said_is_not_asked_again_within_days_and_its_own_day_moves_the_next_line(
    answer: Answered, days: list[str]
) -> None:
    item = LETTER._replace(answers=(answer,))
    lines = told(world(item, rounds=()), date(2027, 3, 11), date(2027, 4, 2))
    assert [day for day, rung, _person in lines] == days


def test_a_round_asks_whatever_day_was_named_for_a_next_step() -> None:
    named = Answered("clavis", 2, date(2027, 2, 1), said="groen", next_on=date(2027, 12, 1))
    assert [rung for _day, rung, _person in told(world(UNDATED._replace(answers=(named,))))][:4] == [
        "ask",
        "again",
        "ask",
        "again",
    ]
