"""Who asked to sign in, who is signed in, and the seats by which they may be (rule C13).

Spending a link is one conditional UPDATE, so of fifty that come at once one succeeds.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import bindparam, delete, not_, or_, update
from sqlmodel import Session, col, select

from cycle.domain.model import Role
from cycle.store.columns import columns
from cycle.store.deadlines import Where
from cycle.store.tables import Covenant, DeskSession, Installation, Membership, Moment, PartyRow, Person, SignIn


class MailboxSeat(NamedTuple):
    """One membership of a mailbox: who, where and as what, and the days between which it holds."""

    person_id: int
    name: str
    email: str
    covenant_id: int
    slug: str
    covenant: str
    released_at: datetime | None
    party_id: int
    party: str
    role: Role
    since: date | None
    until: date | None
    stamp: str
    archived_at: datetime | None


def seats_of(session: Session, email: str) -> list[MailboxSeat]:
    """All memberships of a mailbox, of every time, by covenant."""
    return _seats(session, _seats_query().where(Person.email == email))


def seats_of_browser(session: Session, token_hash: str, began_after: datetime) -> list[MailboxSeat]:
    """The same for who is signed in with this cookie; nothing once the session is over."""
    return _seats(session, _browsers_query(), token_hash=token_hash, began_after=began_after)


def address_of_browser(session: Session, token_hash: str, began_after: datetime) -> str:
    """Whose this cookie is, wherever they sit; nothing once the session is over."""
    query = select(DeskSession.email).where(
        DeskSession.token_hash == token_hash,
        DeskSession.began_at > began_after,
        col(DeskSession.ended_at).is_(None),
    )
    return session.exec(query).first() or ""


def _seats(session: Session, query: Any, **values: object) -> list[MailboxSeat]:
    return [MailboxSeat(*row)._replace(role=Role(row.role)) for row in session.exec(query, params=values)]


def _seats_query() -> Any:
    return (
        columns(
            Person.id,
            Person.name,
            Person.email,
            Covenant.id,
            Covenant.slug,
            Covenant.name,
            Covenant.released_at,
            PartyRow.id,
            PartyRow.slug,
            Membership.role,
            Membership.since,
            Membership.until,
            Covenant.stamp,
            Covenant.archived_at,
        )
        .select_from(Person)
        .join(Membership, col(Membership.person_id) == Person.id)
        .join(PartyRow, col(Membership.party_id) == PartyRow.id)
        .join(Covenant, col(PartyRow.covenant_id) == Covenant.id)
        .order_by(col(Covenant.name), col(Covenant.id), col(Membership.id))
    )


@cache
def _browsers_query() -> Any:
    """Every page asks it, and putting it together takes longer than running it."""
    return (
        _seats_query()
        .join(DeskSession, col(DeskSession.email) == Person.email)
        .where(
            DeskSession.token_hash == bindparam("token_hash"),
            DeskSession.began_at > bindparam("began_after", type_=Moment()),
            col(DeskSession.ended_at).is_(None),
        )
    )


def secretary_parties(session: Session, party_ids: Iterable[int], today: date) -> set[int]:
    """Which of these parties keep the secretariat today."""
    since, until = col(Membership.since), col(Membership.until)
    query = select(Membership.party_id).where(
        col(Membership.party_id).in_(list(party_ids)),
        Membership.role == Role.SECRETARIAT,
        or_(since.is_(None), since <= today),
        or_(until.is_(None), until >= today),
    )
    return set(session.exec(query))


def take_turns(session: Session) -> None:
    """Lets asks for a link count one after the other, on either engine."""
    session.exec(select(Installation.uid).with_for_update()).one()


KNOWN = "bekend "
"""Begins the `network_hash` of an ask from a browser in which that address was signed in before."""


def asked_since(
    session: Session, moment: datetime, *, address_hash: str = "", network_hash: str = "", by_strangers: bool = False
) -> list[datetime]:
    """When this address, this network, or this network for this address asked since a moment, oldest first.

    `by_strangers` leaves out the browsers that are known.
    """
    query = select(SignIn.asked_at).where(SignIn.asked_at > moment)
    if address_hash:
        query = query.where(SignIn.address_hash == address_hash)
    if network_hash:
        query = query.where(SignIn.network_hash == network_hash)
    if by_strangers:
        query = query.where(not_(col(SignIn.network_hash).startswith(KNOWN, autoescape=True)))
    return list(session.exec(query.order_by(col(SignIn.asked_at))))


def link_of(session: Session, token_hash: str, asked_after: datetime) -> SignIn | None:
    """The link of this token, when it can still be spent."""
    return session.exec(select(SignIn).where(*_unspent(token_hash, asked_after))).first()


def code_of(session: Session, browser_hash: str, address_hash: str, asked_after: datetime) -> SignIn | None:
    """The newest code that this browser asked for about somebody, when it can still be spent."""
    query = select(SignIn).where(
        SignIn.address_hash == address_hash,
        SignIn.browser_hash == browser_hash,
        SignIn.asked_at > asked_after,
        col(SignIn.spent_at).is_(None),
    )
    return session.exec(query.order_by(col(SignIn.id).desc()).limit(1)).first()


def spent_codes_of(session: Session, browser_hash: str, address_hash: str, spent_after: datetime) -> Sequence[SignIn]:
    """The codes about somebody that were spent in this browser since a moment."""
    query = select(SignIn).where(
        SignIn.address_hash == address_hash, SignIn.browser_hash == browser_hash, col(SignIn.spent_at) > spent_after
    )
    return session.exec(query).all()


def count_try(session: Session, token_hash: str, asked_after: datetime, most: int) -> bool:
    """Counts one try of a code; false when there were enough."""
    counted = session.connection().execute(
        update(SignIn)
        .where(*_unspent(token_hash, asked_after), col(SignIn.tries) < most)
        .values(tries=col(SignIn.tries) + 1)
        .returning(col(SignIn.id))
    )
    return counted.first() is not None


def spend(session: Session, token_hash: str, asked_after: datetime, now: datetime) -> SignIn | None:
    """Spends a link: of all who try at once, one gets it."""
    spent = session.connection().execute(
        update(SignIn).where(*_unspent(token_hash, asked_after)).values(spent_at=now).returning(col(SignIn.id))
    )
    row = spent.first()
    return None if row is None else session.get_one(SignIn, row[0])


def spent_link(session: Session, token_hash: str, session_hash: str, asked_after: datetime) -> SignIn | None:
    """A link that was spent a moment ago, when the session that began with it still goes on."""
    query = select(SignIn).where(
        SignIn.token_hash == token_hash, SignIn.asked_at > asked_after, col(SignIn.spent_at).is_not(None)
    )
    goes_on = select(DeskSession.id).where(DeskSession.token_hash == session_hash, col(DeskSession.ended_at).is_(None))
    return session.exec(query.where(goes_on.exists())).first()


def _unspent(token_hash: str, asked_after: datetime) -> tuple[Where, ...]:
    return (
        col(SignIn.token_hash) == token_hash,
        col(SignIn.asked_at) > asked_after,
        col(SignIn.spent_at).is_(None),
        col(SignIn.email) != "",
    )


def email_of(session: Session, token_hash: str) -> str:
    """Whose session this is or was, as long as that is kept; else nothing."""
    return session.exec(select(DeskSession.email).where(DeskSession.token_hash == token_hash)).first() or ""


def end(session: Session, now: datetime, *, token_hash: str = "", email: str = "") -> int:
    """Ends the session of one browser, or of every browser of an address; returns how many there were."""
    which = DeskSession.token_hash == token_hash if token_hash else DeskSession.email == email
    ended = session.connection().execute(
        update(DeskSession)
        .where(which, col(DeskSession.ended_at).is_(None))  # type: ignore[arg-type]
        .values(ended_at=now)
        .returning(col(DeskSession.id))
    )
    return len(ended.all())


def forget(session: Session, asked_before: datetime, began_before: datetime, now: datetime) -> None:
    """Removes links and sessions that no longer open anything, and those of a clock that stood wrong: they would count,
    and open, until their day."""
    asked, began, ahead = col(SignIn.asked_at), col(DeskSession.began_at), now + timedelta(days=1)
    session.connection().execute(delete(SignIn).where(or_(asked < asked_before, asked > ahead)))
    session.connection().execute(delete(DeskSession).where(or_(began < began_before, began > ahead)))
