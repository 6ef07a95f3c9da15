"""Deadlines and agreements by what somebody looks for: filters in SQL, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, or_
from sqlmodel import Session, col, select

from cycle.domain.model import State
from cycle.domain.status import STATE_WORDS
from cycle.domain.text import natural
from cycle.store.columns import columns
from cycle.store.deadlines import LEAD, OF_MEETING, Where
from cycle.store.tables import AgreementRow, DeadlineParty, DeadlineRow, MeetingRow, PartyRow, ReadingRow
from cycle.store.terms import running

NOT_SETTLED, DOUBT, EVERY = "nog-niet-afgemeld", "twijfel", "alles"
STANDS = {words: state for state, words in STATE_WORDS.items()}


@dataclass(frozen=True, slots=True)
class Search:
    """What somebody looks for; an empty field asks nothing. `stand` is a key of STANDS, or one of the three above."""

    party: str = ""
    theme: str = ""
    stand: str = ""
    via: str = ""
    words: str = ""
    first: date | None = None
    last: date | None = None


def found_deadlines(
    session: Session, covenant_id: int, wanted: Search, today: date, *, limit: int, offset: int = 0
) -> tuple[Sequence[DeadlineRow], int]:
    """A page of the deadlines that fit, by day, and how many fit in all."""
    where = _fits(covenant_id, wanted, today)
    day = func.coalesce(col(MeetingRow.day), col(DeadlineRow.due))
    query = (
        select(DeadlineRow)
        .outerjoin(*OF_MEETING)
        .where(*where)
        .order_by(day.is_(None), day, DeadlineRow.number, col(DeadlineRow.id))
    )
    count = session.exec(select(func.count()).select_from(DeadlineRow).where(*where)).one()
    return session.exec(query.limit(limit).offset(offset)).all(), count


def choices(session: Session, covenant_id: int) -> tuple[list[str], list[str]]:
    """The themes and the meetings that a covenant's deadlines name."""
    query = columns(DeadlineRow.theme, DeadlineRow.via).where(DeadlineRow.covenant_id == covenant_id).distinct()
    rows = session.exec(query).all()
    return sorted({theme for theme, _via in rows if theme}), sorted({via for _theme, via in rows if via})


def agreement_heads(session: Session, covenant_id: int, words: str = "") -> Sequence[Any]:
    """Agreements without their texts, in the order of the document; only those in which the words occur."""
    query = columns(
        AgreementRow.id,
        AgreementRow.number,
        AgreementRow.theme,
        AgreementRow.topic,
        AgreementRow.leads,
        AgreementRow.agenda_leads,
    ).where(col(AgreementRow.term_id).in_(running([covenant_id])))
    if words:
        places = (
            AgreementRow.number,
            AgreementRow.topic,
            AgreementRow.text,
            AgreementRow.trekker,
            AgreementRow.agenda_topic,
            AgreementRow.agenda_text,
        )
        query = query.where(or_(*(_has(place, words) for place in places)))
    return sorted(session.exec(query), key=lambda head: natural(head.number))


def deadline_heads(session: Session, covenant_id: int) -> Sequence[Any]:
    """Of every deadline that an agreement has: which one, its state, its day, and where it is discussed."""
    query = columns(
        DeadlineRow.agreement_id,
        DeadlineRow.state,
        DeadlineRow.due,
        DeadlineRow.invented,
        DeadlineRow.doubtful,
        DeadlineRow.via,
    ).where(DeadlineRow.covenant_id == covenant_id, col(DeadlineRow.agreement_id).is_not(None))
    heads: Sequence[Any] = session.exec(query.order_by(col(DeadlineRow.due))).all()
    return heads


def agreement(session: Session, agreement_id: int, covenant_id: int) -> AgreementRow | None:
    """One agreement of this covenant, if there is one of this number."""
    row = session.get(AgreementRow, agreement_id) if 0 < agreement_id < 2**31 else None
    return row if row is not None and row.covenant_id == covenant_id else None


def readings_of(session: Session, agreement_id: int) -> Sequence[ReadingRow]:
    """The readings of one agreement, in their order."""
    query = select(ReadingRow).where(ReadingRow.agreement_id == agreement_id)
    return session.exec(query.order_by(col(ReadingRow.position), col(ReadingRow.id))).all()


def newest_agenda(session: Session, covenant_id: int) -> int | None:
    """The first year of the newest agenda of a covenant."""
    held = col(AgreementRow.term_id).in_(running([covenant_id]))
    return session.exec(select(func.max(AgreementRow.agenda_year)).where(held)).one()


def reading(session: Session, reading_id: int, covenant_id: int) -> tuple[ReadingRow, AgreementRow] | None:
    """One reading of this covenant with its agreement."""
    row = session.get(ReadingRow, reading_id) if 0 < reading_id < 2**31 else None
    mine = agreement(session, row.agreement_id, covenant_id) if row is not None else None
    return (row, mine) if row is not None and mine is not None else None


def _fits(covenant_id: int, wanted: Search, today: date) -> list[Where]:
    where = [col(DeadlineRow.covenant_id) == covenant_id, *_stands(wanted.stand, today)]
    if wanted.theme:
        where.append(col(DeadlineRow.theme) == wanted.theme)
    if wanted.via:
        where.append(col(DeadlineRow.via) == wanted.via)
    if wanted.words:
        where.append(
            or_(*(_has(place, wanted.words) for place in (DeadlineRow.number, DeadlineRow.title, DeadlineRow.todo)))
        )
    if wanted.first:
        where.append(col(DeadlineRow.due) >= wanted.first)
    if wanted.last:
        where.append(col(DeadlineRow.due) <= wanted.last)
    if wanted.party:
        leads = (
            select(DeadlineParty.deadline_id)
            .join(PartyRow, col(DeadlineParty.party_id) == PartyRow.id)
            .where(PartyRow.covenant_id == covenant_id, PartyRow.slug == wanted.party, DeadlineParty.part == LEAD)
        )
        where.append(col(DeadlineRow.id).in_(leads))
    return where


def _stands(stand: str, today: date) -> list[Where]:
    is_open = col(DeadlineRow.state) == State.OPEN
    if stand == DOUBT:
        return [is_open, col(DeadlineRow.doubtful).is_(True)]
    if stand == NOT_SETTLED:
        named = col(DeadlineRow.invented).is_(False) & col(DeadlineRow.doubtful).is_(False)
        return [is_open, named, col(DeadlineRow.due) < today]
    return [col(DeadlineRow.state) == STANDS[stand]] if stand in STANDS else []


def _has(column: Any, words: str) -> ColumnElement[bool]:
    """Whether a text holds these words, whatever the case."""
    escaped = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return col(column).ilike(f"%{escaped}%", escape="\\")
