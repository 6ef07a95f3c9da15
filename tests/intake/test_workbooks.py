"""What a reader of a workbook sees is read: no hidden rows, no struck text, merged cells in each row, formulas said."""

import datetime as dt
import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from cycle.intake import ReadDocument
from cycle.intake.raw import Block, RawLine, RawNote, RawTable
from cycle.intake.spreadsheet import read as read_workbook

Read = Callable[[str, bytes | str], ReadDocument]

SHOW = "Hoort dit erbij, maak het dan zichtbaar en lees het bestand opnieuw."
STRUCK_HINT = "Geldt deze tekst toch, haal dan de streep weg en lees het bestand opnieuw."
CALCULATE = "Open het bestand in Excel, laat het doorrekenen en sla het op, of vul de waarde in."


def workbook(*rows: Sequence[object]) -> Any:
    book = openpyxl.Workbook()
    book.active.title = "Wonen"
    for row in rows:
        book.active.append(list(row))
    return book


def saved(book: Any) -> bytes:
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def blocks(book: Any, folder: Path) -> list[Block]:
    path = folder / "a.xlsx"
    path.write_bytes(saved(book))
    return read_workbook(path, "a.xlsx")


def lines(*rows: tuple[int, Sequence[str]]) -> RawTable:
    return RawTable(
        tuple(RawLine(tuple(cells), f"a.xlsx, blad Wonen, rij {number}") for number, cells in rows), "Wonen"
    )


def test_hidden_sheets_rows_and_columns_are_left_out_and_named(tmp_path: Path) -> None:
    book = workbook(("a", "x", "b"), ("geheim", "y", "ook"), ("c", "z", "d"))
    book.active.row_dimensions[2].hidden = True
    book.active.column_dimensions["B"].hidden = True
    book.create_sheet("Oud").append(["vroeger"])
    book["Oud"].sheet_state = "hidden"

    assert blocks(book, tmp_path) == [
        lines((1, ("a", "b")), (3, ("c", "d"))),
        RawNote("a.xlsx, blad Wonen", "Verborgen rijen (2) zijn niet gelezen: “geheim y ook”.", SHOW),
        RawNote("a.xlsx, blad Wonen", "Verborgen kolommen (B) zijn niet gelezen: “x y z”.", SHOW),
        RawNote("a.xlsx, blad Oud", "Blad Oud is verborgen en niet gelezen: “vroeger”.", SHOW),
    ]


def test_a_merged_cell_counts_for_each_row_and_not_for_each_column(tmp_path: Path) -> None:
    book = workbook(("a", "b", "c"), ("", "d", ""), ("e", "", "f"))
    for merged in ("A1:A2", "A3:B3"):
        book.active.merge_cells(merged)

    assert blocks(book, tmp_path) == [lines((1, ("a", "b", "c")), (2, ("a", "d", "")), (3, ("e", "", "f")))]


def test_a_formula_without_a_value_is_a_problem_with_its_cell(read: Read) -> None:
    book = workbook(("Nr.", "Onderwerp", "Afspraak", "Trekker", "Datum"), ("7.1", "Bouw", "Bouwen.", "Clavis", "=B9"))

    document = read("a.xlsx", saved(book))

    assert [(row.number, row.date_phrase) for row in document.agenda] == [("7.1", "")]
    assert [(fault.place, fault.what, fault.hint) for fault in document.problems] == [
        (
            "a.xlsx, blad Wonen, cel E2",
            "In cel E2 staat een formule zonder uitkomst; er is niets gelezen.",
            CALCULATE,
        )
    ]


def test_struck_out_cells_and_words_are_not_text(tmp_path: Path) -> None:
    both = CellRichText(TextBlock(InlineFont(strike=True), "Q4 2026 "), TextBlock(InlineFont(), "Q2 2027"))
    book = workbook(("a", "weg"), (both, "b"))
    book.active["B1"].font = Font(strike=True)

    assert blocks(book, tmp_path) == [
        lines((1, ("a", "")), (2, ("Q2 2027", "b"))),
        RawNote("a.xlsx, blad Wonen, cel B1", "Doorgestreepte tekst is niet gelezen: “weg”.", STRUCK_HINT),
        RawNote("a.xlsx, blad Wonen, cel A2", "Doorgestreepte tekst is niet gelezen: “Q4 2026 Q2 2027”.", STRUCK_HINT),
    ]


def test_a_date_that_shows_no_day_is_its_month(tmp_path: Path) -> None:
    book = workbook((dt.date(2027, 3, 1), dt.date(2027, 3, 1), dt.date(2027, 3, 2)))
    for cell, form in (("A1", "mmm-yy"), ("B1", "mmmm yyyy"), ("C1", "d mmm yyyy")):
        book.active[cell].number_format = form

    assert blocks(book, tmp_path) == [lines((1, ("maart 2027", "maart 2027", "2 maart 2027")))]
