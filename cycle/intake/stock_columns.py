"""Tables of figures whose headings say more than a year: "1-1-2026", "Realisatie 2025", "Streefgetal 2027".

Each column with one year of its own is read, what came out apart from what was agreed. A stand on the first of January
is that of the end of the year before.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cycle.intake.document import StockLine, StockTable, Unused
from cycle.intake.heading_words import heading_meaning
from cycle.intake.left_over import STOCK, cells_left
from cycle.intake.raw import RawLine, RawTable
from cycle.intake.repairs import tidy


@dataclass(frozen=True, slots=True)
class YearColumn:
    """A column of figures: of which year, whether they came out so, and what is counted, as far as its heading says."""

    place: int
    year: int
    is_realised: bool
    measure: str


def columns_of_years(table: RawTable) -> tuple[YearColumn, ...]:
    """The columns of which the heading names one year; none where two name the same, or count other things."""
    head = table.lines[0] if table.lines else RawLine((), "")
    columns = [column for place, cell in enumerate(head.cells) if place and (column := _column(place, tidy(cell)))]
    told = {(column.year, column.is_realised) for column in columns}
    is_one_measure = len({column.measure for column in columns}) == 1
    return tuple(columns) if is_one_measure and len(told) == len(columns) else ()


def wide_tables(owner: str, table: RawTable) -> list[StockTable]:
    """What came out and what was agreed, each as a table of its own; nothing where no line has whole figures."""
    columns = columns_of_years(table)
    if not columns:
        return []
    title = " ".join(filter(None, (tidy(table.title) or tidy(table.lines[0].cells[_named(table)]), columns[0].measure)))
    tables: list[StockTable] = []
    for is_realised in (False, True):
        mine = [column for column in columns if column.is_realised is is_realised]
        lines = tuple(line for row in table.lines[1:] if (line := _line(row, columns, mine)))
        if lines:
            tables.append(StockTable(owner, title, lines, table.lines[0].place, is_realised=is_realised))
    return tables


def _named(table: RawTable) -> int:
    """The column of which the heading names the table: the first that does not number its rows."""
    head = table.lines[0].cells
    is_numbered = len(head) > 1 and (meaning := heading_meaning(tidy(head[0]))) and meaning[0] == "number"
    return 1 if is_numbered else 0


def wide_left(table: RawTable, columns: Sequence[YearColumn]) -> Iterator[Unused]:
    """The cells of such a table that are in no line of figures under a year."""
    places = {column.place for column in columns}
    head = table.lines[0]
    of_years = {column.place for column in columns}
    yield from cells_left(head, of_years if tidy(table.title) else {_named(table), *of_years}, None, STOCK)
    for row in table.lines[1:]:
        is_read = _line(row, columns, columns) is not None
        yield from cells_left(row, {*_labels(row, columns), *places} if is_read else set(), None, STOCK)


def line_kind(label: str) -> str:
    """What a line of a stock means, by its words: opening, purchases, …, total, or other."""
    return next((kind for kind, pattern in _KINDS.items() if pattern.search(label)), "other")


def _column(place: int, heading: str) -> YearColumn | None:
    years = _YEAR.findall(heading)
    if len(years) != 1 or len(heading.split()) > _MOST_WORDS or _OVER_YEARS.search(heading):
        return None
    year = int(years[0]) - (_NEW_YEAR.search(heading) is not None)
    measure = " ".join(_NEUTRAL.sub(" ", _DAY_OR_YEAR.sub(" ", heading)).split())
    return YearColumn(place, year, _CAME_OUT.search(heading) is not None, measure)


def _labels(row: RawLine, columns: Sequence[YearColumn]) -> list[int]:
    first = min(column.place for column in columns)
    return [place for place, cell in enumerate(row.cells[:first]) if tidy(cell)]


def _line(row: RawLine, columns: Sequence[YearColumn], mine: Sequence[YearColumn]) -> StockLine | None:
    """The figures of a row under these columns; none where one of its figures is no whole number of homes."""
    cells = {column.place: tidy(row.cells[column.place]) for column in columns if column.place < len(row.cells)}
    words = [tidy(row.cells[place]) for place in _labels(row, columns)]
    label = ", ".join(words[1:] if len(words) > 1 and _ROW_NUMBER.fullmatch(words[0]) else words)
    is_of_homes = not any(_OTHER_UNIT.search(cell) for cell in row.cells)
    if not label or not is_of_homes or not all(FIGURE.fullmatch(cell) for cell in cells.values() if cell):
        return None
    figures = {column.year: amount_of(cell) for column in mine if (cell := cells.get(column.place, ""))}
    return StockLine(line_kind(label), label, figures) if figures else None


def amount_of(cell: str) -> int:
    """The amount that such a cell says; a dash is none."""
    digits = re.sub(r"\D", "", cell)
    return 0 if not digits else -int(digits) if cell.lstrip()[0] in "-–−" else int(digits)


_MOST_WORDS = 6
_ROW_NUMBER = re.compile(r"\d{1,3}\.?")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_OVER_YEARS = re.compile(r"t/m|\btot\b|20\d\d\s?[-–/]\s?\d\d", re.I)
_NEW_YEAR = re.compile(r"(?<!\d)0?1[-/. ](?:0?1|jan(?:uari)?)[-/. ](?:19|20)\d\d", re.I)
_CAME_OUT = re.compile(r"realisatie|gerealiseerd|werkelijk|nulmeting|behaald|uitkomst", re.I)
_DAY_OR_YEAR = re.compile(r"(?:\b\d{1,2}[-/. ]\w{1,9}[-/. ])?(?<!\d)(?:19|20)\d\d(?!\d)")
_NEUTRAL = re.compile(
    r"\b(?:aantal|voorraad|stand|per|op|van|in|peildatum|realisatie|prognose|doel|streefgetal|streefwaarde|streef|nulmeting"
    r"|begroot|begroting|gerealiseerd|werkelijk|woningen|ultimo|jaar|eind)\b|[():.]",
    re.I,
)
_OTHER_UNIT = re.compile(
    r"%|procent|percentage|aandeel|euro|€|gemiddeld|per "
    r"maand|index|score|m2|m²|kwh|co2|ton\b|fte|dagen|weken|maanden|personen"
    r"|huishoudens|zonnepanelen|k€|miljoen|mln",
    re.I,
)
_HOMES = r"woning(?:en)?|huurwoningen|koopwoningen|vhe|eenheden|appartementen|st(?:uks)?\.?"
FIGURE = re.compile(rf"[-–−]|[-–−+]?\s?(?:\d{{1,3}}(?:\.\d{{3}})+|\d{{1,6}})(?:\s?(?:{_HOMES}))?", re.I)
_KINDS = {
    "opening": re.compile(r"begin(?:stand|voorraad)|stand per 1[- ](?:1|jan)", re.I),
    "closing": re.compile(r"eind(?:stand|voorraad)|stand per 31[- ](?:12|dec)", re.I),
    "purchases": re.compile(r"aankoop|aankopen", re.I),
    "new": re.compile(r"nieuwbouw|toevoeging", re.I),
    "sold": re.compile(r"verkoop|verkopen", re.I),
    "demolished": re.compile(r"sloop|gesloopt", re.I),
    "total": re.compile(r"totaal", re.I),
}
