"""The stock figures of an import: what is new is written down, what is other than before only when somebody says so."""

from collections.abc import Sequence
from pathlib import Path

from cycle.domain.figures import FigureKind, KeptStockLine, StockFigure
from cycle.domain.model import Group, Party
from cycle.errors import Fault
from cycle.intake import ReadDocument
from cycle.intake.stock_file import COLUMNS, StockFile, agreed_figures, read_stock
from cycle.sheets import Column, Sheet, write_sheets
from cycle.store import figures
from cycle.store.database import Session
from cycle.words import FIGURE_KINDS

STOCK = "stock.csv"
"""The file of a covenant folder that has the stocks of homes."""


def stock_of_folder(folder: Path, parties: Sequence[Party], groups: Sequence[Group]) -> StockFile:
    """The stock of a covenant folder; nothing where there is none.

    Raises Unreadable for a file that is no such table.
    """
    file = folder / STOCK
    return read_stock(file, parties, groups) if file.exists() else StockFile()


def stock_of_documents(
    documents: Sequence[ReadDocument], parties: Sequence[Party], groups: Sequence[Group]
) -> StockFile:
    """What the stock tables of documents agree on; a document says of its own sums whether they are right."""
    tables = [table for document in documents for table in document.stock]
    return StockFile(tuple(agreed_figures(tables, parties, groups)))


def figures_to_write(
    session: Session, covenant_id: int | None, said: Sequence[StockFigure], *, yes: bool
) -> tuple[tuple[StockFigure, ...], tuple[Fault, ...]]:
    """The figures that may be written down, and one line for each that is other than what is kept and waits."""
    counting = figures.standing(session, covenant_id) if covenant_id is not None else {}
    other = [one for one in said if figures.is_other(one, counting)]
    taken = [one for one in said if figures.is_new(one, counting) or (yes and one in other)]
    known = {id(one): int(counting[one.key, one.kind, one.on].amount) for one in other}
    return tuple(taken), () if yes else tuple(_waits(one, known[id(one)]) for one in other)


def _waits(said: StockFigure, known: int) -> Fault:
    what = f"{said.owner}, {said.label} van {said.year}: was {_dutch(known)} en is hier {_dutch(said.amount)}."
    return Fault(said.source, what, "Het oude cijfer blijft staan; neem het nieuwe over met --yes.")


def _dutch(figure: int) -> str:
    return f"{figure:,}".replace(",", ".")


def write_stock(lines: Sequence[KeptStockLine], file: Path) -> None:
    """Writes the stocks as the file of a covenant folder.

    Raises Refused for another kind of file, CycleError when it cannot be written.
    """
    years = sorted({year for line in lines for year in (*line.planned, *line.realised)})
    rows = [
        (line.owner, line.table, line.label, FIGURE_KINDS[kind], *(str(known.get(year, "")) for year in years))
        for line in lines
        for kind, known in ((FigureKind.PLANNED, line.planned), (FigureKind.REALISED, line.realised))
        if known
    ]
    write_sheets(file, [Sheet("Voorraad", tuple(Column(head) for head in (*COLUMNS, *map(str, years))), rows)])
