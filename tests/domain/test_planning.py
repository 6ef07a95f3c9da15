"""Planning, one question at a time; whole years stand in tests/cases, promises over any world in test_promises."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from worlds import action, days, person, policy, rehearsal, run_daily, situation

from cycle.domain.addressing import Members
from cycle.domain.ladders import Answered, OpenItem, RungRule, What, counts_from, points_by, rungs_of, to_settle
from cycle.domain.mail_plan import Digest
from cycle.domain.model import LadderKind, Role
from cycle.domain.morning import digests
from cycle.domain.planning import next_day_to_tell, next_mail_day, reminders_due
from cycle.domain.situation import Reminder, Situation, Told
from cycle.domain.taking_along import with_taken_along

ANNA, BERT = person(1, "clavis"), person(2, "wzv")
SUUS = person(9, "gemeente", Role.SECRETARIAT)
DIRK = person(8, "clavis", Role.DIRECTOR)
LIFTS = action(1, date(2027, 7, 15), "clavis")
SPRING = OpenItem(
    2,
    LadderKind.MEETING,
    date(2027, 4, 30),
    date(2027, 4, 1),
    "voorjaarsoverleg",
    ("gemeente",),
    participants=("gemeente", "clavis"),
)


def told(world: Situation, first: date, last: date) -> list[tuple[date, int, str]]:
    """Day, person and rung of all that running every day sends."""
    return [(line.on, line.person, line.rung) for mail in run_daily(world, first, last)[0] for line in mail.reminders]


def rehearsed(world: Situation, first: date, last: date) -> list[tuple[date, int, str]]:
    return [(line.on, line.person, line.rung) for mail in rehearsal([world], first, last) for line in mail.reminders]


# -- rungs ------------------------------------------------------------------------------------------------------------


def test_a_reminder_says_who_why_and_how_many_days_are_left() -> None:
    world = situation([LIFTS], [ANNA])

    assert reminders_due(world, date(2027, 6, 15)) == (
        Reminder(
            1,
            "clavis",
            1,
            "-30",
            What.REMIND,
            date(2027, 7, 15),
            date(2027, 6, 15),
            30,
            "trekker",
            waits_until=date(2027, 7, 8),
        ),
    )


def test_after_the_day_the_days_left_are_negative() -> None:
    world = situation([LIFTS], [ANNA], live_since=date(2027, 7, 15))

    (line,) = reminders_due(world, date(2027, 7, 22))

    assert line.days_left == -7


def test_points_are_in_time_until_the_day_on_which_the_papers_of_the_meeting_go_round() -> None:
    day, two_weeks_after_easter = date(2027, 4, 22), date(2027, 4, 12)
    rungs = rungs_of(SPRING._replace(meeting_day=day), policy(), {})
    early = replace(policy(), step_ladders={"voorjaarsoverleg": (RungRule(-21, what=What.PAPERS),)})
    without = replace(policy(), step_ladders={"voorjaarsoverleg": (RungRule(-28, what=What.INPUT),)})

    assert [points_by(policy(), "voorjaarsoverleg", day)] == [one.on for one in rungs if one.rule.what is What.PAPERS]
    assert points_by(policy(), "voorjaarsoverleg", day) == date(2027, 4, 8)
    assert points_by(policy(), "voorjaarsoverleg", two_weeks_after_easter) == date(2027, 3, 25)
    assert points_by(early, "voorjaarsoverleg", day) == date(2027, 4, 1)
    assert points_by(without, "voorjaarsoverleg", day) is None


def test_lead_times_count_from_the_day_that_is_shown() -> None:
    on_saturday = action(1, date(2028, 7, 1), "clavis")

    assert counts_from(on_saturday, policy()) == date(2028, 6, 30)


@pytest.mark.parametrize(
    ("meeting", "counted"),
    [
        (SPRING, date(2027, 4, 1)),
        (SPRING._replace(meeting_day=date(2027, 4, 22)), date(2027, 4, 22)),
        (SPRING._replace(window_start=None), date(2027, 4, 30)),
    ],
)
def test_a_meeting_counts_from_its_planned_day_else_from_the_start_of_its_window(
    meeting: OpenItem, counted: date
) -> None:
    assert counts_from(meeting, policy()) == counted


def test_the_meetings_of_four_quarters_are_each_asked_about_before_their_own_quarter() -> None:
    ends = [date(2027, 3, 31), date(2027, 6, 30), date(2027, 9, 30), date(2027, 12, 31)]
    starts = [date(2027, month, 1) for month in (1, 4, 7, 10)]
    meetings = {("najaarsoverleg", 2027): date(2027, 10, 5)}
    quarters = [
        OpenItem(1, LadderKind.MEETING, due, start, "werkgroep", invented=True)
        for start, due in zip(starts, ends, strict=True)
    ]
    whole_year = quarters[0]._replace(due=date(2027, 12, 31))

    counted = [{rung.counted_from for rung in rungs_of(one, policy(), meetings)} for one in [*quarters, whole_year]]

    assert counted == [*({start} for start in starts), {date(2027, 10, 5)}]


def test_rungs_that_count_back_move_before_and_rungs_after_move_after() -> None:
    ladder = (RungRule(-14), RungRule(0), RungRule(7))
    item = action(1, date(2027, 3, 19), "clavis")

    rungs = rungs_of(item, policy(ladders={LadderKind.ACTION: ladder}), {})

    assert [(rung.rule.days, rung.on) for rung in rungs] == [
        (-14, date(2027, 3, 5)),
        (0, date(2027, 3, 19)),
        (7, date(2027, 3, 30)),
    ]


def test_a_deadline_without_a_date_or_a_meeting_to_ask_at_has_no_rungs() -> None:
    asked_nowhere = OpenItem(1, LadderKind.YEARLY, date(2027, 12, 31), invented=True, open_leads=("clavis",))

    assert rungs_of(action(1, None, "clavis"), policy(), {}) == ()
    assert rungs_of(asked_nowhere, policy(), {}) == ()


def test_what_was_due_before_go_live_is_to_settle() -> None:
    rules = policy(live_since=date(2026, 11, 1))

    dues = [date(2026, 10, 31), date(2026, 11, 1), None]

    assert [to_settle(action(1, due, "clavis"), rules) for due in dues] == [True, False, False]


# -- who is told ------------------------------------------------------------------------------------------------------


def test_a_lead_that_also_takes_part_hears_it_as_lead_only() -> None:
    world = situation([SPRING], [person(3, "gemeente"), ANNA])

    lines = [line for line in reminders_due(world, date(2027, 3, 4)) if line.rung == "-28"]

    assert [(line.party, line.reason) for line in lines] == [("gemeente", "trekker"), ("clavis", "deelnemer")]


def test_a_party_without_anybody_and_without_a_secretariat_tells_nobody_and_says_so() -> None:
    world = situation([LIFTS], [])

    lines = reminders_due(world, date(2027, 6, 15))

    assert [(line.person, line.reason) for line in lines] == [(None, "geen adres")]
    assert digests(lines, date(2027, 6, 15)) == ()


def test_a_person_for_two_parties_gets_one_mail_with_a_line_for_each() -> None:
    both = [person(1, "clavis"), person(1, "wzv")]
    world = situation([action(1, date(2027, 7, 15), "clavis", "wzv")], both)

    (mail,) = digests(reminders_due(world, date(2027, 6, 15)), date(2027, 6, 15))

    assert [(line.person, line.party) for line in mail.reminders] == [(1, "clavis"), (1, "wzv")]


def test_a_mail_has_the_nearest_day_first() -> None:
    later, sooner = action(1, date(2027, 7, 15), "clavis"), action(2, date(2027, 6, 29), "clavis")

    world = situation([later, sooner], [ANNA])

    (mail,) = digests(reminders_due(world, date(2027, 6, 15)), date(2027, 6, 15))
    assert [line.deadline for line in mail.reminders] == [2, 1]


def test_people_are_mailed_in_the_same_order_whatever_the_lines() -> None:
    lines = reminders_due(situation([action(1, date(2027, 7, 15), "wzv", "clavis")], [ANNA, BERT]), date(2027, 6, 15))

    assert digests(lines, date(2027, 6, 15)) == digests(lines[::-1], date(2027, 6, 15))
    assert [mail.person for mail in digests(lines, date(2027, 6, 15))] == [1, 2]


def test_a_lead_that_is_done_is_not_asked_again_as_somebody_who_takes_part() -> None:
    agenda = OpenItem(
        1,
        LadderKind.DOCUMENT,
        date(2027, 7, 1),
        open_leads=("wzv",),
        participants=("clavis", "wzv", "gemeente"),
        settled_leads=("clavis",),
    )
    world = situation([agenda], [ANNA, BERT, person(3, "gemeente")])

    lines = reminders_due(world, date(2027, 6, 3))

    assert {line.party for line in lines} == {"wzv", "gemeente"}


# -- upward -----------------------------------------------------------------------------------------------------------


def test_a_step_upward_comes_as_long_after_the_one_before_as_the_ladder_says() -> None:
    ledger = {Told(1, "clavis", "escalate", date(2027, 7, 15)): date(2027, 9, 1)}
    world = situation([LIFTS], [ANNA, DIRK, SUUS], ledger=ledger)

    upward = [
        (line.on, line.person, line.what)
        for mail in run_daily(world, date(2027, 9, 1), date(2027, 12, 31))[0]
        for line in mail.reminders
        if line.what is not What.REMIND
    ]

    assert upward == [(date(2027, 9, 8), 1, What.ANNOUNCE), (date(2027, 9, 15), 8, What.DIRECTOR)]


def test_each_lead_goes_upward_on_its_own() -> None:
    world = situation([action(1, date(2027, 7, 15), "clavis", "wzv")], [ANNA, BERT, DIRK, SUUS])

    sent, _ledger = run_daily(world, date(2027, 7, 1), date(2027, 8, 5))
    lines = [line for mail in sent for line in mail.reminders if line.what is What.ESCALATE]

    assert [(line.party, line.person) for line in lines] == [("clavis", 9), ("wzv", 9)]


def test_a_step_without_leads_is_the_secretariats_and_goes_no_further_up() -> None:
    world = situation([action(1, date(2027, 7, 15), had_leads=False)], [ANNA, DIRK, SUUS])

    assert {person for _day, person, _rung in told(world, date(2027, 6, 1), date(2027, 12, 31))} == {9}
    assert "director" not in {rung for _day, _person, rung in told(world, date(2027, 6, 1), date(2027, 12, 31))}


def test_an_invented_day_of_an_action_is_never_sent_upward() -> None:
    standing = action(1, date(2027, 12, 31), "clavis", window_start=date(2027, 1, 1), invented=True)
    world = situation([standing], [ANNA, DIRK, SUUS], meetings={("najaarsoverleg", 2027): date(2027, 10, 1)})

    whats = {line.what for mail in run_daily(world, date(2027, 1, 1), date(2028, 3, 1))[0] for line in mail.reminders}

    assert whats.isdisjoint({What.ESCALATE, What.ANNOUNCE, What.DIRECTOR})


# -- before go-live, in a gap, after it -------------------------------------------------------------------------------


def test_a_doubtful_reading_waits_for_go_live_too() -> None:
    doubtful = action(1, date(2026, 12, 20), "clavis", doubtful=True)
    world = situation([doubtful], [SUUS], live_since=date(2026, 12, 15))

    daily = told(world, date(2026, 11, 1), date(2026, 12, 31))
    assert daily == [(date(2026, 12, 15), 9, "settle")]
    assert rehearsed(world, date(2026, 11, 1), date(2026, 12, 31)) == daily


def test_a_doubtful_reading_whose_rung_lay_before_go_live_is_told_on_the_first_day() -> None:
    doubtful = action(1, date(2026, 12, 20), "clavis", doubtful=True)
    world = situation([doubtful], [SUUS], live_since=date(2026, 12, 13))

    assert rehearsed(world, date(2026, 12, 13), date(2026, 12, 31)) == [(date(2026, 12, 14), 9, "settle")]


def test_a_rehearsal_gives_a_line_again_on_the_next_day_to_whom_it_could_not_be_given_today() -> None:
    world = situation([LIFTS], [ANNA])

    lines = [
        (mail.on, line.rung, line.missed)
        for mail in rehearsal([world], date(2027, 6, 15), date(2027, 6, 20), frozenset({1}))
        for line in mail.reminders
    ]

    assert lines == [(date(2027, 6, 16), "-30", (date(2027, 6, 15),))]


def test_what_nobody_could_be_told_comes_when_somebody_is_back() -> None:
    away = replace(ANNA, away=((date(2027, 7, 5), date(2027, 7, 11)),))
    world = situation([LIFTS], [away])

    daily = told(world, date(2027, 7, 1), date(2027, 7, 13))
    assert daily == [(date(2027, 7, 1), 1, "-14"), (date(2027, 7, 12), 1, "-7")]
    assert rehearsed(world, date(2027, 7, 1), date(2027, 7, 13)) == daily


def test_a_rung_from_before_a_leads_first_day_does_not_come_back_when_the_lead_is_away() -> None:
    new = replace(ANNA, since=date(2027, 7, 2), away=((date(2027, 7, 5), date(2027, 7, 6)),))
    world = situation([LIFTS], [new, SUUS])  # what was due before 2 July never left: an outage, or a late release

    daily = told(world, date(2027, 7, 2), date(2027, 7, 8))
    assert daily == rehearsed(world, date(2027, 7, 2), date(2027, 7, 8))
    assert daily == [(date(2027, 7, 2), 1, "yours"), (date(2027, 7, 8), 1, "-7")]


# -- the next day -----------------------------------------------------------------------------------------------------


def test_what_was_brought_back_counts_no_rung_and_no_step_upward_from_before() -> None:
    due, back, table = date(2027, 3, 1), date(2027, 3, 29), [ANNA, SUUS, DIRK]
    whole, late, early = (
        situation([action(1, due, "clavis", known_since=day)], table) for day in (None, back, date(2027, 2, 20))
    )
    usual = told(whole, date(2027, 1, 4), date(2027, 6, 1))

    assert [rung for _on, _to, rung in usual] == [
        "-30",
        "-14",
        "-7",
        "-1",
        "0",
        "7",
        "14",
        "escalate",
        "announce",
        "director",
    ]
    assert told(early, date(2027, 1, 4), date(2027, 6, 1)) == usual[2:]
    assert told(late, back, date(2027, 6, 1)) == [(date(2027, 3, 30), 1, "new")]  # 29 March is Easter Monday


@pytest.mark.parametrize(
    ("table", "upward"),
    [
        (
            [ANNA, SUUS, DIRK],
            [("escalate", SUUS, False, True), ("announce", ANNA, True, True), ("director", DIRK, False, True)],
        ),
        (
            [ANNA, SUUS],
            [("escalate", SUUS, False, False), ("announce", ANNA, True, False), ("director", SUUS, False, False)],
        ),
        (
            [ANNA, SUUS, replace(DIRK, person=ANNA.person)],
            [("escalate", SUUS, False, False), ("announce", ANNA, True, False), ("director", SUUS, False, False)],
        ),
        (
            [ANNA, replace(SUUS, person=ANNA.person)],
            [("escalate", ANNA, True, False), ("announce", ANNA, True, False), ("director", ANNA, True, False)],
        ),
    ],
)
def test_a_step_upward_knows_whose_task_it_is_and_whether_another_director_follows(table, upward) -> None:
    steps = []
    ledger: dict[Told, date] = {}
    item = action(1, date(2027, 3, 1), "clavis")
    for day in days(date(2027, 1, 4), date(2027, 6, 1)):
        for line in reminders_due(situation([item], table, ledger=ledger), day):
            ledger[line.told] = day
            if line.rung in ("escalate", "announce", "director"):
                steps.append((line.rung, line.person, line.is_own, line.has_director))

    assert steps == [(rung, who.person, *known) for rung, who, *known in upward]


def test_the_next_day_to_tell_is_today_while_something_is_untold() -> None:
    assert next_day_to_tell(LIFTS, situation([LIFTS], [ANNA]), date(2027, 6, 15)) == date(2027, 6, 15)


def test_the_next_day_to_tell_on_a_day_off_is_the_first_mail_day() -> None:
    assert next_day_to_tell(LIFTS, situation([LIFTS], [ANNA]), date(2027, 6, 19)) == date(2027, 6, 21)


def test_after_the_last_rung_there_is_no_next_day() -> None:
    letter = OpenItem(1, LadderKind.LETTER, date(2027, 3, 31), open_leads=("clavis",))
    told = {Told(1, "clavis", "escalate", date(2027, 3, 31)): date(2027, 4, 12)}
    world = situation([letter], [ANNA], ledger=told)

    assert next_mail_day(letter, world, date(2027, 3, 30)) == date(2027, 3, 31)
    assert next_mail_day(letter, world, date(2027, 3, 31)) == date(2027, 4, 7)
    assert next_mail_day(letter, world, date(2027, 4, 7)) is None


def test_what_is_to_settle_has_no_next_day() -> None:
    old = action(1, date(2026, 10, 31), "clavis")

    assert next_day_to_tell(old, situation([old], [ANNA]), date(2026, 11, 2)) is None


# -- one addressee per party ------------------------------------------------------------------------------------------


TODAY = date(2027, 6, 15)
CONTACT = person(1, "clavis")
THEME = person(2, "clavis", Role.TREKKER, themes=("2",))
NAMED = person(3, "clavis", Role.TREKKER, agreements=("2.1",))
DEPUTY = person(4, "clavis", Role.DEPUTY)
AWAY = ((date(2027, 6, 15), date(2027, 6, 15)),)


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        ([CONTACT, THEME, NAMED, DEPUTY], 3),
        ([CONTACT, THEME, DEPUTY], 2),
        ([CONTACT, DEPUTY], 1),
        ([replace(NAMED, unreachable=True), CONTACT, DEPUTY], 4),
        ([replace(NAMED, away=AWAY), CONTACT, DEPUTY], 4),
        ([replace(NAMED, away=AWAY), CONTACT], 1),
        ([replace(CONTACT, away=AWAY)], None),
        ([replace(NAMED, until=date(2027, 6, 14)), CONTACT], 1),
        ([replace(NAMED, until=date(2027, 6, 15)), CONTACT], 3),
        ([replace(NAMED, since=date(2027, 6, 16)), CONTACT], 1),
        ([replace(NAMED, since=date(2027, 6, 15)), CONTACT], 3),
        ([person(5, "clavis", Role.READER), DIRK], None),
        ([person(6, "wzv")], None),
        ([], None),
    ],
)
def test_a_party_has_one_addressee(people: list, expected: int | None) -> None:
    found = Members(people, TODAY).addressee("clavis", ("2.1",), "2")

    assert (found.person if found else None) == expected


def test_the_secretariat_that_is_away_is_replaced_by_a_colleague_then_by_a_deputy_then_by_nobody() -> None:
    away = replace(SUUS, away=AWAY)
    colleague, deputy = person(10, "gemeente", Role.SECRETARIAT), person(11, "gemeente", Role.DEPUTY)

    found = [Members(people, TODAY).secretariat() for people in ([away, colleague], [away, deputy], [away], [ANNA])]

    assert [one.person if one else None for one in found] == [10, 11, 9, None]


def test_a_mail_takes_along_what_its_reader_would_get_within_some_days_and_nothing_near_or_of_another() -> None:
    days = {8: date(2027, 7, 16), 9: date(2027, 7, 1), 10: date(2027, 6, 24), 11: date(2027, 7, 21)}
    soon, two_weeks, near, far = (action(number, day, "clavis") for number, day in days.items())
    of_bert = action(12, date(2027, 7, 16), "wzv")
    chosen = action(13, date(2027, 7, 16), "clavis", answers=(Answered("clavis", 1, not_before=date(2027, 6, 17)),))
    items = [LIFTS, soon, two_weeks, near, far, of_bert, chosen]
    before = {Told(number, "clavis", rung, days[number]): TODAY for number, rung in ((9, "-30"), (10, "-14"))}
    world = situation(items, [ANNA, BERT], ledger=before)
    due = reminders_due(world, TODAY)

    along = with_taken_along(world, due, TODAY)[len(due) :]

    assert [(line.deadline, line.rung) for line in due] == [(1, "-30")]
    assert [(line.deadline, line.person, line.rung, line.on, line.days_left) for line in along] == [
        (8, 1, "-30", TODAY, 31),
        (9, 1, "-14", TODAY, 16),
    ]
    assert with_taken_along(world, (), TODAY) == ()
    after = replace(world, ledger=before | {line.told: TODAY for line in (*due, *along)})
    later = [line for day in range(1, 5) for line in reminders_due(after, TODAY + timedelta(day))]
    assert {line.deadline for line in later} == {10, 12, 13}


def test_a_digest_is_of_one_person_on_one_day() -> None:
    world = situation([LIFTS], [ANNA])

    lines = reminders_due(world, TODAY)

    assert digests(lines, TODAY) == (Digest(1, TODAY, lines),)
