"""PDF with pdfplumber: tables by the tags that Word writes into a PDF, else by ruled lines, else by columns of text.

A row over a page break comes as two rows here; `rows.py` joins them, as for any other format.
"""

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from cycle.errors import Unreadable
from cycle.intake import aligned, outside
from cycle.intake.pdf_tags import tagged_blocks
from cycle.intake.raw import Block, RawLine, RawTable, RawText
from cycle.intake.repairs import is_page_number, join_wrapped
from cycle.intake.table_columns import NUMBER
from cycle.resources import HOW_TO_INSTALL


def read(path: Path, file: str) -> list[Block]:
    """The tables and texts of a PDF; without any table only texts, one per page."""
    try:
        import pdfplumber  # noqa: PLC0415 - an optional package, only in the child process
        from pdfplumber.utils.exceptions import PdfminerException  # noqa: PLC0415 - the same
    except ModuleNotFoundError as error:
        raise Unreadable("Voor PDF-bestanden ontbreekt pdfplumber.", f"{HOW_TO_INSTALL}.") from error
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    try:
        with pdfplumber.open(path) as pdf:
            return _blocks(pdf, file)
    except PdfminerException as error:
        raise _unreadable(file, error) from error


def _unreadable(file: str, error: Exception) -> Unreadable:
    if "Password" in repr(error) or "Encryption" in repr(error):
        return Unreadable(f"{file} is met een wachtwoord beveiligd.", "Sla het op zonder wachtwoord.")
    return Unreadable(f"{file} is geen leesbare PDF.", "Maak de PDF opnieuw, of geef het Word-bestand.")


def _blocks(pdf: Any, file: str) -> list[Block]:
    if len(pdf.pages) > _MOST_PAGES:
        raise Unreadable(f"{file} heeft meer dan {_MOST_PAGES} bladzijden.", "Geef alleen de bladzijden met afspraken.")
    if not any(page.chars for page in pdf.pages):
        raise Unreadable(
            f"{file} is een scan: er staat beeld in, maar geen tekst.",
            "Laat er tekstherkenning (OCR) overheen gaan, of geef het Word-bestand.",
        )
    for way in (tagged_blocks, _ruled, _in_columns):
        blocks = list(way(pdf, file))
        if any(isinstance(block, RawTable) and len(block.lines) > 1 for block in blocks):
            return blocks
    return [RawText(page.extract_text() or "", f"{file}, bladzijde {page.page_number}") for page in pdf.pages]


# --- by lines --------------------------------------------------------------------------------------------------------


def _ruled(pdf: Any, file: str) -> Iterator[Block]:
    """Nothing where hardly any line is drawn, because looking for tables takes long."""
    pages = pdf.pages if any(len(page.lines) + len(page.rects) + len(page.curves) > 2 for page in pdf.pages) else []
    for page in pages:
        place = f"{file}, bladzijde {page.page_number}"
        tables = [table for table in page.find_tables() if len(table.columns) > 1]
        placed: list[tuple[float, Block]] = [
            (line["top"], RawText(line["text"], place, False, line["text"][:1] in _BULLETS))
            for line in _lines_outside(page, [table.bbox for table in tables])
        ]
        rows = 0
        for table in tables:
            lines = [[join_wrapped((cell or "").split("\n")) for cell in row] for row in table.extract()]
            raw_lines = [
                RawLine(tuple(cells), f"{place}, rij {rows + number}") for number, cells in enumerate(lines, 1)
            ]
            rows += len(raw_lines)
            placed.append((table.bbox[1], RawTable(tuple(raw_lines))))
        yield from (block for _, block in sorted(placed, key=lambda pair: pair[0]))


def _lines_outside(page: Any, boxes: Sequence[tuple[float, float, float, float]]) -> list[Any]:
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
_SLACK = 3.0
_BULLETS = ("•", "§", "-", "–", "▪")
