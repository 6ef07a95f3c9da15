"""Tables that go out as CSV or XLSX. No cell is ever a formula, whatever stands in it (rule C14)."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cycle.errors import CycleError, Refused, reason_of
from cycle.private import write_file
from cycle.resources import HOW_TO_INSTALL

MOST_SIGNS = 32_767  # what Excel holds in one cell


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, how wide it is in a workbook, and the words it may hold (none: any)."""

    head: str
    width: int = 16
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of text. In a workbook the first row stays in sight, can be filtered by, and comes back on each page
    of a print, which lies on its side and is as wide as the table."""

    title: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[str]]


def write_sheets(file: Path, sheets: Sequence[Sheet]) -> None:
    """Writes the tables, by the name of the file: a CSV holds the first, an XLSX all of them.

    Raises Refused for another kind of file or a text that Excel would cut, CycleError when it cannot be written.
    """
    kind = file.suffix.casefold()
    if kind not in (".csv", ".xlsx"):
        raise Refused(f"{file.name} is geen CSV of XLSX.", "Noem het bestand bijvoorbeeld register.xlsx.")
    content = csv_table(sheets[0]) if kind == ".csv" else workbook(sheets)
    try:
        write_file(file, content)
    except OSError as error:
        raise CycleError(f"{file} is niet te schrijven: {reason_of(error)}.", "Kies een andere plek.") from None


def guarded(cell: str) -> str:
    """A text that a spreadsheet would take for a formula gets an apostrophe; so does one that has such a guard."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def csv_table(sheet: Sheet) -> bytes:
    """A table as the bytes of a CSV, with a byte order mark, so that Excel takes it for UTF-8."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([column.head for column in sheet.columns])
    writer.writerows([guarded(cell) for cell in row] for row in sheet.rows)
    return text.getvalue().encode("utf-8-sig")


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """The tables as the bytes of an XLSX.

    Raises Refused where openpyxl is not installed, and for a text that Excel would cut.
    """
    try:
        from openpyxl import Workbook  # noqa: PLC0415 - an optional package
    except ModuleNotFoundError:
        raise Refused("Voor XLSX ontbreekt openpyxl.", f"{HOW_TO_INSTALL}; of kies CSV.") from None
    book = Workbook()
    book.remove(book.active)
    for sheet in sheets:
        _fill(book.create_sheet(sheet.title), sheet)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _fill(page: Any, sheet: Sheet) -> None:
    from openpyxl.styles import Font  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415
    from openpyxl.worksheet.properties import PageSetupProperties  # noqa: PLC0415

    for place, column in enumerate(sheet.columns, 1):
        _put(page, 1, place, column.head).font = Font(bold=True)
        page.column_dimensions[get_column_letter(place)].width = column.width
        if column.choices and sheet.rows:
            _offer(page, get_column_letter(place), column.choices, len(sheet.rows) + 1)
    for number, row in enumerate(sheet.rows, 2):
        for place, cell in enumerate(row, 1):
            _put(page, number, place, cell)
        page.row_dimensions[number] = _as_high_as(page, number, _most_lines(row, sheet.columns))
    page.freeze_panes, page.print_title_rows = "A2", "1:1"
    page.auto_filter.ref = f"A1:{get_column_letter(len(sheet.columns))}{len(sheet.rows) + 1}"
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", page.PAPERSIZE_A4
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.oddFooter.right.text = "pagina &P van &N"


def _most_lines(row: Sequence[str], columns: Sequence[Column]) -> int:
    """How many lines the longest text of a row takes in its column, at most."""
    return max(
        (
            sum(1 + len(line) // max(column.width - 2, 1) for line in cell.split("\n"))
            for cell, column in zip(row, columns, strict=False)
        ),
        default=1,
    )


def _as_high_as(page: Any, number: int, lines: int) -> Any:
    """The height of a row that holds so many lines; whoever types more in it sees it grow."""
    from openpyxl.worksheet.dimensions import RowDimension  # noqa: PLC0415

    class _Growing(RowDimension):  # type: ignore[misc]
        customHeight = False

    return _Growing(page, index=number, ht=min(15.0 * lines, 400.0))


def _put(page: Any, row: int, column: int, text: str) -> Any:
    """One cell as text and nothing else; "1.10" stays as it is, and an "_x" that means nothing is kept as such."""
    from openpyxl.styles import Alignment  # noqa: PLC0415

    if len(text) > MOST_SIGNS:
        raise Refused(f"Een tekst is te lang voor Excel ({len(text)} tekens).", "Kies CSV.")
    cell = page.cell(row, column)
    cell.value = _ESCAPED.sub("_x005F_x", _CONTROL.sub("", text)) or None
    cell.data_type = "s" if text else "n"
    cell.number_format, cell.quotePrefix = "@", bool(_FORMULA.match(text))
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _offer(page: Any, letter: str, choices: Sequence[str], last: int) -> None:
    """A list to choose from in each cell of a column."""
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415

    offer = DataValidation(type="list", formula1=f'"{",".join(choices)}"', allow_blank=True, showErrorMessage=True)
    offer.error, offer.errorTitle = "Kies een van de woorden uit de lijst.", "Besluit"
    page.add_data_validation(offer)
    offer.add(f"{letter}2:{letter}{last}")


_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # a workbook cannot hold these
_ESCAPED = re.compile(r"_x(?=[0-9A-Fa-f]{4}_)")
