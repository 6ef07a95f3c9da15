"""What belongs in a feed, and until when that holds: deadlines become entries. No bytes, no links here."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Literal
from urllib.parse import quote

from cycle.actions.office.covenant_view import CovenantView
from cycle.domain.addressing import Members
from cycle.domain.model import LadderKind, Meeting, Member, Role, State
from cycle.domain.theme_words import ThemeNames, theme_words
from cycle.domain.words import joined
from cycle.feed import LAST_DAY, FeedEntry, derived_uid, event_block
from cycle.store import deadlines, theme_names
from cycle.store.apart import apart
from cycle.store.database import Session
from cycle.store.deadlines import LEAD, Part
from cycle.store.ids import id_of
from cycle.store.tables import DeadlineRow
from cycle.words import LADDER_KINDS

DAYS_BACK, MONTHS_AHEAD = 90, 24  # rule A16
DAYS_KEPT = {State.DONE: 90, State.DROPPED: 14}  # rule A10
PERIOD = "Periode: "

Status = Literal["open", "done", "dropped"]


class FeedScope(StrEnum):
    """What a link shows, from narrow to wide. Meetings are always those in which a party of the person takes part."""

    MINE = "mine"
    PARTY = "party"
    COVENANT = "covenant"
    ALL = "all"

    @property
    def is_whole(self) -> bool:
        """Whether it shows what others lead as well."""
        return self in (FeedScope.COVENANT, FeedScope.ALL)


@dataclass(frozen=True, slots=True)
class WantedFeed:
    """Whose feed, and what they asked to see in it."""

    email: str
    scope: FeedScope = FeedScope.MINE
    covenant_id: int | None = None
    banners: bool = False


@dataclass(slots=True)
class Shown:
    """What one covenant puts into a feed, and the days on which time alone will change that.

    `left_out` are the deadlines that could not be written; the others are not kept from anybody for them.
    """

    entries: list[FeedEntry] = field(default_factory=list)
    edges: set[date] = field(default_factory=set)
    left_out: list[int] = field(default_factory=list)


def window(today: date) -> tuple[date, date]:
    """The stretch of days in a feed, cut by month so that its bytes do not change each midnight (rules A5, A16)."""
    first = today.replace(day=1)
    months = first.month - 1 + MONTHS_AHEAD + 1
    return (first - timedelta(DAYS_BACK)).replace(day=1), date(
        today.year + months // 12, months % 12 + 1, 1
    ) - timedelta(1)


def seats_of(view: CovenantView, email: str, today: date) -> list[Member]:
    """The roles that whoever reads this mailbox has at this table today."""
    return [member for member in view.members if member.email == email and _is_active(member, today)]


def shown(session: Session, view: CovenantView, seats: Sequence[Member], wanted: WantedFeed, today: date) -> Shown:
    """What of one covenant belongs in the feed of who sits there."""
    rows = deadlines.rows_of(session, view.id, deadlines.in_feeds(*window(today)))
    parts = deadlines.parts(session, deadlines.in_covenant(view.id))
    called = deadlines.called_to(session, deadlines.in_covenant(view.id))
    themes = theme_names.of_covenant(session, view.id)
    eyes = _Eyes(view, seats, wanted, today, Members(view.members, today), called, themes)
    content = Shown(edges=set(_seat_edges(view.members)))
    ends_on = view.term.ends_on
    if ends_on is not None:
        rows = [row for row in rows if not (row.agreements and _is_behind(row, ends_on, today))]
        content.edges.add(ends_on + timedelta(1))

    def entries_of(row: DeadlineRow) -> list[tuple[FeedEntry, date | None]]:
        return _written(row, parts.get(id_of(row), []), eyes)

    for row, entries in apart(rows, entries_of, lambda row: f"feed: termijn {row.id}"):
        if entries is None:
            content.left_out.append(id_of(row))
        for entry, leaves_on in entries or ():
            if leaves_on is None or today < leaves_on:
                content.entries.append(entry)
                content.edges.update(() if leaves_on is None else (leaves_on,))
    return content


def _is_behind(row: DeadlineRow, ends_on: date, today: date) -> bool:
    """Whether a deadline is of agreements that hold no more, by its day or today: an open one; what is settled stays as
    long as it would."""
    return row.state == State.OPEN and (today > ends_on or (row.due is not None and row.due > ends_on))


def _written(row: DeadlineRow, parts: Sequence[Part], eyes: "_Eyes") -> list[tuple[FeedEntry, date | None]]:
    """The entries of one deadline, each of which can be written. Raises whatever is wrong with it."""
    entries = list(_entries(row, parts, eyes))
    for entry, _leaves_on in entries:
        event_block(entry, eyes.view.settings.zone)  # kept, so that writing the feed asks it again for nothing
    return entries


def next_month(today: date) -> date:
    """The day on which the window moves."""
    return (today.replace(day=1) + timedelta(32)).replace(day=1)


@dataclass(frozen=True, slots=True)
class _Eyes:
    """Who looks at one covenant, on which day, and how far they see."""

    view: CovenantView
    seats: Sequence[Member]
    wanted: WantedFeed
    today: date
    members: Members
    called: Mapping[int, deadlines.CalledToMeet]
    themes: ThemeNames

    def leads(self, row: DeadlineRow, parts: Iterable[Part]) -> list[Part] | None:
        """The lead parts of this deadline that concern them; None when it is not theirs at all."""
        leads = [part for part in parts if part.part == LEAD]
        if self.wanted.scope.is_whole:
            return leads
        if not leads:  # what nobody leads is kept by the secretariat
            return [] if self._is_secretary() else None
        mine = [part for part in leads if part.party in self._parties()]
        if self.wanted.scope is FeedScope.MINE:
            mine = [part for part in mine if self._is_named(row, part.party)]
        return mine or None

    def takes_part(self, row: DeadlineRow, parts: Sequence[Part]) -> bool:
        """Whether a meeting is theirs: everyone at a party's table comes to its meetings, and who was named for it."""
        called = self.called.get(id_of(row))
        if called is not None and any(member.person in called.members for member in self.seats):
            return True
        if self.wanted.scope.is_whole or (not parts and self._is_secretary()):
            return True
        return any(part.party in self._parties() for part in parts)

    def _parties(self) -> set[str]:
        return {member.party for member in self.seats}

    def _is_named(self, row: DeadlineRow, party: str) -> bool:
        """The addressee's own, and also a colleague's who is named for it: colleagues see it in their feed only."""
        addressee = self.members.addressee(party, tuple(row.agreements), row.theme)
        if addressee is not None and any(addressee.person == member.person for member in self.seats):
            return True
        trekkers = [one for one in self.seats if one.party == party and one.role is Role.TREKKER]
        return any(set(row.agreements) & set(one.agreements) or row.theme in one.themes for one in trekkers)

    def _is_secretary(self) -> bool:
        return any(member.role is Role.SECRETARIAT for member in self.seats)


