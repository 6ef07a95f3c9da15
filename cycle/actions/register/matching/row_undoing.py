"""What a reading-in did, put back row by row: an agreement is again what it was before, and all that hangs on it too.

It goes by the facts of that reading-in, and is a fact itself. What people did since stands in the way, and is named; of
what was mailed since, the page says what will become of it. Nothing is mailed.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cycle.actions.deadlines.upkeep.year_upkeep import keep_covenant
from cycle.actions.office.covenant_view import views
from cycle.actions.office.logbook import note
from cycle.actions.office.office import Office
from cycle.actions.register.matching.row_words import built_words, told_words, what_words
from cycle.domain.model import Asked
from cycle.domain.progress_questions import is_question
from cycle.domain.text import natural
from cycle.errors import NotFound, Refused
from cycle.store import covenants, deadlines, read_ins
from cycle.store.database import Session
from cycle.store.happened import PastChange, past_change
from cycle.store.ids import id_of
from cycle.store.outbox import withdrawing
from cycle.store.read_ins import READ_IN
from cycle.store.row_changes import CAME
from cycle.store.tables import ActionRow, AgreementRow, DeadlineRow
from cycle.store.taking_back import is_as_left, row_of, take_back

PUT_BACK = "inlezing teruggezet"
REGISTER = frozenset({"agreement", "action", "reading"})
BY_ITSELF = frozenset({"position"})
"""Columns that follow from the order of a document."""
NUMBER = "number"
THEME_NAME = "theme_name"


@dataclass(slots=True)
class DoneRow:
    """What a reading-in did to one agreement. `left` are the changes of the register, but for numbers, that were not
    put back yet; `number` is what it was called before and since, where that differs."""

    agreement_id: int
    changes: list[PastChange]
    left: list[PastChange]
    row: AgreementRow | None
    is_new: bool
    number: tuple[str, str] = ("", "")
    deadlines: list[DeadlineRow] = field(default_factory=list)

    @property
    def is_erased(self) -> bool:
        """Whether nobody knows any more all that it was before."""
        return any(one.is_erased for one in self.changes if one.subject in REGISTER)

    @property
    def is_back(self) -> bool:
        """Whether all of it is as it was before."""
        if self.is_new or self.row is None or self.is_erased:
            return self.row is None
        return self.row.number != self.number[1] if not self.left else False


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One agreement of a reading-in as the page has it: what became of it, and whether that can be put back (`why` not,
    and what those are told who were mailed since)."""

    agreement_id: int
    number: str
    topic: str
    what: tuple[tuple[str, str, str], ...]
    is_back: bool
    why: str = ""
    tells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadInDone:
    """One reading-in: what was read, by whom and when, and what it did to each agreement."""

    id: int
    at: datetime
    who: str
    detail: str
    rows: tuple[ShownRow, ...]


def reading_in_done(office: Office, covenant_id: int, fact_id: int) -> ReadInDone:
    """What one reading-in did. Raises NotFound for anything else."""
    with office.database.reading() as session:
        read_in = _read_in(session, fact_id, covenant_id)
        names = {row.slug: row.name for row in covenants.party_rows(session, covenant_id)}
        shown = [_shown(office, session, read_in, row, names) for row in _rows(session, read_in).values()]
    ordered = tuple(sorted(shown, key=lambda one: natural(one.number)))
    return ReadInDone(read_in.id, read_in.at, read_in.who or read_in.by, read_in.text, ordered)


