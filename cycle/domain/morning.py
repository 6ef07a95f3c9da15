"""The plan of one moment, as a value: which mails go to whom, with which lines, and when to look again at the rest.

`decide` is the one decision that sending carries out and that the rehearsal repeats. It looks only at the morning that
was gathered. What fails for one covenant, deadline or reader holds up nothing else: it is noted, and looked at again
on the next mail day.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from cycle.domain.flood_guard import UNCOUNTED, FloodGuard
from cycle.domain.ladders import OpenItem
from cycle.domain.mail_hours import MailHours
from cycle.domain.planning import (
    TAKEN_ALONG_DAYS,
    Reminder,
    Situation,
    Told,
    next_days_to_tell,
    next_mail_day,
    reminders_due,
    taken_along,
)
from cycle.domain.rhythm import MailWeek, Rhythms
from cycle.domain.troubles import Troubles
from cycle.domain.workdays import ONE_DAY, moment


class Occasion(StrEnum):
    """Why somebody gets a mail."""

    LINES = "er is iets te vertellen"
    OVERVIEW = "het weekoverzicht"
    APPROVAL = "er wacht post op akkoord"


class WhyLater(StrEnum):
    """Why what there is to tell about a deadline does not go now."""

    RHYTHM = "het ritme van de lezer"
    HOUR = "het uur van de lezer"
    HAD_MAIL = "de lezer had vandaag al post"
    NOBODY = "er is niemand om het te vertellen"
    FAILED = "het is niet te maken"


class Postponed(NamedTuple):
    """A deadline with more to tell: when to look at it again, None for its covenant's hour of the next mail day, and
    why it waits."""

    until: datetime | None
    why: WhyLater


Mailboxes = Mapping[int, tuple[int, ...]]
"""Everybody behind a mailbox that several people share, in one order, by each of them."""


class WaitingMail(NamedTuple):
    """A reminder mail that waits for approval: at `goes_at` it goes by itself. `told` are its lines.

    One that is yet to be made has no id; one of which nobody knows when it goes is made anew, and gets its moment then.
    `is_outdated` says that what it tells was changed or settled since. `others` read it too, as in a `Digest`.
    """

    person: int
    goes_at: datetime | None
    covenants: frozenset[int]
    on: date
    id: int | None = None
    told: frozenset[Told] = frozenset()
    is_outdated: bool = False
    others: tuple[int, ...] = ()

    def is_let_go(self, now: datetime) -> bool:
        """Whether it may go: somebody said so, or its time has come."""
        return self.goes_at is not None and self.goes_at <= now

    def is_made_anew(self, today: date, now: datetime) -> bool:
        """Whether it no longer stands as it is: it goes, is of another day, or tells what was changed or settled."""
        return self.goes_at is None or self.goes_at <= now or self.on != today or self.is_outdated


@dataclass(frozen=True, slots=True)
class Digest:
    """One mail: all reminders of a person on a day, and perhaps the weekly overview and whose mails wait for approval.

    `others` are for whom it is besides: people who share that person's mailbox, and for whom there is something today.
    `about` are the covenants in it, `overview_of` those that the overview is about. With `goes_at` it waits as a draft
    until then, unless it is let go before.
    """

    person: int
    on: date
    reminders: tuple[Reminder, ...]
    has_overview: bool = False
    waiting: tuple[WaitingMail, ...] = ()
    about: tuple[int, ...] = ()
    overview_of: tuple[int, ...] = ()
    goes_at: datetime | None = None
    others: tuple[int, ...] = ()

    @property
    def readers(self) -> tuple[int, ...]:
        """For whom it is. Who gets the overview in it stands first."""
        return (self.person, *self.others)

    def lines_of(self, reader: int) -> tuple[Reminder, ...]:
        """What it tells one of them."""
        return tuple(line for line in self.reminders if line.person == reader)

    @property
    def occasion(self) -> Occasion:
        """What it goes for; the rest folds into it."""
        if self.reminders:
            return Occasion.LINES
        return Occasion.OVERVIEW if self.has_overview else Occasion.APPROVAL

    @property
    def is_if_news(self) -> bool:
        """Whether it is an overview and nothing else, which goes only in a week with news."""
        return self.has_overview and not self.reminders and not self.waiting


class TermTurn(NamedTuple):
    """A covenant as it will be from a day on, when the next framework takes the place of the old one."""

    day: date
    covenant: int
    situation: Situation


@dataclass(frozen=True, slots=True)
class Morning:
    """All that deciding about one moment takes.

    `situations` are the covenants by id, each with the deadlines to look at, and `moments` when each of these was to be
    looked at. `mailed` had a reminder mail today that stays; `week` says who had some this week; drafts that are made
    anew count in neither. `mailboxes` has everybody behind a mailbox that several people share, by each of them: what
    came there came to all of them. The weekly overview goes when it is due. `at_once`, as `cycle send` acts, waits for
    nobody's hour. While it is `paused` nothing goes. `troubles` could not be read. `turns` are for whoever looks ahead.
    """

    now: datetime
    hours: MailHours
    rhythms: Rhythms
    week: MailWeek
    situations: Mapping[int, Situation]
    drafts: Sequence[WaitingMail] = ()
    mailed: frozenset[int] = frozenset()
    is_overview_due: bool = False
    approval_hours: int = 0
    guard: FloodGuard | None = None
    at_once: bool = False
    paused: str = ""
    moments: Mapping[int, datetime | None] = field(default_factory=dict)
    troubles: Troubles = field(default_factory=Troubles)
    turns: tuple[TermTurn, ...] = ()
    mailboxes: Mailboxes = field(default_factory=dict)

    @property
    def today(self) -> date:
        """The day of the mails."""
        return self.hours.day_of(self.now)

    @property
    def again(self) -> tuple[WaitingMail, ...]:
        """The drafts that are made anew."""
        return made_anew(self.drafts, self.today, self.now)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to decide about."""
        return not (self.drafts or self.is_overview_due or any(one.items for one in self.situations.values()))

    def mail_moment(self, person: int, day: date) -> datetime:
        """When a person's mail of a day goes."""
        return self.hours.moment_of(day, self.rhythms.of(person).hour)

    def behind(self, person: int) -> tuple[int, ...]:
        """Everybody who reads this person's mailbox."""
        return self.mailboxes.get(person, (person,))

    def mailbox_of(self, person: int) -> int:
        """What names this person's mailbox: the same for everybody who reads it."""
        return self.behind(person)[0]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is decided about a morning: the mails, which deadlines wait and why, and which drafts have nothing left.

    `readers` are whose weekly overview is due, and `overview_at` when to look at that again, because one of them wants
    it later today. With a `pause` nothing goes until a person says so.
    """

    mails: tuple[Digest, ...]
    postponed: Mapping[int, Postponed] = field(default_factory=dict)
    settled: tuple[WaitingMail, ...] = ()
    readers: frozenset[int] = frozenset()
    overview_at: datetime | None = None
    pause: str = ""
    troubles: Troubles = field(default_factory=Troubles)


def made_anew(drafts: Iterable[WaitingMail], today: date, now: datetime) -> tuple[WaitingMail, ...]:
    """The drafts that do not stand as they are."""
    return tuple(one for one in drafts if one.is_made_anew(today, now))


def decide(morning: Morning) -> Plan:
    """The plan of this moment."""
    troubles = Troubles()
    troubles.take(morning.troubles)
    readers = overview_readers(morning)
    lines, postponed = _lines(morning, troubles)
    wanted = _with_about(morning, digests(lines, morning.today, readers, morning.mailboxes), readers)
    going, later = _by_rhythm(morning, wanted, troubles)
    waiting = [(line.deadline, postponed) for digest, postponed in later for line in digest.reminders]
    had_mail = [one for one in going if one.person in morning.mailed]
    waiting += [(line.deadline, Postponed(None, WhyLater.HAD_MAIL)) for one in had_mail for line in one.reminders]
    waiting += [(line.deadline, Postponed(None, WhyLater.NOBODY)) for line in lines if line.person is None]
    return Plan(
        tuple(_approved_or_waiting(morning, [one for one in going if one.person not in morning.mailed])),
        postponed | _earliest(waiting),
        _nothing_left(morning, wanted),
        readers,
        _overview_at(morning, later),
        morning.paused or _flood(morning, going),
        troubles,
    )


def digests(
    lines: Iterable[Reminder], today: date, readers: Iterable[int] = (), mailboxes: Mailboxes | None = None
) -> tuple[Digest, ...]:
    """One mail per mailbox: the lines of each of its readers, by the day they count from. Lines that nobody can get are
    left out.

    `readers` get the weekly overview in theirs, or a mail for it.
    """
    with_overview, shared = frozenset(readers), mailboxes or {}
    per_person: dict[int, list[Reminder]] = {person: [] for person in with_overview}
    for line in lines:
        if line.person is not None:
            per_person.setdefault(line.person, []).append(line)
    per_mailbox: dict[int, list[int]] = {}
    for person in sorted(per_person, key=lambda one: (one not in with_overview, one)):
        per_mailbox.setdefault(shared.get(person, (person,))[0], []).append(person)
    return tuple(
        Digest(
            people[0],
            today,
            tuple(line for person in people for line in sorted(per_person[person], key=_in_order)),
            people[0] in with_overview,
            others=tuple(people[1:]),
        )
        for people in sorted(per_mailbox.values())
    )


def _in_order(line: Reminder) -> tuple[date, int, str]:
    return line.counted_from, line.deadline, line.party


def next_moments(morning: Morning, plan: Plan, mailed: Collection[int]) -> dict[int, datetime | None]:
    """When each deadline that was looked at may next have something to tell, once these people got their mail."""
    told = {line.told: morning.today for one in plan.mails if one.person in mailed for line in one.reminders}
    unsaid = {line.deadline for one in plan.mails if one.person not in mailed for line in one.reminders}
    moments: dict[int, datetime | None] = {}
    for covenant, situation in morning.situations.items():
        after = situation.looking_at(situation.items, {**situation.ledger, **told}, situation.soon)
        said = {one.deadline for one in told}
        for item in (*situation.items, *(one for one in situation.soon if one.id in said)):
            waits = plan.postponed.get(item.id) or (Postponed(None, WhyLater.FAILED) if item.id in unsaid else None)
            moments[item.id] = _next_moment(item, after, morning, waits, covenant, plan.troubles)
    return moments


def overview_readers(morning: Morning) -> frozenset[int]:
    """Who gets today's overview: of each covenant that is live its secretariat, the first who did not stop it."""
    if not morning.is_overview_due:
        return frozenset()
    live = [one for one in morning.situations.values() if one.is_released and one.policy.live_since <= morning.today]
    readers = {_overview_reader(one, morning) for one in live}
    return frozenset(one for one in readers if one is not None)


