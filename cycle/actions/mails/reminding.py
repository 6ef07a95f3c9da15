"""The plan of each minute: gather what is due, decide, render, and write down one digest per person.

Safe at every point: rendering comes before any transaction, a digest and its reminders are stored together or not at
all, and the next moments are renewed last. Whoever dies in between leaves work that the next tick finds again.
Digests are stored a few per transaction, because each waits for the disk; if somebody was faster with one of them, the
others are stored one by one.

A mail waits for the rhythm of its reader, and as a draft where a covenant wants so (`approving`). A draft that is let
go, or no longer says what is true, is made anew in the same transaction that takes the old one away.

What fails for one covenant, deadline or mail holds up nothing else: it is put aside, told to a person (`unmade`), and
looked at again on the next mail day.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from cycle.actions.mails import draft_approval, secretariat_mail
from cycle.actions.mails.digests import NOTHING, digest_key, digest_message, unmade_message
from cycle.actions.mails.secretariat_mail import OfficeMail, Scene
from cycle.actions.office.covenant_view import CovenantView, situations, views
from cycle.actions.office.mail_hours import day_of, in_mail_hours
from cycle.actions.office.office import Office
from cycle.actions.office.rhythms import mail_moment, next_moment, rhythms_of
from cycle.actions.office.signing import Signer, open_signer
from cycle.actions.office.unmade import Troubles, put_troubles, unmade
from cycle.actions.post.flood_guard import UNCOUNTED, too_many
from cycle.domain.planning import Digest, Reminder, Situation, digests, in_rhythm, next_mail_day, reminders_due
from cycle.domain.rhythm import MailWeek, Rhythms
from cycle.domain.seeing import may_see
from cycle.store import covenants, deadlines, outbox, rhythms
from cycle.store.database import Session
from cycle.store.deadlines import DueItem
from cycle.store.mishaps import KeyTaken
from cycle.store.outbox import WaitingDraft
from cycle.store.tables import DeadlineRow, Message, Person

STORED_AT_ONCE = 20

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Planned:
    """What one round planned: mails put into the outbox, and the lines in them."""

    mails: int = 0
    lines: int = 0


@dataclass(frozen=True, slots=True)
class MorningRound:
    """All that was gathered for one round.

    `drafts` are all mails that wait for approval, `again` those of them that are made anew in this round, `let_go` the
    people whose mail need not wait any longer. `readers` get the weekly overview, which is due when it is wanted.
    `troubles` takes what fails.
    """

    today: date
    due: Sequence[DueItem]
    found: dict[int, CovenantView]
    situations: dict[int, Situation]
    rhythms: Rhythms
    week: MailWeek
    troubles: Troubles
    drafts: Sequence[WaitingDraft] = ()
    again: frozenset[int] = frozenset()
    let_go: frozenset[int] = frozenset()
    readers: frozenset[int] = frozenset()
    wants_overview: bool = False

    @property
    def scene(self) -> Scene:
        """What the secretariat's mail is made from."""
        kept = [one for one in self.drafts if one.id not in self.again]
        return Scene(self.today, self.found, self.rhythms, self.drafts, kept, self.let_go, self.readers, self.troubles)

    @property
    def covenants(self) -> dict[int, int]:
        """The covenant of each deadline that is looked at."""
        return {one.item.id: one.covenant for one in self.due}

    @property
    def remade(self) -> frozenset[int]:
        """Whose draft is made anew: their rhythm let it through before."""
        return frozenset(one.person for one in self.drafts if one.id in self.again)


Blocked = dict[int, datetime | None]
"""Deadlines that have more to tell: when to look at each again, None for the next mail day."""


def plan_mails(
    office: Office, now: datetime, *, ignore_hours: bool = False, made_at: datetime | None = None
) -> Planned:
    """Puts the digests of this moment into the outbox. At night, on free days and before the send hour it does nothing.

    `ignore_hours` is for `cycle send`, which acts as at the send hour of its day, for everybody. What is then written
    down was made at `made_at`: the day of a mail is not the moment at which it was made.
    """
    if not ignore_hours and not in_mail_hours(office.settings, now):
        return Planned()
    troubles, made_at = Troubles(), made_at or now
    planned = _plan(office, now, made_at, troubles, ignore_hours=ignore_hours)
    put_troubles(office, troubles, made_at)
    return planned


