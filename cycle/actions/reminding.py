"""The plan of each minute: gather what is due, decide, render, and write down one digest per person.

Safe at every point: rendering comes before any transaction, a digest and its reminders are stored together or not at
all, and the next moments are renewed last. Whoever dies in between leaves work that the next tick finds again.
Digests are stored a few per transaction, because each waits for the disk; if somebody was faster with one of them, the
others are stored one by one.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import make_transient

from cycle.actions.digests import digest_key, digest_message, unmade_message
from cycle.actions.guarding import too_many
from cycle.actions.hours import in_mail_hours
from cycle.actions.office import Office
from cycle.actions.views import View, situations, views
from cycle.domain.planning import Digest, Reminder, Situation, digests, next_mail_day, reminders_due
from cycle.store import covenants, deadlines, outbox
from cycle.store.deadlines import DueItem
from cycle.store.tables import DeadlineRow, Message, Person

STORED_AT_ONCE = 20

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Planned:
    """What one round planned: mails put into the outbox, and the lines in them."""

    mails: int = 0
    lines: int = 0


@dataclass(frozen=True, slots=True)
class Round:
    """All that was gathered for one round."""

    today: date
    due: Sequence[DueItem]
    found: dict[int, View]
    situations: dict[int, Situation]


def plan_mails(office: Office, now: datetime, *, ignore_hours: bool = False) -> Planned:
    """Puts the digests of this moment into the outbox. At night, on free days and before the send hour it does nothing.

    `ignore_hours` is for `cycle send`, which acts as at the send hour of its day.
    """
    today = now.astimezone(office.settings.zone).date()
    if not ignore_hours and not in_mail_hours(office.settings, now):
        return Planned()
    _take_back_stale(office, today, now)
    gathered = _gather(office, today, now)
    if not gathered.due:
        return Planned()
    lines = [line for situation in gathered.situations.values() for line in reminders_due(situation, today)]
    if _is_held_back(office, len(lines), now):
        return Planned()
    sent, blocked = _write_down(office, gathered, digests(lines, today), now)
    blocked.update(line.deadline for line in lines if not line.person)
    _renew(office, gathered, [line for digest in sent for line in digest.reminders], blocked)
    return Planned(len(sent), sum(len(digest.reminders) for digest in sent))


def _is_held_back(office: Office, lines: int, now: datetime) -> bool:
    """Whether planning stands still, or must do so from now on because there is far more to tell than usual (C8)."""
    settings = office.settings
    with office.database.reading() as session:
        if outbox.pause(session, outbox.PLANNING_PAUSE) is not None:
            return True
        reason = too_many(session, lines, settings.mail.guard_times, now, settings.zone)
    if reason:
        with office.database.writing() as session:
            outbox.set_pause(session, now, reason, outbox.PLANNING_PAUSE)
    return bool(reason)


def _take_back_stale(office: Office, today: date, now: datetime) -> None:
    """Yesterday's digests that never left: today's plan takes their lines over, so that an outage ends in one mail."""
    with office.database.reading() as session:
        stale = outbox.stale_digests(session, today)
    if stale:
        with office.database.writing() as session:
            outbox.withdraw(session, outbox.stale_digests(session, today), now)


def _gather(office: Office, today: date, now: datetime) -> Round:
    """Reads what is due and what deciding about it takes; with nothing due that is one query."""
    with office.database.reading() as session:
        due = deadlines.due_items(session, now)
        if not due:
            return Round(today, (), {}, {})
        ledger = outbox.told(session, deadlines.is_due(now))
        found = views(session, office.settings, {one.covenant for one in due})
        return Round(today, due, found, situations(session, found, due, ledger))


def _write_down(
    office: Office, gathered: Round, planned: Sequence[Digest], now: datetime
) -> tuple[list[Digest], set[int]]:
    """Renders and stores each digest; returns those stored, and the deadlines that must wait for another day."""
    with office.database.reading() as session:
        taken = outbox.has_digest(session, (digest_key(one.person, gathered.today) for one in planned))
        rows = deadlines.rows_by_id(session, (line.deadline for one in planned for line in one.reminders))
        people = covenants.people(session, (one.person for one in planned))
    free = [digest for digest in planned if digest_key(digest.person, gathered.today) not in taken]
    stored: set[int] = set()
    for start in range(0, len(free), STORED_AT_ONCE):
        stored.update(_store(office, gathered, free[start : start + STORED_AT_ONCE], people, rows, now) or ())
    # who had a mail today already, or was stored by somebody faster, gets these lines folded into the next one
    waiting = {line.deadline for digest in planned if digest.person not in stored for line in digest.reminders}
    return [digest for digest in planned if digest.person in stored], waiting


def _store(
    office: Office, gathered: Round, several: Sequence[Digest], people: dict[int, Person],
    rows: dict[int, DeadlineRow], now: datetime,
) -> set[int]:  # fmt: skip
    """Renders and stores a few digests; returns whose. Each is stored with its reminders or not at all."""
    rendered = list(_rendered(office, gathered, several, people, rows, now))
    try:
        with office.database.writing() as session:
            outbox.put_all(session, rendered, now)
    except IntegrityError:  # somebody was faster with one of them
        rendered = [one for one in rendered if _put(office, *one, now)]
    return {lines[0].person for _message, lines in rendered if lines}


def _rendered(
    office: Office, gathered: Round, several: Sequence[Digest], people: dict[int, Person],
    rows: dict[int, DeadlineRow], now: datetime,
) -> Iterator[tuple[Message, Sequence[Reminder]]]:  # fmt: skip
    """The messages and what they tell. One that cannot be made is a failed one, which tells nothing (rule C11)."""
    for digest in several:
        try:
            message = digest_message(office, digest, people[digest.person], rows, gathered.found, now)
            yield message, digest.reminders
        except Exception as error:
            kind = type(error).__name__
            log.error("digest of person %s could not be made: %s", digest.person, kind)
            yield unmade_message(office, digest, people[digest.person], kind, now), ()


def _put(office: Office, message: Message, lines: Sequence[Reminder], now: datetime) -> bool:
    """One digest by itself, unless it is there already."""
    try:
        with office.database.writing() as session:
            make_transient(message)
            message.id = None
            outbox.put(session, message, lines, now)
    except IntegrityError:
        return False
    return True


def _renew(office: Office, gathered: Round, told: Sequence[Reminder], blocked: set[int]) -> None:
    """Writes down when each deadline that was looked at may next have something to tell."""
    news = {line.told: gathered.today for line in told}
    after = {key: replace(one, ledger={**one.ledger, **news}) for key, one in gathered.situations.items()}
    moments: dict[int, tuple[datetime | None, datetime | None]] = {}
    for one in gathered.due:
        if one.covenant in after:
            situation = after[one.covenant]
            day = next_mail_day(one.item, situation, gathered.today)
            if one.item.id in blocked:
                day = situation.policy.calendar.mail_day_after(gathered.today + timedelta(1))
            moments[one.item.id] = (one.next_moment, gathered.found[one.covenant].send_moment(day) if day else None)
    with office.database.writing() as session:
        deadlines.renew(session, moments)
