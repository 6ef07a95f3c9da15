"""The morning as it is read from the database: all that `decide` looks at. Nothing is written here."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from cycle.actions.office.covenant_view import CovenantView, situations, views
from cycle.actions.office.mail_hours import day_of
from cycle.actions.office.rhythms import rhythms_of
from cycle.actions.post.halts.flood_guard import guard_of
from cycle.domain.gathering_lines import A_WEEK, COUNTED_DOWN_TO, FROM_DAYS, UNTIL_DAYS
from cycle.domain.mail_moments import last_soon
from cycle.domain.mail_plan import Morning, WaitingMail, made_anew
from cycle.domain.rhythm import MailWeek, Rhythms
from cycle.settings import Settings
from cycle.store import covenants, deadlines, rhythms
from cycle.store.database import Session
from cycle.store.deadlines import DueItem
from cycle.store.outbox import approving, beating, standstill, telling, withdrawing
from cycle.store.outbox.beating import OVERVIEW, OVERVIEW_LOOK
from cycle.store.outbox.standstill import PLANNING_PAUSE


def gather(session: Session, settings: Settings, now: datetime, *, at_once: bool = False) -> Morning:
    """What is due, what waits for approval, and what deciding about both takes. With nothing to decide it is three
    small queries."""
    start = replace(_begun(settings, now), at_once=at_once)
    drafts, due = approving.drafts(session), deadlines.due_items(session, now)
    again = made_anew(drafts, start.today, now)
    retold = {told.deadline for draft in again for told in draft.told} - {one.item.id for one in due}
    due += deadlines.items_to_tell(session, ids=retold)
    is_overview_due, overview_at = _overview_due(session, settings, start.today)
    if not (due or drafts or (is_overview_due and overview_at <= now)):
        return start
    soon = _soon(session, {one.covenant for one in due}, now, start, {one.item.id for one in due})
    looked_at = deadlines.is_due(now) | deadlines.with_ids({*retold, *(one.item.id for one in soon)})
    ledger = telling.told(session, now, looked_at, without=_ids(again))
    about = {one.covenant for one in due}.union(*(one.covenants for one in drafts))
    tables = without_archived(views(session, settings, None if is_overview_due else about, start.troubles))
    due = [one for one in due if one.covenant in tables and tables[one.covenant].row.released_at]
    return replace(
        _with_people(session, settings, start, _ids(again)),
        situations=situations(session, tables, due, ledger, soon, _running(session, due, start.today)),
        moments={one.item.id: one.next_moment for one in (*due, *soon)},
        drafts=drafts,
        is_overview_due=is_overview_due,
        guard=guard_of(session, settings, now) if due else None,
        paused=_paused(session),
    )


def _soon(
    session: Session, covenants_due: Collection[int], now: datetime, start: Morning, without: Collection[int]
) -> list[DueItem]:
    """What is to be looked at within some days, of covenants of which something is due."""
    if not covenants_due:
        return []
    coming = deadlines.due_items(session, last_soon(now, start.hours), among=covenants_due)
    return [one for one in coming if one.item.id not in without]


def _running(session: Session, due: Iterable[DueItem], today: date) -> list[DueItem]:
    """What somebody counts down to around today, in covenants of which something is due."""
    first, last = today - timedelta(UNTIL_DAYS + A_WEEK), today + timedelta(FROM_DAYS + A_WEEK)
    return deadlines.items_due_between(session, {one.covenant for one in due}, COUNTED_DOWN_TO, first, last)


def gather_ahead(
    session: Session, settings: Settings, tables: Mapping[int, CovenantView], now: datetime, *, alone: int | None = None
) -> Morning:
    """All that is open in some covenants, to look ahead from this moment; with `alone` in that one only.

    One that is still held is seen as if it were released, so that its secretariat can read first.
    """
    start = _begun(settings, now)
    items = [one for one in deadlines.items_to_tell(session, alone) if one.covenant in tables]
    stale = withdrawing.stale_digests(session, start.today, start.today)
    of_these = [] if alone is None else [deadlines.in_covenant(alone)]
    drafts = [one for one in approving.drafts(session) if one.covenants & tables.keys()]
    ledger = telling.told(session, now, *of_these, without=stale)
    return replace(
        _with_people(session, settings, start, stale),
        situations={
            key: replace(one, is_released=True, released_on=one.released_on or start.today)
            for key, one in situations(session, dict(tables), items, ledger).items()
        },
        moments=_moments(items, tables, {told.deadline for told in telling.told_in(session, stale)}),
        drafts=drafts,
        is_overview_due=_overview_due(session, settings, start.today)[0],
    )


def without_archived(tables: Mapping[int, CovenantView]) -> dict[int, CovenantView]:
    """Without those that were put away: nothing of them is told."""
    return {key: view for key, view in tables.items() if view.row.archived_at is None}


def _begun(settings: Settings, now: datetime) -> Morning:
    """A morning on which nothing is to be decided."""
    nobody = Rhythms(settings.work_calendar)
    return Morning(now, settings.mail_hours, nobody, MailWeek(nobody), {}, approval_hours=settings.mail.approval_hours)


def _with_people(session: Session, settings: Settings, start: Morning, again: Sequence[int]) -> Morning:
    """How everybody wants their mail, and who had some; a mail that is made anew was none on its day. What came in a
    mailbox came to everybody who reads it."""
    chosen = rhythms_of(session, settings)
    start = replace(start, rhythms=chosen, mailboxes=covenants.mailboxes(session))
    had: dict[int, set[date]] = defaultdict(set)
    for person, days in rhythms.mail_days(session, start.today, without=again).items():
        for reader in start.behind(person):
            had[reader] |= days
    mailed = telling.persons_mailed_on(session, *day_of(settings, start.now), without=again)
    everybody = frozenset(reader for person in mailed for reader in start.behind(person))
    return replace(start, week=MailWeek(chosen, had), mailed=everybody)


def _overview_due(session: Session, settings: Settings, today: date) -> tuple[bool, datetime]:
    """Whether today's overviews have yet to go, and when to look at that, if nothing else is to be looked at before."""
    begin, end = settings.mail_hours.moment_of(today), settings.mail_hours.end_of(today)
    if not Rhythms(settings.work_calendar, overview_day=settings.overview_day).is_overview_day(today):
        return False, end
    beats = beating.beats(session)
    last, look = beats.get(OVERVIEW), beats.get(OVERVIEW_LOOK, begin)
    is_due = last is None or settings.mail_hours.day_of(last) != today
    return is_due, look if begin <= look <= end else begin


def _paused(session: Session) -> str:
    """Why planning stands still, if it does."""
    halted = standstill.pause(session, PLANNING_PAUSE)
    return halted.reason if halted else ""


def _moments(
    items: Iterable[DueItem], tables: Mapping[int, CovenantView], retold: Collection[int]
) -> dict[int, datetime | None]:
    """When each is looked at next; at once what yesterday's mail, which never left, was to tell, and in a covenant that
    is held all."""
    released = (one for one in items if tables[one.covenant].row.released_at)
    return {one.item.id: one.next_moment for one in released if one.item.id not in retold}


def _ids(drafts: Iterable[WaitingMail]) -> list[int]:
    return [one.id for one in drafts if one.id is not None]
