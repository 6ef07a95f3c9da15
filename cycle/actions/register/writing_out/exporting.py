"""The register as a table that people can read and `cycle import` takes back without a difference."""

import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from cycle.actions.office.covenant_view import CovenantView, view_of
from cycle.actions.office.office import Office
from cycle.domain.model import Conventions
from cycle.intake.leads import Names, names_of
from cycle.intake.register import EntryReading, ref_of
from cycle.intake.register_table import (
    COLUMNS,
    KEEPING,
    joined_phrases,
    kept_leads,
    phrase_reading,
    reading_as_data,
    same_reading,
)
from cycle.sheets import Column, Sheet, write_sheets
from cycle.store import actions, covenants, register
from cycle.store.database import Session
from cycle.store.ids import id_of
from cycle.store.tables import ActionRow, AgreementRow, ReadingRow

WIDE = {"onderwerp": 32, "afspraak": 60, "termijnen": 24, "agenda_afspraak": 60, "agenda_onderwerp": 32, "lezingen": 24}


def export_register(office: Office, covenant: str | None, file: Path) -> int:
    """Writes the register as CSV or XLSX, by the name of the file; says how many agreements it has.

    Raises NotFound, Refused for another kind of file, CycleError when it cannot be written.
    """
    with office.database.reading() as session:
        sheet = register_sheet(session, view_of(session, office.settings, covenant))
    write_sheets(file, [sheet])
    return len(sheet.rows)


def register_sheet(session: Session, view: CovenantView) -> Sheet:
    """The register of a covenant as one table."""
    columns = tuple(Column(name, WIDE.get(name, 14)) for name in (*COLUMNS, *KEEPING))
    return Sheet("Register", columns, register_rows(session, view))


def register_rows(session: Session, view: CovenantView) -> list[tuple[str, ...]]:
    """One row per agreement, in the order of the document, each with one for every further action behind it."""
    readings: dict[int, list[ReadingRow]] = defaultdict(list)
    for reading_row in register.reading_rows(session, view.id):
        readings[reading_row.action_id].append(reading_row)
    asked = actions.of_agreements(session, view.id)
    on = covenants.speaks_from(session, view.row)
    conventions = view.settings.reading.conventions()
    names = names_of(view.parties, covenants.groups(session, view.id))
    cells = []
    for row in register.agreement_rows(session, view.id):
        for action in asked[id_of(row)]:
            mine = [_value(one, action.position) for one in readings[id_of(action)]]
            if action.position == 0 or action.is_asked or mine:
                cells.append(_row(_row_of(row, action), mine, on, conventions, names))
    return cells


def _row_of(row: AgreementRow, action: ActionRow) -> AgreementRow:
    """An action as a row of its own: that of the agreement for its main one."""
    if action.position == 0:
        return row
    named = AgreementRow(
        covenant_id=row.covenant_id, term_id=row.term_id, number=row.number, theme=row.theme, topic=action.topic
    )
    if not action.from_agenda:
        named.text, named.trekker, named.source = action.text, action.trekker, action.source
        named.leads = list(action.leads)
        return named
    named.agenda_number, named.agenda_year, named.agenda_topic = row.number, action.agenda_year, action.topic
    named.agenda_text, named.agenda_trekker, named.agenda_leads = action.text, action.trekker, list(action.leads)
    named.agenda_date, named.agenda_source = action.date_phrase, action.source
    return named


def _row(
    row: AgreementRow, readings: Sequence[EntryReading], on: date, conventions: Conventions, names: Names
) -> tuple[str, ...]:
    """The cells of one agreement. Phrases of an older agenda stand in `lezingen` only."""
    current = [one for one in readings if not one.from_agenda or one.agenda_year == row.agenda_year]
    date_ref = ref_of(row.agenda_date, from_agenda=True)
    is_one = any(_base(one) == date_ref for one in current)
    apart = {date_ref} if is_one else _refs_in(row.agenda_date)
    agenda = [one.phrase for one in current if one.from_agenda and _base(one) not in apart]
    fields = {
        one.ref: reading_as_data(one)
        for one in readings
        if one not in current or "@" in one.ref or not same_reading(one, _read_again(one, row, on, conventions))
    }
    return (
        row.number,
        row.theme,
        row.topic,
        row.text,
        row.trekker,
        joined_phrases([one.phrase for one in current if not one.from_agenda]),
        row.agenda_number,
        row.agenda_trekker,
        joined_phrases([row.agenda_date]) if is_one else row.agenda_date,
        joined_phrases(agenda),
        row.agenda_topic,
        row.agenda_text,
        str(row.agenda_year or ""),
        row.source,
        row.agenda_source,
        json.dumps(dict(sorted(fields.items())), ensure_ascii=False) if fields else "",
        kept_leads(row.leads, row.trekker, names),
        kept_leads(row.agenda_leads, row.agenda_trekker, names),
        row.standing or "",
    )


def _read_again(reading: EntryReading, row: AgreementRow, on: date, conventions: Conventions) -> EntryReading:
    """What an import makes of the words alone."""
    source = row.agenda_source if reading.from_agenda else row.source
    return phrase_reading(reading.phrase, on, row.agenda_year, conventions, source, from_agenda=reading.from_agenda)


def _refs_in(cell: str) -> set[str]:
    """The names of several dates in one cell, as people write them in a table of their own."""
    return {ref_of(piece.strip(), from_agenda=True) for piece in cell.split("|")}


def _base(reading: EntryReading) -> str:
    """Its name without the year that tells it from the same words in an older agenda."""
    return reading.ref.partition("@")[0]


def _value(row: ReadingRow, position: int) -> EntryReading:
    return EntryReading(
        row.ref.replace(f"~{position}", "") if position else row.ref,
        row.phrase,
        register.reading_value(row),
        row.from_agenda,
        row.source,
        row.agenda_year,
        row.confirmed_by,
        row.confirmed_at,
    )
