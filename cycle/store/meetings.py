"""Meetings of a covenant, and what they decided."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from cycle.domain.model import LadderKind, Meeting, MeetingState, Origin
from cycle.domain.term import TERM_STEPS
from cycle.errors import NotFound
from cycle.store import deadlines, standing_bodies
from cycle.store.ids import id_of
from cycle.store.tables import ActionRow, AgreementRow, DeadlineRow, MeetingDecision, MeetingRow

HELD_AS = (LadderKind.MEETING, LadderKind.YEARLY)
"""The kinds of step that people come together for."""


def meeting_rows(session: Session, covenant_id: int, year: int) -> Sequence[DeadlineRow]:
    """Everything that is held as a meeting in a year, by date."""
    of_term = select(ActionRow.id).where(ActionRow.covenant_id == covenant_id, col(ActionRow.step_name).in_(TERM_STEPS))
    rows = deadlines.rows_of(
        session,
        covenant_id,
        col(DeadlineRow.kind).in_(HELD_AS),
        col(DeadlineRow.origin) == Origin.STEP,
        col(DeadlineRow.action_id).not_in(of_term),
    )
    mine = [row for row in rows if row.due is not None and row.due.year == year]
    return sorted(mine, key=lambda row: (row.meeting_day or row.window_start or row.due, row.id))


def plan(session: Session, row: DeadlineRow, becomes: Meeting) -> None:
    """Sets when and where a deadline is held as a meeting of its body."""
    held = row.meeting or MeetingRow(
        covenant_id=row.covenant_id,
        body_id=standing_bodies.body_of(session, row),
        deadline_id=id_of(row),
        day=becomes.day,
    )
    held.state, held.called_off_at = MeetingState.PLANNED, None
    held.day, held.start, held.end = becomes.day, becomes.start, becomes.end
    held.place, held.online = becomes.place, becomes.online
    row.meeting = held
    session.add(held)


def call_off(session: Session, row: DeadlineRow, at: datetime) -> None:
    """Calls a planned meeting off; its day stays, so that calendars can say that it is off."""
    if row.meeting is not None:
        row.meeting.state, row.meeting.called_off_at = MeetingState.CANCELLED, at
        session.add(row.meeting)


def decisions_of(session: Session, meeting_ids: Iterable[int]) -> dict[int, list[tuple[MeetingDecision, str]]]:
    """What some meetings decided, in their order, each with the number of the agreement."""
    query = (
        select(MeetingDecision, AgreementRow.number)
        .join(AgreementRow, col(MeetingDecision.agreement_id) == AgreementRow.id)
        .where(col(MeetingDecision.deadline_id).in_(list(meeting_ids)))
        .order_by(col(MeetingDecision.number))
    )
    by_meeting: dict[int, list[tuple[MeetingDecision, str]]] = defaultdict(list)
    for row, number in session.exec(query):
        by_meeting[row.deadline_id].append((row, number))
    return by_meeting


def decision(session: Session, decision_id: int, covenant_id: int | None) -> MeetingDecision:
    """One decision, locked. Raises NotFound, also for one of another covenant."""
    is_possible = 0 < decision_id < 2**31
    row = session.get(MeetingDecision, decision_id, with_for_update=True) if is_possible else None
    if row is None or covenant_id not in (None, row.covenant_id):
        raise NotFound("Dit besluit bestaat niet.", "Kijk in de lijst van besluiten.")
    return row


def next_number(session: Session, meeting_id: int) -> int:
    """The number of a meeting's next decision."""
    query = select(func.max(MeetingDecision.number)).where(MeetingDecision.deadline_id == meeting_id)
    return (session.exec(query).one() or 0) + 1


def agreement_number(session: Session, row: MeetingDecision) -> str:
    """The number of the agreement that a decision is about."""
    query = select(AgreementRow.number).where(AgreementRow.id == row.agreement_id)
    return session.exec(query).first() or ""
