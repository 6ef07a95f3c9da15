"""Progress rounds: before each bestuurlijk overleg every lead is asked about all its agreements, dated or not.

A round is a question in the plan of reminders: one rung that asks and one that asks again, for each deadline that
stands for an agreement. So it folds into the one mail of that day, and is rehearsed and sent like any other.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from cycle.domain.ladders import QUESTIONS, OpenItem, Rung, RungRule, To, What
from cycle.domain.model import LadderKind
from cycle.domain.workdays import WorkCalendar

OWN_LADDER = (LadderKind.MEETING, LadderKind.LETTER, LadderKind.DOCUMENT)
"""What is counted down to by rungs of its own."""


class Round(NamedTuple):
    """The round before one meeting, a step of the year.

    `day` is the meeting's planned day, or else the first of its window; `anchor` is the first of its window whatever is
    planned: the lasting name of the round, so that a meeting that gets another day does not ask all over again.
    `repeat_days` after the first question it is repeated to who did not answer; 0 is never. Nobody could be asked
    before `known_since`, the day since which the meeting is on its day (law L6).
    """

    meeting: str
    year: int
    day: date
    anchor: date
    weeks: int = 5
    repeat_days: int = 10
    known_since: date | None = None

    def first_day(self, calendar: WorkCalendar) -> date:
        """The mail day on which everybody is asked."""
        return calendar.mail_day_before(self.day - timedelta(weeks=self.weeks))


def with_rounds(
    item: OpenItem, ladder: Sequence[Rung], rounds: Sequence[Round], calendar: WorkCalendar
) -> tuple[Rung, ...]:
    """A deadline's rungs with the questions of the rounds among them, in order; nobody is asked twice for one meeting.

    Where a question meets a rung of the ladder on one day, the ladder's own words win.
    """
    mine = [one for one in rounds if is_asked(item, one)]
    if not mine:
        return tuple(ladder)
    days = {one.day for one in mine}
    own = [rung for rung in ladder if rung.rule.what not in QUESTIONS or rung.counted_from not in days]
    questions = [rung for one in mine for rung in _questions(one, calendar)]
    return tuple(
        sorted([*questions, *own], key=lambda rung: (rung.on, rung.rule.what not in QUESTIONS, rung.rule.days))
    )


def is_asked(item: OpenItem, round_: Round) -> bool:
    """Whether a round asks about a deadline: it stands for an agreement that somebody leads, and for that year.

    What comes back every year is asked about in its own year; what was asked once, or has no date, in every round. What
    has a running ladder of its own, as a meeting and a letter have, is not asked for a colour.
    """
    if not item.had_leads or not item.agreements or item.doubtful or item.kind in OWN_LADDER:
        return False
    if {0, round_.year} & set(item.not_asked_in):
        return False
    if item.due is None:
        return item.window_start is None or item.window_start <= round_.day
    return item.once or item.due.year == round_.year


@lru_cache(maxsize=1024)
def _questions(round_: Round, calendar: WorkCalendar) -> tuple[Rung, ...]:
    first = RungRule(-7 * round_.weeks, To.LEADS, What.ASK)
    known = calendar.mail_day_after(round_.known_since or date.min)
    ask = Rung(first, max(round_.first_day(calendar), known), round_.anchor, round_.day)
    later = RungRule(first.days + round_.repeat_days, To.LEADS, What.AGAIN)
    on = calendar.mail_day_after(round_.day + timedelta(later.days))
    if on <= ask.on:
        on = calendar.mail_day_after(ask.on + timedelta(round_.repeat_days))
    if not round_.repeat_days or on >= round_.day:
        return (ask,)
    return ask, Rung(later, on, round_.anchor, round_.day)
