"""When each open deadline next has something to tell."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, timedelta

from cycle.domain.ladders import OpenItem
from cycle.domain.mail_hours import MailHours
from cycle.domain.mail_plan import Morning, Plan, Postponed, WhyLater
from cycle.domain.planning import next_days_to_tell, next_mail_day
from cycle.domain.situation import BUSY_ALONG_DAYS, Situation
from cycle.domain.troubles import Troubles
from cycle.domain.workdays import ONE_DAY, moment


def next_moments(morning: Morning, plan: Plan, mailed: Collection[int]) -> dict[int, datetime | None]:
    """When each deadline that was looked at may next have something to tell, once these people got their mail."""
    told = {line.told: morning.today for one in plan.mails if one.person in mailed for line in one.reminders}
    unsaid = {line.deadline for one in plan.mails if one.person not in mailed for line in one.reminders}
    moments: dict[int, datetime | None] = {}
    for covenant, situation in morning.situations.items():
        after = situation.looking_at(situation.items, {**situation.ledger, **told}, situation.soon)
        said = {one.deadline for one in told}
        for item in (*situation.items, *(one for one in situation.soon if one.id in said)):
            waits = plan.postponed.get(item.id) or (Postponed(None, WhyLater.FAILED) if item.id in unsaid else None)
            moments[item.id] = _next_moment(item, after, morning, waits, covenant, plan.troubles)
    return moments


def _next_moment(
    item: OpenItem,
    situation: Situation,
    morning: Morning,
    waits: Postponed | None,
    covenant: int,
    troubles: Troubles,
) -> datetime | None:
    """The next moment at which a deadline may have something to tell: its next rung, and the next mail day for what
    waits. What one reader's rhythm makes wait does not make another reader's next rung wait."""
    tomorrow = situation.policy.calendar.mail_day_after(morning.today + ONE_DAY)
    day: date | None = tomorrow
    with troubles.about(covenant, f"termijn {item.id}"):
        day = next_mail_day(item, situation, morning.today)
    days = [day, tomorrow] if waits else [day]
    return min(_moments(days, situation, morning, waits), default=None)


def _moments(
    days: Iterable[date | None], situation: Situation, morning: Morning, waits: Postponed | None
) -> Iterator[datetime]:
    for day in days:
        if day is not None:
            yield send_moment(day, situation, morning.hours)
    if waits and waits.until:
        yield waits.until


def moments_from(today: date, situation: Situation, hours: MailHours) -> dict[int, datetime | None]:
    """When each open deadline of a covenant may next have something to tell, from a day on; None for never.

    The covenant's own hour is the earliest. A reader's hour is known only to the plan, which lets the mail wait for it.
    """
    days = next_days_to_tell(situation, today)
    at = {day: send_moment(day, situation, hours) for day in days.values() if day is not None}
    return {key: at[day] if day is not None else None for key, day in days.items()}


def last_soon(now: datetime, hours: MailHours) -> datetime:
    """Until when a deadline is to be looked at soon: what it tells may go along with a mail of now."""
    return hours.end_of(hours.day_of(now) + timedelta(BUSY_ALONG_DAYS))


def send_moment(day: date, situation: Situation, hours: MailHours) -> datetime:
    """When the mail of a covenant goes on a day, at the earliest."""
    return moment(day, situation.send_hour or hours.opens, hours.zone)
