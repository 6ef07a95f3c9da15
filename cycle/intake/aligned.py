"""Tables that are only columns on a page: lines of cells become rows, because a number begins one.

Used for a PDF without lines or tags, and for text in which columns are kept apart by spaces.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from cycle.intake import outside
from cycle.intake.raw import Block, RawLine, RawTable, RawText
from cycle.intake.repairs import is_page_number, join_wrapped
from cycle.intake.table_columns import NUMBER, columns_of_heading


def blocks_of(text: str, file: str) -> list[Block]:
    """The tables and texts of a document in which spaces keep the columns apart."""
    blocks: list[Block] = []
    rows: list[tuple[str, list[str]]] = []
    starts: list[int] = []
    for number, line in enumerate(text.replace("\f", "").split("\n"), 1):
        place, heading = f"{file}, regel {number}", heading_starts(line)
        groups = [] if _RULE.fullmatch(line) else [(found.start(), found.group()) for found in _GROUP.finditer(line)]
        if heading or (starts and _ends_table(groups, starts)):
            blocks += closed_rows(rows)
            starts = heading
        if not groups or is_page_number(line):
            continue
        if starts:
            add_line(_in_cells(groups, starts), rows, place, begins=bool(heading))
        else:
            blocks.append(RawText(line.strip(), place, bool(outside.chapter_of(line.strip()))))
    return [*blocks, *closed_rows(rows)]


def heading_starts(line: str) -> list[int]:
    """Where the columns begin, if a line is the heading of a table with wide gaps; else nothing."""
    groups = list(_GROUP.finditer(line))
    if sum(1 for before, after in pairwise(groups) if after.start() - before.end() >= 3) < 2:
        return []
    return [group.start() for group in groups] if is_complete_heading([group.group() for group in groups]) else []


def is_complete_heading(cells: Sequence[str]) -> bool:
    """Whether cells are the headings of a table that has numbers and texts."""
    columns = columns_of_heading(cells)
    return columns is not None and columns.number is not None and columns.text is not None


def add_line(cells: list[str], rows: list[tuple[str, list[str]]], place: str, *, begins: bool) -> None:
    """Add a line of print to the rows: it begins a new one, or goes on in the cells of the last."""
    if begins or not rows or begins_row(cells, rows[0][1]) or columns_of_heading(rows[-1][1]):
        rows.append((place, cells))
    else:
        rows[-1] = (rows[-1][0], [join_wrapped(pair) for pair in zip(rows[-1][1], cells, strict=False)])


def begins_row(cells: Sequence[str], heading: Sequence[str]) -> bool:
    """Whether a line begins a row: by a number as "1.2", or by another one under a heading that asks for it."""
    if any(NUMBER.fullmatch(cell) for cell in cells[:2]):
        return True
    columns = columns_of_heading(heading)
    if columns is None or columns.number is None or columns.text is None:
        return False
    return _WHOLE_NUMBER.fullmatch(columns.cell("number", cells)) is not None and bool(columns.cell("text", cells))


def closed_rows(rows: list[tuple[str, list[str]]]) -> Iterator[RawTable]:
    """The rows so far as a table; the list is emptied."""
    if rows:
        yield RawTable(tuple(RawLine(tuple(cells), place) for place, cells in rows))
        rows.clear()


def _ends_table(groups: Sequence[tuple[int, str]], starts: Sequence[int]) -> bool:
    """A chapter or an appendix stands alone on its line, at the left."""
    if len(groups) != 1 or groups[0][0] > starts[0] + 2:
        return False
    words = groups[0][1]
    return bool(outside.chapter_of(words)) or outside.is_appendix(words)


def _in_cells(groups: Sequence[tuple[int, str]], starts: Sequence[int]) -> list[str]:
    """Each group of words in the column that begins nearest, because pages differ by a space or two."""
    cells: list[list[str]] = [[] for _ in starts]
    for start, words in groups:
        nearest = min(range(len(starts)), key=lambda column: abs(starts[column] - start))
        cells[nearest].append(words)
    return [" ".join(cell) for cell in cells]


_GROUP = re.compile(r"\S+(?: \S+)*")
_WHOLE_NUMBER = re.compile(r"(?:[A-Z]{1,3}[-. ]?)?\d{1,3}[a-z]?[.)]?")
# a line of strokes between the heading and the rows
_RULE = re.compile(r"[-=_+|─━═ ]*")