def _plan(office: Office, now: datetime, made_at: datetime, troubles: Troubles, *, ignore_hours: bool) -> Planned:
    today = now.astimezone(office.settings.zone).date()
    _take_back_stale(office, today, made_at)
    gathered = _gather(office, today, now, troubles)
    if not (gathered.due or gathered.drafts or gathered.wants_overview):
        return Planned()
    lines, blocked = _lines(gathered)
    planned = digests(lines, today, gathered.readers)
    going = _going(office, gathered, planned, now, blocked, ignore_hours=ignore_hours)
    if _is_held_back(office, going, now):
        return Planned()
    sent = _write_down(office, gathered, going, blocked, now, made_at)
    _forget_settled_drafts(office, gathered, planned, made_at)
    blocked.update({line.deadline: None for line in lines if not line.person})
    _renew(office, gathered, [line for digest in sent for line in digest.reminders], blocked)
    return Planned(len(sent), sum(len(digest.reminders) for digest in sent))


def _lines(gathered: MorningRound) -> tuple[list[Reminder], Blocked]:
    """What there is to tell today. A deadline whose lines cannot be made is looked at again on the next mail day."""
    found: list[Reminder] = []
    blocked: Blocked = {}
    for covenant, situation in gathered.situations.items():
        try:
            found.extend(reminders_due(situation, gathered.today))
        except Exception:  # one of them: each by itself
            for item in situation.items:
                blocked[item.id] = None
                with gathered.troubles.about(covenant, f"termijn {item.id}"):
                    found.extend(reminders_due(replace(situation, items=(item,)), gathered.today))
                    del blocked[item.id]
    return found, blocked


def _going(
    office: Office,
    gathered: MorningRound,
    planned: Sequence[Digest],
    now: datetime,
    blocked: Blocked,
    *,
    ignore_hours: bool,
) -> list[Digest]:
    """The mails whose reader's rhythm lets them through by now; the deadlines of the others are looked at again."""
    going: list[Digest] = []
    covenant_of = gathered.covenants
    for digest in planned:
        about = next((covenant_of[line.deadline] for line in digest.reminders), 0)
        with gathered.troubles.about(about, f"het ritme van persoon {digest.person}"):
            chosen = _in_time(office, gathered, digest, now, ignore_hours=ignore_hours)
            if isinstance(chosen, Digest):
                going.append(chosen)
            else:
                _block(blocked, digest, chosen)
            continue
        blocked.update({line.deadline: None for line in digest.reminders})
    return going


def _in_time(
    office: Office, gathered: MorningRound, digest: Digest, now: datetime, *, ignore_hours: bool
) -> Digest | datetime:
    """The mail as it goes now, or the moment at which to look at it again."""
    settings, today = office.settings, gathered.today
    through = next(in_rhythm([digest], gathered.rhythms, gathered.week), None)
    at = mail_moment(settings, gathered.rhythms, digest.person, today)
    is_remade = digest.person in gathered.remade
    if (through is not None or is_remade) and (ignore_hours or at <= now or is_remade):
        return through or digest
    return at if through is not None else next_moment(settings, gathered.rhythms, digest.person, today)


def _block(blocked: Blocked, digest: Digest, at: datetime) -> None:
    for line in digest.reminders:
        blocked[line.deadline] = min(at, blocked.get(line.deadline) or at)


def _is_held_back(office: Office, going: Sequence[Digest], now: datetime) -> bool:
    """Whether planning stands still, or must do so from now on because there is far more to tell than usual (C8)."""
    lines = sum(line.what not in UNCOUNTED for digest in going for line in digest.reminders)
    with office.database.reading() as session:
        if outbox.pause(session, outbox.PLANNING_PAUSE) is not None:
            return True
        reason = too_many(session, office.settings, lines, now)
    if reason:
        with office.database.writing() as session:
            outbox.set_pause(session, now, reason, outbox.PLANNING_PAUSE)
    return bool(reason)


def _take_back_stale(office: Office, today: date, made_at: datetime) -> None:
    """Yesterday's digests that never left: today's plan takes their lines over, so that an outage ends in one mail.

    So it does with those of a day to come, which a clock that stood wrong made.
    """
    last = max(today, made_at.astimezone(office.settings.zone).date())
    with office.database.reading() as session:
        stale = outbox.stale_digests(session, today, last)
    if stale:
        with office.database.writing() as session:
            outbox.withdraw(session, outbox.stale_digests(session, today, last), made_at)


