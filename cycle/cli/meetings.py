"""`cycle meeting`: a date for a meeting, another date, or none."""

from datetime import date, time
from typing import TYPE_CHECKING

from cycle.cli import desk
from cycle.cli.console import say

if TYPE_CHECKING:  # importing this takes half a second, and `--help` needs none of it
    from cycle.actions.deadlines.closing import Settled


def set_meeting(
    deadline: int, day: date, at: time | None, until: time | None, place: str, by: str, covenant: str | None
) -> None:
    """Sets when and where a meeting is."""
    from cycle.actions.acting.fitting import for_deadline
    from cycle.actions.deadlines.closing import set_meeting as run

    office = desk.office()
    only = desk.covenant_id(office, covenant)
    by = for_deadline(office, by, desk.now(), deadline, only)
    _tell(run(office, deadline, day, desk.now(), start=at, end=until, place=place, by=by, covenant_id=only))


def move_meeting(
    deadline: int, day: date, at: time | None, until: time | None, place: str | None, by: str, covenant: str | None
) -> None:
    """Gives a planned meeting another day."""
    from cycle.actions.acting.fitting import for_deadline
    from cycle.actions.deadlines.closing import move_meeting as run

    office = desk.office()
    only = desk.covenant_id(office, covenant)
    by = for_deadline(office, by, desk.now(), deadline, only)
    _tell(run(office, deadline, day, desk.now(), start=at, end=until, place=place, by=by, covenant_id=only))


def cancel_meeting(deadline: int, reason: str, by: str, covenant: str | None) -> None:
    """Calls a planned meeting off."""
    from cycle.actions.acting.fitting import for_deadline
    from cycle.actions.deadlines.closing import cancel_meeting as run

    office = desk.office()
    only = desk.covenant_id(office, covenant)
    by = for_deadline(office, by, desk.now(), deadline, only)
    _tell(run(office, deadline, desk.now(), by=by, reason=reason, covenant_id=only))


def _tell(settled: "Settled") -> None:
    say(f"{settled.title}: {settled.words}.")