def put_rows_back(
    office: Office, covenant_id: int, fact_id: int, agreement_ids: Collection[int], now: datetime, *, by: str = ""
) -> list[str]:
    """Puts some agreements back as they were before a reading-in; returns their numbers. What was put back already is
    left out.

    Raises NotFound for what is not of this reading-in, Refused for what people built on since; then nothing is done.
    """
    with office.database.writing() as session:
        covenants.lock(session, covenant_id)
        read_in = _read_in(session, fact_id, covenant_id)
        rows = _rows(session, read_in)
        if not rows.keys() >= set(agreement_ids):
            raise NotFound("Deze rij is niet van deze inlezing.", "Ga terug naar de inlezing en kies opnieuw.")
        mine = [rows[key] for key in sorted(set(agreement_ids)) if not rows[key].is_back]
        for row in mine:
            if why := _why_not(office, session, read_in, row):
                raise Refused(why, "Er is niets teruggezet.")
        of_what = f"{read_in.text}, van {office.local_day(read_in.at)}"
        for row in mine:
            note(session, now, by, PUT_BACK, f"afspraak {_called(row)}", of_what, covenant_id, of=row.agreement_id)
        numbers = [_called(row) for row in mine]
        _refuse_taken_numbers(session, mine)
        for row in mine:
            _undo(office, session, read_in, row, now)
        _give_numbers(session, mine)
        if mine:
            view = views(session, office.settings, [covenant_id])[covenant_id]
            keep_covenant(session, view, now)
            for row in mine:
                _forget_questions(session, read_in, row)
            _take_theme_names_back(session, read_in)
        return numbers


def _read_in(session: Session, fact_id: int, covenant_id: int) -> PastChange:
    read_in = past_change(session, fact_id, covenant_id)
    if read_in.verb != READ_IN:
        raise NotFound("Dit is geen inlezing.", "Kies er een bij Inlezen.")
    return read_in


def _rows(session: Session, read_in: PastChange) -> dict[int, DoneRow]:
    """The agreements that a reading-in changed, by their id."""
    by_agreement = read_ins.by_agreement(session, read_ins.done_by(session, read_in))
    agreements = read_ins.agreements_with(session, by_agreement)
    rows = {}
    for key, changes in by_agreement.items():
        did = [one for one in map(_narrowed, changes) if one.subject in REGISTER and (one.old or one.new)]
        number, left = _numbers(changes, key), [one for one in did if not _is_undone(session, one)]
        readings = {one.subject_id for one in left if one.subject == "reading" and one.new}
        decided = read_ins.decided_since(session, readings, read_in) if readings else []
        changes, left = [*changes, *decided], [*left, *decided]
        if did or number[0] or any(one.is_erased for one in changes if one.subject in REGISTER):
            mine = list(read_ins.deadlines_of(session, key))
            rows[key] = DoneRow(key, changes, left, agreements.get(key), _came(changes, key), number, mine)
    return rows


def _came(changes: Iterable[PastChange], agreement_id: int) -> bool:
    mine = (one for one in changes if one.subject == "agreement" and one.subject_id == agreement_id)
    return any(one.verb == CAME if one.is_erased else not one.old for one in mine)


def _narrowed(change: PastChange) -> PastChange:
    """Without what follows by itself; what went is whole, to come back so."""
    if not change.new:
        return change
    leaving = BY_ITSELF | {NUMBER} if change.subject == "agreement" else BY_ITSELF
    old = {name: value for name, value in change.old.items() if name not in leaving}
    new = {name: value for name, value in change.new.items() if name not in leaving}
    return change._replace(old=old, new=new)


def _is_undone(session: Session, change: PastChange) -> bool:
    """Whether a row is what it was before a change."""
    if change.old and change.new:
        return is_as_left(session, change._replace(old=change.new, new=change.old))
    row = row_of(session, change)
    if change.new:
        is_let_go = isinstance(row, ActionRow) and (not row.is_asked or row.agreement_id is None)
        return row is None or (is_let_go and bool(change.new.get("is_asked")))
    return row is not None


def _numbers(changes: Iterable[PastChange], agreement_id: int) -> tuple[str, str]:
    """What an agreement was called before and since, where that differs."""
    mine = (one for one in changes if one.subject == "agreement" and one.subject_id == agreement_id)
    named = [one for one in mine if NUMBER in one.new]
    return (named[0].old.get(NUMBER, ""), named[-1].new[NUMBER]) if named and named[0].old else ("", "")


def _called(row: DoneRow) -> str:
    if row.row is not None:
        return row.row.number
    new = next((one.new for one in row.changes if one.subject == "agreement" and one.new.get(NUMBER)), {})
    return str(new.get(NUMBER, ""))


