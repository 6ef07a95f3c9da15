"""PDF with pdfplumber: tables by the tags that Word writes into a PDF, else by ruled lines, else by columns of text.

A row over a page break comes as two rows here; `rows.py` joins them, as for any other format.
"""

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from cycle.errors import Unreadable
from cycle.intake import aligned, outside
from cycle.intake.limits import DAMAGED
from cycle.intake.narrow import WholeWords, closed, may_be_broken
from cycle.intake.pdf_pages import Pages, pages_as_seen, text_of
from cycle.intake.pdf_tags import tagged_blocks
from cycle.intake.raw import Block, RawLine, RawNote, RawTable, RawText
from cycle.intake.repairs import is_page_number, join_wrapped
from cycle.intake.table_columns import NUMBER
from cycle.resources import HOW_TO_INSTALL


def read(path: Path, file: str) -> list[Block]:
    """The tables and texts of a PDF; without any table only texts, one per page."""
    try:
        import pdfplumber  # noqa: PLC0415 - an optional package, only in the child process
        from pdfminer.psexceptions import PSException  # noqa: PLC0415 - the same
        from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException  # noqa: PLC0415 - the same
    except ModuleNotFoundError as error:
        raise Unreadable("Voor PDF-bestanden ontbreekt pdfplumber.", f"{HOW_TO_INSTALL}.") from error
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    try:
        with pdfplumber.open(path) as pdf:
            if len(pdf.pages) > _MOST_PAGES:
                what = f"{file} heeft meer dan {_MOST_PAGES} bladzijden."
                raise Unreadable(what, "Geef alleen de bladzijden met afspraken.")
            return _blocks(pages_as_seen(pdf, file), file)
    except (MalformedPDFException, PdfminerException, PSException, *DAMAGED) as error:
        raise _unreadable(file, error) from error


def _unreadable(file: str, error: Exception) -> Unreadable:
    if "Password" in repr(error) or "Encryption" in repr(error):
        return Unreadable(f"{file} is met een wachtwoord beveiligd.", "Sla het op zonder wachtwoord.")
    return Unreadable(f"{file} is geen leesbare PDF.", "Maak de PDF opnieuw, of geef het Word-bestand.")


def _blocks(pdf: Pages, file: str) -> list[Block]:
    if not any(page.chars for page in pdf.pages):
        raise Unreadable(
            f"{file} is een scan: er staat beeld in, maar geen tekst.",
            _RECOGNISE,
        )
    scans = [
        RawNote(f"{file}, bladzijde {page.page_number}", _SCAN.format(page.page_number), _RECOGNISE)
        for page in pdf.pages
        if not page.chars and page.images
    ]
    for way in (tagged_blocks, _ruled, _in_columns):
        blocks = list(way(pdf, file))
        if any(isinstance(block, RawTable) and len(block.lines) > 1 for block in blocks):
            return [*blocks, *pdf.left_out, *scans]
    texts = [RawText(text_of(page), f"{file}, bladzijde {page.page_number}") for page in pdf.pages]
    return [*texts, *pdf.left_out, *scans]


# --- by lines --------------------------------------------------------------------------------------------------------


def _ruled(pdf: Any, file: str) -> Iterator[Block]:
    """Nothing where hardly any line is drawn, because looking for tables takes long."""
    pages = pdf.pages if any(len(page.lines) + len(page.rects) + len(page.curves) > 2 for page in pdf.pages) else []
    drawn = [(page, [_Drawn(page, table) for table in page.find_tables() if len(table.columns) > 1]) for page in pages]
    known = WholeWords(lambda: (words for _, tables in drawn for table in tables for words in table.words()))
    for page, tables in drawn:
        place = f"{file}, bladzijde {page.page_number}"
        placed: list[tuple[float, Block]] = [
            (line["top"], RawText(line["text"], place, False, line["text"][:1] in _BULLETS))
            for line in _lines_outside(page, [table.box for table in tables])
        ]
        rows = 0
        for table in tables:
            lines = [RawLine(cells, f"{place}, rij {rows + row}") for row, cells in enumerate(table.rows(known), 1)]
            rows += len(lines)
            placed.append((table.box[1], RawTable(tuple(lines))))
        yield from (block for _, block in sorted(placed, key=lambda pair: pair[0]))


Box = tuple[float, float, float, float]


