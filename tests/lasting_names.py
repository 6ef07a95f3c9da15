"""Deadlines by what they come of, as people would call it: "uitnodigingsbrief", "1.1.2:agenda:najaar-2022"."""

from typing import Any

from sqlmodel import Session, col, select

from cycle.actions.office.office import Office
from cycle.domain.undated import UNDATED
from cycle.store.tables import ActionRow, AgreementRow, DeadlineRow, ReadingRow


def ref_of(session: Session, row: DeadlineRow) -> str:
    """The step, or the number of the agreement with the words of its reading (the slot of one that is gone)."""
    return refs_of(session, DeadlineRow.id == row.id)[row.id or 0]


def refs_of(session: Session, *where: Any) -> dict[int, str]:
    """The same for all deadlines that fit, by id."""
    of_reading = (col(ReadingRow.action_id) == DeadlineRow.action_id) & (col(ReadingRow.slot) == DeadlineRow.slot)
    query = (
        select(DeadlineRow.id, DeadlineRow.slot, ActionRow.step_name, AgreementRow.number, ReadingRow.ref)
        .join(ActionRow, col(ActionRow.id) == DeadlineRow.action_id)
        .join(AgreementRow, col(AgreementRow.id) == ActionRow.agreement_id, isouter=True)
        .join(ReadingRow, of_reading, isouter=True)
    )
    rows = session.exec(query.where(*where)).all()
    return {
        key: step or f"{number}:{UNDATED if slot == UNDATED else ref or slot}" for key, slot, step, number, ref in rows
    }


def with_ref(session: Session, ref: str) -> list[DeadlineRow]:
    """The deadlines that are called so, by id."""
    ids = [key for key, name in refs_of(session).items() if name == ref]
    return list(session.exec(select(DeadlineRow).where(col(DeadlineRow.id).in_(ids)).order_by(col(DeadlineRow.id))))


def numbered(office: Office, number: str) -> int:
    """The same, in a look of its own."""
    with office.database.reading() as session:
        return agreement_id(session, number)


def agreement_id(session: Session, number: str) -> int:
    """The first agreement of this number."""
    return session.exec(select(AgreementRow.id).where(AgreementRow.number == number)).first() or 0
