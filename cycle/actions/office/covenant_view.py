"""A covenant as actions need it: its settings with its own differences, its parties, people and policy."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from email.utils import parseaddr

from cycle.domain.ladders import OpenItem, Policy
from cycle.domain.model import Group, LadderKind, Member, Party
from cycle.domain.parties import all_slugs, as_many, present
from cycle.domain.rounds import Round
from cycle.domain.rules import ONCE, SCHOOL_START, SIGNING, TERM_END, TERM_START, Anchored
from cycle.domain.seeing import may_see
from cycle.domain.situation import Ledger, Situation
from cycle.domain.status import when_words
from cycle.domain.term import TermDays, term_ladders
from cycle.domain.troubles import Troubles
from cycle.domain.year import Known
from cycle.domain.year_steps import Step
from cycle.errors import Refused
from cycle.mail.compose import Address
from cycle.settings import Settings, own_settings
from cycle.settings.year_sections import ProgressSettings
from cycle.store import covenants, deadlines
from cycle.store.database import Session, found_once
from cycle.store.deadlines import DueItem, MeetingDay, meeting_of
from cycle.store.ids import id_of
from cycle.store.tables import Covenant, DeadlineRow, Term

SUMMER = "zomervakantie"


@dataclass(frozen=True, slots=True)
class CovenantView:
    """One covenant. `settings` has its overrides; `policy` is what the planner needs of them. `term` is what runs, and
    `next_from` the first day of the framework that waits. `asked_from` is the first day on which its agreements ask
    something each year: that of its first framework, where the table began before that."""

    id: int
    row: Covenant
    settings: Settings
    parties: tuple[Party, ...]
    members: Sequence[Member]
    policy: Policy
    term: TermDays
    next_from: date | None
    asked_from: date

    @property
    def party_names(self) -> dict[str, str]:
        """The names of the parties by slug."""
        return {party.slug: party.name for party in self.parties}

    def reader_words(self, who: str) -> str:
        """Who did something: by an address alone, the names of all who read it ("Team Wonen of Sanne Kuiper")."""
        names = dict.fromkeys(one.name for one in self.members if one.email == who and one.name)
        return " of ".join(names) or who

    @property
    def party_choices(self) -> list[tuple[str, str]]:
        """The parties that take part, for whoever chooses one: short name and name."""
        return [(party.slug, party.name) for party in present(self.parties)]

    @property
    def released_on(self) -> date | None:
        """The day on which its mails were let go."""
        return self.local_day(self.row.released_at) if self.row.released_at is not None else None

    def local_day(self, now: datetime) -> date:
        """The date in the covenant's zone."""
        return self.settings.local_day(now)


def views(
    session: Session, settings: Settings, ids: Iterable[int] | None = None, troubles: Troubles | None = None
) -> dict[int, CovenantView]:
    """Covenants by id; all of them when none are named.

    Raises SettingsError for one whose own settings do not fit; with `troubles` it is noted there and left out.
    """
    wanted = None if ids is None else set(ids)
    rows = covenants.with_terms(session, wanted)
    members = covenants.members(session, wanted)
    parties = covenants.parties_by_covenant(session, wanted)
    by_id = {}
    for row, term, next_from, is_later in rows:
        key = id_of(row)
        with troubles.about(key, "de eigen instellingen van het convenant") if troubles else nullcontext():
            first_day = None if is_later else term.start
            days = next_from, max(row.live_since, first_day or row.live_since)
            by_id[key] = _view(settings, row, parties.get(key, ()), members.get(key, ()), term, *days)
    return by_id


def _view(
    settings: Settings,
    row: Covenant,
    parties: tuple[Party, ...],
    members: Sequence[Member],
    term: Term,
    next_from: date | None,
    asked_from: date,
) -> CovenantView:
    own = own_settings(settings, row.overrides, f"convenant {row.slug}")
    ladders = term_ladders(own.kind_ladders[LadderKind.YEARLY]) | own.step_ladders
    policy = Policy(row.live_since, own.kind_ladders, ladders, own.work_calendar, own.reading.asked_at)
    days = TermDays(term.start, term.end, term.renews)
    return CovenantView(id_of(row), row, own, parties, members, policy, days, next_from, asked_from)


def view_of(session: Session, settings: Settings, slug: str | None) -> CovenantView:
    """The covenant of this name, or the only one.

    Raises NotFound.
    """

    def find() -> CovenantView:
        row = covenants.covenant(session, slug)
        return views(session, settings, [id_of(row)])[id_of(row)]

    return found_once(session, ("view", slug), find)


