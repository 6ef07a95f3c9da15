"""Keeping the year: steps and yearly readings become deadlines for this and the next two years.

Idempotent: unique on covenant, origin and occurrence. A changed step changes open rows only, keeps their UID and raises
the sequence; what a person decided (a moved date, a settled lead) stays. What happens to each row is in `following`.

What fails for one covenant or deadline holds up no other: it is told to a person (`unmade`), and tried again next time.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from cycle.actions.deadlines.upkeep.following import Did, Keeper, asked_by, day_asked_by, is_outdated, wanted
from cycle.actions.deadlines.upkeep.next_term import with_next_term
from cycle.actions.deadlines.upkeep.questions import questions_of
from cycle.actions.office.covenant_view import CovenantView, known_days, situations, steps_of, views
from cycle.actions.office.office import Office
from cycle.actions.office.unmade import put_troubles
from cycle.domain.agreement import Agreement
from cycle.domain.mail_hours import MailHours
from cycle.domain.mail_moments import moments_from
from cycle.domain.model import Asked, Draft, News, Origin
from cycle.domain.seeing import is_running
from cycle.domain.situation import Situation
from cycle.domain.standing_bodies import bodies_of
from cycle.domain.term import led, with_term_steps, within
from cycle.domain.troubles import Troubles
from cycle.domain.undated import undated_drafts
from cycle.domain.year import Hooks, Known, year_drafts
from cycle.domain.year_steps import Step, linked
from cycle.settings import Settings
from cycle.store import actions as step_actions
from cycle.store import covenants, deadlines, register, standing_bodies, terms
from cycle.store.apart import made_apart
from cycle.store.database import Session
from cycle.store.deadlines import DueItem
from cycle.store.ids import id_of
from cycle.store.mishaps import DATABASE_AWAY
from cycle.store.outbox import beating, telling, withdrawing
from cycle.store.tables import DeadlineParty, DeadlineRow

YEARS_AHEAD = 2
TOGETHER = 20  # covenants that are read at once: some 3,000 deadlines
AT_ONCE = 500  # ids in one question, so that either engine takes them
NAMED = 20  # ids in a word to a person


Name = tuple[int, str, str]
"""What tells a deadline from all others, for ever: its action, slot and occurrence."""


@dataclass(frozen=True, slots=True)
class YearChanges:
    """What keeping the year changed: `dropped` was taken away, and `back` brought back."""

    new: int = 0
    changed: int = 0
    dropped: int = 0
    back: int = 0

    def __add__(self, other: "YearChanges") -> "YearChanges":
        return YearChanges(
            self.new + other.new, self.changed + other.changed, self.dropped + other.dropped, self.back + other.back
        )


def keep_year(
    office: Office, now: datetime, new_uid: Callable[[], str] = lambda: uuid4().hex, *, made_at: datetime | None = None
) -> YearChanges:
    """Brings the deadlines of every covenant in line with its steps and register, and renews their next moments.

    `made_at` is the real moment where `now` is that of another day.

    Some covenants at a time are looked at together, and only what is not in line is written: a country in which
    nothing changed is kept by reading.
    """
    total, troubles = YearChanges(), Troubles()
    with office.database.reading() as session:
        ids = [id_of(row) for row in covenants.covenants(session) if row.archived_at is None]
    for start in range(0, len(ids), TOGETHER):
        with office.database.reading() as session:
            look = _look(session, office.settings, ids[start : start + TOGETHER], now, troubles)
        if look.moments:
            with office.database.writing() as session:
                deadlines.renew(session, look.moments)
        for covenant_id in look.to_keep:
            with _by_itself(troubles, covenant_id), office.database.writing() as session:
                view = views(session, office.settings, [covenant_id])[covenant_id]
                total += keep_covenant(session, view, now, new_uid, made_at=made_at)
    put_troubles(office, troubles, made_at or now)
    return total


def keep_covenant(
    session: Session,
    view: CovenantView,
    now: datetime,
    new_uid: Callable[[], str] = lambda: uuid4().hex,
    *,
    made_at: datetime | None = None,
) -> YearChanges:
    """The same for one covenant, in the transaction of the caller."""
    made_at = made_at or now
    covenants.lock(session, view.id, also_archived=True)
    view = with_next_term(session, view, now)
    made_of, this_year = _kept_parts(session, view), view.local_day(now).year
    drafts = drafts_of(view, made_of, this_year)
    rows = {_name_of(row): row for row in deadlines.rows_of(session, view.id)}
    rows = _renamed(rows, drafts)
    drafts += questions_of(view, *made_of[:2], drafts, rows.values(), _kept_years(this_year))
    party_ids = {row.slug: id_of(row) for row in covenants.party_rows(session, view.id)}
    mine = deadlines.in_covenant(view.id)
    parts, returning = deadlines.parts(session, mine), deadlines.returning_leads(session, mine)
    keeper = Keeper(session, view, made_at, party_ids, parts, returning)
    new = [draft for draft in drafts if _asked_as(draft) not in rows]
    known = [(row, draft) for draft in drafts if (row := rows.pop(_asked_as(draft), None)) is not None]
    did = [keeper.follow(row, draft) for row, draft in known]
    _insert(session, view, new, party_ids, made_at, new_uid)
    did += [keeper.let_go(row) for row in _no_longer_asked(rows.values(), view, now)]
    for start in range(0, len(keeper.touched), AT_ONCE):
        touched = keeper.touched[start : start + AT_ONCE]
        withdrawing.withdraw(session, withdrawing.unsent_digests_about(session, touched), made_at)
    session.flush()
    renew_moments(session, view, deadlines.items_to_tell(session, view.id), now)
    return YearChanges(len(new), did.count(Did.CHANGED), did.count(Did.TAKEN), did.count(Did.BACK))


def _kept_parts(session: Session, view: CovenantView) -> "YearParts":
    """What the years are made of, once each step is an action, its source is known by more than its number, and each
    meeting has its body."""
    made_of = year_parts(session, view)
    if not all(step.is_linked for step in made_of[0]):
        step_actions.keep_steps(session, view.id, made_of[0])
        made_of = year_parts(session, view)
    wanted_bodies = bodies_of(made_of[0])
    if not standing_bodies.kept_of(session, [view.id])[view.id].has(wanted_bodies):
        standing_bodies.keep(session, view.id, wanted_bodies)
    return made_of


def give_back_day(session: Session, view: CovenantView, row: DeadlineRow, day: date, now: datetime) -> bool:
    """Gives a moved deadline back the day that is asked, with all that belongs to it; False when that is another day.

    What no document asks has the day that it was made with.
    """
    drafts = drafts_of(view, year_parts(session, view), view.local_day(now).year)
    draft = next((one for one in drafts if _asked_as(one) == _name_of(row)), None)
    if draft is not None and draft.due == day:
        facts = day_asked_by(draft)
    elif row.origin == Origin.MEETING and row.moved_from == day:
        facts = {"due": day}
    else:
        return False
    for name, value in (facts | {"moved_from": None}).items():
        setattr(row, name, value)
    return True


def kept_until(this_year: int) -> int:
    """The last year of which deadlines are kept."""
    return this_year + YEARS_AHEAD


def _kept_years(this_year: int) -> range:
    return range(this_year, kept_until(this_year) + 1)


YearParts = tuple[tuple[Step, ...], tuple[Agreement, ...], dict[tuple[str, str], date], Known]
"""Steps, agreements, set meeting days, and the days that the covenant knows by itself: what a year is made of."""


def drafts_of(view: CovenantView, made_of: YearParts, this_year: int) -> list[Draft]:
    """All that the covenant asks: history from its register, and the years from go-live to the last one that is kept in
    this year."""
    steps, agreements, planned, known = made_of
    readings = [one.reading for agreement in agreements for task in agreement.tasks for one in task.readings]
    first = min(view.policy.live_since.year, this_year)  # what is still open from an earlier year stays asked
    years = {reading.due.year for reading in readings if reading.due} | set(range(first, kept_until(this_year) + 1))
    hooks = Hooks(steps, planned, known)
    years |= {year for reading in readings for year in hooks.years_of(reading)}
    drafts = [draft for year in sorted(years) for draft in year_drafts(year, steps, agreements, planned, known)]
    lasting = [draft for draft in drafts if _is_kept(draft, view, kept_until(this_year))]
    return lasting + undated_drafts(agreements, steps, known)


def year_parts(session: Session, view: CovenantView) -> YearParts:
    """What the years of one covenant are made of."""
    return _years_parts(session, {view.id: view})[view.id]


def renew_moments(session: Session, view: CovenantView, items: Sequence[DueItem], now: datetime) -> None:
    """Writes down when each open deadline may next have something to tell; never for a covenant that is held. Whoever
    asks for it may have changed who gets the overview, too."""
    beating.look_at_overview(session)
    ids = [one.item.id for one in items]
    ledger = {}
    for start in range(0, len(ids), AT_ONCE):
        ledger.update(telling.told(session, now, deadlines.with_ids(ids[start : start + AT_ONCE])))
    situation = situations(session, {view.id: view}, items, ledger).get(view.id)
    if situation is not None:
        deadlines.renew(session, _moments(items, view, situation, now))


@dataclass(slots=True)
class _Found:
    """What a look at some covenants found: which to keep, and next moments of the others, as `deadlines.renew` asks."""

    to_keep: list[int] = field(default_factory=list)
    moments: dict[int, tuple[datetime | None, datetime | None]] = field(default_factory=dict)


@contextmanager
def _by_itself(troubles: Troubles, covenant_id: int) -> Iterator[None]:
    """What fails for one covenant is noted, and the others are kept. A database that does not answer concerns all."""
    away: Exception | None = None
    with troubles.about(covenant_id, "het jaar bijhouden"):
        try:
            yield
        except DATABASE_AWAY as error:
            away = error
    if away is not None:
        raise away


def _look(
    session: Session, settings: Settings, covenant_ids: Sequence[int], now: datetime, troubles: Troubles
) -> _Found:
    """Reads some covenants together and compares; nothing is written here."""
    look = _Found()
    heres = views(session, settings, covenant_ids, troubles)
    outlines = deadlines.outlines(session, heres)
    items = [one.due_item for several in outlines.values() for one in several if one.due_item is not None]
    ledger = telling.told(session, now, deadlines.in_covenants(heres) & deadlines.may_be_told())
    seen = situations(session, heres, items, ledger)
    begins = {term.covenant_id for term in terms.beginning(session, heres, settings.local_day(now))}
    made_of, kept_bodies = _years_parts(session, heres, troubles), standing_bodies.kept_of(session, heres)
    for key, parts in made_of.items():
        view, mine = heres[key], [one.due_item for one in outlines[key] if one.due_item is not None]
        with _by_itself(troubles, key):
            this_year, rows = view.local_day(now).year, [one.row for one in outlines[key]]
            drafts = drafts_of(view, parts, this_year)
            drafts += questions_of(view, *parts[:2], drafts, rows, _kept_years(this_year))
            is_linked = all(step.is_linked for step in parts[0]) and kept_bodies[key].has(bodies_of(parts[0]))
            if key in begins or not is_linked or not _is_in_line(drafts, outlines[key], view, now):
                look.to_keep.append(key)
            elif key in seen:
                look.moments |= _moments(mine, view, seen[key], now, troubles)
    return look


def _years_parts(
    session: Session, heres: Mapping[int, CovenantView], troubles: Troubles | None = None
) -> dict[int, YearParts]:
    """What the years of several covenants are made of; with `troubles` one that fails is noted there and left out."""
    groups, links = covenants.groups_by_covenant(session, heres), step_actions.links_of_steps(session, heres)
    registers = register.registers(session, {key: tuple(view.settings.running_steps) for key, view in heres.items()})
    planned = deadlines.planned_days_of(session, heres)
    years = {}
    for key, view in heres.items():
        with _by_itself(troubles, key) if troubles else nullcontext():
            own = steps_of(view.settings, view.parties, groups.get(key, ()))
            steps = linked(with_term_steps(own, view.term, view.settings.steps), links[key], registers[key])
            held = within(led(steps, registers[key]), registers[key], view.term)
            years[key] = *held, planned[key], known_days(view)
    return years


def _is_in_line(
    drafts: Iterable[Draft], outlines: Iterable[deadlines.Outline], view: CovenantView, now: datetime
) -> bool:
    """Whether keeping this covenant would change nothing."""
    known = {_name_of(one.row): one for one in outlines}
    for draft in drafts:
        outline = known.pop(_asked_as(draft), None)
        if outline is None or is_outdated(outline.row, draft, outline.parts, outline.returning):
            return False
    return not _no_longer_asked([one.row for one in known.values()], view, now)


def _renamed(rows: Mapping[Name, DeadlineRow], drafts: Iterable[Draft]) -> dict[Name, DeadlineRow]:
    """The rows by the names that they bear from now on.

    A reading that turns from once to yearly, or back, keeps the deadline of the same year with all that people did to
    it (law L3): where the one that is missing and the one that nothing asks for any more are alone in that year.
    """
    asked = {_asked_as(draft): draft for draft in drafts if draft.origin is Origin.AGREEMENT and draft.due}
    missing, left = _by_year(asked.keys() - rows.keys(), asked), _by_year(rows.keys() - asked.keys(), rows)
    renamed = dict(rows)
    for place, [name] in ((place, names) for place, names in missing.items() if len(names) == 1):
        if len(left.get(place, ())) == 1:
            row = renamed.pop(left[place][0])
            row.occurrence = name[-1]
            renamed[name] = row
    return renamed


def _by_year(names: Iterable[Name], due: Mapping[Name, Any]) -> dict[tuple[int, str, int], list[Name]]:
    """Names by action, slot and the year in which it is asked; without a day there is no year."""
    places: dict[tuple[int, str, int], list[Name]] = defaultdict(list)
    for name in names:
        day = getattr(due[name], "moved_from", None) or due[name].due
        if day is not None:
            places[name[0], name[1], day.year].append(name)
    return places


def _asked_as(draft: Draft) -> Name:
    return draft.action, draft.slot, draft.occurrence


def _name_of(row: Any) -> Name:
    return row.action_id, row.slot, row.occurrence


def _moments(
    items: Iterable[DueItem], view: CovenantView, situation: Situation, now: datetime, troubles: Troubles | None = None
) -> dict[int, tuple[datetime | None, datetime | None]]:
    """The next moments that are not what they should be: the send moment of the first day with something to tell, or
    none while the covenant is held or put away. A deadline of which that cannot be told keeps the one that it has."""
    if not is_running(view.row.released_at, view.row.archived_at):
        return {one.item.id: (one.next_moment, None) for one in items if one.next_moment is not None}
    at = _moments_from(view.local_day(now), situation, view.settings.mail_hours)
    if troubles and (lost := [one.id for one in situation.items if one.id not in at]):
        troubles.add(view.id, f"het volgende moment van termijn {lost[:NAMED]}")
    renewed = {one.item.id: (one.next_moment, at[one.item.id]) for one in items if one.item.id in at}
    return {key: (was, becomes) for key, (was, becomes) in renewed.items() if was != becomes}


def _moments_from(today: date, situation: Situation, hours: MailHours) -> dict[int, datetime | None]:
    """As `moments_from`; when that fails, each by itself, without those that fail."""
    try:
        return moments_from(today, situation, hours)
    except Exception:
        tried = made_apart(
            situation.items,
            lambda item: moments_from(today, replace(situation, items=[item]), hours),
            lambda item: f"keep: termijn {item.id}",
        )
        return {key: at for one in tried for key, at in one.items()}


def _is_kept(draft: Draft, view: CovenantView, last_year: int) -> bool:
    """Steps from go-live, yearly readings once the agreements hold, within the kept years; a dated action always."""
    if draft.due is None:
        return False
    if draft.origin is Origin.AGREEMENT and draft.occurrence == "once":
        return True
    return asked_since(view, draft.origin) <= draft.due and draft.due.year <= last_year


def asked_since(view: CovenantView, origin: str) -> date:
    """The first day on which something of this origin may be due that comes each year."""
    return view.asked_from if origin == Origin.AGREEMENT else view.policy.live_since


def _insert(
    session: Session,
    view: CovenantView,
    drafts: Sequence[Draft],
    party_ids: dict[str, int],
    now: datetime,
    new_uid: Callable[[], str],
) -> None:
    """New deadlines, all together: the database numbers them before their parties are named."""
    rows = [
        DeadlineRow(
            covenant_id=view.id,
            action_id=draft.action,
            agreement_id=next((key for key in draft.agreements if isinstance(key, int)), None),
            origin=draft.origin,
            slot=draft.slot,
            occurrence=draft.occurrence,
            uid=new_uid(),
            created_at=now,
            changed_at=now,
            known_since=view.local_day(now),
            news=News.NEW,
            **asked_by(draft, is_moved=False),
        )
        for draft in drafts
    ]
    session.add_all(rows)
    session.flush()
    for row, draft in zip(rows, drafts, strict=True):
        for position, (slug, part) in enumerate(wanted(draft)):
            session.add(DeadlineParty(deadline_id=id_of(row), party_id=party_ids[slug], part=part, position=position))
    session.flush()


def _no_longer_asked(rows: Iterable[Any], view: CovenantView, now: datetime) -> list[Any]:
    """Those of the deadlines without a draft that would have one if anything still asked for them."""
    last_year = kept_until(view.local_day(now).year)
    return [row for row in rows if row.asked == Asked.YES and _would_have_draft(row, view, last_year)]


def _would_have_draft(row: Any, view: CovenantView, last_year: int) -> bool:
    if row.origin == Origin.MEETING:
        return False
    if row.due is None:
        return True
    is_dated_action = row.origin == Origin.AGREEMENT and row.occurrence == "once"
    return is_dated_action or bool(view.policy.live_since <= row.due and row.due.year <= last_year)
