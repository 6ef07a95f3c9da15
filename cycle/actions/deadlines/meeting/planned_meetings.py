"""A meeting gets its day, moves, or is called off."""

from datetime import date, datetime, time

from cycle.actions.deadlines.deciding.closing import (
    DONE_WORDS,
    Settled,
    raise_sequence,
    refuse_changed_row,
    view_of_row,
)
from cycle.actions.deadlines.upkeep.year_upkeep import keep_covenant
from cycle.actions.office.logbook import note
from cycle.actions.office.office import Office
from cycle.domain.days import MEETING
from cycle.domain.model import LadderKind, Meeting, News, Origin, State
from cycle.domain.web_addresses import OF_A_MEETING, look_at_web_address
from cycle.domain.words import weekday_words
from cycle.errors import Refused
from cycle.store import deadlines, meetings
from cycle.store.database import Session
from cycle.store.tables import DeadlineRow


def set_meeting(
    office: Office,
    deadline_id: int,
    day: date,
    now: datetime,
    *,
    start: time | None = None,
    end: time | None = None,
    place: str = "",
    online: str | None = None,
    by: str = "",
    covenant_id: int | None = None,
    version: str = "",
) -> Settled:
    """Sets when and where a meeting takes place. `online` is the address by which people join from elsewhere; one that
    was planned keeps it unless another or none ("") is given.

    Raises NotFound, Changed when it is not what the page of this `version` showed, or Refused for what is no meeting,
    is settled, or would end before it starts, and for an address that no browser opens.
    """
    with office.database.writing() as session:
        row = _open_meeting(session, deadline_id, covenant_id)
        refuse_changed_row(session, row, version)
        was = deadlines.meeting_of(row)
        becomes = Meeting(day, start, end, place, _online(was, online))
        return _plan_meeting(office, session, row, becomes, now, by)


def move_meeting(
    office: Office,
    deadline_id: int,
    day: date,
    now: datetime,
    *,
    start: time | None = None,
    end: time | None = None,
    place: str | None = None,
    online: str | None = None,
    by: str = "",
    covenant_id: int | None = None,
) -> Settled:
    """Gives a planned meeting another day; time, place and the address to join by stay unless they are given.

    With another start and no end, the meeting takes as long as it did. Raises NotFound, or Refused when nothing was
    planned yet, and for an address that no browser opens.
    """
    with office.database.writing() as session:
        row = _open_meeting(session, deadline_id, covenant_id)
        was = deadlines.meeting_of(row)
        if was is None:
            raise Refused(f"{row.title} heeft nog geen datum.", "Plan het overleg met: cycle meeting set ID DATUM")
        becomes = Meeting(
            day,
            start or was.start,
            end or _same_length(was, start),
            was.place if place is None else place,
            _online(was, online),
        )
        return _plan_meeting(office, session, row, becomes, now, by)


def cancel_meeting(
    office: Office,
    deadline_id: int,
    now: datetime,
    *,
    by: str = "",
    reason: str = "",
    covenant_id: int | None = None,
    version: str = "",
) -> Settled:
    """Calls a planned meeting off. Its date is open again; calendars say "Vervallen" for two weeks (rule A10).

    Raises NotFound, Changed when it is not what the page of this `version` showed, or Refused for what is no meeting.
    """
    with office.database.writing() as session:
        row = _open_meeting(session, deadline_id, covenant_id)
        refuse_changed_row(session, row, version)
        planned = deadlines.meeting_of(row)
        if planned is None:
            return Settled(row.title, "had geen datum", changed=False)
        meetings.call_off(session, row, now)
        deadlines.learn(session, row, office.local_day(now), News.OFF)
        row.sequence += 1  # and one more below: "vervallen" has this number, the last day that comes back the next
        _replan_meeting(office, session, row, now)
        note(
            session,
            now,
            by,
            "overleg vervallen",
            f"termijn {row.id}",
            f"{planned.day}, {reason}" if reason else str(planned.day),
            row.covenant_id,
        )
        return Settled(
            row.title, f"op {weekday_words(planned.day)} gaat niet door; de datum is weer open", changed=True
        )


def _open_meeting(session: Session, deadline_id: int, covenant_id: int | None) -> DeadlineRow:
    """A deadline that can be held as a meeting and is not settled."""
    row = deadlines.row_by_id(session, deadline_id, covenant_id, lock=True)
    if row.kind not in (LadderKind.MEETING, LadderKind.YEARLY) or row.origin == Origin.AGREEMENT:
        raise Refused(f"{row.title} is geen overleg.", "Verplaats een termijn met: cycle move ID DATUM")
    if row.state != State.OPEN:
        raise Refused(f"{row.title} is al {DONE_WORDS[State(row.state)]}.", "Open de termijn eerst weer.")
    return row


def _same_length(was: Meeting, start: time | None) -> time | None:
    """When a meeting ends that starts at another hour and takes as long; open when that would be past midnight."""
    if start is None or was.start is None or was.end is None:
        return was.end if start is None else None
    minutes = (start.hour - was.start.hour + was.end.hour) * 60 + start.minute - was.start.minute + was.end.minute
    return time(minutes // 60, minutes % 60) if minutes < 24 * 60 else None


def _online(was: Meeting | None, online: str | None) -> str:
    """The address by which people join from elsewhere: the one that is given, else what it was."""
    if online is None:
        return was.online if was is not None else ""
    return look_at_web_address(online, OF_A_MEETING)


def _plan_meeting(
    office: Office, session: Session, row: DeadlineRow, becomes: Meeting, now: datetime, by: str
) -> Settled:
    """Writes a meeting's day, time and place down. The same UID with a higher sequence moves it in every calendar."""
    MEETING.around(office.local_day(now)).refuse(becomes.day)
    if becomes.end is not None and (becomes.start is None or becomes.end <= becomes.start):
        raise Refused("Het overleg eindigt voor het begint.", "Geef het begin met --at en het einde met --until.")
    was = deadlines.meeting_of(row)
    if was == becomes:
        return Settled(row.title, "stond al zo", changed=False)
    meetings.plan(session, row, becomes)
    if was is None or (was.day, was.start) != (becomes.day, becomes.start):
        deadlines.learn(session, row, office.local_day(now), News.SET if was is None else News.MOVED)
    _replan_meeting(office, session, row, now)
    moment = f"{becomes.day} om {becomes.start}" if becomes.start else str(becomes.day)
    detail = ", ".join(filter(None, (moment, becomes.place, "ook online" if becomes.online else "")))
    note(session, now, by, "overleg gepland", f"termijn {row.id}", detail, row.covenant_id)
    return Settled(row.title, f"gepland op {weekday_words(becomes.day)}", changed=True)


def _replan_meeting(office: Office, session: Session, row: DeadlineRow, now: datetime) -> None:
    """Steps that count from this meeting move along, and so do their reminders."""
    raise_sequence(session, row, now)
    keep_covenant(session, view_of_row(office, session, row), now)
