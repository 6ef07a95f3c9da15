"""What the secretariat decides about a doubtful phrase, or about an action of the previous agenda.

The name and the time are kept with the reading and in the logbook. The deadline follows at once, in the same
transaction: it is no longer doubtful, and its next moment is renewed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from cycle.actions.deadlines.deciding.closing import Settled, move
from cycle.actions.deadlines.upkeep.year_upkeep import keep_covenant
from cycle.actions.office.covenant_view import CovenantView, view_of, views
from cycle.actions.office.logbook import UNNAMED, note
from cycle.actions.office.office import Office
from cycle.actions.office.versions import refuse_changed
from cycle.actions.settling.to_decide import FORMER_AGENDA, readings_words, unsettled
from cycle.domain.days import DEADLINE, KEPT_YEAR, parse_day
from cycle.domain.dutch import Reference, read
from cycle.domain.model import Reading, ReadingKind
from cycle.domain.text import number_in
from cycle.errors import NotFound, Refused
from cycle.store import covenants, deadlines, register
from cycle.store.database import Session
from cycle.store.tables import AgreementRow, ReadingRow

NO_DATE = "geen"


@dataclass(frozen=True, slots=True)
class _Found:
    """A reading with its agreement and its covenant, as a decision needs them."""

    row: ReadingRow
    agreement: AgreementRow
    view: CovenantView
    signed_or_begun: date | None

    @property
    def title(self) -> str:
        return f"{self.agreement.number} “{self.row.phrase}”"


def confirm_reading(
    office: Office,
    reading_id: int,
    now: datetime,
    *,
    by: str = "",
    choice: int = 1,
    covenant_id: int | None = None,
    version: str = "",
) -> Settled:
    """One of the readings that were shown is the right one: the first unless another is chosen.

    Raises NotFound, Changed when it is not what the page of this `version` showed, or Refused when there are not so
    many readings.
    """

    def chosen(doubt: _Found) -> Reading:
        reading = register.reading_value(doubt.row)
        readings = (reading, *reading.others)
        if doubt.row.confirmed_by and len(readings) == 1:
            return reading  # it was chosen before, and its rivals are gone
        if not 1 <= choice <= len(readings):
            raise Refused(f"{doubt.title} heeft {len(readings)} lezingen.", "Kijk met: cycle settle")
        return reading if choice == 1 else replace(readings[choice - 1], others=())

    return _decide(office, reading_id, now, by, covenant_id, "bevestigd", chosen, version)


def set_reading(
    office: Office,
    reading_id: int,
    when: str,
    now: datetime,
    *,
    by: str = "",
    on: int | None = None,
    covenant_id: int | None = None,
    version: str = "",
) -> Settled:
    """What the phrase means after all: a day (JJJJ-MM-DD), words that can be read in one way, or "geen".

    Words are read from the year `on`, else from the year that the phrase was read in. Raises NotFound, Changed when it
    is not what the page of this `version` showed, or Refused for words that leave a doubt.
    """

    def given(doubt: _Found) -> Reading:
        if when.strip().casefold() == NO_DATE:
            return Reading(ReadingKind.NONE, "hierbij hoort geen termijn")
        if on is not None:
            KEPT_YEAR.around(office.local_day(now)).refuse_year(on)
        year = on or _year_of(doubt)
        return certain_reading(when, year, doubt.view)

    return _decide(office, reading_id, now, by, covenant_id, "vastgesteld", given, version)


def certain_reading(when: str, year: int, view: CovenantView) -> Reading:
    """A day or words as one certain reading.

    Raises Refused when they can be read in two ways or not at all.
    """
    day = parse_day(when)
    if day is not None:
        return Reading(ReadingKind.ONCE, f"vastgesteld op {when.strip()}", due=day)
    reading = read(when, Reference(year), view.settings.reading.conventions())
    if reading.doubtful:
        readings = " of ".join(readings_words(one) for one in (reading, *reading.others))
        raise Refused(f"“{when}” is niet zeker: {readings}.", "Geef een dag (JJJJ-MM-DD) of woorden met één betekenis.")
    if reading.kind is ReadingKind.NONE:
        raise Refused(f"In “{when}” is geen termijn te lezen.", f"Geef een dag (JJJJ-MM-DD), woorden, of “{NO_DATE}”.")
    return reading


def carry(
    office: Office,
    deadline_id: int,
    day: date,
    now: datetime,
    *,
    by: str = "",
    covenant_id: int | None = None,
    version: str = "",
) -> Settled:
    """Takes an open action along to a new day: its trekkers are reminded of it from now on.

    Raises NotFound, or Refused for one that is settled and for a day that has passed.
    """
    with office.database.reading() as session:
        row = deadlines.row_by_id(session, deadline_id, covenant_id)
    is_there = row.due == day and row.moved_from is not None
    if day < office.local_day(now) and not is_there:
        raise Refused(f"{day} is al voorbij.", "Schuif door naar een dag die nog komt.")
    return move(office, deadline_id, day, now, by=by, covenant_id=covenant_id, carried=True, version=version)


def carry_all(office: Office, covenant: str | None, day: date, now: datetime, *, by: str = "") -> list[Settled]:
    """Takes all open actions of previous agendas along to one day."""
    with office.database.reading() as session:
        view = view_of(session, office.settings, covenant)
        ids = [one.id for one in unsettled(session, view).actions if one.why == FORMER_AGENDA]
    return [carry(office, deadline, day, now, by=by, covenant_id=view.id) for deadline in ids]


def _decide(
    office: Office,
    reading_id: int,
    now: datetime,
    by: str,
    covenant_id: int | None,
    verb: str,
    decide: Callable[[_Found], Reading],
    version: str,
) -> Settled:
    """Writes a decision down, unless it was so already, and lets the deadlines follow."""
    with office.database.writing() as session:
        doubt = _find(office, session, reading_id, covenant_id)
        covenants.lock(session, doubt.view.id)
        refuse_changed(session, version, f"lezing {reading_id}", doubt.view.id, doubt.row)
        decided = replace(decide(doubt), doubtful=False)
        DEADLINE.around(office.local_day(now)).refuse(decided.window_start, decided.due)
        row = doubt.row
        if row.confirmed_by and _is(register.reading_value(row), decided):
            return Settled(doubt.title, f"was al {verb}: {readings_words(decided)}", changed=False)
        register.put_reading(row, decided)
        row.confirmed_by, row.confirmed_at = by or UNNAMED, now
        session.add(row)
        session.flush()
        words = readings_words(decided)
        note(session, now, by, verb, f"lezing {row.id}", f"{doubt.title}: {words}", doubt.view.id)
        keep_covenant(session, doubt.view, now)
        return Settled(doubt.title, f"{verb}: {words}", changed=True)


def _is(known: Reading, decided: Reading) -> bool:
    return (known.kind, known.window_start, known.due, known.per_year, known.rule) == (
        decided.kind,
        decided.window_start,
        decided.due,
        decided.per_year,
        decided.rule,
    )


def _find(office: Office, session: Session, reading_id: int, covenant_id: int | None) -> _Found:
    row = session.get(ReadingRow, reading_id, with_for_update=True) if 0 < reading_id < 2**31 else None
    agreement = session.get(AgreementRow, row.agreement_id) if row else None
    if row is None or agreement is None or covenant_id not in (None, agreement.covenant_id):
        raise NotFound(f"Lezing L{reading_id} bestaat niet.", "Kijk met: cycle settle")
    view = views(session, office.settings, [agreement.covenant_id])[agreement.covenant_id]
    return _Found(row, agreement, view, view.row.signed_on or covenants.running_term(session, view.id).start)


def _year_of(doubt: _Found) -> int:
    """The year that the phrase was read in, else the year that its agenda or its covenant speaks from."""
    day = doubt.row.due or doubt.row.window_start or doubt.signed_or_begun
    return day.year if day else doubt.row.agenda_year or doubt.view.row.live_since.year


def ids_of(words: Sequence[str]) -> list[int]:
    """The numbers of readings as `cycle settle` shows them: "L12", or 12.

    Raises Refused for anything else.
    """
    ids = []
    for word in words:
        number = number_in(word.strip().lstrip("Ll"))
        if number is None:
            raise Refused(f"{word!r} is geen lezing.", "Lezingen heten L12; kijk met: cycle settle")
        ids.append(number)
    return ids
