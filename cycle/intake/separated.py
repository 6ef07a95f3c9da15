"""CSV: cells between semicolons, commas or tabs, as Excel and others write it."""

import csv
import io
import re
from collections.abc import Iterator

from cycle.errors import Unreadable
from cycle.intake.raw import Block, RawLine, RawTable


def blocks_of(text: str, file: str) -> list[Block]:
    """The one table of a CSV file; a cell may hold line ends between quotes."""
    try:
        lines = tuple(_lines(text, file))
    except csv.Error as error:
        raise Unreadable(
            f"{file} is geen leesbare CSV: {error}.", "Sla het bestand opnieuw op als CSV UTF-8."
        ) from error
    return [RawTable(lines)] if lines else []


def _lines(text: str, file: str) -> Iterator[RawLine]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text))
    begin = 1
    for cells in reader:
        if any(cell.strip() for cell in cells) and not _says_separator(cells):
            yield RawLine(tuple(map(without_guard, cells)), f"{file}, regel {begin}")
        begin = reader.line_num + 1


def delimiter_of(text: str) -> str:
    """The delimiter that gives the first lines the most columns, outside of quotes."""
    sample = text[:_SAMPLE]
    outside = "".join(sample.split('"')[::2])
    said = next((mark for mark in ";,\t" if sample.casefold().startswith(f"sep={mark}")), None)
    return said or max(";\t,", key=lambda mark: (_steady(outside, mark), outside.count(mark)))


def without_guard(cell: str) -> str:
    """The apostrophe that a safe export puts before a formula is not part of the text (rule C14).

    The export puts one before apostrophes that stand before such a sign too, so that taking one off always fits.
    """
    return cell[1:] if _GUARDED.match(cell) else cell


def _steady(sample: str, mark: str) -> bool:
    """Whether the heading has this mark at least twice, and so do most lines."""
    counts = [line.count(mark) for line in sample.split("\n") if line.strip()]
    return bool(counts) and counts[0] >= 2 and sum(1 for count in counts if count >= counts[0]) * 2 >= len(counts)


def _says_separator(cells: list[str]) -> bool:
    return cells[0].casefold().startswith("sep=") and not any(cells[1:])


_SAMPLE = 20_000
_GUARDED = re.compile(r"'+[=+\-@\t\r]")
