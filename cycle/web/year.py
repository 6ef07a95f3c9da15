"""One year of a covenant as its page shows it: values without names or addresses of people.

Everything here is read and put into words; nothing is decided. The template only lays it out.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from cycle.actions.deadlines.upkeep.year_upkeep import YEARS_AHEAD
from cycle.actions.office.covenant_view import CovenantView, row_when
from cycle.actions.service.watch.condition import is_recent
from cycle.domain.model import Origin, Role, State
from cycle.domain.status import NOT_SETTLED, STATE_WORDS, state_words
from cycle.domain.text import number_in
from cycle.domain.words import MONTHS, day_words, joined, short_month, weekday_words
from cycle.domain.workdays import local_day
from cycle.errors import NotFound
from cycle.store import answers, deadlines, post
from cycle.store.apart import apart
from cycle.store.database import Session
from cycle.store.deadlines import LEAD, Part
from cycle.store.ids import id_of
from cycle.store.outbox import beating, standstill
from cycle.store.outbox.standstill import CLOCK_PAUSE
from cycle.store.tables import DeadlineRow
from cycle.words import ROLES

COMING_DAYS = 120
UNSHOWN = "kan niet goed worden getoond"
SHAPES = {
    STATE_WORDS[State.OPEN]: "open",
    STATE_WORDS[State.DONE]: "done",
    STATE_WORDS[State.DROPPED]: "dropped",
    NOT_SETTLED: "passed",
}
ROUNDS = {"plan": "plannen", "deliver": "bezorgen"}

Lights = Mapping[tuple[int, str], str]
"""The light of each lead party that gave one, by deadline and party."""


@dataclass(frozen=True, slots=True)
class StandShown:
    """How a deadline stands: the word, and the name of its colour and shape. `party` only where parties differ.

    `light` is what a person said of it: a colour's word; silence is nothing.
    """

    words: str
    shape: str
    party: str = ""
    light: str = ""


@dataclass(frozen=True, slots=True)
class YearLine:
    """One deadline in a table. `day` is where it stands in the year; None when no document names one.

    `mark` is how it stands as a whole: open as long as one party is.
    """

    id: int
    when: str
    number: str
    title: str
    who: str
    stands: tuple[StandShown, ...]
    mark: StandShown
    day: date | None

    @property
    def month(self) -> int | None:
        """Its month in the year, 1 to 12."""
        return self.day.month if self.day else None


@dataclass(frozen=True, slots=True)
class Month:
    """One month of the year: `time` is past, now or ahead."""

    number: int
    name: str
    short: str
    time: str


@dataclass(frozen=True, slots=True)
class Loose:
    """Steps that come some time in the year, on no day that anybody named: how many, and how many are done."""

    title: str
    count: int
    done: int
    mark: StandShown


@dataclass(frozen=True, slots=True)
class JobBeat:
    """When a job last came round, and whether that is recent enough."""

    name: str
    when: str
    ok: bool


@dataclass(frozen=True, slots=True)
class Sending:
    """Whether mail goes out of this service. How much waits or did not arrive is not for everybody to know."""

    last: str
    paused_since: str
    rounds: tuple[JobBeat, ...]

    @property
    def is_well(self) -> bool:
        """Whether mail goes out."""
        return not self.paused_since and all(one.ok for one in self.rounds)


@dataclass(frozen=True, slots=True)
class YearPage:
    """All that the page of a year says. `previous` and `following` are kept years beside it, if there are."""

    name: str
    year: int
    today: str
    made: str
    is_running: bool
    is_held: bool
    is_archived: bool
    previous: int | None
    following: int | None
    months: tuple[Month, ...]
    steps: tuple[YearLine, ...]
    marks: tuple[YearLine, ...]
    loose: tuple[Loose, ...]
    terms: tuple[YearLine, ...]
    to_settle: int
    doubtful: int
    left_over: int
    live_since: str
    sending: Sending


def kept_years(view: CovenantView, today: date) -> range:
    """The years of which there is a page: from going live until the last year that is kept."""
    return range(min(view.policy.live_since.year, today.year), today.year + YEARS_AHEAD + 1)


def asked_year(view: CovenantView, asked: str, today: date) -> int:
    """The year that an address asks for; without one the running year. Raises NotFound for one without a page."""
    years = kept_years(view, today)
    year = number_in(asked, 4) or 0
    if asked and year not in years:
        raise NotFound(
            "Dit jaar wordt hier niet bijgehouden.", f"De jaren {years[0]} tot en met {years[-1]} zijn er wel."
        )
    return year or today.year


def year_page(session: Session, view: CovenantView, year: int, now: datetime) -> YearPage:
    """The page of one kept year at this moment."""
    today, zone, years = view.local_day(now), view.settings.zone, kept_years(view, view.local_day(now))
    is_running = year == today.year
    rows = sorted(_rows(session, view, year, today), key=in_order)
    mine = deadlines.with_ids([id_of(row) for row in rows])
    parts = deadlines.parts(session, mine) if rows else {}
    lights = answers.lights(session, mine) if rows else {}
    steps = [row for row in rows if _is_step(row) and _is_of(row, year)]
    terms = (
        _coming(rows, view, today) if is_running else [row for row in rows if not _is_step(row) and _is_of(row, year)]
    )
    lines = lines_of(steps, parts, lights, view, today)
    return YearPage(
        name=view.row.name,
        year=year,
        today=weekday_words(today),
        made=moment_words(now, now, zone),
        is_running=is_running,
        is_held=view.row.released_at is None,
        is_archived=view.row.archived_at is not None,
        previous=year - 1 if year - 1 in years else None,
        following=year + 1 if year + 1 in years else None,
        months=months_of(year, today),
        steps=tuple(lines),
        marks=tuple(line for line in lines if line.month),
        loose=_loose(line for line in lines if not line.month),
        terms=tuple(lines_of(terms, parts, lights, view, today)),
        to_settle=deadlines.count_open_before(session, view.id, view.policy.live_since),
        doubtful=deadlines.count_open_doubts(session, view.id),
        left_over=sum(_is_left_over(row, today) and not _is_of(row, year) for row in rows),
        live_since=day_words(view.policy.live_since),
        sending=_sending(session, view.id, now, zone),
    )


def moment_words(moment: datetime, now: datetime, zone: ZoneInfo) -> str:
    """ "vandaag om 08.30 uur", "vrijdag 20 november 2026 om 08.30 uur" """
    local = moment.astimezone(zone)
    is_today = local.date() == local_day(now, zone)
    return f"{'vandaag' if is_today else weekday_words(local.date())} om {local:%H.%M} uur"


def _rows(session: Session, view: CovenantView, year: int, today: date) -> Sequence[DeadlineRow]:
    """Everything due in the year, and what is open from going live until some months ahead: one read."""
    of_year = deadlines.due_between(date(year, 1, 1), date(year, 12, 31))
    coming = deadlines.due_between(view.policy.live_since, today + timedelta(COMING_DAYS))
    return deadlines.rows_of(session, view.id, of_year | (deadlines.are_open() & coming))


def _is_step(row: DeadlineRow) -> bool:
    return row.origin == Origin.STEP


def _is_of(row: DeadlineRow, year: int) -> bool:
    return row.due is not None and row.due.year == year


def _coming(rows: Sequence[DeadlineRow], view: CovenantView, today: date) -> list[DeadlineRow]:
    """What is open and passed since going live, or due within some months; this year's steps have their own table."""
    first, last = view.policy.live_since, today + timedelta(COMING_DAYS)
    coming = [row for row in rows if row.state == State.OPEN and row.due and first <= row.due <= last]
    coming = [row for row in coming if not _is_left_over(row, today)]
    return [row for row in coming if not (_is_step(row) and _is_of(row, today.year))]


