"""Keeping the year: steps and yearly readings become deadlines for this and the next two years.

Idempotent: unique on covenant, origin and occurrence. A changed step changes open rows only, keeps their UID and raises
the sequence; what a person decided (a moved date, a settled lead) stays.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import uuid4

from sqlmodel import Session

from cycle.actions.office import Office
from cycle.actions.views import View, situations, steps_of, view, views
from cycle.domain.model import Draft, Origin, State
from cycle.domain.planning import Situation, next_day_to_tell
from cycle.domain.year import Agreement, Step, year_drafts
from cycle.store import covenants, deadlines, outbox, register
from cycle.store.deadlines import LEAD, PARTICIPANT, DueItem
from cycle.store.tables import DeadlineParty, DeadlineRow

YEARS_AHEAD = 2


@dataclass(frozen=True, slots=True)
class Kept:
    """What keeping the year changed."""

    new: int = 0
    changed: int = 0
    dropped: int = 0


def keep_year(office: Office, now: datetime, new_uid: Callable[[], str] = lambda: uuid4().hex) -> Kept:
    """Brings the deadlines of every covenant in line with its steps and register, and renews their next moments."""
    total = Kept()
    with office.database.reading() as session:
        slugs = [row.slug for row in covenants.covenants(session)]
    for slug in slugs:
        with office.database.writing() as session:
            kept = keep_covenant(session, view(session, office.settings, slug), now, new_uid)
        total = Kept(total.new + kept.new, total.changed + kept.changed, total.dropped + kept.dropped)
    return total


def keep_covenant(
    session: Session, here: View, now: datetime, new_uid: Callable[[], str] = lambda: uuid4().hex
) -> Kept:
    """The same for one covenant, in the transaction of the caller."""
    covenants.lock(session, here.id)
    drafts = drafts_of(session, here, now)
    rows = {(row.origin, row.origin_ref, row.occurrence): row for row in deadlines.rows_of(session, here.id)}
    party_ids = {row.slug: row.id or 0 for row in covenants.party_rows(session, here.id)}
    agreement_ids = {row.number: row.id for row in register.agreement_rows(session, here.id)}
    parts = deadlines.parts(session, deadlines.in_covenant(here.id))
    new = changed = 0
    for draft in drafts:
        row = rows.pop((draft.origin.value, draft.origin_ref, draft.occurrence), None)
        if row is None:
            _insert(session, here.id, draft, agreement_ids.get(draft.number), party_ids, now, new_uid())
            new += 1
        elif row.state == State.OPEN.value and _update(session, row, draft, parts.get(row.id or 0, []), party_ids, now):
            changed += 1
    dropped = _drop(session, rows.values(), here, now)
    session.flush()
    renew_moments(session, here, deadlines.open_items(session, here.id), now)
    return Kept(new, changed, dropped)


def drafts_of(session: Session, here: View, now: datetime) -> list[Draft]:
    """All that the covenant asks: history from its register, and the years from go-live to the last kept one."""
    steps, agreements, planned = year_parts(session, here)
    this_year = here.local_day(now).year
    readings = [one.reading for agreement in agreements for one in agreement.readings]
    first = min(here.policy.live_since.year, this_year)  # what is still open from an earlier year stays asked
    years = {reading.due.year for reading in readings if reading.due} | set(range(first, this_year + YEARS_AHEAD + 1))
    drafts = [draft for year in sorted(years) for draft in year_drafts(year, steps, agreements, planned)]
    return [draft for draft in drafts if _is_kept(draft, here.policy.live_since, this_year + YEARS_AHEAD)]


def year_parts(
    session: Session, here: View
) -> tuple[tuple[Step, ...], tuple[Agreement, ...], dict[tuple[str, str], date]]:
    """Steps, agreements and set meeting days: what a year is made of."""
    steps = steps_of(here.settings, here.parties, covenants.groups(session, here.id))
    agreements = register.agreements(session, here.id, tuple(here.settings.steps))
    return steps, agreements, deadlines.planned_days(session, here.id)


def renew_moments(session: Session, here: View, items: Sequence[DueItem], now: datetime) -> None:
    """Writes down when each open deadline may next have something to tell; never for a covenant that is held."""
    ids = [one.item.id for one in items]
    ledger = {}
    for start in range(0, len(ids), 500):
        ledger.update(outbox.told(session, deadlines.with_ids(ids[start : start + 500])))
    situation = situations(session, {here.id: here}, items, ledger).get(here.id)
    if situation is not None:
        renewed = {one.item.id: (one.next_moment, _moment_of(one, here, situation, now)) for one in items}
        deadlines.renew(session, renewed)


def renew_all(office: Office, session: Session, now: datetime) -> None:
    """Renews every covenant's open deadlines, in the transaction of the caller."""
    for here in views(session, office.settings).values():
        renew_moments(session, here, deadlines.open_items(session, here.id), now)


