"""The plan of each minute: gather what is due, decide, and carry out.

Safe at every point: rendering comes before any transaction, a digest and its reminders are stored together or not at
all, and the next moments are renewed last. Whoever dies in between leaves work that the next tick finds again.
Digests are stored a few per transaction, because each waits for the disk; if somebody was faster with one of them, the
others are stored one by one.

A draft that is let go, or no longer says what is true, is made anew in the transaction that takes the old one away.

What fails for one covenant, deadline or mail holds up nothing else: it is put aside, told to a person (`unmade`), and
looked at again on the next mail day.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from cycle.actions.mails.morning.digests import DigestWriter
from cycle.actions.mails.morning.gathering import gather
from cycle.actions.mails.morning.overview import as_it_stands, overview_parts, unmade_overview, week_of, with_overview
from cycle.actions.mails.morning.subject_lines import CHANGED
from cycle.actions.office.covenant_view import CovenantView, views
from cycle.actions.office.office import Office
from cycle.actions.office.signing import Signer, open_signer
from cycle.actions.office.unmade import put_troubles, unmade
from cycle.domain.mail_moments import next_moments
from cycle.domain.mail_plan import Digest, Morning, Plan
from cycle.domain.morning import decide
from cycle.domain.troubles import Troubles
from cycle.mail.fields import OverviewPart
from cycle.store import covenants, deadlines, happened
from cycle.store.database import Session
from cycle.store.mishaps import KeyTaken
from cycle.store.outbox import beating, putting, standstill, withdrawing
from cycle.store.outbox.beating import OVERVIEW, OVERVIEW_LOOK
from cycle.store.outbox.labels import DRAFT, FAILED
from cycle.store.outbox.putting import NewMail
from cycle.store.outbox.standstill import PLANNING_PAUSE

STORED_AT_ONCE = 20

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Planned:
    """What one round planned: mails put into the outbox, and the lines in them."""

    mails: int = 0
    lines: int = 0


def plan_mails(
    office: Office, now: datetime, *, ignore_hours: bool = False, made_at: datetime | None = None
) -> Planned:
    """Puts the digests of this moment into the outbox. At night, on free days and before the send hour it does nothing.

    `ignore_hours` is for `cycle send`, which acts as at the send hour of its day, for everybody. What is then written
    down was made at `made_at`: the day of a mail is not the moment at which it was made.
    """
    if not (ignore_hours or office.settings.mail_hours.is_open(now)):
        return Planned()
    made_at = made_at or now
    _take_back_stale(office, office.settings.mail_hours.day_of(now), made_at)
    with office.database.reading() as session:
        morning = gather(session, office.settings, now, at_once=ignore_hours)
    plan = decide(morning)
    planned = carry_out(office, morning, plan, made_at)
    put_troubles(office, plan.troubles, made_at)
    return planned


def carry_out(office: Office, morning: Morning, plan: Plan, made_at: datetime) -> Planned:
    """Puts the mails of a plan into the outbox and writes down when to look again; nothing of it while it is paused."""
    if morning.is_empty:
        return Planned()
    if plan.pause:
        if not morning.paused:
            with office.database.writing() as session:
                standstill.set_pause(session, morning.now, plan.pause, PLANNING_PAUSE)
        return Planned()
    mailed = _put_mails(office, morning, plan, made_at)
    with office.database.writing() as session:
        _note_overview(session, morning, plan, made_at)
        if plan.settled:
            withdrawing.withdraw(session, [one.id for one in plan.settled if one.id is not None], made_at)
        renewed = next_moments(morning, plan, mailed)
        deadlines.renew(session, {key: (morning.moments[key], at) for key, at in renewed.items()})
    sent = [mail for mail in plan.mails if mail.person in mailed]
    return Planned(len(sent), sum(len(mail.reminders) for mail in sent))


def _note_overview(session: Session, morning: Morning, plan: Plan, made_at: datetime) -> None:
    """That today's overviews went, also where one could not be made; else when to look again: when a reader wants it,
    or tomorrow while nobody reads it, for then nothing is released."""
    if not morning.is_overview_due:
        return
    if plan.readers and plan.overview_at is None:
        beating.beat(session, OVERVIEW, made_at)
    else:
        beating.beat(session, OVERVIEW_LOOK, plan.overview_at or morning.hours.end_of(morning.today))


def _take_back_stale(office: Office, today: date, made_at: datetime) -> None:
    """Yesterday's digests that never left: today's plan takes their lines over, so that an outage ends in one mail.

    So it does with those of a day to come, which a clock that stood wrong made.
    """
    last = max(today, office.settings.mail_hours.day_of(made_at))
    with office.database.reading() as session:
        stale = withdrawing.stale_digests(session, today, last)
    if stale:
        with office.database.writing() as session:
            withdrawing.withdraw(session, withdrawing.stale_digests(session, today, last), made_at)


def _put_mails(office: Office, morning: Morning, plan: Plan, made_at: datetime) -> frozenset[int]:
    """Renders and stores each mail; returns whose mail is there now."""
    if not plan.mails:
        return frozenset()
    with office.database.reading() as session:
        writer = writer_for(session, office, plan.mails, open_signer(office.settings), plan.troubles)
        overviews = _overviews(session, office, writer, morning, plan)
    post = _Post(office, writer, morning, made_at)
    for mail in plan.mails:
        for person in {*mail.readers} - writer.people.keys():
            plan.troubles.add(min(mail.about, default=None), f"persoon {person} is er niet")
    looked_at = [with_overview(mail, overviews.get(mail.person, ())) for mail in plan.mails]
    known = [mail for mail in looked_at if mail is not None and writer.people.keys() >= {*mail.readers}]
    stored: set[int] = set()
    for start in range(0, len(known), STORED_AT_ONCE):
        some = known[start : start + STORED_AT_ONCE]
        stored |= post.put([post.rendered(mail, overviews.get(mail.person, ())) for mail in some])
    got = {morning.mailbox_of(person) for person in stored}
    return frozenset(mail.person for mail in plan.mails if morning.mailbox_of(mail.person) in got)


def writer_for(
    session: Session,
    office: Office,
    mails: Sequence[Digest],
    signer: Signer,
    troubles: Troubles,
    tables: Mapping[int, CovenantView] | None = None,
) -> DigestWriter:
    """Reads what some mails are about."""
    rows = deadlines.rows_by_id(session, {line.deadline for mail in mails for line in mail.reminders})
    readers = {reader for mail in mails for reader in mail.readers}
    readers |= {reader for mail in mails for one in mail.waiting for reader in (one.person, *one.others)}
    if tables is None:
        tables = views(session, office.settings, {key for mail in mails for key in mail.about}, troubles)
    changed = {line.deadline for mail in mails for line in mail.reminders if line.news in CHANGED}
    moved = happened.moved_since_told(session, [row for key, row in rows.items() if key in changed])
    return DigestWriter(office, rows, tables, covenants.people(session, readers), signer, moved)


def _overviews(
    session: Session, office: Office, writer: DigestWriter, morning: Morning, plan: Plan
) -> dict[int, tuple[OverviewPart, ...]]:
    """The weekly overview by reader. One that cannot be made says so in its own place."""
    say = office.wording.say
    overviews = {}
    for mail in plan.mails:
        if mail.has_overview:
            overviews[mail.person] = unmade_overview(say)
            with plan.troubles.about(min(mail.overview_of), "het weekoverzicht"), session.begin_nested():
                tables = [writer.tables[key] for key in mail.overview_of]
                week = week_of(session, tables, morning.now)
                stands = as_it_stands(session, tables, morning.today)
                overviews[mail.person] = overview_parts(session, tables, week, stands, morning.today, say)
    return overviews


@dataclass(frozen=True, slots=True)
class _Post:
    """Renders the mails of a plan, and stores each with its reminders or not at all."""

    office: Office
    writer: DigestWriter
    morning: Morning
    made_at: datetime

    def rendered(self, mail: Digest, overview: Sequence[OverviewPart]) -> NewMail:
        """Ready to go or as a draft. One that cannot be made is a failed one, which tells nothing (rule C11)."""
        try:
            message = self.writer.message(mail, self.morning.now, overview)
        except Exception as error:
            kind = type(error).__name__
            log.error("digest of person %s could not be made: %s", mail.person, kind)
            return NewMail(self.writer.unmade(mail, kind, self.made_at), about=mail.about)
        message.created_at = self.made_at
        message.next_try_at = mail.goes_at or self.made_at
        if mail.goes_at:
            message.state = DRAFT
        return NewMail(message, mail.reminders, mail.about)

    def put(self, mails: Sequence[NewMail]) -> set[int]:
        """Stores a few; returns whose."""
        try:
            with self.office.database.writing() as session:
                putting.put_all(session, mails, self.made_at, self._replaced(mails))
        except Exception:  # somebody was faster with one of them, or one of them cannot be kept
            mails = [one for one in mails if self._put_alone(one)]
        rows = [one.message for one in mails]
        return {row.person_id for row in rows if row.person_id is not None and row.state != FAILED}

    def _put_alone(self, mail: NewMail) -> bool:
        """One by itself, unless it is there already; what the database refuses becomes a failed one."""
        message = mail.message
        putting.as_new(message)
        try:
            self._put_down(mail)
        except KeyTaken:
            return False
        except Exception as error:
            kind = type(error).__name__
            log.error("digest of person %s could not be kept: %s", message.person_id, kind)
            to, whose = message.to, message.person_id
            failed = unmade(
                self.office, message.key, message.kind, kind, self.made_at, on=message.on, to=to, person_id=whose
            )
            self._put_down(NewMail(failed, about=mail.about))
            return False
        return True

    def _put_down(self, mail: NewMail) -> None:
        with self.office.database.writing() as session:
            putting.put_all(session, [mail], self.made_at, self._replaced([mail]))

    def _replaced(self, mails: Sequence[NewMail]) -> list[int]:
        """The drafts that these take the place of."""
        mailbox_of = self.morning.mailbox_of
        mailboxes = {mailbox_of(one.message.person_id) for one in mails if one.message.person_id is not None}
        return [one.id for one in self.morning.again if one.id is not None and mailbox_of(one.person) in mailboxes]
