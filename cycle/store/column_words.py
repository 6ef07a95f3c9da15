"""What the columns of a covenant's documents are, as its secretariat said it."""

from collections.abc import Mapping, Sequence

from sqlmodel import Session, col, select

from cycle.store.tables import ColumnWord


def of_covenant(session: Session, covenant_id: int) -> dict[str, str]:
    """The meaning of each column that somebody named, by its heading."""
    return {row.heading: row.meaning for row in _rows(session, covenant_id)}


def keep(session: Session, covenant_id: int, said: Mapping[str, str | None]) -> bool:
    """Keeps what columns are, and forgets those that are None here; says whether anything changed."""
    rows = {row.heading: row for row in _rows(session, covenant_id)}
    changed = False
    for heading, meaning in said.items():
        row = rows.get(heading)
        if meaning is None:
            changed |= row is not None
            if row is not None:
                session.delete(row)
            continue
        row = row or ColumnWord(covenant_id=covenant_id, heading=heading, meaning="")
        changed |= row.id is None or row.meaning != meaning
        row.meaning = meaning
        session.add(row)
    session.flush()
    return changed


def _rows(session: Session, covenant_id: int) -> Sequence[ColumnWord]:
    query = select(ColumnWord).where(ColumnWord.covenant_id == covenant_id).order_by(col(ColumnWord.heading))
    return session.exec(query).all()
