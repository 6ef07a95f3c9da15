"""The promises of design section 2, over worlds that nobody thought of.

A world is a covenant with two corporations and a municipality, people who come, go and are away, deadlines of every
kind, ladders of its own, and days on which nothing can be sent.
"""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import hypothesis.strategies as st
from hypothesis import HealthCheck, given, settings
from worlds import SHIPPED, days, morning, person, rehearsal, run_daily

from cycle.domain.ladders import CHAIN, QUESTIONS, Answered, OpenItem, Policy, RungRule, To, What
from cycle.domain.mail_plan import Digest
from cycle.domain.model import LadderKind, Member, Role
from cycle.domain.morning import decide, digests
from cycle.domain.planning import reminders_due
from cycle.domain.rounds import Round
from cycle.domain.situation import Reminder, Situation
from cycle.domain.workdays import QuietPeriod, WorkCalendar
from tests.trying import examples

FIRST, LAST = date(2026, 11, 1), date(2027, 12, 31)
PARTIES = ("gemeente", "clavis", "wzv")
CALENDARS = (
    SHIPPED.work_calendar,
    WorkCalendar(frozenset({date(2027, 5, 7)}), (QuietPeriod((7, 12), (8, 22)), QuietPeriod((12, 24), (1, 2)))),
)

dates = st.dates(FIRST - timedelta(40), LAST)
maybe_date = st.one_of(st.none(), st.none(), st.none(), dates)
some_parties = st.lists(st.sampled_from(PARTIES), max_size=3, unique=True).map(tuple)
NAMED = st.sampled_from([("1.1",), ("1.2",), ()])


@st.composite
def ladders(draw: st.DrawFn) -> tuple[RungRule, ...]:
    """Any ladder: reminders for anybody, and perhaps the way up in its order."""
    told = st.sampled_from([To.LEADS, To.PARTICIPANTS, To.ALL, To.SECRETARIAT])
    rungs = [RungRule(number, draw(told)) for number in sorted(draw(st.sets(st.integers(-60, 30), max_size=6)))]
    if draw(st.booleans()):
        up = sorted(draw(st.sets(st.integers(1, 60), min_size=3, max_size=3)))
        to = (To.SECRETARIAT, To.LEADS, To.DIRECTOR)
        rungs += [RungRule(*rule) for rule in zip(up, to, CHAIN, strict=True)]
    return tuple(rungs)


@st.composite
def people(draw: st.DrawFn) -> list[Member]:
    """A secretariat that stays, a contact for most parties, and others who come, go and are away."""
    roles = [(party, Role.CONTACT) for party in PARTIES if draw(st.integers(0, 3))]
    roles += draw(st.lists(st.tuples(st.sampled_from(PARTIES), st.sampled_from(tuple(Role))), max_size=4))
    others = [draw(members(number, party, role)) for number, (party, role) in enumerate(roles, start=2)]
    return [person(1, "gemeente", Role.SECRETARIAT), *others]


@st.composite
def members(draw: st.DrawFn, number: int, party: str, role: Role) -> Member:
    away = tuple((first, first + timedelta(20)) for first in draw(st.lists(dates, max_size=2)))
    return person(
        number, party, role, since=draw(maybe_date), until=draw(maybe_date), agreements=draw(NAMED), away=away
    )


@st.composite
def items(draw: st.DrawFn, number: int) -> OpenItem:
    kind = draw(st.sampled_from(tuple(LadderKind)))
    due = draw(st.one_of(dates, dates, dates, st.none()))
    start = due - timedelta(draw(st.integers(0, 120))) if due and draw(st.booleans()) else None
    leads = draw(some_parties)
    return OpenItem(
        number,
        kind,
        due,
        start,
        draw(st.sampled_from(["", "kwartaaloverleg", "werkgroep"])),
        leads,
        bool(leads),
        draw(some_parties),
        invented=kind is LadderKind.YEARLY,
        doubtful=draw(st.integers(0, 5)) == 5,
        via=draw(st.sampled_from(["", "voorjaarsoverleg"])),
        agreements=draw(NAMED),
        meeting_day=draw(st.one_of(st.none(), dates)) if kind is LadderKind.MEETING else None,
        once=draw(st.booleans()),
        answers=draw(answers()),
    )


@st.composite
def answers(draw: st.DrawFn) -> tuple[Answered, ...]:
    """What some people let know, once for each of them and each party."""
    who = draw(st.lists(st.tuples(st.sampled_from(PARTIES), st.integers(1, 5)), max_size=3, unique=True))
    return tuple(Answered(*one, draw(maybe_date), draw(maybe_date), draw(st.integers(0, 4)) == 4) for one in who)


