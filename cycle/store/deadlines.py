"""Deadlines: what is asked, of whom, and when each may next have something to tell."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, bindparam, case, func, or_, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from cycle.domain.ladders import Answered, OpenItem
from cycle.domain.model import Asked, LadderKind, Meeting, MeetingState, News, State
from cycle.domain.standing_bodies import BOARD, HELD
from cycle.domain.status import state_of_whole
from cycle.domain.workdays import ONE_DAY
from cycle.errors import NotFound
from cycle.store import answers, covenants, round_questions
from cycle.store.apart import made_apart
from cycle.store.columns import columns
from cycle.store.ids import id_of
from cycle.store.tables import (
    ActionRow,
    ActionSource,
    Body,
    BodyMember,
    Covenant,
    DeadlineParty,
    DeadlineRow,
    MeetingRow,
    PartyRow,
    ReadingRow,
    ReminderRow,
)
from cycle.store.touching import UNSEEN

LEAD, PARTICIPANT, FORMER = "lead", "participant", "former"
"""Parts in a deadline. Who is no longer named as a lead is a former one: nobody sees it, and nothing it did is lost."""
Where = ColumnElement[bool]


class Part(NamedTuple):
    """A party's part in a deadline, with its state: open is dropped while the whole was taken away."""

    party: str
    part: str
    state: State
    known_since: date | None = None


class CalledOff(NamedTuple):
    """A meeting that does not take place, and the moment at which that was decided."""

    meeting: Meeting
    at: datetime


class DueItem(NamedTuple):
    """An open deadline for the planner, with what it takes to renew its next moment."""

    covenant: int
    item: OpenItem
    next_moment: datetime | None


Moments = Mapping[int, tuple[datetime | None, datetime | None]]
"""Next moments by deadline: what was read, and what it becomes."""


def due_items(session: Session, now: datetime, *, among: Iterable[int] | None = None) -> list[DueItem]:
    """The open deadlines that may have something to tell: the read of each tick, by one index; those of some covenants,
    where these are named."""
    return _items(session, is_due(now) if among is None else is_due(now) & in_covenants(among))


def items_among(session: Session, ids: Iterable[int]) -> list[DueItem]:
    """These deadlines, settled ones too."""
    return _items(session, with_ids(ids))


def items_to_tell(
    session: Session, covenant_id: int | None = None, *, ids: Iterable[int] | None = None
) -> list[DueItem]:
    """What there may be something to tell of, in one covenant or in all: the open deadlines, and the meetings that were
    dropped. With `ids` no others than these."""
    where = may_be_told() if covenant_id is None else may_be_told() & in_covenant(covenant_id)
    if ids is None:
        return _items(session, where)
    wanted = list(ids)
    return _items(session, where & with_ids(wanted)) if wanted else []


def items_due_between(
    session: Session, covenant_ids: Collection[int], kinds: Collection[LadderKind], first: date, last: date
) -> list[DueItem]:
    """The open deadlines of some kinds in these covenants that are due from one day through another."""
    if not covenant_ids:
        return []
    of_kind, due = col(DeadlineRow.kind).in_(list(kinds)), col(DeadlineRow.due).between(first, last)
    return _items(session, are_open() & in_covenants(covenant_ids) & of_kind & due)


def open_items(session: Session, covenant_id: int | None = None) -> list[DueItem]:
    """All open deadlines, of one covenant or of all."""
    return _items(session, are_open() if covenant_id is None else are_open() & in_covenant(covenant_id))


class MeetingDay(NamedTuple):
    """The day of a meeting: the planned one, else the start of its window, which is `first` whatever is planned. Since
    `known_since` it is that day."""

    day: date
    first: date
    known_since: date | None = None


