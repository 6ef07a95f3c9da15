"""XLSX, XLS and ODS with python-calamine: one table per sheet.

Numbers and dates come back as values, not as they look; here they become text again. Hidden sheets, rows and columns
and struck out text are left out and named; a merged cell counts for each row; a formula without a value is a problem.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from cycle.errors import Unreadable
from cycle.intake.limits import DAMAGED
from cycle.intake.ods_look import looks_of_ods
from cycle.intake.packed_asides import asides_of
from cycle.intake.raw import Block, RawLine, RawNote, RawTable
from cycle.intake.repairs import with_its_day
from cycle.intake.sheet_look import Cell, SheetLook, column_name, in_ranges, looks_of, named
from cycle.intake.unread import STRUCK, STRUCK_HINT, clipped
from cycle.resources import HOW_TO_INSTALL


def read(path: Path, file: str) -> list[Block]:
    """The sheets of a workbook as tables, named after the sheet."""
    try:
        import python_calamine  # noqa: PLC0415 - an optional package, only in the child process
    except ModuleNotFoundError as error:
        raise Unreadable("Voor rekenbladen ontbreekt python-calamine.", f"{HOW_TO_INSTALL}.") from error
    try:
        looks = looks_of(path) or looks_of_ods(path)
        with python_calamine.CalamineWorkbook.from_path(str(path)) as book:
            blocks = [
                block
                for sheet in book.sheets_metadata
                if "Work" in str(sheet.typ)
                for block in _sheet(book, sheet, file, looks.get(sheet.name, SheetLook()))
            ]
        return [*blocks, *asides_of(path, file)]
    except (python_calamine.CalamineError, *DAMAGED) as error:
        raise Unreadable(f"{file} is geen leesbaar rekenblad.", "Open het in Excel en sla het opnieuw op.") from error


def _sheet(book: object, sheet: object, file: str, look: SheetLook) -> Iterator[Block]:
    name = sheet.name  # type: ignore[attr-defined] # calamine has no type for it
    place = f"{file}, blad {name}"
    values = book.get_sheet_by_name(name).to_python(skip_empty_area=False)  # type: ignore[attr-defined]
    if not str(sheet.visible).endswith(".Visible"):  # type: ignore[attr-defined]
        words = _words(cell for row in values for cell in row)
        if words:
            yield RawNote(place, f"Blad {name} is verborgen en niet gelezen: “{words}”.", _SHOW)
        return
    rows = [[_text(cell) for cell in row] for row in values]
    notes = list(_notes(rows, look, place))
    _apply(rows, values, look)
    _tell_days(rows, values, look)
    shown = [column for column in range(max(map(len, rows), default=0)) if column not in look.hidden_columns]
    lines = [
        RawLine(tuple(row[column] for column in shown), f"{place}, rij {number}")
        for number, row in enumerate(rows, 1)
        if number - 1 not in look.hidden_rows and any(row[column] for column in shown)
    ]
    if lines:
        yield RawTable(tuple(lines), name)
    yield from notes


def _notes(rows: list[list[str]], look: SheetLook, place: str) -> Iterator[RawNote]:
    """What is left out of a sheet, and formulas that say nothing; each with its place."""
    hidden = _words(cell for number in sorted(look.hidden_rows) if number < len(rows) for cell in rows[number])
    if hidden:
        which = in_ranges(look.hidden_rows, lambda row: str(row + 1))
        yield RawNote(place, f"Verborgen rijen ({which}) zijn niet gelezen: “{hidden}”.", _SHOW)
    hidden = _words(row[column] for row in rows for column in sorted(look.hidden_columns) if column < len(row))
    if hidden:
        which = in_ranges(look.hidden_columns, column_name)
        yield RawNote(place, f"Verborgen kolommen ({which}) zijn niet gelezen: “{hidden}”.", _SHOW)
    for cell in sorted(look.struck):
        words = _at(rows, cell)
        if words and words != look.struck[cell]:
            yield RawNote(f"{place}, cel {named(cell)}", STRUCK.format(clipped(words)), STRUCK_HINT)
    for cell in look.without_value:
        if cell[0] not in look.hidden_rows and cell[1] not in look.hidden_columns:
            what = f"In cel {named(cell)} staat een formule zonder uitkomst; er is niets gelezen."
            yield RawNote(f"{place}, cel {named(cell)}", what, _CALCULATE)


def _apply(rows: list[list[str]], values: list[list[object]], look: SheetLook) -> None:
    """Struck out text goes, a date that shows no day is its month, a merged cell counts in each row."""
    for (row, column), left in look.struck.items():
        if _at(rows, (row, column)):
            rows[row][column] = left.strip()
    for row, column in look.months:
        value = values[row][column] if row < len(values) and column < len(values[row]) else None
        if isinstance(value, dt.date) and _at(rows, (row, column)):
            rows[row][column] = f"{_MONTHS[value.month - 1]} {value.year}"
    for (top, left_column), (bottom, _) in look.merged:
        words = _at(rows, (top, left_column))
        for row in range(top + 1, min(bottom + 1, len(rows)) if words else 0):
            if left_column < len(rows[row]):
                rows[row][left_column] = words


def _tell_days(rows: list[list[str]], values: list[list[object]], look: SheetLook) -> None:
    """A number in a column of which most are days is told as the day that it counts."""
    is_day: Counter[int] = Counter()
    for row_values in values:
        for column, cell in enumerate(row_values):
            is_day[column] += isinstance(cell, dt.date) - isinstance(cell, float)
    of_days = {column for column, more in is_day.items() if more > 0}
    for row, cells in enumerate(values) if of_days else ():
        for column in of_days & set(range(len(cells))):
            cell = cells[column]
            if isinstance(cell, float) and rows[row][column] == _text(cell):
                words = with_its_day(_text(cell + look.days_behind))
                rows[row][column] = words.replace(_text(cell + look.days_behind), _text(cell))


def _at(rows: list[list[str]], cell: Cell) -> str:
    row, column = cell
    return rows[row][column] if row < len(rows) and column < len(rows[row]) else ""


def _words(cells: Iterator[object]) -> str:
    return clipped(" ".join(filter(None, (_text(cell) for cell in cells))))


def _text(cell: object) -> str:
    """A value as a person would write it; the time of day of a date is dropped."""
    if isinstance(cell, dt.date):
        return f"{cell.day} {_MONTHS[cell.month - 1]} {cell.year}"
    if isinstance(cell, float):
        return f"{cell:.10g}" if abs(cell) < _LARGEST else str(cell)
    return str(cell).strip()


_SHOW = "Hoort dit erbij, maak het dan zichtbaar en lees het bestand opnieuw."
_CALCULATE = "Open het bestand in Excel, laat het doorrekenen en sla het op, of vul de waarde in."
_LARGEST = 1e10
_MONTHS = (
    *("januari", "februari", "maart", "april", "mei", "juni"),
    *("juli", "augustus", "september", "oktober", "november", "december"),
)
