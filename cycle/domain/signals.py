"""At which meeting something that somebody reported is spoken of. It follows by itself, until that meeting was held."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Sitting:
    """A meeting at which signals are spoken of: `day` is the one that was set, else the last one on which it can be."""

    deadline: int
    title: str
    day: date


def meeting_for(reported_on: date, sittings: Iterable[Sitting]) -> Sitting | None:
    """The first one to come since the day of the report; none while the year has no such meeting any more."""
    to_come = (one for one in sittings if one.day >= reported_on)
    return min(to_come, key=lambda one: (one.day, one.deadline), default=None)
