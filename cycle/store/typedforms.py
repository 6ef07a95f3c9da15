"""What was typed into forms that came after their session had ended: sealed, for one browser and reader, an hour."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, or_
from sqlmodel import Session, col, select

from cycle.store.tables import TypedForm


def put(session: Session, row: TypedForm, most: int) -> None:
    """Keeps a form, in place of an earlier one at the same place; of one reader only the newest few stay."""
    session.merge(row)
    session.flush()
    newest = col(TypedForm.at).desc()
    mine = session.exec(select(TypedForm).where(TypedForm.reader_hash == row.reader_hash).order_by(newest)).all()
    for old in mine[most:]:
        session.delete(old)


def forms_of(session: Session, browser_hash: str, reader_hash: str, since: datetime) -> Sequence[TypedForm]:
    """What this reader typed in this browser since a moment, newest first."""
    query = select(TypedForm).where(
        TypedForm.browser_hash == browser_hash, TypedForm.reader_hash == reader_hash, TypedForm.at > since
    )
    return session.exec(query.order_by(col(TypedForm.at).desc())).all()


def drop(session: Session, browser_hash: str, place_hash: str) -> None:
    """Removes what was typed at one place, once it was sent again."""
    mine = delete(TypedForm).where(col(TypedForm.browser_hash) == browser_hash, col(TypedForm.place_hash) == place_hash)
    session.connection().execute(mine)


def forget(session: Session, before: datetime, after: datetime) -> None:
    """Removes what is too old, and what a clock that stood wrong kept for later than it can be."""
    at = col(TypedForm.at)
    session.connection().execute(delete(TypedForm).where(or_(at < before, at > after)))
