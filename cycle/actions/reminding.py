"""The plan of each minute: gather what is due, decide, render, and write down one digest per person.

Safe at every point: rendering comes before any transaction, each digest is one short transaction with its reminders,
and the next moments are renewed last. Whoever dies in between leaves work that the next tick finds again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy.exc import IntegrityError

from cycle.actions.digests import digest_key, digest_message
from cycle.actions.office import Office
from cycle.actions.views import View, situations, views
from cycle.domain.planning import Digest, Reminder, Situation, digests, next_mail_day, reminders_due
from cycle.store import covenants, deadlines, outbox
from cycle.store.deadlines import DueItem
from cycle.store.tables import DeadlineRow, Person


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
    if not ignore_hours and not in_mail_hours(office, now):
        return Planned()
    _take_back_stale(office, today, now)
    gathered = _gather(office, today, now)
    if not gathered.due:
        return Planned()
    lines = [line for situation in gathered.situations.values() for line in reminders_due(situation, today)]
    sent, blocked = _write_down(office, gathered, digests(lines, today), now)
    blocked.update(line.deadline for line in lines if not line.person)
    _renew(office, gathered, [line for digest in sent for line in digest.reminders], blocked)
    return Planned(len(sent), sum(len(digest.reminders) for digest in sent))


def in_mail_hours(office: Office, now: datetime) -> bool:
    """Whether reminders may leave now: a mail day, between the send hour and the end of the day's mail."""
    local = now.astimezone(office.settings.zone)
    hours = office.settings.mail
    is_mail_day = office.settings.work_calendar.is_mail_day(local.date())
    return is_mail_day and hours.send_hour <= local.time().replace(tzinfo=None) < hours.send_until


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
    sent: list[Digest] = []
    waiting: set[int] = set()
    for digest in planned:
        is_taken = digest_key(digest.person, gathered.today) in taken
        if not is_taken and _store(office, gathered, digest, people[digest.person], rows, now):
            sent.append(digest)
        else:  # there was a mail today already; these lines fold into the next one
            waiting.update(line.deadline for line in digest.reminders)
    return sent, waiting


def _store(
    office: Office, gathered: Round, digest: Digest, to: Person, rows: dict[int, DeadlineRow], now: datetime
) -> bool:
    """One digest with its reminders, or nothing: somebody else may have been faster."""
    message = digest_message(office, digest, to, rows, gathered.found, now)
    try:
        with office.database.writing() as session:
            outbox.put(session, message, digest.reminders, now)
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