def meetings(session: Session, covenant_ids: Iterable[int]) -> dict[int, dict[tuple[str, int], MeetingDay]]:
    """The day of each meeting by step and year, per covenant."""
    query = (
        columns(
            DeadlineRow.covenant_id,
            func.coalesce(ActionRow.step_name, ""),
            DeadlineRow.due,
            DeadlineRow.window_start,
            MeetingRow.day,
            DeadlineRow.known_since,
        )
        .join(*OF_ACTION)
        .outerjoin(*OF_MEETING)
        .where(
            col(DeadlineRow.covenant_id).in_(list(covenant_ids)),
            col(DeadlineRow.kind) == LadderKind.MEETING,
            col(DeadlineRow.state) != State.DROPPED,
        )
        .order_by(col(DeadlineRow.due).desc())
    )
    by_covenant: dict[int, dict[tuple[str, int], MeetingDay]] = defaultdict(dict)
    for covenant_id, step, due, start, day, known_since in session.exec(query):
        if due is not None:
            by_covenant[covenant_id][step, due.year] = MeetingDay(day or start or due, start or due, known_since)
    return by_covenant


def planned_days_of(session: Session, covenant_ids: Iterable[int]) -> dict[int, dict[tuple[str, str], date]]:
    """The days that were set for meetings, by step and occurrence, per covenant."""
    query = (
        columns(DeadlineRow.covenant_id, ActionRow.step_name, DeadlineRow.occurrence, MeetingRow.day)
        .join(*OF_ACTION)
        .join(*OF_MEETING)
        .where(in_covenants(covenant_ids), col(ActionRow.step_name).is_not(None))
    )
    by_covenant: dict[int, dict[tuple[str, str], date]] = {covenant_id: {} for covenant_id in covenant_ids}
    for covenant_id, step, occurrence, day in session.exec(query):
        by_covenant[covenant_id][step, occurrence] = day
    return by_covenant


class Outline(NamedTuple):
    """A deadline as keeping the year compares it: `row` has the columns PLANNED and COMPARED by name, `due_item` is
    there while there may be something to tell, `returning` are the leads of `returning_leads`."""

    row: Any
    parts: list[Part]
    due_item: DueItem | None
    returning: frozenset[str] = frozenset()


def outlines(session: Session, covenant_ids: Iterable[int]) -> dict[int, list[Outline]]:
    """Every deadline of several covenants at once, settled ones too: columns, since there may be tens of thousands."""
    where = in_covenants(covenant_ids)
    of_deadline, answered = parts(session, where), answers.said(session, where)
    returning, heard, bodies = returning_leads(session, where), _heard(session, where), called_to(session, where)
    beside = round_questions.not_asked_in(session, where)
    by_covenant: dict[int, list[Outline]] = {covenant_id: [] for covenant_id in covenant_ids}

    def outline(row: Any) -> Outline:
        its_parts, said = of_deadline.get(row[0], []), answered.get(row[0], ())
        told, called = heard.get(row[0], ()), bodies.get(row[0], CalledToMeet())
        is_told, years = row.state == OPEN or _is_off(row.state, row.news), beside.get(row[0], ())
        due_item = (
            _not_asked_in(_due_item(row[: len(PLANNED)], its_parts, said, told, called), years) if is_told else None
        )
        return Outline(row, its_parts, due_item, returning.get(row[0], frozenset()))

    rows = session.exec(columns(*PLANNED, *COMPARED).join(*OF_ACTION).outerjoin(*OF_MEETING).where(where))
    for outlined in made_apart(rows, outline, lambda row: f"keep: termijn {row[0]}"):
        by_covenant[outlined.row.covenant_id].append(outlined)
    return by_covenant


def rows_of(session: Session, covenant_id: int, *where: Where) -> Sequence[DeadlineRow]:
    """The deadlines of a covenant by due date."""
    query = select(DeadlineRow).where(DeadlineRow.covenant_id == covenant_id, *where)
    return session.exec(query.order_by(col(DeadlineRow.due), DeadlineRow.number, col(DeadlineRow.id))).all()


def rows_of_letters(session: Session, covenant_id: int, *where: Where) -> Sequence[DeadlineRow]:
    """The same of the steps that are a letter, which there is once a year."""
    return rows_of(session, covenant_id, col(DeadlineRow.kind) == LadderKind.LETTER, *where)


def step_names(session: Session, ids: Iterable[int]) -> dict[int, str]:
    """The names of the steps of which these are deadlines, by id."""
    query = columns(DeadlineRow.id, ActionRow.step_name).join(*OF_ACTION)
    query = query.where(col(DeadlineRow.id).in_(list(ids)), col(ActionRow.step_name).is_not(None))
    return dict(session.exec(query).all())


