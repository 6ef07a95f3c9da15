"""What one covenant looks like at one moment, and a line of a mail, as values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time
from enum import StrEnum
from typing import NamedTuple

from cycle.domain.addressing import Members
from cycle.domain.known_since import KnownSince, known_for
from cycle.domain.ladders import Meetings, OpenItem, Policy, Rung, What, rungs_of
from cycle.domain.model import Member, News
from cycle.domain.rounds import Round, with_rounds

SECRETARIAT = "secretariaat"
"""Stands where a party's slug would, for what nobody but the secretariat can answer."""
TAKEN_ALONG_DAYS = 3
"""A mail takes along what its reader would get so many days later: over a weekend."""
BUSY_ALONG_DAYS = 14
"""The same for a reader with much to do."""


class Reason(StrEnum):
    """Why somebody gets a line."""

    LEAD = "trekker"
    PARTICIPANT = "deelnemer"
    NO_LEAD = "geen trekker"
    SECRETARIAT = "secretariaat"
    NO_ADDRESS = "geen adres"
    DECLINED = "niet voor mij"
    ANNOUNCED = "aankondiging"
    SILENT = "geen bericht"


class Told(NamedTuple):
    """The name of one line in the ledger, told once for ever."""

    deadline: int
    party: str
    rung: str
    counted_from: date


Ledger = Mapping[Told, date]
"""What was told, and on which day."""


class Reminder(NamedTuple):
    """One line of a mail: which deadline, for which party, to whom, at which rung, and why.

    `goes_by` is the last day on which it makes sense, where it has one: no rhythm makes it wait longer. `person` None
    says that there is nobody to tell, not even a secretariat; `doctor` reports it. `missed` are the earlier mail days
    on which nothing could be sent. `days_left` counts to the day that the rungs count from. `said_on` is when the
    party last let something know, `said` what in one word, if it was one, with its `sentence` and the day of its next
    step, and `said_by` who. `is_top` says that it
    goes no further upward than this. `news` is what was learned since the reader was told last; a line that only tells
    that counts from the day on which it was learned. `is_leading` says whether the party leads it, or takes part. Of a
    step upward `is_own` says that its reader is whose task it is, and `has_director` that the party has a director
    besides: who hears of it next, or with this line. It may wait for another mail to its reader until `waits_until`;
    `late_since` is until when what it tells might have waited, where that is past.
    """

    deadline: int
    party: str
    person: int | None
    rung: str
    what: What
    counted_from: date
    on: date
    days_left: int
    reason: Reason
    missed: tuple[date, ...] = ()
    said_on: date | None = None
    goes_by: date | None = None
    is_top: bool = False
    said: str = ""
    said_by: int | None = None
    news: News | None = None
    sentence: str = ""
    next_on: date | None = None
    is_leading: bool = True
    is_own: bool = False
    has_director: bool = False
    waits_until: date | None = None
    late_since: date | None = None

    @property
    def told(self) -> Told:
        """Its name in the ledger."""
        return Told(self.deadline, self.party, self.rung, self.counted_from)

    @property
    def whose(self) -> tuple[int, str, int | None]:
        """Of which deadline it is, for which party and whom."""
        return self.deadline, self.party, self.person


@dataclass(frozen=True, slots=True)
class Situation:
    """What one covenant looks like at one moment: all that the plan depends on, but for the day.

    `items` are the deadlines to look at. Until it is released only its secretariat hears of it, and no rung counts from
    before the day on which it was. It may let its mails wait for approval, and have an hour of its own at which its
    mail goes. What is tied to an agreement has no reminder after `ends_on`, the last day of their term. `soon` are the
    deadlines that are to be looked at within `BUSY_ALONG_DAYS`, and `running` all that somebody counts down to around
    today, whenever they are to be looked at; both may be among the items too.
    """

    policy: Policy
    members: Sequence[Member]
    items: Sequence[OpenItem]
    meetings: Meetings
    ledger: Ledger
    rounds: tuple[Round, ...] = ()
    is_released: bool = True
    needs_approval: bool = False
    send_hour: time | None = None
    released_on: date | None = None
    ends_on: date | None = None
    soon: Sequence[OpenItem] = ()
    running: Sequence[OpenItem] = ()
    _kept_rungs: dict[int, tuple[OpenItem, tuple[Rung, ...]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _kept_members: dict[date, Members] = field(default_factory=dict, init=False, repr=False, compare=False)

    def looking_at(self, items: Sequence[OpenItem], ledger: Ledger, soon: Sequence[OpenItem] = ()) -> "Situation":
        """The same covenant with these deadlines to look at, and what was told by then. What was worked out is kept:
        whoever looks ahead asks for it on each day."""
        later = replace(self, items=items, ledger=ledger, soon=soon)
        object.__setattr__(later, "_kept_rungs", self._kept_rungs)
        object.__setattr__(later, "_kept_members", self._kept_members)
        return later

    def members_on(self, day: date) -> Members:
        """Who gets whose mail on a day."""
        known = self._kept_members.get(day)
        if known is None:
            known = self._kept_members[day] = Members(self.members, day)
        return known

    def is_over(self, item: OpenItem, day: date) -> bool:
        """Whether the term of the agreements that a deadline comes of is over on a day."""
        return self.ends_on is not None and day > self.ends_on and bool(item.agreements)

    def known_for(self, item: OpenItem, party: str, seat_since: date | None = None) -> KnownSince:
        """From when a deadline counts for who has the seat of a party since a day."""
        return known_for(item, party, self.policy.live_since, self.released_on, seat_since)

    def rungs_of(self, item: OpenItem) -> tuple[Rung, ...]:
        """All rungs of a deadline: of its ladder, and the questions of the progress rounds. None of what is off."""
        known = self._kept_rungs.get(item.id)
        if known is None or known[0] is not item:
            known = self._kept_rungs[item.id] = item, self._work_out_rungs(item)
        return known[1]

    def _work_out_rungs(self, item: OpenItem) -> tuple[Rung, ...]:
        if item.is_off:
            return ()
        ladder = rungs_of(item, self.policy, self.meetings)
        return with_rounds(item, ladder, self.rounds, self.policy.calendar) if self.rounds else ladder