class _Drawn:
    """A table whose cells are drawn, with the texts in them; one that is merged downwards counts in each row."""

    def __init__(self, page: Any, table: Any) -> None:
        self.page = page
        self.box: Box = table.bbox
        self.written: list[list[str | None]] = table.extract()
        self.boxes: list[list[Box | None]] = [row.cells for row in table.rows]

    def words(self) -> Iterator[str]:
        return (words for row in self.written for words in row if words)

    def rows(self, known: WholeWords) -> Iterator[tuple[str, ...]]:
        hanging: dict[int, tuple[float, str]] = {}
        for written, boxes in zip(self.written, self.boxes, strict=True):
            bottom = max((box[3] for box in boxes if box), default=0.0)
            cells: list[str] = []
            for column, (words, box) in enumerate(zip(written, boxes, strict=True)):
                if box is not None:
                    hanging[column] = (box[3], self._closed(words or "", box, known))
                reach, above = hanging.get(column, (0.0, ""))
                cells.append(above if box is not None or reach >= bottom - _SLACK else "")
            yield tuple(cells)

    def _closed(self, written: str, box: Box, known: WholeWords) -> str:
        if not may_be_broken(written):
            return join_wrapped(written.split("\n"))
        left, top, right, bottom = box
        inside = [
            char
            for char in self.page.chars
            if left <= (char["x0"] + char["x1"]) / 2 < right and top <= (char["top"] + char["bottom"]) / 2 < bottom
        ]
        margin = min((char["x0"] for char in inside), default=left) - left
        return closed(written, inside, right - margin, known)


def _lines_outside(page: Any, boxes: Sequence[Box]) -> list[Any]:
    def is_outside(thing: Any) -> bool:
        middle = (thing["top"] + thing["bottom"]) / 2
        return not any(top <= middle <= bottom for _, top, _, bottom in boxes)

    lines: list[Any] = page.filter(is_outside).extract_text_lines(return_chars=False)
    return lines


# --- by columns of text ----------------------------------------------------------------------------------------------


def _in_columns(pdf: Any, file: str) -> Iterator[Block]:
    """Tables without lines: the headings say where the columns begin, a number begins a row, a chapter ends all."""
    starts: list[float] = []
    for page in pdf.pages:
        place = f"{file}, bladzijde {page.page_number}"
        rows: list[tuple[str, list[str]]] = []
        for words in _word_lines(page):
            written = " ".join(word["text"] for word in words)
            heading = _heading_starts(words)
            if heading:
                starts = heading
            elif starts and _ends_columns(written, words, starts):
                starts = []
            if is_page_number(written):
                continue
            if not starts:
                yield from aligned.closed_rows(rows)
                yield RawText(written, place, bool(outside.chapter_of(written)), written[:1] in _BULLETS)
                continue
            numbered = f"{place}, rij {len(rows) + 1}"
            aligned.add_line(_in_cells(words, starts), rows, numbered, begins=bool(heading))
        yield from aligned.closed_rows(rows)


def _word_lines(page: Any) -> list[list[Any]]:
    lines: list[list[Any]] = []
    for word in sorted(page.extract_words(), key=lambda word: word["bottom"]):
        if lines and abs(lines[-1][0]["bottom"] - word["bottom"]) <= _SLACK:
            lines[-1].append(word)
        else:
            lines.append([word])
    return [sorted(line, key=lambda word: word["x0"]) for line in lines]


def _heading_starts(words: Sequence[Any]) -> list[float]:
    """Where the columns begin if these words are the headings of a table, else nothing."""
    groups: list[list[Any]] = []
    for word in words:
        if groups and word["x0"] - groups[-1][-1]["x1"] < (word["bottom"] - word["top"]) * 0.7:
            groups[-1].append(word)
        else:
            groups.append([word])
    complete = aligned.is_complete_heading([" ".join(word["text"] for word in group) for group in groups])
    return [group[0]["x0"] for group in groups] if complete else []


def _ends_columns(written: str, words: Sequence[Any], starts: Sequence[float]) -> bool:
    """A chapter or an appendix at the left, unless its words keep to the columns as those of a row do."""
    begins_row = any(NUMBER.fullmatch(word["text"]) and word["x0"] > starts[0] + _SLACK for word in words)
    at_left = words[0]["x0"] <= starts[0] + _SLACK
    return at_left and not begins_row and bool(outside.chapter_of(written) or outside.is_appendix(written))


def _in_cells(words: Sequence[Any], starts: Sequence[float]) -> list[str]:
    cells: list[list[str]] = [[] for _ in starts]
    for word in words:
        column = max(sum(1 for start in starts if start <= word["x0"] + _SLACK) - 1, 0)
        cells[column].append(word["text"])
    return [" ".join(cell) for cell in cells]


_MOST_PAGES = 200
_SCAN = "Bladzijde {} is een scan: er staat beeld op, maar geen tekst; die is niet gelezen."
_RECOGNISE = "Laat er tekstherkenning (OCR) overheen gaan, of geef het Word-bestand."
_SLACK = 3.0
_BULLETS = ("•", "§", "-", "–", "▪")