def _overview_reader(situation: Situation, morning: Morning) -> int | None:
    first, stopped = secretary(situation, morning.today), morning.rhythms.no_overview
    if first not in stopped:
        return first
    others = situation.members_on(morning.today).secretaries()
    return next((one.person for one in others if one.person not in stopped), None)


def secretary(situation: Situation, today: date) -> int | None:
    """Who keeps the secretariat of a covenant today."""
    member = situation.members_on(today).secretariat()
    return member.person if member else None


def _lines(morning: Morning, troubles: Troubles) -> tuple[list[Reminder], dict[int, Postponed]]:
    """What there is to tell today, and the deadlines whose lines cannot be made."""
    lines: list[Reminder] = []
    postponed: dict[int, Postponed] = {}
    for covenant, situation in morning.situations.items():
        if not situation.items:
            continue
        try:
            due = reminders_due(situation, morning.today)
            lines += (*due, *(taken_along(situation, due, morning.today) if due else ()))
        except Exception:  # one of them: each by itself
            for item in situation.items:
                postponed[item.id] = Postponed(None, WhyLater.FAILED)
                with troubles.about(covenant, f"termijn {item.id}"):
                    lines.extend(reminders_due(replace(situation, items=(item,)), morning.today))
                    del postponed[item.id]
    return lines, postponed


