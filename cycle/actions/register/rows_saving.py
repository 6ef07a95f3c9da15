"""Writing down one agreement with its readings. What somebody confirmed, and what an older agenda asked, stays."""

from collections.abc import Sequence
from typing import Any

from cycle.domain.model import Reading, ReadingKind
from cycle.domain.text import clean_lines
from cycle.intake.register import Entry, EntryReading
from cycle.store import finding, register
from cycle.store import tables as t
from cycle.store.database import Session
from cycle.store.ids import id_of


def save_entry(session: Session, covenant_id: int, entry: Entry, position: int) -> None:
    """One agreement with its readings."""
    row = register.agreement_row(session, covenant_id, entry.number) or t.AgreementRow(
        covenant_id=covenant_id,
        number=entry.number,
        theme=clean_lines(entry.theme),
        topic=clean_lines(entry.topic),
        position=position,
    )
    for name, value in fields_of(entry).items():
        setattr(row, name, value)
    session.add(row)
    session.flush()
    _save_readings(session, id_of(row), entry)


def fields_of(entry: Entry) -> dict[str, Any]:
    """The columns that this entry speaks about: the framework's, the agenda's, or both."""
    framework: dict[str, Any] = {
        "theme": entry.theme,
        "topic": entry.topic,
        "text": entry.text,
        "trekker": entry.trekker,
        "leads": list(entry.leads),
        "source": entry.source,
    }
    agenda: dict[str, Any] = {
        "agenda_topic": entry.agenda_topic,
        "agenda_text": entry.agenda_text,
        "agenda_trekker": entry.agenda_trekker,
        "agenda_leads": list(entry.agenda_leads),
        "agenda_date": entry.agenda_date,
        "agenda_source": entry.agenda_source,
        "agenda_number": entry.agenda_number,
    }
    if entry.agenda_year:  # an agenda that does not say its year leaves the one that is known
        agenda["agenda_year"] = entry.agenda_year
    fields = (framework if entry.source else {}) | (agenda if entry.agenda_source else {})
    return {name: clean_lines(value) if isinstance(value, str) else value for name, value in fields.items()}


def parts_in(entry: Entry) -> set[bool]:
    """Which of the two texts the entry has: False is the framework, True the agenda."""
    return {part for part, source in ((False, entry.source), (True, entry.agenda_source)) if source}


def with_own_refs(entry: Entry, rows: Sequence[t.ReadingRow]) -> list[tuple[str, EntryReading]]:
    """The readings of an entry under the names they have in the register.

    The same words in a newer agenda ("najaar") ask something else, so they get a name with that agenda's year; what
    comes back each year goes on under its old name.
    """
    known = {row.ref: row for row in rows}
    return [(_own_ref(one, known.get(one.ref)), one) for one in entry.readings]


def is_same(row: t.ReadingRow, entry_reading: EntryReading) -> bool:
    """Whether the stored reading is the one that was read, or was confirmed and so stays as it is."""
    if row.agenda_year != entry_reading.agenda_year and entry_reading.agenda_year:
        return False
    if row.confirmed_by:
        return True
    if entry_reading.confirmed_by or row.phrase != clean_lines(entry_reading.phrase):
        return False
    reading = register.reading_value(row)
    return reading == entry_reading.reading or (entry_reading.from_agenda and _goes_on(reading, entry_reading.reading))


def is_kept(row: t.ReadingRow, entry: Entry) -> bool:
    """Whether a reading stays that the entry does not have: a person confirmed it, or an older agenda asked it."""
    return bool(row.confirmed_by) or (row.from_agenda and (row.agenda_year or 0) < (entry.agenda_year or 0))


def _own_ref(entry_reading: EntryReading, row: t.ReadingRow | None) -> str:
    if (
        row is None
        or not entry_reading.agenda_year
        or (row.agenda_year or entry_reading.agenda_year) >= entry_reading.agenda_year
    ):
        return entry_reading.ref
    reading = register.reading_value(row)
    same = reading.due == entry_reading.reading.due and reading.kind is entry_reading.reading.kind
    return (
        entry_reading.ref
        if same or _goes_on(reading, entry_reading.reading)
        else f"{entry_reading.ref}@{entry_reading.agenda_year}"
    )


def _goes_on(known: Reading, later: Reading) -> bool:
    """Whether a yearly reading only began earlier: the same days of the year, as often."""
    if known.kind is not ReadingKind.YEARLY or later.kind is not ReadingKind.YEARLY:
        return False
    return (known.per_year, known.doubtful, *_days(known)) == (later.per_year, later.doubtful, *_days(later))


def _days(reading: Reading) -> tuple[tuple[int, int] | None, ...]:
    return tuple((day.month, day.day) if day else None for day in (reading.window_start, reading.due))


def _save_readings(session: Session, agreement_id: int, entry: Entry) -> None:
    rows = finding.readings_of(session, agreement_id)
    known = {row.ref: row for row in rows}
    for position, (ref, reading) in enumerate(with_own_refs(entry, rows)):
        row = known.pop(ref, None)
        goes_on = row is not None and reading.from_agenda and _goes_on(register.reading_value(row), reading.reading)
        row = row or t.ReadingRow(agreement_id=agreement_id, ref=ref, phrase="", kind=reading.reading.kind)
        row.position, row.source, row.from_agenda = position, reading.source, reading.from_agenda
        row.agenda_year = reading.agenda_year or row.agenda_year
        if not row.confirmed_by and not goes_on:
            _describe(row, reading)
        session.add(row)
    for gone in known.values():
        if gone.from_agenda in parts_in(entry) and not is_kept(gone, entry):
            session.delete(gone)
    session.flush()


def _describe(row: t.ReadingRow, reading: EntryReading) -> None:
    row.phrase, row.confirmed_by, row.confirmed_at = (
        clean_lines(reading.phrase),
        reading.confirmed_by,
        reading.confirmed_at,
    )
    register.put_reading(row, reading.reading)