def rows_with_mark(session: Session, covenant_id: int, mark: str, reading: ReadingRow | None) -> Sequence[DeadlineRow]:
    """The deadline with this lasting name, or those that the reading which bears this mark gave."""
    if reading is None:
        return rows_of(session, covenant_id, col(DeadlineRow.uid) == mark)
    of_reading = (col(DeadlineRow.action_id) == reading.action_id) & (col(DeadlineRow.slot) == reading.slot)
    return rows_of(session, covenant_id, of_reading)


def rows_by_id(session: Session, ids: Iterable[int]) -> dict[int, DeadlineRow]:
    """Deadlines by id, in slices that either engine takes."""
    by_id: dict[int, DeadlineRow] = {}
    for chunk in _chunks(sorted(set(ids))):
        for row in session.exec(select(DeadlineRow).where(col(DeadlineRow.id).in_(chunk))):
            by_id[id_of(row)] = row
    return by_id


def row_by_id(session: Session, deadline_id: int, covenant_id: int | None = None, *, lock: bool = False) -> DeadlineRow:
    """The deadline of this id; with `lock`, for who will change it, nobody else does before this transaction ends.

    Raises NotFound, also for one of another covenant, and with `lock` Archived for one of a covenant that was put away.
    """
    is_possible = 0 < deadline_id < 2**31
    alone: Any = {"of": DeadlineRow} if lock else None  # not the meeting beside it, which may not be there
    row = session.get(DeadlineRow, deadline_id, with_for_update=alone) if is_possible else None
    if row is None or covenant_id not in (None, row.covenant_id):
        raise NotFound(f"Termijn {deadline_id} bestaat niet.", "Kijk met: cycle plan JAAR")
    if lock:
        covenants.refuse_archived(session, row.covenant_id)
    return row


def parts(session: Session, *where: Where) -> dict[int, list[Part]]:
    """Leads and participants by deadline, in their order."""
    is_taken = and_(col(DeadlineRow.asked) == Asked.TAKEN, col(DeadlineParty.state) == OPEN)
    state = case((is_taken, State.DROPPED), else_=DeadlineParty.state)
    query = (
        columns(DeadlineParty.deadline_id, PartyRow.slug, DeadlineParty.part, state, DeadlineParty.known_since)
        .join(PartyRow, col(DeadlineParty.party_id) == PartyRow.id)
        .join(DeadlineRow, col(DeadlineParty.deadline_id) == DeadlineRow.id)
        .where(*_of_those(where), col(DeadlineParty.part) != FORMER)
        .order_by(col(DeadlineParty.deadline_id), col(DeadlineParty.position))
    )
    by_deadline: dict[int, list[Part]] = defaultdict(list)
    for deadline_id, slug, part, state, known_since in session.exec(query):
        by_deadline[deadline_id].append(Part(slug, part, state, known_since))
    return by_deadline


def _of_those(where: Sequence[Where]) -> list[Where]:
    return [col(DeadlineParty.deadline_id).in_(ids_of(*where))] if where else []


def ids_of(*where: Where) -> Any:
    """The ids of those that meet a condition, for what hangs on them: as a list by itself, for beside a join SQLite
    reads all that hangs on any deadline, and looks at the condition after that."""
    return columns(DeadlineRow.id).where(*where).correlate(None)


def returning_leads(session: Session, *where: Where) -> dict[int, frozenset[str]]:
    """Former leads that come back when they are named again, though the deadline was settled meanwhile.

    Namely where taking them away is what settled it: no other lead settled its part since.
    """
    lead = aliased(DeadlineParty)
    leads = select(lead.deadline_id).where(lead.deadline_id == DeadlineParty.deadline_id, lead.part == LEAD)
    query = (
        columns(DeadlineParty.deadline_id, PartyRow.slug)
        .join(PartyRow, col(DeadlineParty.party_id) == PartyRow.id)
        .join(DeadlineRow, col(DeadlineParty.deadline_id) == DeadlineRow.id)
        .where(*_of_those(where), col(DeadlineParty.part) == FORMER, leads.exists())
        .where(~leads.where(col(lead.settled_at) > col(DeadlineParty.taken_at)).exists())
    )
    by_deadline: dict[int, frozenset[str]] = {}
    for deadline_id, slug in session.exec(query):
        by_deadline[deadline_id] = by_deadline.get(deadline_id, frozenset()) | {slug}
    return by_deadline


