"""Lines that wait some days for one another, so that somebody with much to do gets one mail where three would go.

Who counts down to several deadlines at a time gets their reminders together, and who keeps a secretariat gets what can
wait in the weekly overview. Each line has a day until which it may wait; a mail goes on the first such day, and takes
all of them along. Nothing waits that is new, the last reminder before a day, or a question on its own day. What waited
was not missed.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from cycle.domain.addressing import Members
from cycle.domain.ladders import QUESTIONS, OpenItem, Rung, What, counts_from, to_settle
from cycle.domain.model import LadderKind
from cycle.domain.situation import Reason, Situation
from cycle.domain.workdays import WorkCalendar

COUNTED_DOWN_TO = (LadderKind.LETTER, LadderKind.DOCUMENT, LadderKind.ACTION)
LEADS, TAKES_PART, MANY = 2, 1, 6
"""Who leads three deadlines, or takes part in six, has much to do..."""
FROM_DAYS, UNTIL_DAYS = 180, 90
"""... of those that are open, from so many days before their day until so many after."""
EARLY_DAYS, LATELY_DAYS = 7, 28
"""So long before its day a deadline was told of at the latest, and no longer before it than this at least once."""
A_WEEK = 7
TWO_WEEKS, THREE_WEEKS = 14, 21
WAITS_DAYS = {
    What.AGAIN: TWO_WEEKS,
    What.FIX_DATE: TWO_WEEKS,
    What.REMIND: THREE_WEEKS,
    What.PAPERS: 0,
    What.ASK: 0,
    What.DIRECTOR: 0,
}
"""How many days a line may wait, where it is not a week."""
ONLY_OFFICE = (Reason.NO_LEAD, Reason.SECRETARIAT)


def waits_until(
    rung: Rung, reason: Reason, rungs: Sequence[Rung], told: Iterable[date], calendar: WorkCalendar
) -> date:
    """Until which mail day a line of this rung may wait for another mail to its reader. `rungs` are all of the
    deadline, `told` the days on which it was told of."""
    rule = rung.rule
    if rule.news or rule.chosen or (rung.is_last and rule.what is What.REMIND):
        return rung.on
    if rule.what is What.REMIND and rule.days < 0:
        return max(rung.on, _before_its_day(rung, rungs, told, calendar))
    is_question = rule.what in QUESTIONS and reason in ONLY_OFFICE
    waits = A_WEEK if is_question else WAITS_DAYS.get(rule.what, A_WEEK)
    last = rung.on + timedelta(waits)
    return max(rung.on, calendar.mail_day_before(min(last, rung.goes_by or last)))


def _before_its_day(rung: Rung, rungs: Sequence[Rung], told: Iterable[date], calendar: WorkCalendar) -> date:
    """Until when an early reminder may wait: for the last one, where its reader was told not long ago; or else until
    there is still time to act."""
    since = rung.counted_from - timedelta(LATELY_DAYS)
    if any(day >= since for day in told):
        last = (one.on for one in rungs if one.is_last and one.rule.what is What.REMIND and one.on >= rung.on)
        return next(last, rung.on)
    return calendar.mail_day_before(rung.counted_from - timedelta(EARLY_DAYS))


def near_items(situation: Situation, today: date) -> Iterator[OpenItem]:
    """The deadlines of this covenant with a day to count down to that is not far from today."""
    first, last = today - timedelta(UNTIL_DAYS), today + timedelta(FROM_DAYS)
    for item in {one.id: one for one in (*situation.running, *situation.soon, *situation.items)}.values():
        day = counts_from(item, situation.policy) if is_counted_down_to(item) else None
        if day is not None and first <= day <= last and not to_settle(item, situation.policy):
            yield item


def is_counted_down_to(item: OpenItem) -> bool:
    """Whether there is a day to count down to, that is sure and agreed."""
    return item.kind in COUNTED_DOWN_TO and not (item.invented or item.doubtful or item.is_off)


def called_to(item: OpenItem, members: Members) -> Mapping[int, int]:
    """Who leads a deadline or takes part in it, and how much that is."""
    weights: dict[int, int] = {}
    for parties, weight in ((item.participants, TAKES_PART), (item.open_leads, LEADS)):
        for party in parties:
            if (person := members.addressee(party, item.agreements, item.theme)) is not None:
                weights[person.person] = weight
    return weights
