"""Done, dropped, moved, reopened: what people decide about one deadline. It works at once, per lead party."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cycle.actions.deadlines.upkeep.year_upkeep import give_back_day, keep_covenant, renew_moments
from cycle.actions.office.covenant_view import CovenantView, views
from cycle.actions.office.logbook import note
from cycle.actions.office.office import Office
from cycle.actions.office.turning import newest, open_part, settle_part, step_back
from cycle.actions.office.versions import refuse_changed, version_of
from cycle.domain.days import DEADLINE
from cycle.domain.model import Asked, LadderKind, News, State
from cycle.domain.status import STATE_WORDS
from cycle.domain.words import joined, weekday_words, who_of
from cycle.errors import NotFound, Refused
from cycle.store import covenants, deadlines, round_questions, signals
from cycle.store.database import Session
from cycle.store.deadlines import LEAD
from cycle.store.happened import PastChange
from cycle.store.ids import id_of
from cycle.store.outbox import withdrawing
from cycle.store.tables import DeadlineParty, DeadlineRow
from cycle.store.taking_back import values_of

DONE_WORDS = {**STATE_WORDS, State.OPEN: "weer open"}


@dataclass(frozen=True, slots=True)
class Settled:
    """What a decision did: `changed` is false when it was so already."""

    title: str
    words: str
    changed: bool


def settle(
    office: Office,
    deadline_id: int,
    state: State,
    now: datetime,
    *,
    by: str = "",
    party: str = "",
    note_text: str = "",
    covenant_id: int | None = None,
    version: str = "",
) -> Settled:
    """Marks a deadline done or dropped for one lead party, or for all when it has one or is joint.

    Raises NotFound, Changed when it is not what the page of this `version` showed, or Refused when it is not clear
    which party is meant.
    """
    with office.database.writing() as session:
        row = deadlines.row_by_id(session, deadline_id, covenant_id, lock=True)
        refuse_changed_row(session, row, version)
        party = party or _own_party(session, row, by)
        return settle_row(office, session, row, state, now, by=by, party=party, note_text=note_text)


def settle_row(
    office: Office,
    session: Session,
    row: DeadlineRow,
    state: State,
    now: datetime,
    *,
    by: str,
    party: str,
    note_text: str = "",
) -> Settled:
    """The same for a locked deadline, in the transaction of the caller."""
    parts = _chosen_leads(session, row, party, state)
    changed = [(part, slug) for part, slug in parts if part.state != state]
    is_taken = row.asked == Asked.TAKEN and not parts
    if not changed and row.state == state and not is_taken:
        return Settled(row.title, f"was al {DONE_WORDS[state]}", changed=False)
    for part, _slug in changed:
        if state is State.OPEN:
            open_part(session, part, note_text)
        else:
            settle_part(part, state, now, by, note_text)
        session.add(part)
    if not parts:
        row.state = state
    return _settled(office, session, row, state, [slug for _part, slug in changed], now, by, note_text)


def reopen(
    office: Office,
    deadline_id: int,
    now: datetime,
    *,
    by: str = "",
    note_text: str = "",
    covenant_id: int | None = None,
    version: str = "",
) -> Settled:
    """Opens a deadline again for all who lead it.

    Raises NotFound, or Changed when it is not what the page of this `version` showed.
    """
    with office.database.writing() as session:
        row = deadlines.row_by_id(session, deadline_id, covenant_id, lock=True)
        refuse_changed_row(session, row, version)
        return reopen_row(office, session, row, now, by=by, note_text=note_text)


def reopen_row(
    office: Office, session: Session, row: DeadlineRow, now: datetime, *, by: str, note_text: str = ""
) -> Settled:
    """The same for a locked deadline, in the transaction of the caller.

    What the last decision settled is as it was before, so that who had done it earlier need not do it again. When that
    leaves nobody to do it, each lead is open.
    """
    if row.state == State.OPEN:
        return Settled(row.title, f"was al {DONE_WORDS[State.OPEN]}", changed=False)
    leads = _leads(session, row)
    closed = [] if _is_open(leads) else leads  # one that is open was taken away as it was
    for part in newest([part for part, _slug in closed]):
        step_back(session, part)
    for part, _slug in [] if _is_open(closed) else closed:
        open_part(session, part)
    opened = [(part, slug) for part, slug in closed if part.state == State.OPEN]
    for part, _slug in opened:
        part.note = note_text or part.note
    if not leads:
        row.state = State.OPEN
    return _settled(office, session, row, State.OPEN, [slug for _part, slug in opened], now, by, note_text)


def undo_row(
    office: Office,
    session: Session,
    row: DeadlineRow,
    dropping: Sequence[PastChange],
    own: State,
    now: datetime,
    *,
    by: str,
    why: str,
) -> None:
    """Takes one settling back, on a locked deadline: its leads are exactly as they were before it (`dropping` is what
    it changed). Without leads the deadline has the state of its `own` that it had. What was settled before there were
    facts is only opened.
    """
    leads = _leads(session, row)
    dropped = {one.new["party_id"] for one in dropping if one.subject == "part"}
    undone = [(part, slug) for part, slug in leads if part.party_id in dropped and part.state != State.OPEN]
    if leads and not undone:
        reopen_row(office, session, row, now, by=by, note_text=why)
        return
    for part, _slug in undone:
        step_back(session, part)
        session.add(part)
    if not leads:
        row.state = own
    deadlines.follow_parts(session, row)
    _settled(office, session, row, State(row.state), [slug for _part, slug in undone], now, by, why)


def move(
    office: Office,
    deadline_id: int,
    day: date,
    now: datetime,
    *,
    by: str = "",
    reason: str = "",
    covenant_id: int | None = None,
    carried: bool = False,
    version: str = "",
) -> Settled:
    """Gives an open deadline another last day. What was told about the old day does not count for the new one.

    On the day that the year itself asks it was not moved at all, so that an invented day is an invented one again.
    `carried` is for an action of the previous agenda that goes on: its day is then fixed, also when it stays the same.

    Raises NotFound, Changed when it is not what the page of this `version` showed, or Refused for one that is settled
    and for a day that cannot be.
    """
    DEADLINE.around(office.local_day(now)).refuse(day)
    with office.database.writing() as session:
        row = deadlines.row_by_id(session, deadline_id, covenant_id, lock=True)
        refuse_changed_row(session, row, version)
        return move_row(office, session, row, day, now, by=by, reason=reason, carried=carried)


def move_row(
    office: Office,
    session: Session,
    row: DeadlineRow,
    day: date,
    now: datetime,
    *,
    by: str,
    reason: str = "",
    carried: bool = False,
) -> Settled:
    """The same for a locked deadline, in the transaction of the caller."""
    if row.state != State.OPEN:
        raise Refused(f"{row.title} is al {DONE_WORDS[State(row.state)]}.", "Open de termijn eerst weer.")
    if row.due == day and (row.moved_from is not None or not carried):
        return Settled(row.title, f"stond al op {weekday_words(day)}", changed=False)
    old = row.due
    if carried or not _is_moved_back(office, session, row, day, now):
        row.moved_from = row.moved_from or row.due or day
        row.due, row.window_start = day, min(row.window_start, day) if row.window_start else None
        row.invented = row.doubtful = False
        row.kind = LadderKind.ACTION if row.kind == LadderKind.YEARLY else row.kind
    deadlines.learn(session, row, office.local_day(now), News.MOVED)
    raise_sequence(session, row, now)
    detail = f"van {old} naar {day} {reason}".strip()
    verb = "doorgeschoven" if carried else "verplaatst"
    note(session, now, by, verb, f"termijn {row.id}", detail, row.covenant_id)
    replan(office, session, row, now)
    return Settled(row.title, f"{verb} naar {weekday_words(day)}", changed=True)


def put_back_row(
    office: Office,
    session: Session,
    row: DeadlineRow,
    was: Mapping[str, Any],
    day: date | None,
    now: datetime,
    *,
    by: str,
    reason: str,
) -> None:
    """Takes one move back, on a locked deadline: all that it changed is as it was before.

    `was` are values as facts have them; of long ago no more may be known than the `day`. Where the register changed
    since, what it says now counts.
    """
    if not was and day is not None:
        move_row(office, session, row, day, now, by=by, reason=reason)
        return
    old = row.due
    for name, value in values_of(DeadlineRow, was).items():
        if name in deadlines.MOVED:
            setattr(row, name, value)
    deadlines.learn(session, row, office.local_day(now), News.MOVED)
    raise_sequence(session, row, now)
    detail = f"van {old} naar {row.due or 'geen datum'} {reason}"
    note(session, now, by, "verplaatst", f"termijn {row.id}", detail, row.covenant_id)
    keep_covenant(session, view_of_row(office, session, row), now)
    replan(office, session, row, now)


def _is_moved_back(office: Office, session: Session, row: DeadlineRow, day: date, now: datetime) -> bool:
    """Whether the day is the one that was asked before anybody moved it; then the row is what it was."""
    return row.moved_from is not None and give_back_day(session, view_of_row(office, session, row), row, day, now)


def version_of_deadline(row: DeadlineRow, parts: Sequence[DeadlineParty], now: datetime) -> str:
    """What a page shows of a deadline and its parties (in their order), for its forms."""
    return version_of(now, row, *parts)


def release(office: Office, covenant_slug: str | None, now: datetime, *, by: str = "") -> Settled:
    """Lets a covenant's mail go out from now on. Until then nobody gets any."""
    with office.database.writing() as session:
        row = covenants.covenant(session, covenant_slug)
        if row.released_at is not None:
            return Settled(row.name, "was al vrijgegeven", changed=False)
        row.released_at, row.released_by = now, by
        session.add(row)
        note(session, now, by, "vrijgegeven", f"convenant {row.slug}", "", row.id)
        session.flush()
        view = views(session, office.settings, [id_of(row)])[id_of(row)]
        renew_moments(session, view, deadlines.items_to_tell(session, view.id), now)
        return Settled(row.name, "vrijgegeven: vanaf nu gaan er herinneringen uit", changed=True)


