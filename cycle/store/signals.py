"""What people at the table reported between meetings, and the meetings at which that is spoken of."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlmodel import Session, col, select

from cycle.domain.model import LadderKind, Origin, State
from cycle.domain.signals import Sitting
from cycle.domain.standing_bodies import BOARD
from cycle.errors import NotFound
from cycle.store import deadlines
from cycle.store.columns import columns
from cycle.store.ids import id_of
from cycle.store.tables import ActionRow, AgreementRow, Body, DeadlineRow, Person, Signal
from cycle.store.zone import day_of


class Reported(NamedTuple):
    """One signal: whose it is, the number of its agreement if it has one, and the meeting that was held with it."""

    row: Signal
    person: str
    number: str
    held_at: DeadlineRow | None

    @property
    def by(self) -> str:
        """Who reported it: "Jan, Bestuur Bewonersraad"."""
        return ", ".join(dict.fromkeys(part for part in (self.row.name, self.person) if part))

    @property
    def is_open(self) -> bool:
        """Whether it is still to be spoken of."""
        return not self.row.declined and self.held_at is None


def reported(session: Session, covenant_ids: Iterable[int], person_ids: Iterable[int] | None = None) -> list[Reported]:
    """What was reported at some tables, the newest first; `person_ids` by some people only."""
    query = (
        columns(Signal, Person.name, AgreementRow.number, DeadlineRow)
        .join(Person, col(Person.id) == Signal.person_id)
        .outerjoin(AgreementRow, col(AgreementRow.id) == Signal.agreement_id)
        .outerjoin(DeadlineRow, (col(DeadlineRow.id) == Signal.deadline_id) & (col(DeadlineRow.state) == State.DONE))
        .where(col(Signal.covenant_id).in_(list(covenant_ids)))
    )
    if person_ids is not None:
        query = query.where(col(Signal.person_id).in_(list(person_ids)))
    rows = session.exec(query.order_by(col(Signal.id).desc()))
    return [Reported(row, person, number or "", held_at) for row, person, number, held_at in rows]


def signal(session: Session, signal_id: int, covenant_id: int, *, lock: bool = False) -> Signal:
    """One signal of this covenant, locked for who changes it.

    Raises NotFound.
    """
    row = session.get(Signal, signal_id, with_for_update=lock or None) if 0 < signal_id < 2**31 else None
    if row is None or row.covenant_id != covenant_id:
        raise NotFound("Dit signaal is er niet.", "Kijk bij Signalen.")
    return row


def sittings(session: Session, covenant_id: int) -> list[Sitting]:
    """The meetings of the bestuurlijk overleg that are not settled yet; at a table without one all its meetings."""
    rows = _meetings(session, covenant_id)
    return [
        Sitting(id_of(row), meeting_words(row), row.meeting_day or row.due)
        for row in rows
        if row.state == State.OPEN and row.due is not None
    ]


def take_up(session: Session, row: DeadlineRow) -> None:
    """A meeting was held: what was reported until its day and is still to be spoken of, was spoken of there. Should it
    turn out not to have been held, all that is open again by itself. Of other deadlines it does nothing."""
    waiting = [past.row for past in reported(session, [row.covenant_id]) if past.is_open]
    if not waiting or not any(held.id == row.id for held in _meetings(session, row.covenant_id)):
        return
    day = row.meeting_day or row.due
    for signal_row in waiting:
        if day is None or day_of(session, signal_row.at) <= day:
            signal_row.deadline_id = id_of(row)
            session.add(signal_row)


def meeting_words(row: DeadlineRow) -> str:
    """How a meeting is called beside others of its name: "Voorjaarsoverleg 2027"."""
    return f"{row.title} {row.due.year}" if row.due else row.title


def _meetings(session: Session, covenant_id: int) -> Sequence[DeadlineRow]:
    board = select(ActionRow.id).join(Body, col(Body.id) == ActionRow.body_id)
    board = board.where(ActionRow.covenant_id == covenant_id, col(Body.slug).startswith(BOARD))
    is_step = col(DeadlineRow.origin) == Origin.STEP
    of_board = deadlines.rows_of(session, covenant_id, is_step, col(DeadlineRow.action_id).in_(board))
    return of_board or deadlines.rows_of(session, covenant_id, is_step, col(DeadlineRow.kind) == LadderKind.MEETING)
