"""The meetings of a covenant as `cycle meeting list` and `show` print them. Reading only."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from cycle.actions.office.covenant_view import CovenantView, row_when
from cycle.domain.model import MeetingState, Origin, State
from cycle.domain.status import state_words
from cycle.errors import NotFound
from cycle.store import deadlines, meetings, standing_bodies
from cycle.store.database import Session
from cycle.store.ids import id_of
from cycle.store.tables import DeadlineRow

OPEN = "open"
"""The state of a meeting that has no day yet."""


@dataclass(frozen=True, slots=True)
class ListedMeeting:
    """One meeting: what it is, when and where as far as that is set, and the names of who sits there."""

    row: DeadlineRow
    body: str
    members: tuple[str, ...]
    when: str
    state: str
    state_words: str

    def as_json(self) -> dict[str, Any]:
        """The stable shape of design section 5. Nobody is invited by `cycle` yet, so who answered is not known."""
        held = self.row.meeting
        return {
            "id": id_of(self.row),
            "body": self.body,
            "title": self.row.title,
            "day": held.day.isoformat() if held else None,
            "start": f"{held.start:%H:%M}" if held and held.start else None,
            "end": f"{held.end:%H:%M}" if held and held.end else None,
            "place": held.place if held and held.place else None,
            "online": held.online if held and held.online else None,
            "state": self.state,
            "members": list(self.members),
            **dict.fromkeys(("invited", "accepted", "declined", "tentative", "silent")),
        }


def meeting_list(session: Session, view: CovenantView, year: int, today: date) -> list[ListedMeeting]:
    """The meetings of a year, by day."""
    return [_listed(session, view, row, today) for row in meetings.meeting_rows(session, view.id, year)]


def meeting_shown(session: Session, view: CovenantView, deadline_id: int, today: date) -> ListedMeeting:
    """One of them.

    Raises NotFound when there is no such meeting in this covenant.
    """
    row = deadlines.row_by_id(session, deadline_id, view.id)
    if row.kind not in meetings.HELD_AS or row.origin != Origin.STEP:
        raise NotFound(f"Overleg {deadline_id} bestaat niet.", "Kijk met: cycle meeting list")
    return _listed(session, view, row, today)


def _listed(session: Session, view: CovenantView, row: DeadlineRow, today: date) -> ListedMeeting:
    seated, names = standing_bodies.seated_at(session, row), {member.person: member.name for member in view.members}
    there = seated.on(row.meeting.day if row.meeting else today)
    return ListedMeeting(
        row,
        seated.name,
        tuple(sorted(names[person] for person in there if person in names)),
        row_when(row, view),
        _state(row),
        _words(row, today),
    )


def _words(row: DeadlineRow, today: date) -> str:
    """How it stands, in words."""
    if row.state is not State.OPEN or row.meeting is None:
        return state_words(row.state, row.due, today, invented=row.invented, doubtful=row.doubtful)
    return "afgezegd" if row.meeting.state is MeetingState.CANCELLED else "gepland"


def _state(row: DeadlineRow) -> str:
    """Whether it was held or dropped, else whether it is planned, called off, or has no day yet."""
    if row.state is not State.OPEN:
        return str(row.state)
    return str(row.meeting.state) if row.meeting else OPEN
