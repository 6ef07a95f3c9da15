"""What a morning knows, and what it decides: mails with their lines, drafts, and what waits, each with its reason."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from cycle.domain.flood_guard import FloodGuard
from cycle.domain.mail_hours import MailHours
from cycle.domain.rhythm import MailWeek, Rhythms
from cycle.domain.situation import Reminder, Situation, Told
from cycle.domain.troubles import Troubles


class Occasion(StrEnum):
    """Why somebody gets a mail."""

    LINES = "er is iets te vertellen"
    OVERVIEW = "het weekoverzicht"
    APPROVAL = "er wacht post op akkoord"


class WhyLater(StrEnum):
    """Why what there is to tell about a deadline does not go now."""

    RHYTHM = "het ritme van de lezer"
    HOUR = "het uur van de lezer"
    TOGETHER = "het gaat mee met een volgende mail"
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
