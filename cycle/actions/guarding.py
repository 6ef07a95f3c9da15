"""The guard of rule C8: far more to tell than usual is a sign that the clock is wrong, or the register is.

Usual is what the busy part of the ledger tells on an average mail day; while there is no history it is estimated from
the number of open deadlines. Below the floor nothing trips, so a small installation that catches up never does. Who
looks and resumes lets the rest of that day through.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from cycle.store import deadlines, outbox

FLOOR_LINES = 250
SHARE_PER_DAY = 0.03  # of the open deadlines: about eight lines a year for each
DAYS_OF_HISTORY = 10
APPROVED = "guard"


def too_many(session: Session, lines: int, times: int, now: datetime, zone: ZoneInfo) -> str:
    """Why these lines are not told without asking; nothing when they may go."""
    if lines <= FLOOR_LINES:
        return ""
    today = now.astimezone(zone).date()
    approved = outbox.beats(session).get(APPROVED)
    if approved is not None and approved.astimezone(zone).date() == today:
        return ""
    per_day = outbox.lines_per_day(session)
    limit = max(FLOOR_LINES, times * usual(per_day, deadlines.count_open(session), today))
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