def _moment_of(one: DueItem, here: View, situation: Situation, now: datetime) -> datetime | None:
    """The send moment of the first day with something to tell; None while the covenant is held."""
    if here.row.released_at is None:
        return None
    day = next_day_to_tell(one.item, situation, here.local_day(now))
    return here.send_moment(day) if day else None


def _is_kept(draft: Draft, live_since: date, last_year: int) -> bool:
    """Steps and yearly readings only from go-live and within the kept years; a dated action always."""
    if draft.due is None:
        return False
    if draft.origin is Origin.AGREEMENT and draft.occurrence == "once":
        return True
    return draft.due >= live_since and draft.due.year <= last_year


def _insert(
    session: Session, covenant_id: int, draft: Draft, agreement_id: int | None, party_ids: dict[str, int],
    now: datetime, uid: str,
) -> None:  # fmt: skip
    row = DeadlineRow(
        covenant_id=covenant_id, agreement_id=agreement_id, origin=draft.origin.value, origin_ref=draft.origin_ref,
        occurrence=draft.occurrence, title=draft.title, kind=draft.kind.value, uid=uid, created_at=now, changed_at=now,
    )  # fmt: skip
    _describe(row, draft)
    session.add(row)
    session.flush()
    _set_parts(session, row, draft, party_ids)


def _update(
    session: Session, row: DeadlineRow, draft: Draft, parts: Sequence[deadlines.Part], party_ids: dict[str, int],
    now: datetime,
) -> bool:  # fmt: skip
    """Brings an open row in line with its draft; says whether anything was different."""
    before = row.model_dump(exclude={"changed_at", "sequence", "next_moment"})
    _describe(row, draft)
    has = [(part.party, part.part) for part in parts]
    wants = [(slug, LEAD) for slug in draft.leads] + [(slug, PARTICIPANT) for slug in draft.participants]
    if before == row.model_dump(exclude={"changed_at", "sequence", "next_moment"}) and has == wants:
        return False
    row.changed_at, row.sequence = now, row.sequence + 1
    session.add(row)
    if has != wants:
        _set_parts(session, row, draft, party_ids)
    outbox.withdraw(session, outbox.untried_digests_about(session, [row.id or 0]), now)
    return True


def _describe(row: DeadlineRow, draft: Draft) -> None:
    """What the draft says, but for a date that a person moved."""
    row.title, row.todo, row.number, row.theme = draft.title, draft.todo, draft.number, draft.theme
    row.phrase, row.source, row.via = draft.phrase, draft.source, draft.via
    row.agreements, row.joint = list(draft.agreements), draft.joint
    if row.moved_from is None:
        row.kind, row.invented, row.doubtful = draft.kind.value, draft.invented, draft.doubtful
        row.window_start, row.due = draft.window_start, draft.due


def _set_parts(session: Session, row: DeadlineRow, draft: Draft, party_ids: dict[str, int]) -> None:
    """Leads and participants as the draft names them; a lead that stays keeps its state."""
    kept = {(part.party_id, part.part): part for part, _slug in deadlines.part_rows(session, row.id or 0)}
    wanted = [(slug, LEAD) for slug in draft.leads] + [(slug, PARTICIPANT) for slug in draft.participants]
    for position, (slug, part) in enumerate(wanted):
        old = kept.pop((party_ids[slug], part), None)
        new = old or DeadlineParty(deadline_id=row.id or 0, party_id=party_ids[slug], part=part)
        new.position = position
        session.add(new)
    for gone in kept.values():
        session.delete(gone)
    session.flush()


def _drop(session: Session, rows: Iterable[DeadlineRow], here: View, now: datetime) -> int:
    """Open deadlines that neither a step nor a reading asks for any more are dropped, not deleted."""
    last_year = here.local_day(now).year + YEARS_AHEAD
    gone = [row for row in rows if row.state == State.OPEN.value and _is_asked_for(row, here, last_year)]
    for row in gone:
        row.state, row.next_moment, row.changed_at = State.DROPPED.value, None, now
        row.sequence += 1
        session.add(row)
    outbox.withdraw(session, outbox.untried_digests_about(session, [row.id or 0 for row in gone]), now)
    return len(gone)


def _is_asked_for(row: DeadlineRow, here: View, last_year: int) -> bool:
    """Whether a draft of this deadline would be there if anything still asked for it."""
    if row.origin == Origin.MEETING.value or row.due is None:
        return False
    is_dated_action = row.origin == Origin.AGREEMENT.value and row.occurrence == "once"
    return is_dated_action or (here.policy.live_since <= row.due and row.due.year <= last_year)
