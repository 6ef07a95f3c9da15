"""Stock tables: how many homes at the beginning and end of each year, and whether every sum is right.

Each column must close, each year must begin where the last one ended, totals must be the sum of their tables, and the
corporations together must be the municipality. What does not add up is reported with the difference, never corrected.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from cycle.errors import Fault
from cycle.intake.cell_kinds import is_date, is_figure
from cycle.intake.document import StockLine, StockTable, Unused
from cycle.intake.heading_words import heading_meaning
from cycle.intake.left_over import FIGURES, STOCK, cells_left
from cycle.intake.raw import RawLine, RawTable
from cycle.intake.repairs import tidy
from cycle.intake.stock_columns import FIGURE, amount_of, columns_of_years, line_kind, wide_left, wide_tables


def is_stock(table: RawTable) -> bool:
    """Whether a table has years for columns and figures in them, as an agreement never has."""
    return _is_plain(table) or (is_figures(table) and bool(wide_tables("", table)))


def _is_plain(table: RawTable) -> bool:
    """Years above the figures, a figure in each cell below them."""
    return (bool(_years(table)) or _only_figures(table)) and bool(_figure_lines(table))


def is_figures(table: RawTable) -> bool:
    """Whether a table of another form holds figures and nothing to do: amounts beside short labels, for some years."""
    head, *rows = table.lines or (RawLine((), ""),)
    width = max((len(line.cells) for line in table.lines), default=0)
    rows = [row for row in rows if sum(map(bool, map(tidy, row.cells))) > 1]
    columns = [[text for row in rows if (text := _at(row, place))] for place in range(width)]
    kinds = [_kind_of_column(cells) for cells in columns]
    labels = [cells for cells, kind in zip(columns, kinds, strict=True) if kind == "label"]
    meanings = {meaning[0] for cell in head.cells if (meaning := heading_meaning(tidy(cell)))}
    is_counted = bool(labels) and _counts_up(columns[0]) and kinds.count("figures") > _NUMBERED
    is_list = "number" in meanings and ("trekker" in meanings or not is_counted)
    says_what = is_list or ("text" in meanings and len(labels) > 1)
    if "mixed" in kinds or "figures" not in kinds or len(labels) > _MOST_LABELS or says_what:
        return False
    if any(is_date(cell) and not _YEAR.fullmatch(cell) for cells in labels for cell in cells):
        return False
    of_years = [place for place, kind in enumerate(kinds) if kind == "figures" and _SAYS_YEAR.search(_at(head, place))]
    return bool(of_years) or ("years" in kinds and kinds.count("figures") + kinds.count("years") > 1)


def _counts_up(cells: Sequence[str]) -> bool:
    """Whether these are the numbers of the rows: 1, 2, 3."""
    return [cell.rstrip(".") for cell in cells] == [str(number) for number in range(1, len(cells) + 1)]


def _at(line: RawLine, place: int) -> str:
    return tidy(line.cells[place]) if place < len(line.cells) else ""


def _kind_of_column(cells: Sequence[str]) -> str:
    """What is in a column below its heading: "figures", "years", short words ("label"), nothing (""), or "mixed"."""
    if not cells:
        return ""
    if all(_YEAR.fullmatch(cell) or _PEILDATUM.fullmatch(cell) for cell in cells):
        return "years"
    amounts = sum(1 for cell in cells if is_figure(cell) or _BARE.fullmatch(cell) or _DECIMAL.fullmatch(cell))
    if amounts >= _MOSTLY * len(cells):
        return "figures"
    is_short = sum(len(cell.split()) for cell in cells) <= _LABEL_WORDS * len(cells)
    return "label" if amounts == 0 and is_short else "mixed"


def figures_left(table: RawTable) -> Iterator[Unused]:
    """A table of figures that is no stock table, row by row."""
    for line in table.lines:
        words = " | ".join(text for cell in line.cells if (text := tidy(cell)))
        if words:
            yield Unused(line.place, words, FIGURES)


def stock_tables(captioned: Sequence[tuple[str, RawTable]]) -> tuple[tuple[StockTable, ...], tuple[Fault, ...]]:
    """The stock tables in reading order with the number of sums tried on each, and a fault per sum that is wrong.

    A line of totals that follows the tables of an owner becomes a table of its own.
    """
    tables = list(_read(captioned))
    faults: list[Fault] = []
    for place, (table, sums) in enumerate(zip(tables, _all_sums(tables), strict=True)):
        tables[place] = replace(table, sums_checked=len(sums))
        faults += [fault for fault in map(_fault, sums) if fault]
    return tuple(tables), tuple(faults)


@dataclass(frozen=True, slots=True)
class _Sum:
    """A figure as written beside what it should be."""

    place: str
    what: str
    written: int
    expected: int


def _fault(tried: _Sum) -> Fault | None:
    if tried.written == tried.expected:
        return None
    difference = tried.written - tried.expected
    return Fault(
        tried.place,
        f"{tried.what} is {_dutch(tried.written)}, maar moet {_dutch(tried.expected)} zijn (verschil {difference:+d}).",
        "Vraag de opsteller welk getal klopt.",
    )


def _read(captioned: Sequence[tuple[str, RawTable]]) -> Iterator[StockTable]:
    owner = ""
    years: dict[int, int] = {}
    for caption, table in captioned:
        captions = [words for words in caption.split("\n") if words]
        owner = next((words for words in captions if not _TITLE.match(words) and len(words) < _LONGEST_OWNER), owner)
        wide = [] if _is_plain(table) else wide_tables(owner, table)
        if wide:
            yield from wide
            continue
        years = _years(table) or years
        title = next((words for words in reversed(captions) if _TITLE.match(words)), "")
        lines = tuple(_line(cells, years) for cells in _figure_lines(table))
        if lines and years:
            place = table.lines[0].place
            if not _years(table):
                lines = tuple(replace(line, kind="total", label=line.label or title) for line in lines)
            yield StockTable(owner, title, lines, place)


def stock_left(captioned: Sequence[tuple[str, RawTable]]) -> Iterator[Unused]:
    """The cells of stock tables that are in no line of figures under a year."""
    years: dict[int, int] = {}
    for _, table in captioned:
        if not _is_plain(table) and (columns := columns_of_years(table)):
            yield from wide_left(table, columns)
            continue
        years = _years(table) or years
        head = _year_line(table)
        for line in table.lines:
            is_read = bool(years) and _is_figures(tuple(map(tidy, line.cells)))
            used = {0, *years} if is_read else set(years) if line is head else set()
            yield from cells_left(line, used, None, STOCK)


def _years(table: RawTable) -> dict[int, int]:
    """The year of each column, by its place."""
    head = _year_line(table)
    return {} if head is None else {place: int(cell) for place, cell in _year_cells(head)}


def _year_line(table: RawTable) -> RawLine | None:
    return next((line for line in table.lines[:2] if len(_year_cells(line)) >= 2), None)


def _year_cells(line: RawLine) -> list[tuple[int, str]]:
    cells = enumerate(map(str.strip, line.cells))
    return [(place, cell) for place, cell in cells if place and _YEAR.fullmatch(cell)]


def _figure_lines(table: RawTable) -> list[tuple[str, ...]]:
    """Lines with a figure (or a dash for nothing) in every column but the first."""
    return [cells for line in table.lines if _is_figures(cells := tuple(map(tidy, line.cells)))]


def _is_figures(cells: Sequence[str]) -> bool:
    figures = cells[1:]
    if len(figures) < 2 or all(_YEAR.fullmatch(cell) for cell in figures if cell):
        return False
    return all(FIGURE.fullmatch(cell) for cell in figures) and not _YEAR.fullmatch(cells[0])


def _only_figures(table: RawTable) -> bool:
    return all(not tidy(line.cells[0]) and _is_figures(tuple(map(tidy, line.cells))) for line in table.lines)


def _line(cells: Sequence[str], years: Mapping[int, int]) -> StockLine:
    label = cells[0].replace("Bij:", "").replace("Af:", "").strip()
    figures = {year: amount_of(cells[place]) for place, year in years.items() if place < len(cells)}
    return StockLine(line_kind(label), label, figures)


def is_year(head: str) -> bool:
    """Whether a heading is a year."""
    return _YEAR.fullmatch(head) is not None


def figure_of(cell: str) -> int | None:
    """The figure in a cell (a dash for nothing); None when it is none."""
    return amount_of(cell) if FIGURE.fullmatch(cell) else None


def _all_sums(tables: Sequence[StockTable]) -> list[list[_Sum]]:
    whole = _whole(tables)
    return [
        [*_closing(table), *_next_opening(table), *_totals(table, tables), *_parts_of(table, tables, whole)]
        for table in tables
    ]


def _closing(table: StockTable) -> Iterator[_Sum]:
    """End = beginning + purchases + new − sold − demolished, per year."""
    opening, closing = _of_kind(table, "opening"), _of_kind(table, "closing")
    changes = [_signed(line) for line in table.lines if line.kind in _CHANGES]
    if opening is None or closing is None:
        return
    for year in opening.keys() & closing.keys():
        expected = opening[year] + sum(figures.get(year, 0) for figures in changes)
        yield _Sum(table.source, f"{_name(table)}: de eindstand van {year}", closing[year], expected)


def _signed(line: StockLine) -> Mapping[int, int]:
    """What a line changes; what was sold or demolished is less, with a sign or without."""
    is_less = line.kind in _LESS and all(amount >= 0 for amount in line.figures.values())
    return {year: -amount if is_less else amount for year, amount in line.figures.items()}


def _next_opening(table: StockTable) -> Iterator[_Sum]:
    """A year begins where the year before ended."""
    opening, closing = _of_kind(table, "opening"), _of_kind(table, "closing")
    for year in sorted(opening or ()):
        if opening and closing and year - 1 in closing:
            yield _Sum(table.source, f"{_name(table)}: de beginstand van {year}", opening[year], closing[year - 1])


def _totals(table: StockTable, tables: Sequence[StockTable]) -> Iterator[_Sum]:
    """A line of totals is the sum of the closing lines of its owner."""
    total = _of_kind(table, "total")
    closings = [figures for other in tables if other.owner == table.owner and (figures := _of_kind(other, "closing"))]
    if total is None or not closings:
        return
    for year, written in total.items():
        expected = sum(figures.get(year, 0) for figures in closings)
        yield _Sum(table.source, f"{_name(table)}: het totaal van {year}", written, expected)


def _parts_of(table: StockTable, tables: Sequence[StockTable], whole: str) -> Iterator[_Sum]:
    """Each figure of the municipality is the sum of those of the corporations, line by line."""
    parts = [other for other in tables if other.owner != whole and other.title == table.title]
    if table.owner != whole or len(parts) < 2:
        return
    for line in table.lines:
        same = [figures for part in parts if (figures := _of_kind(part, line.kind)) is not None]
        for year, written in line.figures.items() if len(same) == len(parts) and line.kind != "other" else ():
            expected = sum(figures.get(year, 0) for figures in same)
            what = f"{_name(table)}: {line.label} in {year}, de som van de corporaties,"
            yield _Sum(table.source, what, written, expected)


def _whole(tables: Sequence[StockTable]) -> str:
    """The owner that the others add up to: the one that speaks of the municipality, else the first of several."""
    owners = list(dict.fromkeys(table.owner for table in tables))
    return next((owner for owner in owners if "gemeente" in owner.casefold()), owners[0] if len(owners) > 2 else "")


def _of_kind(table: StockTable, kind: str) -> Mapping[int, int] | None:
    return next((line.figures for line in table.lines if line.kind == kind), None)


def _name(table: StockTable) -> str:
    return f"{table.owner} ({table.title})" if table.owner else table.title or "Voorraad"


def _dutch(figure: int) -> str:
    return f"{figure:,}".replace(",", ".")


_MOST_LABELS, _LABEL_WORDS, _MOSTLY = 2, 6, 0.8
_NUMBERED = 2  # the row numbers, and figures of more than one year beside them
_SAYS_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|peildatum|\bstand\b", re.I)
_PEILDATUM = re.compile(r"(?:per )?(?:1|31)[- /](?:1|01|12|jan(?:uari)?|dec(?:ember)?)[- /](?:19|20)?\d\d", re.I)
_DECIMAL = re.compile(r"[-–−]?\d{1,6}\.\d{1,2}")
_BARE = re.compile(r"[-–−—]|n\.?v\.?t\.?|n\.?b\.?|[A-G]\+{0,4}")
_LONGEST_OWNER = 90
_YEAR = re.compile(r"(?:19|20)\d\d")
_TITLE = re.compile(r"ontwikkeling\b|totaal\b|peildatum\b", re.I)
_LESS = frozenset(["sold", "demolished"])
_CHANGES = frozenset(["purchases", "new", "sold", "demolished"])
