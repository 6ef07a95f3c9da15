"""Every plan that is still to come, before it happens: `decide` in a loop.

As if nobody acts and every delivery succeeds: a mail that waits for approval goes by itself, and where planning would
stop to let a person look, somebody looks at once.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from heapq import heappop, heappush

from cycle.domain.gathering_lines import is_counted_down_to
from cycle.domain.ladders import OpenItem
from cycle.domain.mail_moments import last_soon, next_moments
from cycle.domain.mail_plan import Digest, Morning, Plan, TermTurn, WaitingMail, made_anew
from cycle.domain.morning import decide
from cycle.domain.rhythm import MailWeek
from cycle.domain.situation import Reminder, Situation, Told
from cycle.domain.workdays import ONE_DAY

Goes = Callable[[datetime, Digest], bool]
"""Whether a mail that is planned at a moment goes: an overview without news does not."""


def all_go(_at: datetime, _mail: Digest) -> bool:
    """For whoever does not look whether an overview has news."""
    return True


def plans_ahead(morning: Morning, last: date, goes: Goes = all_go) -> Iterator[tuple[datetime, Plan]]:
    """Every plan from a morning through a day, with its moment, and with the mails that go.

    The morning has all open deadlines; those of which it does not say when to look at them are looked at first of all.
    """
    future = _Future(morning, goes)
    day = morning.today
    while day <= last:
        if morning.hours.calendar.is_mail_day(day):
            yield from future.plans_of(day)
        day += ONE_DAY


class _Future:
    """A morning that goes on: what was told, whose mail waits, and when each deadline is looked at next."""

    def __init__(self, morning: Morning, goes: Goes) -> None:
        running = {key: _with_running(one) for key, one in morning.situations.items()}
        self._morning = replace(morning, situations=running)
        self._goes = goes
        self._ledgers = {key: dict(one.ledger) for key, one in morning.situations.items()}
        self._items = {item.id: (key, item) for key, one in morning.situations.items() for item in one.items}
        self._drafts = list(morning.drafts)
        self._had = {person: set(days) for person, days in morning.week.had.items()}
        self._mailed = set(morning.mailed)
        self._is_overview_due = morning.is_overview_due
        self._hours = {one.hour for one in (morning.rhythms.usual, *morning.rhythms.own.values())}
        self._turns = sorted(morning.turns, key=lambda turn: turn.day)
        self._moments: dict[int, datetime] = {}
        self._by_moment: list[tuple[datetime, int]] = []
        self._look_at({deadline: morning.moments.get(deadline, morning.now) for deadline in self._items})

    def plans_of(self, day: date) -> Iterator[tuple[datetime, Plan]]:
        """The plans of one mail day, at each moment at which there may be something to decide."""
        hours = self._morning.hours
        if day != self._morning.today:
            self._begin(day)
        at: datetime | None = max(hours.moment_of(day), self._morning.now)
        while at is not None and at < hours.end_of(day):
            morning = self._morning_at(at)
            if not morning.is_empty:
                plan = self._plan(morning)
                self._carry_out(morning, plan)
                yield at, plan
            at = self._next_moment(day, at)

    def _plan(self, morning: Morning) -> Plan:
        """What is decided, without the mails that do not go: their reader had none."""
        plan = decide(morning)
        return replace(plan, mails=tuple(one for one in plan.mails if self._goes(morning.now, one)))

    def _begin(self, day: date) -> None:
        """A new day: nobody had mail on it yet."""
        self._mailed = set()
        for turn in [one for one in self._turns if one.day <= day]:
            self._turn(turn, self._morning.hours.moment_of(day))
        self._is_overview_due = self._morning.rhythms.is_overview_day(day)
        monday = day - timedelta(day.weekday())
        self._had = {person: {one for one in days if one >= monday} for person, days in self._had.items()}

    def _turn(self, turn: TermTurn, at: datetime) -> None:
        """From now on a covenant asks what its next framework does; what was told stays so."""
        self._turns.remove(turn)
        situations = {**self._morning.situations, turn.covenant: _with_running(turn.situation)}
        self._morning = replace(self._morning, situations=situations, turns=())
        gone = [key for key, (covenant, _item) in self._items.items() if covenant == turn.covenant]
        self._look_at(dict.fromkeys(gone))
        for key in gone:
            del self._items[key]
        self._items |= {item.id: (turn.covenant, item) for item in turn.situation.items}
        self._look_at({item.id: at for item in turn.situation.items})

    def _morning_at(self, now: datetime) -> Morning:
        """What there is to decide about at a moment."""
        drafts, again = tuple(self._drafts), made_anew(self._drafts, self._morning.hours.day_of(now), now)
        for draft in again:
            self._take_back(draft, now)
        return replace(
            self._morning,
            now=now,
            week=MailWeek(self._morning.rhythms, self._had),
            situations=self._situations(now),
            drafts=drafts,
            mailed=frozenset(self._mailed),
            is_overview_due=self._is_overview_due,
            guard=None,
            paused="",
        )

    def _take_back(self, draft: WaitingMail, now: datetime) -> None:
        """What a draft tells that is made anew was not told, and it was no mail on its day."""
        for told in draft.told:
            if told.deadline in self._items:
                self._ledgers[self._items[told.deadline][0]].pop(told, None)
                self._look_at({told.deadline: now})
        readers = self._morning.behind(draft.person)
        for reader in readers:
            self._had.get(reader, set()).discard(draft.on)
        if draft.on == self._morning.hours.day_of(now):
            self._mailed.difference_update(readers)

    def _situations(self, now: datetime) -> dict[int, Situation]:
        """Each covenant, with the deadlines to look at by now."""
        due: dict[int, list[OpenItem]] = {key: [] for key in self._ledgers}
        while self._by_moment and self._by_moment[0][0] <= now:
            moment, deadline = heappop(self._by_moment)
            if self._moments.get(deadline) == moment:
                del self._moments[deadline]
                covenant, item = self._items[deadline]
                due[covenant].append(item)
        soon = self._soon(now, {key for key, items in due.items() if items})
        return {
            key: one.looking_at(due[key], self._ledgers[key], soon.get(key, ()))
            for key, one in self._morning.situations.items()
        }

    def _soon(self, now: datetime, covenants: Collection[int]) -> dict[int, list[OpenItem]]:
        """What is to be looked at within some days, of these covenants. Nothing below a later moment of the heap is
        earlier."""
        last, places = last_soon(now, self._morning.hours), [0]
        soon: dict[int, list[OpenItem]] = {key: [] for key in covenants}
        while places:
            place = places.pop()
            if place < len(self._by_moment) and self._by_moment[place][0] <= last:
                moment, deadline = self._by_moment[place]
                covenant, item = self._items.get(deadline, (0, None))
                if item is not None and covenant in soon and self._moments.get(deadline) == moment:
                    soon[covenant].append(item)
                places += (2 * place + 1, 2 * place + 2)
        return {key: sorted(items, key=lambda item: item.id) for key, items in soon.items()}

    def _carry_out(self, morning: Morning, plan: Plan) -> None:
        """Remembers what this plan tells, and to whom."""
        for mail in plan.mails:
            self._tell(mail)
        again = morning.again
        made = [
            WaitingMail(
                one.person,
                one.goes_at,
                frozenset(one.about),
                one.on,
                told=frozenset(map(_told, one.reminders)),
                others=one.others,
            )
            for one in plan.mails
            if one.goes_at
        ]
        self._drafts = [*(one for one in self._drafts if one not in again), *made]
        self._look_at(next_moments(morning, plan, {one.person for one in plan.mails}))
        self._is_overview_due = plan.overview_at is not None

    def _tell(self, mail: Digest) -> None:
        for line in mail.reminders:
            self._ledgers[self._items[line.deadline][0]][line.told] = mail.on
        for reader in self._morning.behind(mail.person):
            self._had.setdefault(reader, set()).add(mail.on)
            self._mailed.add(reader)

    def _look_at(self, moments: Mapping[int, datetime | None]) -> None:
        """Notes when to look at deadlines next; each at one moment, None for never."""
        for deadline, moment in moments.items():
            self._moments.pop(deadline, None)
            if moment is not None:
                self._moments[deadline] = moment
                heappush(self._by_moment, (moment, deadline))

    def _next_moment(self, day: date, after: datetime) -> datetime | None:
        """The next moment of this day at which there may be something to decide."""
        hours = [self._morning.hours.moment_of(day, hour) for hour in self._hours]
        next_look = [self._by_moment[0][0]] if self._by_moment else []
        drafts = (one.goes_at for one in self._drafts if one.goes_at is not None)
        later = [at for at in (*hours, *next_look, *drafts) if at > after]
        return min(later, default=None)


def _with_running(situation: Situation) -> Situation:
    """The covenant with all that somebody counts down to in it, on whatever day."""
    return replace(situation, running=[item for item in situation.items if is_counted_down_to(item)])


def _told(line: Reminder) -> Told:
    return line.told
