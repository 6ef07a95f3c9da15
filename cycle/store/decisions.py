"""The logbook read back, a page at a time: by number, never by counting, so that a long one is as quick as a short."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_
from sqlmodel import Session, col, select

from cycle.domain.words import VIA
from cycle.store.tables import Decision


def decisions(
    session: Session,
    covenant_id: int,
    *,
    limit: int,
    before: int | None = None,
    after: int | None = None,
    words: str = "",
    verb: str = "",
    by: str = "",
    first: datetime | None = None,
    end: datetime | None = None,
) -> Sequence[Decision]:
    """Decisions of a covenant, newest first: older than one number, or the ones just newer than another.

    `words` occur in what it is about or in the detail; `first` counts, `end` does not.
    """
    query = select(Decision).where(Decision.covenant_id == covenant_id)
    if words:
        part = f"%{_escaped(words)}%"
        columns = (col(Decision.about), col(Decision.detail), col(Decision.verb), col(Decision.by))
        query = query.where(or_(*(one.ilike(part, escape="\\") for one in columns)))
    if verb:
        query = query.where(Decision.verb == verb)
    if by:  # also what they did by the link in a mail or by the command line
        query = query.where((col(Decision.by) == by) | col(Decision.by).like(f"{_escaped(by + VIA)}%", escape="\\"))
    if first is not None:
        query = query.where(Decision.at >= first)
    if end is not None:
        query = query.where(Decision.at < end)
    if after is not None:
        rows = session.exec(query.where(col(Decision.id) > after).order_by(col(Decision.id)).limit(limit)).all()
        return list(reversed(rows))
    if before is not None:
        query = query.where(col(Decision.id) < before)
    return session.exec(query.order_by(col(Decision.id).desc()).limit(limit)).all()


def newest_about(
    session: Session, about: str, covenant_id: int | None, *, since: datetime | None, limit: int
) -> Sequence[Decision]:
    """The newest decisions about one thing, as the logbook calls it; without a covenant what belongs to none."""
    query = select(Decision).where(Decision.about == about, Decision.covenant_id == covenant_id)
    if since is not None:
        query = query.where(Decision.at >= since)
    return session.exec(query.order_by(col(Decision.id).desc()).limit(limit)).all()


def verbs(session: Session, covenant_id: int) -> Sequence[str]:
    """The kinds of decisions that a covenant has, in order of the alphabet."""
    query = select(Decision.verb).where(Decision.covenant_id == covenant_id).distinct()
    return sorted(session.exec(query))


def _escaped(words: str) -> str:
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
