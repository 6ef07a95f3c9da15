"""A table that says who agrees, and nothing of what: the parties with who stands for them, or where they sign."""

import re

from cycle.intake.raw import RawTable
from cycle.intake.repairs import tidy


def is_signing(table: RawTable) -> bool:
    """Whether a table has the headings of parties and signatures, and cells too short to agree anything."""
    filled = [[tidy(cell) for cell in line.cells if cell.strip()] for line in table.lines]
    filled = [cells for cells in filled if cells]
    if not filled or any(len(cell) > _LONGEST for cells in filled for cell in cells):
        return False
    heads = [cell for cell in filled[0] if _HEADING.match(cell)]
    return len(heads) * 2 > len(filled[0]) and any(_SIGNING.match(cell) for cell in heads)


_LONGEST = 90
_SIGNING = re.compile(
    r"(?:handtekening|paraaf|namens|(?:rechtsgeldig )?vertegenwoordig\w*|ondertekenaar|ondertekend|ondertekening)\b",
    re.I,
)
_HEADING = re.compile(
    rf"{_SIGNING.pattern}|(?:partij|partijen|organisatie|naam|functie|rol|datum|plaats|voor akkoord)\b.{{0,20}}$", re.I
)