def part_rows(session: Session, deadline_id: int) -> list[tuple[DeadlineParty, str]]:
    """The rows of one deadline's parties with the party's slug, to change them."""
    return [(row, slug) for row, slug in all_parties(session, deadline_id) if row.part != FORMER]


def all_parties(session: Session, deadline_id: int) -> list[tuple[DeadlineParty, str]]:
    """The same with the former leads."""
    query = (
        select(DeadlineParty, PartyRow.slug)
        .join(PartyRow, col(DeadlineParty.party_id) == PartyRow.id)
        .where(DeadlineParty.deadline_id == deadline_id)
        .order_by(*_PART_ORDER)
    )
    return [(row, slug) for row, slug in session.exec(query)]


def all_part_rows(session: Session, deadline_ids: Iterable[int]) -> dict[int, list[DeadlineParty]]:
    """The rows of several deadlines' parties, by deadline, in the order of `part_rows`."""
    by_deadline: dict[int, list[DeadlineParty]] = defaultdict(list)
    for chunk in _chunks(sorted(set(deadline_ids))):
        query = select(DeadlineParty).where(
            col(DeadlineParty.deadline_id).in_(chunk), col(DeadlineParty.part) != FORMER
        )
        for row in session.exec(query.order_by(*_PART_ORDER)):
            by_deadline[row.deadline_id].append(row)
    return by_deadline


def is_due(now: datetime) -> Where:
    """May have something to tell by now; settled deadlines have no next moment."""
    return col(DeadlineRow.next_moment) <= now


def in_covenant(covenant_id: int) -> Where:
    """For `parts`: those of one covenant."""
    return col(DeadlineRow.covenant_id) == covenant_id


def in_covenants(covenant_ids: Iterable[int]) -> Where:
    """For `parts`: those of several covenants."""
    return col(DeadlineRow.covenant_id).in_(list(covenant_ids))


def are_open() -> Where:
    """For `parts`: those that are not settled."""
    return col(DeadlineRow.state) == State.OPEN


def may_be_told() -> Where:
    """For `parts`: those of which there may be something to tell, as `items_to_tell`."""
    return are_open() | and_(col(DeadlineRow.state) == State.DROPPED, col(DeadlineRow.news) == News.OFF)


def _is_off(state: str, news: str) -> bool:
    """Whether it is a meeting that was dropped before it was held: whoever counted on it is told."""
    return state == State.DROPPED and news == News.OFF


def with_ids(ids: Iterable[int]) -> Where:
    """For `parts` and `rows_of`: those of these ids."""
    return col(DeadlineRow.id).in_(list(ids))


def of_action(action_id: int) -> Where:
    """For `rows_of`: those of one action."""
    return col(DeadlineRow.action_id) == action_id


def settled_of(session: Session, agreement_ids: Iterable[int]) -> Sequence[DeadlineRow]:
    """The deadlines of some agreements that are not open any more."""
    where = col(DeadlineRow.agreement_id).in_(list(agreement_ids)), DeadlineRow.state != State.OPEN
    return session.exec(select(DeadlineRow).where(*where)).all()


def of_agreement(agreement_id: int) -> Where:
    """For `rows_of`: what came of one agreement, also by the steps of the year that stand for it."""
    steps = select(ActionSource.action_id).where(ActionSource.agreement_id == agreement_id)
    return (col(DeadlineRow.agreement_id) == agreement_id) | col(DeadlineRow.action_id).in_(steps)


def due_between(first: date, last: date) -> Where:
    """For `rows_of`: due in a stretch of days, both ends included."""
    return col(DeadlineRow.due).between(first, last)


def in_feeds(first: date, last: date) -> Where:
    """For `rows_of`: due in a stretch of days, or held or called off as a meeting then."""
    held = select(MeetingRow.deadline_id).where(col(MeetingRow.day).between(first, last))
    return col(DeadlineRow.due).between(first, last) | col(DeadlineRow.id).in_(held)


