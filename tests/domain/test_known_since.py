"""Nothing counts from before it was known (law L6), whatever came late: each case, and any history of facts."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from enum import StrEnum

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from test_planning import ANNA, DIRK, SPRING, SUUS, rehearsed, told
from worlds import CALENDAR, LIVE_SINCE, action, days, person, run_daily, situation

from cycle.domain.ladders import OpenItem, What
from cycle.domain.model import News
from cycle.domain.planning import next_day_to_tell, reminders_due
from cycle.domain.situation import Situation, Told
from tests.trying import examples

DUE = date(2027, 3, 15)
TABLE = [ANNA, SUUS, DIRK]
MEETS = SPRING._replace(participants=("clavis",), open_leads=("gemeente",))


def test_what_comes_back_after_all_its_rungs_is_told_once() -> None:
    back = date(2027, 3, 29)  # Easter Monday: the next mail day is the 30th
    world = situation([action(1, date(2027, 3, 1), "clavis", known_since=back, news=News.BACK)], TABLE)

    lines = told(world, back, date(2027, 6, 1))

    assert lines == [(date(2027, 3, 30), ANNA.person, "back")]  # once, to who leads it; nothing upward from before
    assert rehearsed(world, back, date(2027, 6, 1)) == lines
    assert next_day_to_tell(world.items[0], world, back) == lines[0][0]


@pytest.mark.parametrize(
    ("late", "news"),
    [
        ({"known_since": date(2027, 3, 4), "news": News.NEW}, "new"),
        ({"known_since": date(2027, 3, 4), "news": News.MOVED, "heard": ("clavis",)}, "moved"),
        ({"known_since": date(2027, 3, 4), "news": News.MOVED}, "new"),
        ({"party_since": (("clavis", date(2027, 3, 4)),)}, "yours"),
        ({}, "new"),
        ({}, "yours"),
    ],
)
def test_what_is_learned_late_is_told_once_in_place_of_the_rungs_that_it_skips(late: dict, news: str) -> None:
    item = action(1, DUE, "clavis", **late)
    anna = replace(ANNA, since=date(2027, 3, 4)) if not late and news == "yours" else ANNA
    released = date(2027, 3, 4) if not late and news == "new" else None
    world = situation([item], [anna, SUUS, DIRK], released_on=released)

    lines = told(world, date(2027, 3, 4), date(2027, 3, 16))

    assert lines == [
        (date(2027, 3, 4), 1, news),
        (date(2027, 3, 8), 1, "-7"),
        (date(2027, 3, 12), 1, "-1"),
        (date(2027, 3, 15), 1, "0"),
    ]
    assert rehearsed(world, date(2027, 3, 4), date(2027, 3, 16)) == lines


def test_a_move_is_told_to_who_heard_of_the_old_day_though_no_rung_is_skipped() -> None:
    moved = action(1, date(2027, 6, 15), "clavis", known_since=date(2027, 3, 4), news=News.MOVED)

    assert told(situation([moved], TABLE), date(2027, 3, 4), date(2027, 5, 1)) == []
    heard = situation([moved._replace(heard=("clavis",))], TABLE)
    assert told(heard, date(2027, 3, 4), date(2027, 5, 1)) == [(date(2027, 3, 4), 1, "moved")]


def test_after_an_outage_nobody_goes_upward_before_the_trekker_was_told_and_had_the_time() -> None:
    world = situation([action(1, DUE, "clavis")], TABLE)
    back = date(2027, 4, 20)

    sent, _ledger = run_daily(world, date(2027, 1, 4), date(2027, 6, 30), lambda day: day >= back)

    lines = [(line.on, line.rung, line.person) for mail in sent for line in mail.reminders]
    assert lines == [
        (back, "14", 1),
        (date(2027, 5, 11), "escalate", 9),
        (date(2027, 5, 18), "announce", 1),
        (date(2027, 5, 25), "director", 8),
    ]


@pytest.mark.parametrize(
    ("now", "known", "news", "day", "lead", "other"),
    [
        (date(2027, 4, 21), date(2027, 4, 20), News.SET, date(2027, 4, 15), ("set", What.HELD), None),
        (date(2027, 4, 16), date(2027, 4, 16), News.OFF, None, ("off", What.FIX_DATE), ("off", What.KNOW)),
        (date(2027, 3, 1), date(2027, 3, 1), News.MOVED, date(2027, 4, 29), ("moved", What.KNOW), ("moved", What.KNOW)),
    ],
)
def test_nobody_is_asked_for_input_to_what_is_over_or_off(now, known, news, day, lead, other) -> None:
    heard = () if news is News.SET else ("gemeente", "clavis")
    item = MEETS._replace(known_since=known, news=news, meeting_day=day, heard=heard)
    world = situation([item], [replace(SUUS, role=ANNA.role), ANNA])

    lines = {line.party: (line.rung, line.what) for line in reminders_due(world, now)}

    assert (lines.get("gemeente"), lines.get("clavis")) == (lead, other)


def test_who_takes_a_seat_after_the_task_came_to_their_party_is_followed_upward_too() -> None:
    came, seated = date(2027, 4, 10), date(2027, 4, 11)
    late = action(1, date(2027, 2, 1), "clavis")._replace(party_since=(("clavis", came),))
    world = situation([late], [replace(ANNA, since=seated), SUUS, DIRK])

    lines = told(world, came, date(2027, 6, 1))

    assert [rung for _day, _person, rung in lines] == ["yours", "escalate", "announce", "director"]
    assert rehearsed(world, came, date(2027, 6, 1)) == lines


def test_input_that_could_not_be_asked_in_time_is_not_asked_after_the_meeting() -> None:
    world = situation([MEETS._replace(meeting_day=date(2027, 4, 15))], [ANNA])

    assert [line.what for line in reminders_due(world, date(2027, 4, 15))] == [What.PAPERS, What.INPUT]
    assert [line.what for line in reminders_due(world, date(2027, 4, 16))] == [What.HELD]


DAYS = st.dates(date(2027, 2, 1), date(2027, 4, 15))
SOMETIMES = st.none() | DAYS
MONTHS = timedelta(90)


@settings(max_examples=examples(15, 400), deadline=None)
@given(DAYS, SOMETIMES, st.sampled_from(News), SOMETIMES, SOMETIMES, SOMETIMES, st.booleans())
def test_no_line_counts_from_before_its_fact(due, known, news, party, seat, released, has_heard) -> None:
    item = action(1, due, "clavis", known_since=known, news=news)._replace(
        party_since=(("clavis", party),) if party else (), heard=("clavis",) if has_heard else ()
    )
    before = [person(7, "clavis", until=seat - timedelta(1))] if seat else []
    world = situation([item], [replace(ANNA, since=seat), *before, SUUS, DIRK], released_on=released)
    begin = max(day for day in (date(2027, 1, 4), known, party, released) if day)  # what is known, is so by now
    first, since = max(begin, seat or begin), max(day for day in (LIVE_SINCE, known, party, released, seat) if day)

    sent, _ledger = run_daily(world, begin, first + MONTHS)

    lines = [line for mail in sent for line in mail.reminders]
    mine = [line for line in lines if line.person == ANNA.person]
    assert all(day >= since for line in mine for day in line.missed)
    assert all(_day_of(line.rung, due) >= since for line in mine if line.rung.lstrip("-").isdigit())
    assert sum(line.rung in set(News) for line in mine) <= 1
    upward = [line for line in lines if line.what is What.ESCALATE and line.on >= first]
    assert all(any(own.on + timedelta(21) <= line.on for own in mine) for line in upward)
    assert rehearsed(world, begin, first + MONTHS) == [(line.on, line.person, line.rung) for line in lines]
    assert _looked_at_in_time(world, sent)


def _day_of(rung: str, due: date) -> date:
    """The latest day on which a rung may fall; one before its day moves back to a mail day, one after it ahead."""
    return due + timedelta(int(rung) + 7)


def _looked_at_in_time(world: Situation, sent: list) -> bool:
    """Whether the next day to tell, asked after each mail, is never later than the next mail."""
    ledger: dict[Told, date] = {}
    for mail in sent:
        at = replace(world, ledger=dict(ledger))
        day = next_day_to_tell(world.items[0], at, mail.on)
        if day is None or day > mail.on:
            return False
        ledger |= {line.told: mail.on for line in mail.reminders}
    return True


class Happens(StrEnum):
    """What may happen to a meeting."""

    SET = "set"
    MOVE = "move"
    CALL_OFF = "call off"
    DROP = "drop"
    REOPEN = "reopen"
    OTHER_LEAD = "other lead"


def happened(item: OpenItem, what: Happens, today: date, ledger: dict[Told, date]) -> OpenItem:
    """The meeting after something happened to it, as `store.deadlines.learn` writes that down."""
    last = max(ledger.values(), default=today - timedelta(1))
    known = max(today, last + timedelta(1))
    if what is Happens.OTHER_LEAD:
        lead = "clavis" if item.open_leads == ("gemeente",) else "gemeente"
        beside = tuple(slug for slug in ("gemeente", "clavis") if slug != lead)
        return item._replace(open_leads=(lead,), participants=beside, party_since=((lead, known),))
    day, news, is_off = {
        Happens.SET: (today + timedelta(30), News.SET, False),
        Happens.MOVE: (today + timedelta(45), News.MOVED, False),
        Happens.CALL_OFF: (None, News.OFF, False),
        Happens.DROP: (item.meeting_day, News.OFF, True),
        Happens.REOPEN: (item.meeting_day, News.BACK, False),
    }[what]
    heard = tuple(sorted({told.party for told, on in ledger.items() if on < known}))
    news = News.MOVED if news is News.SET and item.news in (News.MOVED, News.OFF) and last < item.known_since else news
    changed = item._replace(meeting_day=day, known_since=known, news=news, heard=heard, is_off=is_off)
    return changed if news in (News.MOVED, News.OFF) else changed._replace(heard=())


def can_happen(item: OpenItem, what: Happens, today: date) -> bool:
    if item.is_off:
        return what is Happens.REOPEN
    if what is Happens.SET:
        return item.meeting_day is None
    is_to_come = item.meeting_day is not None and item.meeting_day > today
    return what is Happens.OTHER_LEAD or (what is not Happens.REOPEN and is_to_come)


@settings(max_examples=examples(15, 400), deadline=None)
@example([(1, Happens.SET), (1, Happens.SET), (5, Happens.DROP), (25, Happens.REOPEN)])
@given(st.lists(st.tuples(st.integers(1, 25), st.sampled_from(Happens)), max_size=7))
def test_whatever_happens_to_a_meeting_each_change_is_told_once_and_nothing_is_asked_about_what_is_off(history) -> None:
    item, ledger, today = MEETS, dict[Told, date](), date(2027, 1, 4)
    for days_later, what in [*history, (90, Happens.REOPEN)]:
        until, news_told = today + timedelta(days_later), Counter[str]()
        world = situation([item], [replace(SUUS, role=ANNA.role), ANNA], ledger=ledger)
        foretold = rehearsed(world, today, until - timedelta(1))

        sent, ledger = run_daily(world, today, until - timedelta(1))

        lines = [line for mail in sent for line in mail.reminders]
        assert foretold == [(line.on, line.person, line.rung) for line in lines]
        assert _looked_at_in_time(world, sent)
        for line in lines:
            day, for_a_meeting = item.meeting_day, line.what in (What.INPUT, What.PAPERS)
            news_told[line.party] += line.news in (News.MOVED, News.OFF, News.BACK)
            assert not (item.is_off and (line.what is not What.KNOW or line.party not in item.heard))
            assert not (for_a_meeting and (item.news is News.OFF or (day and line.on > day)))
            assert all(missed >= (item.known_since or LIVE_SINCE) for missed in line.missed)
        assert all(count <= 1 for count in news_told.values())
        if (
            item.news is News.OFF
            and is_mail_day_between(item.known_since, until)
            and (item.meeting_day or until) >= until
        ):
            assert set(item.heard) <= {told.party for told, on in ledger.items() if on >= item.known_since}
        if can_happen(item, what, until):
            item = happened(item, what, until, ledger)
        today = until


def is_mail_day_between(first: date, until: date) -> bool:
    """Whether mail goes on one of the days from the first to before the last."""
    return any(CALENDAR.is_mail_day(day) for day in days(first, until - timedelta(1)))
