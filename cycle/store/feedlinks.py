"""Calendar links and who fetched them. A mailbox that several people share is one reader."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func
from sqlmodel import Session, col, select

from cycle.domain.model import Member
from cycle.store import covenants
from cycle.store.columns import columns
from cycle.store.tables import FeedFetch, FeedLink, Membership, PartyRow, Person


def link_of(session: Session, token_hash: str) -> FeedLink | None:
    """The link whose token has this hash."""
    return session.exec(select(FeedLink).where(FeedLink.token_hash == token_hash)).first()


def links_at(session: Session, email: str) -> Sequence[FeedLink]:
    """All links of a mailbox, newest first."""
    query = select(FeedLink).join(Person, col(FeedLink.person_id) == Person.id).where(Person.email == email)
    return session.exec(query.order_by(col(FeedLink.created_at).desc(), col(FeedLink.id).desc())).all()


def live_links(session: Session, email: str | None = None) -> Sequence[FeedLink]:
    """The links that were not ended, of a mailbox or of all."""
    if email is not None:
        return [link for link in links_at(session, email) if link.revoked_at is None]
    return session.exec(select(FeedLink).where(col(FeedLink.revoked_at).is_(None))).all()


def mailboxes(session: Session) -> dict[int, str]:
    """The mail address of everybody, by person."""
    return {key: email for key, email in session.exec(select(Person.id, Person.email)) if key is not None}


def seats_at(session: Session, email: str) -> list[tuple[int, Member]]:
    """The covenants where a mailbox has a seat, ever, with each of its seats."""
    query = (
        select(PartyRow.covenant_id)
        .join(Membership, col(Membership.party_id) == PartyRow.id)
        .join(Person, col(Membership.person_id) == Person.id)
        .where(Person.email == email)
    )
    ids = set(session.exec(query))
    by_covenant = covenants.members(session, ids) if ids else {}
    return [(covenant, one) for covenant, members in by_covenant.items() for one in members if one.email == email]


class FeedsFetched(NamedTuple):
    """How many links are in use, how many fetches of links were noted, and when the last of them was."""

    links: int
    fetches: int
    last_at: datetime | None


def feeds_fetched(session: Session) -> FeedsFetched:
    """All links and all fetches together: whether calendars come by at all."""
    links = session.exec(select(func.count()).where(col(FeedLink.revoked_at).is_(None))).one()
    fetches, last_at = session.exec(columns(func.sum(FeedFetch.fetches), func.max(FeedFetch.last_at))).one()
    return FeedsFetched(links, fetches or 0, last_at)


def last_fetches(session: Session, link_ids: Iterable[int]) -> dict[int, tuple[datetime, str]]:
    """When each link was last fetched, and by which program."""
    query = select(FeedFetch).where(col(FeedFetch.link_id).in_(list(link_ids))).order_by(col(FeedFetch.last_at))
    return {row.link_id: (row.last_at, row.client) for row in session.exec(query)}


def note_fetches(session: Session, fetches: Mapping[tuple[int, str], tuple[datetime, int]]) -> None:
    """Adds fetches, by link and program as (the last moment, how many since)."""
    known = set(session.exec(select(FeedLink.id).where(col(FeedLink.id).in_({link for link, _client in fetches}))))
    for (link, client), (last_at, count) in sorted(fetches.items()):
        if link in known:
            row = session.get(FeedFetch, (link, client)) or FeedFetch(link_id=link, client=client, last_at=last_at)
            row.last_at, row.fetches = max(row.last_at, last_at), row.fetches + count
            session.add(row)