@st.composite
def worlds(draw: st.DrawFn) -> Situation:
    kinds = {kind: draw(ladders()) for kind in LadderKind} if draw(st.booleans()) else SHIPPED.kind_ladders
    live_since, calendar = draw(st.dates(FIRST, FIRST + timedelta(60))), draw(st.sampled_from(CALENDARS))
    rules = Policy(live_since, kinds, SHIPPED.step_ladders, calendar, "najaarsoverleg")
    meetings = {("voorjaarsoverleg", 2027): date(2027, 4, 1), ("najaarsoverleg", 2027): draw(dates)}
    some = [draw(items(number)) for number in range(1, draw(st.integers(4, 9)))]
    rounds = (
        Round("voorjaarsoverleg", 2027, date(2027, 4, 1), date(2027, 4, 1)),
        Round("najaarsoverleg", 2027, meetings["najaarsoverleg", 2027], date(2027, 10, 1), 5, draw(st.integers(0, 40))),
    )
    return Situation(rules, draw(people()), some, meetings, {}, rounds if draw(st.booleans()) else ())


outages = st.lists(st.tuples(st.dates(FIRST, LAST), st.integers(1, 60)), max_size=3)


def is_up(outage: list[tuple[date, int]]):
    return lambda day: not any(first <= day < first + timedelta(length) for first, length in outage)


def lines(mails: list[Digest]) -> list[Reminder]:
    return [line for mail in mails for line in mail.reminders]


def check(test):
    """The same worlds on every run, and many more of them in `make soak`."""
    return _over(examples(25, 400))(test)


def check_twice_as_many(test):
    """The same for a test that looks at more in each world: to draw and live one costs more than all the looking."""
    return _over(examples(50, 800))(test)


def _over(many: int):
    slow = [HealthCheck.too_slow]  # a busy machine is no fault of the plan
    return settings(deadline=None, max_examples=many, derandomize=True, suppress_health_check=slow)


@check
@given(worlds(), st.lists(st.sampled_from(PARTIES), unique=True))
def test_the_rehearsal_is_what_running_every_single_day_sends(world: Situation, done: list[str]) -> None:
    ahead, sent = list(rehearsal([world], FIRST, LAST)), run_daily(world, FIRST, LAST)[0]

    assert ahead == sent
    a_doubtful_reading_goes_to_the_secretariat_only_and_once(world, lines(ahead))
    a_lead_that_is_done_is_not_told_as_lead_and_silences_no_other(world, lines(sent), done)


def a_doubtful_reading_goes_to_the_secretariat_only_and_once(world: Situation, sent: list[Reminder]) -> None:
    doubtful = {item.id for item in world.items if item.doubtful}
    told = [line for line in sent if line.deadline in doubtful]

    assert [line for line in told if line.what is not What.SETTLE or line.person != 1] == []
    assert len({line.deadline for line in told}) == len(told)


def a_lead_that_is_done_is_not_told_as_lead_and_silences_no_other(
    world: Situation, sent: list[Reminder], done: list[str]
) -> None:
    some_done = [
        item._replace(open_leads=tuple(lead for lead in item.open_leads if lead not in done)) for item in world.items
    ]
    as_lead = ("trekker", "aankondiging", "geen bericht")

    before = [line for line in sent if line.reason in as_lead]
    after = [
        line for line in lines(run_daily(replace(world, items=some_done), FIRST, LAST)[0]) if line.reason in as_lead
    ]

    assert sorted(after) == sorted(line for line in before if line.party not in done)


@check
@given(worlds(), outages, st.dates(FIRST, LAST), st.frozensets(st.integers(1, 6)), st.integers(1, 200))
def test_a_rehearsal_from_the_middle_of_a_broken_year_is_the_rest_of_that_year(
    world: Situation, outage: list[tuple[date, int]], today: date, mailed: frozenset[int], length: int
) -> None:
    _sent, ledger = run_daily(world, FIRST, today - timedelta(1), is_up(outage))
    so_far = replace(world, ledger=ledger)

    assert list(rehearsal([so_far], today, LAST)) == run_daily(so_far, today, LAST)[0]
    what_comes_up_for_people_who_had_their_mail_waits_for_the_next(so_far, today, mailed)
    an_outage_ends_in_one_mail_per_person(so_far, world.policy.calendar.mail_day_after(today + timedelta(length)))


def what_comes_up_for_people_who_had_their_mail_waits_for_the_next(
    world: Situation, today: date, mailed: frozenset[int]
) -> None:
    others = list(decide(morning([world], today, mailed=mailed)).mails)
    after_today = replace(world, ledger=world.ledger | {line.told: today for line in lines(others)})

    rest, _ledger = run_daily(after_today, today + timedelta(1), LAST)
    assert list(rehearsal([world], today, LAST, mailed)) == others + rest


def an_outage_ends_in_one_mail_per_person(world: Situation, back: date) -> None:
    found = digests(reminders_due(world, back), back)

    assert len({mail.person for mail in found}) == len(found)
    per_party = [(line.deadline, line.party, line.what in CHAIN) for line in lines(list(found))]
    assert len(per_party) == len(set(per_party))  # one line per deadline and party, and at most one step upward


