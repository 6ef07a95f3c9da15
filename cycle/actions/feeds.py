"""Calendar links and what they serve: a person's own last days, and the meetings they take part in."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import uuid4

from sqlmodel import Session, col, select

from cycle.actions.logbook import note
from cycle.actions.office import Office
from cycle.actions.views import View, views
from cycle.domain.addressing import Members
from cycle.domain.model import LadderKind, Member, Role, State
from cycle.domain.words import joined
from cycle.feed import LAST_DAY, Entry, calendar
from cycle.settings import Settings
from cycle.store import covenants, deadlines
from cycle.store.deadlines import LEAD, Part
from cycle.store.tables import DeadlineRow, FeedLink

TOKEN_BYTES = 20  # 160 bits; rule A15 asks for 128
DAYS_BACK, MONTHS_AHEAD = 90, 24  # rule A16
DROPPED_DAYS = 14  # rule A10


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link as it is shown once."""

    url: str
    token: str


def new_link(office: Office, email: str, now: datetime, *, name: str = "", by: str = "") -> NewLink:
    """Makes a new calendar link for a person; only the hash of its token is kept.

    Raises NotFound when nobody has this address.
    """
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with office.database.writing() as session:
        person = covenants.persons_at(session, email)[0]
        session.add(
            FeedLink(person_id=person.id or 0, name=name, token_hash=token_hash(token), uid=uuid4().hex, created_at=now)
        )
        note(session, now, by, "agendakoppeling gemaakt", f"persoon {person.id}", name)
    return NewLink(f"{office.settings.web.base_url}/k/{token}/termijnen.ics", token)


def revoke_links(office: Office, email: str, now: datetime, *, name: str | None = None, by: str = "") -> int:
    """Ends a person's calendar links (those of this name, or all); returns how many were still alive."""
    with office.database.writing() as session:
        people = [person.id for person in covenants.persons_at(session, email)]
        links = session.exec(
            select(FeedLink).where(col(FeedLink.person_id).in_(people), col(FeedLink.revoked_at).is_(None))
        ).all()
        ended = [link for link in links if name is None or link.name == name]
        for link in ended:
            link.revoked_at = now
            session.add(link)
            note(session, now, by, "agendakoppeling ingetrokken", f"persoon {link.person_id}", link.name)
        return len(ended)


def feed_of_token(session: Session, settings: Settings, token: str, now: datetime) -> bytes | None:
    """The calendar behind a token, or None for a token that opens nothing."""
    link = session.exec(select(FeedLink).where(FeedLink.token_hash == token_hash(token))).first()
    if link is None or link.revoked_at is not None:
        return None
    return feed_of_person(session, settings, link.person_id, link.uid, now)


def feed_of_address(office: Office, email: str, now: datetime) -> bytes:
    """The calendar of a person, as any of their links serves it.

    Raises NotFound when nobody has this address.
    """
    with office.database.reading() as session:
        person = covenants.persons_at(session, email)[0]
        return feed_of_person(session, office.settings, person.id or 0, f"person-{person.id}", now)


def feed_of_person(session: Session, settings: Settings, person: int, feed_uid: str, now: datetime) -> bytes:
    """The bytes of a person's calendar: the same for the same deadlines."""
    found = views(session, settings)
    entries = []
    names = []
    for here in found.values():
        roles = [member for member in here.members if member.person == person]
        if roles:
            names.append(here.row.name)
            entries.extend(_entries(session, here, roles, settings.web.base_url, here.local_day(now)))
    return calendar(entries, name=f"Termijnen {joined(names)}".strip(), feed_uid=feed_uid, zone=settings.zone)