def refuse_changed_row(session: Session, row: DeadlineRow, version: str) -> None:
    """Raises Changed when a deadline is not what the page of this version showed."""
    if version:
        refuse_changed(session, version, f"termijn {row.id}", row.covenant_id, row, *_part_rows(session, row))


def _part_rows(session: Session, row: DeadlineRow) -> list[DeadlineParty]:
    return [part for part, _slug in deadlines.part_rows(session, id_of(row))]


def _chosen_leads(session: Session, row: DeadlineRow, party: str, state: State) -> list[tuple[DeadlineParty, str]]:
    """The lead parties that a decision is about."""
    leads = _leads(session, row)
    slugs = [slug for _part, slug in leads]
    if party and party not in slugs:
        raise NotFound(f"{party!r} is geen trekker van {row.title}.", f"Trekkers zijn: {joined(slugs) or 'niemand'}.")
    if row.joint or len(leads) < 2 or (state is State.DROPPED and not party):
        return leads
    if not party and all(part.state == state for part, _slug in leads):
        return leads  # nobody has to be chosen: the whole was taken away while it was open for each of them
    if not party:  # nobody named one, and who decides is not of one of them
        raise Refused(f"{row.title} heeft meer trekkers.", f"Zeg voor wie, met --party: {', '.join(slugs)}.")
    return [(part, slug) for part, slug in leads if slug == party]