def _with_about(morning: Morning, wanted: Iterable[Digest], readers: Collection[int]) -> list[Digest]:
    """The same mails with the covenants that are in them."""
    covenant_of = {item.id: key for key, one in morning.situations.items() for item in (*one.items, *one.soon)}
    released = {key: one for key, one in morning.situations.items() if one.is_released} if readers else {}
    keepers = {key: _overview_reader(one, morning) for key, one in released.items()}
    mails = []
    for digest in wanted:
        mine = [one for one in digest.readers if one in readers]
        tables = tuple(key for key in sorted(keepers) if keepers[key] in mine)
        about = {covenant_of[line.deadline] for line in digest.reminders} | set(tables)
        mails.append(replace(digest, about=tuple(sorted(about)), overview_of=tables))
    return mails


def _by_rhythm(
    morning: Morning, wanted: Sequence[Digest], troubles: Troubles
) -> tuple[list[Digest], list[tuple[Digest, Postponed]]]:
    """The mails whose reader's rhythm lets them through by now, and those that wait."""
    going: list[Digest] = []
    later: list[tuple[Digest, Postponed]] = []
    remade = {morning.mailbox_of(one.person) for one in morning.again}
    for digest in wanted:
        postponed = Postponed(None, WhyLater.FAILED)
        with troubles.about(min(digest.about, default=None), f"het ritme van persoon {digest.person}"):
            decided = _in_time(morning, digest, is_remade=morning.mailbox_of(digest.person) in remade)
            if isinstance(decided, Digest):
                going.append(decided)
                continue
            postponed = decided
        later.append((digest, postponed))
    return going, later


