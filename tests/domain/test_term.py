"""What is told as a term comes to its end, to whom and when; and what is silent behind it."""

from dataclasses import replace
from datetime import date

import pytest

from cycle.domain.agreement import Agreement
from cycle.domain.ladders import OpenItem
from cycle.domain.model import LadderKind, Role
from cycle.domain.situation import Situation
from cycle.domain.term import TERM, TERM_END, TermDays, led, term_ladders, term_notice, with_term_steps, within
from cycle.domain.year import year_drafts
from cycle.domain.year_steps import Step
from tests.domain.worlds import action, person, policy, rehearsal, run_daily, shipped_steps

END = date(2028, 12, 31)
OFFICE, CLAVIS, WZV = 1, 2, 3
MEMBERS = (
    person(OFFICE, "gemeente", Role.SECRETARIAT),
    person(CLAVIS, "clavis"),
    person(WZV, "wzv"),
)


def agreed() -> Agreement:
    return Agreement("5.6", "5", "Looptijd", "De looptijd van de afspraken.", ("clavis", "wzv"), id=56)


def term_steps(term: TermDays) -> dict[str, Step]:
    """The steps of the term, as the example's table has them, by name; tied to its agreement about the term."""
    steps = with_term_steps(shipped_steps(), term, [step.name for step in shipped_steps()])
    tied = [replace(step, keys=(56,)) if step.agreements == ("5.6",) else step for step in steps]
    return {step.name: step for step in led(tied, [agreed()]) if step.name.startswith(TERM)}


def asked_in(year: int, term: TermDays) -> list[tuple[str, str, tuple[str, ...]]]:
    drafts = year_drafts(year, tuple(term_steps(term).values()), ())
    return [(one.step, one.due.isoformat() if one.due else "", one.leads) for one in drafts]


@pytest.mark.parametrize(
    ("term", "asked"),
    [
        (TermDays(None, None), {2027: [(TERM, "2027-12-31")], 2028: [(TERM, "2028-12-31")]}),
        (
            TermDays(None, END),
            {2027: [(TERM, "2027-12-31")], 2028: [(TERM_END, "2028-12-31")], 2029: [(TERM, "2029-12-31")]},
        ),
        (
            TermDays(None, END, renews=False),
            {2027: [(TERM, "2027-12-31")], 2028: [(TERM_END, "2028-12-31")], 2029: []},
        ),
        (TermDays(None, date(2025, 12, 31)), {2027: [(TERM, "2027-12-31")], 2028: [(TERM, "2028-12-31")]}),
    ],
)
def test_the_end_is_asked_about_in_its_year_and_what_runs_on_in_each(term: TermDays, asked: dict) -> None:
    leads = ("clavis", "wzv")
    assert {year: asked_in(year, term) for year in asked} == {
        year: [(*one, leads) for one in several] for year, several in asked.items()
    }


def test_a_table_without_a_step_for_its_term_is_asked_all_the_same_unless_it_put_it_off() -> None:
    term = TermDays(None, date(2025, 12, 31))

    assert [step.name for step in with_term_steps((), term, ())] == ["looptijd-einde", "looptijd-verder"]
    assert [step.name for step in with_term_steps((), term, (TERM,))] == ["looptijd-einde"]
    assert with_term_steps((), TermDays(), ()) == ()


def world(item: OpenItem, *more: OpenItem, ends_on: date | None = None) -> Situation:
    known = policy()
    ladders = term_ladders(known.ladders[LadderKind.YEARLY]) | dict(known.step_ladders)
    return Situation(replace(known, step_ladders=ladders), MEMBERS, [item, *more], {}, {}, ends_on=ends_on)


def end_item(*leads: str) -> OpenItem:
    return OpenItem(
        7, LadderKind.DOCUMENT, END, step=TERM_END, open_leads=leads, had_leads=bool(leads), agreements=(56,)
    )


@pytest.mark.parametrize(
    ("leads", "told"), [(("clavis", "wzv"), {OFFICE, CLAVIS, WZV}), (("clavis",), {OFFICE, CLAVIS}), ((), {OFFICE})]
)
def test_secretariat_and_leads_are_told_of_the_end_three_times_and_rehearsed_is_lived(
    leads: tuple[str, ...], told: set[int]
) -> None:
    start, first, last = world(end_item(*leads)), date(2027, 11, 29), date(2029, 2, 1)

    lived = [one for one in run_daily(start, first, last)[0] if one.reminders]

    ahead = [one for one in rehearsal([start], first, last) if one.reminders]
    assert [one.reminders for one in ahead] == [one.reminders for one in lived]
    days = {one.on.isoformat() for one in lived}
    assert days == {"2027-12-23", "2028-06-30", "2028-09-29"}  # no mail in the quiet days, none on a Saturday
    assert sorted((one.on, one.person) for one in lived) == sorted(
        (date.fromisoformat(d), p) for d in days for p in told
    )
    assert all(len(one.reminders) == 1 for one in lived)


def test_behind_the_end_of_what_does_not_renew_nothing_of_its_agreements_is_told() -> None:
    late = action(8, date(2028, 12, 20), "clavis", agreements=(56,))
    own = action(9, date(2028, 12, 20), "clavis")
    start, first, last = world(late, own, ends_on=END), date(2028, 12, 1), date(2029, 3, 1)

    lived, _ledger = run_daily(start, first, last)

    told = {(line.deadline, one.on > END) for one in lived for line in one.reminders}
    assert told == {(8, False), (9, False), (9, True)}  # what no agreement asks goes on
    assert [one for one in rehearsal([start], first, last) if one.reminders] == [
        replace(one, about=(0,)) for one in lived if one.reminders
    ]


@pytest.mark.parametrize(
    ("term", "today", "seen"),
    [
        (TermDays(None, None), END, ""),
        (TermDays(None, END), date(2027, 12, 1), ""),
        (TermDays(None, END), date(2028, 1, 1), "lopen daarna vanzelf door, tot er nieuwe zijn."),
        (TermDays(None, END), date(2029, 1, 1), ""),
        (TermDays(None, END, renews=False), END, "Dan stoppen de herinneringen. Alles blijft bewaard."),
        (TermDays(None, END, renews=False), date(2029, 1, 1), "De afspraken zijn geëindigd op 31 december 2028."),
    ],
)
def test_the_desk_says_so_in_the_last_year_and_behind_an_end(term: TermDays, today: date, seen: str) -> None:
    notice = term_notice(term, today)

    assert (bool(seen), seen in notice) == (bool(notice), True)


def test_what_comes_back_does_so_no_more_behind_the_end() -> None:
    steps = tuple(term_steps(TermDays()).values())
    held, _agreements = within(steps, (), TermDays(None, END, renews=False))

    assert [one.due for one in year_drafts(2028, held, ())] == [END]
    assert year_drafts(2029, held, ()) == ()