def _leads(session: Session, row: DeadlineRow) -> list[tuple[DeadlineParty, str]]:
    return [(part, slug) for part, slug in deadlines.part_rows(session, id_of(row)) if part.part == LEAD]


def _own_party(session: Session, row: DeadlineRow, by: str) -> str:
    """The lead party of whoever decides, when that is clear from their address."""
    seated = covenants.members(session, [row.covenant_id]).get(row.covenant_id, [])
    mine = {member.party for member in seated if member.email == who_of(by).strip().lower()}
    leads = [slug for _part, slug in _leads(session, row) if slug in mine]
    return leads[0] if len(leads) == 1 else ""


def _is_open(leads: Sequence[tuple[DeadlineParty, str]]) -> bool:
    """Whether one of these leads has its part to do yet."""
    return any(part.state == State.OPEN for part, _slug in leads)


def _settled(
    office: Office,
    session: Session,
    row: DeadlineRow,
    state: State,
    slugs: list[str],
    now: datetime,
    by: str,
    note_text: str,
) -> Settled:
    """The whole follows, with the logbook and what waits to be sent; what is open again counts from today."""
    was = row.state
    if row.asked == Asked.TAKEN and (state is State.OPEN or not _is_open(_leads(session, row))):
        row.asked = Asked.KEPT  # nothing asks for it, and from now on what people decided holds
    deadlines.follow_parts(session, row)
    if row.state == State.DONE != was:
        signals.take_up(session, row)
    if row.state == State.OPEN and (was != State.OPEN or state is State.OPEN):
        deadlines.learn(session, row, office.local_day(now), News.BACK)
    if row.state == State.DROPPED != was:
        deadlines.drop_meeting(session, row, office.local_day(now))
    raise_sequence(session, row, now)
    note(session, now, by, DONE_WORDS[state], f"termijn {row.id}", " ".join([*slugs, note_text]), row.covenant_id)
    replan(office, session, row, now)
    return Settled(row.title, _words(session, row, state, slugs), changed=True)


def raise_sequence(session: Session, row: DeadlineRow, now: datetime) -> None:
    """Calendars see that a deadline is another than before."""
    row.changed_at, row.sequence = now, row.sequence + 1
    session.add(row)
    session.flush()


def replan(office: Office, session: Session, row: DeadlineRow, now: datetime) -> None:
    """Digests that still wait are planned anew without what was settled, and the next moment follows.

    The day of a meeting is when others are asked about as well, and a question about an agreement is not asked in the
    year of another of its deadlines: those follow too.
    """
    withdrawing.withdraw(session, withdrawing.unsent_digests_about(session, [id_of(row)]), now)
    view = view_of_row(office, session, row)
    is_meeting = row.kind == LadderKind.MEETING
    follows = {row.id, *round_questions.questions_beside(session, row)}
    touched = [one for one in deadlines.items_to_tell(session, row.covenant_id) if is_meeting or one.item.id in follows]
    renew_moments(session, view, touched, now)


def _words(session: Session, row: DeadlineRow, state: State, slugs: list[str]) -> str:
    """What was decided, and for whom it is still open."""
    still = [slug for part, slug in _leads(session, row) if part.state == State.OPEN]
    words = DONE_WORDS[state] + (f" voor {joined(slugs)}" if slugs else "")
    return f"{words}; nog open voor {joined(still)}" if still and state is not State.OPEN else words


def view_of_row(office: Office, session: Session, row: DeadlineRow) -> CovenantView:
    """The covenant that a deadline is of."""
    return views(session, office.settings, [row.covenant_id])[row.covenant_id]
