"""What a mail of today takes along: what would come to its readers soon, so that one goes where two would."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta

from cycle.domain.ladders import OpenItem, What
from cycle.domain.planning import reminders_due
from cycle.domain.situation import BUSY_ALONG_DAYS, TAKEN_ALONG_DAYS, Reminder, Situation

NOT_NEAR_DAYS = 14
"""What is told as long before its day may be told some days earlier; nearer to it a reminder has its own day."""
MAY_GO_ALONG = (What.REMIND, What.FIX_DATE, What.INPUT, What.PAPERS, What.AGAIN)


def with_taken_along(
    situation: Situation, lines: Sequence[Reminder], today: date, busy: Collection[int] = ()
) -> tuple[Reminder, ...]:
    """The lines of today, with what would come to their readers within some days and is as well told today: so one mail
    goes where two would.

    That is what is told two weeks or more before its day, and asks for no day of the reader's own. Nothing is told
    later for it, nothing to another person than it would be, and no deadline twice in one mail. To those who are `busy`
    goes what would come within two weeks, and the last reminder of the next mail day in place of an earlier one.
    """
    told = {line.whose: line for line in lines}
    along: dict[tuple[int, str, int | None], Reminder] = {}
    for number, line in _coming(situation, lines, today, busy):
        before, is_busy = told.get(line.whose), line.person in busy
        is_near = before is None and (number <= TAKEN_ALONG_DAYS or is_busy)
        if is_near and _may_go_along(line):
            along.setdefault(line.whose, _told_earlier(line, number)._replace(waits_until=None))
        elif is_busy and _is_last_of_next_day(line, before, situation, today):
            along.setdefault(line.whose, _told_earlier(line, number))
    return (*(line for line in lines if line.whose not in along), *along.values())


def _coming(
    situation: Situation, lines: Sequence[Reminder], today: date, busy: Collection[int]
) -> Iterator[tuple[int, Reminder]]:
    """What comes to the readers of these lines within some days, each with in how many days."""
    readers, told = {line.person for line in lines}, {line.deadline for line in lines}
    is_busy = not readers.isdisjoint(busy)
    mine = [one for one in (*situation.items, *situation.soon) if not one.answers and (is_busy or one.id not in told)]
    for number, items in _by_day(situation, mine, today, BUSY_ALONG_DAYS if is_busy else TAKEN_ALONG_DAYS).items():
        later = situation.looking_at(items, situation.ledger)
        coming = reminders_due(later, today + timedelta(number))
        yield from ((number, line) for line in coming if line.person in readers)


def _by_day(situation: Situation, items: Sequence[OpenItem], today: date, days: int) -> dict[int, list[OpenItem]]:
    """The deadlines that have a rung within so many days, by in how many days: on another day nothing new is to be told
    of them, and what is told late goes along with nothing."""
    coming: dict[int, list[OpenItem]] = {number: [] for number in range(1, days + 1)}
    for item in items:
        for number in {(rung.on - today).days for rung in situation.rungs_of(item)} & coming.keys():
            coming[number].append(item)
    return {number: several for number, several in coming.items() if several}


def _may_go_along(line: Reminder) -> bool:
    """Whether a line may as well be told some days before it would be."""
    return line.what in MAY_GO_ALONG and line.days_left >= NOT_NEAR_DAYS and not line.missed and line.news is None


def _is_last_of_next_day(line: Reminder, before: Reminder | None, situation: Situation, today: date) -> bool:
    """Whether a line is the last reminder before its day, told on the next mail day, where today has an earlier one or
    none."""
    if before is not None and (before.what is not What.REMIND or before.goes_by is not None):
        return False
    is_last = line.what is What.REMIND and line.goes_by is not None and line.days_left >= 0 and line.news is None
    return is_last and line.on == situation.policy.calendar.mail_day_after(today + timedelta(1))


def _told_earlier(line: Reminder, number: int) -> Reminder:
    """A line of some days later as it is told today."""
    return line._replace(on=line.on - timedelta(number), days_left=line.days_left + number)
