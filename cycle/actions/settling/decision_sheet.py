"""What is to settle as a list to fill in: written with an empty column "besluit", read back row by row.

A row is known by its lasting mark, so that a list can be filled in for weeks and in another copy of the database. What
cannot be done is a fault with its place, and the other rows go on; reading the same list again changes nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from cycle.actions.deadlines.deciding.closing import DONE_WORDS, Settled, move
from cycle.actions.office.covenant_view import CovenantView, view_of
from cycle.actions.office.office import Office
from cycle.actions.settling.bulk import settle_all_leads
from cycle.actions.settling.deciding import carry, certain_reading, confirm_reading, set_reading
from cycle.actions.settling.to_decide import Doubt, OpenAction, readings_words, unsettled
from cycle.domain.model import ReadingKind, State
from cycle.domain.status import STATE_WORDS
from cycle.errors import CycleError, Fault, Refused
from cycle.intake.headed import read_headed
from cycle.sheets import Column, Sheet, write_sheets
from cycle.store import deadlines, register
from cycle.store.ids import id_of
from cycle.store.tables import DeadlineRow, ReadingRow

DONE, DROPPED = STATE_WORDS[State.DONE], STATE_WORDS[State.DROPPED]
CARRY, DATE = "doorschuiven naar", "datum"
CHOICES = ("lezing 1", "lezing 2", "lezing 3")
COLUMNS = (
    Column("nr", 8),
    Column("nummer", 9),
    Column("onderwerp", 32),
    Column("woorden", 28),
    Column("lezing 1", 30),
    Column("lezing 2", 30),
    Column("lezing 3", 30),
    Column("trekker", 24),
    Column("waarom", 30),
    Column("plaats", 30),
    Column("besluit", 18, (DONE, DROPPED, CARRY, DATE, *CHOICES)),
    Column("datum", 16),
    Column("kenmerk", 12),
)
NEEDED = ("besluit", "datum", "kenmerk")
MEANING = (
    (DONE, "De actie is uitgevoerd, voor alle trekkers."),
    (DROPPED, "De actie hoeft niet meer, voor alle trekkers."),
    (CARRY, "De actie gaat door; zet de nieuwe laatste dag in de kolom datum."),
    (DATE, "Zo is de termijn bedoeld; zet een dag of woorden (mei 2027) in de kolom datum."),
    ("lezing 1, 2 of 3", "Die lezing is de goede."),
    ("(leeg)", "Nog geen besluit; de rij wordt overgeslagen."),
)


@dataclass(frozen=True, slots=True)
class Applied:
    """What reading a list back did: each decision, and what could not be done."""

    decided: tuple[Settled, ...]
    faults: tuple[Fault, ...]


def write_settle_list(office: Office, covenant: str | None, file: Path) -> int:
    """Writes the list as XLSX (with a sheet that explains it) or CSV; says how many rows it has.

    Raises NotFound, Refused for another kind of file, CycleError when it cannot be written.
    """
    with office.database.reading() as session:
        view = view_of(session, office.settings, covenant)
        waiting = unsettled(session, view)
    rows = [*map(_doubt_row, waiting.doubts), *map(_action_row, waiting.actions)]
    meaning = Sheet("Uitleg", (Column("besluit", 20), Column("betekenis", 80)), MEANING)
    write_sheets(file, [Sheet("Af te handelen", COLUMNS, rows), meaning])
    return len(rows)


def read_settle_list(office: Office, covenant: str | None, file: Path, now: datetime, *, by: str = "") -> Applied:
    """Carries out what a list says.

    Raises NotFound, Unreadable for a file that is no such list.
    """
    rows = read_headed(file, NEEDED)
    with office.database.reading() as session:
        view = view_of(session, office.settings, covenant)
    decided: list[Settled] = []
    faults: list[Fault] = []
    for place, row in rows:
        try:
            decided.extend(_Row(office, view, row, now, by).carried_out() if row.get("besluit") else ())
        except CycleError as error:
            faults.append(Fault(place, error.what, error.hint))
    return Applied(tuple(decided), tuple(faults))


def _doubt_row(doubt: Doubt) -> tuple[str, ...]:
    readings = [readings_words(one) for one in doubt.readings[:3]]
    return (
        f"L{doubt.id}",
        doubt.number,
        doubt.topic,
        doubt.phrase,
        *readings,
        *[""] * (3 - len(readings)),
        ", ".join(doubt.leads),
        doubt.readings[0].reason,
        doubt.place,
        "",
        "",
        doubt.mark,
    )


def _action_row(action: OpenAction) -> tuple[str, ...]:
    due = action.due.isoformat() if action.due else ""
    return (
        str(action.id),
        action.number,
        action.title,
        action.phrase,
        due,
        "",
        "",
        ", ".join(action.leads),
        action.why,
        action.place,
        "",
        "",
        action.mark,
    )


@dataclass(frozen=True, slots=True)
class _Row:
    """One row that has a decision."""

    office: Office
    view: CovenantView
    row: Mapping[str, str]
    now: datetime
    by: str

    def carried_out(self) -> list[Settled]:
        """Does what the row says, for a phrase or for an action."""
        word, mark = self.row["besluit"].casefold(), self.row.get("kenmerk", "")
        with self.office.database.reading() as session:
            reading = register.marked_reading(session, self.view.id, mark)
            rows = deadlines.rows_with_mark(session, self.view.id, mark, reading)
        if reading is None and not rows:
            raise Refused(f"Het kenmerk {mark!r} is hier onbekend.", "Maak een nieuwe lijst met: cycle export --settle")
        ways: dict[str, Callable[[], list[Settled]]] = {
            DONE: lambda: self._close(reading, rows, State.DONE),
            DROPPED: lambda: self._close(reading, rows, State.DROPPED),
            CARRY: lambda: self._carry(reading, rows),
            DATE: lambda: self._date(reading, rows),
        }
        ways |= {choice: lambda: self._choose(reading, int(word[-1])) for choice in CHOICES}
        if word not in ways:
            raise Refused(f"Het besluit {self.row['besluit']!r} is onbekend.", f"Kies uit: {', '.join(ways)}.")
        return ways[word]()

    def _close(self, reading: ReadingRow | None, rows: Sequence[DeadlineRow], state: State) -> list[Settled]:
        """Done or dropped. The phrase is then no longer asked about."""
        if reading is not None and reading.kind == ReadingKind.YEARLY:
            raise Refused(f"“{reading.phrase}” komt elk jaar terug.", "Kies een lezing, of geef een datum.")
        settled = [one for row in rows for one in self._settle(row, state)]
        if reading is None:
            return settled
        return [self._confirm(reading) if rows else self._set(reading, "geen"), *settled]

    def _settle(self, row: DeadlineRow, state: State) -> list[Settled]:
        """The same for each lead that has not settled it, or for all at once when there is none."""
        if row.state == state:
            return [Settled(row.title, f"was al {DONE_WORDS[state]}", changed=False)]
        return settle_all_leads(self.office, row, state, self.now, by=self.by)

    def _carry(self, reading: ReadingRow | None, rows: Sequence[DeadlineRow]) -> list[Settled]:
        day = self._day()
        still_open = rows if reading is None else [row for row in rows if row.state == State.OPEN]
        if reading is not None and (not still_open or reading.kind == ReadingKind.YEARLY):
            return [self._set(reading, day.isoformat())]
        confirmed = [self._confirm(reading)] if reading is not None else []
        return confirmed + [
            carry(self.office, id_of(row), day, self.now, by=self.by, covenant_id=self.view.id) for row in still_open
        ]

    def _date(self, reading: ReadingRow | None, rows: Sequence[DeadlineRow]) -> list[Settled]:
        """The phrase means this; an action gets this last day."""
        if reading is not None:
            return [self._set(reading, self._written())]
        day, by, covenant_id = self._day(), self.by, self.view.id
        return [
            move(self.office, id_of(row), day, self.now, by=by, covenant_id=covenant_id, carried=True) for row in rows
        ]

    def _choose(self, reading: ReadingRow | None, choice: int) -> list[Settled]:
        if reading is None:
            raise Refused("Hier valt geen lezing te kiezen.", f"Kies {DONE}, {DROPPED}, {CARRY} of {DATE}.")
        return [self._confirm(reading, choice)]

    def _confirm(self, reading: ReadingRow, choice: int = 1) -> Settled:
        return confirm_reading(
            self.office, id_of(reading), self.now, by=self.by, choice=choice, covenant_id=self.view.id
        )

    def _set(self, reading: ReadingRow, when: str) -> Settled:
        return set_reading(self.office, id_of(reading), when, self.now, by=self.by, covenant_id=self.view.id)

    def _written(self) -> str:
        """The cell as a day where it is one: a workbook gives "1 april 2027" for a date."""
        if not self.row.get("datum"):
            raise Refused("De kolom datum is leeg.", "Zet er de dag in, zoals 2027-04-01.")
        reading = certain_reading(self.row["datum"], self.view.local_day(self.now).year, self.view)
        is_day = reading.due is not None and reading.window_start in (None, reading.due)
        return reading.due.isoformat() if is_day and reading.due and not reading.per_year else self.row["datum"]

    def _day(self) -> date:
        written = self._written()
        reading = certain_reading(written, self.view.local_day(self.now).year, self.view)
        if reading.kind is not ReadingKind.ONCE or reading.due is None:
            raise Refused(f"“{written}” is geen dag.", "Schrijf bijvoorbeeld 2027-04-01.")
        return reading.due
