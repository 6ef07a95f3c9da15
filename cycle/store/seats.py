"""Seats: the memberships of one covenant with their people and parties, as the secretariat changes them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import case, func, or_, type_coerce
from sqlmodel import Session, col, select

from cycle.domain.model import AgreementKey
from cycle.errors import NotFound
from cycle.store.columns import columns
from cycle.store.ids import id_of
from cycle.store.tables import (
    Absence,
    AgreementRow,
    Day,
    DeadlineRow,
    Handover,
    Installation,
    Membership,
    MembershipAgreement,
    PartyRow,
    Person,
)
from cycle.store.terms import running


class Seat(NamedTuple):
    """One membership, with who it is, for which party, and the agreements they are named for as they are called now."""

    seat: Membership
    person: Person
    party: PartyRow
    numbers: tuple[str, ...] = ()


def seats(session: Session, covenant_id: int, person_id: int | None = None) -> list[Seat]:
    """The seats of a covenant of every time, by party, person and start; of one person when they are named."""
    query = (
        select(Membership, Person, PartyRow)
        .join(Person, col(Membership.person_id) == Person.id)
        .join(PartyRow, col(Membership.party_id) == PartyRow.id)
        .where(PartyRow.covenant_id == covenant_id)
        .order_by(col(PartyRow.position), col(PartyRow.id), col(Person.name), col(Person.id), col(Membership.id))
    )
    if person_id is not None:
        query = query.where(Membership.person_id == person_id)
    rows, numbers = session.exec(query).all(), numbers_of(session, covenant_id)
    return [Seat(seat, person, party, tuple(called(keys_of(seat), numbers))) for seat, person, party in rows]


def person(session: Session, person_id: int, covenant_id: int, *, lock: bool = False) -> Person:
    """Somebody with a seat in this covenant, now or once.

    Raises NotFound, also for a person of another covenant.
    """
    is_possible = 0 < person_id < 2**31
    row = session.get(Person, person_id, with_for_update=lock or None) if is_possible else None
    if row is None or not seats(session, covenant_id, person_id):
        raise NotFound("Deze persoon staat hier niet.", "Kijk bij Mensen, of met: cycle people")
    return row


def names_of(session: Session, person_ids: Iterable[int]) -> dict[int, str]:
    """What people are called, by their number; of who was erased nothing."""
    query = select(Person.id, Person.name).where(col(Person.id).in_(list(person_ids)))
    return {key: name for key, name in session.exec(query) if key is not None}


def seat(session: Session, seat_id: int, covenant_id: int, *, lock: bool = False) -> Membership:
    """One seat of this covenant.

    Raises NotFound.
    """
    row = session.get(Membership, seat_id, with_for_update=lock or None) if 0 < seat_id < 2**31 else None
    if row is None or session.get_one(PartyRow, row.party_id).covenant_id != covenant_id:
        raise NotFound("Deze plaats is er niet.", "Kijk bij Mensen.")
    return row


def party(session: Session, party_id: int, covenant_id: int, *, lock: bool = False) -> PartyRow:
    """One party of this covenant.

    Raises NotFound.
    """
    row = session.get(PartyRow, party_id, with_for_update=lock or None) if 0 < party_id < 2**31 else None
    if row is None or row.covenant_id != covenant_id:
        raise NotFound("Deze partij is er niet.", "Kijk bij Mensen en partijen.")
    return row


def covenants_of(session: Session, person_id: int) -> set[int]:
    """Every covenant in which somebody has or had a seat."""
    query = (
        select(PartyRow.covenant_id)
        .join(Membership, col(Membership.party_id) == PartyRow.id)
        .where(Membership.person_id == person_id)
    )
    return set(session.exec(query))


def same_person(session: Session, email: str, name: str) -> Person | None:
    """The person with this address and name: several people may share an address."""
    return session.exec(select(Person).where(Person.email == email, Person.name == name)).first()


def of_parties(session: Session, party_ids: Iterable[int]) -> Sequence[Membership]:
    """Every seat of these parties, of every time, the oldest first."""
    query = select(Membership).where(col(Membership.party_id).in_(list(party_ids)))
    return session.exec(query.order_by(col(Membership.id))).all()


def at_mailbox(session: Session, email: str) -> Sequence[Membership]:
    """Every seat, of any covenant and time, of whoever reads a mailbox."""
    query = select(Membership).join(Person, col(Membership.person_id) == Person.id).where(Person.email == email)
    return session.exec(query).all()


def absences(session: Session, person_ids: Iterable[int], since: date) -> Sequence[Absence]:
    """When these people are away, from a day on."""
    query = select(Absence).where(col(Absence.person_id).in_(list(person_ids)), col(Absence.last) >= since)
    return session.exec(query.order_by(col(Absence.first), col(Absence.id))).all()


def has_seat_from(session: Session, person_id: int, day: date, covenant_id: int | None = None) -> bool:
    """Whether somebody has a seat on a day or later: anywhere, or at one table."""
    until = col(Membership.until)
    query = select(Membership.id).where(Membership.person_id == person_id, or_(until.is_(None), until >= day))
    if covenant_id is not None:
        query = query.join(PartyRow, col(Membership.party_id) == PartyRow.id).where(PartyRow.covenant_id == covenant_id)
    return session.exec(query.limit(1)).first() is not None


def marked_since(session: Session) -> datetime | None:
    """Since when the seals of links in mails cover a person's mark; None when they always did."""
    return session.exec(select(Installation.marked_since)).first()


