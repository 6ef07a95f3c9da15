"""What stands above the headings inside a table, as sheets have it: titles of one cell, and years above quarters."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from cycle.intake.heading_words import heading_meaning
from cycle.intake.leads import Names
from cycle.intake.raw import Block, RawLine, RawTable, RawText
from cycle.intake.repairs import tidy
from cycle.intake.spread_columns import period_in_heading
from cycle.intake.table_columns import columns_of_heading, looks_like_heading, may_be_heading


def with_titles(blocks: Sequence[Block], names: Names) -> Iterator[Block]:
    """The blocks, with the titles above the headings of a table as headings of the text, so that those come first."""
    for block in blocks:
        if isinstance(block, RawTable):
            yield from _with_titles(block, names)
        else:
            yield block


def _with_titles(table: RawTable, names: Names) -> Iterator[Block]:
    lines = [line for line in table.lines if _filled(line)]
    titles = next((place for place, line in enumerate(lines) if len(_filled(line)) > 1), 0)
    if titles and not _is_head(lines[titles : titles + 2], names):
        titles = 0
    for line in lines[:titles]:
        yield RawText(_filled(line)[0], line.place, heading=True)
    rest = lines[titles:] if titles else list(table.lines)
    if len(rest) > 1 and (joined := _joined(rest[0], rest[1]) or _below(rest[0], rest[1], names)) is not None:
        rest = [joined, *rest[2:]]
    yield replace(table, lines=tuple(rest))


def _is_head(lines: Sequence[RawLine], names: Names) -> bool:
    """Whether headings begin here, perhaps with years above them."""
    if columns_of_heading(lines[0].cells) is not None or may_be_heading(lines[0].cells, names):
        return True
    return len(lines) > 1 and (_joined(lines[0], lines[1]) or _below(lines[0], lines[1], names)) is not None


def _joined(years: RawLine, below: RawLine) -> RawLine | None:
    """The headings with the year above them, where a row holds years and nothing else and quarters stand below."""
    filled = _filled(years)
    if not filled or not all(_is_year(words) for words in filled):
        return None
    cells, year, parts = list(below.cells), "", 0
    for place, cell in enumerate(cells):
        above = tidy(years.cells[place]) if place < len(years.cells) else ""
        year = above or year
        if year and period_in_heading(cell) and year not in cell and not _is_year(tidy(cell)):
            cells[place] = f"{tidy(cell)} {year}"
            parts += 1
    return replace(below, cells=tuple(cells)) if parts > 1 else None


def _below(head: RawLine, second: RawLine, names: Names) -> RawLine | None:
    """Headings with the second row of headings under the wide ones ("van" below "Planning", "Q1" below "2027")."""
    parts = _parts_below(head, second)
    if parts is None or len(parts) < _FEWEST_PARTS:
        return None
    strange = [cell for above, cell in parts.values() if not _is_usual_part(above, cell)]
    if len(strange) == len(parts) or not all(looks_like_heading(cell, names) for cell in strange):
        return None
    if strange and not all(looks_like_heading(cell, names) for cell in _filled(head)):
        return None
    cells = list(head.cells) + [""] * (len(second.cells) - len(head.cells))
    for place, (above, cell) in parts.items():
        cells[place] = _with_part(above, cell)
    return replace(head, cells=tuple(cells))


def _parts_below(head: RawLine, second: RawLine) -> dict[int, tuple[str, str]] | None:
    """Each cell below a wide heading with that heading; `None` where another cell says something of its own."""
    above, parts = "", {}
    cells = [*map(tidy, head.cells), *[""] * (len(second.cells) - len(head.cells))]
    for place, cell in enumerate(map(tidy, second.cells)):
        own = cells[place]
        follows = cells[place + 1] if place + 1 < len(cells) else own
        is_wide = follows in ("", own) or own == above
        if not cell or cell == own:
            continue
        if (own and not is_wide) or (not own and not above):
            return None
        above = own or above
        parts[place] = (above, cell)
    return parts


def _is_usual_part(above: str, cell: str) -> bool:
    return _is_part(above, cell) or heading_meaning(_ORDINAL.sub("", cell)) is not None


def _is_part(above: str, cell: str) -> bool:
    if cell.casefold() in _PARTS:
        return True
    return _YEAR.search(above) is not None and _YEAR.search(cell) is None and bool(period_in_heading(cell))


def _with_part(above: str, cell: str) -> str:
    """ "Planning van"; "Q1 2027", whatever else stands above it; a heading that says enough by itself comes first."""
    if cell.casefold() in _PARTS:
        return f"{above} {cell}"
    year = _YEAR.search(above)
    if year is not None and period_in_heading(cell):
        return f"{cell} {year.group()}"
    return f"{cell} ({above})" if heading_meaning(_ORDINAL.sub("", cell)) else f"{above} {cell}"


def _is_year(words: str) -> bool:
    return len(words) == len("2027") and words.startswith("20") and words.isdecimal()


def _filled(line: RawLine) -> list[str]:
    return [words for cell in line.cells if (words := tidy(cell))]


_FEWEST_PARTS = 2
_ORDINAL = re.compile(r"^\d(?:e|ste|de)\s+")
_YEAR = re.compile(r"\b20\d\d\b")
_PARTS = frozenset(
    [
        *("van", "tot", "t/m", "start", "begin", "eind", "einde", "gereed", "klaar", "oud", "nieuw", "was", "wordt"),
        *("vanaf", "tot en met", "einddatum", "eerste dag", "laatste dag"),
    ]
)
