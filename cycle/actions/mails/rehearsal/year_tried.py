"""What another year for a table will change, before it is kept: its deadlines of this year and the next, and the mails.

The change is made in a transaction that is taken back; the mails are played before and after, by the plan that makes
them.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from cycle.actions.deadlines.deciding.steps import YearWish, apply_wish
from cycle.actions.mails.rehearsal.rehearsing import gather_plan, play_plan
from cycle.actions.office.covenant_view import CovenantView, row_when, views
from cycle.actions.office.office import Office
from cycle.domain.mail_plan import Digest, Morning
from cycle.domain.model import Asked, State
from cycle.store import deadlines
from cycle.store.database import Session
from cycle.store.deadlines import LEAD, PARTICIPANT
from cycle.store.ids import id_of
from cycle.store.tables import DeadlineRow


@dataclass(frozen=True, slots=True)
class DeadlineSeen:
    """One deadline before or after: its title, when it is, who leads and takes part, in words."""

    title: str
    when: str
    leads: tuple[str, ...]
    participants: tuple[str, ...]
    due: date

    @property
    def others(self) -> tuple[str, ...]:
        """Who takes part beside the leads."""
        return tuple(name for name in self.participants if name not in self.leads)


@dataclass(frozen=True, slots=True)
class MailsOf:
    """How many mails a person, or lines a kind of deadline, gets as it is, and as it will be. `changed` is how many
    mails of a person come, go or tell something else."""

    name: str
    now: int
    then: int
    changed: int = 0


@dataclass(frozen=True, slots=True)
class YearTried:
    """What a change will do through a day. A mail is another when it goes on another day or tells something else."""

    words: str
    last: date
    coming: tuple[DeadlineSeen, ...]
    going: tuple[DeadlineSeen, ...]
    moving: tuple[tuple[DeadlineSeen, DeadlineSeen], ...]
    people: tuple[MailsOf, ...]
    kinds: tuple[MailsOf, ...]
    mails_now: int
    mails_then: int
    mails_coming: int
    mails_going: int
    mails_changing: int

    @property
    def changes_deadlines(self) -> bool:
        """Whether any deadline of these years is another."""
        return bool(self.coming or self.going or self.moving)


class _TakenBack(Exception):
    """Nothing of this is kept."""


def try_year(
    office: Office, covenant_id: int, wish: YearWish, now: datetime, *, by: str = "", version: str = ""
) -> YearTried:
    """What a table's other year will change, this year and the next. Nothing is kept.

    Raises what `change_year` raises.
    """
    last = date(office.local_day(now).year + 1, 12, 31)
    with office.database.reading() as session:
        before = _seen(session, office, covenant_id, last, now)
    words, after = "", before
    try:
        with office.database.writing() as session:
            settled = apply_wish(session, office.settings, covenant_id, wish, now, by=by, version=version)
            words = settled.words.removeprefix("is bewaard: ") if settled.changed else ""
            after = _seen(session, office, covenant_id, last, now)
            raise _TakenBack
    except _TakenBack:
        return _compared(words, last, before, after)


@dataclass(frozen=True, slots=True)
class _Seen:
    """A covenant at one moment: its deadlines through a day, by id, and what its mails are made of."""

    deadlines: Mapping[int, DeadlineSeen]
    kinds: Mapping[int, str]
    morning: Morning
    names: dict[int, str]


def _seen(session: Session, office: Office, covenant_id: int, last: date, now: datetime) -> _Seen:
    view = views(session, office.settings, [covenant_id])[covenant_id]
    morning, to_come = gather_plan(office, session, view, last, now)
    first = date(view.local_day(now).year, 1, 1)
    rows = deadlines.rows_of(session, covenant_id)
    parts = deadlines.parts(session, deadlines.in_covenant(covenant_id))
    dated = [row for row in rows if row.due and first <= row.due <= last and _is_asked(row)]
    return _Seen(
        {id_of(row): _deadline(row, view, parts.get(id_of(row), ())) for row in dated},
        {key: row.kind for key, row in (*((id_of(row), row) for row in rows), *to_come.items())},
        morning,
        {member.person: member.name for member in view.members},
    )


def _is_asked(row: DeadlineRow) -> bool:
    return row.asked == Asked.YES and row.state != State.DROPPED


def _deadline(row: DeadlineRow, view: CovenantView, parts: Sequence[deadlines.Part]) -> DeadlineSeen:
    def names(part: str) -> tuple[str, ...]:
        return tuple(view.party_names[one.party] for one in parts if one.part == part)

    return DeadlineSeen(row.title, row_when(row, view), names(LEAD), names(PARTICIPANT), row.due or date.max)


def _compared(words: str, last: date, before: _Seen, after: _Seen) -> YearTried:
    was, becomes = before.deadlines, after.deadlines
    old, new = _sure(play_plan(before.morning, last)), _sure(play_plan(after.morning, last))
    told_now, told_then = _told_by(old), _told_by(new)
    both = told_now.keys() & told_then.keys()
    return YearTried(
        words,
        last,
        _in_order(becomes[key] for key in becomes.keys() - was.keys()),
        _in_order(was[key] for key in was.keys() - becomes.keys()),
        tuple(
            (was[key], becomes[key])
            for key in sorted(was.keys() & becomes.keys(), key=lambda key: becomes[key].due)
            if was[key] != becomes[key]
        ),
        _people(told_now, told_then, before.names | after.names),
        _counted(_kinds_told(old, before), _kinds_told(new, after)),
        len(old),
        len(new),
        len(told_then.keys() - both),
        len(told_now.keys() - both),
        sum(told_now[key] != told_then[key] for key in both),
    )


def _sure(mails: Iterable[Digest]) -> list[Digest]:
    """Those that go whatever happens: an overview without news does not."""
    return [mail for mail in mails if not mail.is_if_news]


def _in_order(seen: Iterable[DeadlineSeen]) -> tuple[DeadlineSeen, ...]:
    return tuple(sorted(seen, key=lambda one: (one.due, one.title)))


ToldBy = Mapping[tuple[int, date], frozenset[tuple[int, str, str]]]
"""What each mail tells, by person and day."""


def _told_by(mails: Iterable[Digest]) -> ToldBy:
    return {
        (reader, one.on): frozenset((line.deadline, line.party, line.rung) for line in one.lines_of(reader))
        for one in mails
        for reader in one.readers
    }


def _people(now: ToldBy, then: ToldBy, names: Mapping[int, str]) -> tuple[MailsOf, ...]:
    """Everybody who gets a mail, before or after, by name."""
    changed = Counter(key[0] for key in now.keys() | then.keys() if now.get(key) != then.get(key))
    before, after = Counter(key[0] for key in now), Counter(key[0] for key in then)
    people = before.keys() | after.keys()
    counts = [MailsOf(names.get(one, ""), before[one], after[one], changed[one]) for one in people]
    return tuple(sorted(counts, key=lambda one: one.name))


def _kinds_told(mails: Iterable[Digest], seen: _Seen) -> Counter[str]:
    return Counter(seen.kinds.get(line.deadline, "") for mail in mails for line in mail.reminders)


def _counted(now: Counter[str], then: Counter[str]) -> tuple[MailsOf, ...]:
    """Both side by side, by name; what stays as it was too, so that nobody has to ask."""
    return tuple(MailsOf(name, now[name], then[name]) for name in sorted(now.keys() | then.keys()))
