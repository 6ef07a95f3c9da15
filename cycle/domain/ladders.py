"""Ladders: which rungs a deadline has, and on which mail day each falls.

A rung on a day without mail moves to the mail day before it; one that counts from after the day moves to the mail day
after. Everything here is about one deadline and the calendar; who is told stands in `addressing`, what is told today
in `planning`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from cycle.domain.model import AgreementKey, LadderKind, News
from cycle.domain.workdays import WorkCalendar

SHORTEST_YEAR = timedelta(364)
"""From the first to the last day of a year."""


class To(StrEnum):
    """Who climbs a rung."""

    LEADS = "leads"
    PARTICIPANTS = "participants"
    ALL = "all"
    MEMBERS = "members"
    SECRETARIAT = "secretariat"
    DIRECTOR = "director"


class What(StrEnum):
    """What a rung says; KNOW asks nothing. The last six are words in listings, where others show their days."""

    REMIND = "remind"
    FIX_DATE = "fix-date"
    INPUT = "input"
    PAPERS = "papers"
    HELD = "held"
    KNOW = "know"
    ASK = "ask"
    AGAIN = "again"
    ESCALATE = "escalate"
    ANNOUNCE = "announce"
    DIRECTOR = "director"
    SETTLE = "settle"


WORDS = (What.ASK, What.AGAIN, What.ESCALATE, What.ANNOUNCE, What.DIRECTOR, What.SETTLE)
QUESTIONS = (What.ASK, What.AGAIN)
UNTIL_IT_IS_OVER = (What.FIX_DATE, What.INPUT, What.PAPERS)
"""Nobody is asked for these about what is over."""
FOR_A_MEETING = (What.INPUT, What.PAPERS)
"""Nobody is asked for these about a meeting that was called off, until it has another day."""
CHAIN = (What.ESCALATE, What.ANNOUNCE, What.DIRECTOR)
"""Upward only step by step: each waits until the one before it was told, and then for as long as the ladder says."""


class RungRule(NamedTuple):
    """One rung: `days` from the day counted from (negative is before), who is told, and what.

    `chosen` marks one on a day that the reader chose: it goes by its days, whatever it says. `news` marks one that
    tells what was learned late, in place of the rungs from before that. `member` is the person who is told it for
    sitting at a body, beside whoever is told it for their party.
    """

    days: int
    to: To = To.LEADS
    what: What = What.REMIND
    chosen: bool = False
    news: News | None = None
    member: int | None = None

    @property
    def name(self) -> str:
        """The lasting name in the ledger: a word, or the days; of a member with who that is."""
        return _name_of(self)


@lru_cache(maxsize=4096)
def _name_of(rule: RungRule) -> str:
    """A morning asks it of each rung of each deadline several times, and there are few rules."""
    name = rule.news or (rule.what if rule.what in WORDS and not rule.chosen else str(rule.days))
    return str(name) if rule.member is None else f"{name}{OF_MEMBER}{rule.member}"


Ladder = tuple[RungRule, ...]
OF_MEMBER = "@"
SETTLE = RungRule(-30, To.SECRETARIAT, What.SETTLE)


@dataclass(frozen=True, slots=True)
class Policy:
    """How one covenant reminds: ladders per kind, a step's own ladder by its name, the calendar, and its start.

    `asked_at` is the meeting at which a yearly agreement comes up when its own table has no date.
    """

    live_since: date
    ladders: Mapping[LadderKind, Ladder]
    step_ladders: Mapping[str, Ladder] = field(default_factory=dict)
    calendar: WorkCalendar = field(default_factory=WorkCalendar)
    asked_at: str = ""

    def ladder(self, item: "OpenItem") -> Ladder:
        """The step's own ladder, else the one of its kind; a doubtful reading goes to the secretariat only.

        What nobody dated is asked about and never goes upward, whatever its kind (design section 2).
        """
        if item.doubtful:
            return (SETTLE,)
        own = self.step_ladders.get(item.step) if item.step else None
        if own is not None and not item.had_leads:
            own = _for_secretariat(own)
        if not item.invented:
            return self.ladders.get(item.kind, ()) if own is None else own
        asked = self.ladders.get(LadderKind.YEARLY, ()) if own is None else own
        return tuple(rule for rule in asked if rule.what not in CHAIN)

    def for_members(self, item: "OpenItem") -> Ladder:
        """What the named members of a body are told where its own ladder tells none of those who take part: what those
        who take part in any meeting are, once its day is set."""
        if not item.members or item.meeting_day is None:
            return ()
        if any(rule.to in (To.PARTICIPANTS, To.ALL, To.MEMBERS) for rule in self.ladder(item)):
            return ()
        usual = self.ladders.get(LadderKind.MEETING, ())
        return tuple(rule._replace(to=To.MEMBERS) for rule in usual if rule.to in (To.PARTICIPANTS, To.ALL))


def _for_secretariat(ladder: Ladder) -> Ladder:
    """A ladder where the secretariat leads: what it hears as that, it does not hear twice."""
    led = {rule.days for rule in ladder if rule.to in (To.LEADS, To.ALL)}
    return tuple(rule for rule in ladder if rule.to is not To.SECRETARIAT or rule.days not in led or rule.what in CHAIN)


class Answered(NamedTuple):
    """What one person let know for one party's part in a deadline.

    `said_on` is the last day on which they said how it stands, and `said` that in one word ("rood"), empty when they
    used their own, with their `sentence` and the day of their next step, `next_on`. They asked to be reminded again
    from `not_before` on; `declined` says that it is not theirs. In an item they stand in order: who answered last comes
    last.
    """

    party: str
    person: int
    said_on: date | None = None
    not_before: date | None = None
    declined: bool = False
    said: str = ""
    sentence: str = ""
    next_on: date | None = None


class OpenItem(NamedTuple):
    """What planning needs to know of one open deadline.

    `open_leads` are the lead parties for which it is still open, `settled_leads` the others; `had_leads` says whether
    it has lead parties at all (without any, the secretariat leads). `meeting_day` is the day somebody set. `members`
    are the people who were named for the body that meets; without any, `calls_directors` says that the directors of
    its parties come. `once` says
    that it comes only once, so that no other deadline asks the same in another year. No rung counts from before
    `known_since`, the day on which it was brought back. In the rounds of the years `not_asked_in` (0 is every year)
    it is not asked about: another deadline asks the same, or its agreement is marked as standing. A meeting that
    `is_off` was dropped before it was held: that is told to who heard of it (its `open_leads` are all of its leads),
    and nothing else.
    """

    id: int
    kind: LadderKind
    due: date | None
    window_start: date | None = None
    step: str = ""
    open_leads: tuple[str, ...] = ()
    had_leads: bool = True
    participants: tuple[str, ...] = ()
    invented: bool = False
    doubtful: bool = False
    via: str = ""
    meeting_day: date | None = None
    agreements: tuple[AgreementKey, ...] = ()
    theme: str = ""
    settled_leads: tuple[str, ...] = ()
    once: bool = False
    answers: tuple[Answered, ...] = ()
    known_since: date | None = None
    news: News | None = None
    party_since: tuple[tuple[str, date], ...] = ()
    heard: tuple[str, ...] = ()
    members: tuple[int, ...] = ()
    calls_directors: bool = False
    not_asked_in: tuple[int, ...] = ()
    is_off: bool = False

    def counts_since(self, live_since: date) -> date:
        """The first day whose rungs count: of the covenant, or of this deadline where that is later."""
        return max(live_since, self.known_since or live_since)


class Rung(NamedTuple):
    """A rung of one deadline on its mail day; `counted_from` is the day its days are counted from.

    After `ends` it makes no sense any more to tell it. `is_last` marks the last one on or before the day itself: it
    always goes, whatever somebody postponed. `is_top` marks the last step upward: nobody else hears of it after that.
    """

    rule: RungRule
    on: date
    counted_from: date
    ends: date | None = None
    is_last: bool = False
    is_top: bool = False

    @property
    def goes_by(self) -> date | None:
        """The last day on which it makes sense to tell it, for a question and for the last one before the day."""
        return self.ends or (self.counted_from if self.is_last else None)


Meetings = Mapping[tuple[str, int], date]
"""The day of a meeting (planned, else the start of its window) by step name and year."""


def to_settle(item: OpenItem, policy: Policy) -> bool:
    """Whether it was due before the covenant went live: shown as "to settle", never reminded of."""
    return item.due is not None and item.due < policy.live_since


def counts_from(item: OpenItem, policy: Policy) -> date | None:
    """The day a deadline's lead times count from: for a meeting its planned day or the start of its window, for the
    rest the last working day on or before the due date."""
    if item.kind is LadderKind.MEETING:
        return item.meeting_day or item.window_start or item.due
    return policy.calendar.shown(item.due) if item.due else None


def points_by(policy: Policy, step: str, meeting_day: date) -> date | None:
    """The last day on which a point for the agenda still comes in time: that on which the papers of the meeting go
    round, by the step's own ladder or by that of any meeting. None where the ladder has no such day."""
    ladder = policy.step_ladders.get(step, policy.ladders.get(LadderKind.MEETING, ()))
    papers = [rule.days for rule in ladder if rule.what is What.PAPERS and rule.days <= 0]
    return policy.calendar.mail_day_before(meeting_day + timedelta(min(papers))) if papers else None


