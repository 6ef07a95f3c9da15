"""Covenants, their parties, and the people who sit at the table."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import exists, func
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from cycle.domain.days import end_of
from cycle.domain.model import Group, Member, Party, PartyKind, Role, TermState
from cycle.errors import Archived, NotFound
from cycle.store.apart import apart
from cycle.store.columns import columns
from cycle.store.ids import id_of
from cycle.store.tables import (
    Absence,
    AgreementRow,
    Covenant,
    GroupRow,
    Membership,
    MembershipAgreement,
    PartyRow,
    Person,
    Term,
)

Stretches = tuple[tuple[date, date], ...]
StandIns = tuple[tuple[date, date, int], ...]


def covenants(session: Session, ids: Iterable[int] | None = None) -> Sequence[Covenant]:
    """Covenants by name; all of them when none are named."""
    query = select(Covenant).order_by(Covenant.slug)
    return session.exec(query if ids is None else query.where(col(Covenant.id).in_(list(ids)))).all()


def with_terms(session: Session, ids: Iterable[int] | None = None) -> list[tuple[Covenant, Term, date | None, bool]]:
    """The same, each with the term that runs, the first day of the one that waits, and whether one went before."""
    following = aliased(Term)
    runs = (col(Term.covenant_id) == Covenant.id) & (col(Term.state) == TermState.RUNNING)
    waits = (col(following.covenant_id) == Covenant.id) & (col(following.state) == TermState.WAITING)
    past = aliased(Term)
    went_before = exists().where(col(past.covenant_id) == Covenant.id, col(past.state) == TermState.PAST)
    query = select(Covenant, Term, following, went_before).outerjoin(Term, runs).outerjoin(following, waits)
    query = query.order_by(Covenant.slug)
    rows = session.exec(query if ids is None else query.where(col(Covenant.id).in_(list(ids)))).all()
    return [
        (row, term or Term(covenant_id=id_of(row)), later.start if later else None, is_later)
        for row, term, later, is_later in rows
    ]


def covenant(session: Session, slug: str | None) -> Covenant:
    """The covenant of this name; without a name the only one there is.

    Raises NotFound when there is none, or when a name is needed.
    """
    named = with_slug(session, slug) if slug is not None else None
    if named is not None:
        return named
    known = {row.slug: row for row in covenants(session)}
    if slug is None and len(known) == 1:
        return next(iter(known.values()))
    if not known:
        raise NotFound("Er is nog geen convenant.", "Lees er een in: cycle import MAP")
    hint = f"Kies met --covenant uit: {', '.join(known)}."
    raise NotFound(f"Het convenant {slug!r} bestaat niet." if slug else "Er zijn meer convenanten.", hint)


def with_slug(session: Session, slug: str) -> Covenant | None:
    """The covenant of this short name, if there is one."""
    return session.exec(select(Covenant).where(Covenant.slug == slug)).first()


def running_terms(session: Session, covenant_ids: Iterable[int]) -> dict[int, Term]:
    """How long each of these covenants holds, as the framework agreement says that is at work."""
    running = {covenant_id: Term(covenant_id=covenant_id) for covenant_id in covenant_ids}
    if not running:
        return {}
    query = select(Term).where(col(Term.covenant_id).in_(list(running)), Term.state == TermState.RUNNING)
    for term in session.exec(query.order_by(col(Term.start).is_not(None), col(Term.start))):
        running[term.covenant_id] = term
    return running


def running_term(session: Session, covenant_id: int) -> Term:
    """The same of one covenant."""
    return running_terms(session, [covenant_id])[covenant_id]


def term_of(session: Session, covenant_id: int) -> Term:
    """The same, kept from now on where nothing was known of it: what is agreed belongs to a term."""
    term = running_term(session, covenant_id)
    session.add(term)
    session.flush()
    return term


def speaks_from(session: Session, row: Covenant) -> date:
    """The day from which what a covenant says is read."""
    return row.signed_on or running_term(session, id_of(row)).start or row.live_since


def lock(session: Session, covenant_id: int, *, also_archived: bool = False) -> None:
    """Lets no other process keep this covenant's year before this transaction ends, for whoever will change something.

    Raises Archived for one that was put away, unless that may change in this way (`also_archived`).
    """
    query = select(Covenant.archived_at).where(Covenant.id == covenant_id).with_for_update()
    if session.exec(query).one() is not None and not also_archived:
        raise Archived


def refuse_archived(session: Session, covenant_id: int) -> None:
    """Raises Archived for a covenant that was put away."""
    if session.get_one(Covenant, covenant_id).archived_at is not None:
        raise Archived


def party_rows(session: Session, covenant_id: int) -> Sequence[PartyRow]:
    """The parties of a covenant in their own order."""
    return session.exec(
        select(PartyRow).where(PartyRow.covenant_id == covenant_id).order_by(col(PartyRow.position))
    ).all()


def parties(session: Session, covenant_id: int) -> tuple[Party, ...]:
    """The parties as the domain knows them."""
    return parties_by_covenant(session, [covenant_id]).get(covenant_id, ())


def parties_by_covenant(session: Session, covenant_ids: Iterable[int] | None = None) -> dict[int, tuple[Party, ...]]:
    """The parties of several covenants at once; of all when none are named."""
    query = select(PartyRow).order_by(col(PartyRow.covenant_id), col(PartyRow.position))
    if covenant_ids is not None:
        query = query.where(col(PartyRow.covenant_id).in_(list(covenant_ids)))
    by_covenant: dict[int, list[Party]] = defaultdict(list)
    for row in session.exec(query):
        said = row.slug, row.name, PartyKind(row.kind), tuple(row.aliases)
        by_covenant[row.covenant_id].append(Party(*said, is_ended=row.until is not None))
    return {key: tuple(several) for key, several in by_covenant.items()}


def groups(session: Session, covenant_id: int) -> tuple[Group, ...]:
    """The groups of a covenant."""
    return groups_by_covenant(session, [covenant_id]).get(covenant_id, ())


def group_rows(session: Session, covenant_id: int) -> Sequence[GroupRow]:
    """The groups of a covenant, to change them."""
    return session.exec(select(GroupRow).where(GroupRow.covenant_id == covenant_id).order_by(GroupRow.slug)).all()


def group_row(session: Session, covenant_id: int, slug: str) -> GroupRow | None:
    """One group of a covenant, locked."""
    mine = select(GroupRow).where(GroupRow.covenant_id == covenant_id, GroupRow.slug == slug)
    return session.exec(mine.with_for_update()).first()


def groups_by_covenant(session: Session, covenant_ids: Iterable[int]) -> dict[int, tuple[Group, ...]]:
    """The groups of several covenants at once."""
    query = select(GroupRow).where(col(GroupRow.covenant_id).in_(list(covenant_ids))).order_by(GroupRow.slug)
    by_covenant: dict[int, list[Group]] = defaultdict(list)
    for row in session.exec(query):
        by_covenant[row.covenant_id].append(Group(row.slug, tuple(row.members), tuple(row.aliases)))
    return {key: tuple(several) for key, several in by_covenant.items()}


def members(session: Session, covenant_ids: Iterable[int] | None = None) -> dict[int, list[Member]]:
    """Who sits where, by covenant; all covenants when none are named. Whose address does not exist is unreachable, so
    that the deputy gets the mail (B13)."""
    query = (
        columns(
            PartyRow.covenant_id,
            Membership.id,
            Membership.person_id,
            Person.name,
            Person.email,
            PartyRow.slug,
            Membership.role,
            Membership.since,
            Membership.until,
            Membership.awaited,
            Membership.themes,
        )
        .join(PartyRow, col(Membership.party_id) == PartyRow.id)
        .join(Person, col(Membership.person_id) == Person.id)
        .order_by(col(Membership.id))
    )
    if covenant_ids is not None:
        query = query.where(col(PartyRow.covenant_id).in_(list(covenant_ids)))
    away, stand_ins = _absences(session)
    unreachable = {person.id for person in undeliverable(session)}
    by_covenant: dict[int, list[Member]] = defaultdict(list)

    named_for = _named_for(session, covenant_ids)

    def member(row: Any) -> Member:
        _covenant, number, person, name, email, slug, role, since, until, awaited, themes = row
        seat = person, name, email, slug, Role(role), since, end_of(until)
        known = named_for.get(number, [])
        keys, numbers = (*(key for key, _number in known), *awaited), (*(number for _key, number in known), *awaited)
        is_away = away[person], stand_ins[person], person in unreachable
        return Member(*seat, keys, tuple(themes), *is_away, numbers)

    for row, made in apart(session.exec(query), member, lambda row: f"seat of persoon {row[2]}"):
        if made is not None:
            by_covenant[row[0]].append(made)
    return by_covenant


def _named_for(session: Session, covenant_ids: Iterable[int] | None) -> dict[int, list[tuple[int, str]]]:
    """The agreements that a trekker is named for, by seat: id and number, in the order of the register."""
    query = (
        columns(MembershipAgreement.membership_id, AgreementRow.id, AgreementRow.number)
        .join(AgreementRow, col(MembershipAgreement.agreement_id) == AgreementRow.id)
        .order_by(col(AgreementRow.position), col(AgreementRow.id))
    )
    if covenant_ids is not None:
        query = query.where(col(AgreementRow.covenant_id).in_(list(covenant_ids)))
    by_seat: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for seat, agreement_id, number in session.exec(query):
        by_seat[seat].append((agreement_id, number))
    return by_seat


def people(session: Session, ids: Iterable[int]) -> dict[int, Person]:
    """People by id."""
    wanted = sorted(set(ids))
    by_id = {}
    for start in range(0, len(wanted), 500):
        for row in session.exec(select(Person).where(col(Person.id).in_(wanted[start : start + 500]))):
            by_id[id_of(row)] = row
    return by_id


def persons_at(session: Session, email: str) -> Sequence[Person]:
    """Everybody behind a mail address; several people may share one.

    Raises NotFound when nobody has it.
    """
    persons = session.exec(select(Person).where(Person.email == email.strip().lower()).order_by(col(Person.id))).all()
    if not persons:
        raise NotFound(f"Niemand heeft het adres {email!r}.", "Kijk met: cycle people")
    return persons


def mailboxes(session: Session) -> dict[int, tuple[int, ...]]:
    """Everybody behind an address that several people share, the first made first, by each of them."""
    shared = select(Person.email).group_by(col(Person.email)).having(func.count() > 1)
    by_address: dict[str, list[int]] = defaultdict(list)
    query = columns(Person.email, Person.id).where(col(Person.email).in_(shared)).order_by(col(Person.id))
    for email, person in session.exec(query):
        by_address[email].append(person)
    return {person: tuple(people) for people in by_address.values() for person in people}


def _absences(session: Session) -> tuple[dict[int, Stretches], dict[int, StandIns]]:
    """Who is away when, and whom they named for it."""
    away: dict[int, Stretches] = defaultdict(tuple)
    stand_ins: dict[int, StandIns] = defaultdict(tuple)
    query = columns(Absence.person_id, Absence.first, Absence.last, Absence.deputy_id).order_by(col(Absence.id))
    for person_id, first, last, deputy in session.exec(query):
        away[person_id] = (*away[person_id], (first, last))
        if deputy is not None:
            stand_ins[person_id] = (*stand_ins[person_id], (first, last, deputy))
    return away, stand_ins


def undeliverable(session: Session) -> Sequence[Person]:
    """People whose address does not exist."""
    query = select(Person).where(col(Person.undeliverable_since).is_not(None))
    return session.exec(query.order_by(col(Person.id))).all()
