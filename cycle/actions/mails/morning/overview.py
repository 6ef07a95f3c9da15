"""The secretariat's weekly overview: what went out and what failed, what people said and changed, what is past and not
settled yet, who stays silent, and what comes.

It folds into the one reminder mail of that day. Lines are sentences of `_words.txt`; here is what they count. A week in
which there is nothing to say has none: what stood in the one before is no news, nor is what its reader did.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TypeVar

from cycle.actions.office.covenant_view import CovenantView, row_when
from cycle.actions.office.histories import said_words
from cycle.domain.letters import called
from cycle.domain.mail_kinds import kind_words
from cycle.domain.mail_plan import Digest
from cycle.domain.model import Role, State
from cycle.domain.status import has_passed
from cycle.domain.words import joined, near_day_words, weekday_words
from cycle.mail.fields import OverviewPart, Say
from cycle.store import answers, deadlines, happened, letters
from cycle.store import overview as counted
from cycle.store.answers import ForOffice, Given
from cycle.store.database import Session
from cycle.store.deadlines import Part
from cycle.store.happened import PastChange
from cycle.store.ids import id_of
from cycle.store.letters import SentBack
from cycle.store.outbox import beating, withdrawing
from cycle.store.tables import DeadlineRow

DAYS_BACK = 7
MOST_DAYS_BACK = 10
"""So long there may be between two overviews, where the day of one was free."""
DAYS_AHEAD = 14
SILENT_DAYS = 60
SILENT_MAILS = 3
FEW_MAILS = 2
"""So many that went as they were planned are no news by themselves."""
LISTED = 10
Item = TypeVar("Item")
"""Whatever a line of the overview tells."""
OF_THE_TABLE = frozenset({"deadline", "agreement", "reading", "covenant", "register", "jaar", "signal"})
"""What facts call the things of which a week tells what people changed."""


@dataclass(frozen=True, slots=True)
class Week:
    """What the overview of some covenants counts, in the week before a day; `readers` got the mails of it."""

    mails: int
    people: int
    readers: frozenset[int] = frozenset()
    failed: tuple[tuple[str, str, str], ...] = ()
    said: tuple[ForOffice, ...] = ()
    changed: tuple[PastChange, ...] = ()
    silent: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class AsItStands:
    """What stands in some covenants, whichever week looks at it: their open deadlines by when they are due, whose each
    still is, and the letters that a director sent back."""

    rows: tuple[DeadlineRow, ...]
    parts: Mapping[int, Sequence[Part]]
    sent_back: tuple[SentBack, ...] = ()


def as_it_stands(session: Session, tables: Sequence[CovenantView], last: date) -> AsItStands:
    """What stands in these covenants now, for overviews through a day. What was past when one went live is not in it;
    that stands on the list of what is to settle."""
    through = last + timedelta(DAYS_AHEAD)
    rows: list[DeadlineRow] = []
    parts: dict[int, Sequence[Part]] = {}
    for view in tables:
        due = deadlines.in_feeds(view.policy.live_since, through), deadlines.are_open()
        rows.extend(deadlines.rows_of(session, view.id, *due))
        parts |= deadlines.parts(session, deadlines.in_covenant(view.id), *due)
    return AsItStands(tuple(rows), parts, tuple(letters.sent_back(session, [one.id for one in tables])))


def week_of(session: Session, tables: Sequence[CovenantView], now: datetime) -> Week:
    """The week that has passed, of these covenants together."""
    ids = [one.id for one in tables]
    readers = counted.readers(session, ids, now - timedelta(DAYS_BACK), now)
    return replace(_week(session, ids, readers, now), silent=_silent(session, tables, now))


def week_ahead(
    session: Session, tables: Sequence[CovenantView], rehearsed: Sequence[frozenset[int]], at: datetime, now: datetime
) -> Week:
    """The week before a moment that is yet to come: what went of it and waits to go now, and to whom it was rehearsed.

    Whoever says nothing until then is not called silent: that is as if nobody acts. Of a week that begins after now
    nothing has happened, and nothing is asked.
    """
    ids = [one.id for one in tables]
    if at - timedelta(MOST_DAYS_BACK) > now:
        people = frozenset[int]().union(*rehearsed)
        return Week(len(rehearsed), len(people), people)
    waiting = withdrawing.on_their_way(session, tables[0].local_day(now))
    readers = counted.readers(session, ids, at - timedelta(DAYS_BACK), at, waiting=waiting)
    return _week(session, ids, [*readers, *rehearsed], at)


def _week(session: Session, covenant_ids: Sequence[int], readers: Sequence[frozenset[int]], now: datetime) -> Week:
    """A week of mails, each to these people, with what failed and what was said in it."""
    since = now - timedelta(DAYS_BACK)
    failed = counted.failed(session, covenant_ids, since)
    unread = _not_told_yet(session, now)
    said = tuple(one for covenant in covenant_ids for one in answers.answers_for_office(session, covenant, unread))
    done = (one for covenant in covenant_ids for one in happened.said_since(session, covenant, unread, OF_THE_TABLE))
    changed = tuple(one for one in done if one.at <= now)
    people = frozenset[int]().union(*readers)
    return Week(len(readers), len(people), people, failed, said, changed)


def _not_told_yet(session: Session, now: datetime) -> datetime:
    """From when answers were in no overview yet: a week back, or since the last one that went where that is longer."""
    last = beating.beats(session).get(beating.OVERVIEW)
    week = now - timedelta(DAYS_BACK)
    return min(week, last) if last is not None and last > now - timedelta(MOST_DAYS_BACK) else week


def overview_parts(
    session: Session, tables: Sequence[CovenantView], week: Week, stands: AsItStands, today: date, say: Say
) -> tuple[OverviewPart, ...]:
    """The overview in words; nothing at all in a week without news. Of the rest is left out what is empty, but for what
    was sent."""
    views = {one.id: one for one in tables}
    passed, coming = _passed(stands, today), _coming(stands, today)
    if not (_has_news(tables, week) or stands.sent_back or _is_new(passed, today) or _comes_near(coming, today)):
        return ()
    if week.mails:
        sent = say("overview.sent", mails=_mails(week.mails, say), people=_people(week.people, say))
    else:
        sent = say("overview.none-sent")
    failed = [
        say("overview.failed-line", kind=kind_words(kind), address=to, answer=answer)
        for kind, to, answer in week.failed
    ]
    silent = [say("overview.silent-line", name=name, mails=_mails(count, say)) for name, count in week.silent]
    parts = [
        ("sent", [sent]),
        ("failed", _shortened(failed, str, say)),
        ("back", _shortened(stands.sent_back, lambda one: _sent_back_line(one, views, today, say), say)),
        ("said", _shortened(_said(tables, week.said, today, say), str, say)),
        ("changed", _shortened(_changed(session, tables, week.changed, say), str, say)),
        ("passed", _shortened(passed, lambda row: _passed_line(row, stands, views[row.covenant_id], today, say), say)),
        ("silent", _shortened(silent, str, say)),
        ("coming", _shortened(coming, lambda row: _coming_line(row, views[row.covenant_id], say), say)),
    ]
    return tuple(OverviewPart(title=say(f"overview.{name}-title"), lines=lines) for name, lines in parts if lines)


def _has_news(tables: Sequence[CovenantView], week: Week) -> bool:
    """Whether more went to others than a few mails, or anything went wrong, was said, or was done by others than those
    who keep these tables."""
    keepers = [one for view in tables for one in view.members if one.role is Role.SECRETARIAT]
    mailboxes, people = {one.email for one in keepers}, {one.person for one in keepers}
    by_others = any(one.by not in mailboxes for one in week.changed)
    has_much_post = bool(week.readers - people) and week.mails > FEW_MAILS
    return bool(week.failed or week.said or by_others or has_much_post)


def _is_new(passed: Iterable[DeadlineRow], today: date) -> bool:
    """Whether something passed since the overview before this one; a free day may have put that off by a day."""
    since = today - timedelta(DAYS_BACK + 1)
    return any((day := _day_of(row)) is not None and day >= since for row in passed)


def _comes_near(coming: Iterable[DeadlineRow], today: date) -> bool:
    """Whether something came within the two weeks since then."""
    since = today + timedelta(DAYS_AHEAD - DAYS_BACK)
    return any((day := _day_of(row)) is not None and day >= since for row in coming)


def _day_of(row: DeadlineRow) -> date | None:
    """When something is: a meeting that is planned on its own day, whatever month it was meant for."""
    return row.meeting_day or row.due


def _sent_back_line(back: SentBack, views: Mapping[int, CovenantView], today: date, say: Say) -> str:
    """A letter that waits because a director sent it back: which, who, when, and what must be otherwise."""
    view = views[back.name.covenant_id]
    return say(
        "overview.back-line",
        letter=called(back.name.step, back.name.year),
        party=view.party_names.get(back.party, back.party),
        by=back.by,
        on=near_day_words(view.local_day(back.at), today),
        remark=back.remark,
    )


def _said(tables: Sequence[CovenantView], said: Sequence[ForOffice], today: date, say: Say) -> list[str]:
    """What people let know: how it stands, in which words, with which day; who, and when."""
    on = {one.answer.id: near_day_words(tables[0].local_day(one.answer.at), today) for one in said}
    return [
        say(
            "overview.said-line",
            about=f"{one.number} {one.title}".strip(),
            words=_words_of(one.answer, say),
            by=one.answer.by,
            on=on[one.answer.id],
        )
        for one in said
    ]


def unmade_overview(say: Say) -> tuple[OverviewPart, ...]:
    """What stands where an overview could not be made."""
    return (OverviewPart(title=say("overview.unmade-title"), lines=[say("overview.unmade")]),)


def _words_of(given: Given, say: Say) -> str:
    """ "rood", "rood, De aannemer is failliet", "de haalbaarheid is in gevaar": all that somebody let know, in a few
    words; each part of it may be absent."""
    short = [given.stand or "", say("overview.at-risk") if given.at_risk else ""]
    points = say("overview.points", points="; ".join(given.points.splitlines())) if given.points else ""
    day = say("overview.day", day=weekday_words(given.next_on)) if given.next_on else ""
    whose = say("overview.colleague", name=given.colleague) if given.colleague else ""
    beside = [say("overview.beside", what=one) for one in (given.link, given.file) if one]
    parts = (*short, given.sentence.rstrip("."), whose, points, day, *beside)
    return ", ".join(part for part in parts if part)


def _changed(session: Session, tables: Sequence[CovenantView], changes: Sequence[PastChange], say: Say) -> list[str]:
    """What people did to deadlines, agreements and the register, the newest first, with who did it."""
    views, lines = {view.id: view for view in tables}, []
    rows = deadlines.rows_by_id(session, {one.subject_id for one in changes if one.subject == "deadline"})
    for change in sorted(changes, key=lambda one: (one.at, one.id), reverse=True):
        row = rows.get(change.subject_id) if change.subject == "deadline" else None
        about = "" if change.subject == "reading" else (change.about or "").capitalize()
        about = f"{row.number} {row.title}".strip() if row is not None else about
        view = views[change.covenant_id or 0]
        about = view.row.name if change.subject == "covenant" else about
        words, by = said_words(change, view.party_names), view.reader_words(change.who)
        lines.append(say("overview.changed-line", about=about, words=words, by=by))
    return list(dict.fromkeys(lines))


def _passed(stands: AsItStands, today: date) -> list[DeadlineRow]:
    """What is past and not settled, the newest first: a fact, and nobody's fault."""
    passed = [
        row for row in stands.rows if has_passed(_day_of(row), today, invented=row.invented, doubtful=row.doubtful)
    ]
    return sorted(passed, key=lambda row: _day_of(row) or date.min, reverse=True)


