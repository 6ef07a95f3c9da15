"""The logbook read back, a page at a time: by number, never by counting, so that a long one is as quick as a short."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import case, or_
from sqlmodel import Session, col

from cycle.domain.words import VIA
from cycle.store.columns import columns
from cycle.store.tables import Actor, Fact


class Decision(NamedTuple):
    """A fact that an act said in words: who decided what, and when. `about` is what the logbook calls the thing."""

    id: int
    covenant_id: int | None
    at: datetime
    by: str
    verb: str
    about: str
    detail: str


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
    query = _decisions(covenant_id)
    if words:
        part = f"%{_escaped(words)}%"
        places = (col(Fact.about), col(Fact.text), col(Fact.verb), _BY)
        query = query.where(or_(*(place.ilike(part, escape="\\") for place in places)))
    if verb:
        query = query.where(Fact.verb == verb)
    if by:  # also what they did by the link in a mail or by the command line
        query = query.where(Actor.name == by)
    if first is not None:
        query = query.where(Fact.at >= first)
    if end is not None:
        query = query.where(Fact.at < end)
    if after is not None:
        return list(reversed(_read(session, query.where(col(Fact.id) > after).order_by(col(Fact.id)).limit(limit))))
    if before is not None:
        query = query.where(col(Fact.id) < before)
    return _newest(session, query, limit)


def newest_about(
    session: Session, about: str, covenant_id: int | None, *, since: datetime | None, limit: int
) -> Sequence[Decision]:
    """The newest decisions about one thing, as the logbook calls it; without a covenant what belongs to none."""
    query = _decisions(covenant_id).where(Fact.about == about)
    return _newest(session, query if since is None else query.where(Fact.at >= since), limit)


def verbs(session: Session, covenant_id: int) -> Sequence[str]:
    """The kinds of decisions that a covenant has, in order of the alphabet."""
    query = columns(Fact.verb).where(col(Fact.about).is_not(None), Fact.covenant_id == covenant_id).distinct()
    return sorted(session.exec(query).scalars())


_BY = col(Actor.name) + case((col(Actor.via) == "", ""), else_=VIA + col(Actor.via))


def _decisions(covenant_id: int | None) -> Any:
    said = columns(Fact.id, Fact.covenant_id, Fact.at, Actor.name, Actor.via, Fact.verb, Fact.about, Fact.text)
    said = said.join(Actor, col(Actor.id) == Fact.actor_id)
    return said.where(col(Fact.about).is_not(None), Fact.covenant_id == covenant_id)


def _newest(session: Session, query: Any, limit: int) -> Sequence[Decision]:
    return _read(session, query.order_by(col(Fact.id).desc()).limit(limit))


def _read(session: Session, query: Any) -> list[Decision]:
    return [
        Decision(row.id, row.covenant_id, row.at, f"{row.name}{VIA if row.via else ''}{row.via}", *row[5:])
        for row in session.exec(query)
    ]


def _escaped(words: str) -> str:
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
