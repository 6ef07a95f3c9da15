"""The guard of rule C8: far more to tell than usual is a sign that the clock is wrong, or the register is.

Usual is what the busy part of the ledger tells on an average mail day; while there is no history it is estimated from
the number of open deadlines. For a small table an average says little: there it is a share of what stands open, many
times what its busiest day has and a catch-up after an outage brings. Questions are not counted: a progress round asks
everybody at once. Who looks and resumes lets the rest of that day through, or the next mail day when this one is over.
"""

from datetime import date, datetime

from cycle.actions.office.mail_hours import within_mail_hours
from cycle.domain.ladders import QUESTIONS, What
from cycle.settings import Settings
from cycle.store import deadlines, outbox
from cycle.store.database import Session

FLOOR_LINES = 250
SMALLEST_FLOOR = 20
SHARE_OF_SMALL = 0.25  # of the open deadlines; the busiest day of the example tells of a fourteenth
SHARE_PER_DAY = 0.03  # of the open deadlines: about eight lines a year for each
DAYS_OF_HISTORY = 10
APPROVED = "guard"
UNCOUNTED = (*QUESTIONS, What.SETTLE)


def too_many(session: Session, settings: Settings, lines: int, now: datetime) -> str:
    """Why these lines are not told without asking; nothing when they may go. `lines` are those that count."""
    if not lines:
        return ""
    today = settings.local_day(now)
    if _is_approved(session, settings, now):
        return ""
    per_day = outbox.lines_per_day(session, now, list(UNCOUNTED))
    open_deadlines = deadlines.count_open(session)
    limit = settings.mail.guard_times * usual(per_day, open_deadlines, today)
    limit = limit if limit > FLOOR_LINES else floor(open_deadlines)
    told_today = per_day.get(today, 0)
    if told_today + lines <= limit:
        return ""
    return (
        f"op {today:%d-%m-%Y} zijn {told_today + lines} regels aan de beurt, veel meer dan gewoon "
        f"(hoogstens {limit:.0f}). Staat de klok goed?"
    )


def usual(per_day: dict[date, int], open_deadlines: int, today: date) -> float:
    """How many lines an average mail day has."""
    before = [number for day, number in per_day.items() if day < today]
    history = sum(before) / len(before) if len(before) >= DAYS_OF_HISTORY else 0.0
    return max(history, open_deadlines * SHARE_PER_DAY)


def floor(open_deadlines: int) -> float:
    """What a small installation may tell in a day, however little it usually tells."""
    return min(FLOOR_LINES, max(SMALLEST_FLOOR, open_deadlines * SHARE_OF_SMALL))


def _is_approved(session: Session, settings: Settings, now: datetime) -> bool:
    """Whether somebody looked today, or since the last mail day ended. A look in the future is of a wrong clock."""
    approved = outbox.beats(session).get(APPROVED)
    if approved is None or approved > now + outbox.NOT_YET:
        return False
    last = settings.local_day(within_mail_hours(settings, approved))
    return settings.local_day(now) <= last