def rungs_of(item: OpenItem, policy: Policy, meetings: Meetings) -> tuple[Rung, ...]:
    """All rungs of a deadline on their mail days, in order."""
    ladder, for_members, day = policy.ladder(item), policy.for_members(item), item.meeting_day
    rungs: tuple[Rung, ...] = ()
    if for_members and day is not None:
        rungs = _rungs(for_members, day, day, day, True, policy.calendar)
    before, after = _anchors(item, policy, meetings) if ladder else (None, None)
    if before is None or after is None:
        return rungs
    over = day or (None if item.kind is LadderKind.YEARLY else item.due)
    own = _rungs(ladder, before, after, over, day is not None, policy.calendar)
    if item.news is News.OFF and day is None:
        own = tuple(rung for rung in own if rung.rule.what not in FOR_A_MEETING)
    return tuple(sorted((*own, *rungs), key=lambda rung: (rung.on, rung.rule.days))) if rungs else own


def _anchors(item: OpenItem, policy: Policy, meetings: Meetings) -> tuple[date | None, date | None]:
    """The days that rungs before and rungs after count from."""
    if item.doubtful:
        start = item.window_start or item.due
        return start, start
    has_own_days = item.kind is LadderKind.MEETING and (item.meeting_day is not None or _is_part_of_year(item))
    if (item.invented and not has_own_days) or item.kind is LadderKind.YEARLY:
        year = item.due.year if item.due else 0
        asked = meetings.get((item.via, year)) or meetings.get((policy.asked_at, year))
        return asked, asked
    before = counts_from(item, policy)
    if item.kind is LadderKind.MEETING:
        return before, item.meeting_day or item.due
    return before, before