def _overview_at(morning: Morning, later: Iterable[tuple[Digest, Postponed]]) -> datetime | None:
    """When the first of the readers whose overview waits wants it."""
    moments = (one.until for digest, one in later if digest.has_overview and digest.person not in morning.mailed)
    return min((at for at in moments if at is not None), default=None)


def _in_time(morning: Morning, digest: Digest, *, is_remade: bool) -> Digest | Postponed:
    """The mail as it goes now, or when to look at it again. The rhythm of one that is made anew let it through before.

    What waits is folded into that person's next mail: the mail of a mailbox goes as soon as one of its readers may have
    it, and takes along what there is for the others. A day on which somebody wants no mail was not missed.
    """
    may_have = [one for one in digest.readers if is_remade or _may_have(morning, digest, one)]
    if not may_have:
        return Postponed(None, WhyLater.RHYTHM)
    at = min(morning.mail_moment(one, digest.on) for one in may_have)
    if at > morning.now and not (morning.at_once or is_remade):
        return Postponed(at, WhyLater.HOUR)
    if not any(line.missed for line in digest.reminders):
        return digest
    return replace(digest, reminders=tuple(_without_own_free_days(line, morning.rhythms) for line in digest.reminders))


def _may_have(morning: Morning, digest: Digest, reader: int) -> bool:
    """Whether a mail of today may go to one of its readers, as far as the days of their rhythm go."""
    is_overview = digest.has_overview and reader == digest.person
    lines = digest.lines_of(reader)
    return (
        is_overview or morning.week.may_have(reader, digest.on) or _cannot_wait(lines, reader, digest.on, morning.week)
    )


def _cannot_wait(lines: Iterable[Reminder], reader: int, on: date, week: MailWeek) -> bool:
    """Whether something of it would pass the day it is about before this person's next mail."""
    days = [line.goes_by for line in lines if line.goes_by is not None]
    return bool(days) and week.next_day(reader, on) > min(days)


def _without_own_free_days(line: Reminder, rhythms: Rhythms) -> Reminder:
    if not line.missed or line.person is None:
        return line
    rhythm = rhythms.of(line.person)
    return line._replace(missed=tuple(day for day in line.missed if rhythm.is_own_day(day, rhythms.calendar)))


def _earliest(waiting: Iterable[tuple[int, Postponed]]) -> dict[int, Postponed]:
    """A deadline that waits for several readers is looked at again for the first of them."""
    earliest: dict[int, Postponed] = {}
    for deadline, postponed in waiting:
        known = earliest.get(deadline)
        if known is None or (postponed.until and (known.until is None or postponed.until < known.until)):
            earliest[deadline] = postponed
    return earliest


def _approved_or_waiting(morning: Morning, going: Sequence[Digest]) -> list[Digest]:
    """The mails of this moment: some wait as drafts, and each secretariat is told for whom a mail waits, in its own
    mail or in one for that alone."""
    mails = [_to_approve(morning, digest) for digest in going]
    new = [
        WaitingMail(one.person, one.goes_at, frozenset(one.about), one.on, others=one.others)
        for one in mails
        if one.goes_at
    ]
    again = morning.again
    told = _by_secretary([*new, *(one for one in morning.drafts if one not in again)], morning)
    place_of = {morning.mailbox_of(one.person): place for place, one in enumerate(mails)}
    for person, waiting_mails in told.items():
        is_time = morning.at_once or morning.mail_moment(person, morning.today) <= morning.now
        place = place_of.get(morning.mailbox_of(person))
        if place is not None:
            mails[place] = _with_waiting(mails[place], person, waiting_mails)
        elif person not in morning.mailed and is_time:
            place_of[morning.mailbox_of(person)] = len(mails)
            mails.append(_with_waiting(Digest(person, morning.today, ()), person, waiting_mails))
    return mails