def token_hash(token: str) -> str:
    """What is kept of a token: 160 random bits need no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def window(today: date) -> tuple[date, date]:
    """The stretch of days in a feed, cut by month so that its bytes do not change each midnight (rules A5, A16)."""
    first = today.replace(day=1)
    months = first.month - 1 + MONTHS_AHEAD + 1
    return (first - timedelta(DAYS_BACK)).replace(day=1), date(
        today.year + months // 12, months % 12 + 1, 1
    ) - timedelta(1)


def _entries(
    session: Session, here: View, roles: list[Member], base_url: str, today: date
) -> list[Entry]:  # fmt: skip
    """What of one covenant belongs in this person's calendar."""
    first, last = window(today)
    rows = deadlines.rows_of(session, here.id, deadlines.due_between(first, last))
    parts = deadlines.parts(session, deadlines.in_covenant(here.id))
    members = Members(here.members, today)
    entries = []
    for row in rows:
        if _concerns(row, parts.get(row.id or 0, []), roles, members, today):
            entries.append(_entry(row, here, parts.get(row.id or 0, []), base_url))
    return entries


def _concerns(row: DeadlineRow, parts: list[Part], roles: list[Member], members: Members, today: date) -> bool:
    """A meeting that was planned concerns everyone who takes part; a last day those who lead it. What was invented or
    is doubtful has no day to show."""
    mine = {member.party for member in roles}
    if row.state == State.DROPPED.value and (today - row.changed_at.date()).days > DROPPED_DAYS:
        return False
    if row.meeting_day is not None:
        return any(part.party in mine for part in parts)
    if row.invented or row.doubtful or row.due is None:
        return False
    return any(part.part == LEAD and part.party in mine and _is_mine(row, part.party, roles, members) for part in parts)


def _is_mine(row: DeadlineRow, party: str, roles: list[Member], members: Members) -> bool:
    """The addressee's own, and also a colleague's who is named for it: colleagues see it in their feed only."""
    addressee = members.addressee(party, tuple(row.agreements), row.theme)
    if addressee is not None and addressee.person == roles[0].person:
        return True
    trekkers = [member for member in roles if member.party == party and member.role is Role.TREKKER]
    return any(set(row.agreements) & set(member.agreements) or row.theme in member.themes for member in trekkers)


def _entry(row: DeadlineRow, here: View, parts: list[Part], base_url: str) -> Entry:
    """One deadline as an event: what to do, who leads, where it comes from. No persons, no notes."""
    leads = [here.party_names[part.party] for part in parts if part.part == LEAD]
    about = f"{row.number} {row.title}".strip()
    lines = [row.todo, f"Trekker: {joined(leads)}." if leads else "", f"Bron: {row.source}." if row.source else ""]
    is_meeting = row.meeting_day is not None
    start, end = _times(row, here)
    return Entry(
        uid=row.uid, summary=about if is_meeting else LAST_DAY + about, description="\n".join(filter(None, lines)),
        url=f"{base_url}/",
        categories=(KIND_WORDS[LadderKind(row.kind)], *([f"Thema {row.theme}"] if row.theme else [])),
        changed_at=row.changed_at, sequence=row.sequence, day=row.meeting_day or row.due,
        shown=None if is_meeting or row.due is None else here.policy.calendar.shown(row.due),
        start=start, end=end, place=row.meeting_place, status=STATUS[row.state],
    )  # fmt: skip


def _times(row: DeadlineRow, here: View) -> tuple[datetime | None, datetime | None]:
    """Start and end of a planned meeting in the covenant's zone, when an hour was set."""
    if row.meeting_day is None or row.meeting_start is None:
        return None, None
    start = datetime.combine(row.meeting_day, row.meeting_start, tzinfo=here.settings.zone)
    end = datetime.combine(row.meeting_day, row.meeting_end, tzinfo=here.settings.zone) if row.meeting_end else None
    return start, end


STATUS: dict[str, Literal["open", "done", "dropped"]] = {"open": "open", "done": "done", "dropped": "dropped"}
KIND_WORDS = {
    LadderKind.MEETING: "Overleg",
    LadderKind.LETTER: "Brief",
    LadderKind.DOCUMENT: "Stuk",
    LadderKind.ACTION: "Actie",
    LadderKind.YEARLY: "Jaarlijks",
}