def renew(session: Session, moments: Moments) -> None:
    """Sets next moments, by id as (what was read, what it becomes); a row that changed meanwhile is left alone."""
    rows = [{"row": key, "was": was, "becomes": becomes} for key, (was, becomes) in moments.items() if was != becomes]
    if rows:
        was = bindparam("was", type_=DeadlineRow.__table__.c.next_moment.type)  # type: ignore[attr-defined]
        unchanged = or_(col(DeadlineRow.next_moment) == was, (was.is_(None)) & col(DeadlineRow.next_moment).is_(None))
        table: Any = DeadlineRow.__table__  # type: ignore[attr-defined]
        command = update(table).where(table.c.id == bindparam("row"), unchanged).execution_options(**UNSEEN)
        session.connection().execute(command.values(next_moment=bindparam("becomes", type_=was.type)), rows)


def wake(session: Session, ids: Iterable[int], now: datetime) -> None:
    """Lets the next tick look again at these deadlines, as far as there may be something to tell of them."""
    for chunk in _chunks(sorted(set(ids))):
        session.connection().execute(
            update(DeadlineRow)
            .where(col(DeadlineRow.id).in_(chunk), may_be_told())
            .values(next_moment=now)
            .execution_options(**UNSEEN)
        )


def wake_all(session: Session, now: datetime) -> None:
    """Lets the next tick look at all that may be told, of the covenants whose mails go out."""
    released = select(Covenant.id).where(col(Covenant.released_at).is_not(None), col(Covenant.archived_at).is_(None))
    session.connection().execute(
        update(DeadlineRow)
        .where(col(DeadlineRow.covenant_id).in_(released), may_be_told())
        .values(next_moment=now)
        .execution_options(**UNSEEN)
    )


def count_open(session: Session) -> int:
    """How many deadlines are open."""
    query = select(func.count()).select_from(DeadlineRow).where(col(DeadlineRow.state) == State.OPEN)
    return session.exec(query).one()


def count_open_before(session: Session, covenant_id: int, day: date) -> int:
    """How many open deadlines of a covenant were due before a day."""
    return _count_open(session, covenant_id, col(DeadlineRow.due) < day)


def count_open_doubts(session: Session, covenant_id: int) -> int:
    """How many open deadlines of a covenant have a doubtful date."""
    return _count_open(session, covenant_id, col(DeadlineRow.doubtful).is_(True))


def _count_open(session: Session, covenant_id: int, where: Where) -> int:
    query = select(func.count()).select_from(DeadlineRow)
    return session.exec(query.where(in_covenant(covenant_id), are_open(), where)).one()


def follow_parts(session: Session, row: DeadlineRow) -> None:
    """The state of a deadline as its leads have it: the one place that writes it, for whoever changes a lead.

    Call it after each change of a lead's state, of the leads themselves, of `asked`, or of the state of its own that a
    deadline without leads has.
    """
    session.flush()
    leads = [State(part.state) for part, _slug in part_rows(session, id_of(row)) if part.part == LEAD]
    row.state = state_of_whole(leads, own_state(row), Asked(row.asked))
    if row.state != OPEN:
        row.next_moment = None
    session.add(row)


def own_state(row: DeadlineRow) -> State:
    """The state that a deadline has of itself, which counts while it has no leads."""
    return State.OPEN if row.asked == Asked.TAKEN else State(row.state)


def meeting_of(row: DeadlineRow) -> Meeting | None:
    """When and where a meeting takes place, if somebody set it."""
    if row.meeting is None or row.meeting.state != MeetingState.PLANNED:
        return None
    return _as_meeting(row.meeting)


def called_off_meeting(row: DeadlineRow) -> CalledOff | None:
    """The meeting that was called off, until another is planned."""
    held = row.meeting
    if held is None or held.called_off_at is None:
        return None
    return CalledOff(_as_meeting(held), held.called_off_at)


def _as_meeting(held: MeetingRow) -> Meeting:
    return Meeting(held.day, held.start, held.end, held.place, held.online)