def last_days(session: Session) -> list[tuple[int, date | None, datetime | None]]:
    """The last day of everybody's last seat, None while one has no end; and when their mark last became another one."""
    endless = func.count() - func.count(col(Membership.until))
    last = case((endless > 0, None), else_=func.max(Membership.until))
    query = (
        columns(Person.id, type_coerce(last, Day), Person.mark_renewed_at)
        .join(Membership, col(Membership.person_id) == Person.id)
        .group_by(col(Person.id), col(Person.mark_renewed_at))
        .order_by(col(Person.id))
    )
    return [tuple(row) for row in session.exec(query)]


def keys_of(seat: Membership) -> tuple[AgreementKey, ...]:
    """The agreements that a trekker is named for, in the order in which they came to be known."""
    return (*sorted(row.agreement_id for row in seat.named_for), *seat.awaited)


def name_for(seat: Membership, keys: Iterable[AgreementKey]) -> None:
    """Names a trekker, whose seat is stored, for these agreements and no others."""
    wanted = list(dict.fromkeys(keys))
    ids = {key for key in wanted if isinstance(key, int)}
    stay = [row for row in seat.named_for if row.agreement_id in ids]
    new = sorted(ids - {row.agreement_id for row in stay})
    seat.named_for = [*stay, *(MembershipAgreement(membership_id=id_of(seat), agreement_id=key) for key in new)]
    seat.awaited = [key for key in wanted if isinstance(key, str)]


def name_awaited(session: Session, covenant_id: int) -> None:
    """Agreements that the register holds by now, for whoever was named for them by their number."""
    ids = {number: agreement_id for agreement_id, number in numbers_of(session, covenant_id).items()}
    query = select(Membership).join(PartyRow, col(Membership.party_id) == PartyRow.id)
    for seat in session.exec(query.where(PartyRow.covenant_id == covenant_id)):
        if any(number in ids for number in seat.awaited):
            name_for(seat, [ids.get(key, key) if isinstance(key, str) else key for key in keys_of(seat)])
            session.add(seat)
    session.flush()


def numbers_of(session: Session, covenant_id: int) -> dict[int, str]:
    """How the agreements of a covenant are called, in their order."""
    held = col(AgreementRow.term_id).in_(running([covenant_id]))
    query = columns(AgreementRow.id, AgreementRow.number).where(held)
    return {row.id: row.number for row in session.exec(query.order_by(col(AgreementRow.position)))}


def called(keys: Iterable[AgreementKey], numbers: Mapping[int, str]) -> list[str]:
    """Agreements by their numbers of today, in the order of the register; those that it does not hold come last."""
    wanted = set(keys)
    known = [number for key, number in numbers.items() if key in wanted]
    return known + sorted(key for key in wanted if isinstance(key, str))


def numbers_and_themes(session: Session, covenant_id: int) -> tuple[list[str], list[str]]:
    """The numbers of a covenant's agreements, in their order, and its themes."""
    held = col(AgreementRow.term_id).in_(running([covenant_id]))
    query = select(AgreementRow.number, AgreementRow.theme).where(held)
    rows = session.exec(query.order_by(col(AgreementRow.position))).all()
    of_steps = select(DeadlineRow.theme).where(DeadlineRow.covenant_id == covenant_id).distinct()
    themes = dict.fromkeys([theme for _number, theme in rows] + sorted(session.exec(of_steps)))
    return [number for number, _theme in rows], [theme for theme in themes if theme]


def handovers(session: Session, covenant_id: int, person_id: int) -> Sequence[Handover]:
    """Where somebody left this covenant, or took over, newest first."""
    concerns = (Handover.person_id == person_id) | (Handover.successor_id == person_id)
    query = select(Handover).where(Handover.covenant_id == covenant_id, concerns)
    return session.exec(query.order_by(col(Handover.id).desc())).all()