@check
@given(worlds(), worlds())
def test_two_covenants_are_rehearsed_together_as_apart_with_one_mail_a_day(one: Situation, other: Situation) -> None:
    calendar = one.policy.calendar  # the service has one
    other = replace(
        other,
        items=[item._replace(id=item.id + 100) for item in other.items],
        policy=replace(other.policy, calendar=calendar),
    )

    both = list(rehearsal([one, other], FIRST, LAST))

    apart = sorted(lines([*rehearsal([one], FIRST, LAST), *rehearsal([other], FIRST, LAST)]))
    assert sorted(lines(both)) == apart
    assert len({(mail.person, mail.on) for mail in both}) == len(both)


@check_twice_as_many
@given(worlds(), outages)
def test_a_year_with_any_outages_keeps_what_was_promised(world: Situation, outage: list[tuple[date, int]]) -> None:
    sent = run_daily(world, FIRST, LAST, is_up(outage))[0]

    a_person_gets_at_most_one_mail_a_day_and_only_on_mail_days(world, sent)
    no_rung_is_told_twice(lines(sent))
    nobody_hears_anything_before_go_live_or_of_what_was_over_by_then(world, lines(sent))
    upward_goes_step_by_step_in_order_and_each_at_its_distance(world, lines(sent))


def a_person_gets_at_most_one_mail_a_day_and_only_on_mail_days(world: Situation, sent: list[Digest]) -> None:
    calendar = world.policy.calendar
    assert len({(mail.person, mail.on) for mail in sent}) == len(sent)
    assert [mail.on for mail in sent if not calendar.is_mail_day(mail.on)] == []
    assert [mail for mail in sent if {line.person for line in mail.reminders} != {mail.person}] == []


def no_rung_is_told_twice(sent: list[Reminder]) -> None:
    told = [line.told for line in sent]

    assert len(told) == len(set(told))


def nobody_hears_anything_before_go_live_or_of_what_was_over_by_then(world: Situation, sent: list[Reminder]) -> None:
    live_since = world.policy.live_since
    over = {item.id for item in world.items if item.due and item.due < live_since}
    early = [line for line in sent if line.on < live_since and line.what is not What.SETTLE]  # see test_planning
    assert early == []
    assert [line for line in sent if line.deadline in over] == []
    assert [day for line in sent for day in line.missed if not live_since <= day < line.on] == []


def upward_goes_step_by_step_in_order_and_each_at_its_distance(world: Situation, sent: list[Reminder]) -> None:
    by_lead: dict[tuple, list[Reminder]] = {}
    for line in sent:
        if line.what in CHAIN:
            by_lead.setdefault((line.deadline, line.party, line.counted_from), []).append(line)
    kinds = {item.id: item for item in world.items}
    for (deadline, _party, _from), steps in by_lead.items():
        rules = {rule.what: rule.days for rule in world.policy.ladder(kinds[deadline])}
        assert [line.what for line in steps] == list(CHAIN[: len(steps)])
        assert all(
            (after.on - before.on).days >= rules[after.what] - rules[before.what] for before, after in pairwise(steps)
        )


@check
@given(worlds(), st.dates(FIRST, LAST), st.randoms())
def test_a_second_run_on_the_same_day_tells_nothing_and_the_order_of_rows_does_not_matter(
    world: Situation, today: date, random
) -> None:
    _sent, ledger = run_daily(world, today, today)
    shuffled = replace(
        world,
        items=random.sample(list(world.items), len(world.items)),
        members=random.sample(list(world.members), len(world.members)),
    )

    assert reminders_due(replace(world, ledger=ledger), today) == ()
    assert digests(reminders_due(shuffled, today), today) == digests(reminders_due(world, today), today)


@check
@given(worlds())
def test_an_invented_day_is_asked_about_but_never_counted_down_to_or_sent_upward(world: Situation) -> None:
    world = replace(world, policy=replace(world.policy, ladders=SHIPPED.kind_ladders))
    invented = {item.id: item for item in world.items if item.invented and not item.doubtful and not item.step}

    told = [line for line in lines(list(rehearsal([world], FIRST, LAST))) if line.deadline in invented]

    assert {line.what for line in told} <= set(QUESTIONS)
    assert {line.counted_from for line in told} <= set(world.meetings.values()) | {one.anchor for one in world.rounds}


@check
@given(st.dates(date(2020, 1, 1), date(2040, 12, 31)), st.sampled_from(CALENDARS))
def test_what_is_shown_is_a_working_day_on_or_before_the_due_date(due: date, calendar: WorkCalendar) -> None:
    shown = calendar.shown(due)

    assert shown <= due
    assert calendar.is_working(shown)
    assert [day for day in days(shown + timedelta(1), due) if calendar.is_working(day)] == []