def _is_left_over(row: DeadlineRow, today: date) -> bool:
    """Open since an earlier year, on no day that anybody named: it is never late, but nobody settled it either."""
    is_past = row.due is not None and row.due < today
    return row.invented and is_past and row.state == State.OPEN


def in_order(row: DeadlineRow) -> tuple[date, int]:
    """By day; of those that end on one day the longest period comes last."""
    day = row.meeting_day or row.due or date.max
    return day, -(row.window_start or day).toordinal()


def lines_of(
    rows: Iterable[DeadlineRow], parts: Mapping[int, Sequence[Part]], lights: Lights, view: CovenantView, today: date
) -> list[YearLine]:
    """Deadlines as lines of a table; one that cannot be put into words stands there by its title alone."""

    def line(row: DeadlineRow) -> YearLine:
        return line_of(row, parts.get(id_of(row), []), lights, view, today)

    return [made or _bare_line(row) for row, made in apart(rows, line, lambda row: f"page: termijn {row.id}")]


def _bare_line(row: DeadlineRow) -> YearLine:
    return YearLine(id_of(row), UNSHOWN, row.number, row.title, "", (), StandShown("open", "open"), None)


def line_of(row: DeadlineRow, parts: Sequence[Part], lights: Lights, view: CovenantView, today: date) -> YearLine:
    names = view.party_names
    leads = [part for part in parts if part.part == LEAD]
    day = None if row.invented or row.doubtful else row.meeting_day or row.due
    return YearLine(
        id_of(row),
        row_when(row, view),
        row.number,
        row.title,
        joined([names[part.party] for part in leads]) or ROLES[Role.SECRETARIAT],
        _stands(row, leads, lights, names, today),
        _stand(row, row.state, today),
        day,
    )


