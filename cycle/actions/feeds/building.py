"""One feed, built: the bytes of a link at a moment, the version they belong to, and until when they hold."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from cycle.actions.feeds.content import FeedScope, WantedFeed, next_month, seats_of, shown
from cycle.actions.feeds.links import EVENTS_FILE, GOODBYE_DAYS, TASKS_FILE, left_at, token_hash
from cycle.actions.office.office import Office
from cycle.actions.office.seeing import tables_of
from cycle.domain.words import joined
from cycle.feed import calendar, ended_calendar, task_list
from cycle.settings import Settings
from cycle.store import covenants, feedlinks
from cycle.store.database import Session
from cycle.store.ids import id_of
from cycle.store.tables import FeedLink, Person

WRITERS = {EVENTS_FILE: calendar, TASKS_FILE: task_list}
LONGEST = timedelta(days=1)  # then it is built again in any case: whatever was overlooked heals within a day


@dataclass(frozen=True, slots=True)
class Built:
    """What a link answers: 200 with the whole calendar, or 410 without. It holds before `valid_until`, as long as the
    link has this `version`. `left_out` are deadlines that belong in it and cannot be written."""

    status: Literal[200, 410]
    body: bytes
    valid_until: datetime
    version: str = ""
    link_id: int = 0
    left_out: tuple[int, ...] = ()

    def holds(self, version: str, now: datetime) -> bool:
        """Whether this is still the answer. One that would hold for longer than any was built by a wrong clock."""
        return self.version == version and now < self.valid_until <= now + LONGEST


def build(session: Session, settings: Settings, hashed: str, now: datetime, file: str = EVENTS_FILE) -> Built | None:
    """What the link with this hash answers now, or None for a token that was never given.

    Version and content are of one snapshot, so that a write in between makes the result old and never wrong.
    """
    link = feedlinks.link_of(session, hashed)
    person = session.get(Person, link.person_id) if link else None
    if link is None or person is None:
        return None
    answer = _answer(session, settings, link, person.email, now, file)
    return replace(answer, version=link.version, link_id=id_of(link))


def feed_of_token(
    session: Session, settings: Settings, token: str, now: datetime, file: str = EVENTS_FILE
) -> bytes | None:
    """The calendar behind a token, or None for a token that opens nothing."""
    built = build(session, settings, token_hash(token), now, file)
    return built.body if built is not None and built.status == 200 else None


def feed_of_address(office: Office, email: str, now: datetime, scope: FeedScope = FeedScope.MINE) -> bytes:
    """The calendar of a person, as their links serve it.

    Raises NotFound when nobody has this address.
    """
    with office.database.reading() as session:
        person = covenants.persons_at(session, email)[0]
        wanted = WantedFeed(person.email, scope)
        return _calendar(session, office.settings, wanted, f"person-{person.id}", now, EVENTS_FILE, None).body


def _answer(session: Session, settings: Settings, link: FeedLink, email: str, now: datetime, file: str) -> Built:
    """A link that ended says so for thirty days, and is gone after; one that leaked is gone at once (A15)."""
    seats = [member for at, member in feedlinks.seats_at(session, email) if link.covenant_id in (None, at)]
    ended_at = link.revoked_at or left_at(seats, settings, now)
    if ended_at is None:
        wanted = WantedFeed(email, FeedScope(link.scope), link.covenant_id, link.banners)
        return _calendar(session, settings, wanted, link.uid, now, file, link.alarm_days)
    gone_at = ended_at + timedelta(GOODBYE_DAYS)
    if link.leaked or now >= gone_at:
        return Built(410, b"", datetime.max.replace(tzinfo=UTC))
    body = _goodbye(link.uid, ended_at, settings, file)
    return Built(200, body, min(gone_at, now + LONGEST))


def _calendar(
    session: Session, settings: Settings, wanted: WantedFeed, uid: str, now: datetime, file: str, alarm_days: int | None
) -> Built:
    """The whole calendar of a reader, over all the tables where they sit and that they may see."""
    today = settings.local_day(now)
    entries, edges, names, left_out = [], {next_month(today)}, [], []
    for view in tables_of(session, settings, wanted.email, now).values():
        seats = seats_of(view, wanted.email, today)
        edges.update(one.since for one in view.members if one.email == wanted.email and one.since)
        if seats and wanted.covenant_id in (None, view.id):
            content = shown(session, view, seats, wanted, today)
            entries.extend(content.entries)
            edges.update(content.edges)
            left_out.extend(content.left_out)
            names.append(view.row.name)
    body = WRITERS[file](entries, name=_name(names, file), feed_uid=uid, zone=settings.zone, alarm_days=alarm_days)
    until = min(_next_midnight(edges, today, settings), now + LONGEST)
    return Built(200, body, until, left_out=tuple(left_out))


def _goodbye(uid: str, ended_at: datetime, settings: Settings, file: str) -> bytes:
    if file == TASKS_FILE:
        return task_list([], name=_name([], file), feed_uid=uid, zone=settings.zone)
    return ended_calendar(name=_name([], file), feed_uid=uid, ended_at=ended_at, zone=settings.zone)


def _name(covenant_names: list[str], file: str) -> str:
    kind = "Taken" if file == TASKS_FILE else "Termijnen"
    return f"{kind} {joined(covenant_names)}".strip()


def _next_midnight(edges: set[date], today: date, settings: Settings) -> datetime:
    """The start of the first day after today on which time alone changes something."""
    day = min(edge for edge in edges if edge > today)
    return datetime.combine(day, time(0), tzinfo=settings.zone)