def steps_of(settings: Settings, parties: Sequence[Party], groups: Sequence[Group]) -> tuple[Step, ...]:
    """The steps of the year with parties in place of group names.

    Raises Refused when a step names somebody whom the covenant does not know.
    """
    steps: list[Step] = []
    unknown: list[str] = []
    for name, entry in settings.running_steps.items():
        leads, strange = all_slugs(entry.leads, parties, groups)
        participants, strangers = all_slugs(entry.participants, parties, groups)
        unknown.extend(f"{name}: {word}" for word in (*strange, *strangers))
        is_apart = entry.kind is LadderKind.LETTER and not settings.letter.joint
        step = replace(entry.step(name, leads, participants), joint=entry.joint and not is_apart)
        steps.append(replace(step, title=as_many(step.title, parties), todo=as_many(step.todo, parties)))
    if unknown:
        known = ", ".join(party.slug for party in parties)
        raise Refused(f"Een stap noemt een onbekende partij ({'; '.join(unknown)}).", f"Bekend zijn: {known}.")
    return tuple(steps)


def known_days(view: CovenantView) -> Known:
    """The days of a covenant on which its agreements may hang: its signing, its term, and the school holidays."""
    row, term, holidays = view.row, view.term, view.settings.schools.holidays
    own = {SIGNING: row.signed_on, TERM_START: term.start, TERM_END: term.end}
    days: dict[str, list[Anchored]] = {name: [Anchored(ONCE, day)] for name, day in own.items() if day is not None}
    for holiday in holidays:
        days.setdefault(holiday.name, []).append(Anchored(str(holiday.first.year), holiday.first, holiday.last))
        if holiday.name == SUMMER:
            after = Anchored(str(holiday.last.year), holiday.last + timedelta(days=1))
            days.setdefault(SCHOOL_START, []).append(after)
    return days


def situations(
    session: Session,
    views_by_id: dict[int, CovenantView],
    items: Sequence[DueItem],
    ledger: Ledger,
    soon: Sequence[DueItem] = (),
    running: Sequence[DueItem] = (),
) -> dict[int, Situation]:
    """What the planner looks at, per covenant."""
    meetings = deadlines.meetings(session, views_by_id)
    per_covenant, coming = _per_covenant(views_by_id, items), _per_covenant(views_by_id, soon)
    counted_down_to = _per_covenant(views_by_id, running)
    return {
        key: Situation(
            views_by_id[key].policy,
            views_by_id[key].members,
            mine,
            {step: one.day for step, one in meetings.get(key, {}).items()},
            ledger,
            rounds_of(views_by_id[key].settings.progress, meetings.get(key, {})),
            may_see(views_by_id[key].row.released_at),
            views_by_id[key].settings.mail.approval,
            views_by_id[key].settings.mail.send_hour,
            views_by_id[key].released_on,
            views_by_id[key].term.ends_on,
            coming[key],
            counted_down_to[key],
        )
        for key, mine in per_covenant.items()
    }


def _per_covenant(ids: Iterable[int], items: Iterable[DueItem]) -> dict[int, list[OpenItem]]:
    per_covenant: dict[int, list[OpenItem]] = {key: [] for key in ids}
    for item in items:
        if item.covenant in per_covenant:
            per_covenant[item.covenant].append(item.item)
    return per_covenant


def rounds_of(chosen: ProgressSettings, meetings: Mapping[tuple[str, int], MeetingDay]) -> tuple[Round, ...]:
    """The progress rounds of one covenant, by day."""
    rounds = [
        Round(step, year, one.day, one.first, chosen.weeks, chosen.repeat_days, one.known_since)
        for (step, year), one in meetings.items()
        if step in chosen.meetings
    ]
    return tuple(sorted(rounds, key=lambda one: one.day))


def sender_of(names: Iterable[str], views_named: Iterable[CovenantView], settings: Settings) -> tuple[Address, str]:
    """Who a mail comes from: the covenant's own address, or the service's when it is about several."""
    wanted = set(names)
    wanted_views = [one for one in views_named if one.row.name in wanted]
    own = wanted_views[0].row if len(wanted_views) == 1 else None
    name, email = parseaddr(own.sender if own and own.sender else settings.mail.sender)
    return Address(email, name), (own.reply_to if own and own.reply_to else settings.mail.reply_to)


def row_when(row: DeadlineRow, view: CovenantView, today: date | None = None) -> str:
    """When a stored deadline is asked, in words; with `today`, whether that is past."""
    shown = view.policy.calendar.shown(row.due) if row.due else None
    phrase = "" if row.moved_from else row.phrase  # "vóór 1 april" is not what a moved date says
    return when_words(
        LadderKind(row.kind),
        phrase,
        row.window_start,
        row.due,
        shown,
        invented=row.invented,
        doubtful=row.doubtful,
        meeting=meeting_of(row),
        passed=today is not None and row.due is not None and row.due < today,
    )
