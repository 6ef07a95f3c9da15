"""Promises about reading documents: 100 kB of text within 0.5 s, 1,000 spreadsheet rows within 0.3 s, and a table of 40
pages in at most 1.3 times what pdfplumber takes to give its cells.

The PDF is made by typst from the rows of this script; all three documents go through the one door of intake.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pdfplumber
import typst

from benchmarks.measure import Figure, main, medians
from cycle.domain.model import Conventions, Group, Party, PartyKind
from cycle.intake import ReadDocument, read_document

RUNS = 5
TEXT_KB, SHEET_ROWS, PDF_ROWS = 100, 1_000, 1_630
LIMIT_TEXT_MS, LIMIT_SHEET_MS, LIMIT_PDF = 500, 300, 1.3
PARTIES = (Party("gemeente", "Gemeente Voorbeeld", PartyKind.MUNICIPALITY, ("Gemeente",)),)
PHRASES = (
    "voor 1 april",
    "najaar 2027",
    "uiterlijk 1 juli",
    "jaarlijks",
    "eind 2027",
    "in het derde kwartaal van 2027",
)
HEAD = ("Nr.", "Onderwerp", "Afspraak", "Trekker", "Datum")


def run() -> Iterator[Figure]:
    """The three documents, each against its own limit."""
    with tempfile.TemporaryDirectory() as folder:
        text, sheet, pdf = (Path(folder) / name for name in ("tekst.txt", "lijst.xlsx", "tabel.pdf"))
        text.write_text(_text(), encoding="utf-8")
        _write_sheet(sheet)
        pages = _write_pdf(pdf)
        yield Figure(f"{TEXT_KB} kB of text read", *medians(RUNS, lambda: _read(text)), limit=LIMIT_TEXT_MS)
        yield Figure(f"{SHEET_ROWS} spreadsheet rows read", *medians(RUNS, lambda: _read(sheet)), limit=LIMIT_SHEET_MS)
        assert len(_read(pdf).agenda) == PDF_ROWS, "the PDF was not read whole"
        floor, product = medians(1, lambda: _cells(pdf), lambda: _read(pdf))
        yield Figure(f"a table of {pages} pages, beside pdfplumber alone", product, LIMIT_PDF, floor)


def _read(file: Path) -> ReadDocument:
    return read_document(file, parties=PARTIES, groups=(Group("allen", ("gemeente",)),), conventions=Conventions())


def _rows(count: int) -> list[tuple[str, str, str, str, str]]:
    return [
        (
            f"{number // 50 + 1}.{number % 50 + 1}",
            f"Onderwerp {number % 40}",
            f"Bespreek plan {number % 50} {PHRASES[number % len(PHRASES)]}.",
            "Gemeente",
            PHRASES[number % 3],
        )
        for number in range(count)
    ]


def _text() -> str:
    lines = ["Uitvoeringsagenda 2027", "\t".join(HEAD)]
    size = 0
    for number, row in enumerate(_rows(2_000)):
        line = "\t".join((*row[:2], f"{row[2]} Dit is de uitleg bij nummer {number}.", *row[3:]))
        size += len(line) + 1
        lines.append(line)
        if size > TEXT_KB * 1024:
            break
    return "\n".join(lines)


def _write_sheet(file: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (HEAD, *_rows(SHEET_ROWS)):
        sheet.append(row)
    book.save(file)


def _write_pdf(file: Path) -> int:
    """A tagged table with ruled lines; returns how many pages it has."""
    cells = "\n".join(", ".join(f"[{cell}]" for cell in row) + "," for row in _rows(PDF_ROWS))
    head = ", ".join(f"[{cell}]" for cell in HEAD)
    source = f'#set text(size: 10pt, lang: "nl")\n#table(columns: 5, table.header({head}),\n{cells}\n)'
    file.write_bytes(typst.compile(source.encode(), format="pdf"))
    with pdfplumber.open(file) as document:
        return len(document.pages)


def _cells(file: Path) -> int:
    """What pdfplumber alone takes to give the cells of every page."""
    with pdfplumber.open(file) as document:
        return sum(len(table) for page in document.pages for table in page.extract_tables())


if __name__ == "__main__":
    main(run)