def _items(session: Session, where: Where) -> list[DueItem]:
    """Deadlines as the planner's values: columns, not objects, since thousands may be due at once."""
    rows = session.exec(columns(*PLANNED).join(*OF_ACTION).outerjoin(*OF_MEETING).where(where)).all()
    if not rows:
        return []
    of_deadline, answered = parts(session, where), answers.said(session, where)
    is_any_changed = any(news in (News.MOVED, News.OFF) for *_, news, _state in rows)
    heard = _heard(session, where) if is_any_changed else {}
    bodies = called_to(session, where) if any(row[2] in HELD for row in rows) else {}
    beside = round_questions.not_asked_in(session, where)
    # sorted here: ORDER BY the primary key makes SQLite scan the whole table instead of the index on next_moment
    return made_apart(
        sorted(rows, key=itemgetter(0)),
        lambda row: _not_asked_in(
            _due_item(
                row,
                of_deadline.get(row[0], []),
                answered.get(row[0], ()),
                heard.get(row[0], ()),
                bodies.get(row[0], CalledToMeet()),
            ),
            beside.get(row[0], ()),
        ),
        lambda row: f"plan: termijn {row[0]}",
    )


class CalledToMeet(NamedTuple):
    """Who is told of a meeting beside its parties: the people who were named for its body, or the directors."""

    members: tuple[int, ...] = ()
    directors: bool = False


def called_to(session: Session, where: Where) -> dict[int, CalledToMeet]:
    """What the body that meets at a deadline says of who comes, where it says something."""
    is_board = and_(col(Body.is_named).is_(False), col(Body.slug).startswith(BOARD))
    query = (
        columns(DeadlineRow.id, Body.is_named, BodyMember.person_id)
        .join(*OF_ACTION)
        .join(Body, col(Body.id) == ActionRow.body_id)
        .outerjoin(BodyMember, and_(col(BodyMember.body_id) == Body.id, col(Body.is_named).is_(True)))
        .where(where, col(DeadlineRow.kind).in_(HELD), or_(col(Body.is_named).is_(True), is_board))
    )
    called: dict[int, CalledToMeet] = {}
    for deadline_id, is_named, person in session.exec(query):
        people = {*called.get(deadline_id, CalledToMeet()).members, *([] if person is None else [person])}
        called[deadline_id] = CalledToMeet(tuple(sorted(people)), not is_named)
    return called


def _heard(session: Session, where: Where) -> dict[int, tuple[str, ...]]:
    """The parties that were told of a deadline before it was moved, or before its meeting was off."""
    changed = ids_of(where, col(DeadlineRow.news).in_([News.MOVED, News.OFF]))
    query = (
        columns(ReminderRow.deadline_id, ReminderRow.party)
        .join(DeadlineRow, col(ReminderRow.deadline_id) == DeadlineRow.id)
        .where(col(ReminderRow.deadline_id).in_(changed))
        .where(col(ReminderRow.failed_in) == 0, col(ReminderRow.on) < DeadlineRow.known_since)
        .distinct()
    )
    by_deadline: dict[int, tuple[str, ...]] = {}
    for deadline_id, party in sorted(session.exec(query)):
        by_deadline[deadline_id] = (*by_deadline.get(deadline_id, ()), party)
    return by_deadline


def learn(session: Session, row: DeadlineRow, today: date, news: News | None) -> None:
    """From today a deadline is as it is now. What was told of it today already, or of a later day, comes before that.

    Where nobody was told yet what was new before, that stays new as well: who heard of the first day hears of the last.
    """
    session.flush()
    last = session.exec(select(func.max(ReminderRow.on)).where(*_told_of(row))).one()
    was_moved = row.news in (News.MOVED, News.OFF) and (
        last is None or row.known_since is None or last < row.known_since
    )
    row.known_since = max(today, last + ONE_DAY) if last is not None else today
    row.news = News.MOVED if was_moved and news is News.SET else news or ""
    session.add(row)


def drop_meeting(session: Session, row: DeadlineRow, today: date) -> None:
    """Of a meeting that was just dropped and was yet to be held, it is news that it is off."""
    day = (row.meeting_day or row.due) if row.kind == LadderKind.MEETING else row.meeting_day
    if row.state == State.DROPPED and day is not None and day >= today and row.news != News.OFF:
        learn(session, row, today, News.OFF)