def _entries(row: DeadlineRow, parts: Sequence[Part], eyes: _Eyes) -> Iterator[tuple[FeedEntry, date | None]]:
    """The entries of one deadline, each with the first day on which it is gone; an open one leaves with its month.

    A deadline is one event with one UID: its meeting once that is planned, the meeting that was called off for a while
    after, else its last day.
    """
    meeting, off = deadlines.meeting_of(row), deadlines.called_off_meeting(row)
    gone_on = None if off is None else eyes.view.local_day(off.at) + timedelta(DAYS_KEPT[State.DROPPED] + 1)
    if meeting is not None:
        if eyes.takes_part(row, parts):
            status = _status(row, (), eyes.view)
            yield _meeting_entry(row, meeting, status, parts, eyes), _leaves_on(row, status, eyes.view)
    elif off is not None and gone_on is not None and eyes.today < gone_on and row.state == State.OPEN:
        if eyes.takes_part(row, parts):
            entry = _meeting_entry(row, off.meeting, "dropped", parts, eyes)
            yield replace(entry, sequence=row.sequence - 1), gone_on  # calling off took two numbers, see settling
    else:
        yield from _last_day(row, parts, eyes, gone_on)


def _last_day(
    row: DeadlineRow, parts: Sequence[Part], eyes: _Eyes, back_on: date | None
) -> Iterator[tuple[FeedEntry, date | None]]:
    """The last day of whoever leads it. What was invented or is doubtful has no day to show.

    `back_on` is the day on which it took the place of a meeting that was called off: a change of what the reader sees.
    """
    leads = eyes.leads(row, parts)
    if leads is None or row.invented or row.doubtful or row.due is None:
        return
    status = _status(row, () if eyes.wanted.scope.is_whole else leads, eyes.view)
    entry = _last_day_entry(row, status, parts, eyes)
    if back_on is not None:
        back_at = datetime.combine(back_on, time(0), tzinfo=eyes.view.settings.zone)
        entry = replace(entry, changed_at=max(entry.changed_at, back_at))
    yield entry, _leaves_on(row, status, eyes.view)
    if eyes.wanted.banners and row.window_start is not None and row.window_start < row.due:
        yield _banner(entry, row.window_start, row.due), _leaves_on(row, status, eyes.view)


