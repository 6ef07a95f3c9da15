"""Everybody's rhythm as the planner needs it."""

from cycle.domain.rhythm import Rhythms
from cycle.settings import Settings
from cycle.store import rhythms
from cycle.store.database import Session


def rhythms_of(session: Session, settings: Settings) -> Rhythms:
    """How everybody wants their mail, by these settings."""
    own, no_overview = rhythms.chosen(session, settings.usual_rhythm)
    return Rhythms(settings.work_calendar, settings.usual_rhythm, own, settings.overview_day, no_overview)
