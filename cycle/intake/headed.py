"""A table that `cycle` wrote itself: rows by their headings, wherever somebody moved a column."""

from collections.abc import Sequence
from pathlib import Path

from cycle.errors import Unreadable
from cycle.intake.formats import blocks_of
from cycle.intake.leads import names_of
from cycle.intake.raw import Block, RawTable

Rows = list[tuple[str, dict[str, str]]]


def headed_rows(blocks: Sequence[Block], needed: Sequence[str]) -> Rows | None:
    """Each row of the first table that has the needed headings, with its place; None when there is no such table."""
    for block in blocks:
        if isinstance(block, RawTable) and block.lines:
            heads = [cell.strip() for cell in block.lines[0].cells]
            if set(needed) <= set(heads):
                return [
                    (line.place, {head: cell.strip() for head, cell in zip(heads, line.cells, strict=False) if head})
                    for line in block.lines[1:]
                ]
    return None


def read_headed(file: Path, needed: Sequence[str]) -> Rows:
    """The same of a file.

    Raises Unreadable when it has no such table.
    """
    rows = headed_rows(blocks_of(file, names_of((), ())), needed)
    if rows is None:
        hint = "Gebruik de lijst die cycle zelf schreef, met de bovenste rij erbij."
        raise Unreadable(f"{file.name} mist kolommen; nodig zijn {', '.join(needed)}.", hint)
    return rows
