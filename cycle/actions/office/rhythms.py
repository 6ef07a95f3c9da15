"""Everybody's rhythm as the planner needs it."""

from cycle.domain.rhythm import Rhythms
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
