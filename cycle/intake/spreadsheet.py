"""XLSX, XLS and ODS with python-calamine: one table per sheet, hidden sheets left out.

Numbers and dates come back as values, not as they look; here they become text again.
"""

import datetime as dt
from pathlib import Path

from cycle.errors import Unreadable
from cycle.intake.raw import Block, RawLine, RawTable
from cycle.resources import HOW_TO_INSTALL


def read(path: Path, file: str) -> list[Block]:
    """The sheets of a workbook as tables, named after the sheet."""
    try:
        import python_calamine  # noqa: PLC0415 - an optional package, only in the child process
    except ModuleNotFoundError as error:
        raise Unreadable("Voor rekenbladen ontbreekt python-calamine.", f"{HOW_TO_INSTALL}.") from error
    try:
        with python_calamine.CalamineWorkbook.from_path(str(path)) as book:
            shown = [
                sheet.name
                for sheet in book.sheets_metadata
                if "Visible" in str(sheet.visible) and "Work" in str(sheet.typ)
            ]
            return [table for name in shown if (table := _table(book.get_sheet_by_name(name), name, file)).lines]
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise Unreadable(f"{file} is geen leesbaar rekenblad.", "Open het in Excel en sla het opnieuw op.") from error


def _table(sheet: object, name: str, file: str) -> RawTable:
    rows = sheet.to_python(skip_empty_area=False)  # type: ignore[attr-defined] # calamine has no type for it
    lines = [
        RawLine(tuple(map(_text, row)), f"{file}, blad {name}, rij {number}")
        for number, row in enumerate(rows, 1)
        if any(cell != "" for cell in row)
    ]
    return RawTable(tuple(lines), name)


def _text(cell: object) -> str:
    """A value as a person would write it; the time of day of a date is dropped."""
    if isinstance(cell, dt.date):
        return f"{cell.day} {_MONTHS[cell.month - 1]} {cell.year}"
    if isinstance(cell, float):
        return f"{cell:.10g}" if abs(cell) < _LARGEST else str(cell)
    return str(cell).strip()


_LARGEST = 1e10
_MONTHS = (
    *("januari", "februari", "maart", "april", "mei", "juni"),
    *("juli", "augustus", "september", "oktober", "november", "december"),
)
