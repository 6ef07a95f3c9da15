"""The register beside what was read: per agreement what is new, what differs, and what is not found any more."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cycle.actions.register.rows_saving import fields_of, is_kept, is_same, paired, parts_in
from cycle.intake.register import Entry, EntryReading
from cycle.store import register
from cycle.store import tables as t
from cycle.store.database import Session
from cycle.store.ids import id_of

FIELDS = {
    "theme": "thema",
    "topic": "onderwerp",
    "text": "tekst",
    "trekker": "trekker",
    "leads": "trekkende partijen",
    "agenda_number": "nummer in de agenda",
    "agenda_year": "jaar van de agenda",
    "agenda_topic": "onderwerp in de agenda",
    "agenda_text": "tekst in de agenda",
    "agenda_trekker": "trekker in de agenda",
    "agenda_leads": "trekkende partijen in de agenda",
    "agenda_date": "datum in de agenda",
}


@dataclass(frozen=True, slots=True)
class Change:
    """How one agreement differs: (what, old, new) each. `asks` when a document said otherwise before."""

    number: str
    topic: str
    what: tuple[tuple[str, str, str], ...]
    asks: bool = False


@dataclass(frozen=True, slots=True)
class Differences:
    """How what was read differs from the register, by agreement number. `waiting` is not written: nobody said yes."""

    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    waiting: tuple[str, ...] = ()

    @property
    def any(self) -> bool:
        """Whether writing changes the register."""
        return bool({*self.new, *self.changed} - set(self.waiting))


@dataclass(frozen=True, slots=True)
class Known:
    """The register as it is: rows and readings by number, its newest agenda, and the documents it was read from."""

    rows: Mapping[str, t.AgreementRow] = field(default_factory=dict)
    readings: Mapping[int, Sequence[t.ReadingRow]] = field(default_factory=dict)
    agenda_year: int | None = None
    documents: tuple[str, ...] = ()

    def is_before(self, year: int) -> bool:
        """Whether an agenda of that year is older than the register's."""
        return self.agenda_year is not None and year < self.agenda_year


def known_of(session: Session, covenant_id: int | None) -> Known:
    """The register of a covenant; an empty one for a covenant that is not there yet."""
    if not covenant_id:
        return Known()
    rows = register.agreement_rows(session, covenant_id)
    readings: dict[int, list[t.ReadingRow]] = defaultdict(list)
    for reading_row in register.reading_rows(session, covenant_id):
        readings[reading_row.agreement_id].append(reading_row)
    files = register.files_read(session, covenant_id)
    return Known({row.number: row for row in rows}, readings, register.newest_agenda(rows), tuple(files))


def compared(known: Known, entries: Sequence[Entry], *, complete: bool) -> Differences:
    """The differences. Only a document with the framework in it can say that an agreement is gone."""
    new, unchanged, changes = [], [], []
    for entry in entries:
        row = known.rows.get(entry.number)
        change = _change(known, row, entry) if row is not None else None
        if row is None:
            new.append(entry.number)
        elif change is None:
            unchanged.append(entry.number)
        else:
            changes.append(change)
    gone = set(known.rows) - {entry.number for entry in entries} if complete else set()
    return Differences(
        tuple(new), tuple(change.number for change in changes), tuple(unchanged), tuple(sorted(gone)), tuple(changes)
    )


def _change(known: Known, row: t.AgreementRow, entry: Entry) -> Change | None:
    """What differs in one agreement, or None."""
    fields = {name: value for name, value in fields_of(entry).items() if not name.endswith("source")}
    different = {name: (getattr(row, name), value) for name, value in fields.items() if getattr(row, name) != value}
    phrases, parts = _phrases(known.readings.get(id_of(row), ()), entry)
    if not different and not phrases:
        return None
    what = [(FIELDS[name], _words(old), _words(new)) for name, (old, new) in different.items()]
    parts |= {name.startswith("agenda_") for name in different}
    return Change(row.number, row.topic, (*what, *phrases), _was_read(known, row, parts))


def _phrases(rows: Sequence[t.ReadingRow], entry: Entry) -> tuple[list[tuple[str, str, str]], set[bool]]:
    """The phrases that differ, and in which of the two texts; what a person confirmed and history do not count."""
    pairs = paired(entry, rows)
    beside: dict[int, EntryReading] = {id_of(pair.row): pair.reading for pair in pairs if pair.row is not None}
    known = [row for row in rows if row.from_agenda in parts_in(entry)]
    both: list[tuple[t.ReadingRow | None, EntryReading | None]] = [(row, beside.get(id_of(row))) for row in known]
    both += [(pair.row, pair.reading) for pair in pairs if pair.row is None or pair.row not in known]
    phrases: list[tuple[str, str, str]] = []
    parts: set[bool] = set()
    for row, reading in both:
        if (row and reading and is_same(row, reading)) or (row and not reading and is_kept(row, entry)):
            continue
        old = _reading_words(register.reading_value(row), row.phrase) if row else ""
        new = _reading_words(reading.reading, reading.phrase) if reading else ""
        phrases.append(("termijn", old, new))
        parts.add(reading.from_agenda if reading else bool(row and row.from_agenda))
    return phrases, parts


def _was_read(known: Known, row: t.AgreementRow, parts: set[bool]) -> bool:
    """Whether what differs was read from a document before: then somebody must say that it may change."""
    sources = [row.agenda_source if agenda else row.source for agenda in parts]
    return any(source.startswith(f"{file},") for source in sources for file in known.documents)


def _reading_words(reading: Any, phrase: str) -> str:
    due = f" ({reading.due})" if reading.due else ""
    return f"“{phrase}”{due}{' twijfel' if reading.doubtful else ''}"


def _words(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value if value is not None else "")
