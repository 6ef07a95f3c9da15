"""Who is at the desk: the person behind a mail address, their covenants, and what they may do in each.

Roles come from memberships of today. Several people may share one mailbox, so a visitor can be more than one person.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from cycle.domain.model import Role
from cycle.domain.seeing import may_see
from cycle.settings import Settings
from cycle.store import sessions
from cycle.store.database import Session
from cycle.store.sessions import MailboxSeat

RANKS = (Role.SECRETARIAT, Role.DIRECTOR, Role.TREKKER, Role.READER)
"""The roles at the desk, from most to least. A contact and a deputy are there as trekker."""


@dataclass(frozen=True, slots=True)
class DeskSeat:
    """One covenant of a visitor, and their role there: one of RANKS. They sit for `parties` (slugs).

    `stamp` is that of the covenant: another one after every write to it.
    """

    covenant_id: int
    slug: str
    name: str
    released_at: datetime | None
    role: Role
    parties: tuple[str, ...]
    person_ids: tuple[int, ...]
    stamp: str
    is_archived: bool = False

    @property
    def is_released(self) -> bool:
        """Whether others than its secretariat see it."""
        return self.released_at is not None


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who is signed in. Who `may_found` starts tables, and may sit at none yet: then they are no person."""

    email: str
    name: str
    person_ids: tuple[int, ...]
    seats: tuple[DeskSeat, ...]
    may_found: bool = False

    def seat_at(self, slug: str) -> DeskSeat | None:
        """Their seat in the covenant of this name."""
        return next((seat for seat in self.seats if seat.slug == slug), None)


def visitor_at(session: Session, settings: Settings, email: str, now: datetime) -> Visitor | None:
    """Who has this mail address, or None when they sit nowhere today and may start no table.

    A covenant that is held is open to its secretariat only: to the others it is not there yet. A deputy of a party that
    keeps the secretariat has its rights for as long as they are named.
    """
    return _visitor(session, sessions.seats_of(session, email), settings, email, now)


def visitor_with(
    session: Session, settings: Settings, token_hash: str, began_after: datetime, now: datetime
) -> Visitor | None:
    """Who is signed in with this cookie. One query, and another where a deputy is among the seats, or no seat is there
    and the operator named founders."""
    rows = sessions.seats_of_browser(session, token_hash, began_after)
    email = rows[0].email if rows else ""
    if not rows and settings.signin.founders:
        email = sessions.address_of_browser(session, token_hash, began_after)
    return _visitor(session, rows, settings, email, now)


def _visitor(
    session: Session, rows: Sequence[MailboxSeat], settings: Settings, email: str, now: datetime
) -> Visitor | None:
    today, may_found = settings.local_day(now), settings.signin.may_found(email)
    rows = [row for row in rows if (row.since or today) <= today <= (row.until or today)]
    stand_in = {row.party_id for row in rows if row.role is Role.DEPUTY}
    keepers = sessions.secretary_parties(session, stand_in, today) if stand_in else set()
    seats = [_seat(several, keepers) for several in _by_covenant(rows)]
    seats = [seat for seat in seats if may_see(seat.released_at, (seat.role,))]
    if not seats and not may_found:
        return None
    people = {row.person_id: row.name for row in rows}
    name = next(iter(people.values())) if len(people) == 1 else email
    return Visitor(email, name, tuple(people), tuple(seats), may_found)


def _by_covenant(rows: Iterable[MailboxSeat]) -> list[list[MailboxSeat]]:
    by_covenant: dict[int, list[MailboxSeat]] = {}
    for row in rows:
        by_covenant.setdefault(row.covenant_id, []).append(row)
    return list(by_covenant.values())


def _seat(rows: Sequence[MailboxSeat], keepers: set[int]) -> DeskSeat:
    first = rows[0]
    roles = {_rank(row, keepers) for row in rows}
    return DeskSeat(
        first.covenant_id,
        first.slug,
        first.covenant,
        first.released_at,
        next(role for role in RANKS if role in roles),
        tuple(dict.fromkeys(row.party for row in rows)),
        tuple(dict.fromkeys(row.person_id for row in rows)),
        first.stamp,
        first.archived_at is not None,
    )


def _rank(row: MailboxSeat, keepers: set[int]) -> Role:
    if row.role is Role.DEPUTY and row.party_id in keepers:
        return Role.SECRETARIAT
    return Role.TREKKER if row.role in (Role.CONTACT, Role.DEPUTY) else row.role
