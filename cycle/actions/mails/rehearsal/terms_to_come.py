"""The next framework that waits, for whoever looks ahead over its first day.

That day is lived in a transaction that is taken back, by what will live it; so the rehearsal shows the old framework to
its last day and the new one from its first.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from cycle.actions.deadlines.upkeep.listing import PlanItem, plan, plan_of
from cycle.actions.deadlines.upkeep.year_upkeep import keep_covenant
from cycle.actions.mails.rehearsal.years_to_come import ToCome, with_years_to_come
from cycle.actions.office.covenant_view import CovenantView, situations, view_of, views
from cycle.actions.office.office import Office
from cycle.domain.mail_plan import TermTurn
from cycle.domain.situation import Situation
from cycle.store import deadlines
from cycle.store.database import Session
from cycle.store.ids import id_of
from cycle.store.tables import DeadlineRow
from cycle.store.touching import WritingSession

FRESH = -1_000_000
"""Below it are the numbers of what only the next framework asks: none is taken for another that is yet to come."""
Name = tuple[int, str, str]


@dataclass(frozen=True, slots=True)
class TermsToCome:
    """The turns through a day, and their deadlines as they will be stored, by the number that the plan gives them."""

    turns: tuple[TermTurn, ...] = ()
    rows: Mapping[date, Mapping[int, DeadlineRow]] | None = None

    def rows_on(self, day: date) -> Mapping[int, DeadlineRow]:
        """What deadlines are on a day, where a turn made them otherwise."""
        known = self.rows or {}
        return {key: row for turned in sorted(known) if turned <= day for key, row in known[turned].items()}


class _TakenBack(Exception):
    """Nothing of this is kept."""


def with_terms_to_come(
    office: Office, session: Session, tables: Mapping[int, CovenantView], ahead: ToCome, last: date, now: datetime
) -> TermsToCome:
    """What changes in some covenants on the first day of a waiting framework, when that is on or before a day."""
    waiting = {key: view.next_from for key, view in tables.items() if view.next_from and view.next_from <= last}
    if not waiting:
        return TermsToCome()
    numbers = {_name_of(row): key for key, row in ahead.rows.items()}
    turns: list[TermTurn] = []
    rows: dict[date, dict[int, DeadlineRow]] = {}
    for key, day in waiting.items():
        at = datetime.combine(day, time(3), tzinfo=tables[key].settings.zone)
        with _lived(office, session, key, max(at, now)) as (own, view):
            situation, mine = _situation(own, view, ahead.situations[key], numbers, last, max(at, now))
        turns.append(TermTurn(day, key, situation))
        rows[day] = {**rows.get(day, {}), **mine}
    return TermsToCome(tuple(turns), rows)


def year_over_terms(office: Office, covenant: str | None, year: int, now: datetime) -> list[PlanItem]:
    """The plan of a year; from the first day of a framework that waits it is what that one asks.

    Raises NotFound, or Refused for a year that cannot be.
    """
    today = office.local_day(now)
    with office.database.reading() as session:
        items = plan(session, office.settings, covenant, year, today)
        view = view_of(session, office.settings, covenant)
        day = view.next_from
        if day is None or day.year > year:
            return items
        ids = {item.id for item in items}
        at = max(datetime.combine(day, time(3), tzinfo=view.settings.zone), now)
        with _lived(office, session, view.id, at) as (own, later):
            coming = [replace(one, id=one.id if one.id in ids else None) for one in plan_of(own, later, year, today)]
    old = [item for item in items if item.due is not None and item.due < day]
    return [*old, *(item for item in coming if item.due is None or item.due >= day)]


@contextmanager
def _lived(office: Office, session: Session, covenant_id: int, at: datetime) -> Iterator[tuple[Session, CovenantView]]:
    """A covenant when that day has been kept, in a transaction that is taken back."""
    if isinstance(session, WritingSession):  # of somebody who tries something out, and takes that back too
        nested = session.begin_nested()
        yield session, _kept(office, session, covenant_id, at)
        nested.rollback()
        session.expire_all()
        return
    try:
        with office.database.writing() as own:
            yield own, _kept(office, own, covenant_id, at)
            raise _TakenBack
    except _TakenBack:
        pass


def _kept(office: Office, session: Session, covenant_id: int, at: datetime) -> CovenantView:
    keep_covenant(session, views(session, office.settings, [covenant_id])[covenant_id], at)
    return views(session, office.settings, [covenant_id])[covenant_id]


def _situation(
    session: Session, view: CovenantView, before: Situation, numbers: Mapping[Name, int], last: date, at: datetime
) -> tuple[Situation, dict[int, DeadlineRow]]:
    """The covenant as the plan sees it from then on. What is known already keeps its number."""
    items = deadlines.items_to_tell(session, view.id)
    after = situations(session, {view.id: view}, items, {})[view.id]
    ahead = with_years_to_come(session, {view.id: view}, {view.id: after}, last, at)
    stored = {id_of(row): row for row in deadlines.rows_of(session, view.id)}
    rows, is_known = {**ahead.rows, **stored}, {item.id for item in before.items}
    renumbered: dict[int, int] = {}
    for item in ahead.situations[view.id].items:
        if item.id not in is_known or item.id < 0:
            renumbered[item.id] = numbers.get(_name_of(rows[item.id]), FRESH - len(renumbered))
    complete = ahead.situations[view.id]
    mine = [item._replace(id=renumbered.get(item.id, item.id)) for item in complete.items]
    seen = {renumbered.get(item.id, item.id): _copy(rows[item.id]) for item in complete.items}
    situation = replace(complete, items=mine, is_released=before.is_released, released_on=before.released_on, ledger={})
    return situation, seen


def _copy(row: DeadlineRow) -> DeadlineRow:
    """A row that stays when what it was made in is taken back."""
    return DeadlineRow(**{name: getattr(row, name) for name in DeadlineRow.model_fields if name != "meeting"})


def _name_of(row: DeadlineRow) -> Name:
    return row.action_id, row.slot, row.occurrence