def _is_part_of_year(item: OpenItem) -> bool:
    """Whether it has a quarter or a month of its own: four meetings of a year are not all asked about at once."""
    start, due = item.window_start, item.due
    return start is not None and due is not None and due - start < SHORTEST_YEAR


@lru_cache(maxsize=16_384)
def _rungs(
    ladder: Ladder, before: date, after: date, over: date | None, date_is_set: bool, calendar: WorkCalendar
) -> tuple[Rung, ...]:
    """Deadlines share their dates, so most of this comes out of the cache. `over` is when it is over, if it ever is."""
    rungs = []
    for rule in ladder:
        if rule.what is What.FIX_DATE and date_is_set:
            continue
        if rule.days > 0:
            on = calendar.mail_day_after(after + timedelta(rule.days))
            rungs.append(Rung(rule, on, after, is_top=_is_top(rule, ladder)))
        else:
            on = calendar.mail_day_before(before + timedelta(rule.days))
            ends = over if rule.what in UNTIL_IT_IS_OVER else None
            rungs.append(Rung(rule, on, before, ends, is_last=_is_last(rule, ladder)))
    return tuple(sorted(rungs, key=lambda rung: (rung.on, rung.rule.days)))


def _is_last(rule: RungRule, ladder: Ladder) -> bool:
    """Whether nothing comes between this rung and the day itself for those who hear it."""
    later = (one for one in ladder if rule.days < one.days <= 0 and one.what not in CHAIN)
    return not any(one.to in (rule.to, To.ALL) for one in later)


def _is_top(rule: RungRule, ladder: Ladder) -> bool:
    """Whether this is a step upward with none above it."""
    return rule.what in CHAIN and not any(one.what in CHAIN and one.days > rule.days for one in ladder)
