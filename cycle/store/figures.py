"""Indicators and their figures: what was agreed to count, and how much that is.

A figure is only added. One that says something else about the same day takes the place of the one before it, which
stays with who wrote it down, and when.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from sqlmodel import Session, col, select

from cycle.domain.figures import HOMES, FigureKind, KeptStockLine, StockFigure
from cycle.store.ids import id_of
from cycle.store.noticing import actor_of
from cycle.store.tables import Figure, Indicator, PartyRow

STOCK = "stock"
"""What `dims` say of an indicator that is a line of a stock table."""

Place = tuple[str, FigureKind, date]
"""Which figure it is: the key of its indicator, its kind and its day."""


def indicators(session: Session, covenant_id: int) -> Sequence[Indicator]:
    """What is counted in a covenant, in the order in which it came to be."""
    query = select(Indicator).where(Indicator.covenant_id == covenant_id)
    return session.exec(query.order_by(col(Indicator.id))).all()


def standing(session: Session, covenant_id: int) -> dict[Place, Figure]:
    """The figures that count now: those that no other took the place of."""
    replaced = select(Figure.replaces_id).where(col(Figure.replaces_id).is_not(None))
    query = select(Indicator.key, Figure).join(Figure, col(Figure.indicator_id) == Indicator.id)
    query = query.where(Indicator.covenant_id == covenant_id, col(Figure.id).not_in(replaced))
    rows = session.exec(query.order_by(col(Figure.indicator_id), col(Figure.on), col(Figure.id))).all()
    return {(key, FigureKind(figure.kind), figure.on): figure for key, figure in rows}


def is_new(said: StockFigure, counting: Mapping[Place, Figure]) -> bool:
    """Whether nothing is known yet of what this is about."""
    return _place(said) not in counting


def is_other(said: StockFigure, counting: Mapping[Place, Figure]) -> bool:
    """Whether something else is known of what this is about."""
    known = counting.get(_place(said))
    return known is not None and known.amount != said.amount


def write(session: Session, covenant_id: int, said: Iterable[StockFigure], now: datetime, by: str) -> int:
    """Writes figures down that are new, or other than those that count; says how many that were."""
    counting = standing(session, covenant_id)
    wanted = {_place(one): one for one in said if is_new(one, counting) or is_other(one, counting)}
    if not wanted:
        return 0
    actor_id, known = actor_of(session, by), _stock_indicators(session, covenant_id, wanted.values())
    for place, figure in wanted.items():
        before, (key, kind, on) = counting.get(place), place
        row = Figure(indicator_id=id_of(known[key]), kind=kind, on=on, amount=figure.amount, actor_id=actor_id, at=now)
        row.source, row.replaces_id = figure.source, before.id if before else None
        session.add(row)
    session.flush()
    return len(wanted)


def stock(session: Session, covenant_id: int) -> list[KeptStockLine]:
    """The stocks of homes of a covenant, line by line, in the order in which they came to be known."""
    figures: dict[str, dict[FigureKind, dict[int, int]]] = {}
    for (key, kind, on), figure in standing(session, covenant_id).items():
        figures.setdefault(key, {}).setdefault(kind, {})[on.year] = int(figure.amount)
    lines = [row for row in indicators(session, covenant_id) if row.dims.get("of") == STOCK]
    return [_line(row, figures.get(row.key, {})) for row in lines]


def _line(row: Indicator, figures: Mapping[FigureKind, Mapping[int, int]]) -> KeptStockLine:
    planned, realised = (figures.get(kind, {}) for kind in (FigureKind.PLANNED, FigureKind.REALISED))
    return KeptStockLine(row.dims["owner"], row.dims["table"], row.dims["line"], row.name, planned, realised)


def _place(said: StockFigure) -> Place:
    return said.key, said.kind, said.on


def _stock_indicators(session: Session, covenant_id: int, said: Iterable[StockFigure]) -> dict[str, Indicator]:
    """The indicator of each line; one that was not counted before is made."""
    known = {row.key: row for row in indicators(session, covenant_id)}
    parties = dict(session.exec(select(PartyRow.slug, PartyRow.id).where(PartyRow.covenant_id == covenant_id)).all())
    for key, figure in {one.key: one for one in said if one.key not in known}.items():
        dims = {"of": STOCK, "owner": figure.owner, "table": figure.table, "line": figure.line}
        row = Indicator(covenant_id=covenant_id, key=key, name=figure.label, unit=HOMES, dims=dims)
        row.giver_id = parties.get(figure.giver)
        session.add(row)
        known[key] = row
    session.flush()
    return known
