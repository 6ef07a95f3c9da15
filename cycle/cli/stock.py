"""`cycle stock`: the stocks of homes, as agreed and as they came out."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cycle.cli import desk
from cycle.cli.console import say, say_json, say_table

if TYPE_CHECKING:  # importing this takes a while, and `--help` needs none of it
    from cycle.domain.figures import KeptStockLine


def list_stock(covenant: str | None, file: Path | None, *, as_json: bool) -> None:
    """Every line with its years; with a file it is written as a covenant folder has it."""
    from cycle.actions.office.covenant_view import view_of
    from cycle.actions.register.matching.figures_saving import write_stock
    from cycle.store.figures import stock

    office = desk.office()
    with office.database.reading() as session:
        lines = stock(session, view_of(session, office.settings, covenant).id)
    if file is not None:
        write_stock(lines, file)
        say(f"{file}: {len(lines)} regels.")
    elif as_json:
        say_json({"stock": [row for line in lines for row in _as_json(line)]})
    elif not lines:
        say("Er zijn geen voorraadcijfers. Ze komen mee met cycle import, uit een voorraadtabel of uit stock.csv.")
    else:
        _print(lines)


def _as_json(line: "KeptStockLine") -> list[dict[str, Any]]:
    """The stable shape of a stock (design section 5): a figure per year, `null` where nothing is known."""
    return [
        {
            "party": line.owner,
            "kind": line.table,
            "year": year,
            "line": line.line,
            "planned": line.planned.get(year),
            "realised": line.realised.get(year),
        }
        for year in sorted({*line.planned, *line.realised})
    ]


def _print(lines: Sequence["KeptStockLine"]) -> None:
    from cycle.domain.figures import FigureKind
    from cycle.words import FIGURE_KINDS

    years = sorted({year for line in lines for year in (*line.planned, *line.realised)})
    head = ("van", "tabel", "regel", "soort", *map(str, years))
    rows = [
        (line.owner, line.table, line.label, FIGURE_KINDS[kind], *(known.get(year, "") for year in years))
        for line in lines
        for kind, known in ((FigureKind.PLANNED, line.planned), (FigureKind.REALISED, line.realised))
        if known
    ]
    say_table(head, rows)
