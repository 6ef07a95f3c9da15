"""What only asks how an agreement stands, and what else asks that: so that no round asks about one thing twice."""

from collections import defaultdict
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, not_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from cycle.domain.ladders import QUESTIONS
from cycle.domain.model import Origin, State
from cycle.domain.progress_questions import year_asked
from cycle.domain.undated import UNDATED
from cycle.store.columns import columns
from cycle.store.tables import AgreementRow, Covenant, DeadlineRow, ReminderRow

EVERY_YEAR = 0


def not_asked_in(session: Session, where: ColumnElement[bool]) -> dict[int, tuple[int, ...]]:
    """In the rounds of which years some deadlines are not asked about: another one asks that, or it is standing."""
    standing = (
        columns(DeadlineRow.id)
        .join(AgreementRow, col(AgreementRow.id) == col(DeadlineRow.agreement_id))
        .where(where, col(AgreementRow.standing) != "")
    )
    years = dict.fromkeys(session.exec(standing).scalars(), (EVERY_YEAR,))
    return _asked_beside(session, where) | years


def _asked_beside(session: Session, where: ColumnElement[bool]) -> dict[int, tuple[int, ...]]:
    """In the rounds of which years another deadline asks about the agreement of a question, by the question's id."""
    other = aliased(DeadlineRow)
    is_sure = col(other.doubtful).is_(False) & (col(other.origin) != Origin.STEP) & (other.state == State.OPEN)
    query = (
        columns(DeadlineRow.id, other.due, other.occurrence)
        .join(other, col(other.agreement_id) == col(DeadlineRow.agreement_id))
        .join(Covenant, col(Covenant.id) == col(other.covenant_id))
        .where(where, _is_question(DeadlineRow), not_(_is_question(other)), is_sure)
        .where(col(other.due).is_(None) | (col(other.due) >= col(Covenant.live_since)))
        .distinct()
    )
    years: dict[int, set[int]] = defaultdict(set)
    for question, due, occurrence in session.exec(query):
        years[question].add(year_asked(due, occurrence) or EVERY_YEAR)
    return {question: tuple(sorted(several)) for question, several in years.items()}


def questions_beside(session: Session, deadline: DeadlineRow) -> list[int]:
    """What only asks how the agreement of a deadline stands: whether a round asks that hangs on the others of it."""
    if deadline.agreement_id is None:
        return []
    beside = columns(DeadlineRow.id).where(DeadlineRow.agreement_id == deadline.agreement_id, _is_question(DeadlineRow))
    return list(session.exec(beside).scalars())


def _is_question(deadline: Any) -> ColumnElement[bool]:
    return (col(deadline.slot) == UNDATED) & (col(deadline.occurrence) != UNDATED)


def last_asked(session: Session, covenant_id: int) -> dict[int, date]:
    """When a round last asked about each agreement, by its id."""
    query = (
        columns(DeadlineRow.agreement_id, func.max(ReminderRow.on))
        .join(ReminderRow, col(ReminderRow.deadline_id) == col(DeadlineRow.id))
        .where(DeadlineRow.covenant_id == covenant_id, col(DeadlineRow.agreement_id).is_not(None))
        .where(col(ReminderRow.rung).in_(QUESTIONS), ReminderRow.failed_in == 0)
        .group_by(col(DeadlineRow.agreement_id))
    )
    return {row[0]: row[1] for row in session.exec(query)}
