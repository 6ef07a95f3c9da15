"""`cycle meeting`: a date for a meeting, another date, or none."""

from datetime import date, time
from typing import TYPE_CHECKING

from cycle.cli import desk
from cycle.cli.console import say, say_json, say_table

if TYPE_CHECKING:  # importing this takes half a second, and `--help` needs none of it
    from cycle.actions.deadlines.deciding.closing import Settled


def list_meetings(year: int | None, covenant: str | None, *, as_json: bool) -> None:
    """The meetings of a year, the running one when none is named."""
    from cycle.actions.deadlines.meeting.meeting_list import meeting_list
    from cycle.actions.office.covenant_view import view_of
    from cycle.domain.days import KEPT_YEAR

    office = desk.office()
    today = office.local_day(desk.now())
    KEPT_YEAR.around(today).refuse_year(year or today.year)
    with office.database.reading() as session:
        view = view_of(session, office.settings, covenant)
        listed = meeting_list(session, view, year or today.year, today)
    if as_json:
        say_json({"meetings": [one.as_json() for one in listed]})
        return
    rows = [(one.row.id, one.row.title, one.body, one.when, one.state_words, len(one.members)) for one in listed]
    say_table(("id", "wat", "overleg", "wanneer", "stand", "mensen"), rows)


def show_meeting(deadline: int, covenant: str | None, *, as_json: bool) -> None:
    """One meeting, and who sits there."""
    from cycle.actions.deadlines.meeting.meeting_list import meeting_shown
    from cycle.actions.office.covenant_view import view_of

    office = desk.office()
    with office.database.reading() as session:
        view = view_of(session, office.settings, covenant)
        shown = meeting_shown(session, view, deadline, office.local_day(desk.now()))
    if as_json:
        say_json(shown.as_json())
        return
    say(f"{shown.row.title}: {shown.when}, {shown.state_words}.")
    if shown.row.meeting and shown.row.meeting.place:
        say(f"Waar: {shown.row.meeting.place}")
    if shown.row.meeting and shown.row.meeting.online:
        say(f"Online: {shown.row.meeting.online}")
    say(f"Aan tafel bij {shown.body}: {', '.join(shown.members)}" if shown.members else "Er zit nog niemand aan tafel.")


def set_meeting(
    deadline: int,
    day: date,
    at: time | None,
    until: time | None,
    place: str,
    online: str | None,
    by: str,
    covenant: str | None,
) -> None:
    """Sets when and where a meeting is."""
    from cycle.actions.acting.fitting import for_deadline
    from cycle.actions.deadlines.meeting.planned_meetings import set_meeting as run

    office = desk.office()
    only = desk.covenant_id(office, covenant)
    by = for_deadline(office, by, desk.now(), deadline, only)
    now = desk.now()
    _tell(run(office, deadline, day, now, start=at, end=until, place=place, online=online, by=by, covenant_id=only))


def move_meeting(
    deadline: int,
    day: date,
    at: time | None,
    until: time | None,
    place: str | None,
    online: str | None,
    by: str,
    covenant: str | None,
) -> None:
    """Gives a planned meeting another day."""
    from cycle.actions.acting.fitting import for_deadline
    from cycle.actions.deadlines.meeting.planned_meetings import move_meeting as run

    office = desk.office()
    only = desk.covenant_id(office, covenant)
    by = for_deadline(office, by, desk.now(), deadline, only)
    now = desk.now()
    _tell(run(office, deadline, day, now, start=at, end=until, place=place, online=online, by=by, covenant_id=only))


def cancel_meeting(deadline: int, reason: str, by: str, covenant: str | None) -> None:
    """Calls a planned meeting off."""
    from cycle.actions.acting.fitting import for_deadline
    from cycle.actions.deadlines.meeting.planned_meetings import cancel_meeting as run

    office = desk.office()
    only = desk.covenant_id(office, covenant)
    by = for_deadline(office, by, desk.now(), deadline, only)
    _tell(run(office, deadline, desk.now(), by=by, reason=reason, covenant_id=only))


def _tell(settled: "Settled") -> None:
    say(f"{settled.title}: {settled.words}.")