def _shown(office: Office, session: Session, read_in: PastChange, row: DoneRow, names: Mapping[str, str]) -> ShownRow:
    topic = row.row.topic or row.row.agenda_topic if row.row is not None else ""
    new = next((one.new for one in row.changes if one.subject == "agreement" and one.new.get("topic")), {})
    why = "" if row.is_back else _why_not(office, session, read_in, row)
    tells = () if why or row.is_back else _tells(session, read_in, row)
    what = what_words(session, row.changes, row.number, names)
    return ShownRow(row.agreement_id, _called(row), topic or new.get("topic", ""), what, row.is_back, why, tells)


def _touched(row: DoneRow) -> list[DeadlineRow]:
    """The deadlines of which a reading-in made more than the number another one; all of a new agreement."""
    if row.is_new:
        return row.deadlines
    weighty = {
        one.subject_id
        for one in row.changes
        if one.subject == "part" or (one.subject == "deadline" and (not one.old or one.new.keys() - _LIGHT))
    }
    return [one for one in row.deadlines if one.id in weighty]


_LIGHT = frozenset({"number", "source", "sequence", "agreements", "theme"})


def _why_not(office: Office, session: Session, read_in: PastChange, row: DoneRow) -> str:
    """Why an agreement cannot be put back, in a sentence; "" when it can."""
    number = _called(row)
    going = {one.subject_id for one in row.changes if one.subject == "action" and not one.old}
    if row.is_erased:
        return f"{number} kan niet terug: daarin stond iemand die gewist is."
    if read_ins.goes_on(session, row.agreement_id, going, is_going=row.is_new):
        return f"{number} kan niet terug: het volgende kader gaat erop door."
    if read_ins.is_newest(session, read_in):
        return ""
    ids = [id_of(one) for one in _touched(row)]
    built = read_ins.built_since(session, row.agreement_id, ids, read_in) if ids or row.is_new else None
    if built is None:
        last = {(one.subject, one.subject_id): one for one in row.left}
        other = next((one for one in last.values() if not is_as_left(session, one)), None)
        built = read_ins.later_change(session, other, read_in) or other if other is not None else None
    if built is None and row.number[1] and row.row is not None and row.row.number not in row.number:
        return f"{number} kan niet terug: de afspraak kreeg daarna nog een ander nummer."
    return f"{number} kan niet terug: {built_words(built, office.local_day(built.at))}." if built is not None else ""


def _tells(session: Session, read_in: PastChange, row: DoneRow) -> tuple[str, ...]:
    """What becomes of what was mailed since."""
    touched = {id_of(one): one for one in _touched(row)}
    told: dict[int, list[str]] = {}
    for mailed in read_ins.told_since(session, touched, read_in):
        told.setdefault(mailed.deadline_id, []).append(mailed.person)
    return tuple(told_words(touched[key], names, _before(row, key)) for key, names in told.items())


def _before(row: DoneRow, deadline_id: int) -> Mapping[str, object] | None:
    """What a deadline was before; None where it was not there."""
    mine = [one for one in row.changes if one.subject == "deadline" and one.subject_id == deadline_id]
    return mine[0].old or None if mine else {}


def _refuse_taken_numbers(session: Session, rows: Sequence[DoneRow]) -> None:
    """Raises Refused where the number that one had is now of another, which does not go back with it."""
    ids = {row.agreement_id for row in rows}
    for row in rows:
        if row.number[0] and row.row is not None:
            other = read_ins.bearer_of(session, row.row, row.number[0])
            if other is not None and id_of(other) not in ids:
                what = f"{row.row.number} kan niet terug naar {row.number[0]}: dat nummer is nu van een andere afspraak"
                raise Refused(f"{what} ({other.topic or other.agenda_topic}).", "Zet die twee samen terug.")


def _give_numbers(session: Session, rows: Sequence[DoneRow]) -> None:
    """Each renumbered agreement gets its number back; on the way none has the number of another."""
    renumbered = [row for row in rows if row.number[0] and row.row is not None and not row.is_new]
    for row in renumbered:
        if row.row is not None:
            row.row.number = f" {row.agreement_id}"
    session.flush()
    for row in renumbered:
        if row.row is not None:
            row.row.number = row.number[0]
    session.flush()


