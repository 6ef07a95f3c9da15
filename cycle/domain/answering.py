"""What people let know from a mail: the words, and until when somebody may put a reminder off."""

from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum

from cycle.domain.ladders import CHAIN, OpenItem, Rung
from cycle.domain.model import Light
from cycle.domain.workdays import WorkCalendar

MOST_DAYS_LATER = 28
DAYS_BEFORE_MEETING = 7
"""Nobody puts a question off into the last week before the meeting that it is for."""


class Stand(StrEnum):
    """How something stands, as a person says it. The first three are lights."""

    GREEN = "groen"
    ORANGE = "oranje"
    RED = "rood"
    DONE = "gereed"
    NOT_MINE = "niet voor mij"
    OPEN_AGAIN = "weer open"

    @property
    def light(self) -> Light | None:
        """The light it turns on; None where it turns none."""
        return Light(self) if self in LIGHTS else None


LIGHTS = (Stand.GREEN, Stand.ORANGE, Stand.RED)


def days_to_choose(item: OpenItem, rungs: Sequence[Rung], today: date, calendar: WorkCalendar) -> tuple[date, ...]:
    """The working days until which a reminder may be put off; none when the day itself is near or past.

    At most four weeks ahead, and never past the last reminder but one before the day: the last rungs need what is left.
    """
    if item.due is not None and item.due < today and not item.invented:
        return ()
    last = min(today + timedelta(MOST_DAYS_LATER), _last_choice(rungs, today))
    days = (today + timedelta(number) for number in range(1, (last - today).days + 1))
    return tuple(day for day in days if calendar.is_mail_day(day))


def common_light(lights: Sequence[Light]) -> Light:
    """One light for several lead parties: the worst that anybody gave; green only when all say so."""
    for light in (Light.RED, Light.ORANGE):
        if light in lights:
            return light
    return Light.GREEN if lights and set(lights) == {Light.GREEN} else Light.GREY


def _last_choice(rungs: Sequence[Rung], today: date) -> date:
    """The day of the last reminder but one, or some days before the next meeting that asks."""
    own = [rung.on for rung in rungs if rung.ends is None and rung.rule.what not in CHAIN and rung.rule.days <= 0]
    meetings = [rung.ends - timedelta(DAYS_BEFORE_MEETING) for rung in rungs if rung.ends and rung.ends >= today]
    if own:
        return own[-2] if len(own) > 1 else own[-1]
    return min(meetings, default=date.max)