def lead_since(session: Session, row: DeadlineRow, part: DeadlineParty, today: date) -> None:
    """From today a party leads a deadline, or does so again; as `learn`, of this party alone."""
    party = select(PartyRow.slug).where(PartyRow.id == part.party_id).scalar_subquery()
    last = session.exec(select(func.max(ReminderRow.on)).where(*_told_of(row), ReminderRow.party == party)).one()
    part.known_since = max(today, last + ONE_DAY) if last is not None else today
    session.add(part)


def _told_of(row: DeadlineRow) -> tuple[Where, ...]:
    return col(ReminderRow.deadline_id) == row.id, col(ReminderRow.failed_in) == 0


def _due_item(
    row: Any, its_parts: list[Part], answered: tuple[Answered, ...], heard: tuple[str, ...], called: CalledToMeet
) -> DueItem:
    (
        id_,
        covenant,
        kind,
        due,
        start,
        step,
        invented,
        doubtful,
        via,
        meeting_day,
        agreements,
        theme,
        next_at,
        occurrence,
        known_since,
        news,
        state,
    ) = row
    leads, is_off = [part for part in its_parts if part.part == LEAD], _is_off(state, news)
    item = OpenItem(
        id_,
        KINDS[kind],
        due,
        start,
        step or "",
        tuple([part.party for part in leads if is_off or part.state == OPEN]),
        bool(leads),
        tuple([part.party for part in its_parts if part.part == PARTICIPANT]),
        invented,
        doubtful,
        via,
        meeting_day,
        tuple(agreements),
        theme,
        tuple([part.party for part in leads if not is_off and part.state != OPEN]),
        occurrence == ONCE,
        answered,
        known_since,
        News(news) if news else None,
        tuple([(part.party, part.known_since) for part in leads if part.known_since is not None]),
        heard,
        *called,
        is_off=is_off,
    )
    return DueItem(covenant, item, next_at)


def _not_asked_in(due: DueItem, years: tuple[int, ...]) -> DueItem:
    """The same, that is not asked about in the rounds of some years."""
    return due._replace(item=due.item._replace(not_asked_in=years)) if years else due


PLANNED = (
    DeadlineRow.id,
    DeadlineRow.covenant_id,
    DeadlineRow.kind,
    DeadlineRow.due,
    DeadlineRow.window_start,
    ActionRow.step_name,
    DeadlineRow.invented,
    DeadlineRow.doubtful,
    DeadlineRow.via,
    MeetingRow.day,
    DeadlineRow.agreements,
    DeadlineRow.theme,
    DeadlineRow.next_moment,
    DeadlineRow.occurrence,
    DeadlineRow.known_since,
    DeadlineRow.news,
    DeadlineRow.state,
)
"""What the planner needs of a deadline and its action, in the order of `_due_item`."""

OF_ACTION = ActionRow, col(DeadlineRow.action_id) == ActionRow.id

OF_MEETING = (
    MeetingRow,
    and_(col(MeetingRow.deadline_id) == DeadlineRow.id, col(MeetingRow.state) == MeetingState.PLANNED),
)
"""The meeting as which a deadline is held, where that is planned."""

COMPARED = (
    DeadlineRow.origin,
    DeadlineRow.action_id,
    DeadlineRow.slot,
    DeadlineRow.moved_from,
    DeadlineRow.title,
    DeadlineRow.todo,
    DeadlineRow.number,
    DeadlineRow.phrase,
    DeadlineRow.source,
    DeadlineRow.joint,
    DeadlineRow.asked,
)
"""What keeping the year compares beside that."""

MOVED = ("kind", "invented", "doubtful", "window_start", "due", "moved_from")
"""What moving a deadline changes."""

_PART_ORDER = (col(DeadlineParty.part), col(DeadlineParty.position), col(DeadlineParty.party_id))

KINDS = {kind: kind for kind in LadderKind}
OPEN, ONCE = State.OPEN, "once"


def _chunks(ids: Sequence[int], size: int = 500) -> Iterable[Sequence[int]]:
    return (ids[start : start + size] for start in range(0, len(ids), size))
