"""Everybody's rhythm as the planner needs it, and the moment at which somebody's mail goes."""

from datetime import date, datetime, timedelta

from cycle.domain.rhythm import Rhythms
from cycle.domain.workdays import moment
from cycle.settings import Settings
from cycle.store import rhythms
from cycle.store.database import Session


def rhythms_of(session: Session, settings: Settings) -> Rhythms:
    """How everybody wants their mail, by these settings."""
    usual = settings.usual_rhythm
    return Rhythms(
        settings.work_calendar,
        usual,
        rhythms.chosen(session, usual),
        settings.overview_day,
        rhythms.without_overview(session),
    )


def mail_moment(settings: Settings, chosen: Rhythms, person: int, day: date) -> datetime:
    """When a person's mail of a day goes: at their own hour, within the hours in which mail goes at all."""
    hour, mail = chosen.of(person).hour, settings.mail
    is_possible = hour is not None and mail.send_hour <= hour < mail.send_until
    return moment(day, hour if hour and is_possible else mail.send_hour, settings.zone)


def next_moment(settings: Settings, chosen: Rhythms, person: int, after: date) -> datetime:
    """The next mail day's moment for somebody whose mail waits."""
    return mail_moment(settings, chosen, person, settings.work_calendar.mail_day_after(after + timedelta(1)))
