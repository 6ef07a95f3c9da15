"""Returned mail: which of our messages did not arrive after all, and which addresses do not exist (rule B13).

A failure makes its message `failed`, so that the secretariat hears of it (`alarming`). An address that twice turned
out not to exist is undeliverable: from then on its party's deputy gets the mail, as while somebody is away. A delay is
no failure. Nothing is ever answered.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cycle.actions.office.logbook import note
from cycle.actions.office.office import Office
from cycle.actions.post.returns.transports import open_tokens
from cycle.errors import NotFound
from cycle.mail.bounces import GONE, BounceKind, BounceReport, read_report
from cycle.mail.returned import read_returned
from cycle.store.covenants import persons_at
from cycle.store.database import Session
from cycle.store.ids import id_of
from cycle.store.outbox import lookups, standstill, withdrawing
from cycle.store.outbox.labels import DIGEST, FAILED, SENT
from cycle.store.tables import Message

UNDELIVERABLE_AFTER = 2
SEVERAL = 3  # readers, before it can be everybody
ONE_DAY = timedelta(days=1)
RETURNED = "teruggekomen:"


@dataclass(slots=True)
class Returned:
    """What one round found in the mailbox."""

    read: int = 0
    failures: int = 0
    delays: int = 0
    unknown: int = 0


def read_bounces(office: Office, now: datetime) -> Returned:
    """Reads the new returned mail, where a mailbox for it is set. A mail that cannot be read is left to a person.

    Raises CycleError when the mailbox cannot be reached.
    """
    mail, returned = office.settings.mail, Returned()
    if not mail.bounces:
        return returned

    def read(raw: bytes) -> bool:
        report = read_report(raw, office.installation)
        is_ours = _write_down(office, report, now)
        returned.failures += is_ours and report.kind is BounceKind.FAILURE
        returned.delays += is_ours and report.kind is BounceKind.DELAY
        returned.unknown += not is_ours
        return is_ours

    folder, tokens = office.settings.path(mail.bounces), open_tokens(office.settings)
    returned.read = read_returned(mail.bounces, folder, read, tokens, mail.user)
    return returned


def mark_reachable(office: Office, email: str, now: datetime, *, by: str = "") -> str:
    """Somebody says that an address works again.

    Raises NotFound when nobody has it.
    """
    with office.database.writing() as session:
        marked = [one for one in persons_at(session, email) if one.hard_bounces or one.undeliverable_since]
        for person in marked:
            person.hard_bounces, person.undeliverable_since = 0, None
            session.add(person)
            note(session, now, by, "adres werkt weer", f"persoon {person.id}")
    return "Dit adres krijgt weer post." if marked else "Dit adres kreeg al post."


def count_gone(session: Session, email: str, now: datetime) -> None:
    """One more sign that an address does not exist; the second makes everybody behind it undeliverable."""
    try:
        people = persons_at(session, email)
    except NotFound:
        return
    for person in people:
        person.hard_bounces += 1
        if person.hard_bounces >= UNDELIVERABLE_AFTER and person.undeliverable_since is None:
            person.undeliverable_since = now
        session.add(person)


def uncount_gone(session: Session, email: str, counted_at: datetime) -> None:
    """The sign of that moment was none: everybody was refused, so it said nothing about this address."""
    try:
        people = persons_at(session, email)
    except NotFound:
        return
    for person in people:
        person.hard_bounces = max(0, person.hard_bounces - 1)
        if person.undeliverable_since == counted_at:
            person.undeliverable_since = None
        session.add(person)


def _write_down(office: Office, report: BounceReport, now: datetime) -> bool:
    """One report into the outbox, once however often it is read; False when it is not about a message of ours."""
    if report.kind not in (BounceKind.FAILURE, BounceKind.DELAY, BounceKind.ARRIVED):
        return False
    with office.database.writing() as session:
        row = _message(session, report)
        if row is None:
            return False
        if report.kind is BounceKind.FAILURE and row.state == SENT and row.bounced_at is None:
            row.state, row.bounced_at = FAILED, now
            row.last_answer = f"{RETURNED} {report.status} {report.reason}".strip()
            if row.kind == DIGEST:
                withdrawing.free_lines(session, id_of(row), now)
            session.add(row)
            if report.is_gone and not _is_everybody_gone(session, row, now):
                count_gone(session, row.to, now)
        elif report.kind is BounceKind.DELAY and row.state == SENT and "vertraagd" not in row.last_answer:
            row.last_answer = f"{row.last_answer}; vertraagd, de mailserver blijft proberen"
            session.add(row)
    return True


def _is_everybody_gone(session: Session, newest: Message, now: datetime) -> bool:
    """Whether most of the mail of the last day came back as if nobody existed: then something before us forgot them
    all. Sending stands still, and what was held against these readers is taken back (rule B12). While it stands still
    nothing is held against anybody."""
    if standstill.pause(session) is not None:
        return True
    left = lookups.left_since(session, now - ONE_DAY)
    gone = [one for one in left if one.bounced_at is not None and _returned_status(one.last_answer) in GONE]
    readers = {one.to.lower() for one in gone}
    if len(readers) < SEVERAL or len(readers) <= len({one.to.lower() for one in left} - readers):
        return False
    standstill.set_pause(session, now, f"alle post komt terug, van {len(readers)} ontvangers: {newest.last_answer}")
    for person in gone:
        if person.id != newest.id:  # which was not counted yet
            uncount_gone(session, person.to, person.bounced_at or now)
    return True


def _returned_status(words: str) -> str:
    return words.removeprefix(RETURNED).strip().partition(" ")[0]


def _message(session: Session, report: BounceReport) -> Message | None:
    """Our message, by its number in the address, else by its Message-ID."""
    if report.number:
        return session.get(Message, report.number, with_for_update=True)
    return lookups.with_message_id(session, report.message_id) if report.message_id else None
