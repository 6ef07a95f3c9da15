"""Stock figures on their way in: out of the tables of a document, and out of the file of a covenant folder.

That file has a row for each line of a stock, as a person writes it: whose, which table, which line, whether it was
agreed or came out so, and then a column for each year.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cycle.domain.figures import FigureKind, StockFigure
from cycle.domain.model import Group, Party
from cycle.errors import Fault
from cycle.intake.document import StockTable
from cycle.intake.headed import read_headed
from cycle.intake.leads import resolve_leads
from cycle.intake.stock import figure_of, is_year
from cycle.intake.stock_columns import line_kind
from cycle.words import FIGURE_KINDS

COLUMNS = ("van", "tabel", "regel", "soort")
_KIND_OF = {words: kind for kind, words in FIGURE_KINDS.items()}


@dataclass(frozen=True, slots=True)
class StockFile:
    """The figures of such a file, and what is wrong in its rows."""

    figures: tuple[StockFigure, ...] = ()
    problems: tuple[Fault, ...] = ()


def agreed_figures(
    tables: Sequence[StockTable], parties: Sequence[Party], groups: Sequence[Group]
) -> list[StockFigure]:
    """What the stock tables of a document agree on. The last of two that say something of the same counts."""
    figures = {
        (one.key, one.on, one.kind): one
        for table in tables
        for line in table.lines
        for year, value in line.figures.items()
        for one in [
            StockFigure(
                table.owner,
                _giver(table.owner, parties, groups),
                table.title,
                line.kind,
                line.label,
                FigureKind.REALISED if table.is_realised else FigureKind.PLANNED,
                year,
                value,
                table.source,
            )
        ]
    }
    return list(figures.values())


def read_stock(file: Path, parties: Sequence[Party], groups: Sequence[Group]) -> StockFile:
    """The stock of a covenant folder.

    Raises Unreadable when the file is no such table.
    """
    figures: list[StockFigure] = []
    problems: list[Fault] = []
    for place, row in read_headed(file, COLUMNS):
        kind = _KIND_OF.get(row["soort"])
        if kind is None:
            problems.append(Fault(place, f"Het soort {row['soort']!r} bestaat niet.", f"Kies uit: {_KINDS}."))
            continue
        line, giver = line_kind(row["regel"]), _giver(row["van"], parties, groups)
        for year, value in _years(place, row, problems):
            figures.append(StockFigure(row["van"], giver, row["tabel"], line, row["regel"], kind, year, value, place))
    return StockFile(tuple(figures), (*problems, *_said_twice(figures)))


def _said_twice(figures: Sequence[StockFigure]) -> Iterator[Fault]:
    """The last one counts, and who reads it in is told so."""
    known: dict[tuple[str, FigureKind, int], int] = {}
    for figure in figures:
        before = known.setdefault((figure.key, figure.kind, figure.year), figure.amount)
        if before != figure.amount:
            what = f"{figure.owner}, {figure.label} van {figure.year} staat er twee keer: {before} en {figure.amount}."
            yield Fault(figure.source, what, "Het laatste telt; laat er één staan.")


def _years(place: str, row: Mapping[str, str], problems: list[Fault]) -> Iterator[tuple[int, int]]:
    """The figure of each year; an empty cell says nothing."""
    for head, cell in row.items():
        if not is_year(head) or not cell:
            continue
        value = figure_of(cell)
        if value is None:
            problems.append(Fault(place, f"{cell!r} bij {head} is geen getal.", "Schrijf het in cijfers, zoals 1.250."))
        else:
            yield int(head), value


def _giver(owner: str, parties: Sequence[Party], groups: Sequence[Group]) -> str:
    """The slug of the party that this is; empty for several or none."""
    slugs, unknown = resolve_leads(owner, parties, groups)
    return slugs[0] if len(slugs) == 1 and not unknown else ""


_KINDS = ", ".join(FIGURE_KINDS.values())