def _passed_line(row: DeadlineRow, stands: AsItStands, view: CovenantView, today: date, say: Say) -> str:
    """What it is, when it was asked, and for whom it is open still."""
    parts = stands.parts.get(id_of(row), ())
    still = [part.party for part in parts if part.part == deadlines.LEAD and part.state == State.OPEN]
    names = joined([view.party_names.get(party, party) for party in still])
    when = row_when(row, view, today)
    return say("overview.passed-line", title=row.title, number=row.number, when=when, parties=names)


def _silent(session: Session, tables: Sequence[CovenantView], now: datetime) -> tuple[tuple[str, int], ...]:
    """Who got several mails in two months, and neither let anything know nor settled anything. A hint for a phone call,
    no reproach, and never one to ring oneself."""
    ids, since = [one.id for one in tables], now - timedelta(SILENT_DAYS)
    office = {member.person for one in tables for member in one.members if member.role is Role.SECRETARIAT}
    return counted.silent(session, ids, since, now, mails=SILENT_MAILS, but=office)


def _coming(stands: AsItStands, today: date) -> list[DeadlineRow]:
    """What is due or meets in the next two weeks, and is open still; the nearest first."""
    last, days = today + timedelta(DAYS_AHEAD), {id_of(row): _day_of(row) for row in stands.rows}
    near = [row for row in stands.rows if (day := days[id_of(row)]) is not None and today <= day <= last]
    return sorted([row for row in near if not (row.invented or row.doubtful)], key=lambda row: days[id_of(row)] or last)


def _coming_line(row: DeadlineRow, view: CovenantView, say: Say) -> str:
    return say("overview.coming-line", title=row.title, number=row.number, when=row_when(row, view))


def _shortened(lines: Sequence[Item], words: Callable[[Item], str], say: Say) -> list[str]:
    """The first lines in words, and how many there are more."""
    more = len(lines) - LISTED
    shown = [words(one) for one in lines[:LISTED]]
    return [*shown, say("overview.more", count=str(more))] if more > 0 else shown


def _mails(number: int, say: Say) -> str:
    return say("overview.mails-one" if number == 1 else "overview.mails-many", count=str(number))


def _people(number: int, say: Say) -> str:
    return say("overview.people-one" if number == 1 else "overview.people-many", count=str(number))


def with_overview(mail: Digest, overview: Sequence[OverviewPart]) -> Digest | None:
    """The mail as it goes with what its overview came to: one without news is none, and a mail of nothing else does
    not go."""
    if overview or not mail.has_overview:
        return mail
    if mail.is_if_news:
        return None
    readers = mail.readers if mail.waiting else tuple(one for one in mail.readers if mail.lines_of(one))
    return replace(mail, has_overview=False, overview_of=(), person=readers[0], others=readers[1:])
