"""The plan of one moment, as a value: which mails go to whom, with which lines, and when to look again at the rest.

`decide` is the one decision that sending carries out and that the rehearsal repeats. It looks only at the morning that
was gathered. What fails for one covenant, deadline or reader holds up nothing else: it is noted, and looked at again
on the next mail day.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from cycle.domain.flood_guard import UNCOUNTED
from cycle.domain.gathering_lines import MANY, called_to, near_items
from cycle.domain.ladders import What
from cycle.domain.mail_plan import Digest, Mailboxes, Morning, Plan, Postponed, WaitingMail, WhyLater
from cycle.domain.planning import reminders_due
from cycle.domain.rhythm import MailWeek, Rhythms
from cycle.domain.situation import Reminder, Situation
from cycle.domain.taking_along import with_taken_along
from cycle.domain.troubles import Troubles


class _MayWait(NamedTuple):
    """Whose mails may wait for one another: who has much to do, and who gets a weekly overview."""

    busy: frozenset[int]
    weekly: frozenset[int]


def decide(morning: Morning) -> Plan:
    """The plan of this moment."""
    troubles = Troubles()
    troubles.take(morning.troubles)
    weekly = _weekly_readers(morning)
    readers = weekly if morning.is_overview_due else frozenset()
    may_wait = _MayWait(_busy(morning), weekly)
    lines, postponed = _lines(morning, may_wait.busy, troubles)
    wanted = _with_about(morning, digests(lines, morning.today, readers, morning.mailboxes), readers)
    going, later = _by_rhythm(morning, wanted, may_wait, troubles)
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


def _weekly_readers(morning: Morning) -> frozenset[int]:
    """Who gets the overview of the week, whatever day it is."""
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


def _lines(morning: Morning, busy: Collection[int], troubles: Troubles) -> tuple[list[Reminder], dict[int, Postponed]]:
    """What there is to tell today, and the deadlines whose lines cannot be made."""
    lines: list[Reminder] = []
    postponed: dict[int, Postponed] = {}
    for covenant, situation in morning.situations.items():
        if not situation.items:
            continue
        try:
            due = reminders_due(situation, morning.today)
            lines += with_taken_along(situation, due, morning.today, busy) if due else ()
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
    morning: Morning, wanted: Sequence[Digest], may_wait: _MayWait, troubles: Troubles
) -> tuple[list[Digest], list[tuple[Digest, Postponed]]]:
    """The mails whose reader's rhythm lets them through by now, and those that wait."""
    going: list[Digest] = []
    later: list[tuple[Digest, Postponed]] = []
    remade = {morning.mailbox_of(one.person) for one in morning.again}
    for digest in wanted:
        postponed = Postponed(None, WhyLater.FAILED)
        with troubles.about(min(digest.about, default=None), f"het ritme van persoon {digest.person}"):
            decided = _in_time(morning, digest, may_wait, is_remade=morning.mailbox_of(digest.person) in remade)
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


def _in_time(morning: Morning, digest: Digest, may_wait: _MayWait, *, is_remade: bool) -> Digest | Postponed:
    """The mail as it goes now, or when to look at it again. The rhythm of one that is made anew let it through before.

    What waits is folded into that person's next mail: the mail of a mailbox goes as soon as one of its readers may have
    it, and takes along what there is for the others. A day on which somebody wants no mail was not missed.
    """
    may_have = [one for one in digest.readers if is_remade or _may_have(morning, digest, one)]
    if not may_have:
        return Postponed(None, WhyLater.RHYTHM)
    if not is_remade and _waits(morning, digest, may_wait):
        return Postponed(None, WhyLater.TOGETHER)
    at = min(morning.mail_moment(one, digest.on) for one in may_have)
    if at > morning.now and not (morning.at_once or is_remade):
        return Postponed(at, WhyLater.HOUR)
    if not any(line.missed for line in digest.reminders):
        return digest
    waits = digest.person in may_wait.busy or not may_wait.weekly.isdisjoint(digest.readers)
    really = map(_really_missed, digest.reminders) if waits else digest.reminders
    return replace(digest, reminders=tuple(_without_own_free_days(line, morning.rhythms) for line in really))


def _busy(morning: Morning) -> frozenset[int]:
    """Who has so much to do, with all who read the same mailbox, that their reminders go together."""
    weights: dict[int, dict[int, int]] = {}
    noted_elsewhere = Troubles()
    for covenant, situation in morning.situations.items():
        if not situation.items:
            continue
        members = situation.members_on(morning.today)
        for item in near_items(situation, morning.today):
            with noted_elsewhere.about(covenant, ""):
                for person, weight in called_to(item, members).items():
                    mine = weights.setdefault(morning.mailbox_of(person), {})
                    mine[item.id] = max(weight, mine.get(item.id, 0))
    busy = (mailbox for mailbox, mine in weights.items() if sum(mine.values()) >= MANY)
    return frozenset(one for mailbox in busy for one in morning.behind(mailbox))


def _waits(morning: Morning, digest: Digest, may_wait: _MayWait) -> bool:
    """Whether nothing of a mail must go today: its readers have other mail to come that it may wait for."""
    if digest.has_overview or not digest.reminders:
        return False
    until = min(line.waits_until for line in digest.reminders if line.waits_until is not None)
    if any(morning.week.next_day(one, morning.today) > until for one in digest.readers):
        return False
    if digest.person in may_wait.busy:
        return True
    is_own_task = any(line.what is What.REMIND and line.waits_until is not None for line in digest.reminders)
    gets_overview = not may_wait.weekly.isdisjoint(digest.readers)
    return not is_own_task and gets_overview and _overview_comes(morning, until)


def _overview_comes(morning: Morning, until: date) -> bool:
    """Whether there is a day of the weekly overview until that day."""
    days = (morning.today + timedelta(number) for number in range(1, (until - morning.today).days + 1))
    return any(morning.rhythms.is_overview_day(day) for day in days)


def _really_missed(line: Reminder) -> Reminder:
    """A line of somebody whose lines wait, with the day on which it should have gone: none as long as it might wait."""
    return line._replace(missed=(line.late_since,) if line.late_since else ()) if line.missed else line


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
