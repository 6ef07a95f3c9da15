"""The plan of a morning: who gets a mail, what waits and why, and when to look again."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from worlds import CALENDAR, SHIPPED, action, morning, person, situation

from cycle.domain.flood_guard import FloodGuard
from cycle.domain.mail_moments import moments_from, next_moments
from cycle.domain.mail_plan import Digest, Morning, Occasion, Postponed, WaitingMail, WhyLater
from cycle.domain.model import Role
from cycle.domain.morning import decide
from cycle.domain.rehearsal import plans_ahead
from cycle.domain.rhythm import Rhythm, Rhythms
from cycle.domain.situation import Situation

TODAY = date(2027, 6, 1)  # 30 days before the first of July
LIFTS = action(7, date(2027, 7, 1), "clavis", "wzv")
ANNA, BAS = person(1, "clavis"), person(2, "wzv")
SUUS = person(3, "gemeente", Role.SECRETARIAT)


def table(**more: object) -> Situation:
    return situation([LIFTS], [ANNA, BAS, SUUS], **more)


def hour(number: int, day: date = TODAY) -> datetime:
    return SHIPPED.mail_hours.moment_of(day) + timedelta(hours=number - 8, minutes=-30)


def test_each_reader_gets_one_mail_and_the_deadline_is_looked_at_on_the_day_of_its_next_rung() -> None:
    begun = morning([table()], TODAY)

    plan = decide(begun)

    assert [(one.person, one.about, one.occasion, one.goes_at) for one in plan.mails] == [
        (1, (0,), Occasion.LINES, None),
        (2, (0,), Occasion.LINES, None),
    ]
    assert (plan.postponed, plan.settled, plan.pause, plan.troubles.noted) == ({}, (), "", {})
    assert next_moments(begun, plan, {1, 2}) == {7: hour(8, date(2027, 6, 17)) + timedelta(minutes=30)}


BOX = {1: (1, 2), 2: (1, 2)}
"""Anna and Bas read one mailbox."""


def test_who_share_a_mailbox_get_one_mail_with_the_lines_of_each() -> None:
    begun = morning([table()], TODAY, mailboxes=BOX)

    plan = decide(begun)

    [mail] = plan.mails
    assert (mail.readers, [line.person for line in mail.reminders]) == ((1, 2), [1, 2])
    assert [[line.party for line in mail.lines_of(one)] for one in mail.readers] == [["clavis"], ["wzv"]]
    assert next_moments(begun, plan, {1}) == {7: hour(8, date(2027, 6, 17)) + timedelta(minutes=30)}


def test_a_shared_mail_goes_when_the_first_of_its_readers_may_have_it() -> None:
    mondays, late = Rhythm(weekdays=frozenset({0})), Rhythm(hour=time(14))

    of_anna = decide(morning([table()], TODAY, Rhythms(CALENDAR, own={2: mondays}), mailboxes=BOX))
    of_bas = decide(morning([table()], TODAY, Rhythms(CALENDAR, own={1: mondays, 2: late}), mailboxes=BOX))
    of_none = decide(morning([table()], TODAY, Rhythms(CALENDAR, own={1: mondays, 2: mondays}), mailboxes=BOX))

    assert [[one.readers for one in plan.mails] for plan in (of_anna, of_bas, of_none)] == [[(1, 2)], [], []]
    assert of_bas.postponed == {7: Postponed(hour(14), WhyLater.HOUR)}
    assert of_none.postponed == {7: Postponed(None, WhyLater.RHYTHM)}


def test_a_secretariat_that_shares_its_mailbox_has_the_overview_and_the_lines_of_the_other_in_one() -> None:
    rhythms, shared = Rhythms(CALENDAR, overview_day=1), {1: (1, 3), 3: (1, 3)}

    plan = decide(morning([table(needs_approval=True)], TODAY, rhythms, mailboxes=shared, approval_hours=8))

    bas, office = plan.mails
    assert (office.readers, office.has_overview, office.overview_of, office.goes_at) == ((3, 1), True, (0,), None)
    assert [(one.person, one.others) for one in office.waiting] == [(2, ())]
    assert (bas.readers, bas.goes_at is None) == ((2,), False)


def test_a_draft_to_a_shared_mailbox_is_made_anew_for_who_has_something_left() -> None:
    begun = morning([table(needs_approval=True)], TODAY, approval_hours=8, mailboxes=BOX)
    waiting = draft(begun, is_outdated=True, goes_at=hour(11), others=(2,))
    without_anna = replace(table(needs_approval=True), members=[BAS, SUUS])

    of_both = decide(replace(begun, drafts=(waiting,)))
    of_bas = decide(replace(begun, situations={0: without_anna}, drafts=(waiting,)))

    assert [(one.readers, one.goes_at) for one in of_both.mails if one.goes_at] == [((1, 2), hour(11))]
    assert [(one.readers, one.goes_at) for one in of_bas.mails if one.goes_at] == [((2,), hour(11))]
    assert (of_both.settled, of_bas.settled) == ((), ())


def test_what_was_not_put_into_the_outbox_is_looked_at_on_the_next_mail_day() -> None:
    begun = morning([table()], TODAY)

    assert next_moments(begun, decide(begun), {1}) == {7: SHIPPED.mail_hours.moment_of(date(2027, 6, 2))}


def test_who_had_mail_today_and_who_wants_it_later_are_named_with_the_reason() -> None:
    late = Rhythms(CALENDAR, own={2: Rhythm(hour=hour(14).astimezone(SHIPPED.zone).time())})

    had_mail = decide(morning([table()], TODAY, mailed=frozenset({1, 2})))
    waiting = decide(morning([table()], TODAY, late))
    mondays = decide(morning([table()], TODAY, Rhythms(CALENDAR, Rhythm(weekdays=frozenset({0})))))

    assert had_mail.postponed == {7: Postponed(None, WhyLater.HAD_MAIL)}
    assert waiting.postponed == {7: Postponed(hour(14), WhyLater.HOUR)}
    assert mondays.postponed == {7: Postponed(None, WhyLater.RHYTHM)}
    assert [len(one.mails) for one in (had_mail, waiting, mondays)] == [0, 1, 0]


def test_what_a_rhythm_makes_wait_is_looked_at_at_the_covenants_hour_as_keeping_the_year_has_it() -> None:
    afternoon = situation([LIFTS], [ANNA, BAS, SUUS], send_hour=time(14))
    mondays = Rhythms(CALENDAR, Rhythm(hour=time(9), weekdays=frozenset({0})))
    begun = replace(morning([afternoon], TODAY, mondays), now=hour(14))

    looks = next_moments(begun, decide(begun), set())

    assert looks == {7: hour(14, date(2027, 6, 2))}
    assert looks == moments_from(date(2027, 6, 2), afternoon, begun.hours)


def test_at_once_waits_for_nobodys_hour() -> None:
    late = Rhythms(CALENDAR, Rhythm(hour=hour(14).astimezone(SHIPPED.zone).time()))

    assert [one.person for one in decide(morning([table()], TODAY, late, at_once=True)).mails] == [1, 2]


def test_nobody_to_tell_is_a_reason_too() -> None:
    plan = decide(morning([situation([LIFTS], [])], TODAY))

    assert (plan.mails, plan.postponed) == ((), {7: Postponed(None, WhyLater.NOBODY)})


def test_a_mail_that_needs_approval_waits_and_its_secretariat_is_told() -> None:
    begun = morning([table(needs_approval=True)], TODAY, approval_hours=8)
    goes_at = SHIPPED.mail_hours.after(begun.now, 8)

    plan = decide(begun)

    anna, bas, suus = plan.mails
    assert (anna.goes_at, bas.goes_at, suus.goes_at) == (goes_at, goes_at, None)
    assert (suus.person, suus.occasion, suus.about) == (3, Occasion.APPROVAL, (0,))
    assert [(one.person, one.goes_at, one.covenants) for one in suus.waiting] == [
        (1, goes_at, frozenset({0})),
        (2, goes_at, frozenset({0})),
    ]


def test_a_secretariat_hears_of_no_draft_for_who_had_mail_today() -> None:
    begun = morning([table(needs_approval=True)], TODAY, approval_hours=8)

    one_had_mail = decide(replace(begun, mailed=frozenset({1})))
    both_had_mail = decide(replace(begun, mailed=frozenset({1, 2})))

    assert [(one.person, [mail.person for mail in one.waiting]) for one in one_had_mail.mails] == [(2, []), (3, [2])]
    assert (both_had_mail.mails, both_had_mail.postponed) == ((), {7: Postponed(None, WhyLater.HAD_MAIL)})


def draft(begun: Morning, **more: object) -> WaitingMail:
    told = frozenset(line.told for line in decide(begun).mails[0].reminders)
    return WaitingMail(1, hour(16), frozenset({0}), TODAY, 31, told)._replace(**more)


def test_a_draft_that_is_let_go_goes_and_one_of_which_nothing_is_left_is_taken_back() -> None:
    begun = morning([table(needs_approval=True)], TODAY, approval_hours=8)
    let_go, settled = draft(begun, goes_at=begun.now), draft(begun, is_outdated=True)
    nothing_open = replace(begun, situations={0: situation([], [ANNA, BAS, SUUS])})

    going = decide(replace(begun, drafts=(let_go,)))
    gone = decide(replace(nothing_open, drafts=(settled,)))

    assert [(one.person, one.goes_at is None) for one in going.mails] == [(1, True), (2, False), (3, True)]
    assert (gone.mails, gone.settled) == ((), (settled,))


def test_a_draft_that_is_made_anew_keeps_the_moment_at_which_it_goes_by_itself() -> None:
    begun = morning([table(needs_approval=True)], TODAY, approval_hours=8)

    plan = decide(replace(begun, drafts=(draft(begun, is_outdated=True, goes_at=hour(11)),)))

    assert plan.mails[0].goes_at == hour(11)


def test_the_overview_goes_to_the_secretariat_of_what_is_released() -> None:
    rhythms = Rhythms(CALENDAR, overview_day=1)
    held = table(is_released=False)

    released = decide(morning([replace(table(), items=[]), replace(held, items=[])], TODAY, rhythms))
    of_held = decide(morning([replace(held, items=[])], TODAY, rhythms))

    assert released.mails == (Digest(3, TODAY, (), has_overview=True, about=(0,), overview_of=(0,)),)
    assert (released.readers, of_held.mails, of_held.readers) == (frozenset({3}), (), frozenset())


@pytest.mark.parametrize(("per_day", "is_paused"), [({}, False), ({TODAY: 19}, True)])
def test_far_more_than_usual_is_a_pause_with_its_reason(per_day: dict[date, int], is_paused: bool) -> None:
    plan = decide(morning([table()], TODAY, guard=FloodGuard(4, 10, per_day)))

    assert ("21 regels aan de beurt" in plan.pause) == is_paused
    assert len(plan.mails) == 2


def test_a_deadline_whose_lines_cannot_be_made_is_noted_and_holds_up_no_other() -> None:
    broken = LIFTS._replace(id=8, agreements=(["1.1"],))

    plan = decide(morning([situation([LIFTS, broken], [ANNA, BAS, SUUS])], TODAY))

    assert plan.troubles.noted == {0: ["termijn 8 (TypeError)"]}
    assert {line.deadline for one in plan.mails for line in one.reminders} == {7}
    assert plan.postponed == {8: Postponed(None, WhyLater.FAILED)}


def test_looking_ahead_a_draft_goes_by_itself_and_nothing_is_told_twice() -> None:
    begun = morning([table(needs_approval=True)], TODAY, approval_hours=8)

    plans = list(plans_ahead(begun, date(2027, 6, 30)))

    sent = [
        (one.person, one.on, line.rung)
        for _at, plan in plans
        for one in plan.mails
        if not one.goes_at
        for line in one.reminders
    ]
    rungs = [
        (date(2027, 6, 1), "-30"),
        (date(2027, 6, 17), "-14"),
        (date(2027, 6, 24), "-7"),
        (date(2027, 6, 30), "-1"),
    ]
    assert sorted(sent) == sorted((who, on, rung) for on, rung in rungs for who in (1, 2))
    assert {
        at.astimezone(SHIPPED.zone).hour
        for at, plan in plans
        if any(not one.goes_at and one.reminders for one in plan.mails)
    } == {16}


def test_who_stands_in_for_the_secretariat_gets_the_overview_at_once_whatever_waits_for_approval() -> None:
    away = replace(SUUS, away=((TODAY, TODAY),), stand_ins=((TODAY, TODAY, 1),))
    world = situation([], [ANNA, away], needs_approval=True)

    plan = decide(morning([world], TODAY, Rhythms(CALENDAR, overview_day=1), approval_hours=8))

    assert [(one.person, one.has_overview, one.goes_at) for one in plan.mails] == [(1, True, None)]


def test_mail_with_lines_to_who_stands_in_for_the_secretariat_does_not_wait_for_their_own_approval() -> None:
    away = replace(SUUS, away=((TODAY, TODAY),), stand_ins=((TODAY, TODAY, 1),))
    begun = morning([situation([LIFTS], [ANNA, BAS, away], needs_approval=True)], TODAY, approval_hours=8)

    plan = decide(begun)

    assert [(one.person, one.goes_at is None, [mail.person for mail in one.waiting]) for one in plan.mails] == [
        (1, True, [2]),
        (2, False, []),
    ]


def test_who_kept_the_secretariat_before_waits_for_the_approval_of_who_does_today() -> None:
    left = person(1, "gemeente", Role.SECRETARIAT, until=TODAY - timedelta(days=1))
    begun = morning([situation([LIFTS], [left, ANNA, BAS, SUUS], needs_approval=True)], TODAY, approval_hours=8)

    assert [(one.person, one.goes_at is None) for one in decide(begun).mails] == [(1, False), (2, False), (3, True)]


def test_the_overview_is_about_what_its_reader_keeps_and_not_about_all_that_is_in_the_mail() -> None:
    led = replace(table(), members=[replace(ANNA, person=3), BAS])
    kept = situation([], [SUUS])

    plan = decide(morning([led, kept], TODAY, Rhythms(CALENDAR, overview_day=1)))

    assert [(one.about, one.overview_of) for one in plan.mails if one.person == 3] == [((0, 1), (1,))]


def test_a_mail_that_waits_and_is_about_an_unreadable_covenant_too_is_told_of_for_the_other() -> None:
    begun = morning([table(needs_approval=True)], TODAY, approval_hours=8)

    plan = decide(
        replace(begun, drafts=(draft(begun, covenants=frozenset({0, 9})),), situations={0: situation([], [SUUS])})
    )

    assert [(one.person, one.about) for one in plan.mails] == [(3, (0,))]