def _stands(
    row: DeadlineRow, leads: Sequence[Part], lights: Lights, names: dict[str, str], today: date
) -> tuple[StandShown, ...]:
    """One stand when all lead parties agree, else one for each. A light says something only while it is open."""

    def light(part: Part) -> str:
        return lights.get((id_of(row), part.party), "") if part.state == State.OPEN else ""

    stands = {(part.state, light(part)) for part in leads} or {(row.state, "")}
    if len(stands) == 1:
        [(state, only)] = stands
        return (replace(_stand(row, state, today), light=only),)
    return tuple(replace(_stand(row, part.state, today, names[part.party]), light=light(part)) for part in leads)


def _stand(row: DeadlineRow, state: str, today: date, party: str = "") -> StandShown:
    words = state_words(State(state), row.due, today, invented=row.invented, doubtful=row.doubtful)
    return StandShown(words, SHAPES[words], party)


def months_of(year: int, today: date) -> tuple[Month, ...]:
    def time(number: int) -> str:
        at, this = (year, number), (today.year, today.month)
        return "past" if at < this else "now" if at == this else "ahead"

    return tuple(Month(number, name, short_month(number), time(number)) for number, name in enumerate(MONTHS, 1))


def _loose(lines: Iterable[YearLine]) -> tuple[Loose, ...]:
    """Steps without a day of their own by title: four quarterly meetings are one entry."""
    by_title: dict[str, list[YearLine]] = defaultdict(list)
    for line in lines:
        by_title[line.title].append(line)
    return tuple(_together(title, several) for title, several in by_title.items())


def _together(title: str, lines: Sequence[YearLine]) -> Loose:
    marks = {line.mark for line in lines}
    mark = marks.pop() if len(marks) == 1 else StandShown("deels gedaan", "open")
    return Loose(title, len(lines), sum(line.mark.shape == "done" for line in lines), mark)


def _sending(session: Session, covenant_id: int, now: datetime, zone: ZoneInfo) -> Sending:
    last = post.last_sent(session, covenant_id)
    pause = standstill.pause(session) or standstill.pause(session, CLOCK_PAUSE)
    beats = beating.beats(session)
    return Sending(
        last=moment_words(last, now, zone) if last else "",
        paused_since=moment_words(pause.at, now, zone) if pause else "",
        rounds=tuple(_round(name, beats.get(key), now, zone) for key, name in ROUNDS.items()),
    )


def _round(name: str, last: datetime | None, now: datetime, zone: ZoneInfo) -> JobBeat:
    if last is None:
        return JobBeat(name, "nog niet geweest", False)
    return JobBeat(name, moment_words(last, now, zone), is_recent(last, now))
