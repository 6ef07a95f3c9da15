"""Text with one row of a table per line, the cells apart by tabs, with inline HTML (a PDF turned into text by OCR).

Lines without a tab are running text; an empty line does not end a table.
"""

import re
from collections.abc import Iterable, Sequence

from cycle.intake.markup import inline_text
from cycle.intake.raw import Block, RawLine, RawTable, RawText
from cycle.intake.repairs import without_marks


def blocks_of(text: str, file: str) -> list[Block]:
    """The tables and texts of a tab-separated document."""
    rows = ((number, _cells(line) if "\t" in line else None, line) for number, line in enumerate(text.split("\n"), 1))
    return grouped(rows, file)


def grouped(rows: Iterable[tuple[int, Sequence[str] | None, str]], file: str) -> list[Block]:
    """Blocks from numbered lines that are each a row of cells or (cells `None`) running text."""
    blocks: list[Block] = []
    table: list[RawLine] = []
    for number, cells, line in rows:
        place = f"{file}, regel {number}"
        if cells is not None:
            table.append(RawLine(tuple(cells), place))
        elif line.strip():
            _close(table, blocks)
            blocks.append(_text(line.strip(), place))
    _close(table, blocks)
    return blocks


def _cells(line: str) -> list[str]:
    cells = [inline_text(cell) for cell in line.split("\t")]
    return [] if all(_RULE.fullmatch(cell.strip()) for cell in cells) else cells


def _close(table: list[RawLine], blocks: list[Block]) -> None:
    filled = [line for line in table if line.cells]
    if filled:
        blocks.append(RawTable(tuple(filled)))
    table.clear()


def _text(line: str, place: str) -> RawText:
    """Markdown's marks say what a line is and are then taken off."""
    heading = line.startswith("#") or (line.startswith("**") and line.endswith("**"))
    bullet = _BULLET.match(line)
    words = line[bullet.end() :] if bullet else line
    return RawText(inline_text(without_marks(words.lstrip("#")).strip(" *")), place, heading, bullet is not None)


_BULLET = re.compile(r"[-*+•§▪◦●]\s+|\d{1,2}[.)]\s+(?=[A-Z])")
_RULE = re.compile(r"-*")