def _to_approve(morning: Morning, digest: Digest) -> Digest:
    """The mail with the moment until which it waits, if it does.

    One about several covenants waits when one of them wants so; one to whoever keeps the secretariat of one of them
    today never does, nor one with the overview, nor one that was let go. One that is made anew keeps its moment,
    unless a clock that stood wrong made that too late.
    """
    about = [morning.situations[key] for key in digest.about]
    mine = morning.behind(digest.person)
    lets_go = any(one.is_let_go(morning.now) for one in morning.again if one.person in mine)
    if lets_go or digest.has_overview or not any(one.needs_approval for one in about):
        return digest
    if any(secretary(one, morning.today) in mine for one in about):
        return digest
    earlier = [one.goes_at for one in morning.drafts if one.person in mine and one.goes_at]
    return replace(digest, goes_at=min([*earlier, morning.hours.after(morning.now, morning.approval_hours)]))


def _by_secretary(waiting: Iterable[WaitingMail], morning: Morning) -> dict[int, tuple[WaitingMail, ...]]:
    """Which waiting mails each secretariat is told of."""
    told: dict[int, tuple[WaitingMail, ...]] = {}
    for mail in waiting:
        about = [morning.situations[key] for key in mail.covenants if key in morning.situations]
        secretaries = {secretary(one, morning.today) for one in about}
        for person in (one for one in secretaries if one is not None):
            known = mail._replace(covenants=mail.covenants & morning.situations.keys())
            told[person] = (*told.get(person, ()), known)
    return told


def _with_waiting(digest: Digest, secretary_there: int, waiting: tuple[WaitingMail, ...]) -> Digest:
    """The mail with whose mails wait, for a secretariat that reads it."""
    new = tuple(one for one in waiting if one not in digest.waiting)
    about = set(digest.about).union(*(one.covenants for one in waiting))
    others = digest.others if secretary_there in digest.readers else (*digest.others, secretary_there)
    return replace(digest, waiting=(*digest.waiting, *new), about=tuple(sorted(about)), others=others)


def _flood(morning: Morning, going: Iterable[Digest]) -> str:
    """Why planning must stand still, if there is far more to tell than usual (rule C8)."""
    lines = sum(line.what not in UNCOUNTED for digest in going for line in digest.reminders)
    return morning.guard.reason_to_stop(lines, morning.today) if morning.guard else ""


def _nothing_left(morning: Morning, wanted: Iterable[Digest]) -> tuple[WaitingMail, ...]:
    """Drafts of which nothing is left."""
    still = {morning.mailbox_of(digest.person) for digest in wanted if digest.reminders}
    return tuple(one for one in morning.again if morning.mailbox_of(one.person) not in still)


def _next_moment(
    item: OpenItem,
    situation: Situation,
    morning: Morning,
    waits: Postponed | None,
    covenant: int,
    troubles: Troubles,
) -> datetime | None:
    """The next moment at which a deadline may have something to tell: its next rung, and the next mail day for what
    waits. What one reader's rhythm makes wait does not make another reader's next rung wait."""
    tomorrow = situation.policy.calendar.mail_day_after(morning.today + ONE_DAY)
    day: date | None = tomorrow
    with troubles.about(covenant, f"termijn {item.id}"):
        day = next_mail_day(item, situation, morning.today)
    days = [day, tomorrow] if waits else [day]
    return min(_moments(days, situation, morning, waits), default=None)


def _moments(
    days: Iterable[date | None], situation: Situation, morning: Morning, waits: Postponed | None
) -> Iterator[datetime]:
    for day in days:
        if day is not None:
            yield send_moment(day, situation, morning.hours)
    if waits and waits.until:
        yield waits.until


def moments_from(today: date, situation: Situation, hours: MailHours) -> dict[int, datetime | None]:
    """When each open deadline of a covenant may next have something to tell, from a day on; None for never.

    The covenant's own hour is the earliest. A reader's hour is known only to the plan, which lets the mail wait for it.
    """
    days = next_days_to_tell(situation, today)
    at = {day: send_moment(day, situation, hours) for day in days.values() if day is not None}
    return {key: at[day] if day is not None else None for key, day in days.items()}


def last_soon(now: datetime, hours: MailHours) -> datetime:
    """Until when a deadline is to be looked at soon: what it tells may go along with a mail of now."""
    return hours.end_of(hours.day_of(now) + timedelta(TAKEN_ALONG_DAYS))


def send_moment(day: date, situation: Situation, hours: MailHours) -> datetime:
    """When the mail of a covenant goes on a day, at the earliest."""
    return moment(day, situation.send_hour or hours.opens, hours.zone)