def _gather(office: Office, today: date, now: datetime, troubles: Troubles) -> MorningRound:
    """Reads what is due and what deciding about it takes; with nothing due that is three small queries."""
    with office.database.reading() as session:
        drafts, due = outbox.drafts(session), deadlines.due_items(session, now)
        again = _made_anew(session, drafts, today, now)
        ids = outbox.deadlines_in(session, sorted(again))
        known = {one.item.id for one in due}
        due += deadlines.open_items_with(session, [one for one in ids if one not in known])
        wants_overview = secretariat_mail.is_overview_due(session, office, today)
        if not (due or drafts or wants_overview):
            return MorningRound(
                today, (), {}, {}, Rhythms(office.settings.work_calendar), MailWeek(Rhythms()), troubles
            )
        where = deadlines.is_due(now) | deadlines.with_ids(ids) if ids else deadlines.is_due(now)
        ledger = outbox.told(session, now, where, without=sorted(again))
        waiting = outbox.covenants_of(session, [one.id for one in drafts]) if drafts else {}
        wanted = None if wants_overview else {one.covenant for one in due}.union(*waiting.values())
        found = views(session, office.settings, wanted, troubles)
        heard = {key for key, here in found.items() if may_see(here.row.released_at)}
        due = [one for one in due if one.covenant in heard]  # a held covenant reminds nobody
        chosen = rhythms_of(session, office.settings)
        had = rhythms.mail_days(session, today)
        _leave_out(had, [one for one in drafts if one.id in again])
        return MorningRound(
            today,
            due,
            found,
            situations(session, found, due, ledger),
            chosen,
            MailWeek(chosen, had),
            troubles,
            drafts,
            again,
            frozenset(one.person for one in drafts if one.id in again and one.goes_at <= now),
            secretariat_mail.readers(found.values(), chosen, today) if wants_overview else frozenset(),
            wants_overview,
        )


def _made_anew(session: Session, drafts: Sequence[WaitingDraft], today: date, now: datetime) -> frozenset[int]:
    """The drafts that are let go, are of another day, or tell what was changed or settled since."""
    if not drafts:
        return frozenset()
    changed = outbox.outdated_drafts(session)
    return frozenset(one.id for one in drafts if one.goes_at <= now or one.on != today or one.id in changed)


def _leave_out(had: dict[int, set[date]], again: Sequence[WaitingDraft]) -> None:
    """A draft that is made anew was no mail on its day."""
    for one in again:
        had.get(one.person, set()).discard(one.on)


def _write_down(
    office: Office, gathered: MorningRound, going: Sequence[Digest], blocked: Blocked, now: datetime, made_at: datetime
) -> list[Digest]:
    """Renders and stores each digest; returns those stored. Deadlines that must wait for another day are blocked."""
    today = gathered.today
    with office.database.reading() as session:
        rows = deadlines.rows_by_id(session, (line.deadline for one in going for line in one.reminders))
        extra = secretariat_mail.gather(session, office, gathered.scene, going, rows, now)
        planned = [*going, *extra.more]
        remade = {digest_key(one.person, one.on) for one in gathered.drafts if one.id in gathered.again}
        taken = outbox.has_digest(session, (digest_key(one.person, today) for one in planned)) - remade
        again = outbox.persons_mailed_again(session, *day_of(office.settings, now))
        people = covenants.people(session, (one.person for one in planned))
    mailed = again | {digest.person for digest in planned if digest_key(digest.person, today) in taken}
    free = [digest for digest in planned if digest.person not in mailed]
    batch = _Batch(office, gathered, people, rows, extra, open_signer(office.settings), now, made_at)
    stored: set[int] = set()
    for start in range(0, len(free), STORED_AT_ONCE):
        stored.update(batch.store(free[start : start + STORED_AT_ONCE]))
    had = stored | {one.person for one in planned if one not in free or one.person not in people}
    if gathered.readers and gathered.readers <= had:  # while nothing is released there is nobody to have had it
        secretariat_mail.note_overview(office, made_at)
    # who had a mail today already, or was stored by somebody faster, gets these lines folded into the next one
    for digest in planned:
        if digest.person not in stored:
            blocked.update({line.deadline: None for line in digest.reminders if line.deadline not in blocked})
    return [digest for digest in planned if digest.person in stored]


def _forget_settled_drafts(office: Office, gathered: MorningRound, planned: Sequence[Digest], now: datetime) -> None:
    """Drafts of which nothing is left."""
    still = {digest.person for digest in planned if digest.reminders}
    gone = [one.id for one in gathered.drafts if one.id in gathered.again and one.person not in still]
    if gone:
        with office.database.writing() as session:
            outbox.withdraw(session, gone, now)