def _undo(office: Office, session: Session, read_in: PastChange, row: DoneRow, now: datetime) -> None:
    """The rows of one agreement as they were; so are deadlines that nobody heard of since, and the others follow."""
    _withdraw(session, row.deadlines, now)
    ids = [id_of(one) for one in row.deadlines]
    stay = read_ins.to_stay(session, ids)
    told = {one.deadline_id for one in read_ins.told_since(session, ids, read_in)}
    days = [one for one in row.changes if one.subject in ("deadline", "part")]
    new = {one.subject_id for one in days if one.subject == "deadline" and not one.old}
    new_actions = {one.subject_id for one in row.left if one.subject == "action" and not one.old}
    lost = [one for one in row.deadlines if one.action_id in new_actions or id_of(one) in new]
    called_off = {one.action_id for one in lost if id_of(one) in stay}
    read_ins.drop_deadlines(session, [one for one in lost if id_of(one) not in stay])
    gone = {id_of(one) for one in lost}
    back = {one.subject_id for one in days} - gone - told
    days = [one for one in (*days, *read_ins.days_since(session, back, read_in)) if one.subject_id in back]
    _put_days_back(session, days, now)
    if row.is_new:
        read_ins.take_agreement_away(session, row.agreement_id, called_off)
        return
    read_ins.let_actions_go(session, called_off & new_actions)
    left = [one for one in row.left if one.subject != "action" or one.subject_id not in called_off & new_actions]
    readings_first = ([one for one in left if (one.subject == "reading") is first] for first in (True, False))
    if other := next(filter(None, (take_back(session, some) for some in readings_first)), None):
        did = built_words(other, office.local_day(other.at))
        raise Refused(f"{_called(row)} kan niet terug: {did}.", "Er is niets teruggezet.")


def _forget_questions(session: Session, read_in: PastChange, row: DoneRow) -> None:
    """Questions about how an agreement stands that came since, that nothing asks now and of which nobody heard."""
    came = [one for one in read_ins.deadlines_of(session, row.agreement_id) if one.created_at >= read_in.at]
    asked = [one for one in came if one.asked == Asked.TAKEN and is_question(one.slot, one.occurrence)]
    stay = read_ins.to_stay(session, [id_of(one) for one in asked])
    read_ins.drop_deadlines(session, [one for one in asked if id_of(one) not in stay])


def _take_theme_names_back(session: Session, read_in: PastChange) -> None:
    """What a reading-in called a theme goes with the last of its agreements of that theme; what a person called it
    since stays."""
    still_there = {_theme_of(row) for row in _rows(session, read_in).values() if not row.is_back}
    for change in read_ins.done_by(session, read_in):
        if change.subject == THEME_NAME and read_ins.theme_of_name(session, change) not in still_there:
            take_back(session, [change])


def _theme_of(row: DoneRow) -> str:
    return row.row.theme if row.row is not None else ""


def _put_days_back(session: Session, changes: Sequence[PastChange], now: datetime) -> None:
    """Deadlines that nobody was told of since are as they were, with since when that is known."""
    by_deadline: dict[int, list[PastChange]] = {}
    for change in changes:
        by_deadline.setdefault(change.subject_id, []).append(change)
    for key, mine in by_deadline.items():
        if take_back(session, mine) is not None:
            continue  # the upkeep of the year lets it follow
        row = deadlines.row_by_id(session, key)
        first = next((one.old for one in mine if one.subject == "deadline" and "news" in one.old), {})
        row.known_since, row.news = read_ins.known_before(first, row)
        row.sequence, row.changed_at = row.sequence + 1, now
        session.add(row)
    session.flush()


def _withdraw(session: Session, rows: Sequence[DeadlineRow], now: datetime) -> None:
    ids = [id_of(one) for one in rows]
    if ids:
        withdrawing.withdraw(session, withdrawing.unsent_digests_about(session, ids), now)