def _status(row: DeadlineRow, mine: Sequence[Part], view: CovenantView) -> Status:
    """How it stands for the reader: what all their own parties have settled is settled to them, and what was still open
    when its covenant was put away is off."""
    states = {part.state for part in mine} or {row.state}
    if view.row.archived_at is not None and row.state == State.OPEN and State.OPEN in states:
        return "dropped"
    if row.state != State.OPEN or State.OPEN in states:
        return STATUS[row.state]
    return "done" if State.DONE in states else "dropped"


def _leaves_on(row: DeadlineRow, status: Status, view: CovenantView) -> date | None:
    """The first day on which a settled entry is left out (A10)."""
    return None if status == "open" else view.local_day(row.changed_at) + timedelta(DAYS_KEPT[State(status)] + 1)


def _meeting_entry(row: DeadlineRow, meeting: Meeting, status: Status, parts: Sequence[Part], eyes: _Eyes) -> FeedEntry:
    """A meeting at its own time and place; all day long while no hour is set."""
    start, end = (
        datetime.combine(meeting.day, hour, tzinfo=eyes.view.settings.zone) if hour else None
        for hour in (meeting.start, meeting.end if meeting.start else None)
    )
    return FeedEntry(
        **_words(row, status, parts, eyes),
        summary=_about(row),
        day=meeting.day,
        start=start,
        end=end,
        place=meeting.place,
        online=meeting.online,
    )


def _last_day_entry(row: DeadlineRow, status: Status, parts: Sequence[Part], eyes: _Eyes) -> FeedEntry:
    shown_on = None if row.due is None else eyes.view.policy.calendar.shown(row.due)
    return FeedEntry(**_words(row, status, parts, eyes), summary=LAST_DAY + _about(row), day=row.due, shown=shown_on)


def _banner(entry: FeedEntry, first: date, last: date) -> FeedEntry:
    """The whole period of a last day, as an event of its own."""
    summary = PERIOD + entry.summary.removeprefix(LAST_DAY)
    return replace(entry, uid=derived_uid("period", entry.uid), summary=summary, day=first, last=last, shown=None)


def _about(row: DeadlineRow) -> str:
    return f"{row.number} {row.title}".strip()


def _words(row: DeadlineRow, status: Status, parts: Sequence[Part], eyes: _Eyes) -> dict[str, Any]:
    """What every entry of a deadline says: what to do, who leads, where it comes from. No persons, no notes."""
    view, leads = eyes.view, [eyes.view.party_names[part.party] for part in parts if part.part == LEAD]
    lines = [row.todo, f"Trekker: {joined(leads)}." if leads else "", f"Bron: {row.source}." if row.source else ""]
    return {
        "uid": row.uid,
        "description": "\n".join(filter(None, lines)),
        "url": f"{view.settings.web.base_url}/c/{quote(view.row.slug)}",
        "categories": (LADDER_KINDS[LadderKind(row.kind)].capitalize(), *_theme_category(row.theme, eyes.themes)),
        "changed_at": row.changed_at,
        "sequence": row.sequence,
        "status": status,
    }


def _theme_category(theme: str, names: ThemeNames) -> list[str]:
    """As it is called; of one without a name the word "Thema" with what it is, also in words, as it always was."""
    if not theme:
        return []
    return [theme_words(theme, names) if theme in names else f"Thema {theme}"]


def _is_active(member: Member, today: date) -> bool:
    return (member.since or today) <= today <= (member.until or today)


def _seat_edges(members: Iterable[Member]) -> Iterator[date]:
    """The days on which somebody comes, goes, is away or is back: then a last day may be another person's."""
    for member in members:
        yield from () if member.since is None else (member.since,)
        yield from () if member.until is None else (member.until + timedelta(1),)
        for first, last in member.away:
            yield from (first, last + timedelta(1))


STATUS: dict[str, Status] = {"open": "open", "done": "done", "dropped": "dropped"}