@dataclass(frozen=True, slots=True)
class _Batch:
    """What it takes to store the digests of one round."""

    office: Office
    gathered: MorningRound
    people: dict[int, Person]
    rows: dict[int, DeadlineRow]
    extra: OfficeMail
    signer: Signer
    now: datetime
    made_at: datetime

    def store(self, several: Sequence[Digest]) -> set[int]:
        """Renders and stores a few digests; returns whose. Each is stored with its reminders or not at all."""
        rendered = list(self._rendered(several))
        try:
            with self.office.database.writing() as session:
                outbox.put_all(session, rendered, self.made_at, self._replaced(rendered))
        except Exception:  # somebody was faster with one of them, or one of them cannot be kept
            rendered = [one for one in rendered if self._put(*one)]
        return {message.person_id or 0 for message, _lines in rendered if message.state != outbox.FAILED}

    def _rendered(self, several: Sequence[Digest]) -> Iterator[tuple[Message, Sequence[Reminder]]]:
        """The messages and what they tell. One that cannot be made is a failed one, which tells nothing (rule C11)."""
        for digest in several:
            to = self.people.get(digest.person)
            if to is None:
                about = next((self.rows[line.deadline].covenant_id for line in digest.reminders), 0)
                self.gathered.troubles.add(about, f"persoon {digest.person} is er niet")
                continue
            try:
                yield self._message(digest, to), digest.reminders
            except Exception as error:
                kind = type(error).__name__
                log.error("digest of person %s could not be made: %s", digest.person, kind)
                yield unmade_message(self.office, digest, to, kind, self.made_at), ()

    def _message(self, digest: Digest, to: Person) -> Message:
        """One mail, ready to go or as a draft."""
        extras = self.extra.extras.get(digest.person, NOTHING)
        message = digest_message(self.office, digest, to, self.rows, self.gathered.found, self.now, self.signer, extras)
        message.created_at = message.next_try_at = self.made_at
        if digest.person in self.extra.drafted:
            message.state = outbox.DRAFT
            message.next_try_at = draft_approval.goes_at(self.office, self.gathered.drafts, digest.person, self.now)
        return message

    def _replaced(self, rendered: Sequence[tuple[Message, Sequence[Reminder]]]) -> list[int]:
        """The drafts that these messages take the place of."""
        persons = {message.person_id for message, _lines in rendered}
        return [one.id for one in self.gathered.drafts if one.id in self.gathered.again and one.person in persons]

    def _put(self, message: Message, lines: Sequence[Reminder]) -> bool:
        """One digest by itself, unless it is there already; what the database refuses becomes a failed one."""
        outbox.as_new(message)
        try:
            self._put_down(message, lines)
        except KeyTaken:
            return False
        except Exception as error:
            kind = type(error).__name__
            log.error("digest of person %s could not be kept: %s", message.person_id, kind)
            self._put_down(
                unmade(
                    self.office,
                    message.key,
                    message.kind,
                    kind,
                    self.now,
                    on=message.on,
                    to=message.to,
                    person_id=message.person_id,
                ),
                (),
            )
            return False
        return True

    def _put_down(self, message: Message, lines: Sequence[Reminder]) -> None:
        with self.office.database.writing() as session:
            outbox.put(session, message, lines, self.made_at, self._replaced([(message, lines)]))


def _renew(office: Office, gathered: MorningRound, told: Sequence[Reminder], blocked: Blocked) -> None:
    """Writes down when each deadline that was looked at may next have something to tell."""
    news = {line.told: gathered.today for line in told}
    after = {key: replace(one, ledger={**one.ledger, **news}) for key, one in gathered.situations.items()}
    moments: dict[int, tuple[datetime | None, datetime | None]] = {}
    for one in gathered.due:
        if one.covenant in after:
            moments[one.item.id] = (one.next_moment, _when_to_look_again(one, after[one.covenant], gathered, blocked))
    with office.database.writing() as session:
        deadlines.renew(session, moments)


def _when_to_look_again(
    due: DueItem, situation: Situation, gathered: MorningRound, blocked: Blocked
) -> datetime | None:
    """The next moment at which a deadline may have something to tell: its next rung, and the next mail day for what
    waits. What one reader's rhythm makes wait does not make another reader's next rung wait."""
    tomorrow = situation.policy.calendar.mail_day_after(gathered.today + timedelta(1))
    day: date | None = tomorrow
    with gathered.troubles.about(due.covenant, f"termijn {due.item.id}"):
        day = next_mail_day(due.item, situation, gathered.today)
    days = [day, tomorrow] if due.item.id in blocked else [day]
    send_moment = gathered.found[due.covenant].send_moment
    moments = [send_moment(day) for day in days if day] + [at for at in (blocked.get(due.item.id),) if at]
    return min(moments, default=None)
