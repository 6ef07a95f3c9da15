"""Calendar links: made, listed, and ended one by one, by leaving, or at once when they leaked (rule A15)."""

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import uuid4

from cycle.actions.feeds.content import FeedScope
from cycle.actions.office.covenant_view import CovenantView
from cycle.actions.office.logbook import note
from cycle.actions.office.mailed import renew_links_at
from cycle.actions.office.office import Office
from cycle.actions.office.seeing import tables_of
from cycle.domain.model import Member
from cycle.errors import NotFound, Refused
from cycle.settings import Settings
from cycle.store import covenants, feedlinks
from cycle.store.database import Session
from cycle.store.ids import id_of
from cycle.store.tables import FeedLink

TOKEN_BYTES = 20  # 160 bits; rule A15 asks for 128
GOODBYE_DAYS = 30  # how long an ended link says that it has ended
MOST_LINKS = 20  # alive at once, per person
EVENTS_FILE, TASKS_FILE = "termijnen.ics", "taken.ics"
UNNAMED = "agenda"
NAME_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Shows:
    """What somebody asks of a new link. `covenant` is needed when the scope is one covenant and there are several."""

    scope: FeedScope = FeedScope.MINE
    covenant: str | None = None
    banners: bool = False
    alarm_days: int | None = None


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link as it is shown once."""

    url: str
    token: str
    name: str

    @property
    def tasks_url(self) -> str:
        """The same last days as tasks."""
        return self.url.removesuffix(EVENTS_FILE) + TASKS_FILE


@dataclass(frozen=True, slots=True)
class ListedLink:
    """A link as it is listed: never its token, for that is not kept."""

    id: int
    name: str
    scope: FeedScope
    covenant: str
    banners: bool
    alarm_days: int | None
    created_at: datetime
    ended_at: datetime | None
    leaked: bool
    last_fetched_at: datetime | None
    client: str

    def as_json(self) -> dict[str, Any]:
        """The shape of `cycle feed list --json`."""
        return {
            "name": self.name,
            "scope": self.scope,
            "covenant": self.covenant or None,
            "banners": self.banners,
            "alarm_days": self.alarm_days,
            "created_at": self.created_at.isoformat(),
            "revoked_at": self.ended_at.isoformat() if self.ended_at else None,
            "leaked": self.leaked,
            "last_fetched_at": self.last_fetched_at.isoformat() if self.last_fetched_at else None,
            "client": self.client or None,
        }


def new_link(
    office: Office, email: str, now: datetime, *, name: str = "", shows: Shows | None = None, by: str = ""
) -> NewLink:
    """Makes a new calendar link for a person; only the hash of its token is kept.

    Raises NotFound when nobody has this address, or does not sit at this covenant's table or may not see it yet;
    Refused for what no link can show.
    """
    token, wanted = secrets.token_urlsafe(TOKEN_BYTES), shows or Shows()
    if wanted.alarm_days is not None and not 1 <= wanted.alarm_days <= 60:
        raise Refused("Een alarm gaat 1 tot 60 dagen van tevoren.", "Kies een aantal dagen, zoals 7.")
    label = " ".join(name.split())[:NAME_LENGTH] or UNNAMED
    with office.database.writing() as session:
        person = covenants.persons_at(session, email)[0]
        seats = feedlinks.seats_at(session, person.email)
        if not any(_is_still_there(member, office, now) for _covenant, member in seats):
            raise Refused(f"{person.email} zit bij geen convenant aan tafel.", "Kijk met: cycle people")
        if len(feedlinks.live_links(session, person.email)) >= MOST_LINKS:
            raise Refused(f"Er zijn al {MOST_LINKS} koppelingen.", "Trek eerst een koppeling in die u niet gebruikt.")
        link = FeedLink(
            person_id=id_of(person),
            name=label,
            token_hash=token_hash(token),
            uid=uuid4().hex,
            created_at=now,
            scope=wanted.scope,
            banners=wanted.banners,
            alarm_days=wanted.alarm_days,
            covenant_id=_covenant_of(wanted, tables_of(session, office.settings, person.email, now).values()),
        )
        session.add(link)
        note(session, now, by, "agendakoppeling gemaakt", f"persoon {person.id}", label, link.covenant_id)
    return NewLink(f"{office.settings.web.base_url}/k/{token}/{EVENTS_FILE}", token, label)


def links_of(session: Session, email: str) -> list[ListedLink]:
    """All links of a person, newest first.

    Raises NotFound when nobody has this address.
    """
    covenants.persons_at(session, email)
    return _listed(session, email.strip().lower())


def page_links(session: Session, email: str, now: datetime) -> list[ListedLink]:
    """The links that a person may still care about: those that work, and those that ended this month."""
    since = now - timedelta(GOODBYE_DAYS)
    return [link for link in _listed(session, email) if link.ended_at is None or link.ended_at > since]


def revoke_links(
    office: Office, email: str, now: datetime, *, name: str | None = None, leaked: bool = False, by: str = ""
) -> int:
    """Ends a person's calendar links (those of this name, or all); returns how many that changed.

    One that leaked is cut at once, also when it was revoked before, and all links in mails to this person with it.
    Raises NotFound when nobody has this address.
    """
    with office.database.writing() as session:
        covenants.persons_at(session, email)
        if leaked:  # what makes the next link leaked with it
            renew_links_at(session, office.settings, email, now, by=by)
        links = feedlinks.links_at(session, email.strip().lower())
        return sum(_end(session, link, now, by, leaked=leaked) for link in links if name in (None, link.name))


def revoke_link(office: Office, email: str, link_id: int, now: datetime, *, by: str = "") -> bool:
    """Ends one link of a person; says whether it was alive.

    Raises NotFound for a link that is not theirs.
    """
    with office.database.writing() as session:
        mine = {link.id: link for link in feedlinks.links_at(session, email)}
        if link_id not in mine:
            raise NotFound("Deze koppeling is er niet.", "Ververs de pagina.")
        return _end(session, mine[link_id], now, by, leaked=False)


def end_links_of_leavers(office: Office, now: datetime) -> int:
    """Ends the links of whoever sits nowhere any more; returns how many."""
    with office.database.reading() as session:
        gone = _gone(session, office.settings, now)
    if not gone:
        return 0
    with office.database.writing() as session:
        gone = _gone(session, office.settings, now)
        for link, left_at in gone:
            link.revoked_at = left_at
            session.add(link)
            note(session, now, "klok", "agendakoppeling beëindigd", f"persoon {link.person_id}", link.name)
        return len(gone)


def left_at(seats: Sequence[Member], settings: Settings, now: datetime) -> datetime | None:
    """Since when these seats are empty: the moment after the last day of the last of them; None while one is taken or
    will be. Without any seat on record it is today."""
    today = settings.local_day(now)
    if any(member.until is None or member.until >= today for member in seats):
        return None
    last = max((member.until for member in seats if member.until), default=today - timedelta(1))
    return datetime.combine(last + timedelta(1), time(0), tzinfo=settings.zone)


def token_hash(token: str) -> str:
    """What is kept of a token: 160 random bits need no slow hash."""
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()


def _is_still_there(member: Member, office: Office, now: datetime) -> bool:
    return left_at([member], office.settings, now) is None


def _covenant_of(wanted: Shows, tables: Iterable[CovenantView]) -> int | None:
    """The covenant that a link is about: the one that is named, and for the whole covenant the only one there is."""
    if wanted.covenant is None and wanted.scope is not FeedScope.COVENANT:
        return None
    mine = {here.row.slug: here.id for here in tables}
    if wanted.covenant is None and len(mine) == 1:
        return next(iter(mine.values()))
    if wanted.covenant not in mine:
        known = ", ".join(sorted(mine))
        raise NotFound("Zeg om welk convenant het gaat.", f"Kies met --covenant uit: {known}.")
    return mine[wanted.covenant]


def _end(session: Session, link: FeedLink, now: datetime, by: str, *, leaked: bool) -> bool:
    if link.revoked_at is not None and (link.leaked or not leaked):
        return False
    link.revoked_at, link.leaked = link.revoked_at or now, link.leaked or leaked
    session.add(link)
    verb = "agendakoppeling afgesneden" if leaked else "agendakoppeling ingetrokken"
    note(session, now, by, verb, f"persoon {link.person_id}", link.name, link.covenant_id)
    return True


def _listed(session: Session, email: str) -> list[ListedLink]:
    slugs = {row.id: row.slug for row in covenants.covenants(session)}
    links = feedlinks.links_at(session, email)
    fetched = feedlinks.last_fetches(session, [id_of(link) for link in links])
    return [
        ListedLink(
            id_of(link),
            link.name,
            FeedScope(link.scope),
            slugs.get(link.covenant_id, ""),
            link.banners,
            link.alarm_days,
            link.created_at,
            link.revoked_at,
            link.leaked,
            *fetched.get(id_of(link), (None, "")),
        )
        for link in links
    ]


def _gone(session: Session, settings: Settings, now: datetime) -> list[tuple[FeedLink, datetime]]:
    """The live links whose seats are all empty, and since when."""
    live = feedlinks.live_links(session)
    if not live:
        return []
    boxes = feedlinks.mailboxes(session)
    seats: dict[str, list[tuple[int, Member]]] = {}
    for covenant, members in covenants.members(session).items():
        for member in members:
            seats.setdefault(member.email, []).append((covenant, member))
    gone = []
    for link in live:
        mine = [one for at, one in seats.get(boxes.get(link.person_id, ""), []) if link.covenant_id in (None, at)]
        since = left_at(mine, settings, now)
        if since is not None:
            gone.append((link, since))
    return gone
